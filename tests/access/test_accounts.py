"""Accounts and their passwords: every rule is said, nothing is kept in clear, the last administrator stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from access.accounts import Account, AccountError, Accounts
from access.passwords import (
    RULES,
    hash_password,
    initial_password,
    is_password,
    needs_rehash,
    password_faults,
)
from data import queries
from data.store import Store
from tests.data.small import CYCLE, SCHEME_PATH, UNIT

GOOD = "Chang-baishan88"
COUNTY = Account("daoli-kaohe", "道里区考核办", "county", "230102")
ADMIN = Account("xitong", "系统管理岗", "administrator", "230000")


@pytest.fixture
def store(new_home):
    opened = Store.open(new_home)
    opened.open_cycle(cycle=2026, scheme_path=SCHEME_PATH, opens_on=CYCLE.opens_on, deadline=CYCLE.deadline)
    opened.register_units(cycle=2026, units=[UNIT])
    yield opened
    opened.close()


@pytest.fixture
def accounts(store):
    return Accounts(store)


def test_a_new_account_signs_in_with_its_initial_password_and_must_change_it(accounts):
    password = accounts.add(COUNTY)
    found = accounts.check_password("daoli-kaohe", password)
    assert (found.title, found.must_change) == ("道里区考核办", True)
    assert accounts.set_password("daoli-kaohe", old=password, new=GOOD, origin="127.0.0.1") == []
    assert accounts.check_password("daoli-kaohe", password) is None
    assert not accounts.check_password("daoli-kaohe", GOOD).must_change


def test_no_password_is_kept(accounts, store):
    password = accounts.add(COUNTY)
    kept = str(store.rows("select * from account_event")) + (store.home / "journal.jsonl").read_text("utf-8")
    assert password not in kept
    assert "$argon2id$" in kept


def test_a_disabled_account_has_no_password_that_fits(accounts):
    password = accounts.add(COUNTY)
    accounts.set_disabled("daoli-kaohe", True)
    assert accounts.check_password("daoli-kaohe", password) is None
    accounts.set_disabled("daoli-kaohe", False)
    assert accounts.check_password("daoli-kaohe", password)


def test_an_account_that_does_not_exist_has_no_password(accounts):
    assert accounts.check_password("niemand", GOOD) is None


def test_the_last_administrator_cannot_be_disabled(accounts):
    accounts.add(ADMIN)
    with pytest.raises(AccountError, match="最后一个"):
        accounts.set_disabled("xitong", True)
    accounts.add(replace(ADMIN, account="xitong2"))
    accounts.set_disabled("xitong", True)


def test_the_last_administrator_cannot_be_given_another_role(accounts):
    accounts.add(ADMIN)
    with pytest.raises(AccountError, match="最后一个"):
        accounts.change("xitong", role="reader")
    assert accounts.change("xitong", title="系统管理").title == "系统管理"
    accounts.add(replace(ADMIN, account="xitong2"))
    assert accounts.change("xitong", role="reader").role == "reader"


def test_a_password_of_ones_own_is_kept_with_more_work_than_an_initial_one(accounts):
    password = accounts.add(COUNTY)
    assert needs_rehash(accounts.find("daoli-kaohe").password_hash)
    assert accounts.check_password("daoli-kaohe", password)
    assert len(accounts.store.rows("select 1 from account_event")) == 1  # it has to be changed anyway
    accounts.set_password("daoli-kaohe", old=password, new=GOOD, origin="")
    assert not needs_rehash(accounts.find("daoli-kaohe").password_hash)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"account": "A"}, "账号应为"),
        ({"account": "local"}, "账号应为"),
        ({"title": " "}, "没有写名称"),
        ({"title": "考核办 13904511234"}, "个人信息"),
        ({"region": "999999"}, "没有代码为 999999"),
        ({"region": "230100"}, "县级考核人员的地区不能是哈尔滨市"),
        ({"role": "unit"}, "统一社会信用代码"),
        ({"unit": UNIT.code}, "统一社会信用代码"),
        ({"role": "unit", "unit": UNIT.code, "region": "230103"}, "名册中没有单位"),
    ],
)
def test_what_is_wrong_with_an_account_is_said(accounts, change, said):
    with pytest.raises(AccountError, match=said):
        accounts.add(replace(COUNTY, **change))
    assert accounts.all() == []


def test_a_unit_has_its_own_code_for_a_name(accounts):
    accounts.add(Account(UNIT.code, UNIT.name, "unit", UNIT.region, unit=UNIT.code))
    assert accounts.find(UNIT.code).unit == UNIT.code


def test_many_accounts_are_added_all_or_none(accounts):
    with pytest.raises(AccountError, match=r"zhen.*账号已存在|账号已存在"):
        accounts.add_many([COUNTY, replace(COUNTY, title="重复")])
    assert accounts.all() == []


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("Aa1-56789", False),  # 9
        ("Aa1-567890", True),  # 10
        ("aaabbbccc123", False),  # two kinds
        ("changjiangdaheliuxiangdonghai"[:19], False),
        ("changjiangdaheliuxiangdonghai"[:20], True),
        ("Daoli-kaohe-2026", False),  # the account
        ("Password-2026!", False),
        ("Aaaa-bcd-9981", True),  # Aaa, not four alike
        ("aaaa-Bcd-9981", False),
    ],
)
def test_password_rules(password, is_good):
    assert (password_faults(password, account="daoli-kaohe") == []) == is_good


def test_initial_passwords_keep_the_rules_and_differ():
    made = {initial_password() for _ in range(50)}
    assert len(made) == 50
    assert all(password_faults(password, account="") == [] for password in made)
    assert RULES


def test_a_hash_fits_its_password_only():
    kept = hash_password(GOOD)
    assert is_password(GOOD, kept)
    assert not is_password(GOOD + "x", kept)
    assert not is_password(GOOD, None)
    assert not is_password(GOOD, "not a hash")


def test_every_change_stands_in_the_audit_log(accounts, store):
    password = accounts.add(COUNTY)
    accounts.set_password("daoli-kaohe", old=password, new=GOOD, origin="10.0.0.9")
    accounts.set_disabled("daoli-kaohe", True)
    acts = store.rows(
        "select account, origin, action, object, detail from audit where object = 'daoli-kaohe' order by seq"
    )
    assert [act[:4] for act in acts] == [
        ("local", "local", "account", "daoli-kaohe"),
        ("daoli-kaohe", "10.0.0.9", "password", "daoli-kaohe"),
        ("local", "local", "account", "daoli-kaohe"),
    ]
    assert "停用" in acts[-1][4]


def test_what_is_wrong_with_a_new_password_is_said(accounts):
    password = accounts.add(COUNTY)
    assert accounts.set_password("daoli-kaohe", old="x", new=GOOD, origin="") == ["原密码不对"]
    assert any(
        "10 位" in fault
        for fault in accounts.set_password("daoli-kaohe", old=password, new="Ab-1", origin="")
    )
    assert "与原密码相同" in accounts.set_password("daoli-kaohe", old=password, new=password, origin="")


def test_the_list_names_offices_before_units_and_nothing_of_a_password(accounts, store):
    unit = Account(UNIT.code, UNIT.name, "unit", UNIT.region, unit=UNIT.code)
    accounts.add_many([unit, COUNTY, ADMIN])
    accounts.set_disabled("daoli-kaohe", True)
    found = queries.accounts(store)
    assert list(found["account"]) == ["xitong", "daoli-kaohe", UNIT.code]
    assert list(found["state_name"]) == ["待首次登录", "已停用", "待首次登录"]
    assert not [column for column in found.columns if "password" in column or "hash" in column]
    assert list(queries.accounts(store, text=UNIT.code[:9].lower())["account"]) == [UNIT.code]
    assert list(queries.accounts(store, region="230100")["account"]) == ["daoli-kaohe", UNIT.code]
    assert list(queries.accounts(store, role="administrator")["account"]) == ["xitong"]
