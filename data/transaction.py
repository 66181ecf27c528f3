"""One write to the database: events, rows and fixed statements, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import duckdb
import pyarrow as pa


class Transaction:
    """What may be done inside `Store.write`: record an event, add rows, run a fixed statement.

    Rows are collected and written table by table when the transaction commits: one insert for many rows is hundreds
    of times faster than one for each.
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, next_seq: Callable[[], int]):
        self._cursor = cursor
        self._next_seq = next_seq
        self._pending: dict[str, list[Mapping]] = {}

    def record(self, kind: str, *, cycle: int | None, detail: str) -> int:
        """Add an event to the journal and return its seq, which its rows carry."""
        seq = self._next_seq()
        self.add(
            "journal",
            {"seq": seq, "recorded_at": datetime.now(), "kind": kind, "cycle": cycle, "detail": detail},
        )
        return seq

    def add(self, table: str, row: Mapping) -> None:
        """Add one row, given with all its columns."""
        self._pending.setdefault(table, []).append(row)

    def append(self, table: str, rows: Iterable[Mapping]) -> None:
        """Add rows, each given with all its columns."""
        self._pending.setdefault(table, []).extend(rows)

    def run(self, statement: str, **values) -> None:
        """Run a statement of the program's own, values bound by name, on what was written before this transaction."""
        self._cursor.execute(statement, values)

    def flush(self) -> None:
        """Write the collected rows; called once, right before the commit."""
        for table, rows in self._pending.items():
            if not rows:
                continue
            schema = self._cursor.execute(f"select * from {table} limit 0").to_arrow_table().schema
            self._cursor.register(
                "incoming", pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
            )
            self._cursor.execute(f"insert into {table} by name select * from incoming")
            self._cursor.unregister("incoming")
        self._pending.clear()
