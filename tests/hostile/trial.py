"""Hands hostile files in as everybody does, and judges what became of them by the rules of the house."""

from __future__ import annotations

import io
import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import openpyxl

from data.intake import take_in_many
from data.model import Receipt
from data.receipts import receipts_to_xlsx
from data.safe_reading import mark_workbook_safely
from data.store import Store
from data.unpack import expand_upload
from tests.data.small import CYCLE, OTHER, SCHEME_PATH, UNIT, filled
from tests.hostile.material import Hostile

LONGEST_S = 10.0
LARGEST_GROWTH = 200 * 1024 * 1024
LONGEST_MESSAGE = 600  # characters
AT = datetime(2026, 10, 1, 9)

_SIZES = Path("/proc/self/statm")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")
_FAULTS = {"reader-fault"}  # the program's own


@dataclass
class Outcome:
    """What became of one file: its receipts, how long taking in and marking took, and the rules it broke."""

    case: Hostile
    receipts: list[Receipt] = field(default_factory=list)
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        """Whether the file, or one of those in it, was refused."""
        return any(receipt.status == "refused" for receipt in self.receipts)

    @property
    def codes(self) -> set[str]:
        """The codes of all errors."""
        return {p.code for r in self.receipts for p in r.problems if p.severity == "error"}


class Trial:
    """A runtime folder with the small scheme, into which file after file is handed in."""

    def __init__(self, home: Path):
        self.store = Store.open(home)
        self.store.open_cycle(
            cycle=2026, scheme_path=SCHEME_PATH, opens_on=CYCLE.opens_on, deadline=CYCLE.deadline
        )
        self.store.register_units(cycle=2026, units=[UNIT, OTHER])
        # what every process does once is not what a file costs
        bad = filled({"T19-01": {"value": "大概有"}})
        for content in (filled(), bad):
            for receipt in take_in_many(self.store, [("先.xlsx", content)], cycle=2026, received_at=AT):
                mark_workbook_safely(content, receipt.problems)
        receipts_to_xlsx([])
        self.size_at_start = self.largest_size = resident()

    @property
    def growth(self) -> int:
        """By how many bytes this process has grown at most."""
        return self.largest_size - self.size_at_start

    def take(self, case: Hostile, content: bytes) -> Outcome:
        """Hand one file in, mark it where it was refused, and judge all that."""
        outcome = Outcome(case)
        refused: dict[int, bytes] = {}

        def hand_in() -> None:
            outcome.receipts = take_in_many(
                self.store,
                expand_upload(case.filename, content),
                cycle=2026,
                received_at=AT,
                refused=refused.__setitem__,
            )

        def mark() -> None:
            for number, original in refused.items():
                marked = mark_workbook_safely(original, outcome.receipts[number].problems)
                _check_copy(outcome, marked)

        self._timed(outcome, "taking in", hand_in)
        self._timed(outcome, "marking", mark)
        _check_receipts(outcome)
        return outcome

    def close(self) -> None:
        """The scores of what was accepted, and the receipts, must still be made."""
        self.store.refresh(2026)
        self.store.close()

    def _timed(self, outcome: Outcome, what: str, step: Callable[[], None]) -> None:
        started = time.monotonic()
        try:
            step()
        except Exception as error:
            outcome.broken.append(f"{what}: {type(error).__name__}: {error}"[:300])
        seconds = time.monotonic() - started
        files = max(len(outcome.receipts), 1)
        if seconds > LONGEST_S * files:
            outcome.broken.append(f"{what} took {seconds:.1f} s")
        outcome.seconds = max(outcome.seconds, seconds / files)
        self.largest_size = max(self.largest_size, resident())


def resident() -> int:
    """The memory that this process holds, in bytes; 0 where that cannot be told."""
    if not _SIZES.exists():
        return 0
    return int(_SIZES.read_text("ascii").split()[1]) * 4096


def _check_receipts(outcome: Outcome) -> None:
    case = outcome.case
    if not outcome.receipts:
        outcome.broken.append("no receipt")
    if case.codes and not outcome.codes & case.codes:
        outcome.broken.append(f"expected one of {sorted(case.codes)}, found {sorted(outcome.codes)}")
    if outcome.codes & _FAULTS:
        outcome.broken.append("a fault of the program")
    for receipt in outcome.receipts:
        if receipt.status == "refused" and not any(p.severity == "error" for p in receipt.problems):
            outcome.broken.append("refused without an error")
        texts = [receipt.path, receipt.unit or "", receipt.template_version or ""]
        for problem in receipt.problems:
            texts.append(problem.message)
            if not (problem.fix and _CHINESE.search(problem.message)):
                outcome.broken.append(f"unclear: {problem.code}: {problem.message!r}")
        for text in texts:
            if len(text) > LONGEST_MESSAGE or any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
                outcome.broken.append(f"not fit to be shown: {text[:100]!r}")


def _check_copy(outcome: Outcome, marked: bytes) -> None:
    """The marked copy opens, and holds no formula but the template's own."""
    book = openpyxl.load_workbook(io.BytesIO(marked))
    for sheet in book.worksheets:
        for cell in list(sheet._cells.values()):
            if cell.data_type == "f" and cell.coordinate != "A2":
                outcome.broken.append(f"formula in the marked copy: {sheet.title}!{cell.coordinate}")
    book.close()
