"""Writes a journal anew from the database's rows: for a folder of a program without one, and where a journal was lost."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from data.copying import copy_of
from data.failures import DamagedDatabaseError, cannot_open
from data.journal import START, Link, make_entry
from data.journal_body import journal_body
from data.model import Actor
from data.places import DATABASE, DATABASE_LOG, JOURNAL
from data.replay import CONTEXT
from data.schema import journaled_tables
from data.swap import swap_in
from data.transaction import insert_rows
from data.workbook_files import sync_folder

ADOPTED = "台账自数据库建立"
ROWS_PER_LINE = 2000
# The column that tells the order of a table's rows, where it is not `seq`.
ORDERED_BY = {"submission": "submission", "receipt": "receipt", "problem": "receipt"}


def adopt(home: Path, folder: Path, *, actor: Actor, at: datetime, reason: str) -> Link:
    """Take the database for the truth: a new journal with all its rows, and a database that stands on that journal.

    `folder` is that of `swap.preparing`. The old database is kept as assessment.replaced-<time>.duckdb, an old journal as journal.replaced-<time>.jsonl; all of
    this is done or nothing. Returns the new chain's head. Raises StoreError (Chinese) where the database cannot be read.
    """
    try:
        connection = duckdb.connect(str(home / DATABASE))
    except duckdb.Error as error:
        raise cannot_open(home, error) from error
    try:
        with copy_of(connection, folder / DATABASE) as copy:
            copy.pin()
            copy.fill(without=frozenset({"chain"}))
        with closing(duckdb.connect(str(folder / DATABASE))) as new:
            _audit(new, actor, at, reason)
            links = _write_journal(new, folder / JOURNAL, actor, at)
            insert_rows(new, "chain", [{"n": link.n, "hash": link.hash} for link in links])
    except duckdb.IOException as error:
        raise DamagedDatabaseError(
            f"数据库 {home / DATABASE} 已损坏，读不完整（{str(error).splitlines()[0][:200]}），不能由它重写台账。"
            "请从备份恢复（manage.py restore）"
        ) from error
    finally:
        connection.close()
    time = f"{at:%Y%m%d-%H%M%S}"
    replaced = f"assessment.replaced-{time}.duckdb"
    swap_in(
        home,
        {
            DATABASE_LOG: f"{replaced}.wal",
            DATABASE: replaced,
            JOURNAL: f"journal.replaced-{time}.jsonl",
        },
    )
    return links[-1]


def _audit(new: duckdb.DuckDBPyConnection, actor: Actor, at: datetime, reason: str) -> None:
    highest = "select greatest((select max(seq) from journal), (select max(seq) from audit), 0)"
    row = {
        "seq": new.execute(highest).fetchone()[0] + 1,
        "recorded_at": at,
        "account": actor.account,
        "role": actor.role,
        "origin": actor.origin,
        "action": "rebuild",
        "object": ADOPTED,
        "outcome": "ok",
        "detail": reason,
    }
    insert_rows(new, "audit", [row])


def _write_journal(new: duckdb.DuckDBPyConnection, path: Path, actor: Actor, at: datetime) -> list[Link]:
    links, head = [], START
    with path.open("wb") as file:
        for rows in _in_lines(_events(new)):
            submissions = [row["submission"] for row in rows.get("submission", ())]
            body = journal_body(rows | {"answer": _answers(new, submissions)}, actor=actor, at=at)
            entry = make_entry(body, after=head)
            file.write(entry.raw)
            head = entry.link
            links.append(head)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)
    return links


Rows = dict[str, list[dict[str, Any]]]


def _events(new: duckdb.DuckDBPyConnection) -> Iterator[Rows]:
    """What each event wrote, table by table, in the order of events; first the rows that no event is known of."""
    events: dict[int, Rows] = {}
    for table in journaled_tables():
        result = new.execute(f"select * from {table} order by rowid")
        names = [column[0] for column in result.description]
        key = ORDERED_BY.get(table, "seq")
        while some := result.fetchmany(ROWS_PER_LINE):
            for values in some:
                row = dict(zip(names, values, strict=True))
                events.setdefault(row.get(key, 0), {}).setdefault(table, []).append(row)
    yield from (events[number] for number in sorted(events))


def _in_lines(events: Iterable[Rows]) -> Iterator[Rows]:
    """Events put together into lines; a workbook never stands in a line before what changes how it is read."""
    line: Rows = {}
    for event in events:
        is_full = sum(map(len, line.values())) >= ROWS_PER_LINE
        if line and (is_full or ("submission" in line and not CONTEXT.isdisjoint(event))):
            yield line
            line = {}
        for table, rows in event.items():
            line.setdefault(table, []).extend(rows)
    if line:
        yield line


def _answers(new: duckdb.DuckDBPyConnection, submissions: list[int]) -> list[dict[str, Any]]:
    result = new.execute(
        "select * from answer where list_contains($submissions, submission) order by rowid",
        {"submissions": submissions},
    )
    names = [column[0] for column in result.description]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]
