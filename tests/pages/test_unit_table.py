"""Tables of units and other long tables are paged, searched and put in order on the server."""

from __future__ import annotations

import pytest

from data import queries
from pages.components import filters, long_table, tables, unit_table
from tests.pages.conftest import CYCLE, html_of


@pytest.fixture
def short_pages(monkeypatch):
    monkeypatch.setattr(unit_table, "PAGE_ROWS", 20)
    monkeypatch.setattr(filters, "UNITS_AT_ONCE", 30)


def test_units_are_listed_a_page_at_a_time(open_page, demo_store, short_pages):
    whole = queries.units(demo_store, cycle=CYCLE)
    first = open_page("unit", cycle=CYCLE)
    assert list(first.dataframe[0].value["code"]) == list(whole["code"][:20])
    assert f"{len(whole)} 家" in html_of(first)
    second = open_page("unit", cycle=CYCLE, page=2)
    assert list(second.dataframe[0].value["code"]) == list(whole["code"][20:40])
    beyond = open_page("unit", cycle=CYCLE, page=9999)
    assert list(beyond.dataframe[0].value["code"]) == list(whole["code"][:20])


def test_a_search_and_an_order_hold_over_all_pages(open_page, demo_store, short_pages):
    whole = queries.units(demo_store, cycle=CYCLE)
    text = whole["name"].iloc[0][:2]
    app = open_page("unit", cycle=CYCLE, find_unit=text, unit_order="lowest")
    hit = whole[whole["name"].str.contains(text, regex=False)]
    hit = hit.sort_values(["score", "code"], na_position="last")
    assert list(app.dataframe[0].value["code"]) == list(hit["code"][:20])


def test_a_unit_beyond_the_list_is_found_by_a_search(open_page, demo_store, short_pages):
    whole = queries.units(demo_store, cycle=CYCLE)
    app = open_page("unit", cycle=CYCLE)
    code, name = whole[["code", "name"]].iloc[-1]
    assert f"{name}（{code}）" not in app.selectbox(key="widget:unit").options
    app.text_input(key="widget:unit_search").set_value(code).run()
    app.selectbox(key="widget:unit").select(code).run()
    assert not app.exception
    assert name in html_of(app)


def test_a_long_table_is_searched_ordered_and_paged(open_page, demo_store, monkeypatch):
    monkeypatch.setattr(long_table, "PAGE_ROWS", 5)
    monkeypatch.setattr(tables, "PAGE_ROWS", 5)
    app = open_page("gaps", cycle=CYCLE)
    gaps = queries.region_gaps(demo_store, cycle=CYCLE)
    shown = next(each.value for each in app.dataframe if "units_short" in each.value)
    assert list(shown["label"]) == list(gaps["label"][:5])
    order = next(box for box in app.selectbox if (box.key or "").startswith("order_gaps_indicators"))
    order.select("失分从低到高").run()
    assert not app.exception
    shown = next(each.value for each in app.dataframe if "units_short" in each.value)
    assert list(shown["gap"]) == sorted(gaps["gap"])[:5]
