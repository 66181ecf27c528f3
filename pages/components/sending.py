"""How what a run draws reaches the browser: without waiting for packets, in few bunches, the server's loop woken once for each."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from threading import get_ident
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession

BUNCH_S = 0.015
LAST = "script_finished"  # the kind of message that ends a run


def send_at_once(loop: asyncio.AbstractEventLoop) -> None:
    """Let connections send without waiting for the other side's word that it has the packet before, up to 40 ms each.

    asyncio sees to that itself, but only where a socket says that it speaks TCP, and the one that Streamlit opens does
    not. What a listening socket is set to holds for every connection that it takes from then on.
    """
    create_server = loop.create_server

    async def create_quick_server(*args: Any, sock: socket.socket | None = None, **kwargs: Any) -> Any:
        if sock is not None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return await create_server(*args, sock=sock, **kwargs)

    loop.create_server = create_quick_server


def wake_once(loop: asyncio.AbstractEventLoop) -> None:
    """Let calls that come from other threads at about the same time wake the loop once, not each for itself; from its own
    thread they need not at all.

    A script sends its page in some fifty messages, every one of which woke the loop twice by a byte through a socket. What
    that took was not the bytes: with each the threads hand Python's lock to and fro.
    """
    call_soon, wake = loop.call_soon, loop.call_soon_threadsafe
    own_thread, waiting, is_awake = get_ident(), deque(), False

    def pass_on() -> None:
        nonlocal is_awake
        is_awake = False  # whoever comes from here on wakes it again
        while waiting:
            callback, args, context = waiting.popleft()
            call_soon(callback, *args, context=context)

    def call_soon_threadsafe(
        callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle | None:
        nonlocal is_awake
        if get_ident() == own_thread:
            return call_soon(callback, *args, context=context)
        waiting.append((callback, args, context or copy_context()))
        if is_awake:
            return None
        is_awake = True
        try:
            return wake(pass_on)
        except RuntimeError:  # it has been closed
            is_awake = False
            raise

    loop.call_soon_threadsafe = call_soon_threadsafe


def send_in_bunches(loop: asyncio.AbstractEventLoop) -> None:
    """Let the messages of a session wait for those that follow within a moment; what ends a run takes all along at once.

    The browser draws the whole frame of the page again for nearly every bunch that comes by itself. Sent as they are made, those of
    a small page come in five, and take it a fifth more time than in two.
    """

    def enqueue(session: AppSession, message: ForwardMsg) -> None:
        session._browser_queue.enqueue(message)
        send = session._message_enqueued_callback
        if send is None:
            return
        if message.WhichOneof("type") == LAST:
            send()
        elif not getattr(session, "_is_gathering", False):
            session._is_gathering = True
            loop.call_soon_threadsafe(loop.call_later, BUNCH_S, send_gathered, session, send)

    def send_gathered(session: AppSession, send: Callable[[], None]) -> None:
        session._is_gathering = False  # first: what comes from here on is sent along, or gathered anew
        send()

    AppSession._enqueue_forward_msg = enqueue
