"""A few screens are drawn at once; the others wait, for some seconds at most, and long work is not waited for."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BoundedSemaphore, Event

import pytest

from pages.components import turns
from pages.components.turns import AT_ONCE, in_turn, step_aside

SOON_S = 20


@pytest.fixture(autouse=True)
def free_turns(monkeypatch):
    """Turns that nobody holds, and patience enough for a slow machine."""
    monkeypatch.setattr(turns, "_free", BoundedSemaphore(AT_ONCE))
    monkeypatch.setattr(turns, "LONGEST_WAIT_S", SOON_S)


@pytest.fixture
def held(free_turns):
    """All turns held by as many threads until the event is set."""
    everybody, leaving = Barrier(AT_ONCE + 1), Event()

    def hold() -> None:
        with in_turn():
            everybody.wait(SOON_S)
            leaving.wait(SOON_S)

    threads = [threading.Thread(target=hold) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    everybody.wait(SOON_S)
    yield leaving
    leaving.set()
    for thread in threads:
        thread.join()


def test_no_more_than_so_many_are_drawn_at_once():
    lock, drawing, most = threading.Lock(), 0, 0

    def draw(_number: int) -> None:
        nonlocal drawing, most
        with in_turn():
            with lock:
                drawing += 1
                most = max(most, drawing)
            Event().wait(0.01)
            with lock:
                drawing -= 1

    with ThreadPoolExecutor(4 * AT_ONCE) as pool:
        list(pool.map(draw, range(8 * AT_ONCE)))
    assert most == AT_ONCE


def test_whoever_waits_is_let_in_when_one_is_finished(held):
    begun = Event()

    def draw() -> None:
        with in_turn():
            begun.set()

    waiting = threading.Thread(target=draw)
    waiting.start()
    assert not begun.wait(0.05)
    held.set()
    assert begun.wait(SOON_S)
    waiting.join()


def test_nobody_waits_for_ever(held, monkeypatch):
    monkeypatch.setattr(turns, "LONGEST_WAIT_S", 0.01)
    with in_turn():  # while the others still hold theirs
        step_aside()
    held.set()  # none is given back that was never had: a bounded semaphore would raise


def test_a_run_that_steps_aside_lets_another_in_and_gives_nothing_back_twice(monkeypatch):
    monkeypatch.setattr(turns, "_free", BoundedSemaphore(1))
    drawn = Event()

    def draw() -> None:
        with in_turn():
            drawn.set()

    thread = threading.Thread(target=draw)
    with in_turn():
        thread.start()
        assert not drawn.wait(0.05)
        step_aside()
        step_aside()  # the semaphore would raise if something were given back that is not held
        assert drawn.wait(SOON_S / 4)
        thread.join()


def test_a_run_that_fails_gives_its_turn_back():
    for _ in range(2 * AT_ONCE):
        with pytest.raises(RuntimeError), in_turn():
            raise RuntimeError
