"""How many threads DuckDB takes for one question."""

from __future__ import annotations

import duckdb

# Fewer fit into a few parts of a table, which threads wait for each other over: one thread scores 12,000 units with half the
# processor time of two, and the other core is free for whoever else asks.
SHARED_FROM_WORKBOOKS = 50_000


def set_threads(connection: duckdb.DuckDBPyConnection) -> None:
    """One thread for a database of fewer workbooks than are worth sharing, else as many as DuckDB takes by itself."""
    (workbooks,) = connection.execute("select count(*) from submission").fetchone()
    if workbooks < SHARED_FROM_WORKBOOKS:
        connection.execute("set threads = 1")
