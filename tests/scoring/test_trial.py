"""Scores under other weights: equal to the kept ones under the cycle's own, to the loops' and to a really saved scheme's under others."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.queries.counted import sheets_of
from scoring.rounding import round_all_half_up, round_half_up
from scoring.scheme import load_scheme, shipped_schemes
from scoring.trial import Weights, WeightsError, region_gaps, score_regions, score_units, unit_ranks
from tests.scoring import naive
from tests.scoring.registers import load, registers, scheme_text
from tests.scoring.reweighing import LEVEL_OF, fields_with, moved_weights, register_with
from tests.scoring.test_against_naive import ANCESTORS, EXACT, SLOW_STORE

OTHERS = ("missing", "deductions", "bonus", "clipped", "veto")
FEW = settings(SLOW_STORE, max_examples=6)
SCHEME = load_scheme(shipped_schemes()["heilongjiang-2026"])


def assert_same_as_kept(store, cycle, sheets, weights):
    """Every score, rank, cause and gap of the regions and units equals what is kept for the cycle."""
    store.refresh(cycle)
    for basis in store.scheme(cycle).bases:
        units = score_units(sheets, weights, basis)
        ranks, is_comparable = unit_ranks(sheets, weights, units)
        kept = store.rows(
            "select unit, score_exact, score, rank, state from result_unit_score "
            "where cycle = $cycle and basis = $basis",
            cycle=cycle,
            basis=basis,
        )
        assert {row[0] for row in kept} == set(sheets.units)
        for unit, exact, score, rank, state in kept:
            at = sheets.units.index(unit)
            assert is_comparable[at] == (state == "scored")
            assert same(units.exact[at], exact)
            assert same(units.published[at], score, within=0)
            assert same(ranks[at], rank, within=0)
        regions = score_regions(sheets, weights, basis)
        seen = np.zeros(len(sheets.regions), dtype=bool)
        for row in store.rows(
            f"select region, score_exact, score, rank, {', '.join(OTHERS)} from result_region_score "
            "where cycle = $cycle and basis = $basis",
            cycle=cycle,
            basis=basis,
        ):
            at = sheets.regions.index(row[0])
            seen[at] = True
            assert same(regions.exact[at], row[1])
            assert same(regions.published[at], row[2], within=0)
            assert same(regions.rank[at], row[3], within=0)
            if row[1] is not None:
                for cause, value in zip(OTHERS, row[4:], strict=True):
                    assert same(regions.others[cause][at], value)
        assert np.isnan(regions.exact[~seen]).all()
        gaps = region_gaps(sheets, weights, basis)
        told = {
            (region, indicator): gap
            for region, indicator, gap in store.rows(
                "select region, indicator, gap from result_region_gap where cycle = $cycle and basis = $basis",
                cycle=cycle,
                basis=basis,
            )
        }
        for at, region in enumerate(sheets.regions):
            for i, indicator in enumerate(sheets.indicators):
                if not math.isnan(regions.exact[at]):
                    assert same(gaps[at, i], told.get((region, indicator), 0.0))


def same(found: float, kept: float | None, within: float = EXACT) -> bool:
    return math.isnan(found) if kept is None else abs(found - kept) <= within


@FEW
@given(registers(), st.data())
def test_scores_equal_what_is_kept_and_under_other_weights_what_a_really_saved_scheme_gives(
    store, folder, drawn, data
):
    fields, register = drawn
    weights = data.draw(moved_weights(register.scheme))
    cycle = load(store, folder, fields, register)
    sheets = sheets_of(store, cycle=cycle)
    assert_same_as_kept(store, cycle, sheets, Weights.of(register.scheme))
    changed = folder / f"{cycle}-moved.toml"
    changed.write_text(scheme_text(fields_with(fields, weights)), "utf-8")
    now = store.cycle(cycle)
    store.open_cycle(
        cycle=cycle, scheme_path=changed, opens_on=now.opens_on, deadline=now.deadline, late=now.late
    )
    assert_same_as_kept(store, cycle, sheets, weights)


@FEW
@given(registers(), st.data())
def test_under_other_weights_regions_equal_the_loops_and_their_causes_add_up(store, folder, drawn, data):
    fields, register = drawn
    weights = data.draw(moved_weights(register.scheme))
    cycle = load(store, folder, fields, register)
    sheets = sheets_of(store, cycle=cycle)
    for basis in register.scheme.bases:
        found = score_regions(sheets, weights, basis)
        lost = region_gaps(sheets, weights, basis).sum(axis=1)
        for cause, sign in (("missing", 1), ("deductions", 1), ("veto", 1), ("bonus", -1), ("clipped", -1)):
            lost = lost + sign * found.others[cause]
        assert np.allclose(100 - found.exact, lost, atol=EXACT, rtol=0, equal_nan=True)
        expected = naive.region_results(register_with(register, weights), basis, ANCESTORS)
        assert {sheets.regions[at] for at in np.flatnonzero(~np.isnan(found.exact))} == set(expected)
        for level in ("province", "prefecture", "county"):
            at_level = {code: want["published"] for code, want in expected.items() if LEVEL_OF[code] == level}
            ranks = naive.competition_ranks(at_level)
            for code, score in at_level.items():
                at = sheets.regions.index(code)
                assert found.exact[at] == pytest.approx(expected[code]["score"], abs=EXACT)
                assert (found.published[at], found.rank[at]) == (score, ranks[code])


@given(st.lists(st.floats(0, 100), min_size=1), st.integers(0, 6))
def test_an_array_is_rounded_half_up_like_single_scores(values, decimals):
    values += [0.005, 59.995, 59.99499999999999, 1.25, float("nan")]
    rounded = round_all_half_up(np.array(values), decimals)
    for value, found in zip(values, rounded, strict=True):
        assert math.isnan(found) if math.isnan(value) else found == round_half_up(value, decimals)


def test_only_proportions_of_weights_count(demo_store):
    sheets, weights = sheets_of(demo_store, cycle=2026), Weights.of(demo_store.scheme(2026))
    doubled = weights.with_(
        systems={key: 2 * value for key, value in weights.systems.items()},
        points={key: 3 * value for key, value in weights.points.items()},
        categories={key: 5 * value for key, value in weights.categories.items()},
    )
    one, other = (score_regions(sheets, each).exact for each in (weights, doubled))
    assert np.allclose(one, other, atol=EXACT, rtol=0, equal_nan=True)


def test_an_indicator_without_points_is_as_if_it_were_not_asked(demo_store):
    sheets, weights = sheets_of(demo_store, cycle=2026), Weights.of(demo_store.scheme(2026))
    without = score_regions(sheets, weights.with_(points={sheets.indicators[0]: 0.0})).exact
    nearly = score_regions(sheets, weights.with_(points={sheets.indicators[0]: 1e-12})).exact
    assert np.allclose(without, nearly, atol=1e-6, equal_nan=True)
    assert np.nanmax(np.abs(without - score_regions(sheets, weights).exact)) > 0.01


def test_weights_name_every_entry_that_is_none():
    weights = Weights.of(SCHEME)
    with pytest.raises(WeightsError) as error:
        weights.with_(systems={"other": 0.5}, points={"T19-01": -1.0, "T19-02": float("nan")})
    assert all(
        text in str(error.value) for text in ("责任制 other", "指标 T19-01", "-1", "指标 T19-02", "nan")
    )
    with pytest.raises(WeightsError, match="责任制的权重全部为 0"):
        weights.with_(systems=dict.fromkeys(weights.systems, 0.0))


def test_changing_weights_leaves_the_first_ones_as_they_are():
    weights = Weights.of(SCHEME)
    changed = weights.with_(points={"T19-01": 30.0})
    assert (weights.points["T19-01"], changed.points["T19-01"]) == (SCHEME.by_id["T19-01"].points, 30.0)
    assert weights == Weights.of(SCHEME) != changed
    assert hash(weights) == hash(Weights.of(SCHEME))


def test_weights_that_lack_an_indicator_of_the_cycle_are_refused(demo_store):
    sheets, weights = sheets_of(demo_store, cycle=2026), Weights.of(demo_store.scheme(2026))
    lacking = Weights(
        weights.systems,
        {key: value for key, value in weights.points.items() if key != "T19-01"},
        weights.shares,
        weights.categories,
    )
    with pytest.raises(WeightsError, match="缺少：指标 T19-01"):
        score_regions(sheets, lacking)
