"""Proves the journal of a running service sound, or names what is not; `data.verify` looks at everything, at rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from data.chain_check import check_chain, compare_with_database
from data.journal import Link
from data.store import Store
from data.verify import SHORTEST_HEAD


@dataclass(frozen=True)
class JournalReport:
    """How many lines there are, what is wrong, in Chinese, and which line a noted hash is the hash of, if one was given."""

    lines: int
    faults: tuple[str, ...]
    noted: int | None = None

    @property
    def is_sound(self) -> bool:
        """Whether every line follows from the one before it and is the one that the database knows."""
        return not self.faults


def check_journal(
    store: Store, *, noted: str = "", progress: Callable[[int], None] | None = None
) -> JournalReport:
    """Follow the chain and compare it with what the database holds of it; `progress` hears how many lines are done.

    `noted` is the hash of a line, or its beginning, that somebody wrote down earlier: it must still be there.
    """
    # before the file: a line stands in the journal before the database hears of it, never the other way round
    held = [Link(*row) for row in store.rows("select n, hash from chain")]
    chain = check_chain(store.journal_path, progress=progress)
    faults = [*chain.faults, *compare_with_database(chain, held)]
    if not noted.strip():
        return JournalReport(len(chain.hashes), tuple(faults))
    wanted = noted.strip().lower()
    if len(wanted) < SHORTEST_HEAD:
        faults.append(f"抄下的校验值只有 {len(wanted)} 位，请至少填写前 {SHORTEST_HEAD} 位")
        return JournalReport(len(chain.hashes), tuple(faults))
    line = next((n for n, digest in chain.hashes.items() if digest.startswith(wanted)), None)
    if line is None:
        faults.append("台账中没有抄下的校验值：从那以后台账被改写、截短或换过")
    return JournalReport(len(chain.hashes), tuple(faults), line)
