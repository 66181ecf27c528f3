"""What-ifs and redraws as the screens ask them: exact splits, the same figures whoever asks, no row beyond the scope, frozen years."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import date

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from data import queries
from data.course.publications import publications
from data.course.recording import record_findings
from data.model import FindingEvent, Scope
from data.queries.counted import Newest, sheets_of
from data.regions import is_within, prefecture_of, regions_by_code
from data.store import Store, StoreError
from scoring.trial import Weights

CYCLE, PROVINCE = 2026, "230000"
LEVELS = ("prefecture", "county")
EXACT = 1e-9


@pytest.fixture(scope="module")
def own(demo_store) -> Weights:
    return Weights.of(demo_store.scheme(CYCLE))


@pytest.fixture(scope="module")
def moved(own) -> Weights:
    points = {key: value * 4 for key, value in list(own.points.items())[::5]}
    systems = dict(zip(own.systems, (0.2, 0.8), strict=True))
    return own.with_(points=points, systems=systems, categories={next(iter(own.categories)): 3.0})


@pytest.fixture(scope="module")
def county(demo_store) -> str:
    """A county that has a rank."""
    found = queries.region_scores(demo_store, cycle=CYCLE, level="county")
    return found[found["level"] == "county"]["code"].iloc[0]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("basis", ["composite", "national_security"])
def test_what_stands_before_is_the_ranking_itself(demo_store, moved, level, basis):
    kept = queries.region_scores(demo_store, cycle=CYCLE, level=level, basis=basis).set_index("code")
    found = queries.what_if(demo_store, cycle=CYCLE, level=level, weights=moved, basis=basis).set_index(
        "code"
    )
    assert set(found.index) == set(kept.index[kept["registered"] > 0])
    kept = kept.loc[found.index]
    for name, column in (("score_before", "score"), ("rank_before", "rank"), ("exact_before", "score_exact")):
        assert np.allclose(found[name].astype(float), kept[column].astype(float), atol=EXACT, equal_nan=True)


def test_under_the_weights_as_they_are_nothing_moves(demo_store, own):
    found = queries.what_if(demo_store, cycle=CYCLE, level="county", weights=own)
    scored = found[found["score_before"].notna()]
    assert (scored["score_change"] == 0).all()
    assert (scored["rank_change"] == 0).all()
    assert scored["cause"].isna().all()
    assert (scored["causes"] == "").all()
    assert queries.what_if_causes(demo_store, cycle=CYCLE, weights=own).empty


@pytest.mark.parametrize("basis", ["composite", "peaceful_province"])
def test_causes_add_up_to_the_change_and_the_largest_is_named(demo_store, moved, basis):
    for level in LEVELS:
        found = queries.what_if(demo_store, cycle=CYCLE, level=level, weights=moved, basis=basis)
        for row in found[found["score_before"].notna()][::6].to_dict("records"):
            causes = queries.what_if_causes(
                demo_store, cycle=CYCLE, region=row["code"], weights=moved, basis=basis
            )
            assert causes["change"].sum() == pytest.approx(
                row["exact_after"] - row["exact_before"], abs=EXACT
            )
            assert causes["printed"].sum() == pytest.approx(
                row["score_after"] - row["score_before"], abs=EXACT
            )
            assert row["score_change"] == pytest.approx(row["score_after"] - row["score_before"], abs=EXACT)
            largest = causes.loc[causes["change"].abs().idxmax()]
            assert (row["cause"], row["cause_title"]) == (largest["key"], largest["label"])
            assert row["cause_points"] == pytest.approx(largest["change"], abs=EXACT)
            assert row["causes"].startswith(largest["label"])
            assert row["rank_change"] == row["rank_before"] - row["rank_after"]
            gaps = queries.region_gaps(demo_store, cycle=CYCLE, region=row["code"], basis=basis).set_index(
                "key"
            )
            for cause in causes[causes["kind"] == "gap"].itertuples():
                kept = gaps["gap"].get(cause.key, 0.0)
                assert cause.gap_before == pytest.approx(kept, abs=EXACT)


def test_units_stand_before_as_they_are_ranked(demo_store, moved):
    kept = queries.units(demo_store, cycle=CYCLE).set_index("code")
    found = queries.what_if_units(demo_store, cycle=CYCLE, weights=moved).set_index("code")
    assert set(found.index) == set(kept.index)
    kept = kept.loc[found.index]
    for name in ("score", "rank"):
        assert np.allclose(
            found[f"{name}_before"].astype(float), kept[name].astype(float), atol=EXACT, equal_nan=True
        )
    assert (found["score_change"].abs() > 0).any()
    category = found["category"].iloc[0]
    some = queries.what_if_units(demo_store, cycle=CYCLE, weights=moved, category=category)
    assert_frame_equal(
        some.set_index("code"),
        found[found["category"] == category],
        check_dtype=False,
        check_index_type=False,
    )
    ranks = some["rank_after"].dropna()
    assert ranks.is_monotonic_increasing


def test_weights_of_another_scheme_are_refused(demo_store, own):
    other = Weights(
        own.systems, {k: v for k, v in own.points.items() if k != "T19-01"}, own.shares, own.categories
    )
    for ask in (
        lambda: queries.what_if(demo_store, cycle=CYCLE, level="county", weights=other),
        lambda: queries.what_if_causes(demo_store, cycle=CYCLE, weights=other),
        lambda: queries.what_if_units(demo_store, cycle=CYCLE, weights=other),
    ):
        with pytest.raises(StoreError, match="缺少：指标 T19-01"):
            ask()


@pytest.mark.parametrize("level", LEVELS)
def test_redrawn_ranks_are_told_in_rank_order(demo_store, level):
    kept = queries.region_scores(demo_store, cycle=CYCLE, level=level)
    kept = kept[kept["rank"].notna()]
    found = queries.redrawn(demo_store, cycle=CYCLE, level=level, draws=200)
    assert found["code"].tolist() == kept["code"].tolist()
    assert np.array_equal(found["rank"], kept["rank"])
    assert np.array_equal(found["score"], kept["score"])
    for one, other in (
        ("best", "rank_low"),
        ("rank_low", "rank_median"),
        ("rank_median", "rank_high"),
        ("rank_high", "worst"),
    ):
        assert (found[one] <= found[other]).all()
    assert found["keeps"].between(0, 1).all()
    assert found["keeps"].nunique() > 1
    pairs = queries.redrawn_pairs(demo_store, cycle=CYCLE, level=level, draws=200)
    assert pairs["above"].tolist() == kept["code"].tolist()[:-1]
    assert pairs["below"].tolist() == kept["code"].tolist()[1:]
    assert np.allclose(pairs["gap"], -np.diff(kept["score"]), atol=EXACT)
    assert (pairs["is_tied"] == (pairs["gap"] == 0)).all()
    assert (pairs["is_decided"] == (pairs["holds"] >= 0.95)).all()
    assert 0 < pairs["is_decided"].sum() < len(pairs)


def test_first_changes_name_weights_and_regions(demo_store):
    found = queries.first_changes(demo_store, cycle=CYCLE, level="prefecture")
    scheme, regions = demo_store.scheme(CYCLE), regions_by_code()
    for row in found.to_dict("records"):
        if row["kind"] == "indicator":
            indicator = scheme.by_id[row["id"]]
            assert (row["title"], row["article"]) == (indicator.title, indicator.place.article)
            assert row["weight_now"] == indicator.points
        if row["change"] == row["change"]:
            assert row["value"] == pytest.approx(row["weight_now"] * (1 + row["change"]))
            assert row["above_name"] == regions[row["above"]].name
            assert row["below_name"] == regions[row["below"]].name
    assert found["change"].abs().dropna().is_monotonic_increasing
    assert found["change"].notna().any()


def test_everybody_is_told_the_same_of_what_they_may_see_and_nothing_else(demo_store, county, moved):
    asked = {
        "what_if": lambda store, level: queries.what_if(store, cycle=CYCLE, level=level, weights=moved),
        "redrawn": lambda store, level: queries.redrawn(store, cycle=CYCLE, level=level, draws=50),
    }
    for scope in (Scope(PROVINCE), Scope(prefecture_of(county)), Scope(county)):
        seen = demo_store.seen_by(scope)
        visible = set(queries.region_tree(seen)["code"])
        for ask in asked.values():
            for level in LEVELS:
                whole, part = (ask(store, level).set_index("code") for store in (demo_store, seen))
                assert set(part.index) == set(whole.index) & visible
                assert len(part)
                assert_frame_equal(part, whole.loc[part.index], check_dtype=False)
        for pairs in (
            queries.redrawn_pairs(seen, cycle=CYCLE, level="county", draws=50),
            queries.first_changes(seen, cycle=CYCLE, level="county"),
        ):
            assert {*pairs["above"].dropna(), *pairs["below"].dropna()} <= visible
        units = queries.what_if_units(seen, cycle=CYCLE, weights=moved).set_index("code")
        register = demo_store.units(cycle=CYCLE)
        assert set(units.index) == {
            code for code, unit in register.items() if is_within(unit.region, scope.region)
        }
        whole = queries.what_if_units(demo_store, cycle=CYCLE, weights=moved).set_index("code")
        assert_frame_equal(units, whole.loc[units.index], check_dtype=False)


def test_a_region_beyond_the_scope_is_not_explained(demo_store, county, moved):
    seen = demo_store.seen_by(Scope(county))
    elsewhere = next(
        code
        for code in queries.what_if(demo_store, cycle=CYCLE, level="county", weights=moved)["code"]
        if prefecture_of(code) != prefecture_of(county)
    )
    assert len(queries.what_if_causes(demo_store, cycle=CYCLE, region=elsewhere, weights=moved))
    assert queries.what_if_causes(seen, cycle=CYCLE, region=elsewhere, weights=moved).empty
    assert len(queries.what_if_causes(seen, cycle=CYCLE, region=county, weights=moved))


def test_a_unit_is_told_of_itself_alone(demo_store, moved):
    unit = next(iter(demo_store.units(cycle=CYCLE).values()))
    seen = demo_store.seen_by(Scope(unit.region, unit=unit.code))
    assert queries.what_if_units(seen, cycle=CYCLE, weights=moved)["code"].tolist() == [unit.code]
    for level in LEVELS:
        assert queries.what_if(seen, cycle=CYCLE, level=level, weights=moved).empty
        assert queries.redrawn(seen, cycle=CYCLE, level=level).empty
        assert queries.redrawn_pairs(seen, cycle=CYCLE, level=level).empty
        assert queries.first_changes(seen, cycle=CYCLE, level=level)[["above", "below"]].isna().all(axis=None)
    assert queries.what_if_causes(seen, cycle=CYCLE, weights=moved).empty


def test_narrowing_to_a_prefecture_keeps_ranks_over_the_province(demo_store, county, moved):
    parent = prefecture_of(county)
    for ask, rest in (
        (queries.what_if, {"weights": moved}),
        (queries.redrawn, {"draws": 50}),
    ):
        whole = ask(demo_store, cycle=CYCLE, level="county", **rest).set_index("code")
        part = ask(demo_store, cycle=CYCLE, level="county", parent=parent, **rest).set_index("code")
        assert set(part.index) == {code for code in whole.index if prefecture_of(code) == parent}
        assert_frame_equal(part, whole.loc[part.index], check_dtype=False)


def test_new_data_change_the_answer_and_a_publication_keeps_it(lived_home, tmp_path):
    with closing(Store.open(shutil.copytree(lived_home, tmp_path / "home"))) as store:
        made = publications(store, cycle=2025)[0]
        frozen = store.seen_by(Scope(PROVINCE), publication=made)
        weights = Weights.of(store.scheme(2025)).with_(points={"T19-01": 30.0})
        ask = {
            "what_if": lambda s: queries.what_if(s, cycle=2025, level="county", weights=weights),
            "redrawn": lambda s: queries.redrawn(s, cycle=2025, level="county", draws=20),
        }
        before = {name: (each(store), each(frozen)) for name, each in ask.items()}
        scored = queries.units(store, cycle=2025)
        unit = scored[scored["score_exact"] > 50]["code"].iloc[0]
        deduction = next(f for f in store.scheme(2025).findings if f.kind == "deduction" and f.points)
        record_findings(
            store,
            cycle=2025,
            findings=[FindingEvent("key", unit, deduction.id, date(2025, 11, 1), "示例文号")],
        )
        for name, each in ask.items():
            now, as_published = each(store), each(frozen)
            assert not now.equals(before[name][0])
            assert_frame_equal(as_published, before[name][1])
        kept = queries.region_scores(frozen, cycle=2025, level="county").set_index("code")["score"]
        found = ask["what_if"](frozen).set_index("code")["score_before"]
        assert np.allclose(found, kept.loc[found.index], equal_nan=True)
        assert sheets_of(frozen, cycle=2025) is not sheets_of(store, cycle=2025)


def test_values_are_read_once_until_something_changes(demo_store):
    assert sheets_of(demo_store, cycle=CYCLE) is sheets_of(demo_store.seen_by(Scope("230100")), cycle=CYCLE)


def test_the_least_recently_used_is_given_up():
    kept, made = Newest(2), []

    def make(key):
        return kept.get(key, lambda: made.append(key) or key)

    for key in ("a", "b", "a", "c", "a", "b"):
        assert make(key) == key
    assert made == ["a", "b", "c", "b"]
