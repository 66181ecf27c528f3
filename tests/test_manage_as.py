"""`--as ACCOUNT`: a command runs with that account's permissions and scope, cell by cell of the one table."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime

import pytest
import typer

import manage as program
import manage_as
from access.accounts import Account, Accounts
from access.roles import PERMISSIONS, ROLE_NAMES, Role
from command_line import UserError
from data.store import Store
from manage_as import COMMAND_ACTIONS, opened, run_as
from tests.commands import ROOT, manage, manage_alone
from tests.test_manage import SCHEME_PATH, UNITS, assert_mendable, document, workbook

UNIT = UNITS[0]
ACCOUNTS: dict[Role, Account] = {
    "administrator": Account("xitong", "系统管理岗", "administrator", "230000"),
    "province": Account("sheng-kaohe", "省考核办", "province", "230000"),
    "prefecture": Account("hrb-kaohe", "哈尔滨市考核办", "prefecture", "230100"),
    "county": Account("daoli-kaohe", "道里区考核办", "county", "230102"),
    "unit": Account(UNIT.code, UNIT.name, "unit", UNIT.region, unit=UNIT.code),
    "reader": Account("sheng-lingdao", "省级领导查阅", "reader", "230000"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A cycle with four units, and one account of every role."""
    folder = tmp_path_factory.mktemp("as") / "home"
    store = Store.open(folder)
    store.open_cycle(
        cycle=2026,
        scheme_path=SCHEME_PATH,
        opens_on=date(2026, 8, 1),
        deadline=datetime(2099, 10, 31),
    )
    store.register_units(cycle=2026, units=UNITS)
    Accounts(store).add_many(list(ACCOUNTS.values()))
    store.close()
    return folder


@pytest.fixture
def here(home, monkeypatch):
    """This process as a command on that folder; the account is forgotten afterwards."""
    monkeypatch.setenv("ASSESSMENT_HOME", str(home))
    yield home
    run_as(None)


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_every_command_asks_the_one_table(here, role):
    run_as(ACCOUNTS[role].account)
    for command, action in COMMAND_ACTIONS.items():
        if action in PERMISSIONS[role]:
            with opened(command) as opened_here:
                assert opened_here.person.role == role
                assert opened_here.store is not opened_here.whole
        else:
            with (
                pytest.raises(UserError, match=f"账号 {ACCOUNTS[role].account}（{ROLE_NAMES[role]}）不能"),
                opened(command),
            ):
                pass


def test_the_local_administrator_may_everything_and_sees_the_whole(here):
    for command in COMMAND_ACTIONS:
        with opened(command) as opened_here:
            assert opened_here.store is opened_here.whole


def test_every_command_stands_in_the_table():
    def names(group: typer.core.TyperGroup, before: str = "") -> set[str]:
        mine = set()
        for name, command in group.commands.items():
            is_group = isinstance(command, typer.core.TyperGroup)
            mine |= names(command, f"{before}{name} ") if is_group else {f"{before}{name}"}
        return mine

    listed = {command.split(" --")[0] for command in COMMAND_ACTIONS}
    needs_no_folder = {"docs"}
    assert names(typer.main.get_group(program.app)) - needs_no_folder == listed


def test_what_was_denied_stands_in_the_audit_log(home):
    result = manage_alone("--as", "daoli-kaohe", "user", "list", home=home)
    assert_mendable(result, "daoli-kaohe", "县级考核人员", "不能管理账号")
    store = Store.open(home)
    denied = store.rows(
        "select account, role, origin, object, outcome from audit where action = 'denied' order by seq desc"
    )
    store.close()
    assert denied[0] == ("daoli-kaohe", "county", "local", "manage.py user list", "refused")


@pytest.mark.parametrize(
    ("account", "said"), [("nobody", "没有账号 nobody"), ("", "没有账号"), ("local", "没有账号 local")]
)
def test_an_unknown_account_is_said(home, account, said):
    assert_mendable(manage("--as", account, "scores", "--cycle", 2026, "--level", "unit", home=home), said)


def test_a_disabled_account_runs_nothing(tmp_path, home):
    copy = shutil.copytree(home, tmp_path / "home")
    manage("user", "disable", "hrb-kaohe", home=copy)
    result = manage("--as", "hrb-kaohe", "scores", "--cycle", 2026, "--level", "unit", home=copy)
    assert_mendable(result, "已停用")


def test_a_unit_sees_its_own_score_only(home):
    rows = document(
        manage("--as", UNIT.code, "scores", "--cycle", 2026, "--level", "unit", "--json", home=home)
    )
    assert [row["code"] for row in rows["rows"]] == [UNIT.code]
    other = manage("--as", UNIT.code, "explain", "--cycle", 2026, "--unit", UNITS[1].code, home=home)
    assert_mendable(other, UNITS[1].code)


def test_templates_are_written_for_the_scope_only(home, tmp_path):
    result = manage("--as", UNIT.code, "templates", "--cycle", 2026, "--out", tmp_path, home=home)
    assert result.returncode == 0, result.stderr
    assert [UNIT.code in path.name for path in tmp_path.rglob("*.xlsx")] == [True]


def test_a_unit_hands_in_its_own_workbook_only(home, tmp_path):
    for name, unit in (("own", UNIT), ("other", UNITS[1])):
        (tmp_path / f"{name}.xlsx").write_bytes(workbook(unit))
    result = manage("--as", UNIT.code, "import", tmp_path, "--cycle", 2026, "--json", home=home)
    fates = {file["path"]: file["status"] for file in json.loads(result.stdout)["files"]}
    assert fates["other.xlsx"] == "refused" and fates["own.xlsx"] in ("accepted", "warned")
    store = Store.open(home)
    kept = store.rows("select distinct account from receipt")
    store.close()
    assert kept == [(UNIT.code,)]


def test_no_command_opens_the_store_by_itself():
    opening = {path.name for path in ROOT.glob("manage*.py") if "Store.open" in path.read_text("utf-8")}
    assert opening == {"manage_as.py"}


def test_the_account_is_forgotten_between_commands(here):
    run_as("daoli-kaohe")
    assert not manage_as.is_local()
    run_as(None)
    assert manage_as.is_local()
