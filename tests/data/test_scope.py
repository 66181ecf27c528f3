"""One door for scope: a person's reads hold nothing beyond the scope, and without a scope there is nothing."""

from __future__ import annotations

import re
from datetime import date

import duckdb
import pytest
from pandas.testing import assert_frame_equal

from data import queries
from data.demo.units import demo_units
from data.model import Actor, Scope
from data.queries.ask import QUERIES, WHOLE, reads_results
from data.regions import prefecture_of, regions_by_code
from data.schema import SEEN
from data.store import StoreError

CYCLE = 2026
PROVINCE = "230000"
FILES = sorted(QUERIES.glob("*.sql"))
EVERYTHING = Scope(PROVINCE)


@pytest.fixture(scope="module")
def unit(demo_store):
    """A unit in a county that has handed in."""
    found = queries.units(demo_store, cycle=CYCLE)
    found = found[(found["state"] == "scored") & (found["region"].str.slice(4) != "00")]
    return demo_store.unit(cycle=CYCLE, code=found["code"].iloc[0])


@pytest.fixture(scope="module")
def scopes(unit):
    return {
        "province": EVERYTHING,
        "prefecture": Scope(prefecture_of(unit.region)),
        "county": Scope(unit.region),
        "unit": Scope(unit.region, unit=unit.code),
    }


def values(sql: str, unit) -> dict:
    """Something for every parameter that a query file has."""
    given = {
        "cycle": CYCLE,
        "region": PROVINCE,
        "province": PROVINCE,
        "basis": "composite",
        "unit": unit.code,
        "level": "county",
        "parent": None,
        "category": None,
        "by": "dimension",
        "indicator": None,
        "most": 10_000,
        "receipt": 1,
        "inflation": 10.0,
        "after": 0,
        "until": 10**9,
        "before": CYCLE - 1,
        "stage": "province",
        "only_na": False,
        "units": [unit.code],
        "indicators": ["T10-01"],
        "today": date(2026, 12, 1),
        "task": None,
        "previous": CYCLE - 1,
        "top_share": 0.1,
        "jump": 5.0,
        "rare": 0.2,
        "unusual": 1,
        "copied": 1,
        "evidence_length": 1,
        "most_named": 3,
        "with_late": True,
        "within": [unit.region],
    }
    names = set(re.findall(r"\$(\w+)", sql))
    return {name: given.get(name) for name in names}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_without_a_scope_a_query_returns_nothing(path, demo_store, unit):
    """No unit, no region's figure, no file; a count is 0. What a scheme says is no secret."""
    demo_store.refresh(CYCLE)
    cursor = demo_store.seen_cursor(SEEN)
    sql = path.read_text("utf-8")
    told = cursor.execute(sql, values(sql, unit)).df()
    codes = set(demo_store.units(cycle=CYCLE)) | set(regions_by_code())
    assert not (set(told.astype(str).to_numpy().ravel()) & codes)
    counted = told.select_dtypes("number").drop(
        columns=["cycle", "article", "indicators", "weight", "position", "data_version"], errors="ignore"
    )
    assert not counted.fillna(0).to_numpy().any()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_query_can_be_asked_within_a_scope(path, demo_store, unit, scopes):
    sql = path.read_text("utf-8")
    for scope in scopes.values():
        demo_store.seen_by(scope).query(sql, **values(sql, unit))


@pytest.mark.parametrize("path", sorted(WHOLE.glob("*.sql")), ids=lambda path: path.stem)
def test_what_no_scope_holds_cannot_be_asked_within_a_scope(path, demo_store, unit):
    """Accounts and the audit log: not even the whole province as a scope holds them."""
    sql = path.read_text("utf-8")
    with pytest.raises(duckdb.CatalogException):
        demo_store.seen_by(EVERYTHING).query(sql, **values(sql, unit))


def test_no_query_names_the_kept_tables_themselves():
    assert not [path.name for path in FILES if re.search(r"\b(assessment|main)\.", path.read_text("utf-8"))]


@pytest.mark.parametrize("name", ["province", "prefecture", "county", "unit"])
def test_a_scope_holds_its_units_and_no_others(name, demo_store, scopes):
    scope = scopes[name]
    everybody = demo_store.units(cycle=CYCLE)

    def is_inside(each) -> bool:
        if scope.unit:
            return each.code == scope.unit
        at = each.region
        while at and at != scope.region:
            at = regions_by_code()[at].parent
        return at == scope.region

    expected = {code for code, each in everybody.items() if is_inside(each)}
    seen = demo_store.seen_by(scope)
    assert set(seen.units(cycle=CYCLE)) == expected
    assert set(queries.units(seen, cycle=CYCLE)["code"]) == expected
    assert set(queries.missing_units(seen, cycle=CYCLE)["code"]) <= expected
    files = queries.history(seen, cycle=CYCLE, limit=10_000)
    known = files["unit"].dropna()
    assert set(known[known.isin(list(everybody))]) <= expected


def test_figures_of_a_scope_are_those_of_the_whole(demo_store, scopes, unit):
    """Ranks, scores and means do not depend on who asks, only how many rows there are."""
    whole = queries.units(demo_store, cycle=CYCLE).set_index("code")
    for scope in scopes.values():
        seen = queries.units(demo_store.seen_by(scope), cycle=CYCLE).set_index("code")
        assert_frame_equal(seen, whole.loc[seen.index], check_dtype=False)
        own = demo_store.seen_by(scope)
        terms = queries.unit_terms(own, cycle=CYCLE, unit=unit.code)
        assert terms.equals(queries.unit_terms(demo_store, cycle=CYCLE, unit=unit.code))


def test_the_mean_of_a_small_category_is_not_told_to_those_who_see_a_part(demo_store, scopes):
    """With fewer peers than the scheme ranks, a mean would tell what the other units have."""
    rows = demo_store.rows(
        "select any_value(unit.unit), unit.region from unit join category_gap as gap using (cycle, category) "
        "join cycle_rule as rule using (cycle) where cycle = 2026 and gap.basis = 'composite' "
        "and gap.peers < rule.min_group group by unit.region limit 1"
    )
    if not rows:
        pytest.skip("no small category in this demo")
    code, region = rows[0]
    part = queries.unit_dimensions(demo_store.seen_by(Scope(region, unit=code)), cycle=CYCLE, unit=code)
    assert part["category_mean"].isna().all()
    whole = queries.unit_dimensions(demo_store, cycle=CYCLE, unit=code)
    assert len(part) == len(whole)


def test_totals_are_seen_among_siblings(demo_store, scopes, unit):
    prefecture = prefecture_of(unit.region)
    county = demo_store.seen_by(scopes["county"])
    siblings = {r.code for r in regions_by_code().values() if r.parent == prefecture}
    prefectures = {r.code for r in regions_by_code().values() if r.parent == PROVINCE}
    assert set(queries.region_tree(county)["code"]) == {PROVINCE} | prefectures | siblings
    whole = queries.region_scores(demo_store, cycle=CYCLE, level="prefecture")
    assert queries.region_scores(county, cycle=CYCLE, level="prefecture").equals(whole)
    grades = queries.grade_counts(demo_store, cycle=CYCLE, region=prefecture)
    assert queries.grade_counts(county, cycle=CYCLE, region=prefecture).equals(grades)
    elsewhere = next(c for c in prefectures if c != prefecture)
    assert queries.region_scores(county, cycle=CYCLE, level="county", parent=elsewhere).empty


def test_a_unit_sees_no_totals(demo_store, scopes):
    seen = demo_store.seen_by(scopes["unit"])
    scores = queries.region_scores(seen, cycle=CYCLE, level="county")
    assert scores["score"].isna().all()
    assert (scores["registered"] == 0).all()
    assert queries.region_gaps(seen, cycle=CYCLE).empty


def test_the_reason_why_systems_rank_differently_does_not_depend_on_who_asks(demo_store, scopes):
    whole = queries.system_ranks(demo_store, cycle=CYCLE, level="county").set_index("code")
    part = queries.system_ranks(demo_store.seen_by(scopes["prefecture"]), cycle=CYCLE, level="county")
    part = part.set_index("code")
    assert len(part)
    assert part["reason"].equals(whole.loc[part.index, "reason"])


def test_files_that_no_unit_could_be_told_from_are_seen_by_who_sent_them(demo_copy):
    from data.intake import take_in
    from data.store import Store

    store = Store.open(demo_copy)
    sender = store.seen_by(Scope("230102", account="daoli"), actor=Actor("daoli", "county", "10.0.0.9"))
    take_in(sender, filename="坏.xlsx", content=b"no workbook", cycle=CYCLE)

    def names(scope: Scope) -> set[str]:
        return set(queries.history(store.seen_by(scope), cycle=CYCLE)["filename"])

    assert "坏.xlsx" in names(Scope("230102", account="daoli"))
    assert "坏.xlsx" in names(EVERYTHING)
    assert "坏.xlsx" not in names(Scope("230102", account="other"))
    store.close()


def test_what_is_written_carries_who_wrote_it(demo_copy):
    from data.intake import take_in
    from data.store import Store

    store = Store.open(demo_copy)
    seen = store.seen_by(EVERYTHING, actor=Actor("sheng", "province", "10.0.0.9"))
    take_in(seen, filename="坏.xlsx", content=b"no workbook", cycle=CYCLE)
    act = store.rows(
        "select account, role, origin, action, object, outcome from audit order by seq desc limit 1"
    )
    assert act == [("sheng", "province", "10.0.0.9", "upload", "坏.xlsx", "refused")]
    assert store.rows("select account, origin from receipt order by receipt desc limit 1") == [
        ("sheng", "10.0.0.9")
    ]
    store.close()


def test_units_are_registered_within_the_scope_only(demo_copy):
    from data.store import Store

    store = Store.open(demo_copy)
    unit = next(u for u in demo_units(60) if prefecture_of(u.region) != "230100")
    seen = store.seen_by(Scope("230100"))
    with pytest.raises(StoreError, match=unit.code):
        seen.register_units(cycle=CYCLE, units=[unit])
    store.close()


def test_a_workbook_of_another_scopes_unit_is_refused_and_says_why(demo_copy):
    from data.intake import take_in
    from data.store import Store
    from data.template import build_template

    store = Store.open(demo_copy)
    unit = next(u for u in store.units(cycle=CYCLE).values() if prefecture_of(u.region) != "230100")
    blank = build_template(store.scheme(CYCLE), cycle=CYCLE, unit=unit, region_path="示例")
    seen = store.seen_by(Scope("230100"))
    receipt = take_in(seen, filename="外地.xlsx", content=blank, cycle=CYCLE)
    assert receipt.status == "refused"
    assert "unit-out-of-scope" in [problem.code for problem in receipt.problems]
    assert "unit-not-registered" not in [problem.code for problem in receipt.problems]
    store.close()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_whatever_reads_results_waits_for_them(path, demo_store, unit):
    """As DuckDB sees it, whatever the views are made of."""
    sql = path.read_text("utf-8")
    plan = " ".join(text for _, text in demo_store.rows(f"explain (format json) {sql}", **values(sql, unit)))
    tables = set(re.findall(r"\bresults\.main\.\w+", plan))
    assert not tables or reads_results(path.stem), tables
    assert tables or path.stem != "region_scores"  # plans name them so
