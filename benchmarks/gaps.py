"""All gap views, from answers: where every region loses points, by indicator, article and dimension; beside pandas and
polars doing so without the views, and one scan-and-sum of the answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.frames import YEAR
from benchmarks.measure import FLOOR, OURS, Case, Contestant, Goal
from benchmarks.scores import opened, peers, prepare_wide, scan, score_anew
from data import queries
from data.store import Store

LEVELS = ("prefecture", "county")


def _ask_all(store: Store) -> None:
    score_anew(store)
    for level in LEVELS:
        for by in ("dimension", "article"):
            queries.gap_matrix(store, cycle=YEAR, level=level, by=by)
        queries.costliest_gaps(store, cycle=YEAR, level=level)
    for by in ("indicator", "article", "dimension"):
        queries.region_gaps(store, cycle=YEAR, by=by)


def _ours(folder: Path) -> Callable[[], object]:
    return partial(_ask_all, opened(folder))


def _case(units: int, *, runs: int) -> Case:
    return Case(
        name=f"gaps-{units // 1000}k",
        item="register × 40",
        prepare=partial(prepare_wide, units=units),
        contestants={OURS: Contestant(_ours, 1), **peers(), FLOOR: Contestant(scan, 1)},
        runs=runs,
        goal=Goal(peer_to_ours=3, ours_to_floor=8),
    )


CASES = (_case(10_000, runs=3), _case(100_000, runs=2))
SMALL = (_case(1_000, runs=1),)
