"""How the sandbox and its workers speak: pickles with their length in front, over the worker's standard pipes.

The program asks for one task at a time and the worker sends one reply; in between the worker may ask back for what was
not sent along (`KeptMark`, `AskedMark`), and gets one answer to each question.
"""

from __future__ import annotations

import pickle
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

# A reply is answers, problems or a workbook of a few MB; a longer one is a worker that has gone wrong.
LARGEST_MESSAGE = 64 * 1024 * 1024
_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True)
class KeptMark:
    """Stands in a task for a value that a worker gets once and then keeps."""

    token: int


@dataclass(frozen=True)
class AskedMark:
    """Stands in a task for a mapping that stays with the program; the worker asks for single entries."""

    number: int


@dataclass(frozen=True)
class Question:
    """What a worker wants to know in the midst of a task: a kept value, or entries of an asked mapping."""

    about: KeptMark | AskedMark
    keys: tuple[object, ...] = ()


class Elsewhere(Mapping):
    """For a worker, a mapping that stayed with the program; each entry is asked for once."""

    def __init__(self, ask: Callable[[tuple[object, ...]], bytes]):
        self._ask = ask
        self._known: dict[object, Any] = {}
        self._missing: set[object] = set()

    def fetch(self, keys: Iterable[object]) -> None:
        """Ask for several entries at once, before they are needed one by one: a question takes as long as a quarter of a
        workbook's checks."""
        new = tuple(key for key in dict.fromkeys(keys) if key not in self._known and key not in self._missing)
        if new:
            self._known |= pickle.loads(self._ask(new))
            self._missing.update(key for key in new if key not in self._known)

    def __getitem__(self, key: object) -> Any:
        self.fetch((key,))
        return self._known[key]

    def __iter__(self) -> Iterator:
        raise TypeError("only single entries can be asked for")

    def __len__(self) -> int:
        raise TypeError("only single entries can be asked for")


@dataclass(frozen=True)
class Reply:
    """How a task ended: `value` is the result, or the text of the traceback; with `is_last` the worker ends."""

    kind: Literal["done", "fault", "memory", "crash"]
    value: object
    is_last: bool


def send(stream: BinaryIO, message: bytes) -> None:
    """Write one message, in one piece: its length alone would wake whoever reads. Raises OSError when nobody does any more."""
    stream.write(_LENGTH.pack(len(message)) + message)
    stream.flush()


def receive(stream: BinaryIO) -> bytes | None:
    """The next message, or None when the other side has ended, or sends more than it may."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > LARGEST_MESSAGE:
        return None
    message = stream.read(length)
    return message if len(message) == length else None
