"""What may be asked of a runtime folder, by whoever holds the whole of it and by one person who may see a part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import duckdb

from data.failures import UnknownCycleError
from data.model import Cycle, Unit
from scoring.scheme import Scheme, parse_scheme

if TYPE_CHECKING:
    import pandas as pd

    from data.workbook_files import WorkbookFiles

# Kinds of events that scores follow from; the others (a file refused, a task, a drawing) leave them as they are.
SCORED_KINDS = ("scheme", "cycle", "registration", "submission", "review", "finding", "grade")
DEMO_SETTING = "is_demo"
Answer = TypeVar("Answer")
Question = Callable[[duckdb.DuckDBPyConnection], Answer]


@dataclass(frozen=True)
class Context:
    """What workbooks of a cycle are read under, and its version (`Reading.context_version`)."""

    version: int
    cycle: Cycle
    scheme: Scheme


class Reading:
    """Questions to the database; each has a cursor of its own, so that any thread may ask."""

    home: Path
    files: WorkbookFiles

    @property
    def is_of_one_unit(self) -> bool:
        """Whether this reader may see a single unit only."""
        return False

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor whose unqualified names are what this reader may see."""
        raise NotImplementedError

    def _ask(self, question: Question[Answer]) -> Answer:
        """The answer to a question that is asked on a cursor."""
        return question(self._cursor())

    def _asking(self, question: Callable[[], Answer]) -> Answer:
        """The answer to a question that takes its cursor anew; where the file is to blame for none, StoreError."""
        raise NotImplementedError

    def query(self, sql: str, **values) -> pd.DataFrame:
        """Run one select with values bound by name. Raises StoreError (Chinese) where the database cannot be read."""
        keep_texts_plain()
        return self._asking(lambda: self._ask(lambda cursor: cursor.execute(sql, values).df()))

    def rows(self, sql: str, **values) -> list[tuple]:
        """The same as plain tuples, for the few places that need no frame."""
        return self._asking(lambda: self._ask(lambda cursor: cursor.execute(sql, values).fetchall()))

    def kept_rows(self, sql: str, **values) -> list[tuple]:
        """`rows` of what is no region's or unit's (versions, dates, settings): asked so often that a store which knows of
        every write keeps the answers until the next."""
        return self.rows(sql, **values)

    def kept_query(self, sql: str, **values) -> pd.DataFrame:
        """`query` of a few rows about what is no region's or unit's, kept as `kept_rows` are; callers get a copy of their own."""
        return self.query(sql, **values)

    def data_version(self, cycle: int) -> int:
        """Grows with every event that can change the cycle's results or its history; with the cycle, a cache key."""
        return self.kept_rows(
            "select coalesce(max(seq), 0) from journal where cycle is null or cycle = $cycle", cycle=cycle
        )[0][0]

    def result_version(self, cycle: int) -> int:
        """Grows with every event that the cycle's scores follow from; its results are stamped with it."""
        return self.kept_rows(
            "select coalesce(max(seq), 0) from journal "
            "where list_contains($kinds, kind) and (cycle is null or cycle = $cycle)",
            cycle=cycle,
            kinds=SCORED_KINDS,
        )[0][0]

    def context_version(self, cycle: int) -> int:
        """Grows with every event that can change how a workbook is read: scheme, dates and register of the cycle."""
        return self.kept_rows(
            "select coalesce(max(seq), 0) from journal "
            "where kind in ('scheme', 'cycle', 'registration') and (cycle is null or cycle = $cycle)",
            cycle=cycle,
        )[0][0]

    def setting(self, name: str) -> str | None:
        """The newest value of a setting of this runtime folder, or None."""
        newest = self.kept_rows(
            "select value from setting where name = $name order by seq desc limit 1", name=name
        )
        return newest[0][0] if newest else None

    def is_demo(self) -> bool:
        """Whether this folder holds the invented demo province."""
        return self.setting(DEMO_SETTING) == "yes"

    def is_empty(self) -> bool:
        """Whether no cycle has ever been opened here."""
        return not self.rows("select 1 from cycle limit 1")

    def cycles(self) -> list[int]:
        """Every cycle that was opened, newest first."""
        return [row[0] for row in self.kept_rows("select cycle from cycle order by cycle desc")]

    def cycle(self, cycle: int) -> Cycle:
        """The cycle as it stands. Raises UnknownCycleError."""
        found = self.kept_rows("select * from cycle where cycle = $cycle", cycle=cycle)
        if not found:
            known = "、".join(map(str, reversed(self.cycles()))) or "无"
            raise UnknownCycleError(
                f"没有考核年度 {cycle}（已开设：{known}）。请先用 manage.py cycle 开设该年度"
            )
        return Cycle(*found[0])

    def scheme(self, cycle: int) -> Scheme:
        """The scheme version that the cycle is scored under. Raises UnknownCycleError."""
        opened = self.cycle(cycle)
        source = self.kept_rows(
            "select source from scheme where scheme_id = $scheme_id and version = $version",
            scheme_id=opened.scheme_id,
            version=opened.version,
        )[0][0]
        return parsed_scheme(source, f"{opened.scheme_id} {opened.version}")

    def units(self, *, cycle: int, codes: Sequence[str] | None = None) -> dict[str, Unit]:
        """The register of a cycle by unit code, or those of `codes` that are on it."""
        rows = self.rows(
            "select unit, name, region, category, tags from unit "
            "where cycle = $cycle and ($codes is null or list_contains($codes, unit)) order by unit",
            cycle=cycle,
            codes=None if codes is None else list(codes),
        )
        return {row[0]: Unit(row[0], row[1], row[2], row[3], tuple(row[4])) for row in rows}

    def unit(self, *, cycle: int, code: str) -> Unit | None:
        """One unit of the register, or None."""
        return self.units(cycle=cycle, codes=[code]).get(code)


@cache
def keep_texts_plain() -> None:
    """Columns of text hold Python's strings from here on: on frames of a screen's size, what pandas does with Arrow's takes
    twice as long, for the same results.

    Here and not at the head, because a command that asks for no frame needs no pandas.
    """
    import pandas as pd

    pd.options.mode.string_storage = "python"


@lru_cache(maxsize=32)
def parsed_scheme(source: str, name: str) -> Scheme:
    """A kept scheme is never changed, so it is read once."""
    return parse_scheme(source, name=name)
