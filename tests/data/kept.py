"""A small runtime folder with a little of everything that is kept, and ways to compare two of them."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from access.accounts import Account, Accounts
from data.course.recording import record_reviews
from data.intake import take_in, take_in_many
from data.model import Review
from data.schema import journaled_tables
from data.store import Store
from scoring.views import RESULTS
from tests.data.small import CYCLE, OTHER, SCHEME_PATH, UNIT, code, filled, other_filled

UNITS = [UNIT, OTHER, replace(OTHER, code=code(3), name="示例第三教育局")]
IN_TIME, LATER = datetime(2026, 10, 1, 9), datetime(2026, 10, 2, 9)
EVERY_TABLE = [*journaled_tables(), "answer", "chain"]


def open_cycle(store: Store) -> None:
    """The small scheme's cycle with its units."""
    store.open_cycle(cycle=2026, scheme_path=SCHEME_PATH, opens_on=CYCLE.opens_on, deadline=CYCLE.deadline)
    store.register_units(cycle=2026, units=UNITS)


def fill(store: Store) -> None:
    """Cycle, units, accounts, settings; accepted, newer, refused and late workbooks; a review."""
    open_cycle(store)
    store.set_setting("greeting", "你好，“世界”")
    Accounts(store).add(Account("post-1", "示例岗位", "county", "230102"))
    send(store, filled())
    take_in_many(
        store,
        [("坏.xlsx", b"not a workbook"), ("乙.xlsx", other_filled(OTHER)), ("空.xlsx", b"")],
        cycle=2026,
        received_at=IN_TIME,
    )
    send(store, filled({"T19-01": {"value": "否"}}), at=LATER)
    review = Review(UNIT.code, "T19-02", "county", "answered", "现场核对", choice="基本落实")
    record_reviews(store, cycle=2026, reviews=[review], at=LATER)
    # the register changes after workbooks came in: what was read then was read under what stood then
    store.register_units(cycle=2026, units=[replace(UNIT, tags=()), replace(OTHER, name="改名后的教育局")])
    store.refresh(2026)


def send(store: Store, content: bytes, *, filename: str = "自评表.xlsx", at: datetime = IN_TIME):
    """Take one workbook in."""
    return take_in(store, filename=filename, content=content, cycle=2026, received_at=at)


def newer() -> bytes:
    """A workbook that the folder of `fill` takes in."""
    return other_filled(OTHER, value=3)


def rows_of(store: Store, *, without: tuple[str, ...] = ()) -> dict[str, list[tuple]]:
    """Every kept row, table by table."""
    return {
        table: store.rows(f"select * from {table} order by all")
        for table in EVERY_TABLE
        if table not in without
    }


def content_of(home: Path, *, without: tuple[str, ...] = ()) -> dict[str, list[tuple]]:
    """Every kept row of a runtime folder, opened for it."""
    with closing(Store.open(home)) as store:
        return rows_of(store, without=without)


def scores_of(store: Store) -> dict[str, list[tuple]]:
    """Every result of the cycle, computed anew where it is out of date."""
    store.refresh(2026)
    return {name: store.rows(f"select * from result_{name} order by all") for name in RESULTS}


def scores_in(home: Path) -> dict[str, list[tuple]]:
    """Every result of a runtime folder, opened for it."""
    with closing(Store.open(home)) as store:
        return scores_of(store)
