"""One write to the database: events, rows and fixed statements, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from data.model import Actor

if TYPE_CHECKING:
    import pyarrow as pa

Answer = TypeVar("Answer")
FEW_ROWS = 4


class Transaction:
    """What may be done inside `Store.write`: record an event, add rows, run a fixed statement.

    Rows are collected and written table by table when the transaction commits: one insert for many rows is hundreds
    of times faster than one for each.
    """

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        next_seq: Callable[[], int],
        *,
        actor: Actor,
        at: datetime,
    ):
        self._cursor = cursor
        self._next_seq = next_seq
        self._pending: dict[str, list[Mapping]] = {}
        self._conditions: list[Callable[[], object]] = []
        self.digests: dict[int, str] = {}
        self.recorded: int | None = None  # the last event's seq
        self.actor, self.at = actor, at

    def record(self, kind: str, *, cycle: int | None, detail: str) -> int:
        """Add an event that results follow from and return its seq, which its rows carry."""
        seq = self.recorded = self._next_seq()
        self.add(
            "journal",
            {"seq": seq, "recorded_at": self.at, "kind": kind, "cycle": cycle, "detail": detail},
        )
        return seq

    def audit(
        self,
        action: str,
        *,
        object: str = "",
        outcome: str = "ok",
        detail: str = "",
        cycle: int | None = None,
    ) -> int:
        """Add an act of the actor to the audit log and return its seq; no result follows from it.

        `action` is a key of `data.audit.ACTIONS`, `outcome` ok, refused or failed.
        """
        seq = self._next_seq()
        self.add(
            "audit",
            {
                "seq": seq,
                "recorded_at": self.at,
                "account": self.actor.account,
                "role": self.actor.role,
                "origin": self.actor.origin,
                "action": action,
                "cycle": cycle,
                "object": object,
                "outcome": outcome,
                "detail": detail,
            },
        )
        return seq

    def add(self, table: str, row: Mapping) -> None:
        """Add one row, given with all its columns."""
        self._pending.setdefault(table, []).append(row)

    def append(self, table: str, rows: Iterable[Mapping]) -> None:
        """Add rows, each given with all its columns."""
        self._pending.setdefault(table, []).extend(rows)

    def append_answers(self, submission: int, answers: Iterable[Mapping], *, digest: str = "") -> None:
        """`append` of a submission's answers, with the digest of them where it is known already (`digest_of_answers`)."""
        self.append("answer", answers)
        if digest:
            self.digests[submission] = digest

    def only_after(self, condition: Callable[[], object]) -> None:
        """The transaction counts only once `condition` has returned, and not at all where it raises: it is called when all rows are
        written, before the journal hears of them."""
        self._conditions.append(condition)

    def run(self, statement: str, **values) -> None:
        """Run a statement of the program's own, values bound by name, on what was written before this transaction."""
        self._cursor.execute(statement, values)

    def ask(self, question: Callable[..., Answer], *about) -> Answer:
        """What `question(cursor, …)` finds or does on this transaction's cursor; rows that it writes are not journaled, so
        they must follow from what is."""
        return question(self._cursor, *about)

    def flush(self) -> dict[str, list[Mapping]]:
        """Write the collected rows and return them by table, when what `only_after` named has returned; called once, right before
        the commit. Raises what that raises."""
        written = {table: rows for table, rows in self._pending.items() if rows}
        for table, rows in written.items():
            insert_rows(self._cursor, table, rows)
        self._pending = {}
        for condition in self._conditions:
            condition()
        return written


def insert_rows(cursor: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add rows in one insert; a column that a row does not give is empty in it."""
    rows = list(rows)
    if len(rows) <= FEW_ROWS:
        _insert_few(cursor, table, rows)
        return
    import pyarrow as pa  # not before many are written: reading needs none of it

    schema = schema_of(cursor, table)
    columns = {name: [row.get(name) for row in rows] for name in schema.names}
    # by name: in a database that a former version made, columns that were added since stand last
    cursor.register("incoming", pa.Table.from_pydict(columns, schema=schema))
    cursor.execute(f"insert into {table} by name select * from incoming")
    cursor.unregister("incoming")


def _insert_few(cursor: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """As values of one statement: a table to be read takes DuckDB some milliseconds to prepare for."""
    if not rows:
        return
    columns = list(dict.fromkeys(name for row in rows for name in row))
    places = f"({', '.join('?' * len(columns))})"
    cursor.execute(
        f"insert into {table} ({', '.join(columns)}) values {', '.join([places] * len(rows))}",
        [row.get(name) for row in rows for name in columns],
    )


def schema_of(cursor: duckdb.DuckDBPyConnection, table: str) -> pa.Schema:
    """The columns of a kept table with their types; the same in every database that this program has defined."""
    if table not in _SCHEMAS:
        _SCHEMAS[table] = cursor.execute(f"select * from {table} limit 0").to_arrow_table().schema
    return _SCHEMAS[table]


_SCHEMAS: dict[str, pa.Schema] = {}
