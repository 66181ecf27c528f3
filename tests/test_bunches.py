"""The messages of a run go out together: after a moment, or at once with the one that ends it; none is left behind."""

from __future__ import annotations

import asyncio
import threading
import time
from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from pages.components import sending

MESSAGES, THREADS = 300, 4


@pytest.fixture(autouse=True)
def put_back(monkeypatch):
    monkeypatch.setattr(AppSession, "_enqueue_forward_msg", AppSession._enqueue_forward_msg)


def element(number: int) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.new_element.text.body = str(number)
    message.metadata.delta_path[:] = [0, number]
    return message


def last() -> ForwardMsg:
    return ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)


def session_that(send) -> SimpleNamespace:
    return SimpleNamespace(_browser_queue=ForwardMsgQueue(), _message_enqueued_callback=send)


def bunches_of(messages: list[ForwardMsg]) -> list[int]:
    """How many messages each bunch held that a session sent, when all came in one go."""

    async def work() -> list[int]:
        sent = []
        session = session_that(lambda: sent.append(len(session._browser_queue.flush())))
        sending.send_in_bunches(asyncio.get_running_loop())
        for message in messages:
            AppSession._enqueue_forward_msg(session, message)
        await asyncio.sleep(4 * sending.BUNCH_S)
        return sent

    return asyncio.run(work())


def test_what_is_drawn_goes_out_together():
    assert bunches_of([element(number) for number in range(20)]) == [20]


def test_the_end_of_a_run_takes_all_along_at_once():
    assert bunches_of([element(number) for number in range(20)] + [last()])[0] == 21


def test_a_session_that_nobody_listens_to_keeps_its_messages():
    async def work() -> int:
        session = session_that(None)
        sending.send_in_bunches(asyncio.get_running_loop())
        AppSession._enqueue_forward_msg(session, element(0))
        return len(session._browser_queue)

    assert asyncio.run(work()) == 1


def test_nothing_of_several_threads_stays_behind():
    async def work() -> int:
        loop, sent = asyncio.get_running_loop(), []
        lock, session = threading.Lock(), session_that(None)

        def send() -> None:  # what the server's loop does next
            loop.call_soon_threadsafe(lambda: sent.extend(session._browser_queue.flush()))

        session._message_enqueued_callback = send
        sending.send_in_bunches(loop)

        def draw(thread: int) -> None:
            for number in range(MESSAGES):
                with lock:  # a session has one run at a time
                    AppSession._enqueue_forward_msg(session, element(thread * MESSAGES + number))
                if number % 50 == 0:
                    time.sleep(sending.BUNCH_S)

        threads = [threading.Thread(target=draw, args=(thread,)) for thread in range(THREADS)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            await asyncio.sleep(0.001)
        await asyncio.sleep(4 * sending.BUNCH_S)
        return len({message.metadata.delta_path[1] for message in sent})

    assert asyncio.run(work()) == THREADS * MESSAGES
