"""Scores a cycle: runs the steps of `scoring.views` and puts what comes of them where it is read.

The steps are temporary tables of a cursor, each finished before the next one reads it: what a transaction has not committed
yet, DuckDB plans badly for, and the steps take several times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from data.schema import define_result_tables
from scoring.views import NAMES, READ_FROM, RESULTS, STEPS, load_names, load_step


def compute_steps(cursor: duckdb.DuckDBPyConnection, *, cycle: int, as_of: int) -> None:
    """Run the steps on a cursor, for a cycle as it stood when the journal's event `as_of` was recorded."""
    cursor.execute("set variable as_of = $version", {"version": as_of})
    try:
        for name in NAMES:
            cursor.execute(f"create or replace temp type {name} as enum ({load_names(name)})")
        for name in STEPS:
            _execute(cursor, f"create or replace temp table {name} as {load_step(name)}", cycle=cycle)
    finally:
        cursor.execute("reset variable as_of")


def result_select(name: str) -> str:
    """The select of a result's rows, on a cursor that the steps were run on."""
    return f"select * from {name}" if name in STEPS else load_step(name).rstrip().removesuffix(";")


def keep_results(cursor: duckdb.DuckDBPyConnection, *, cycle: int, stamp: Mapping[str, Any]) -> None:
    """Replace a cycle's results, and their stamp, by those of the steps that were run on the cursor; all or nothing."""
    read_from = [name for names in READ_FROM.values() for name in names]
    kept = [*read_from, *(name for name in RESULTS if name not in READ_FROM)]
    cursor.execute("begin transaction")
    try:
        _make_anew([*kept, "stamp"], cursor, cycle=cycle)
        for name in kept:
            _execute(cursor, f"insert into results.{name} by name {result_select(name)}", cycle=cycle)
        cursor.execute(
            "insert into results.stamp values ($cycle, $scheme_id, $version, $data_version)", stamp
        )
        cursor.execute("commit")
    except BaseException:
        cursor.execute("rollback")
        raise


def _make_anew(tables: Iterable[str], cursor: duckdb.DuckDBPyConnection, *, cycle: int) -> None:
    """Tables that hold the rows of other cycles only, in place of those that are there (docs/decisions.md)."""
    of_cycle = {"cycle": cycle}
    former = []
    if cursor.execute("select 1 from results.stamp where cycle <> $cycle", of_cycle).fetchone():
        former = list(tables)
    for name in former:
        cursor.execute(f"alter table results.{name} rename to former_{name}")
    define_result_tables(cursor)
    for name in former:
        others = f"select * from results.former_{name} where cycle <> $cycle"
        cursor.execute(f"insert into results.{name} {others}", of_cycle)
        cursor.execute(f"drop table results.former_{name}")


def _execute(cursor: duckdb.DuckDBPyConnection, statement: str, *, cycle: int) -> None:
    cursor.execute(statement, {"cycle": cycle} if "$cycle" in statement else {})
