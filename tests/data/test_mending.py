"""What to mend first: against the loops of `naive` on random registers, within a scope, through a publication."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings

from data import queries
from data.model import Scope
from data.regions import prefecture_of, regions_by_code
from data.store import Store
from scoring.rounding import round_half_up
from tests.scoring import naive
from tests.scoring.registers import load, registers
from tests.scoring.test_against_naive import ANCESTORS, EXACT, LEVEL_OF

CYCLE, PROVINCE = 2026, "230000"
FEW = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
    ],
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    opened = Store.open(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("schemes")


def final(register, part, added: float) -> float:
    """F of a unit whose base rises by so much."""
    raw = min(max(part["base"] + added - part["deductions"] + part["bonus"], 0.0), 100.0)
    return min(raw, register.scheme.rules.veto_cap) if part["has_veto"] else raw


def naive_region(register, region: str, scores, mended) -> tuple[float, dict[str, float]]:
    """The region's exact score with `mended` (pairs of unit and indicator) at full marks, and Σ c · ΔF by unit."""
    weight = {c.id: c.weight for c in register.scheme.categories}
    total, gained, whole = 0.0, defaultdict(float), 0.0
    for unit in register.units.values():
        if region not in ANCESTORS[unit.region]:
            continue
        c = weight[unit.category]
        if unit.code not in scores:
            whole += (
                c if unit.code not in register.answers and register.scheme.rules.missing == "zero" else 0.0
            )
            continue
        part = scores[unit.code]
        added = sum(gap for i, gap in part["gaps"].items() if (unit.code, i) in mended)
        after = final(register, part, added)
        gained[unit.code] = c * (after - part["score"])
        total, whole = total + c * after, whole + c
    return total / whole, gained


@FEW
@given(registers())
def test_what_mending_gives_agrees_with_scoring_everything_anew(store, folder, drawn):
    fields, register = drawn
    cycle = load(store, folder, fields, register)
    decimals = register.scheme.rules.decimals
    for basis in (("composite", "peaceful_province")[cycle % 2],):
        scores = naive.unit_scores(register, basis)
        regions = naive.region_results(register, basis, ANCESTORS)
        short = [(u, i) for u, part in scores.items() for i, gap in part["gaps"].items() if gap > 0]
        for region, want in list(regions.items())[:3]:
            level = LEVEL_OF[region]
            others = [
                part["published"]
                for code, part in regions.items()
                if LEVEL_OF[code] == level and code != region
            ]
            inside = [(u, i) for u, i in short if region in ANCESTORS[register.units[u].region]]
            found = queries.mending(store, cycle=cycle, region=region, basis=basis).set_index("key")
            assert set(found.index) == {i for _, i in inside}
            for key, row in found.iterrows():
                mended = {(u, i) for u, i in inside if i == key}
                score, gained = naive_region(register, region, scores, mended)
                assert row["gain"] == pytest.approx(score - want["score"], abs=EXACT)
                assert row["units_short"] == len(mended)
                assert row["units_gain"] == sum(gain > EXACT for gain in gained.values())
                assert row["score_after"] == round_half_up(score, decimals)
                if others:
                    assert row["rank_after"] == 1 + sum(o > row["score_after"] for o in others)
            told = queries.mending_outlook(store, cycle=cycle, region=region, basis=basis)
            ceiling, _ = naive_region(register, region, scores, set(inside))
            assert told["ceiling"] == round_half_up(ceiling, decimals)
            assert 100 + sum(part["value"] for part in told["held"]) == pytest.approx(ceiling, abs=EXACT)
            printed = round_half_up(100 + sum(part["printed"] for part in told["held"]), decimals)
            assert printed == told["ceiling"]
            check_plan(store, register, region, scores, cycle=cycle, basis=basis, told=told)


def check_plan(store, register, region, scores, *, cycle, basis, told):
    """A plan's list, mended in the naive register, gives the score it says; so do its steps."""
    decimals = register.scheme.rules.decimals
    target = round_half_up((told["score"] + told["ceiling"]) / 2, decimals)
    for fewest in ("places", "units", "indicators"):
        plan = queries.mending_plan(
            store, cycle=cycle, region=region, basis=basis, target=target, fewest=fewest
        )
        mended = set(zip(plan["list"]["code"], plan["list"]["indicator"], strict=True))
        score, _ = naive_region(register, region, scores, mended)
        assert plan["is_reached"]
        assert plan["score_after"] == round_half_up(score, decimals) >= target
        assert plan["list"]["gain"].sum() == pytest.approx(score - told["score_exact"], abs=EXACT)
        assert plan["places"] == len(mended)
        assert plan["units"] == len({code for code, _ in mended})
        assert plan["indicators"] == len({indicator for _, indicator in mended})
        steps = plan["steps"]
        assert steps["value"].iloc[:-1].sum() == pytest.approx(steps["value"].iloc[-1], abs=EXACT)
        assert round_half_up(steps["printed"].iloc[:-1].sum(), decimals) == plan["score_after"]


def test_a_target_beyond_all_mending_is_said_to_be_so(demo_store):
    told = queries.mending_outlook(demo_store, cycle=CYCLE)
    plan = queries.mending_plan(demo_store, cycle=CYCLE, target=100.0)
    assert told["ceiling"] < 100  # somebody has not handed in
    assert not plan["is_reached"]
    assert plan["score_after"] == told["ceiling"]
    assert told["missing_units"] > 0
    assert {"missing"} <= {part["key"] for part in told["held"]}


def test_a_rank_is_reached_by_the_score_that_few_enough_others_exceed(demo_store):
    scores = queries.region_scores(demo_store, cycle=CYCLE, level="prefecture")
    scores = scores[scores["score"].notna()]
    last = scores["code"].iloc[-1]
    ceiling = queries.mending_outlook(demo_store, cycle=CYCLE, region=last)["ceiling_rank"]
    others = scores.loc[scores["code"] != last, "score"]
    for rank in range(1, len(scores) + 1):
        plan = queries.mending_plan(demo_store, cycle=CYCLE, region=last, rank=rank)
        assert plan["is_reached"] == (rank >= ceiling)
        assert plan["rank_after"] == 1 + (others > plan["score_after"]).sum()
        assert plan["rank_after"] <= max(rank, ceiling)
    assert plan["places"] == 0  # it has that rank already


def test_the_usual_target_is_above_the_score_and_can_be_reached(demo_store):
    for region in (None, "230100", "230200"):
        told = queries.mending_outlook(demo_store, cycle=CYCLE, region=region)
        assert told["score"] < told["usual_target"] <= told["ceiling"]
        plan = queries.mending_plan(demo_store, cycle=CYCLE, region=region)
        assert plan["target"] == told["usual_target"]
        assert plan["is_reached"]


def test_a_wrong_question_is_refused(demo_store):
    with pytest.raises(ValueError, match="fewest"):
        queries.mending_plan(demo_store, cycle=CYCLE, fewest="money")
    with pytest.raises(ValueError, match="名次"):
        queries.mending_plan(demo_store, cycle=CYCLE, rank=0)


@pytest.fixture(scope="module")
def county(demo_store):
    """A county with a score that has a sibling with a score."""
    found = queries.region_scores(demo_store, cycle=CYCLE, level="county")
    found = found[found["score"].notna()]
    many = found.groupby("parent").filter(lambda rows: len(rows) > 1)
    return many.iloc[0], many[many["parent"] == many["parent"].iloc[0]].iloc[1]


class TestScope:
    def test_of_a_sibling_only_totals_are_told(self, demo_store, county):
        own, sibling = county
        seen = demo_store.seen_by(Scope(own["code"]))
        assert queries.mending_plan(seen, cycle=CYCLE, region=sibling["code"]) == {}
        assert queries.mending_plan(seen, cycle=CYCLE) == {}
        found = queries.mending(seen, cycle=CYCLE, region=sibling["code"])
        whole = queries.mending(demo_store, cycle=CYCLE, region=sibling["code"])
        assert found["gain"].tolist() == whole["gain"].tolist()
        assert found["units_half"].isna().all()
        units = demo_store.units(cycle=CYCLE)
        told = found.to_string() + str(queries.mending_outlook(seen, cycle=CYCLE, region=sibling["code"]))
        assert not [code for code in units if code in told]

    def test_own_units_are_named_and_no_others(self, demo_store, county):
        own, _ = county
        plan = queries.mending_plan(
            demo_store.seen_by(Scope(own["code"])), cycle=CYCLE, region=own["code"], target=100.0
        )
        units = demo_store.units(cycle=CYCLE)
        assert {units[code].region for code in plan["list"]["code"]} == {own["code"]}
        whole = queries.mending_plan(demo_store, cycle=CYCLE, region=own["code"], target=100.0)
        assert plan["list"].equals(whole["list"])

    def test_ranks_count_only_regions_that_may_be_seen(self, demo_store, county):
        own, _ = county
        seen = demo_store.seen_by(Scope(own["code"]))
        visible = queries.region_scores(seen, cycle=CYCLE, level="county")
        visible = visible[visible["score"].notna()]
        told = queries.mending_outlook(seen, cycle=CYCLE, region=own["code"])
        assert told["peers"] == len(visible)
        assert told["rank"] == 1 + (visible["score"] > own["score"]).sum()
        assert sorted(told["others"]) == sorted(visible.loc[visible["code"] != own["code"], "score"])

    def test_elsewhere_and_to_a_unit_nothing_is_told(self, demo_store, county):
        own, _ = county
        elsewhere = next(
            code
            for code, region in regions_by_code().items()
            if region.level == "county" and prefecture_of(code) != own["parent"]
        )
        unit = next(code for code, u in demo_store.units(cycle=CYCLE).items() if u.region == own["code"])
        itself = demo_store.seen_by(Scope(own["code"], unit=unit))
        for seen, region in ((demo_store.seen_by(Scope(own["code"])), elsewhere), (itself, own["code"])):
            assert queries.mending(seen, cycle=CYCLE, region=region).empty
            assert queries.mending_outlook(seen, cycle=CYCLE, region=region) == {}
            assert queries.mending_plan(seen, cycle=CYCLE, region=region) == {}
