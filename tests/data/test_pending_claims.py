"""Claims that wait for a ruling, found from the claims alone, are those that all counted values tell of, for whoever asks."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace

import pytest

from data.course.publications import publications
from data.model import Scope
from data.regions import PROVINCE
from data.store import Store

CYCLES = (2025, 2026)
ALL = "select cycle, unit, indicator from result_counted_value where state = 'pending' order by all"
FOUND = "select cycle, unit, indicator from pending_claim order by all"


def found_as_all(store) -> list[tuple]:
    """The claims, as found both ways."""
    for cycle in CYCLES:
        store.refresh(cycle)
    claims = store.rows(FOUND)
    assert claims == store.rows(ALL)
    return claims


@pytest.fixture
def unit(demo_store):
    """One that claims something."""
    cycle, code, _ = found_as_all(demo_store)[0]
    return demo_store.unit(cycle=cycle, code=code)


def test_they_are_those_of_the_counted_values(demo_store, unit):
    everything = found_as_all(demo_store.seen_by(Scope(PROVINCE)))
    assert everything == found_as_all(demo_store)
    here = found_as_all(demo_store.seen_by(Scope(unit.region)))
    assert {unit.code} <= {code for _, code, _ in here} and set(here) < set(everything)


def test_a_unit_finds_its_own(demo_store, unit):
    claims = found_as_all(demo_store.seen_by(Scope(unit.region, unit=unit.code)))
    assert {code for _, code, _ in claims} == {unit.code}


def test_a_publication_has_those_that_it_froze(lived_home, tmp_path):
    with closing(Store.open(shutil.copytree(lived_home, tmp_path / "home"))) as store:
        made = publications(store, cycle=2025)[0]
        with store.write() as transaction:  # one that waited when it was published, and does not any more
            transaction.run(
                "update published_counted_value set state = 'pending' where publication = $seq and unit = "
                "(select min(unit) from published_counted_value where publication = $seq)",
                seq=made.seq,
            )
        claims = found_as_all(store.seen_by(Scope(PROVINCE), publication=made))
        assert {cycle for cycle, _, _ in claims} == set(CYCLES)
        assert len({unit for cycle, unit, _ in claims if cycle == 2025}) == 1
        assert not [cycle for cycle, _, _ in found_as_all(store) if cycle == 2025]


def test_what_a_unit_is_no_longer_asked_does_not_wait(demo_copy):
    with closing(Store.open(demo_copy)) as store:
        cycle, code, indicator = found_as_all(store)[-1]
        asked = store.scheme(cycle).by_id[indicator].applies
        unit = store.unit(cycle=cycle, code=code)
        others = [
            category.id
            for category in store.scheme(cycle).categories
            if category.id not in asked.categories and "all" not in asked.categories
        ]
        store.register_units(cycle=cycle, units=[replace(unit, category=others[0], tags=())])
        assert (cycle, code, indicator) not in found_as_all(store)
