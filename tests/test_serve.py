"""Starting the server at a desk opens the browser; a service never does."""

from __future__ import annotations

import asyncio
import platform
import socket
import subprocess
import sys
import time

import pytest

import asgi
import command_line
from pages.components import sending


@pytest.fixture
def opener(tmp_path, monkeypatch):
    """A desktop whose opener writes down what it was asked to open."""
    program = tmp_path / ("open" if sys.platform == "darwin" else "xdg-open")
    opened = tmp_path / "opened"
    program.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return opened


@pytest.mark.skipif(sys.platform == "win32", reason="Windows opens by its own call")
def test_the_address_is_opened_with_the_desktops_opener(opener):
    asgi.show_in_browser("http://127.0.0.1:8501")
    for _ in range(100):
        if opener.exists() and opener.read_text():
            break
        time.sleep(0.05)
    assert opener.read_text().strip() == "http://127.0.0.1:8501"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="always has a screen")
@pytest.mark.parametrize(
    ("screen", "terminal", "is_desk"), [(":0", True, True), ("", True, False), (":0", False, False)]
)
def test_only_a_person_at_a_terminal_with_a_screen_is_at_a_desk(monkeypatch, screen, terminal, is_desk):
    monkeypatch.setenv("DISPLAY", screen)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(command_line.sys.stderr, "isatty", lambda: terminal)
    assert command_line._is_at_a_desk() is is_desk


def test_answers_do_not_wait_for_the_other_side():
    """A socket as Streamlit opens it: asyncio alone would leave its connections to gather small packets."""

    async def is_sent_at_once() -> bool:
        loop, accepted = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

        class Answering(asyncio.Protocol):
            def connection_made(self, transport):
                accepted.set_result(transport)

        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen()
            listening.setblocking(False)
            sending.send_at_once(loop)
            async with await loop.create_server(Answering, sock=listening):
                _, writer = await asyncio.open_connection(*listening.getsockname())
                transport = await accepted
                at_once = transport.get_extra_info("socket").getsockopt(
                    socket.IPPROTO_TCP, socket.TCP_NODELAY
                )
                writer.close()
                transport.close()
        return bool(at_once)

    assert asyncio.run(is_sent_at_once())


HEAPS_OF_THREADS = """
import ctypes, threading
import asgi
asgi.share_heaps()
all_are_here = threading.Barrier(8)
def take():
    taken = [ctypes.create_string_buffer(2_000) for _ in range(100)]
    all_are_here.wait()
threads = [threading.Thread(target=take) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc = ctypes.CDLL("libc.so.6")
libc.fopen.restype = ctypes.c_void_p
told = libc.fopen(b"/dev/stdout", b"w")
libc.malloc_info(0, ctypes.c_void_p(told))
libc.fflush(ctypes.c_void_p(told))
"""


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="only glibc gives each thread a heap of its own"
)
def test_threads_share_a_few_heaps():
    done = subprocess.run(
        [sys.executable, "-c", HEAPS_OF_THREADS], cwd=asgi.ROOT, capture_output=True, text=True, check=True
    )
    assert 1 <= done.stdout.count("<heap nr=") <= asgi.HEAPS


LARGE_BLOCKS = """
import ctypes
import asgi
asgi.share_heaps()
class Taken(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()]
mallinfo2 = ctypes.CDLL("libc.so.6").mallinfo2
mallinfo2.restype = Taken
block = ctypes.create_string_buffer(20_000_000)  # freed, it would raise the limit
del block
before = mallinfo2().hblkhd
block = ctypes.create_string_buffer(1_000_000)
print(mallinfo2().hblkhd - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc raises the limit by itself")
def test_a_large_block_is_taken_from_the_system_whatever_was_freed_before():
    done = subprocess.run(
        [sys.executable, "-c", LARGE_BLOCKS], cwd=asgi.ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) >= 1_000_000
