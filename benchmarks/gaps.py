"""All gap views, from answers: where every region loses points, by indicator, article and dimension; beside pandas and
polars computing the same (benchmarks/frames.py), and one scan-and-sum of the answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd

from benchmarks.frames import COSTLIEST, LEVELS, YEAR
from benchmarks.in_pandas import gap_views_in_pandas
from benchmarks.in_polars import gap_views_in_polars
from benchmarks.measure import FLOOR, OURS, PEER, Case, Contestant, Goal
from benchmarks.scores import POLARS, opened, prepare_wide, scan, score_anew, wide_scheme
from data import queries
from data.store import Store


def gap_views(store: Store) -> dict[str, pd.DataFrame]:
    """What the peers' views of a level or the province have here, by their names."""
    views = {}
    for level in LEVELS:
        for by in ("dimension", "article"):
            views[f"{level} by {by}"] = queries.gap_matrix(store, cycle=YEAR, level=level, by=by)
        views[f"{level} costliest"] = queries.costliest_gaps(store, cycle=YEAR, level=level, most=COSTLIEST)
    for by in ("indicator", "article", "dimension"):
        views[f"province by {by}"] = queries.region_gaps(store, cycle=YEAR, by=by)
    return views


def _ask_all(store: Store) -> None:
    score_anew(store)
    gap_views(store)


def _ours(folder: Path) -> Callable[[], object]:
    return partial(_ask_all, opened(folder))


def _case(units: int, *, runs: int) -> Case:
    return Case(
        name=f"gaps-{units // 1000}k",
        item="register × 40",
        prepare=partial(prepare_wide, units=units),
        contestants={
            OURS: Contestant(_ours, 1),
            PEER: Contestant(partial(gap_views_in_pandas, scheme_text=wide_scheme()), 1),
            POLARS: Contestant(partial(gap_views_in_polars, scheme_text=wide_scheme()), 1),
            FLOOR: Contestant(scan, 1),
        },
        runs=runs,
        goal=Goal(peer_to_ours=3, ours_to_floor=8),
    )


CASES = (_case(10_000, runs=3), _case(100_000, runs=2))
SMALL = (_case(1_000, runs=1),)
