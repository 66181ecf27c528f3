"""What is asked of all regions or bases at once and looked up after that is what each is told alone, and no longer than it is true."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta

import pandas as pd
import pytest

from data import queries
from data.model import Scope
from data.moment import one_moment
from data.queries import all_regions
from data.queries.ask import ask
from data.regions import PROVINCE, is_within, regions_by_code
from data.store import Store

CYCLE = 2026
BASES = ("composite", "national_security", "peaceful_province")
HARBIN, DISTRICT, ELSEWHERE = "230100", "230102", "230200"
TODAY = date(2026, 12, 1)
SCOPES = {"province": Scope(PROVINCE), "prefecture": Scope(HARBIN), "county": Scope(DISTRICT)}


@pytest.fixture
def changed(demo_copy) -> Iterator[Store]:
    """A store that a test may write to."""
    with closing(Store.open(demo_copy)) as store:
        yield store


@pytest.fixture(params=SCOPES, scope="module")
def seen(request, demo_store):
    """The store as readers of three scopes see it, one after the other in the same process."""
    return demo_store.seen_by(SCOPES[request.param])


OF_ONE_BASIS = {
    "grade_shares": {},
    "region_gaps": {"region": "region", "by": "indicator"},
    "region_terms": {},
}
TOTALS = [
    ("region_scores", {}),
    ("trial_regions", {}),
    ("region_dimensions", {"region": "region"}),
    ("region_trend", {"others": [CYCLE - 1]}),
    *((name, options | {"basis": basis}) for name, options in OF_ONE_BASIS.items() for basis in BASES),
]


@pytest.mark.parametrize("scope", [*SCOPES.values(), Scope(DISTRICT, unit="none")], ids=str)
@pytest.mark.parametrize(("name", "options"), TOTALS, ids=str)
def test_totals_that_are_asked_once_for_all_are_those_that_each_reader_may_see(
    demo_store, scope, name, options
):
    store = demo_store.seen_by(scope)
    found = all_regions._totals(store, cycle=CYCLE, name=name, make=all_regions._as_they_are, **options)
    is_of_cycle = name != "region_trend"
    asked = {key: value for key, value in options.items() if key in ("by", "basis")}
    alone = ask(store, name, cycle=CYCLE if is_of_cycle else None, **asked)
    assert list(found.columns) == list(alone.columns)
    assert len(found) == len(alone) > (0 if scope.unit is None or name == "region_scores" else -1)
    rows = [frame.astype(object).where(frame.notna(), None).to_dict("records") for frame in (found, alone)]
    assert rows[0] == rows[1]


@pytest.mark.parametrize("region", [PROVINCE, HARBIN, DISTRICT, ELSEWHERE])
def test_every_region_is_told_of_its_own_matters(seen, region):
    told = " ".join(queries.attention(seen, cycle=CYCLE, region=region)["text"])
    units = queries.units(seen, cycle=CYCLE, region=region)
    claims = queries.na_claims(seen, cycle=CYCLE, region=region)
    claims = claims[claims["state"] == "pending"]
    if missing := int((units["state"].isin(["not_submitted", "refused"])).sum()):
        assert f"{missing} 家单位未提交，占登记单位 {missing / len(units):.1%}" in told
    else:
        assert "未提交，占" not in told
    for number, words in (
        (int(units["has_veto"].eq(True).sum()), "家单位被一票否决"),
        (int(units["is_late"].eq(True).sum()), "家单位逾期提交"),
        (int((units["state"] == "not_comparable").sum()), "家单位适用分值过低"),
        (len(claims), f"项“不适用”待核，涉及 {claims['unit'].nunique()} 家单位"),
    ):
        assert (f"{number} {words}" in told) == (number > 0)
    gaps = queries.region_gaps(seen, cycle=CYCLE, region=region)
    assert not len(gaps) or f"失分最多的指标：{gaps['label'].iloc[0]}（" in told


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("region", [PROVINCE, HARBIN, DISTRICT, ELSEWHERE])
def test_categories_of_a_region_are_those_of_its_units(seen, region, basis):
    counts = queries.unit_categories(seen, cycle=CYCLE, region=region, basis=basis).set_index("category")
    units = queries.units(seen, cycle=CYCLE, region=region, basis=basis)
    assert dict(counts["units"]) == dict(units["category"].value_counts())
    for category, own in units.groupby("category"):
        low, high = counts.loc[category, ["low", "high"]]
        assert own["score"].isna().all() or (low, high) == (own["score"].min(), own["score"].max())


@pytest.mark.parametrize("basis", BASES)
def test_a_unit_is_told_of_the_basis_that_was_asked_for(demo_store, basis):
    units = queries.units(demo_store, cycle=CYCLE, region=HARBIN, basis=basis)
    codes = [*units["code"][:3], *units.loc[units["score"].isna(), "code"][:2]]
    several = {
        name: query(demo_store, cycle=CYCLE, units=codes, basis=basis)
        for name, query in (("terms", queries.units_full_terms), ("dimensions", queries.units_dimensions))
    }
    for code in codes:
        summary = queries.unit_summary(demo_store, cycle=CYCLE, unit=code, basis=basis)
        row = units[units["code"] == code].iloc[0].to_dict()
        assert {name: summary[name] for name in row} == {
            name: None if pd.isna(value) else value for name, value in row.items()
        }
        for name, query in (("terms", queries.unit_terms), ("dimensions", queries.unit_dimensions)):
            own = several[name][several[name]["code"] == code].drop(columns="code").reset_index(drop=True)
            pd.testing.assert_frame_equal(
                query(demo_store, cycle=CYCLE, unit=code, basis=basis), own, check_dtype=False
            )


@pytest.mark.parametrize("basis", [*BASES, "nobody's"])
def test_what_indicators_weigh_for_units_is_what_the_database_says_of_all(demo_store, basis):
    """sql/unit_term, which questions over many units join, and scoring/unit_terms, which those about few are told from."""
    codes = list(queries.units(demo_store, cycle=CYCLE)["code"])
    found = queries.units_terms(demo_store, cycle=CYCLE, units=codes, basis=basis)
    columns = ["unit", "indicator", "omega", "x", "gap"]
    rows = demo_store.rows(
        f"select {', '.join(columns)} from unit_term where cycle = $cycle and basis = $basis order by unit, indicator",
        cycle=CYCLE,
        basis=basis,
    )
    assert bool(rows) == (basis in BASES)
    expected = pd.DataFrame(rows, columns=found.columns)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=0, atol=1e-12)


@pytest.mark.parametrize("basis", BASES)
def test_dimensions_of_a_unit_follow_from_its_terms_and_from_all_units_of_its_category(demo_store, basis):
    units = queries.units(demo_store, cycle=CYCLE, basis=basis)
    category = units.loc[units["state"] == "scored", "category"].value_counts().index[0]
    codes = list(units.loc[units["category"] == category, "code"])
    terms = queries.units_full_terms(demo_store, cycle=CYCLE, units=codes, basis=basis)
    weighed = terms.assign(got=terms["effective_weight"] * terms["attainment"])
    weighed = weighed[weighed["effective_weight"] > 0]
    code = weighed["code"].iloc[0]
    own = weighed[weighed["code"] == code].groupby("dimension_name")[["effective_weight", "got"]].sum()
    shown = queries.unit_dimensions(demo_store, cycle=CYCLE, unit=code, basis=basis).set_index(
        "dimension_name"
    )
    assert set(shown.index) == set(own.index)
    pd.testing.assert_series_equal(
        shown["attainment"].sort_index(), own["got"] / own["effective_weight"], check_names=False
    )
    every = weighed.groupby("dimension_name")[["effective_weight", "got"]].sum()
    means = (every["got"] / every["effective_weight"])[shown.index]
    pd.testing.assert_series_equal(shown["category_mean"], means, check_names=False)
    assert queries.unit_terms(demo_store, cycle=CYCLE, unit=code, basis="nobody's").empty


@pytest.mark.parametrize(
    ("table", "single"),
    [("review", queries.changed_rulings), ("finding_event", queries.unit_findings)],
)
def test_a_unit_without_an_event_is_told_what_one_with_events_is_asked(demo_store, table, single):
    """Rulings and findings are asked only where the journal tells of some: the same columns, and no row too few."""
    events = demo_store.rows(f"select cycle, list(distinct unit) from {table} group by cycle order by cycle")
    cycle, told = events[-1]
    units = list(queries.units(demo_store, cycle=cycle)["code"])
    with_events = [code for code in units if code in set(told)][:30]
    without = next(code for code in units if code not in set(told))
    found = {code: single(demo_store, cycle=cycle, unit=code) for code in with_events}
    nothing = single(demo_store, cycle=cycle, unit=without)
    assert nothing.empty and any(len(frame) for frame in found.values())
    assert all(list(frame.columns) == list(nothing.columns) for frame in found.values())
    if table == "review":
        counts = queries.units_rulings(demo_store, cycle=cycle, units=units)["code"].value_counts()
        assert {code: len(frame) for code, frame in found.items()} == {
            code: int(counts.get(code, 0)) for code in found
        }
        assert without not in counts


def test_a_unit_beyond_the_scope_or_the_register_is_told_of_nothing(demo_store):
    there = queries.units(demo_store, cycle=CYCLE, region=ELSEWHERE)["code"].iloc[0]
    assert queries.unit_summary(demo_store.seen_by(Scope(PROVINCE)), cycle=CYCLE, unit=there)
    for code in (there, "nobody"):
        asked = {"store": demo_store.seen_by(Scope(DISTRICT)), "cycle": CYCLE, "unit": code}
        assert queries.unit_summary(**asked) == {}
        assert queries.unit_terms(**asked).empty and queries.unit_dimensions(**asked).empty
        assert "code" not in queries.unit_terms(**asked)


def test_whoever_changes_a_units_answers_changes_them_for_nobody_else(demo_store):
    code = queries.units(demo_store, cycle=CYCLE, region=HARBIN)["code"].iloc[0]
    summary = queries.unit_summary(demo_store, cycle=CYCLE, unit=code)
    terms = queries.unit_terms(demo_store, cycle=CYCLE, unit=code)
    summary["name"], summary["systems"][0]["name"] = "", ""
    terms["title"] = ""
    again = queries.unit_summary(demo_store, cycle=CYCLE, unit=code)
    assert again["name"] and again["systems"][0]["name"]
    assert (queries.unit_terms(demo_store, cycle=CYCLE, unit=code)["title"] != "").all()


def test_what_was_written_since_is_looked_up_anew(changed):
    unit = next(iter(changed.units(cycle=CYCLE).values()))
    asked = {"cycle": CYCLE, "unit": unit.code}
    names = queries.unit_summary(changed, **asked)["name"]
    counts = queries.unit_categories(changed, cycle=CYCLE, region=unit.region)["units"].sum()
    told = queries.attention(changed, cycle=CYCLE, region=unit.region)
    with one_moment(changed, cycle=CYCLE) as moment:
        assert moment.cycle(CYCLE).status == "open"
        changed.change_cycle(cycle=CYCLE, status="closed")
        assert moment.cycle(CYCLE).status == "open"  # a moment goes on with what it saw
    with one_moment(changed, cycle=CYCLE) as moment:
        assert moment.cycle(CYCLE).status == "closed"
    changed.register_units(
        cycle=CYCLE,
        units=[
            unit.__class__(unit.code, f"{names}（新）", unit.region, unit.category, unit.tags),
            unit.__class__("NEW-1", "新登记的单位", unit.region, unit.category, unit.tags),
        ],
    )
    assert queries.unit_summary(changed, **asked)["name"] == f"{names}（新）"
    assert queries.unit_categories(changed, cycle=CYCLE, region=unit.region)["units"].sum() == counts + 1
    assert list(queries.attention(changed, cycle=CYCLE, region=unit.region)["text"]) != list(told["text"])


def test_rates_of_tasks_are_those_of_the_regions_asked_for(seen):
    known = regions_by_code()
    below = queries.task_rates(seen, cycle=CYCLE, today=TODAY, level="county", parent=HARBIN)
    assert set(below["code"]) <= {code for code in known if known[code].parent == HARBIN}
    every = queries.task_rates(seen, cycle=CYCLE, today=TODAY, level="county")
    assert set(below["code"]) == {code for code in every["code"] if is_within(code, HARBIN)}
    for code in [PROVINCE, *below["code"][:3]]:
        alone = queries.task_rates(seen, cycle=CYCLE, today=TODAY, region=code)
        assert list(alone["code"]) == [code]
        assert queries.task_summary(seen, cycle=CYCLE, today=TODAY, region=code)["name"] == known[code].name


def test_ageing_of_tasks_is_that_of_the_region_and_of_the_day(seen):
    for region in (None, HARBIN, DISTRICT, ELSEWHERE, "nowhere"):
        for today in (TODAY, TODAY + timedelta(days=40)):
            tasks = queries.tasks(seen, cycle=CYCLE, today=today, region=region)
            ageing = queries.task_ageing(seen, cycle=CYCLE, today=today, region=region)
            assert list(ageing["bucket"]) == ["15 天以内", "16–30 天", "31–60 天", "60 天以上"]
            assert ageing["open_tasks"].sum() == (~tasks["state"].isin(["done", "withdrawn"])).sum()
            assert ageing["overdue"].sum() == tasks["is_overdue"].sum()
