"""Copies the kept tables into a new database file, as one moment saw them.

The copying is DuckDB's own. The file of an open database is never opened by Python: closing any descriptor of it gives
up the process's lock on it, and a second program could then write to it (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import duckdb

from data.journal import START, Link
from data.schema import CATALOG, kept_tables, table_statement


@contextmanager
def copy_of(connection: duckdb.DuckDBPyConnection, target: Path) -> Iterator[Copy]:
    """A new database file with empty tables, to be filled; on the disk, and let go, when the block ends."""
    cursor = connection.cursor()
    alias = f"copy_{uuid4().hex}"
    quoted = str(target).replace("'", "''")  # attach takes no bound values
    try:
        cursor.execute(f"attach '{quoted}' as {alias}")
        try:
            cursor.execute(f"use {alias}")
            for name in kept_tables():
                cursor.execute(table_statement(name))
            cursor.execute(f"use {CATALOG}")
            yield Copy(cursor, alias)
            cursor.execute(f"checkpoint {alias}")
        finally:
            with suppress(duckdb.Error):
                cursor.execute("rollback")
            cursor.execute(f"use {CATALOG}")
            cursor.execute(f"detach {alias}")
    finally:
        cursor.close()


class Copy:
    """`pin` decides the moment, `fill` copies what stood then, however much is written in between."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, alias: str):
        self._cursor, self._alias = cursor, alias

    def pin(self) -> Link:
        """From here on the copy's transaction sees what is kept now; the last journal line that the database holds."""
        self._cursor.execute("begin transaction")
        if "chain" not in self._columns():
            return START
        found = self._cursor.execute(
            f"select n, hash from {CATALOG}.chain order by n desc limit 1"
        ).fetchall()
        return Link(*found[0]) if found else START

    def fill(self, *, without: frozenset[str] = frozenset()) -> None:
        """Copy every kept table but those in `without`; what an older program's database has not stays empty."""
        here = self._columns()
        for name in kept_tables():
            if name in here and name not in without:
                self._cursor.execute(
                    f"insert into {self._alias}.{name} by name select * from {CATALOG}.{name}"
                )
        self._cursor.execute("commit")

    def _columns(self) -> dict[str, list[str]]:
        """Table → its columns, in the database that is copied."""
        rows = self._cursor.execute(
            "select table_name, list(column_name order by column_index) from duckdb_columns() "
            "where database_name = $name and not internal group by table_name",
            {"name": CATALOG},
        ).fetchall()
        return dict(rows)
