"""Weights moved by hand: what becomes of a scheme, and what was typed wrongly."""

from __future__ import annotations

import math

import pytest

from scoring.scheme import load_scheme, shipped_schemes
from scoring.trial_input import Trial, check_typed
from scoring.weights import Weights

SCHEME = load_scheme(shipped_schemes()["heilongjiang-2026"])
FIRST = SCHEME.indicators[0]
TITLES = {i.id: i.title for i in SCHEME.indicators}
OWN = {i.id: i.points for i in SCHEME.indicators}


def test_a_trial_that_moves_nothing_has_the_scheme_s_weights():
    assert Trial().weights(SCHEME) == Weights.of(SCHEME)
    assert Trial().changes(SCHEME) == {"systems": {}, "points": {}, "categories": {}}
    assert Trial().lines(SCHEME) == []


def test_a_dimension_s_factor_multiplies_what_was_typed():
    trial = Trial(points={FIRST.id: 8.0}, factors={FIRST.dimension: 1.5})
    points = trial.weights(SCHEME).points
    for indicator in SCHEME.indicators:
        typed = 8.0 if indicator.id == FIRST.id else indicator.points
        assert points[indicator.id] == pytest.approx(
            typed * 1.5 if indicator.dimension == FIRST.dimension else typed
        )


def test_a_factor_that_undoes_what_was_typed_changes_nothing():
    trial = Trial(points={FIRST.id: FIRST.points / 2}, factors={FIRST.dimension: 2.0})
    assert FIRST.id not in trial.changes(SCHEME)["points"]


@pytest.mark.parametrize("typed", [(0.7, 0.3), (2.0, 1.0), (1 / 3, 1 / 7)])
def test_system_weights_for_a_new_version_add_up_to_one(typed):
    trial = Trial(systems={system.id: weight for system, weight in zip(SCHEME.systems, typed, strict=True)})
    systems = trial.changes(SCHEME)["systems"]
    assert sum(systems.values()) == pytest.approx(1, abs=1e-12)
    assert systems[SCHEME.systems[0].id] == pytest.approx(typed[0] / sum(typed), abs=1e-4)


def test_lines_name_what_differs_with_its_article():
    trial = Trial(points={FIRST.id: 9.0}, categories={SCHEME.categories[0].id: 2.0})
    lines = trial.lines(SCHEME)
    assert [(line["kind"], line["now"]) for line in lines] == [("指标", 9.0), ("单位类别", 2.0)]
    assert lines[0]["article"] == FIRST.place.article
    assert lines[0]["before"] == FIRST.points


@pytest.mark.parametrize(
    ("value", "fault"),
    [(None, "没有填"), (math.nan, "没有填"), (-5.0, "填了 -5"), (0.0, "填了 0"), (1000.5, "填了 1000.5"),
     (math.inf, "填了 inf"), (0.00001, "填了 1e-05"), ("十", "填了“十”")],
)  # fmt: skip
def test_a_faulty_value_is_named_and_not_used(value, fault):
    other = SCHEME.indicators[1]
    sound, faults = check_typed({FIRST.id: value, other.id: 500.0}, titles=TITLES, own=OWN, what="分值")
    assert sound == {other.id: 500.0}
    assert len(faults) == 1
    assert f"{FIRST.id}“{FIRST.title}”的分值{fault}" in faults[0]
    assert f"{FIRST.points:g}" in faults[0]


def test_every_faulty_value_is_named_at_once():
    typed = {i.id: -1.0 for i in SCHEME.indicators[:3]}
    assert len(check_typed(typed, titles=TITLES, own=OWN, what="分值")[1]) == 3


@pytest.mark.parametrize(("value", "is_sound"), [(0.0001, True), (1000.0, True), (1000.01, False)])
def test_the_ends_of_what_may_be_typed(value, is_sound):
    sound, _ = check_typed({FIRST.id: value}, titles=TITLES, own=OWN, what="分值")
    assert (FIRST.id in sound) == is_sound
