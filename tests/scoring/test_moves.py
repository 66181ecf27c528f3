"""The move of a score between two years against the loops of `naive`, on two random schemes and registers that differ."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

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
                steps = queries.bridge(store, **years, **{kind: code}, basis=basis, by=by)
                printed = round_half_up(then["published"] + steps["printed"].iloc[1:-1].sum(), decimals)
                assert printed == after["published"] == steps["printed"].iloc[-1]


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
