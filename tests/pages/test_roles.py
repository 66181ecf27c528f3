"""What each role meets on the screens: which of them open, and that nothing of another region's or unit's is on them."""

from __future__ import annotations

import shutil

import pytest

from access.accounts import Account
from access.roles import ROLE_NAMES, may
from data import queries
from data.regions import prefecture_of
from pages.components.access import get_gate, whole_store
from pages.components.screens import SCREENS, screens_for
from tests.pages.conftest import CYCLE, close_store, html_of, open_app

ANALYSES = ("trend", "comparison", "priorities", "robustness", "credibility", "what_if")
RESULTS = ("overview", "ranking", "gaps", "publication", *ANALYSES, "meeting")
COURSE = ("review", "rectification")
# Which screens open, role by role; written by hand, so that a slip in the table of permissions is seen here.
OPEN = {
    "administrator": {*RESULTS, *COURSE, "unit", "submit", "regulation", "scheme", "admin"},
    "province": {*RESULTS, *COURSE, "unit", "submit", "regulation", "scheme"},
    "prefecture": {*RESULTS, *COURSE, "unit", "submit", "regulation", "scheme"},
    "county": {*RESULTS, *COURSE, "unit", "submit", "regulation", "scheme"},
    "unit": {"home", "unit", "submit", "regulation", "scheme", "rectification"},
    "reader": {*RESULTS, "unit", "regulation", "scheme"},
}


def account(role: str, store) -> Account:
    """An account of the role, for a unit that handed in and the regions it lies in."""
    units = queries.units(store, cycle=CYCLE)
    county = units[(units["state"] == "scored") & (units["region"].str.slice(4) != "00")].iloc[0]
    regions = {
        "administrator": "230000",
        "province": "230000",
        "prefecture": prefecture_of(county["region"]),
        "county": county["region"],
        "unit": county["region"],
        "reader": prefecture_of(county["region"]),
    }
    made = Account(
        county["code"] if role == "unit" else f"post-{role}",
        "示例岗位",
        role,
        regions[role],
        unit=county["code"] if role == "unit" else None,
    )
    accounts = get_gate().accounts
    initial = accounts.add(made)
    assert accounts.set_password(made.account, old=initial, new="Chang-baishan88", origin="test") == []
    return accounts.find(made.account)


@pytest.fixture
def visit(open_page):
    """visit(role, page, …) opens a screen as an account of that role; returns the app and the account."""

    def run(role: str, page: str, **params):
        known = {each.role: each for each in get_gate().accounts.all()}
        made = known.get(role) or account(role, whole_store())
        return open_page(page, visitor=made, **params), made

    return run


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_a_role_is_offered_its_screens_and_no_others(role, open_page):
    person = account(role, whole_store()).person(origin="", session="")
    assert set(screens_for(person)) == OPEN[role]


@pytest.fixture(scope="class")
def look(demo_home, tmp_path_factory):
    """look(role, page) opens a screen as an account of that role, on one copy of the demo that nothing is changed in."""
    home = shutil.copytree(demo_home, tmp_path_factory.mktemp("roles") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSESSMENT_HOME", str(home))
        made = {role: account(role, whole_store()) for role in ROLE_NAMES}
        yield lambda role, page: (open_app(page, visitor=made[role], cycle=CYCLE), made[role])
        close_store()


class TestScope:
    @pytest.mark.parametrize("name", SCREENS)
    @pytest.mark.parametrize("role", ROLE_NAMES)
    def test_a_screen_shows_units_of_the_scope_only(self, role, name, look):
        app, made = look(role, name)
        everybody = whole_store().units(cycle=CYCLE)
        mine = set(whole_store().seen_by(made.person(origin="", session="").scope).units(cycle=CYCLE))
        told = texts(app)
        strangers = [code for code in everybody if code not in mine and code in told]
        strangers += [u.name for code, u in everybody.items() if code not in mine and u.name in told]
        assert not strangers
        if name not in OPEN[role]:
            assert f"<h1>{SCREENS[name].title}</h1>" not in html_of(app)


@pytest.mark.parametrize("role", ["prefecture", "county", "reader"])
def test_results_start_at_ones_own_region_and_reach_the_province_as_totals(role, visit):
    app, made = visit(role, "ranking", cycle=CYCLE)
    assert app.query_params["region"] in ([made.region], made.region)
    app, _ = visit(role, "ranking", cycle=CYCLE, region="230000")
    assert "黑龙江省" in html_of(app)


@pytest.mark.parametrize("role", ["prefecture", "county"])
def test_totals_of_another_region_come_without_its_units(role, visit):
    _, made = visit(role, "ranking", cycle=CYCLE)
    other = next(code for code in ("230100", "230200") if code != prefecture_of(made.region))
    app, _ = visit(role, "ranking", cycle=CYCLE, region=other)
    assert "不在您的管辖地区" in html_of(app)


def test_a_unit_of_another_scope_is_not_found_by_its_address(visit):
    app, made = visit("county", "unit", cycle=CYCLE)
    mine = whole_store().seen_by(made.person(origin="", session="").scope).units(cycle=CYCLE)
    other = next(code for code in whole_store().units(cycle=CYCLE) if code not in mine)
    app, _ = visit("county", "unit", cycle=CYCLE, unit=other)
    assert any("没有代码为" in warning.value for warning in app.warning)
    app, own = visit("unit", "unit", cycle=CYCLE, unit=other)
    assert own.unit in texts(app)
    assert other not in texts(app)


def test_a_unit_sees_its_place_without_the_others(visit):
    app, own = visit("unit", "home", cycle=CYCLE)
    summary = queries.unit_summary(whole_store(), cycle=CYCLE, unit=own.unit)
    assert f"{summary['score']:.2f}" in html_of(app)
    assert f"/ {summary['peers']}" in html_of(app)


def test_a_reader_is_offered_no_way_into_handing_in(visit):
    app, _ = visit("reader", "overview", cycle=CYCLE)
    assert "/submit" not in html_of(app)


def test_an_account_that_was_disabled_is_out_at_its_next_click(visit):
    app, made = visit("county", "overview", cycle=CYCLE)
    get_gate().accounts.set_disabled(made.account, True)
    app.run()
    assert app.exception or "已退出" in html_of(app)
    assert "得分" not in html_of(app)


def test_every_permission_that_a_screen_asks_for_exists():
    assert all(may("administrator", action) for screen in SCREENS.values() for action in screen.opens)


def texts(app) -> str:
    """Everything that left the server for this screen: HTML, tables, options, figures, messages."""
    parts = [html_of(app)]
    for frame in app.dataframe:
        parts.append(frame.value.to_csv(index=False))
    parts += [str(option) for box in app.selectbox for option in box.options]
    parts += [
        element.proto.SerializeToString().decode("utf-8", "replace") for element in app.get("plotly_chart")
    ]
    parts += [each.value for kind in (app.caption, app.warning, app.markdown) for each in kind]
    return "\n".join(parts)
