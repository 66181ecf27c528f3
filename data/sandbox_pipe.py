"""How the sandbox and its workers speak: pickles with their length in front, over the worker's standard pipes.

The program asks for one task at a time and the worker sends one reply; in between the worker may ask back for what was
not sent along (`KeptMark`, `AskedMark`), and gets one answer to each question.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO, Literal

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
    """What a worker wants to know in the midst of a task: a kept value, or one entry of an asked mapping."""

    about: KeptMark | AskedMark
    key: object = None


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
