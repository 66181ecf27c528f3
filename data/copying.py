"""Copies the kept tables into a new database file, as one moment saw them.

The copy is a database of its own, so that a full disk under it harms nothing else. The file of an open database is never
opened by Python: closing any descriptor of it gives up the process's lock on it, and a second program could then write
to it (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb

from data.journal import START, Link
from data.schema import CATALOG, KEPT_FILES, define, kept_tables, reader_tables, table_statement

ROWS_AT_ONCE = 50_000


class Copy:
    """`pin` decides the moment, `fill` copies what stood then, however much is written in between."""

    def __init__(
        self,
        source: duckdb.DuckDBPyConnection,
        target: duckdb.DuckDBPyConnection,
        *,
        tables: Mapping[str, str],
    ):
        self._source, self._target, self._tables = source, target, tables
        tables = source.execute(
            "select table_name from duckdb_tables() where database_name = $name", {"name": CATALOG}
        ).fetchall()
        self._here = {name for (name,) in tables}

    def pin(self) -> Link:
        """From here on the copy sees what is kept now; returns the last journal line that the database holds."""
        self._source.execute("begin transaction")
        if "chain" not in self._here:
            return START
        found = self._source.execute(
            f"select n, hash from {CATALOG}.chain order by n desc limit 1"
        ).fetchone()
        return Link(*found) if found else START

    def fill(self, *, without: Collection[str] = ()) -> None:
        """Copy every table but those in `without`; what an older program's database has not stays empty."""
        for name, condition in self._tables.items():
            if name in self._here and name not in without:
                rows = self._source.execute(
                    f"select * from {CATALOG}.{name} where {condition}"
                ).to_arrow_reader(ROWS_AT_ONCE)
                self._target.register("incoming", rows)
                self._target.execute(f"insert into {name} by name select * from incoming")
                self._target.unregister("incoming")

    def workbooks(self) -> list[str]:
        """SHA-256 of every kept file that the copied rows name."""
        found: set[str] = set()
        for table in KEPT_FILES:
            rows = self._target.execute(f"select distinct sha256 from {table} where sha256 <> ''").fetchall()
            found |= {sha256 for (sha256,) in rows}
        return sorted(found)


@contextmanager
def copy_of(connection: duckdb.DuckDBPyConnection, target: Path) -> Iterator[Copy]:
    """A new database file with empty tables, to be filled; on the disk, and let go, when the block ends."""
    with closing(connection.cursor()) as source, closing(duckdb.connect(str(target))) as new:
        for name in kept_tables():
            new.execute(table_statement(name))
        yield Copy(source, new, tables=dict.fromkeys(kept_tables(), "true"))
        new.execute("checkpoint")


@contextmanager
def readers_copy_of(connection: duckdb.DuckDBPyConnection, target: Path) -> Iterator[Copy]:
    """`copy_of` for read-only servers: published rows and views too, without what `KEPT_FROM_READERS` names."""
    with closing(connection.cursor()) as source, closing(duckdb.connect(str(target))) as new:
        define(new)
        yield Copy(source, new, tables=reader_tables())
        new.execute("checkpoint")
