"""Tasks that a sandbox must survive: they hang, crash, fill the memory, print, fail."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence

from data.sandbox_pipe import Elsewhere


class PanicException(BaseException):
    """As a library in Rust raises it: no Exception."""


def double(value: int) -> int:
    return 2 * value


def slow(value: int, seconds: float = 0.05) -> int:
    time.sleep(seconds)
    return value


def worker_pid(_value: int = 0, seconds: float = 0) -> int:
    time.sleep(seconds)
    return os.getpid()


def size_of(value: bytes, number: int = 0) -> int:
    return len(value) + number


def spin() -> None:
    while True:
        pass


def fill_memory() -> int:
    return len(bytearray(4 * 1024**3))


_TAKEN: list[bytes] = []


def take_and_keep(n_bytes: int) -> int:
    _TAKEN.append(b"x" * n_bytes)
    return n_bytes


def abort() -> None:
    os.abort()


def segfault() -> None:
    signal.raise_signal(signal.SIGSEGV)


def leave() -> None:
    os._exit(3)


def panic() -> None:
    raise PanicException("index out of bounds")


def fail(text: str) -> None:
    raise KeyError(text)


def return_what_cannot_travel() -> object:
    return lambda: None


def return_too_much() -> bytes:
    return bytes(65 * 1024 * 1024)


def temporary_folder() -> str:
    return tempfile.gettempdir()


def shout() -> str:
    print("between the messages")
    print("a panic", file=sys.stderr)
    os.write(1, b"raw bytes")
    sys.stdin.read()
    return "heard"


def look_up(mapping: Mapping, key: str) -> tuple:
    return mapping.get(key), key in mapping, mapping.get("absent")


def look_up_all(mapping: Elsewhere, keys: Sequence[str]) -> list[object]:
    mapping.fetch(keys)
    return [mapping.get(key) for key in keys]


def identity_of(value: object) -> int:
    return id(value)


def loaded_modules() -> set[str]:
    return {name.partition(".")[0] for name in sys.modules}
