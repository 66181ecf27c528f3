"""Scores a cycle: what scores follow from is made by the steps of `scoring.views`, scores are computed from it as arrays, and what
comes of both is put where it is read.

The steps are temporary tables of a cursor, each finished before the next one reads it: what a transaction has not committed
yet, DuckDB plans badly for, and the steps take several times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import duckdb

from data.schema import define_result_tables
from scoring.views import READ_FROM, RESULTS, STEPS, load_step

if TYPE_CHECKING:
    from data.said_before import SaidBefore


def compute_results(
    cursor: duckdb.DuckDBPyConnection, *, cycle: int, as_of: int, before: SaidBefore | None = None
) -> None:
    """Compute the results of a cycle as it stood when the journal's event `as_of` was recorded. They, and what counted values are
    read from, are tables of the cursor by their names. `before`: what is known of the database's answers (`data.scored.score`)."""
    from data.scored import score  # brings numpy and pyarrow, which most commands need none of

    cursor.execute("set variable as_of = $version", {"version": as_of})
    try:
        for name in STEPS:
            _execute(cursor, f"create or replace temp table {name} as {load_step(name)}", cycle=cycle)
        tables = score(cursor, cycle=cycle, before=before)
    finally:
        cursor.execute("reset variable as_of")
    for name, table in tables.items():
        cursor.register(name, table)


def result_select(name: str) -> str:
    """The select of a result's rows, on a cursor on which the results were computed."""
    return load_step(name).rstrip().removesuffix(";") if name in READ_FROM else f"select * from {name}"


def keep_results(cursor: duckdb.DuckDBPyConnection, *, cycle: int, stamp: Mapping[str, Any]) -> None:
    """Replace a cycle's results, and their stamp, by those that were computed on the cursor; all or nothing."""
    read_from = [name for names in READ_FROM.values() for name in names]
    kept = [*read_from, *(name for name in RESULTS if name not in READ_FROM)]
    cursor.execute("begin transaction")
    try:
        _make_anew([*kept, "stamp"], cursor, cycle=cycle)
        for name in kept:
            cursor.execute(f"insert into results.{name} by name select * from {name}")
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
