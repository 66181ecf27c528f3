"""Closed boxes and tabs: nothing in them until somebody opens them, and then all of it."""

import pytest

from data import queries
from tests.pages.conftest import CYCLE, html_of

BOXES = {  # key → page, what of it is said only there
    "trend_differences": ("trend", "不同之处"),
    "unit_waterfall_data": ("unit", "原因"),
    "unit_radar_data": ("unit", "同类平均"),
    "findings_counts": ("rectification", "一票否决"),
}
TABLES = {"trend_years_data": ("trend", "scheme"), "trend_indicators": ("trend", "by_weight")}
TABS = {
    "overview_grades": ("overview", "表", "share"),
    "gaps_heat": ("gaps", "数据表", "attainment"),
    "credible_map": ("credibility", "数据表", "category_name"),
}


def asked(page: str, demo_store) -> dict[str, object]:
    parts = {"rectification": "findings", "credibility": "inflation"}
    more: dict[str, object] = {"part": parts[page]} if page in parts else {}
    if page == "unit":
        units = queries.units(demo_store, cycle=CYCLE)
        more["unit"] = units.loc[units["state"] == "scored", "code"].iloc[0]
    return more


def columns_of(app) -> list[set[str]]:
    return [set(table.value.columns) for table in app.dataframe]


def opened(app, key: str, value: object):
    app.session_state[key] = value
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("key", BOXES)
def test_a_box_is_filled_when_it_is_opened(open_page, demo_store, key):
    page, said = BOXES[key]
    app = open_page(page, **asked(page, demo_store))
    closed = html_of(app).count(said)
    assert html_of(opened(app, key, True)).count(said) > closed
    assert html_of(opened(app, key, False)).count(said) == closed


@pytest.mark.parametrize("key", TABLES)
def test_a_box_with_a_table_has_it_when_it_is_opened(open_page, demo_store, key):
    page, column = TABLES[key]
    app = open_page(page, **asked(page, demo_store))
    assert not any(column in columns for columns in columns_of(app))
    assert any(column in columns for columns in columns_of(opened(app, key, True)))


@pytest.mark.parametrize("key", TABS)
def test_a_tab_is_filled_when_it_is_opened(open_page, demo_store, key):
    page, label, column = TABS[key]
    app = open_page(page, **asked(page, demo_store))
    figures, tables = len(app.get("plotly_chart")), columns_of(app)
    opened(app, key, label)
    assert len(app.get("plotly_chart")) == figures - 1
    [more] = [columns for columns in columns_of(app) if columns not in tables]
    assert column in more
