"""What the benchmarks compare scoring with computes the same: pandas and polars give the product's kept results and gap views."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmarks.frames import YEAR
from benchmarks.gaps import gap_views
from benchmarks.in_pandas import gap_views_in_pandas, scores_in_pandas
from benchmarks.in_polars import gap_views_in_polars
from benchmarks.scores import prepare_wide, wide_scheme
from data.regions import PROVINCE
from data.store import Store

UNITS = 300
EXACT = 1e-9
SAME = {"check_dtype": False, "check_column_type": False, "rtol": 0, "atol": EXACT}
TEXTS = ("region", "category", "grade", "label")
# of each kept result: what a row is named by, and its figures
RESULTS = {
    "unit_score": (
        ["unit", "basis"],
        ["region", "category", "score_exact", "score", "low", "high", "rank", "peers", "grade"],
    ),
    "region_score": (
        ["region", "basis"],
        ["registered", "score_exact", "score", "low", "high", "rank", "grade"],
    ),
    "leaf_gap": (["region", "category", "basis", "indicator"], ["weight", "lost", "units", "units_short"]),
    "region_gap": (["region", "basis", "indicator"], ["gap", "weight", "lost", "units", "units_short"]),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("peers")
    prepare_wide(folder, units=UNITS)
    return folder


@pytest.fixture(scope="module")
def kept(folder):
    store = Store.open(folder / "home")
    store.refresh(YEAR)
    found = {
        name: pd.DataFrame(
            store.rows(f"select {', '.join([*keys, *figures])} from result_{name} where cycle = {YEAR}"),
            columns=[*keys, *figures],
        )
        for name, (keys, figures) in RESULTS.items()
    }
    found |= gap_views(store)
    store.close()
    return found


@pytest.fixture(scope="module")
def in_pandas(folder):
    return gap_views_in_pandas(folder, scheme_text=wide_scheme())()


@pytest.fixture(scope="module")
def in_polars(folder):
    found = gap_views_in_polars(folder, scheme_text=wide_scheme())()
    return {name: frame.to_pandas() for name, frame in found.items()}


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("peer", ["in_pandas", "in_polars"])
def test_peers_give_the_kept_results(request, kept, peer, name):
    keys, figures = RESULTS[name]
    expected, found = kept[name], request.getfixturevalue(peer)[name]
    assert len(expected) >= UNITS if name == "unit_score" else len(expected) > 0
    pd.testing.assert_frame_equal(_plain(found, keys, figures), _plain(expected, keys, figures), **SAME)


@pytest.mark.parametrize("peer", ["in_pandas", "in_polars"])
def test_peers_give_the_gap_views(request, kept, peer):
    """Gaps in the order in which they are shown; which indicator stands first of those that cost the same, noise decides."""
    views = sorted(set(kept) - set(RESULTS))
    assert len(views) == 9
    for view in views:
        found, expected = request.getfixturevalue(peer)[view], kept[view]
        assert len(expected) > 5
        assert found["gap"].tolist() == pytest.approx(expected["gap"].tolist(), abs=EXACT)
        found, expected = (
            found.rename(columns={"region": "code"}),
            expected.assign(code=expected.get("code", PROVINCE)),
        )
        assert list(found["code"]) == list(expected["code"])
        if "costliest" not in view:
            figures = ["label", "attainment", "gap"]
            pd.testing.assert_frame_equal(
                _plain(found, ["code", "key"], figures), _plain(expected, ["code", "key"], figures), **SAME
            )


def test_one_basis_is_that_of_all(in_pandas, folder):
    alone = scores_in_pandas(folder, scheme_text=wide_scheme(), only_composite=True)()
    for name, (keys, figures) in RESULTS.items():
        among_all = in_pandas[name][in_pandas[name]["basis"] == "composite"]
        pd.testing.assert_frame_equal(_plain(alone[name], keys, figures), _plain(among_all, keys, figures))


def _plain(frame: pd.DataFrame, keys: list[str], figures: list[str]) -> pd.DataFrame:
    """Its rows in the order of their names, texts as texts and numbers as floats."""
    texts = [*keys, *(name for name in figures if name in TEXTS)]
    plain = frame[[*keys, *figures]].astype(dict.fromkeys(texts, str))
    numbers = [name for name in figures if name not in texts]
    return plain.astype(dict.fromkeys(numbers, float)).sort_values(keys, ignore_index=True)
