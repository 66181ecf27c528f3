"""What is asked of many units at once is what is asked of each alone, to the last row, and holds the same scope."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from data import queries
from data.model import Scope
from tests.meeting.conftest import LIVE, NOW, PUBLISHED

TODAY = NOW.date()


@pytest.fixture(params=["live", "published"])
def asked(request, meeting_store, published_store):
    """A store and a cycle: as it stands, and as a publication froze it."""
    return (meeting_store, LIVE) if request.param == "live" else (published_store, PUBLISHED)


@pytest.mark.parametrize(
    ("single", "several", "more"),
    [
        (queries.unit_terms, queries.units_full_terms, {}),
        (queries.unit_dimensions, queries.units_dimensions, {}),
        (queries.changed_rulings, queries.units_rulings, {"today": TODAY}),
    ],
    ids=["terms", "dimensions", "rulings"],
)
def test_many_units_are_told_what_each_is_told(asked, single, several, more):
    store, cycle = asked
    codes = list(queries.units(store, cycle=cycle)["code"])
    together = several(store, cycle=cycle, units=codes, **more)
    assert len(together) and together["code"].is_monotonic_increasing
    for code in codes:
        mine = together[together["code"] == code].drop(columns="code").reset_index(drop=True)
        alone = single(store, cycle=cycle, unit=code, **more)
        assert list(mine.columns) == list(alone.columns) and len(mine) == len(alone)
        assert_frame_equal(plain(mine), plain(alone), rtol=1e-12)


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Missing values alike, whatever kind of column the other units' rows made of them."""
    return frame.astype(object).where(frame.notna(), None)


def test_parts_and_systems_of_many_units_are_those_of_each(meeting_store):
    store, cycle = meeting_store, LIVE
    codes = list(queries.units(store, cycle=cycle)["code"])
    parts = queries.units_parts(store, cycle=cycle, units=codes)
    systems = queries.units_systems(store, cycle=cycle, units=codes)
    assert list(parts["code"]) == sorted(codes)
    for row in plain(parts).to_dict("records"):
        summary = queries.unit_summary(store, cycle=cycle, unit=row["code"])
        assert {name: summary[name] for name in row} == row
        mine = systems[systems["code"] == row["code"]].drop(columns="code")
        assert plain(mine).to_dict("records") == summary["systems"]


def test_a_list_reaches_no_further_than_the_scope(meeting_store):
    units = queries.units(meeting_store, cycle=LIVE)
    codes = list(units["code"])
    mine = meeting_store.seen_by(Scope("230100"))
    inside = set(units.loc[units["region"].str.startswith("2301"), "code"])
    for query in (
        queries.units_parts,
        queries.units_systems,
        queries.units_full_terms,
        queries.units_dimensions,
        queries.units_rulings,
    ):
        assert set(query(mine, cycle=LIVE, units=codes)["code"]) <= inside, query.__name__
