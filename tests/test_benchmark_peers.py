"""What the benchmarks compare scoring with computes the same: pandas and polars give the product's kept results."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmarks.frames import YEAR
from benchmarks.in_pandas import scores_in_pandas
from benchmarks.in_polars import scores_in_polars
from benchmarks.scores import prepare_wide, wide_scheme
from data.store import Store

UNITS = 300
EXACT = 1e-9
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
    store.close()
    return found


@pytest.fixture(scope="module")
def in_pandas(folder):
    return scores_in_pandas(folder, scheme_text=wide_scheme())()


@pytest.fixture(scope="module")
def in_polars(folder):
    found = scores_in_polars(folder, scheme_text=wide_scheme())()
    return {name: frame.to_pandas() for name, frame in found.items()}


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("peer", ["in_pandas", "in_polars"])
def test_peers_give_the_kept_results(request, kept, peer, name):
    keys, figures = RESULTS[name]
    expected, found = kept[name], request.getfixturevalue(peer)[name]
    assert len(expected) >= UNITS if name == "unit_score" else len(expected) > 0
    pd.testing.assert_frame_equal(
        _plain(found, keys, figures), _plain(expected, keys, figures), check_dtype=False, rtol=0, atol=EXACT
    )


def test_one_basis_is_that_of_all(in_pandas, folder):
    alone = scores_in_pandas(folder, scheme_text=wide_scheme(), only_composite=True)()
    for name, (keys, figures) in RESULTS.items():
        among_all = in_pandas[name][in_pandas[name]["basis"] == "composite"]
        pd.testing.assert_frame_equal(_plain(alone[name], keys, figures), _plain(among_all, keys, figures))


def _plain(frame: pd.DataFrame, keys: list[str], figures: list[str]) -> pd.DataFrame:
    """Its rows in the order of their names, texts as texts and numbers as floats."""
    texts = [*keys, *(name for name in figures if name in ("region", "category", "grade"))]
    plain = frame[[*keys, *figures]].astype(dict.fromkeys(texts, str))
    numbers = [name for name in figures if name not in texts]
    return plain.astype(dict.fromkeys(numbers, float)).sort_values(keys, ignore_index=True)
