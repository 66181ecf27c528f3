"""What is kept in memory: worked out once, given up when old, never a stale one after a write."""

from __future__ import annotations

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pandas as pd
import pytest

from data.newest import FEW_ROWS, Newest, handed_out
from data.store import Store


def test_an_answer_is_worked_out_once_and_the_oldest_is_given_up():
    newest, made = Newest(2), []

    def ask(key):
        return newest.get(key, lambda: made.append(key) or key)

    assert [ask(key) for key in "aabacab"] == list("aabacab")
    assert made == ["a", "b", "c", "b"]


def test_one_key_is_worked_out_once_while_others_are_answered():
    newest, slow, made = Newest(5), threading.Event(), []

    def wait():
        made.append("slow")
        assert slow.wait(10)
        return "slow"

    with ThreadPoolExecutor(3) as pool:
        first, second = (pool.submit(newest.get, "slow", wait) for _ in range(2))
        assert pool.submit(newest.get, "other", lambda: "other").result(10) == "other"
        slow.set()
        assert first.result(10) == second.result(10) == "slow"
    assert made == ["slow"]


@pytest.mark.parametrize("rows", [3, FEW_ROWS + 1], ids=["few rows", "many rows"])
def test_who_changes_a_frame_that_was_handed_out_changes_it_for_nobody_else(rows):
    kept = pd.DataFrame({"score": [60.0] * rows, "name": ["示例"] * rows})
    mine, yours = handed_out(kept), handed_out(kept)
    mine.loc[0, "score"], mine["name"] = 0.0, "改"
    for other in (kept, yours, handed_out(kept)):
        assert set(other["score"]) == {60.0} and set(other["name"]) == {"示例"}


def test_a_kept_frame_of_few_rows_keeps_no_note_of_its_values_for_everybody_who_had_it():
    kinds = {
        "score": [60.0],
        "name": ["示例"],
        "is_late": [True],
        "place": [1],
        "at": [datetime(2026, 12, 1)],
    }
    kept, times = pd.DataFrame(kinds), 400
    before = _weak_references()
    for _ in range(times):
        handed_out(kept)
    assert _weak_references() - before < 2 * times  # one for its columns' names, not one for each kind


def _weak_references() -> int:
    return sum(isinstance(each, weakref.ReferenceType) for each in gc.get_objects())


def test_what_is_past_is_given_up():
    newest, made = Newest(5), []
    for key in (1, 2, 3):
        newest.get(key, lambda key=key: made.append(key) or key)
    newest.forget(lambda key: key < 3)
    assert [newest.find(key) for key in (1, 2, 3)] == [None, None, 3]
    assert newest.get(1, lambda: "again") == "again"


def test_what_could_not_be_worked_out_is_asked_again():
    newest = Newest(2)
    with pytest.raises(ZeroDivisionError):
        newest.get("a", lambda: 1 / 0)
    assert newest.get("a", lambda: 1) == 1


def test_a_store_answers_anew_after_a_write(demo_copy):
    opened = Store.open(demo_copy)
    assert opened.setting("backup") is None
    before = opened.data_version(2026)
    opened.set_setting("backup", "a")
    assert opened.setting("backup") == "a"
    with opened.write() as transaction:
        transaction.record("benchmark", cycle=2026, detail="")
    assert opened.data_version(2026) > before
    assert 2026 in opened.cycles()
    opened.close()
