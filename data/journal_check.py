"""Follows the journal's chain from its first line to its head and compares it with what the database holds of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from data.journal import JournalFault, Link, follow
from data.store import Store


@dataclass(frozen=True)
class JournalReport:
    """How far the chain is sound: `lines` of them, the last one `head`; `fault` says in Chinese what is wrong, or is empty."""

    lines: int
    head: Link
    fault: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether every line follows from the one before it and the last is the one the database knows."""
        return not self.fault


def check_journal(store: Store, *, progress: Callable[[int, int], None] | None = None) -> JournalReport:
    """Every line up to the present head, each checked; stops at the first that is not sound.

    Lines that come in meanwhile are left to the next check. `progress` hears (lines done, lines in all).
    """
    head = store.journal.head
    known = dict(store.rows("select n, hash from chain"))
    link = Link()
    try:
        for line in follow(store.journal.path):
            if known.get(line.link.n, line.link.hash) != line.link.hash:
                return JournalReport(link.n, link, f"台账第 {line.link.n} 行与数据库所记的校验值不符")
            link = line.link
            if progress:
                progress(link.n, head.n)
            if link.n >= head.n:
                break
    except JournalFault as fault:
        return JournalReport(link.n, link, str(fault))
    except (ValueError, KeyError, OSError) as error:
        return JournalReport(link.n, link, f"台账第 {link.n + 1} 行读不出来（{type(error).__name__}）")
    if link != head:
        return JournalReport(link.n, link, f"台账只有 {link.n} 行，应有 {head.n} 行：末尾被删去或换过")
    return JournalReport(link.n, link)


LEAST_NOTED = 12  # characters of a hash; fewer could agree by chance


@dataclass(frozen=True)
class NotedLine:
    """Whether a line that somebody wrote down is still the same, and that in Chinese."""

    is_same: bool
    said: str


def check_noted(store: Store, *, n: int, noted: str) -> NotedLine:
    """Compare line `n` of the journal with the beginning of its hash that was written down earlier."""
    noted = noted.strip().lower()
    if len(noted) < LEAST_NOTED:
        return NotedLine(False, f"校验值只有 {len(noted)} 位，请至少填写前 {LEAST_NOTED} 位")
    found = store.rows("select hash from chain where n = $n", n=n)
    if not found:
        return NotedLine(
            False, f"台账现在只到第 {store.journal.head.n} 行，没有第 {n} 行：末尾被删去，或整个被换过"
        )
    if not found[0][0].startswith(noted):
        return NotedLine(False, f"第 {n} 行与抄下的不同：从这一行或更早起，台账被改写过")
    return NotedLine(True, f"第 {n} 行与抄下的相同")
