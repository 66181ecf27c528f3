"""A small database is asked by one thread, one that is worth it by as many as DuckDB takes."""

from __future__ import annotations

from contextlib import closing

import duckdb

from data import threads
from data.store import Store


def _threads(store: Store) -> int:
    return store.rows("select current_setting('threads')")[0][0]


def test_one_thread_until_there_are_workbooks_enough(demo_copy, monkeypatch):
    with closing(Store.open(demo_copy)) as store:
        assert _threads(store) == 1
        workbooks = store.rows("select count(*) from submission")[0][0]
    monkeypatch.setattr(threads, "SHARED_FROM_WORKBOOKS", workbooks)
    with closing(Store.open(demo_copy)) as store, duckdb.connect() as other:
        assert _threads(store) == other.execute("select current_setting('threads')").fetchone()[0]
