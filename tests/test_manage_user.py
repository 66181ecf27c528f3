"""`manage.py user` and `manage.py link`: accounts without a browser, and the way back in for the administrator."""

from __future__ import annotations

import pytest

from access.accounts import Accounts
from access.links import Links
from access.secret import open_key
from data.store import Store
from tests.commands import manage, manage_alone
from tests.test_manage import UNITS, assert_mendable, document

ADD = ("user", "add", "xitong", "--title", "系统管理岗", "--role", "administrator")


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def password(home) -> str:
    """The initial password of an administrator that was added."""
    result = manage(*ADD, home=home)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def accounts_of(home):
    """What `user list --json` says, by account."""
    return {row["account"]: row for row in document(manage("user", "list", "--json", home=home))["accounts"]}


def test_the_initial_password_stands_alone_on_stdout_and_fits(home, password):
    assert len(password) == 12 and "\n" not in password
    store = Store.open(home)
    assert Accounts(store).check_password("xitong", password).must_change
    store.close()


def test_the_list_shows_no_hash(home, password):
    result = manage_alone("user", "list", "--json", home=home)
    assert document(result)["accounts"][0] | {"changed_at": ""} == {
        "account": "xitong",
        "title": "系统管理岗",
        "role": "administrator",
        "region": "230000",
        "unit": None,
        "must_change": True,
        "is_disabled": False,
        "subject": None,
        "changed_at": "",
    }
    assert "argon2" not in result.stdout
    table = manage("user", "list", home=home).stdout
    assert "系统管理员" in table and "须改密码" in table and "黑龙江省" in table


def test_an_account_is_disabled_and_enabled(home, password):
    add = ("user", "add", "daoli-kaohe", "--title", "道里区考核办", "--role", "county", "--region", "230102")
    assert manage_alone(*add, home=home).returncode == 0
    assert manage("user", "disable", "daoli-kaohe", home=home).returncode == 0
    assert accounts_of(home)["daoli-kaohe"]["is_disabled"]
    assert manage("user", "enable", "daoli-kaohe", home=home).returncode == 0
    assert not accounts_of(home)["daoli-kaohe"]["is_disabled"]


def test_the_last_administrator_stays(home, password):
    assert_mendable(manage("user", "disable", "xitong", home=home), "最后一个")


def test_a_reset_password_is_shown_once_and_must_be_changed(home, password):
    reset = manage("user", "password", "xitong", home=home).stdout.strip()
    assert reset != password
    store = Store.open(home)
    assert Accounts(store).check_password("xitong", password) is None
    assert Accounts(store).check_password("xitong", reset).must_change
    store.close()


def test_a_subject_is_linked_to_one_account(home, password):
    subject = "https://idp.example#u-1001"
    assert manage("user", "link-subject", "xitong", subject, home=home).returncode == 0
    assert accounts_of(home)["xitong"]["subject"] == subject
    manage("user", "add", "sheng", "--title", "省考核办", "--role", "province", home=home)
    assert_mendable(manage("user", "link-subject", "sheng", subject, home=home), "xitong")
    assert manage("user", "link-subject", "xitong", "--remove", home=home).returncode == 0
    assert accounts_of(home)["xitong"]["subject"] is None
    assert_mendable(manage("user", "link-subject", "xitong", home=home), "--remove")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--role", "county"), "--region"),
        (("--role", "boss", "--region", "230102"), "没有角色 boss"),
        (("--role", "county", "--region", "230100"), "不能是哈尔滨市"),
        (("--role", "unit", "--unit", UNITS[0].code), "名册中没有单位"),
    ],
)
def test_what_is_wrong_with_an_account_is_said(home, options, said):
    assert_mendable(manage("user", "add", "daoli", "--title", "道里区考核办", *options, home=home), said)


def test_a_unit_gets_its_region_from_the_register(demo_copy):
    store = Store.open(demo_copy)
    unit = next(iter(store.units(cycle=2026).values()))
    store.close()
    add = ("user", "add", unit.code, "--title", unit.name, "--role", "unit", "--unit", unit.code)
    assert manage(*add, home=demo_copy).returncode == 0
    assert accounts_of(demo_copy)[unit.code]["region"] == unit.region


@pytest.mark.parametrize("verb", ["disable", "enable", "password"])
def test_an_unknown_account_is_said(home, verb):
    assert_mendable(manage("user", verb, "nobody", home=home), "没有账号 nobody")


def test_while_a_server_runs_accounts_are_managed_in_it(home, password):
    store = Store.open(home)
    try:
        assert_mendable(manage_alone("user", "list", home=home), "正被", "系统管理")
    finally:
        store.close()


def test_a_fresh_link_needs_no_database(home):
    store = Store.open(home)
    try:
        key = open_key(home)
        links = Links(key)
        result = manage_alone("link", "--port", 9001, home=home)
        address, token = result.stdout.strip().split("?t=")
        assert address == "http://127.0.0.1:9001/link"
        assert links.take(token) == ""
        public = manage("link", "--url", "https://kaohe.example/", home=home).stdout
        assert public.startswith("https://kaohe.example/link?t=")
    finally:
        store.close()


def test_there_is_no_link_to_a_folder_that_no_server_has_used(home):
    assert_mendable(manage("link", home=home), "没有运行过网页服务")


def test_on_another_address_nothing_is_served_without_an_administrator(home):
    result = manage_alone("serve", "--host", "0.0.0.0", "--port", 8599, home=home)
    assert_mendable(result, "0.0.0.0", "manage.py user add")
    manage(
        "user", "add", "sheng", "--title", "省考核办", "--role", "province", home=home
    )  # may manage no accounts
    assert_mendable(
        manage_alone("serve", "--host", "0.0.0.0", "--port", 8599, home=home), "manage.py user add"
    )


@pytest.mark.parametrize("proxy", ["proxy.example", "*", "0.0.0.0/0", "::/0", "10.0.0.5,x"])
def test_a_proxy_is_named_by_its_address(home, proxy):
    assert_mendable(manage_alone("serve", "--behind-proxy", proxy, home=home), "--behind-proxy")


def test_help_is_chinese():
    text = manage("user", "--help").stdout + manage("user", "add", "--help").stdout
    assert "用法" in text and "初始密码" in text and "Usage" not in text
