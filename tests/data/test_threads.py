"""A small database is asked by one thread, one that is worth it by as many as DuckDB takes; both score alike."""

from __future__ import annotations

from contextlib import closing

import duckdb
import pytest

from data import result_tables, score_inputs, threads
from data.store import Store
from data.threads import MOST_WAITING, beside
from tests.data.kept import scores_of

DIGITS = 9  # sums of several parts differ in the last of a double


def _threads(store: Store) -> int:
    return store.rows("select current_setting('threads')")[0][0]


def test_one_thread_until_there_are_workbooks_enough(demo_copy, monkeypatch):
    with closing(Store.open(demo_copy)) as store:
        assert _threads(store) == 1
        workbooks = store.rows("select count(*) from submission")[0][0]
    monkeypatch.setattr(threads, "SHARED_FROM_WORKBOOKS", workbooks)
    with closing(Store.open(demo_copy)) as store, duckdb.connect() as other:
        assert _threads(store) == other.execute("select current_setting('threads')").fetchone()[0]


def test_many_threads_that_read_and_put_in_by_parts_score_as_one_does(demo_copy, monkeypatch):
    with closing(Store.open(demo_copy)) as store:
        alone = _plain(scores_of(store))
    monkeypatch.setattr(threads, "SHARED_FROM_WORKBOOKS", 1)
    monkeypatch.setattr(result_tables, "LONG", 100)
    monkeypatch.setattr(score_inputs, "ROWS_AT_ONCE", 2048)
    with closing(Store.open(demo_copy)) as store:
        store.rows("set threads = 3")
        assert _plain(scores_of(store)) == alone


def _plain(scores: dict[str, list[tuple]]) -> dict[str, list[tuple]]:
    return {
        name: [
            tuple(round(value, DIGITS) if isinstance(value, float) else value for value in row)
            for row in rows
        ]
        for name, rows in scores.items()
    }


@pytest.mark.parametrize("many", [1, 2])
def test_work_beside_is_done_with_each_in_turn(many):
    done = []
    beside(done.append, range(5 * MOST_WAITING), threads=many)
    assert done == list(range(5 * MOST_WAITING))


@pytest.mark.parametrize("many", [1, 2])
def test_what_fails_beside_is_said(many):
    def fail_at_last(item: int) -> None:
        if item == 2:
            raise ValueError("in the work")

    def items():
        yield from range(2)
        raise ValueError("in the making")

    with pytest.raises(ValueError, match="in the work"):
        beside(fail_at_last, range(3), threads=many)
    with pytest.raises(ValueError, match="in the making"):
        beside(fail_at_last, items(), threads=many)
