"""Redrawn weights and weights moved alone, against loops over every draw and every small step."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.queries.counted import sheets_of
from scoring.robustness import FirstChange, draw_factors, one_at_a_time, rank_columns, redraw
from scoring.trial import Weights, score_regions
from tests.scoring import naive
from tests.scoring.registers import load, registers
from tests.scoring.reweighing import published
from tests.scoring.test_against_naive import SLOW_STORE

FEW = settings(SLOW_STORE, max_examples=4)
STEP = 0.1
CLOSE = 1e-6


def times(weights, factors):
    return {key: weights[key] * factor for key, factor in factors.items()}


@FEW
@given(registers(), st.sampled_from([0.2, 0.9]), st.sampled_from(["prefecture", "county"]))
def test_every_draw_is_ranked_as_a_scheme_with_its_weights_would_be(store, folder, drawn, delta, level):
    fields, register = drawn
    sheets = sheets_of(store, cycle=load(store, folder, fields, register))
    weights, draws = Weights.of(register.scheme), 6
    by_system, by_indicator = draw_factors(sheets, draws=draws, delta=delta, seed=5)
    for basis in register.scheme.bases:
        found = redraw(sheets, weights, level=level, draws=draws, delta=delta, seed=5, basis=basis)
        codes = [sheets.regions[at] for at in found.regions]
        for n in range(draws):
            drawn_weights = weights.with_(
                systems=times(weights.systems, dict(zip(sheets.systems, by_system[:, n], strict=True))),
                points=times(weights.points, dict(zip(sheets.indicators, by_indicator[:, n], strict=True))),
            )
            expected = published(register, drawn_weights, level=level, basis=basis)
            assert dict(zip(codes, found.draws[:, n], strict=True)) == expected
            ranks = naive.competition_ranks(expected)
            assert dict(zip(codes, found.ranks[:, n], strict=True)) == ranks


def test_factors_are_those_of_dimension_and_indicator_within_their_bounds(demo_store):
    sheets = sheets_of(demo_store, cycle=2026)
    by_system, by_indicator = draw_factors(sheets, draws=400, delta=0.2, seed=1)
    assert by_system.shape == (len(sheets.systems), 400)
    assert by_indicator.shape == (len(sheets.indicators), 400)
    assert 0.8 <= by_system.min() < 0.81 < 1.19 < by_system.max() <= 1.2
    assert 0.64 <= by_indicator.min() < 0.7 < 1.3 < by_indicator.max() <= 1.44
    dimensions = np.array(sheets.dimensions)
    one = np.corrcoef(by_indicator[dimensions == dimensions[0]])
    other = np.corrcoef(by_indicator[[0, -1]])[0, 1]
    assert dimensions[0] != dimensions[-1]
    assert one.min() > 0.3 > abs(other)


@pytest.mark.parametrize("level", ["prefecture", "county"])
def test_the_same_seed_gives_the_same_draws_however_they_are_worked_on(demo_store, level):
    sheets, weights = sheets_of(demo_store, cycle=2026), Weights.of(demo_store.scheme(2026))
    first = redraw(sheets, weights, level=level, draws=150)
    for chunk in (1, 7, 64, 1000):
        again = redraw(sheets, weights, level=level, draws=150, chunk=chunk)
        assert np.array_equal(again.draws, first.draws)
    other = redraw(sheets, weights, level=level, draws=150, seed=1)
    assert not np.array_equal(other.draws, first.draws)


def test_without_any_spread_every_draw_is_the_ranking_itself(demo_store):
    sheets, weights = sheets_of(demo_store, cycle=2026), Weights.of(demo_store.scheme(2026))
    found, kept = redraw(sheets, weights, level="county", draws=3, delta=0.0), score_regions(sheets, weights)
    assert np.array_equal(found.published, kept.published[found.regions])
    assert np.array_equal(found.rank, kept.rank[found.regions])
    assert (found.keeps() == 1).all()
    for share in (0.05, 0.5, 0.95):
        assert np.array_equal(found.quantile(share), found.rank)


@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=1, max_size=6))
def test_columns_have_competition_ranks(rows):
    scores = np.array(rows, dtype=float)
    for column, found in zip(scores.T, rank_columns(scores).T, strict=True):
        assert dict(enumerate(found)) == naive.competition_ranks(dict(enumerate(column)))


def test_quantiles_are_ranks_that_enough_draws_do_not_exceed(demo_store):
    sheets, weights = sheets_of(demo_store, cycle=2026), Weights.of(demo_store.scheme(2026))
    found = redraw(sheets, weights, level="prefecture", draws=50)
    for share in (0.05, 0.5, 0.95, 1.0):
        for ranks, quantile in zip(found.ranks, found.quantile(share), strict=True):
            # 0.05 · 50 = 2.5 draws at least: the third smallest
            enough = [rank for rank in sorted(set(ranks)) if sum(ranks <= rank) >= share * 50 - 1e-9]
            assert quantile == enough[0]


@pytest.mark.parametrize(("draws", "delta"), [(0, 0.2), (10, 1.0), (10, -0.1)])
def test_a_spread_that_could_take_a_weight_away_is_refused(demo_store, draws, delta):
    with pytest.raises(ValueError, match="delta"):
        draw_factors(sheets_of(demo_store, cycle=2026), draws=draws, delta=delta, seed=1)


def weights_with(scheme, change: FirstChange, multiple: float) -> Weights:
    """The weights with one of them taken so many times; a system's of a sum of 1, the others in their proportion."""
    weights = Weights.of(scheme)
    if change.kind == "system":
        share = min(weights.systems[change.id] * multiple, 1 - CLOSE)
        (other,) = set(weights.systems) - {change.id}
        return weights.with_(systems={change.id: share, other: 1 - share})
    of_dimension = {i.id for i in scheme.indicators if i.dimension == change.id}
    which = of_dimension if change.kind == "dimension" else {change.id}
    return weights.with_(points={key: weights.points[key] * multiple for key in which})


def swaps(before: dict, after: dict) -> set[tuple[str, str]]:
    return {(a, b) for a in before for b in before if before[a] > before[b] and after[a] < after[b]}


def is_led_by_another(before: dict, after: dict) -> bool:
    if not before:
        return False
    first = {code for code, score in before.items() if score == max(before.values())}
    return not first & {code for code, score in after.items() if score == max(after.values())}


@settings(SLOW_STORE, max_examples=5)
@given(registers(), st.sampled_from(["prefecture", "county"]), st.sampled_from([0, 1, 2]))
def test_the_nearest_change_of_order_is_found_for_every_weight(store, folder, drawn, level, basis):
    fields, register = drawn
    sheets = sheets_of(store, cycle=load(store, folder, fields, register))
    weights, basis = Weights.of(register.scheme), register.scheme.bases[basis]
    before = published(register, weights, level=level, basis=basis)

    def at(change, multiple):
        return published(register, weights_with(register.scheme, change, multiple), level=level, basis=basis)

    found = one_at_a_time(sheets, weights, level=level, basis=basis)
    expected = {("dimension", i.dimension) for i in register.scheme.indicators}
    expected |= {("indicator", i.id) for i in register.scheme.indicators}
    expected |= {("system", system) for system in weights.systems} if basis == "composite" else set()
    assert {(change.kind, change.id) for change in found} <= expected
    for change in found:
        assert_nearest(change, before, lambda multiple, change=change: at(change, multiple), step=STEP)
        if change.nearest is not None:
            pair = sheets.regions[change.above], sheets.regions[change.below]
            assert pair in swaps(before, at(change, change.nearest))


def assert_nearest(change: FirstChange, before: dict, at, *, step: float) -> None:
    """No step is nearer to 1 than what was found at which the order, or the leader, has changed; there it has."""
    down, up = 1 - np.arange(step, 1 - step / 2, step), 1 + np.arange(step, 2 + step / 2, step)
    stepped = {float(multiple): at(multiple) for multiple in (*down, *up)}
    for edge, way in ((change.down, down), (change.up, up)):
        nearer = [m for m in way if edge is None or abs(m - 1) < abs(edge - 1) - CLOSE]
        assert not [m for m in nearer if swaps(before, stepped[m])]
        if edge is not None:
            assert swaps(before, at(edge))
            assert not swaps(before, at(edge - np.sign(edge - 1) * 2 * CLOSE))
    if change.nearest is None:
        assert change.above is None and change.below is None and change.value is None
    else:
        assert change.value == pytest.approx(change.weight * change.nearest)
    leader = np.inf if change.leader is None else abs(change.leader - 1)
    assert not [m for m in stepped if abs(m - 1) < leader - CLOSE and is_led_by_another(before, stepped[m])]
    if change.leader is not None:
        assert is_led_by_another(before, at(change.leader))


@pytest.mark.parametrize("level", ["prefecture", "county"])
def test_in_a_whole_province_no_small_step_changes_the_order_sooner(demo_store, level):
    sheets, weights = sheets_of(demo_store, cycle=2026), Weights.of(demo_store.scheme(2026))
    is_level = np.array(sheets.levels) == level

    def at(change, multiple):
        regions = score_regions(sheets, weights_with(demo_store.scheme(2026), change, multiple))
        scored = np.flatnonzero(is_level & ~np.isnan(regions.exact))
        return dict(zip(scored.tolist(), regions.published[scored], strict=True))

    found = one_at_a_time(sheets, weights, level=level)
    leading = [change for change in found if change.leader][:1]
    for change in (*found[::40], *leading, next(c for c in found if c.kind == "system")):
        assert_nearest(change, at(change, 1.0), lambda m, change=change: at(change, m), step=0.04)
        if change.nearest:
            assert (change.above, change.below) in swaps(at(change, 1.0), at(change, change.nearest))


def test_what_is_compared_may_be_some_regions_only(demo_store):
    sheets, weights = sheets_of(demo_store, cycle=2026), Weights.of(demo_store.scheme(2026))
    some = np.flatnonzero(
        ~np.isnan(score_regions(sheets, weights).exact) & (np.array(sheets.levels) == "county")
    )[:3]
    found = one_at_a_time(sheets, weights, level="county", regions=some)
    named = {place for change in found for place in (change.above, change.below) if place is not None}
    assert named <= set(some.tolist())
    everything = one_at_a_time(sheets, weights, level="county")
    assert abs(everything[0].nearest - 1) <= abs(next(c.nearest for c in found if c.nearest) - 1)


def test_changes_are_listed_from_the_nearest_and_shares_add_up(demo_store):
    sheets, weights = sheets_of(demo_store, cycle=2026), Weights.of(demo_store.scheme(2026))
    found = one_at_a_time(sheets, weights, level="prefecture")
    distances = [abs(change.nearest - 1) if change.nearest else np.inf for change in found]
    assert distances == sorted(distances)
    for kind, count in (("system", 2), ("dimension", len(set(sheets.dimensions))), ("indicator", 75)):
        shares = [change.share for change in found if change.kind == kind]
        assert len(shares) == count
        assert sum(shares) == pytest.approx(1)
