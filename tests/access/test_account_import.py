"""Many accounts at once: every fault of the table at its cell, all or none, and one account for every unit."""

from __future__ import annotations

import io
import time

import openpyxl
import pytest

from access.account_import import read_accounts, unit_accounts
from access.accounts import Account, Accounts
from access.roles import ROLE_NAMES
from data.account_sheet import COLUMNS, build_account_template
from data.demo.units import demo_units
from data.regions import load_regions
from data.store import Store
from scoring.scheme import shipped_schemes
from tests.data.small import CYCLE, OTHER, SCHEME_PATH, UNIT

HEADER = [column.title for column in COLUMNS]
COUNTY = ["daoli-kaohe", "道里区考核办", "县级考核人员", "哈尔滨市/道里区", None]
OF_UNIT = [UNIT.code, "示例教育局", "填报单位", "道里区", UNIT.code]


@pytest.fixture
def accounts(new_home):
    store = Store.open(new_home)
    store.open_cycle(cycle=2026, scheme_path=SCHEME_PATH, opens_on=CYCLE.opens_on, deadline=CYCLE.deadline)
    store.register_units(cycle=2026, units=[UNIT, OTHER])
    yield Accounts(store)
    store.close()


def book_of(*rows: list, header: list | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "账号"
    for row in (header or HEADER, *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_good_table_gives_accounts_that_can_be_added(accounts):
    found, problems = read_accounts(book_of(COUNTY, OF_UNIT), accounts=accounts)
    assert problems == []
    assert found == [
        Account("daoli-kaohe", "道里区考核办", "county", "230102"),
        Account(UNIT.code, "示例教育局", "unit", "230102", unit=UNIT.code),
    ]
    assert len(accounts.add_many(found)) == 2


def test_the_template_is_read_back_once_it_is_filled_in(accounts):
    content = build_account_template(ROLE_NAMES, load_regions())
    assert [p.code for p in read_accounts(content, accounts=accounts)[1]] == ["account-sheet-empty"]
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.worksheets[0].append(COUNTY)
    stream = io.BytesIO()
    book.save(stream)
    found, problems = read_accounts(stream.getvalue(), accounts=accounts)
    assert ([a.account for a in found], problems) == (["daoli-kaohe"], [])
    assert content == build_account_template(ROLE_NAMES, load_regions())


ROW_FAULTS = [
    (["", "道里区考核办", "县级考核人员", "道里区"], [("account-value-missing", "A2")]),
    (["Daoli", "道里区考核办", "县级考核人员", "道里区"], [("account-id-invalid", "A2")]),
    (["local", "道里区考核办", "县级考核人员", "道里区"], [("account-id-invalid", "A2")]),
    (["daoli", " ", "县级考核人员", "道里区"], [("account-value-missing", "B2")]),
    (["daoli", "值班 139" + "04511234", "县级考核人员", "道里区"], [("personal-data-found", "B2")]),
    (["daoli", "道里区考核办", "县长", "道里区"], [("unknown-role", "C2")]),
    (["daoli", "道里区考核办", "县级考核人员", "哈尔滨市"], [("account-region-level", "D2")]),
    (["daoli", "道里区考核办", "县级考核人员", "向阳区"], [("ambiguous-region", "D2")]),
    (["daoli", "道里区考核办", "县级考核人员", "沈阳市"], [("unknown-region", "D2")]),
    (["daoli", "道里区考核办", "县级考核人员", "道里区", UNIT.code], [("account-unit-needless", "E2")]),
    ([UNIT.code, "示例教育局", "填报单位", "道里区"], [("account-unit-missing", "E2")]),
    ([UNIT.code, "示例教育局", "填报单位", "道外区", UNIT.code], [("account-unit-unknown", "E2")]),
    ([UNIT.code, "示例教育局", "填报单位", "道里区", UNIT.code[:-1] + "A"], [("invalid-unit-code", "E2")]),
    (["X", "", "县长", "某地", "123"],
     [("account-id-invalid", "A2"), ("account-value-missing", "B2"), ("unknown-role", "C2"),
      ("unknown-region", "D2"), ("invalid-unit-code", "E2")]),
]  # fmt: skip


@pytest.mark.parametrize(("row", "wanted"), ROW_FAULTS)
def test_each_fault_of_a_row_is_named_once_at_its_cell(accounts, row, wanted):
    found, problems = read_accounts(book_of(row), accounts=accounts)
    assert [(p.code, p.cell) for p in problems] == wanted
    assert all(p.sheet == "账号" and p.fix for p in problems)
    assert found == []


def test_an_account_that_exists_or_stands_twice_is_named(accounts):
    accounts.add(Account("daoli-kaohe", "道里区考核办", "county", "230102"))
    other = ["daowai-kaohe", "道外区考核办", "县级考核人员", "道外区"]
    _, problems = read_accounts(book_of(COUNTY, other, other), accounts=accounts)
    assert [(p.code, p.cell) for p in problems] == [("account-exists", "A2"), ("account-duplicate", "A4")]
    assert "第 3 行" in problems[1].message


def test_columns_may_stand_anywhere_and_the_unit_column_may_be_left_out(accounts):
    content = book_of(
        ["道里区", "县级考核人员", "道里区考核办", "daoli-kaohe"], header=["地区", "角色", "名称", "账户"]
    )
    assert read_accounts(content, accounts=accounts)[1] == []
    content = book_of(["道里区", "填报单位", "示例局", UNIT.code], header=["地区", "角色", "名称", "账号"])
    assert [(p.code, p.cell) for p in read_accounts(content, accounts=accounts)[1]] == [
        ("account-unit-missing", "D2")
    ]


def test_what_is_no_table_of_accounts_says_so(accounts):
    def codes(content):
        return [p.code for p in read_accounts(content, accounts=accounts)[1]]

    assert codes(b"") == ["empty-file"]
    assert codes(book_of(header=["甲", "乙"])) == ["account-sheet-missing"]
    assert codes(book_of(header=["账号", "角色"])) == ["list-column-missing", "list-column-missing"]
    assert codes(book_of(COUNTY, header=[*HEADER[:4], "电话"]))[0] == "extra-column"


def test_every_unit_gets_one_account_and_never_two(accounts):
    accounts.add(Account("shili-jiaoyuju", "示例教育局", "unit", UNIT.region, unit=UNIT.code))
    made = unit_accounts([UNIT, OTHER], accounts=accounts)
    assert made == [Account(OTHER.code, OTHER.name, "unit", OTHER.region, unit=OTHER.code)]
    accounts.add_many(made)
    assert unit_accounts([UNIT, OTHER], accounts=accounts) == []


def test_a_thousand_units_get_their_accounts_in_seconds(tmp_path):
    store = Store.open(tmp_path / "home")
    units = demo_units(1000)
    scheme = shipped_schemes()["heilongjiang-2026"]
    store.open_cycle(cycle=2026, scheme_path=scheme, opens_on=CYCLE.opens_on, deadline=CYCLE.deadline)
    store.register_units(cycle=2026, units=units)
    accounts = Accounts(store)
    heard = []
    started = time.perf_counter()
    passwords = accounts.add_many(unit_accounts(units, accounts=accounts), progress=heard.append)
    assert time.perf_counter() - started < 20
    assert heard == list(range(1, 1001))
    assert len(set(passwords)) == 1000
    assert accounts.check_password(units[-1].code, passwords[-1]).must_change
    store.close()
