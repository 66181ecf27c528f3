"""Mending: what it gives, and the fewest that reach a target, against every subset of small random regions."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.mending import Shortfalls, fewest_indicators, fewest_places, fewest_units
from scoring.mending_indicators import fewest_sets
from scoring.rounding import round_half_up

SMALL = settings(max_examples=120, deadline=None, derandomize=True)
INDICATORS = 4


def naive_score(raw: float, cap: float) -> float:
    return min(max(raw, 0.0), 100.0, cap)


def naive_published(short: Shortfalls, mended) -> float:
    """The region's published score, unit by unit and place by place."""
    total = short.score * short.whole
    for unit in range(len(short.raw)):
        added = sum(short.points[p] for p in mended if short.unit[p] == unit)
        before = naive_score(short.raw[unit], short.cap[unit])
        total += short.weight[unit] * (naive_score(short.raw[unit] + added, short.cap[unit]) - before)
    return round_half_up(total / short.whole, short.decimals)


@st.composite
def regions(draw):
    """Up to four units, some sunk below 0, some vetoed, some with a bonus beyond full marks, with equal points often."""
    unit, indicator, points, raw, cap, weight = [], [], [], [], [], []
    for number in range(draw(st.integers(1, 4))):
        short = [
            draw(st.sampled_from([0.0, 0.0, 0.5, 10.0, 10.0, 20.0, 7.25, 1 / 3])) for _ in range(INDICATORS)
        ]
        if len(unit) + sum(p > 0 for p in short) > 9:
            short = [0.0] * INDICATORS
        for at, lost in enumerate(short):
            if lost:
                unit.append(number)
                indicator.append(at)
                points.append(lost)
        deduction = draw(st.sampled_from([0.0, 0.0, 3.0, 60.0, 95.0, 120.0]))
        bonus = draw(st.sampled_from([0.0, 0.0, 4.0, 5.0]))
        raw.append(100.0 - sum(short) - deduction + bonus)
        cap.append(draw(st.sampled_from([100.0, 100.0, 100.0, 59.0])))
        weight.append(draw(st.sampled_from([1.0, 2.0])))
    now = [w * naive_score(r, c) for w, r, c in zip(weight, raw, cap, strict=True)]
    whole = sum(weight) + draw(st.sampled_from([0.0, 1.0]))  # with a unit that has not handed in
    return Shortfalls(
        weight=np.array(weight),
        raw=np.array(raw),
        cap=np.array(cap),
        unit=np.array(unit, dtype=int),
        indicator=np.array(indicator, dtype=int),
        points=np.array(points),
        whole=whole,
        score=sum(now) / whole,
        decimals=draw(st.sampled_from([0, 1, 2])),
    )


def naive_fewest(short: Shortfalls, groups: list[list[int]], target: float) -> int | None:
    """How many groups of places are the fewest that reach the target, by looking at every subset."""
    for count in range(len(groups) + 1):
        for chosen in combinations(groups, count):
            if naive_published(short, [p for group in chosen for p in group]) >= target:
                return count
    return None


def targets(short: Shortfalls):
    """Some targets from below the present score to beyond the ceiling, among them scores that can be met exactly."""
    now, top = naive_published(short, []), naive_published(short, range(len(short.unit)))
    step = 10.0**-short.decimals
    return st.sampled_from(
        sorted({now, round_half_up((now + top) / 2, short.decimals), top, round(now + step, 3), top + step})
    )


def groups_by(short: Shortfalls, of: np.ndarray) -> list[list[int]]:
    return [list(np.flatnonzero(of == each)) for each in np.unique(of)]


@SMALL
@given(st.data())
def test_the_fewest_places_are_as_few_as_the_best_of_all_subsets(data):
    short = data.draw(regions())
    target = data.draw(targets(short))
    plan = fewest_places(short, target=target)
    expected = naive_fewest(short, [[p] for p in range(len(short.unit))], target)
    assert plan.is_reached == (expected is not None)
    assert round_half_up(plan.score, short.decimals) == naive_published(short, plan.places)
    if expected is None:
        assert naive_published(short, plan.places) == naive_published(short, range(len(short.unit)))
    else:
        assert len(plan.places) == expected
        assert naive_published(short, plan.places) >= target


@SMALL
@given(st.data())
def test_the_fewest_units_and_indicators_are_as_few_as_the_best_of_all_subsets(data):
    short = data.draw(regions())
    target = data.draw(targets(short))
    for solve, of in ((fewest_units, short.unit), (fewest_indicators, short.indicator)):
        plan = solve(short, target=target)
        expected = naive_fewest(short, groups_by(short, of), target)
        assert plan.is_reached == (expected is not None)
        assert plan.is_fewest
        if expected is not None:
            assert len(set(of[plan.places])) == expected
            assert naive_published(short, plan.places) >= target
        for group in set(of[plan.places]):
            assert set(np.flatnonzero(of == group)) <= set(plan.places)


@SMALL
@given(regions())
def test_what_the_places_of_a_plan_add_is_what_the_region_gains(short):
    plan = fewest_places(short, target=101.0)
    assert not plan.is_reached
    assert plan.gains.sum() == pytest.approx(plan.score - short.score, abs=1e-9)
    assert (plan.gains >= 0).all()
    everything = short.score_with(short.everything)
    assert plan.score == pytest.approx(everything, abs=1e-9)


def one_unit(*, raw: float, points: list[float], cap: float = 100.0) -> Shortfalls:
    return Shortfalls(
        weight=np.ones(1),
        raw=np.array([raw]),
        cap=np.array([cap]),
        unit=np.zeros(len(points), dtype=int),
        indicator=np.arange(len(points)),
        points=np.array(points),
        whole=1.0,
        score=naive_score(raw, cap),
        decimals=2,
    )


def test_a_unit_at_its_veto_cap_gains_nothing():
    plan = fewest_places(one_unit(raw=70.0, points=[20.0, 10.0], cap=59.0), target=60.0)
    assert not plan.is_reached
    assert len(plan.places) == 0
    assert plan.score == 59.0


def test_a_unit_sunk_below_zero_must_first_be_lifted_to_zero():
    """−25 + 20 is still 0; only the second place shows, and it gives 15."""
    plan = fewest_places(one_unit(raw=-25.0, points=[20.0, 20.0]), target=15.0)
    assert plan.is_reached
    assert list(plan.gains) == [0.0, 15.0]


@pytest.mark.parametrize(("target", "count"), [(84.99, 1), (85.0, 1), (85.01, 2)])
def test_a_published_score_at_the_target_reaches_it(target, count):
    """80 + 4.995 = 84.995 is published as 85.00."""
    plan = fewest_places(one_unit(raw=80.0, points=[4.995, 4.9]), target=target)
    assert (plan.is_reached, len(plan.places)) == (True, count)


def test_a_search_given_up_says_what_it_has_not_proven():
    """Many sunk units of equal points: bounds are loose, so a limit of a few sets proves nothing."""
    units, indicators = 12, 10
    rng = np.random.default_rng(1)
    points = rng.choice([6.0, 7.0, 9.0, 11.0], size=(units, indicators))
    short = Shortfalls(
        weight=np.ones(units),
        raw=-points.sum(axis=1) * 0.55,
        cap=np.full(units, 100.0),
        unit=np.repeat(np.arange(units), indicators),
        indicator=np.tile(np.arange(indicators), units),
        points=points.ravel(),
        whole=float(units),
        score=0.0,
        decimals=2,
    )
    target = short.published_at(float(short.unit_gains(short.indicator < 8).sum()))
    reaches = lambda gained: short.published_at(gained) >= target  # noqa: E731
    given_up = fewest_sets(short, np.arange(indicators), reaches=reaches, most_sets=3)
    proven = fewest_sets(short, np.arange(indicators), reaches=reaches)
    assert not given_up.is_fewest
    assert given_up.is_reached
    assert given_up.least <= len(proven.indicators) <= len(given_up.indicators)
    assert proven.is_fewest
