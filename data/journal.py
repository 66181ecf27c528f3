"""The journal: one line for every committed change, hash-chained, beside the database and synced before it commits.

Line = SHA-256 of the rest, a blank, and a JSON object {"n", "prev", "at", "by", "role", "from", "rows", "answers"}: `n`
counts from 1, `prev` is the hash of the line before. With the kept workbooks it is enough to rebuild the database
(`data.replay`); a line that was changed or removed is found by following the chain (`follow`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.workbook_files import hash_bytes, sync_folder

FIRST_PREVIOUS = "0" * 64
BLOCK = 64 * 1024
HASH_LENGTH = 64


@dataclass(frozen=True)
class Link:
    """Where a chain stands: the number of its last line and that line's hash."""

    n: int = 0
    hash: str = FIRST_PREVIOUS


@dataclass(frozen=True)
class Line:
    """One line, checked: its place in the chain and what it records."""

    link: Link
    body: dict[str, Any]


class JournalFault(Exception):
    """The chain is broken; `n` is the first line that does not follow, `reason` says why, in Chinese."""

    def __init__(self, n: int, reason: str):
        super().__init__(f"台账第 {n} 行{reason}")
        self.n, self.reason = n, reason


class Journal:
    """The journal file of one runtime folder. One process writes it, under the store's write lock."""

    def __init__(self, path: Path):
        self.path = path
        self._cut_torn_line()
        last = self._last_line()
        self.head, self.last_at = (last.link, last.body["at"]) if last else (Link(), "")

    def prepare(self, body: Mapping[str, Any]) -> tuple[Link, bytes]:
        """The line that would come next, and its link; writes nothing."""
        numbered = {"n": self.head.n + 1, "prev": self.head.hash, **body}
        text = json.dumps(numbered, ensure_ascii=False, separators=(",", ":")).encode()
        digest = hash_bytes(text)
        return Link(self.head.n + 1, digest), digest.encode() + b" " + text + b"\n"

    def append(self, link: Link, line: bytes) -> None:
        """Write a prepared line, synced to the disk; all of it or, on an error, nothing."""
        is_new = not self.path.exists()
        size = 0 if is_new else self.path.stat().st_size
        try:
            with self.path.open("ab", buffering=0) as file:
                while line:
                    line = line[file.write(line) :]
                os.fsync(file.fileno())
            if is_new:
                sync_folder(self.path.parent)
        except BaseException:
            self._cut(size)
            raise
        self.head = link

    def take_back(self, before: Link) -> None:
        """Take the last line back, when the database did not commit it: `before` is the head without it."""
        if self.head == before:
            return
        size = self.path.stat().st_size
        self._cut(size - self._length_of_last_line(size))
        self.head = before

    def _cut(self, size: int) -> None:
        if self.path.exists() and self.path.stat().st_size > size:
            with self.path.open("r+b") as file:
                file.truncate(size)
                os.fsync(file.fileno())

    def _cut_torn_line(self) -> None:
        """A line without its end was being written when the power went; nobody was told that it counts."""
        size = self.path.stat().st_size if self.path.exists() else 0
        if size:
            with self.path.open("rb") as file:
                file.seek(size - 1)
                is_torn = file.read(1) != b"\n"
            if is_torn:
                self._cut(size - self._length_of_last_line(size))

    def _length_of_last_line(self, size: int) -> int:
        """Bytes from the end of the last but one line to the end of the file."""
        with self.path.open("rb") as file:
            at, tail = size - 1, b""  # the last byte may be the line's own end
            file.seek(at)
            last = file.read(1)
            while at > 0 and b"\n" not in tail:
                step = min(BLOCK, at)
                at -= step
                file.seek(at)
                tail = file.read(step) + tail
            return len(tail) - (tail.rfind(b"\n") + 1) + len(last)

    def _last_line(self) -> Line | None:
        size = self.path.stat().st_size if self.path.exists() else 0
        if not size:
            return None
        length = self._length_of_last_line(size)
        with self.path.open("rb") as file:
            file.seek(size - length)
            return _parse(file.read(length), expected=None)


def follow(path: Path, *, after: int = 0) -> Iterator[Line]:
    """Every line after number `after`, each checked against the one before it. Raises JournalFault."""
    link = Link()
    if not path.exists():
        return
    with path.open("rb") as file:
        for raw in file:
            line = _parse(raw, expected=link)
            link = line.link
            if line.link.n > after:
                yield line


def _parse(raw: bytes, *, expected: Link | None) -> Line:
    """One line, its hash checked, and with `expected` its place after that link."""
    number = (expected.n if expected else 0) + 1
    text = raw[HASH_LENGTH + 1 :].rstrip(b"\n")
    if raw[:HASH_LENGTH] != hash_bytes(text).encode():
        raise JournalFault(number, "被改动过：内容与它的校验值不符")
    body = json.loads(text)
    if expected and (body["n"], body["prev"]) != (number, expected.hash):
        raise JournalFault(number, "接不上前一行：中间有行被删除、插入或换过位置")
    return Line(Link(body["n"], raw[:HASH_LENGTH].decode()), body)
