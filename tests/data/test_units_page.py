"""Lists of units a page at a time hold what the whole list holds, in the order asked for."""

from __future__ import annotations

import pandas as pd
import pytest

from data import queries
from data.model import Scope
from data.regions import PROVINCE

CYCLE = 2026

FILTERS = [
    {"region": None, "category": None},
    {"region": "230100", "category": None},
    {"region": "230100", "category": "party_gov"},
]


def pages_of(store, *, size: int, **asked) -> pd.DataFrame:
    rows, found = queries.units_page(store, cycle=CYCLE, most=size, **asked)
    parts = [rows]
    for page in range(2, -(-found // size) + 1):
        rows, again = queries.units_page(store, cycle=CYCLE, most=size, page=page, **asked)
        assert again == found
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize("where", FILTERS)
def test_all_pages_together_are_the_whole_list(demo_store, where):
    whole = queries.units(demo_store, cycle=CYCLE, **where)
    size = max(len(whole) // 3, 1)
    pd.testing.assert_frame_equal(pages_of(demo_store, size=size, **where), whole, check_dtype=False)


@pytest.mark.parametrize(("order", "ascending"), [("highest", False), ("lowest", True)])
def test_by_score_units_without_one_come_last(demo_store, order, ascending):
    whole = queries.units(demo_store, cycle=CYCLE, region="230100")
    whole = whole.sort_values(["score", "code"], ascending=[ascending, True], na_position="last")
    found = pages_of(demo_store, size=7, region="230100", order=order)
    assert list(found["code"]) == list(whole["code"])


def test_a_text_finds_names_and_codes(demo_store):
    whole = queries.units(demo_store, cycle=CYCLE)
    for text in ("中学", whole["code"].iloc[3][5:12].lower(), "%"):
        is_hit = whole["name"].str.contains(text, regex=False)
        is_hit |= whole["code"].str.contains(text.upper(), regex=False)
        rows, found = queries.units_page(demo_store, cycle=CYCLE, text=text, most=1000)
        assert found == len(rows) == is_hit.sum()
        names, found = queries.unit_names(demo_store, cycle=CYCLE, text=text, most=1000)
        assert list(names["code"]) == list(whole.loc[is_hit, "code"]) and found == is_hit.sum()


def test_names_of_codes_are_those_on_the_register_and_in_the_scope(demo_store):
    whole = queries.units(demo_store, cycle=CYCLE)
    counties = whole[~whole["region"].str.endswith("00")]
    here = counties.iloc[0]
    elsewhere = counties[counties["region"] != here["region"]].iloc[0]
    seen = demo_store.seen_by(Scope(here["region"]))
    names, _ = queries.unit_names(
        seen, cycle=CYCLE, codes=(here["code"], elsewhere["code"], "nobody"), most=1
    )
    assert names.to_dict("records") == [{"code": here["code"], "name": here["name"]}]


@pytest.mark.parametrize("region", [None, "230100"])
def test_counts_by_category_and_by_day_add_up(demo_store, region):
    whole = queries.units(demo_store, cycle=CYCLE, region=region)
    counts = queries.unit_categories(demo_store, cycle=CYCLE, region=region).set_index("category")
    for category, units in whole.groupby("category"):
        own = counts.loc[category]
        assert (own["units"], own["scored"]) == (len(units), units["score"].notna().sum())
        assert own["submitted"] == units["submitted_at"].notna().sum()
        if own["scored"]:
            assert (own["low"], own["high"]) == (units["score"].min(), units["score"].max())
    assert counts["units"].sum() == len(whole)
    days = queries.submission_days(demo_store, cycle=CYCLE, region=region)
    came = pd.to_datetime(whole["submitted_at"]).dropna()
    by_day = came.dt.floor("D").value_counts().sort_index()
    assert days.set_index("day")["units"].to_dict() == by_day.to_dict()
    assert days["on_time"].sum() == (came <= demo_store.cycle(CYCLE).deadline).sum()


def test_who_may_see_everything_reads_what_the_store_has(demo_store):
    seen = demo_store.seen_by(Scope(PROVINCE))
    pd.testing.assert_frame_equal(
        queries.units(seen, cycle=CYCLE),
        queries.units(demo_store, cycle=CYCLE),
        check_exact=False,
        rtol=1e-12,
    )
