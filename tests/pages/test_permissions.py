"""The table of role × action, cell by cell, as a visitor meets it on the screens: offered, or not to be found.

The same cells for manage.py are in tests/test_manage_as.py; what a role may read is in tests/data/test_scope.py.
"""

from __future__ import annotations

import shutil

import pytest
from streamlit.testing.v1 import AppTest

from access.accounts import Account
from access.roles import ACTION_NAMES, ROLE_NAMES, may
from data import queries
from data.regions import prefecture_of
from pages.components.access import get_gate, whole_store
from tests.pages.conftest import CYCLE, close_store, html_of, open_app

# Written by hand, not taken from the program: a slip there fails here. x: has it, .: has not.
TABLE = """
                  administrator province prefecture county unit reader
see_results       x             x        x          x      .    x
see_units         x             x        x          x      x    x
see_regulation    x             x        x          x      x    x
see_scheme        x             x        x          x      x    x
export            x             x        x          x      x    x
take_templates    x             x        x          x      x    .
upload            x             x        x          x      x    .
see_receipts      x             x        x          x      x    .
see_register      x             x        x          x      .    .
review            x             x        x          x      .    .
close_stage       x             x        x          x      .    .
see_severity      x             x        .          .      .    .
draw_sample       x             x        x          .      .    .
record_findings   x             x        x          x      .    .
rectify           x             x        x          x      .    .
answer_tasks      x             x        x          x      x    .
object            x             .        .          .      x    .
decide_objections x             x        x          .      .    .
set_grades        x             x        .          .      .    .
publish           x             x        .          .      .    .
change_register   x             x        .          .      .    .
change_scheme     x             x        .          .      .    .
use_scheme        x             .        .          .      .    .
manage_cycles     x             .        .          .      .    .
manage_accounts   x             .        .          .      .    .
see_audit         x             .        .          .      .    .
back_up           x             .        .          .      .    .
"""
HEAD, *LINES = TABLE.strip().splitlines()
CELLS = [
    (role, action, mark == "x")
    for action, *marks in (line.split() for line in LINES)
    for role, mark in zip(HEAD.split(), marks, strict=True)
]


def heads(screen: str):
    """Whether a screen with this title stands there."""
    return lambda app: f"<h1>{screen}</h1>" in html_of(app)


def offers(label: str):
    """Whether a choice of this name is offered."""
    return lambda app: any(label in group.options for group in app.get("button_group"))


def a_changed_unit() -> str:
    """A unit without an account, of whose values an evaluator changed some."""
    taken = {account.unit for account in get_gate().accounts.all()}
    return next(code for code in changed_units() if code not in taken)


def changed_units() -> list[str]:
    """The units that may object to something, in the order of their codes."""
    rows = whole_store().rows(
        "select distinct unit from changed_ruling where cycle = $cycle order by unit", cycle=CYCLE
    )
    return [code for (code,) in rows]


# Action → the screen to open, its filters, and how one sees that the action is there.
REGISTER, ADMIN = ("submit", ("step", "register")), ("admin", ("part", "audit"))
REVIEW = ("review", ("part", "stages"))
PROBES = {
    "see_results": (("overview",), heads("总览")),
    "see_units": (("unit",), lambda app: "统一社会信用代码" in html_of(app) or heads("单位详情")(app)),
    "see_regulation": (("regulation",), heads("条例对照")),
    "see_scheme": (("scheme",), heads("方案与权重")),
    "change_scheme": (("scheme",), offers("修改")),
    "use_scheme": (("scheme", ("part", "versions")), lambda app: "<h2>投入使用</h2>" in html_of(app)),
    "export": (("unit",), lambda app: len(app.get("download_button")) > 0),
    "take_templates": (REGISTER, offers("下载自评表")),
    "upload": (REGISTER, offers("上传自评表")),
    "see_receipts": (REGISTER, offers("收件记录")),
    "see_register": (REGISTER, offers("单位名册")),
    "object": (
        ("unit", ("unit", a_changed_unit)),
        lambda app: any(b.key == "file_objection" for b in app.button),
    ),
    "decide_objections": (("review", ("part", "objections")), offers("异议")),
    "set_grades": (("publication", ("part", "grades")), lambda app: "<h2>另定等次</h2>" in html_of(app)),
    "rectify": (("rectification",), offers("整改任务")),
    "answer_tasks": (("rectification",), offers("报送整改情况")),
    "record_findings": (("rectification",), offers("认定事项")),
    "change_register": (REGISTER, lambda app: "导入名册" in html_of(app)),
    "review": (REVIEW, offers("待办")),
    "publish": (
        ("publication", ("part", "published")),
        lambda app: any(b.key == "publish" for b in app.button),
    ),
    "close_stage": (REVIEW, offers("环节")),
    "draw_sample": (REVIEW, offers("抽查")),
    "see_severity": (REVIEW, offers("尺度")),
    "manage_cycles": (ADMIN, offers("年度")),
    "manage_accounts": (ADMIN, offers("账号")),
    "see_audit": (ADMIN, offers("操作日志")),
    "back_up": (ADMIN, offers("备份")),
}


@pytest.fixture(scope="module")
def opened(demo_home, tmp_path_factory):
    """opened(role, place) is a screen as an account of that role meets it, for a unit that handed in and its regions."""
    home = shutil.copytree(demo_home, tmp_path_factory.mktemp("permissions") / "home")
    screens: dict[tuple, AppTest] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSESSMENT_HOME", str(home))
        visitors = {role: add_account(role) for role in ROLE_NAMES}

        def run(role: str, place: tuple) -> AppTest:
            if (role, place) not in screens:
                page, *params = place
                given = {name: value() if callable(value) else value for name, value in params}
                screens[role, place] = open_app(page, visitor=visitors[role], cycle=CYCLE, **given)
            return screens[role, place]

        yield run
        close_store()


def add_account(role: str) -> Account:
    """An account of the role that has chosen its password."""
    units = queries.units(whole_store(), cycle=CYCLE)
    in_county = (units["state"] == "scored") & (units["region"].str.slice(4) != "00")
    unit = units[in_county & units["code"].isin(changed_units())].iloc[0]
    region = {"administrator": "230000", "province": "230000", "prefecture": prefecture_of(unit["region"])}
    account = Account(
        unit["code"] if role == "unit" else f"post-{role}",
        "示例岗位",
        role,
        region.get(role, unit["region"]),
        unit=unit["code"] if role == "unit" else None,
    )
    accounts = get_gate().accounts
    initial = accounts.add(account)
    assert accounts.set_password(account.account, old=initial, new="Chang-baishan88", origin="") == []
    return accounts.find(account.account)


def test_the_table_names_every_role_and_every_action():
    assert {role for role, _, _ in CELLS} == set(ROLE_NAMES)
    assert {action for _, action, _ in CELLS} == set(ACTION_NAMES) == set(PROBES)


@pytest.mark.parametrize(("role", "action", "is_allowed"), CELLS)
def test_the_program_has_the_table(role, action, is_allowed):
    assert may(role, action) == is_allowed


@pytest.mark.parametrize(("role", "action", "is_allowed"), CELLS)
def test_a_screen_offers_what_the_role_may_and_nothing_else(role, action, is_allowed, opened):
    place, is_there = PROBES[action]
    assert bool(is_there(opened(role, place))) == is_allowed
