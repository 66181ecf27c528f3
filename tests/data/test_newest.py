"""What is kept in memory: worked out once, given up when old, never a stale one after a write."""

from __future__ import annotations

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pandas as pd
import pytest

from data.newest import FEW_ROWS, LARGEST_TIMES, MB, Newest, handed_out, size_of
from data.store import Store


def test_an_answer_is_worked_out_once_and_the_oldest_is_given_up():
    newest, made = Newest(2), []

    def ask(key):
        return newest.get(key, lambda: made.append(key) or key)

    assert [ask(key) for key in "aabacab"] == list("aabacab")
    assert made == ["a", "b", "c", "b"]


def test_the_oldest_are_given_up_when_all_together_take_too_much():
    newest, made = Newest(100, most_mb=0.1), []

    def ask(key, rows=500):
        return newest.get(key, lambda: made.append(key) or pd.DataFrame({"score": [60.0] * rows}))

    one = size_of(pd.DataFrame({"score": [60.0] * 500})) / MB
    fit = int(0.1 / one)
    for key in range(fit + 1):
        ask(key)
    ask(fit), ask(1)  # still there
    assert made == list(range(fit + 1))
    ask(0)
    assert made[-1] == 0
    newest.forget(lambda key: True)
    for key in range(fit):
        ask(key)
    assert made[fit + 2 :] == list(range(fit))  # what was forgotten takes nothing
    ask(0)
    assert len(made) == 2 * fit + 2


def test_some_of_the_largest_are_kept_though_one_alone_takes_too_much():
    newest = Newest(100, most_mb=0.1)

    def keep(key, rows):
        return newest.get(key, lambda: pd.DataFrame({"score": [60.0] * rows}))

    keep("small", 500)
    for key in range(LARGEST_TIMES + 1):
        assert len(keep(key, 50_000)) == 50_000
    assert newest.find("small") is None and newest.find(0) is None
    assert all(newest.find(key) is not None for key in range(1, LARGEST_TIMES + 1))


def test_what_is_found_counts_as_used():
    newest = Newest(2)
    for key in "ab":
        newest.get(key, lambda key=key: key)
    assert newest.find("a") == "a"
    newest.get("c", lambda: "c")
    assert newest.find("a") == "a"
    assert newest.find("b") is None


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"score": [60.5] * 2_000, "rank": range(2_000), "is_late": [False] * 2_000}),
        pd.DataFrame({"name": [f"哈尔滨市示例单位{n}" for n in range(2_000)], "score": [60.5] * 2_000}),
        pd.DataFrame({"category": [f"类别{n % 3}" for n in range(2_000)]}).astype("category"),
    ],
    ids=["numbers", "texts", "categories"],
)
def test_the_size_of_a_frame_is_about_right(frame):
    real = frame.memory_usage(deep=True).sum()
    assert real / 2 < size_of(frame) < 2 * real + 20_000  # categories are counted as numbers of eight bytes
    assert size_of([frame, frame]) > 2 * size_of(frame)
    assert size_of({"rows": frame}) > size_of(frame)


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
