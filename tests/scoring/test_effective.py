"""What an indicator really weighs: as the scores themselves have it, and as the definition says, on random schemes."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings

from scoring.effective import effective_weights
from scoring.scheme import load_scheme, parse_scheme
from tests.scoring.registers import scheme_text, schemes

SCHEMES = Path(__file__).parents[1] / "schemes"
KINDS = ("system", "dimension", "indicator")


def naive(scheme, category: str) -> dict[tuple[str, str], Fraction]:
    """(kind, id) → share, one mark at a time: each system's weight is dealt out to the indicators it asks."""
    shares: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    marks = [
        (system, indicator, Fraction(indicator.points) * Fraction(indicator.shares[system.id]))
        for system in scheme.systems
        for indicator in scheme.indicators
        if indicator.shares.get(system.id) and {"all", category} & set(indicator.applies.categories)
    ]
    counting = {system.id: Fraction(system.weight) for system, _, _ in marks}
    for system, indicator, mark in marks:
        full = sum(each for other, _, each in marks if other.id == system.id)
        share = counting[system.id] / sum(counting.values()) * mark / full
        for key in (("system", system.id), ("dimension", indicator.dimension), ("indicator", indicator.id)):
            shares[key] += share
    return shares


@given(schemes())
@settings(max_examples=20, deadline=None)
def test_random_schemes_weigh_as_the_definition_says(fields):
    scheme = parse_scheme(scheme_text(fields), name="random")
    rows = effective_weights(scheme)
    places = [(row.category, row.kind, row.id) for row in rows]
    entries = len(scheme.systems) + len(scheme.dimensions) + len(scheme.indicators)
    assert len(set(places)) == len(places) == len(scheme.categories) * entries
    for category in scheme.categories:
        expected = naive(scheme, category.id)
        own = [row for row in rows if row.category == category.id]
        for row in own:
            assert row.share == pytest.approx(float(expected.get((row.kind, row.id), 0)), abs=1e-12)
        for kind in KINDS:
            total = sum(row.share for row in own if row.kind == kind)
            assert total == pytest.approx(1 if expected else 0, abs=1e-12)


def test_a_category_that_is_asked_nothing_has_no_shares():
    text = (SCHEMES / "worked-example.toml").read_text("utf-8")
    scheme = parse_scheme(text, name="example")
    only = scheme.categories[0].model_copy(update={"id": "nobody", "name": "无题类别"})
    asked = tuple(
        i.model_copy(
            update={"applies": i.applies.model_copy(update={"categories": (scheme.categories[0].id,)})}
        )
        for i in scheme.indicators
    )
    wider = scheme.model_copy(update={"categories": (*scheme.categories, only), "indicators": asked})
    rows = effective_weights(wider)
    assert {row.share for row in rows if row.category == "nobody"} == {0.0}
    assert sum(r.share for r in rows if r.category != "nobody" and r.kind == "system") == pytest.approx(1)


def test_the_worked_example_of_the_scoring_document():
    scheme = load_scheme(SCHEMES / "worked-example.toml")
    rows = effective_weights(scheme)
    own = [r.share for r in rows if r.category == scheme.categories[0].id and r.kind == "indicator"]
    assert own == pytest.approx([0.299233, 0.526854, 0.173913], abs=5e-7)


def test_units_that_answered_everything_have_these_weights_in_their_scores(demo_store):
    """The results of real units without tags: ω of each indicator in each unit's composite score."""
    cycle = demo_store.cycles()[0]
    demo_store.refresh(cycle)
    scheme = demo_store.scheme(cycle)
    expected = {
        (row.category, row.id): row.share for row in effective_weights(scheme) if row.kind == "indicator"
    }
    terms: dict[str, dict[str, float]] = defaultdict(dict)
    for unit, indicator, omega in demo_store.rows(
        "select unit, indicator, omega from unit_term where cycle = $cycle and basis = 'composite'",
        cycle=cycle,
    ):
        terms[unit][indicator] = omega
    compared = set()
    for code, unit in demo_store.units(cycle=cycle).items():
        asked = scheme.indicators_for(category=unit.category, tags=())
        if unit.tags or terms.get(code, {}).keys() != {i.id for i in asked}:
            continue
        compared.add(unit.category)
        for indicator, omega in terms[code].items():
            assert omega == pytest.approx(expected[unit.category, indicator], abs=1e-9)
    assert len(compared) >= 2
