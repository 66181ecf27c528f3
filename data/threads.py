"""How many threads DuckDB takes for one question, and how far they may be ahead of who reads what they find."""

from __future__ import annotations

import duckdb

# Fewer fit into a few parts of a table, which threads wait for each other over: one thread scores 12,000 units with half the
# processor time of two, and the other core is free for whoever else asks.
SHARED_FROM_WORKBOOKS = 50_000
# DuckDB's own megabyte is full after a thousandth of a long answer: then one thread finds and the others wait.
READ_AHEAD = "64MB"


def set_threads(connection: duckdb.DuckDBPyConnection) -> None:
    """One thread for a database of fewer workbooks than are worth sharing, else as many as DuckDB takes by itself."""
    (workbooks,) = connection.execute("select count(*) from submission").fetchone()
    if workbooks < SHARED_FROM_WORKBOOKS:
        connection.execute("set threads = 1")
    else:
        connection.execute(f"set streaming_buffer_size = '{READ_AHEAD}'")
