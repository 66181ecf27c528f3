"""How many threads DuckDB takes for one question, and scoring with it, and how far they may be ahead of who reads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import duckdb

# Fewer fit into a few parts of a table, which threads wait for each other over: one thread scores 12,000 units with half the
# processor time of two, and the other core is free for whoever else asks.
SHARED_FROM_WORKBOOKS = 50_000
# What fits in is found by all threads before it is read, and then held as whole as who asks will hold it; of the rest, one
# finds what the reader takes and the others wait. DuckDB's own is a megabyte.
READ_AHEAD = "4GB"
MOST_WAITING = 4  # items of `beside`

Item = TypeVar("Item")


def set_threads(connection: duckdb.DuckDBPyConnection) -> None:
    """One thread for a database of fewer workbooks than are worth sharing, else as many as DuckDB takes by itself."""
    (workbooks,) = connection.execute("select count(*) from submission").fetchone()
    if workbooks < SHARED_FROM_WORKBOOKS:
        connection.execute("set threads = 1")


def read_far_ahead(cursor: duckdb.DuckDBPyConnection) -> None:
    """For long answers: let threads find all of one before the cursor's reader takes it."""
    read_ahead(cursor, READ_AHEAD)


def read_ahead(cursor: duckdb.DuckDBPyConnection, size: str) -> None:
    """Let threads find so much (as `256MB`) of an answer before the cursor's reader takes it."""
    cursor.execute(f"set streaming_buffer_size = '{size}'")


def threads_of(cursor: duckdb.DuckDBPyConnection) -> int:
    """How many the database takes."""
    return cursor.execute("select current_setting('threads')").fetchall()[0][0]


@contextmanager
def shared(threads: int) -> Iterator[Callable]:
    """What does as `map` on so many threads."""
    if threads == 1:
        yield map
        return
    with ThreadPoolExecutor(threads) as pool:
        yield pool.map


def beside(work: Callable[[Item], None], items: Iterable[Item], *, threads: int) -> None:
    """Do the work with one item after the other; of several threads, one does it while the next items are made, a few of which wait."""
    if threads == 1:
        for item in items:
            work(item)
        return
    waiting: deque[Future] = deque()
    with ThreadPoolExecutor(1) as other:
        for item in items:
            waiting.append(other.submit(work, item))
            if len(waiting) > MOST_WAITING:
                waiting.popleft().result()
    for each in waiting:
        each.result()
