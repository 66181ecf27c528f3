"""What is kept in memory: worked out once, given up when old, never a stale one after a write."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from data.newest import Newest
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
