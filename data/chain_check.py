"""Follows the journal's chain to its end and names every line that was changed, removed, inserted or moved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from data.journal import FIRST_PREVIOUS, HASH_LENGTH, START, JournalFault, Link, parse, raw_lines


@dataclass(frozen=True)
class Chain:
    """What stands in a journal: line number → hash, the last line and its time, and what is wrong, in Chinese."""

    hashes: Mapping[int, str] = field(default_factory=dict)
    head: Link = START
    at: str = ""
    faults: tuple[str, ...] = ()
    is_torn: bool = False


@dataclass(frozen=True)
class _Seen:
    n: int
    previous: str
    hash: str
    is_whole: bool


def check_chain(path: Path, *, progress: Callable[[int], None] | None = None) -> Chain:
    """The whole journal, however broken; the last line may lack its end where it is being written.

    `progress` hears how many lines are done.
    """
    seen: list[_Seen] = []
    size, at = 0, ""
    for raw in raw_lines(path):
        size += len(raw)
        expected = seen[-1].n + 1 if seen else 1
        try:
            line = parse(raw, number=expected)
            seen.append(_Seen(line.link.n, line.body["prev"], line.link.hash, True))
            at = line.body["at"]
        except JournalFault:
            seen.append(_told(raw, expected))
        if progress:
            progress(len(seen))
    head = Link(seen[-1].n, seen[-1].hash) if seen else START
    is_torn = path.exists() and path.stat().st_size > size
    return Chain({each.n: each.hash for each in seen}, head, at, tuple(_faults(seen)), is_torn)


def compare_with_database(chain: Chain, held: Iterable[Link]) -> list[str]:
    """What the database's own list of lines says against the journal, in Chinese."""
    known = {link.n: link.hash for link in held}
    last = max(known, default=0)
    gone = [n for n in known if n not in chain.hashes]
    other = [n for n in known if n in chain.hashes and chain.hashes[n] != known[n]]
    unknown = [n for n in chain.hashes if n <= last and n not in known]
    return [
        f"台账{text}"
        for numbers, text in (
            (gone, f"{_ranges(gone)}不在了，数据库里还记着：台账被删去内容"),
            (other, f"{_ranges(other)}与数据库记下的校验值不符：台账或数据库被改写过"),
            (unknown, f"{_ranges(unknown)}数据库没有记下：数据库被改动过，或台账被插入内容"),
        )
        if numbers
    ]


def _told(raw: bytes, expected: int) -> _Seen:
    """What a changed line says of itself, as far as it can be read."""
    try:
        body = json.loads(raw[HASH_LENGTH + 1 :])
        n, previous = int(body["n"]), str(body["prev"])
    except (ValueError, TypeError, KeyError):
        n, previous = expected, ""
    return _Seen(n, previous, raw[:HASH_LENGTH].decode("latin-1"), False)


def _faults(seen: list[_Seen]) -> Iterable[str]:
    changed = [each.n for each in seen if not each.is_whole]
    if changed:
        yield f"台账{_ranges(changed)}被改动过：内容与校验值不符"
    numbers = [each.n for each in seen]
    missing = set(range(1, max(numbers, default=0) + 1)) - set(numbers)
    if missing:
        yield f"台账{_ranges(missing)}被删除"
    twice = {n for n in numbers if numbers.count(n) > 1} if len(set(numbers)) < len(numbers) else set()
    if twice:
        yield f"台账{_ranges(twice)}出现不止一次：有内容被插入"
    moved = {n for n, after in pairwise(numbers) if after < n and n not in twice}
    if moved:
        yield f"台账{_ranges(moved)}换过位置"
    unlinked = [
        each.n
        for before, each in zip([_Seen(0, "", FIRST_PREVIOUS, True), *seen], seen, strict=False)
        if each.is_whole and each.n == before.n + 1 and each.previous != before.hash
    ]
    if unlinked:
        yield f"台账{_ranges(unlinked)}接不上前一行：前一行被改写并重算过校验值，或其间有内容被换掉"


def _ranges(numbers: Iterable[int]) -> str:
    """第 3、7—9 行"""
    ordered = sorted(set(numbers))
    parts: list[list[int]] = []
    for n in ordered:
        if parts and n == parts[-1][-1] + 1:
            parts[-1].append(n)
        else:
            parts.append([n])
    return "第 " + "、".join(f"{p[0]}—{p[-1]}" if len(p) > 1 else str(p[0]) for p in parts) + " 行"
