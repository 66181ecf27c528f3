"""Filled workbooks, one alone or many: read, checked, kept, committed; beside pandas with openpyxl, and bare calamine."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from itertools import cycle as endlessly
from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

from benchmarks.measure import FLOOR, OURS, PEER, Case, Contestant
from data.demo import SCHEME, cycle_dates
from data.demo.files import Sending, make_file
from data.demo.units import demo_units
from data.intake import take_in_many
from data.layout import ANSWER_SHEET, HEADER_ROW
from data.store import Store
from scoring.scheme import load_scheme, shipped_schemes

YEAR, SEED, WORKBOOKS = 2026, 7, 40


def prepare(folder: Path) -> None:
    scheme_path = shipped_schemes()[SCHEME]
    opens_on, deadline = cycle_dates(YEAR)
    units = demo_units(WORKBOOKS)
    store = Store.open(folder / "home")
    store.open_cycle(cycle=YEAR, scheme_path=scheme_path, opens_on=opens_on, deadline=deadline)
    store.register_units(cycle=YEAR, units=units)
    store.close()
    (folder / "files").mkdir()
    for unit in units:
        _, content = make_file(
            Sending(unit, YEAR, deadline),
            scheme=load_scheme(scheme_path),
            deadline=deadline,
            first_cycle=YEAR,
            seed=SEED,
        )
        (folder / "files" / f"{unit.code}.xlsx").write_bytes(content)


def _contents(folder: Path):
    return endlessly([path.read_bytes() for path in sorted((folder / "files").glob("*.xlsx"))])


def _ours(folder: Path, *, items: int) -> Callable[[], object]:
    store, contents = Store.open(folder / "home"), _contents(folder)
    received_at = cycle_dates(YEAR)[1]

    def run() -> None:
        files = [("a.xlsx", next(contents)) for _ in range(items)]
        receipts = take_in_many(store, files, cycle=YEAR, received_at=received_at)
        assert all(receipt.status != "refused" for receipt in receipts)

    return run


def _peer(folder: Path, *, items: int) -> Callable[[], object]:
    contents = _contents(folder)
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
    contents = _contents(folder)

    def run() -> list:
        books = [CalamineWorkbook.from_filelike(io.BytesIO(next(contents))) for _ in range(items)]
        return [book.get_sheet_by_name(name).to_python() for book in books for name in book.sheet_names]

    return run


def _case(name: str, *, items: int, runs: int) -> Case:
    contestants = {
        kind: Contestant(partial(open_in, items=items), items)
        for kind, open_in in ((OURS, _ours), (PEER, _peer), (FLOOR, _floor))
    }
    return Case(name=name, item="workbook", prepare=prepare, contestants=contestants, runs=runs)


CASES = (_case("take-in-one", items=1, runs=30), _case("take-in-many", items=WORKBOOKS, runs=5))
SMALL = (_case("take-in-small", items=2, runs=1),)
