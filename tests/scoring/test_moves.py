"""The move of a score between two years against the loops of `naive`, on two random schemes and registers that differ."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import queries
from data.regions import regions_by_code
from scoring.comparison import compare_schemes
from scoring.rounding import round_half_up
from tests.scoring import naive
from tests.scoring.registers import load, registers
from tests.scoring.test_against_naive import ANCESTORS, EXACT

TWO_YEARS = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
    ],
)
SIGNS = {"missing": 1, "deductions": 1, "veto": 1, "bonus": -1, "clipped": -1}


def expected_moves(before, now) -> dict[str, float]:
    """Cause → points by which it raised the score, from the naive parts of two years."""
    causes = {i: before["gaps"].get(i, 0.0) - now["gaps"].get(i, 0.0) for i in before["gaps"] | now["gaps"]}
    for part, sign in SIGNS.items():
        causes[part] = sign * (before.get(part, 0.0) - now.get(part, 0.0))
    return causes


def check(found, before, now, decimals: int) -> None:
    assert found["change"].sum() == pytest.approx(now["score"] - before["score"], abs=EXACT)
    assert list(found["change"][found["kind"] == "gap"]) == sorted(
        found["change"][found["kind"] == "gap"], reverse=True
    )
    expected = expected_moves(before, now)
    by_key = dict(zip(found["key"], found["change"], strict=True))
    for key, change in expected.items():
        assert by_key.get(key, 0.0) == pytest.approx(change, abs=EXACT), key
    assert set(by_key) <= set(expected)


def check_steps(steps, before, now, decimals: int) -> None:
    """From one published score to the other, as printed and in full; each step is printed as its own size, up or down."""
    assert list(steps["kind"].iloc[[0, -1]]) == ["start", "total"]
    between = steps.iloc[1:-1]
    assert steps["printed"].iloc[0] == before["published"]
    printed = round_half_up(before["published"] + between["printed"].sum(), decimals)
    assert printed == now["published"] == steps["printed"].iloc[-1]
    assert steps["value"].iloc[0] + between["value"].sum() == pytest.approx(
        steps["value"].iloc[-1], abs=EXACT
    )
    causes = between[between["kind"] != "rounding"]
    assert causes["value"].sum() == pytest.approx(now["score"] - before["score"], abs=EXACT)
    assert ((causes["printed"] - causes["value"]).abs() < 10**-decimals + EXACT).all()


@TWO_YEARS
@given(
    st.sampled_from([((0,), (2,)), ((2,), (0,))]).flatmap(
        lambda pair: st.tuples(*(registers(kept) for kept in pair))
    )
)
def test_what_only_rounding_moves_is_a_step_where_schemes_print_other_decimals(store, folder, pair):
    (fields, before), (other_fields, now) = pair
    years = {"before": load(store, folder, fields, before), "cycle": load(store, folder, other_fields, now)}
    parts = [naive.region_results(register, "composite", ANCESTORS) for register in (before, now)]
    kept = [register.scheme.rules.decimals for register in (before, now)]
    for code in parts[0].keys() & parts[1].keys():
        steps = queries.bridge(store, **years, region=code)
        then, after = (part[code] for part in parts)
        check_steps(steps, then, after, 2)
        [rounding] = steps[steps["kind"] == "rounding"].to_dict("records")
        moved = after["published"] - then["published"] - (after["score"] - then["score"])
        assert rounding["value"] == pytest.approx(moved, abs=EXACT)
        assert all(
            f"{year} 年 {d} 位" in rounding["note"] for year, d in zip(years.values(), kept, strict=True)
        )


@TWO_YEARS
@given(registers(), registers())
def test_a_move_splits_exactly_by_indicator_also_where_the_schemes_differ(store, folder, first, second):
    (fields, before), (other_fields, now) = first, second
    years = {"before": load(store, folder, fields, before), "cycle": load(store, folder, other_fields, now)}
    comparison = compare_schemes(before.scheme, now.scheme)
    decimals = max(r.scheme.rules.decimals for r in (before, now))
    for basis in ("composite",):
        parts = [naive.region_results(register, basis, ANCESTORS) for register in (before, now)]
        scores = [naive.unit_scores(register, basis) for register in (before, now)]
        cases = [("region", code, *(part.get(code) for part in parts)) for code in {*parts[0], *parts[1]}]
        cases += [("unit", code, *(score.get(code) for score in scores)) for code in list(now.units)[:2]]
        for kind, code, then, after in cases:
            found = queries.moves(store, **years, **{kind: code}, basis=basis)
            if then is None or after is None:
                assert found.empty
                continue
            check(found, then, after, decimals)
            for row in found[found["kind"] == "gap"].itertuples():
                assert row.presence == comparison.by_id[row.key].presence
                if row.by_attainment == row.by_attainment:
                    assert row.by_attainment + row.by_weight == pytest.approx(row.change, abs=EXACT)
            for by in ("dimension",):
                grouped = queries.moves(store, **years, **{kind: code}, basis=basis, by=by)
                assert grouped["change"].sum() == pytest.approx(after["score"] - then["score"], abs=EXACT)
                check_steps(
                    queries.bridge(store, **years, **{kind: code}, basis=basis, by=by), then, after, decimals
                )


@TWO_YEARS
@given(registers(), registers())
def test_movers_are_told_by_code_with_those_who_are_new_or_gone(store, folder, first, second):
    (fields, before), (other_fields, now) = first, second
    years = {"before": load(store, folder, fields, before), "cycle": load(store, folder, other_fields, now)}
    scores = [naive.unit_scores(register, "composite") for register in (before, now)]
    found = queries.unit_moves(store, **years).set_index("code")
    assert set(found.index) == {*before.units, *now.units}
    for code, row in found.iterrows():
        if code not in now.units or code not in before.units:
            assert row["status"] == ("gone" if code in before.units else "new")
        elif code in scores[0] and code in scores[1]:
            assert row["status"] == "both"
            assert row["change"] == pytest.approx(
                scores[1][code]["score"] - scores[0][code]["score"], abs=EXACT
            )
            assert row["moved"] == pytest.approx(
                scores[1][code]["published"] - scores[0][code]["published"], abs=EXACT
            )
        else:
            assert row["status"] == "no_score"
    sizes = found["change"].abs().dropna().tolist()
    assert sizes == sorted(sizes, reverse=True)

    results = [naive.region_results(register, "composite", ANCESTORS) for register in (before, now)]
    registered = [
        {r for unit in each.units.values() for r in ANCESTORS[unit.region]} for each in (before, now)
    ]
    levels = regions_by_code()
    moved = queries.region_moves(store, **years, level="prefecture").set_index("code")
    assert set(moved.index) == {
        code for code in registered[0] | registered[1] if levels[code].level == "prefecture"
    }
    for code, row in moved.iterrows():
        if code in results[0] and code in results[1]:
            change = results[1][code]["score"] - results[0][code]["score"]
            assert row["change"] == pytest.approx(change, abs=EXACT)
            causes = expected_moves(results[0][code], results[1][code])
            largest = sorted((abs(points) for points in causes.values() if points), reverse=True)[:3]
            assert row["causes"].count("（") == len(largest)
        else:
            assert row["change"] != row["change"]
            assert row["causes"] == ""


@TWO_YEARS
@given(registers(), registers())
def test_articles_compare_over_what_both_years_ask_alike(store, folder, first, second):
    (fields, before), (other_fields, now) = first, second
    years = {"before": load(store, folder, fields, before), "cycle": load(store, folder, other_fields, now)}
    comparison = compare_schemes(before.scheme, now.scheme)
    terms = []
    for register in (before, now):
        scheme, scores = register.scheme, naive.unit_scores(register, "composite")
        weight = {c.id: c.weight for c in scheme.categories}
        sums: dict[str, list[float]] = {}
        for code, score in scores.items():
            c = weight[register.units[code].category]
            for i, omega in score["omega"].items():
                pair = sums.setdefault(i, [0.0, 0.0])
                pair[0] += c * omega
                pair[1] += c * (omega - score["gaps"][i] / 100)
        terms.append(sums)
    shared = {e.id for e in comparison.indicators if e.is_comparable} & set(terms[0]) & set(terms[1])
    found = queries.comparable_attainments(store, **years)
    if not terms[0] and not terms[1]:
        assert found.empty
        return
    [row] = found.to_dict("records")  # all indicators of these schemes stand under Art. 19
    assert row["alike"] == len(shared)
    for column, sums in zip(("before", "now"), terms, strict=True):
        whole = sum(sums[i][0] for i in shared)
        if whole:
            assert row[column] == pytest.approx(sum(sums[i][1] for i in shared) / whole, abs=EXACT)
        else:
            assert row[column] != row[column]
