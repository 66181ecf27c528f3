"""The journal: one line for every change, hash-chained, beside the database; synced, a line makes its change for good.

Line = SHA-256 of the rest, a blank, and a JSON object {"n", "prev", "at", "by", "role", "from", "rows", "answers"}: `n`
counts from 1, `prev` is the hash of the line before. With the kept workbooks it is enough to rebuild the database
(`data.replay`); a line that was changed or removed is found by following the chain (`follow`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.hashing import hash_bytes
from data.workbook_files import sync_folder

FIRST_PREVIOUS = "0" * 64
BLOCK = 64 * 1024
HASH_LENGTH = 64


@dataclass(frozen=True)
class Link:
    """Where a chain stands: the number of its last line and that line's hash."""

    n: int = 0
    hash: str = FIRST_PREVIOUS


START = Link()


@dataclass(frozen=True)
class Line:
    """One line, checked: its place in the chain and what it records."""

    link: Link
    body: dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """A line that is ready to be written: its place in the chain, its time (ISO) and its bytes."""

    link: Link
    at: str
    raw: bytes


class JournalFault(Exception):
    """The chain is broken; `n` is the first line that does not follow, `reason` says why, in Chinese."""

    def __init__(self, n: int, reason: str):
        super().__init__(f"台账第 {n} 行{reason}")
        self.n, self.reason = n, reason


class Journal:
    """The journal file of one runtime folder; opening it writes nothing. One process writes it, under the store's lock.

    `size` is where its whole lines end. What stands behind is the rest of a line that could not be finished: nobody was
    told that it counts, and the next line takes its place. `held` is the last line that the database holds; a last line
    that does not match its own hash is such a rest too where the database stands right before it.
    """

    def __init__(self, path: Path, *, held: Link = START):
        self.path = path
        last, self.size = _last_whole_line(path, held)
        self.head, self.last_at = (last.link, last.body["at"]) if last else (START, "")

    def prepare(self, body: Mapping[str, Any]) -> Entry:
        """The line that would come next; writes nothing."""
        return make_entry(body, after=self.head)

    def append(self, entry: Entry) -> None:
        """Write a prepared line, synced to the disk; all of it or, on an error, nothing.

        Raises OSError, and JournalFault where the file is no longer as this journal left it.
        """
        size = _size(self.path)
        if size < self.size:
            raise JournalFault(self.head.n, "之后的内容不在了：台账文件在程序运行时被删去或截短")
        try:
            with self.path.open("ab", buffering=0) as file:
                if size > self.size:
                    file.truncate(self.size)
                rest = memoryview(entry.raw)
                while rest:
                    rest = rest[file.write(rest) :]
                os.fsync(file.fileno())
            if not self.size:
                sync_folder(self.path.parent)
        except BaseException:
            with suppress(OSError):  # where even this fails, the next line cuts it off
                os.truncate(self.path, self.size)
            raise
        self.head, self.last_at, self.size = entry.link, entry.at, self.size + len(entry.raw)


def make_entry(body: Mapping[str, Any], *, after: Link) -> Entry:
    """The line that records `body` after the line `after`."""
    numbered = {"n": after.n + 1, "prev": after.hash, **body}
    text = json.dumps(numbered, ensure_ascii=False, separators=(",", ":")).encode()
    digest = hash_bytes(text)
    return Entry(Link(after.n + 1, digest), body["at"], digest.encode() + b" " + text + b"\n")


def follow(path: Path, *, after: Link = START, size: int | None = None) -> Iterator[Line]:
    """Every whole line after `after`, each checked against the one before it. Raises JournalFault.

    `after` must be in the chain, with that hash. Read are the first `size` bytes, or all; a last line without its end is
    passed over.
    """
    link = START
    for raw in raw_lines(path, size=size):
        line = parse(raw, number=link.n + 1)
        if (line.body["n"], line.body["prev"]) != (link.n + 1, link.hash):
            raise JournalFault(link.n + 1, "接不上前一行：中间有行被删除、插入或换过位置")
        link = line.link
        if link.n == after.n and link != after:
            raise JournalFault(link.n, "与数据库记下的校验值不符：台账被改写或换过")
        if link.n > after.n:
            yield line
    if link.n < after.n:
        raise JournalFault(link.n, f"之后还应有 {after.n - link.n} 行：台账被删去一截")


def raw_lines(path: Path, *, size: int | None = None) -> Iterator[bytes]:
    """The bytes of every line that has its end, in order, within the first `size` bytes; none where there is no journal."""
    if not path.exists():
        return
    at = 0
    with path.open("rb") as file:
        for raw in file:
            at += len(raw)
            if not raw.endswith(b"\n") or (size is not None and at > size):
                return
            yield raw


def parse(raw: bytes, *, number: int) -> Line:
    """One line, its own hash checked; `number` is how the fault names it. Raises JournalFault."""
    text = raw[HASH_LENGTH + 1 :].removesuffix(b"\n")
    if raw[: HASH_LENGTH + 1] != hash_bytes(text).encode() + b" ":
        raise JournalFault(number, "被改动过：内容与它的校验值不符")
    try:
        body = json.loads(text)
        return Line(Link(body["n"], raw[:HASH_LENGTH].decode()), body)
    except (ValueError, TypeError, KeyError) as error:
        raise JournalFault(number, "不是台账的格式") from error


def _last_whole_line(path: Path, held: Link) -> tuple[Line | None, int]:
    """The last line that was written whole, and where it ends. Raises JournalFault."""
    end = _size(path)
    ends = _ends(path, end)
    size = next(ends, 0)
    if not size:
        return None, 0
    start = next(ends, 0)
    last = _parsed(_read(path, start, size))
    if last:
        return last, size
    # its end reached the disk before the rest of it, when the power went
    before = _parsed(_read(path, next(ends, 0), start))
    if (before.link if before else START) == held and bool(before) == bool(start):
        return before, start
    raise JournalFault(sum(1 for _ in raw_lines(path)), "被改动过：内容与它的校验值不符")


def _parsed(raw: bytes) -> Line | None:
    try:
        return parse(raw, number=0)
    except JournalFault:
        return None


def _ends(path: Path, size: int) -> Iterator[int]:
    """Where the lines end, from the last one back."""
    at = size
    while at > 0:
        at, to = max(0, at - BLOCK), at
        block = _read(path, at, to)
        found = block.rfind(b"\n")
        while found >= 0:
            yield at + found + 1
            found = block.rfind(b"\n", 0, found)


def _read(path: Path, start: int, end: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read(end - start)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
