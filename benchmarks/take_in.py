"""Filled workbooks, one alone or many: read, checked, kept, committed; beside pandas with openpyxl, and bare calamine."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

from benchmarks import take_in_bulk
from benchmarks.handed_in import WORKBOOKS, YEAR, contents_of, prepare
from benchmarks.measure import FLOOR, OURS, PEER, Case, Contestant, Figures, Goal, Trial
from data.demo import SCHEME, cycle_dates
from data.intake import take_in_many
from data.layout import ANSWER_SHEET, HEADER_ROW
from data.store import Store
from scoring.scheme import load_scheme, shipped_schemes

NO_GOAL = Goal()


def _ours(folder: Path, *, items: int) -> Callable[[], object]:
    store, contents = Store.open(folder / "home"), contents_of(folder, start=time.time_ns())
    received_at = cycle_dates(YEAR)[1]

    def run() -> None:
        files = [("a.xlsx", next(contents)) for _ in range(items)]
        receipts = take_in_many(store, files, cycle=YEAR, received_at=received_at)
        assert all(receipt.submission for receipt in receipts)

    return run


def _peer(folder: Path, *, items: int) -> Callable[[], object]:
    contents = contents_of(folder)
    indicators = load_scheme(shipped_schemes()[SCHEME]).by_id

    def run() -> list[str]:
        wrong = []
        for _ in range(items):
            frame = pd.read_excel(
                io.BytesIO(next(contents)), sheet_name=ANSWER_SHEET, header=HEADER_ROW - 1, engine="openpyxl"
            )
            for row in frame.to_dict("records"):
                indicator = indicators.get(row["指标编号"])
                if indicator and indicator.choices and row["填报值"] not in indicator.choices:
                    wrong.append(indicator.id)
        return wrong

    return run


def _floor(folder: Path, *, items: int) -> Callable[[], object]:
    contents = contents_of(folder)

    def run() -> list:
        books = [CalamineWorkbook.from_filelike(io.BytesIO(next(contents))) for _ in range(items)]
        return [book.get_sheet_by_name(name).to_python() for book in books for name in book.sheet_names]

    return run


def _case(name: str, *, items: int, runs: int, goal: Goal = NO_GOAL) -> Case:
    few = min(items, 20)  # the peer takes as long for each, however many
    contestants = {
        kind: Contestant(partial(open_in, items=number), number)
        for kind, open_in, number in ((OURS, _ours, items), (PEER, _peer, few), (FLOOR, _floor, items))
    }
    return Case(name=name, item="workbook", prepare=prepare, contestants=contestants, runs=runs, goal=goal)


def _bulk(name: str, **sizes: int) -> Trial:
    """As one long import, on every core and on one."""

    def take(folder: Path) -> Figures:
        prepare(folder, units=sizes["files"])
        run = _floor(folder, items=WORKBOOKS)
        run()
        started = time.perf_counter()
        run()
        floor_ms = (time.perf_counter() - started) * 1000 / WORKBOOKS
        return take_in_bulk.compare(folder, floor_ms=floor_ms, **sizes)

    return Trial(name=name, item="workbook", take=take, goal=Goal(peer_to_ours=1.7))


CASES = (
    _case("take-in-one", items=1, runs=30),
    _case("take-in-many", items=100, runs=5, goal=Goal(peer_to_ours=8, ours_to_floor=2)),
    _bulk("take-in-bulk", files=10_000, files_on_one=2_000),
)
SMALL = (
    _case("take-in-small", items=2, runs=1),
    _bulk("take-in-bulk-small", files=200, files_on_one=100),
)
