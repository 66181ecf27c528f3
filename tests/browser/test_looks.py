"""What stands beside each other on a screen of 1440 stands on one line, and a table that is to fit does not scroll sideways."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from tests.browser.conftest import signed_in_tabs, watched_page
from tests.browser.running import serve, settle

pytestmark = pytest.mark.browser

ROWS_OF_FILTERS = (
    "priorities?region=230400",
    "credibility?part=signs",
    "comparison?region=230100&other=230400",
    "review?part=queue",
    "rectification?part=findings",
    "publication?part=published",
)
WHOLE_TABLES = (
    "rectification?part=tasks&cycle=2025",
    "credibility?part=patterns&cycle=2025",
    "credibility?part=copied&cycle=2026",
    "credibility?part=inflation&cycle=2025",
    "ranking?cycle=2025",
    "ranking?cycle=2025&level=county",
    "ranking?cycle=2025&interval=off",
    "ranking?cycle=2025&region=230100",
    "unit?cycle=2025",
    "comparison?region=230100&other=230400&by=indicator&cycle=2025",
)
BOXES_OF_ALL_COLUMNS = (
    "ranking?cycle=2025&level=county",
    "ranking?cycle=2025&region=230100",
    "comparison?region=230100&other=230400&by=indicator&cycle=2025",
)
# of every row, the upper and lower edges of what is pressed, chosen or typed into
EDGES = """() => [...document.querySelectorAll("[data-testid=stHorizontalBlock]")].map(row =>
    [...row.querySelectorAll(":scope > [data-testid=stElementContainer]")]
        .filter(each => each.querySelector("label"))
        .map(each => each.querySelector(
            "[data-testid=stButtonGroup] button, [data-testid=stSelectbox] [role=group], [data-testid=stNumberInputContainer], "
            + "[data-testid=stTextInputRootElement]"))
        .filter(Boolean)
        .map(control => control.getBoundingClientRect())
        .map(({left, top, bottom}) => ({left, top, bottom})))"""
SHOWN_TABLES = "[data-testid=stDataFrame] .dvn-scroller"
SIDEWAYS = """() => [...document.querySelectorAll("[data-testid=stDataFrame] .dvn-scroller")]
    .map(table => table.scrollWidth - table.clientWidth)"""
CUT_OFF = """() => [...document.querySelectorAll("[data-testid=stPlotlyChart]")].flatMap(figure =>
    [...figure.querySelectorAll("svg text")]
        .filter(text => text.getBoundingClientRect().left < figure.getBoundingClientRect().left - 1)
        .map(text => text.textContent))"""
ONE_LINE_PX = 1.5


IN_TWO_ROWS = f"() => ({EDGES})().filter(row => row.length > 1).length > 1"


@pytest.fixture(scope="module")
def lived(browser, lived_home, tmp_path_factory):
    """Tabs of the product on a year's whole course, signed in."""
    home = Path(shutil.copytree(lived_home, tmp_path_factory.mktemp("lived") / "home"))
    with serve(home, log=home.parent / "server.log") as url, signed_in_tabs(browser, url, home) as tabs:
        yield tabs


@pytest.fixture
def page(lived):
    with watched_page(lived) as opened:
        yield opened


@pytest.mark.parametrize("address", ROWS_OF_FILTERS)
def test_filters_of_one_row_stand_on_one_line(page, address):
    page.goto(f"/{address}&cycle=2025")
    settle(page)
    page.wait_for_function(IN_TWO_ROWS)
    for row in page.evaluate(EDGES):
        for one, beside in pairwise(row):
            if beside["left"] > one["left"]:  # else it stands below, where a row was too long
                assert abs(one["top"] - beside["top"]) < ONE_LINE_PX
                assert abs(one["bottom"] - beside["bottom"]) < ONE_LINE_PX


@pytest.mark.parametrize("address", WHOLE_TABLES)
def test_all_columns_show_and_no_name_is_cut_off(page, address):
    page.goto(f"/{address}")
    settle(page)
    page.wait_for_selector("[data-testid=stDataFrame] .dvn-scroller")
    tables = page.evaluate(SIDEWAYS)
    assert tables
    assert max(tables) <= 1
    assert page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("address", BOXES_OF_ALL_COLUMNS)
def test_the_box_of_all_columns_has_room_for_them(page, address):
    page.goto(f"/{address}")
    settle(page)
    page.wait_for_selector(SHOWN_TABLES)
    boxes = page.locator("[data-testid=stExpander]", has_text="全部列，另有")
    for at in range(boxes.count()):
        boxes.nth(at).locator("summary").click()
        boxes.nth(at).locator(".dvn-scroller").wait_for()
        settle(page)
    assert max(page.evaluate(SIDEWAYS)) <= 1
