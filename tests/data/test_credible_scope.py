"""自评可信度 within a scope: the same figures as for the whole, single units and small groups only of the reader's own."""

from __future__ import annotations

import pytest
from pandas.testing import assert_frame_equal

from data import queries
from data.model import Scope
from data.regions import is_within, prefecture_of

CYCLE, PROVINCE = 2026, "230000"
UNIT_LISTS = {
    "signs": queries.credibility_signs,
    "unlikely": queries.unlikely_answers,
    "patterns": queries.answer_patterns,
}


@pytest.fixture(scope="module")
def prefecture(demo_store):
    """The prefecture of the unit with most signs."""
    signs = queries.credibility_signs(demo_store, cycle=CYCLE)
    return prefecture_of(demo_store.unit(cycle=CYCLE, code=signs["code"].iloc[0]).region)


@pytest.fixture(scope="module")
def own(demo_store, prefecture):
    units = demo_store.units(cycle=CYCLE)
    return {code for code, unit in units.items() if is_within(unit.region, prefecture)}


@pytest.mark.parametrize("name", UNIT_LISTS)
def test_only_own_units_are_named_with_the_same_figures(demo_store, prefecture, own, name):
    seen = demo_store.seen_by(Scope(prefecture))
    rows = UNIT_LISTS[name](seen, cycle=CYCLE)
    assert set(rows["code"]) <= own
    whole = UNIT_LISTS[name](demo_store, cycle=CYCLE)
    whole = whole[whole["code"].isin(own)]
    least = demo_store.scheme(CYCLE).rules.min_group
    if name == "patterns":
        whole = whole[whole["peers"] >= least]
    if name == "signs":  # of a category too small to hide its units, what compares with it is not told
        whole = whole[whole["code"].isin(rows["code"])]
    assert_frame_equal(rows.reset_index(drop=True), whole.reset_index(drop=True), check_dtype=False)


def test_shared_evidence_counts_the_province_and_names_own_units(demo_store, prefecture, own):
    seen = demo_store.seen_by(Scope(prefecture))
    groups = queries.copied_groups(seen, cycle=CYCLE)
    whole = queries.copied_groups(demo_store, cycle=CYCLE).set_index(["indicator", "text"])
    for row in groups.itertuples():
        assert (row.units, row.regions) == tuple(whole.loc[(row.indicator, row.text), ["units", "regions"]])
        members = queries.copied_members(seen, cycle=CYCLE, indicator=row.indicator, text=row.text)
        assert set(members["code"]) <= own
        assert len(members) == row.own


def test_of_other_regions_only_the_total_is_shown(demo_store, prefecture):
    seen = demo_store.seen_by(Scope(prefecture))
    frame = queries.inflation_by_region(seen, cycle=CYCLE, level="prefecture")
    others = frame[frame["code"] != prefecture]
    assert not others.empty
    assert set(others["category"]) == {"all"}
    assert set(frame["category"]) > {"all"}
    whole = queries.inflation_by_region(demo_store, cycle=CYCLE, level="prefecture")
    least = demo_store.scheme(CYCLE).rules.min_group
    assert (
        whole.loc[whole["verified"] < least, ["inflation", "median", "verified_share"]].isna().all(axis=None)
    )
    assert whole.loc[whole["verified"] >= least, "inflation"].notna().all()


def test_a_unit_is_told_nothing_of_this(demo_store, own):
    unit = demo_store.unit(cycle=CYCLE, code=sorted(own)[0])
    seen = demo_store.seen_by(Scope(unit.region, unit=unit.code))
    assert queries.answer_patterns(seen, cycle=CYCLE).empty
    assert queries.copied_groups(seen, cycle=CYCLE).empty
    assert queries.inflation_by_region(seen, cycle=CYCLE, region=PROVINCE).empty
