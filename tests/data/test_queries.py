"""What the screens are told must agree with itself: parts with wholes, children with parents, tables with headlines."""

from __future__ import annotations

import pandas as pd
import pytest

from data import queries
from data.explanations import explain_region, explain_unit, published_scores
from data.queries.ask import COMPOSITE
from data.store import StoreError

CYCLE = 2026
PROVINCE = "230000"
BASES = ("composite", "national_security", "peaceful_province")


@pytest.fixture(scope="module")
def units(demo_store):
    return queries.units(demo_store, cycle=CYCLE)


@pytest.fixture(scope="module")
def scored(units):
    return units[units["score"].notna()]


def region_weights(store):
    """Σ c over the units of a region that count in its score (missing ones count 0 in this scheme)."""
    store.refresh(CYCLE)
    return {
        row[0]: row[1]
        for row in store.rows(
            "select region, total_weight from result_region_score where cycle = 2026 and basis = 'composite'"
        )
    }


@pytest.mark.parametrize("basis", BASES)
def test_every_region_is_explained_to_the_last_point(demo_store, basis):
    regions = queries.region_tree(demo_store)["code"]
    explained = 0
    for region in regions:
        told = explain_region(demo_store, cycle=CYCLE, region=region, basis=basis)
        if told["score"] is None:
            continue
        explained += 1
        lost = sum(gap["gap"] for gap in told["gaps"]) + told["missing"] + told["deductions"] + told["veto"]
        assert 100 - told["score"] == pytest.approx(lost - told["bonus"] - told["clipped"], abs=1e-9)
    assert explained > 13


@pytest.mark.parametrize("basis", BASES)
def test_units_are_explained_to_the_last_point(demo_store, scored, basis):
    for unit in scored["code"] if basis == COMPOSITE else scored["code"][::4]:
        told = explain_unit(demo_store, cycle=CYCLE, unit=unit, basis=basis)
        base = 100 * sum(t["effective_weight"] * (t["attainment"] or 0.0) for t in told["terms"])
        assert sum(t["effective_weight"] for t in told["terms"]) == pytest.approx(1, abs=1e-12)
        assert told["base"] == pytest.approx(base, abs=1e-9)
        applied = sum(d["applied"] for d in told["deductions"])
        assert told["score"] == pytest.approx(
            told["base"] - applied + told["bonus"] + told["clipped"] - told["veto"], abs=1e-9
        )
        if basis == COMPOSITE:  # the weighted mean of the systems' scores
            present = [system for system in told["systems"] if system["score"] is not None]
            mean = sum(s["weight"] * s["score"] for s in present) / sum(s["weight"] for s in present)
            assert told["base"] == pytest.approx(mean, abs=1e-9)


def test_a_region_is_computed_from_its_units_not_from_its_counties(demo_store, scored):
    weight = demo_store.scheme(CYCLE)
    weights = scored["category"].map({c.id: c.weight for c in weight.categories})
    expected = (weights * scored["score_exact"]).sum() / region_weights(demo_store)[PROVINCE]
    assert queries.region_summary(demo_store, cycle=CYCLE)["score_exact"] == pytest.approx(expected, abs=1e-9)


def test_gaps_of_child_regions_add_up_to_their_parents(demo_store):
    weights = region_weights(demo_store)
    tree = queries.region_tree(demo_store)
    everything = queries.region_gaps(demo_store, cycle=CYCLE).set_index("key")["gap"]
    children = tree[tree["parent"] == PROVINCE]["code"]
    lost = pd.Series(0.0, index=everything.index)
    for child in children:
        if child in weights:
            gaps = queries.region_gaps(demo_store, cycle=CYCLE, region=child).set_index("key")["gap"]
            lost += gaps.reindex(everything.index, fill_value=0.0) * weights[child]
    direct = pd.Series(0.0, index=everything.index)
    for key in everything.index:
        behind = queries.gap_units(demo_store, cycle=CYCLE, indicator=key)
        direct[key] = behind.loc[behind["region_name"] == "黑龙江省", "gap"].sum() * weights[PROVINCE]
    total = (lost + direct) / weights[PROVINCE]
    assert list(total) == pytest.approx(list(everything), abs=1e-9)


def test_the_units_behind_an_indicator_add_up_to_its_gap(demo_store):
    for row in queries.region_gaps(demo_store, cycle=CYCLE).to_dict("records"):
        behind = queries.gap_units(demo_store, cycle=CYCLE, indicator=row["key"])
        assert behind["gap"].sum() == pytest.approx(row["gap"], abs=1e-9)
        assert len(behind) == row["units_short"]


@pytest.mark.parametrize("by", ["dimension", "article"])
def test_gaps_add_up_whatever_they_are_grouped_by(demo_store, by):
    single = queries.region_gaps(demo_store, cycle=CYCLE)["gap"].sum()
    assert queries.region_gaps(demo_store, cycle=CYCLE, by=by)["gap"].sum() == pytest.approx(single, abs=1e-9)
    matrix = queries.gap_matrix(demo_store, cycle=CYCLE, level="prefecture", by=by)
    for region, rows in matrix.groupby("code"):
        gaps = queries.region_gaps(demo_store, cycle=CYCLE, region=region)
        assert rows["gap"].sum() == pytest.approx(gaps["gap"].sum(), abs=1e-9)


def test_equal_published_scores_share_a_rank(demo_store):
    for level in ("prefecture", "county"):
        frame = queries.region_scores(demo_store, cycle=CYCLE, level=level)
        ranked = frame[frame["rank"].notna()]
        assert not ranked.empty
        for row in ranked.to_dict("records"):
            assert row["rank"] == 1 + (ranked["score"] > row["score"]).sum()


def test_regions_without_a_submission_have_neither_score_nor_rank(demo_store):
    frame = queries.region_scores(demo_store, cycle=CYCLE, level="county")
    silent = frame[frame["submitted"] == 0]
    assert silent["score"].isna().all()
    assert silent["rank"].isna().all()


def test_bounds_hold_the_score(demo_store):
    for level in ("province", "prefecture", "county"):
        frame = queries.region_scores(demo_store, cycle=CYCLE, level=level).dropna(subset=["score_exact"])
        assert (frame["low"] <= frame["low_missing"] + 1e-9).all()
        assert (frame["low_missing"] <= frame["score_exact"] + 1e-9).all()
        assert (frame["score_exact"] <= frame["high_missing"] + 1e-9).all()


def test_grades_of_a_region_count_every_unit_once(demo_store, units):
    counts = queries.grade_counts(demo_store, cycle=CYCLE)
    assert counts["units"].sum() == len(units)
    missing = counts.set_index("grade").loc["not_submitted", "units"]
    assert missing == len(queries.missing_units(demo_store, cycle=CYCLE))
    assert counts["share"].sum() == pytest.approx(1)


def test_shown_places_lead_to_the_cell_that_holds_the_answer(demo_store, scored):
    """Follow one unit's answers to the kept file itself."""
    import io

    import openpyxl

    terms = queries.unit_terms(demo_store, cycle=CYCLE, unit=scored["code"].iloc[0])
    book = openpyxl.load_workbook(io.BytesIO(demo_store.files.read(terms["sha256"].iloc[0])))
    for row in terms.to_dict("records"):
        sheet = book[row["sheet"]]
        line = sheet[row["cell"]].row
        assert sheet.cell(row=line, column=1).value == row["indicator"]


def test_a_unit_that_is_not_registered_is_named(demo_store):
    with pytest.raises(StoreError, match="名册中没有单位 XYZ"):
        explain_unit(demo_store, cycle=CYCLE, unit="XYZ")
    with pytest.raises(StoreError, match="没有代码为 999999 的地区"):
        explain_region(demo_store, cycle=CYCLE, region="999999")


def test_published_scores_come_in_rank_order(demo_store):
    rows = published_scores(demo_store, cycle=CYCLE, level="prefecture")
    ranks = [row["rank"] for row in rows if row["rank"] is not None]
    assert ranks == sorted(ranks)
    assert len(rows) == 13


def test_where_the_systems_rank_a_region_differently_a_reason_is_given(demo_store):
    frame = queries.system_ranks(demo_store, cycle=CYCLE, level="prefecture")
    ranked = frame[frame["rank"].notna()]
    for row in ranked.to_dict("records"):
        assert bool(row["reason"]) == (row["rank_shift"] > 0)


def test_attention_names_what_the_other_queries_count(demo_store, units):
    texts = " ".join(queries.attention(demo_store, cycle=CYCLE)["text"])
    missing = len(queries.missing_units(demo_store, cycle=CYCLE))
    assert f"{missing} 家单位未提交" in texts
    late = int((units["is_late"] == True).sum())  # noqa: E712 - the column has missing values
    assert (f"{late} 家单位逾期提交" in texts) == (late > 0)
