"""Scores a cycle: what scores follow from is made by the steps of `scoring.views`, scores are computed from it as arrays, and what
comes of both is put where it is read.

The steps are temporary tables of a cursor, each finished before the next one reads it: what a transaction has not committed
yet, DuckDB plans badly for, and the steps take several times as long.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import duckdb

from data.schema import define_result_tables
from scoring.views import READ_FROM, RESULTS, STEPS, load_step

if TYPE_CHECKING:
    import pyarrow as pa

    from data.said_before import SaidBefore
    from data.scored import Inputs

# Steps that counted values are read from.
READ_STEPS = [name for names in READ_FROM.values() for name in names if name in STEPS]
KEPT = [
    *(name for names in READ_FROM.values() for name in names),
    *(name for name in RESULTS if name not in READ_FROM),
]


def read_for_results(
    cursor: duckdb.DuckDBPyConnection, *, cycle: int, as_of: int, before: SaidBefore | None = None
) -> Inputs:
    """What the results of a cycle follow from, as it stood when the journal's event `as_of` was recorded; READ_STEPS are then tables of
    the cursor. `before`: what is known of the database's answers (`data.scored.read_inputs`)."""
    from data.scored import read_inputs  # brings numpy and pyarrow, which most commands need none of

    cursor.execute("set variable as_of = $version", {"version": as_of})
    try:
        for name in STEPS:
            _execute(cursor, f"create or replace temp table {name} as {load_step(name)}", cycle=cycle)
        return read_inputs(cursor, cycle=cycle, before=before)
    finally:
        cursor.execute("reset variable as_of")


def compute_results(cursor: duckdb.DuckDBPyConnection, *, cycle: int, as_of: int) -> None:
    """The results of a cycle as it stood then, and what counted values are read from, as tables of the cursor by their names."""
    from pyarrow import concat_tables

    from data.scored import score

    inputs = read_for_results(cursor, cycle=cycle, as_of=as_of)
    parts = defaultdict(list)
    for name, table in score(inputs, cycle=cycle):
        parts[name].append(table)
    for name, tables in parts.items():
        cursor.register(name, concat_tables(tables))


def result_select(name: str) -> str:
    """The select of a result's rows, on a cursor on which the results were computed."""
    return load_step(name).rstrip().removesuffix(";") if name in READ_FROM else f"select * from {name}"


def keep_results(
    cursor: duckdb.DuckDBPyConnection, inputs: Inputs, *, cycle: int, stamp: Mapping[str, Any]
) -> None:
    """Replace a cycle's results, and their stamp, by those of what was read on the cursor; all or nothing. One is put in by a thread
    while the next is computed."""
    from data.scored import score

    try:
        with ThreadPoolExecutor(
            1, "keep-results"
        ) as beside:  # till it is done, nobody else asks the cursor anything
            done = [beside.submit(_begin, cursor, cycle=cycle)]
            for name, table in score(inputs, cycle=cycle):
                done.append(beside.submit(_put_in, cursor, name, table))
        for each in done:
            each.result()
        cursor.execute(
            "insert into results.stamp values ($cycle, $scheme_id, $version, $data_version)", stamp
        )
        cursor.execute("commit")
    except BaseException:
        with suppress(duckdb.Error):  # nothing to take back where nothing was begun
            cursor.execute("rollback")
        raise


def _begin(cursor: duckdb.DuckDBPyConnection, *, cycle: int) -> None:
    """A transaction in which the cycle has no results but what counted values are read from."""
    cursor.execute("begin transaction")
    _make_anew(cursor, cycle=cycle)
    for name in READ_STEPS:
        cursor.execute(f"insert into results.{name} by name select * from {name}")


def _put_in(cursor: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    cursor.register(name, table)
    cursor.execute(f"insert into results.{name} by name select * from {name}")
    cursor.unregister(name)


def _make_anew(cursor: duckdb.DuckDBPyConnection, *, cycle: int) -> None:
    """Tables that hold the rows of other cycles only, in place of those that are there (docs/decisions.md)."""
    of_cycle = {"cycle": cycle}
    former = []
    if cursor.execute("select 1 from results.stamp where cycle <> $cycle", of_cycle).fetchone():
        former = [*KEPT, "stamp"]
    for name in former:
        cursor.execute(f"alter table results.{name} rename to former_{name}")
    define_result_tables(cursor)
    for name in former:
        others = f"select * from results.former_{name} where cycle <> $cycle"
        cursor.execute(f"insert into results.{name} {others}", of_cycle)
        cursor.execute(f"drop table results.former_{name}")


def _execute(cursor: duckdb.DuckDBPyConnection, statement: str, *, cycle: int) -> None:
    cursor.execute(statement, {"cycle": cycle} if "$cycle" in statement else {})
