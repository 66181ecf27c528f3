"""What is worked out for all units at once: of a region just its units, of a reader just the own ones, of now and not of before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from pandas.testing import assert_frame_equal

from data import queries
from data.course.sampling import scheme_plan
from data.model import Scope
from data.queries.candidates import candidates
from data.queries.repeats import refresh_years
from data.regions import PROVINCE, is_within, load_regions, prefecture_of, regions_by_code
from data.store import Store
from tests.pages.conftest import CYCLE

TODAY = date(2026, 11, 28)
LISTS = {
    "patterns": queries.answer_patterns,
    "unlikely": queries.unlikely_answers,
    "signs": queries.credibility_signs,
    "queue": partial(queries.review_queue, stage="province", today=TODAY),
    "na": queries.na_claims,
}
# those that no category narrows down
PLAIN_LISTS = {
    "findings": partial(queries.findings, today=TODAY),
    "tasks": partial(queries.tasks, today=TODAY),
    "missing": queries.missing_units,
    "picks": queries.sample_picks,
}


@pytest.fixture
def changed(demo_copy) -> Iterator[Store]:
    """A store that a test may write to."""
    with closing(Store.open(demo_copy)) as store:
        yield store


@pytest.fixture(scope="module")
def places(demo_store) -> list[str]:
    """The province, a prefecture and a county with units, a county without any, and a code of no region."""
    taken = {unit.region for unit in demo_store.units(cycle=CYCLE).values()}
    county = min(code for code in taken if regions_by_code()[code].level == "county")
    free = [each.code for each in load_regions() if each.level == "county" and each.code not in taken]
    return [PROVINCE, prefecture_of(county), county, free[0] if free else "999998", "999999"]


def _code(frame):
    return frame["code" if "code" in frame else "unit"]


@pytest.mark.parametrize("name", LISTS)
def test_a_region_has_the_units_in_it_in_the_order_of_all(demo_store, places, name):
    units = demo_store.units(cycle=CYCLE)
    whole = LISTS[name](demo_store, cycle=CYCLE)
    for region in places:
        for category in (None, whole["category_name"].iloc[0] if len(whole) else None):
            ids = {each.id for each in demo_store.scheme(CYCLE).categories if each.name == category}
            inside = [
                units[code].region in _below(region) and (not ids or units[code].category in ids)
                for code in _code(whole)
            ]
            found = LISTS[name](demo_store, cycle=CYCLE, region=region, category=next(iter(ids), None))
            assert_frame_equal(found, whole[inside].reset_index(drop=True), check_dtype=False)


def _below(region: str) -> set[str]:
    return {each.code for each in load_regions() if is_within(each.code, region)}


@pytest.mark.parametrize("name", PLAIN_LISTS)
def test_a_region_has_its_own_rows_in_the_order_of_all(demo_store, places, name):
    units, asked = demo_store.units(cycle=CYCLE), partial(PLAIN_LISTS[name], cycle=CYCLE)
    whole = asked(demo_store)
    for region in places:
        inside = _code(whole).map(lambda code: units[code].region).isin(_below(region))
        assert_frame_equal(
            asked(demo_store, region=region), whole[inside].reset_index(drop=True), check_dtype=False
        )
    seen = demo_store.seen_by(Scope(places[2]))
    assert_frame_equal(asked(seen), asked(demo_store, region=places[2]), check_dtype=False)
    other = next(unit.region for unit in units.values() if not is_within(unit.region, places[1]))
    assert asked(seen, region=other).empty


@pytest.mark.parametrize("name", LISTS)
def test_a_reader_gets_nothing_of_other_regions_whoever_asked_before(demo_store, places, name):
    _, prefecture, county, *_ = places
    seen = demo_store.seen_by(Scope(county))
    assert len(LISTS[name](demo_store.seen_by(Scope(PROVINCE)), cycle=CYCLE)) >= len(
        LISTS[name](seen, cycle=CYCLE)
    )
    units = demo_store.units(cycle=CYCLE)
    assert {units[code].region for code in _code(LISTS[name](seen, cycle=CYCLE))} <= {county}
    other = next(unit.region for unit in units.values() if not is_within(unit.region, prefecture))
    assert LISTS[name](seen, cycle=CYCLE, region=other).empty


def test_a_unit_that_moved_is_found_where_it_is_now(changed, places):
    store, county = changed, places[2]
    unit = next(each for each in store.units(cycle=CYCLE).values() if each.region == county)
    other = next(each.region for each in store.units(cycle=CYCLE).values() if each.region != county)
    ask = partial(LISTS["queue"], store, cycle=CYCLE)
    assert unit.code in set(ask(region=county)["unit"])
    store.register_units(cycle=CYCLE, units=[replace(unit, region=other)])
    assert unit.code not in set(ask(region=county)["unit"])
    assert unit.code in set(ask(region=other)["unit"])


def test_the_size_of_a_table_is_that_of_its_rows(demo_store, places):
    unit = min(demo_store.units(cycle=CYCLE))
    for wanted in (
        {},
        *({"region": region} for region in places),
        {"region": places[1], "category": "organ"},
        {"only_na": True},
        {"unit": unit},
    ):
        frame = queries.review_sheet(demo_store, cycle=CYCLE, most=1_000_000, **wanted)
        size = queries.review_sheet_size(demo_store, cycle=CYCLE, **wanted)
        assert size["found"] == len(frame)
        assert size["name"] == (frame["name"].iloc[0] if len(frame) else None)


def test_within_a_write_a_drawing_picks_what_its_preview_does(demo_store, places):
    plan = replace(scheme_plan(demo_store, cycle=CYCLE), unusual=1, copied=1, rare=0.5)
    refresh_years(demo_store, cycle=CYCLE)
    asked = partial(candidates, demo_store, cycle=CYCLE, plan=plan, today=TODAY)
    for region in places[:3]:
        kept, anew = (asked(region=region, within_write=each) for each in (False, True))
        assert_frame_equal(kept[0], anew[0])
        assert kept[1] == anew[1]
    assert len(asked(region=PROVINCE)[0])
