"""Two regions side by side: the split against the loops of `naive`, within a scope, with small categories hidden."""

from __future__ import annotations

import pytest
from hypothesis import given

from data import queries
from data.model import Scope
from data.regions import prefecture_of, regions_by_code
from scoring.rounding import round_half_up
from tests.data.test_mending import FEW, folder, store  # noqa: F401
from tests.scoring import naive
from tests.scoring.registers import CATEGORIES, load, registers
from tests.scoring.test_against_naive import ANCESTORS, EXACT

CYCLE, PROVINCE = 2026, "230000"
SIGNS = {"missing": 1, "deductions": 1, "veto": 1, "bonus": -1, "clipped": -1}


def sides_of(reader, **asked):
    return queries.comparison(reader, **asked)[0]


def lines_of(reader, **asked):
    return queries.comparison(reader, **asked)[1]


def steps_of(reader, **asked):
    return queries.comparison(reader, **asked)[2]


def naive_sides(register, category: str | None, basis: str) -> dict:
    """naive.region_results over the units of one category alone."""
    units = {c: u for c, u in register.units.items() if category in (None, u.category)}
    answers = {c: a for c, a in register.answers.items() if c in units}
    part = naive.Register(
        scheme=register.scheme,
        cycle=register.cycle,
        units=units,
        answers=answers,
        reviews=register.reviews,
        findings=register.findings,
    )
    return naive.region_results(part, basis, ANCESTORS)


@FEW
@given(registers())
def test_the_difference_splits_exactly_whoever_is_compared(store, folder, drawn):  # noqa: F811
    fields, register = drawn
    cycle = load(store, folder, fields, register)
    decimals = register.scheme.rules.decimals
    for category in (None, *CATEGORIES):
        sides = naive_sides(register, category, "composite")
        for region in list(sides)[:2]:
            asked = {"cycle": cycle, "region": region, "other": None, "category": category}
            here, there = sides[region], sides[PROVINCE]
            expected = {
                i: there["gaps"].get(i, 0.0) - here["gaps"].get(i, 0.0) for i in here["gaps"] | there["gaps"]
            }
            expected |= {part: sign * (there[part] - here[part]) for part, sign in SIGNS.items()}
            told = sides_of(store, **asked)
            for side, want in zip(told, (here, there), strict=True):
                assert side["score_exact"] == pytest.approx(want["score"], abs=EXACT)
                assert side["score"] == want["published"]
            apart = round_half_up(here["published"] - there["published"], decimals)
            for by in ("indicator", ("dimension", "article")[cycle % 2]):
                found = lines_of(store, **asked, by=by)
                assert found["change"].sum() == pytest.approx(here["score"] - there["score"], abs=EXACT)
                assert round_half_up(found["printed"].sum(), decimals) == apart
                lost = (found["gap_there"] - found["gap_here"]).tolist()
                assert lost == pytest.approx(found["change"].tolist(), abs=EXACT)
                gaps = found[found["kind"] == "gap"]
                assert (gaps["by_attainment"] + gaps["by_weight"]).tolist() == pytest.approx(
                    gaps["change"].tolist(), abs=EXACT
                )
                steps = steps_of(store, **asked, by=by)
                assert steps["value"].iloc[:-1].sum() == pytest.approx(here["score"], abs=EXACT)
                assert round_half_up(steps["printed"].iloc[:-1].sum(), decimals) == here["published"]
                if by == "indicator":
                    by_key = dict(zip(found["key"], found["change"], strict=True))
                    for key, change in expected.items():
                        assert by_key.get(key, 0.0) == pytest.approx(change, abs=EXACT), key


def test_attainments_are_those_of_the_gaps(demo_store):
    found = lines_of(demo_store, cycle=CYCLE, region="230100", by="dimension").set_index("key")
    for region, side in (("230100", "here"), (None, "there")):
        gaps = queries.region_gaps(demo_store, cycle=CYCLE, region=region, by="dimension")
        for row in gaps.itertuples():
            assert found.loc[row.key, f"attainment_{side}"] == pytest.approx(row.attainment, abs=EXACT)
            assert found.loc[row.key, f"gap_{side}"] == pytest.approx(row.gap, abs=EXACT)


def test_a_difference_of_attainment_alone_is_all_from_attainment(demo_store):
    """The same category has the same duties, so between two regions of it only few points come from weight."""
    frame = lines_of(demo_store, cycle=CYCLE, region="230100", other="230200")
    gaps = frame[frame["kind"] == "gap"]
    both = gaps["note"] == ""
    mean = (
        gaps["gap_there"] / (1 - gaps["attainment_there"]) + gaps["gap_here"] / (1 - gaps["attainment_here"])
    ) / 2
    exact = mean * (gaps["attainment_here"] - gaps["attainment_there"])
    known = both & exact.notna() & (exact.abs() < 1e6)
    assert known.any()
    assert gaps.loc[known, "by_attainment"].tolist() == pytest.approx(exact[known].tolist(), abs=EXACT)


def test_many_lines_become_few_steps_that_still_add_up(demo_store):
    steps = steps_of(demo_store, cycle=CYCLE, region="230100", by="indicator")
    sides = sides_of(demo_store, cycle=CYCLE, region="230100")
    assert len(steps) <= 16
    assert "其余" in steps["label"].iloc[-2]
    assert steps["value"].iloc[:-1].sum() == pytest.approx(sides[0]["score_exact"], abs=EXACT)


@pytest.fixture(scope="module")
def county(demo_store):
    found = queries.region_scores(demo_store, cycle=CYCLE, level="county")
    return found[found["score"].notna()].iloc[0]


def test_only_regions_that_may_be_seen_are_compared(demo_store, county):
    seen = demo_store.seen_by(Scope(county["code"]))
    elsewhere = next(
        code
        for code, region in regions_by_code().items()
        if region.level == "county" and prefecture_of(code) != county["parent"]
    )
    whole = lines_of(demo_store, cycle=CYCLE, region=county["code"])
    assert lines_of(seen, cycle=CYCLE, region=county["code"]).equals(whole)
    for region, other in ((county["code"], elsewhere), (elsewhere, None)):
        assert lines_of(seen, cycle=CYCLE, region=region, other=other).empty
        sides = sides_of(seen, cycle=CYCLE, region=region, other=other)
        assert {side["is_hidden"] for side in sides if side["code"] == elsewhere} == {True}
        assert [side["score"] for side in sides if side["code"] == elsewhere] == [None]
    unit = next(code for code, u in demo_store.units(cycle=CYCLE).items() if u.region == county["code"])
    itself = demo_store.seen_by(Scope(county["code"], unit=unit))
    assert lines_of(itself, cycle=CYCLE, region=county["code"]).empty


def test_a_category_with_too_few_units_beyond_the_own_region_is_not_told(demo_store, county):
    """As many as min_group are told, fewer are not: neither their mean, nor what it would leave with one's own taken off."""
    least = demo_store.scheme(CYCLE).rules.min_group
    units = queries.units(demo_store, cycle=CYCLE)
    scored = units[units["score"].notna() & (units["region"] != county["code"])]
    counts = scored.groupby("category").size()
    seen = demo_store.seen_by(Scope(county["code"]))
    told = {
        category: not sides_of(seen, cycle=CYCLE, region=county["code"], other=None, category=category)[1][
            "is_hidden"
        ]
        for category in counts.index
    }
    assert told == {category: count >= least for category, count in counts.items()}
    assert set(told.values()) == {True, False}
    small = next(category for category, is_told in told.items() if not is_told)
    assert lines_of(seen, cycle=CYCLE, region=county["code"], category=small).empty
    whole = sides_of(demo_store, cycle=CYCLE, region=None, category=small)
    assert not whole[0]["is_hidden"]
