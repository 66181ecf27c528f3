"""Calls from other threads wake the server's loop together, in their order, and none is lost."""

from __future__ import annotations

import asyncio
import contextvars
import threading

import pytest

from pages.components import sending

CALLS, THREADS = 500, 8


def _count_wakes(loop: asyncio.AbstractEventLoop) -> list[None]:
    """Grows with every call that woke the loop."""
    wakes, wake = [], loop.call_soon_threadsafe

    def counted(*args, **kwargs):
        wakes.append(None)
        return wake(*args, **kwargs)

    loop.call_soon_threadsafe = counted
    return wakes


def test_every_call_is_made_once_and_in_the_order_of_its_thread():
    async def work() -> tuple[list[tuple[int, int]], int]:
        loop = asyncio.get_running_loop()
        wakes = _count_wakes(loop)
        sending.wake_once(loop)
        made, everything = [], asyncio.Event()

        def make(thread: int, number: int) -> None:
            made.append((thread, number))
            if len(made) == THREADS * CALLS:
                everything.set()

        def call(thread: int) -> None:
            for number in range(CALLS):
                loop.call_soon_threadsafe(make, thread, number)

        threads = [threading.Thread(target=call, args=(thread,)) for thread in range(THREADS)]
        for thread in threads:
            thread.start()
        await asyncio.wait_for(everything.wait(), 60)
        for thread in threads:
            thread.join()
        return made, len(wakes)

    made, wakes = asyncio.run(work())
    for thread in range(THREADS):
        assert [number for each, number in made if each == thread] == list(range(CALLS))
    assert wakes < THREADS * CALLS


def test_calls_that_come_while_the_loop_is_busy_wake_it_once():
    async def work() -> tuple[list[int], int]:
        loop = asyncio.get_running_loop()
        wakes = _count_wakes(loop)
        sending.wake_once(loop)
        made = []
        thread = threading.Thread(
            target=lambda: [loop.call_soon_threadsafe(made.append, number) for number in range(CALLS)]
        )
        thread.start()
        thread.join()  # the loop stands still meanwhile
        while len(made) < CALLS:
            await asyncio.sleep(0)
        return made, len(wakes)

    made, wakes = asyncio.run(work())
    assert made == list(range(CALLS))
    assert wakes == 1


def test_a_call_from_the_loops_own_thread_is_made_without_waking_it():
    async def work() -> tuple[list[str], int]:
        loop = asyncio.get_running_loop()
        wakes = _count_wakes(loop)
        sending.wake_once(loop)
        made = []
        loop.call_soon_threadsafe(made.append, "own")
        await asyncio.sleep(0)
        return made, len(wakes)

    assert asyncio.run(work()) == (["own"], 0)


def test_a_call_has_the_context_of_who_made_it():
    variable = contextvars.ContextVar("variable", default="nobody")

    async def work() -> str:
        loop = asyncio.get_running_loop()
        sending.wake_once(loop)
        heard = loop.create_future()

        def call() -> None:
            variable.set("thread")
            loop.call_soon_threadsafe(lambda: heard.set_result(variable.get()))

        thread = threading.Thread(target=call)
        thread.start()
        found = await asyncio.wait_for(heard, 60)
        thread.join()
        return found

    assert asyncio.run(work()) == "thread"


def test_a_call_that_fails_does_not_keep_the_others_from_being_made():
    async def work() -> list[str]:
        loop = asyncio.get_running_loop()
        sending.wake_once(loop)
        told, made = [], asyncio.Event()
        loop.set_exception_handler(lambda _loop, context: told.append(repr(context["exception"])))

        def call() -> None:
            loop.call_soon_threadsafe(lambda: 1 / 0)
            loop.call_soon_threadsafe(made.set)

        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
        await asyncio.wait_for(made.wait(), 60)
        return told

    assert asyncio.run(work()) == ["ZeroDivisionError('division by zero')"]


def test_a_closed_loop_says_so_every_time():
    async def work() -> asyncio.AbstractEventLoop:
        loop = asyncio.get_running_loop()
        sending.wake_once(loop)
        return loop

    loop = asyncio.run(work())
    said = []

    def call() -> None:
        for _ in range(2):
            with pytest.raises(RuntimeError):
                loop.call_soon_threadsafe(print)
            said.append(True)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    assert said == [True, True]
