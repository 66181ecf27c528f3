"""Scores against the loops of `naive`, on random schemes and registers."""

import pytest
from hypothesis import HealthCheck, given, settings

from data.queries import region_scores, units
from data.queries.ask import ask
from data.regions import regions_by_code
from tests.scoring import naive
from tests.scoring.registers import load, registers

EXACT = 1e-9
LEVELS = {"prefecture": ("prefecture",), "county": ("county", "zone")}
SLOW_STORE = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
    ],
)


def ancestors():
    regions = regions_by_code()
    above = {}
    for code in regions:
        chain, at = [code], code
        while regions[at].parent:
            at = regions[at].parent
            chain.append(at)
        above[code] = chain
    return above


ANCESTORS = ancestors()
LEVEL_OF = {code: "county" if r.level == "zone" else r.level for code, r in regions_by_code().items()}


@SLOW_STORE
@given(registers())
def test_unit_scores_agree(store, folder, drawn):
    fields, register = drawn
    cycle = load(store, folder, fields, register)
    for basis in register.scheme.bases:
        expected = naive.unit_scores(register, basis)
        found = {row["code"]: row for row in units(store, cycle=cycle, basis=basis).to_dict("records")}
        assert set(found) == set(register.units)
        for code, row in found.items():
            if code not in register.answers:
                assert row["state"] == "not_submitted"
                assert row["score"] != row["score"]
            elif code not in expected:
                assert row["state"] == "no_duty"
            else:
                want = expected[code]
                assert row["state"] == ("scored" if want["is_comparable"] else "not_comparable")
                assert row["score_exact"] == pytest.approx(want["score"], abs=EXACT)
                assert row["score"] == want["published"]
                assert row["na_share"] == pytest.approx(want["na_share"], abs=EXACT)
                if want["self_base"] is not None:
                    assert row["self_inflation"] == pytest.approx(want["self_base"] - want["base"], abs=EXACT)


@SLOW_STORE
@given(registers())
def test_unit_ranks_are_competition_ranks_within_the_category(store, folder, drawn):
    fields, register = drawn
    cycle = load(store, folder, fields, register)
    expected = naive.unit_scores(register, "composite")
    found = {row["code"]: row["rank"] for row in units(store, cycle=cycle).to_dict("records")}
    for category in {unit.category for unit in register.units.values()}:
        group = {
            code: want["published"]
            for code, want in expected.items()
            if register.units[code].category == category and want["is_comparable"]
        }
        ranked = len(group) >= register.scheme.rules.min_group
        for code, rank in naive.competition_ranks(group).items():
            assert (found[code] == rank) if ranked else (found[code] is None or found[code] != found[code])


@SLOW_STORE
@given(registers())
def test_grades_follow_score_ceiling_veto_and_the_province(store, folder, drawn):
    fields, register = drawn
    cycle = load(store, folder, fields, register)
    for basis in register.scheme.bases:
        assert found_grades(store, cycle, "unit", basis) == naive.unit_grades(register, basis)
        expected = naive.region_grades(register, basis, ANCESTORS, LEVEL_OF)
        assert found_grades(store, cycle, "region", basis) == expected


def found_grades(store, cycle, subject, basis):
    """code → (grade, by score, what decided, at the cut) of everybody with a score, from the kept results."""
    store.refresh(cycle)
    rows = store.rows(
        f"select {subject}, grade, grade_by_score, grade_reason, is_at_cut from result_{subject}_score "
        "where cycle = $cycle and basis = $basis and score is not null",
        cycle=cycle,
        basis=basis,
    )
    return {code: tuple(rest) for code, *rest in rows}


@SLOW_STORE
@given(registers())
def test_region_scores_ranks_and_gaps_agree_and_add_up(store, folder, drawn):
    fields, register = drawn
    cycle = load(store, folder, fields, register)
    regions = regions_by_code()
    for basis in register.scheme.bases:
        expected = naive.region_results(register, basis, ANCESTORS)
        gaps = ask(store, "all_region_gaps", cycle=cycle, basis=basis)
        for level, kinds in LEVELS.items():
            at_level = {code: want for code, want in expected.items() if regions[code].level in kinds}
            ranks = naive.competition_ranks({code: want["published"] for code, want in at_level.items()})
            for row in region_scores(store, cycle=cycle, level=level, basis=basis).to_dict("records"):
                if row["code"] not in at_level:
                    assert row["rank"] is None or row["rank"] != row["rank"]
                    continue
                want = at_level[row["code"]]
                assert row["score_exact"] == pytest.approx(want["score"], abs=EXACT)
                assert row["score"] == want["published"]
                assert row["rank"] == ranks[row["code"]]
                for part in ("missing", "deductions", "bonus", "clipped", "veto"):
                    assert row[part] == pytest.approx(want[part], abs=EXACT)
                found = gaps[gaps["code"] == row["code"]].set_index("indicator")["gap"].to_dict()
                assert found == pytest.approx(want["gaps"], abs=EXACT)
                lost = sum(found.values()) + row["missing"] + row["deductions"] + row["veto"]
                assert 100 - row["score_exact"] == pytest.approx(
                    lost - row["bonus"] - row["clipped"], abs=EXACT
                )
