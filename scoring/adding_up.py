"""What all workbooks of a cycle earned, and where points are lost, added up some workbooks at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from scoring.asked import Asked
from scoring.handed_in import HandedIn, Rulings, SheetSums
from scoring.joined import joined
from scoring.leaf_losses import LeafLosses, LeafSums

# So many at a time: matrices that fit into a core's cache.
AT_ONCE = 1000
NONE = np.zeros(0, dtype=np.int64)
# As `map` does, in whatever order and at once.
Each = Callable[[Callable, Iterable], Iterable]


@dataclass(frozen=True, eq=False)
class Workbooks:
    """Those that count, one entry each, in the order of their leaves. `leaf`: of so many `leaves`; `profile`: the row of `is_asked`
    (profiles × indicators) that says what its unit is asked; `category_weight`: c; `row`: that of `said`, x by indicator (BLANK,
    nan: 不适用)."""

    leaf: np.ndarray
    leaves: int
    profile: np.ndarray
    is_asked: np.ndarray
    category_weight: np.ndarray
    said: np.ndarray
    row: np.ndarray
    rulings: Rulings

    def some(self, rows: slice) -> Workbooks:
        """Some of them."""
        return replace(
            self,
            leaf=self.leaf[rows],
            profile=self.profile[rows],
            category_weight=self.category_weight[rows],
            row=self.row[rows],
            rulings=self.rulings.of_rows(rows.start, rows.stop),
        )


@dataclass(frozen=True, eq=False)
class Part:
    """What some of them added up to, as in `AddedUp`."""

    sums: SheetSums
    leaves: LeafSums
    blanks: tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class AddedUp:
    """`sums`: of each workbook; `blanks`: row and indicator of what was asked and left blank."""

    sums: SheetSums
    losses: LeafLosses
    blanks: tuple[np.ndarray, np.ndarray]


def add_up(asked: Asked, workbooks: Workbooks, *, each: Each = map, parts: int = 1) -> AddedUp:
    """Add all up, in so many parts that `each` may hand to threads; of no workbook, sums of nothing."""
    length = -(-len(workbooks.leaf) // parts)
    starts = [part * length for part in range(parts)]
    found = list(each(lambda first: _add_up(asked, workbooks.some(slice(first, first + length))), starts))
    rows = [first + part.blanks[0] for first, part in zip(starts, found, strict=True)]
    return AddedUp(
        joined([part.sums for part in found]),
        LeafLosses.of([part.leaves for part in found]),
        (np.concatenate(rows), np.concatenate([part.blanks[1] for part in found])),
    )


def _add_up(asked: Asked, workbooks: Workbooks) -> Part:
    leaves = LeafSums(workbooks.leaves, asked)
    sums, rows, indicators = [SheetSums.none(asked)], [NONE], [NONE]
    for first in range(0, len(workbooks.leaf), AT_ONCE):
        some = workbooks.some(slice(first, first + AT_ONCE))
        handed_in = HandedIn.of(asked, some.is_asked[some.profile], some.said[some.row], some.rulings)
        sums.append(SheetSums.of(asked, handed_in))
        leaves.add(handed_in, sums[-1].points, leaf=some.leaf, category_weight=some.category_weight)
        row, indicator = np.divmod(np.flatnonzero(handed_in.is_blank), len(asked.points))
        rows.append(first + row)
        indicators.append(indicator)
    return Part(joined(sums), leaves, (np.concatenate(rows), np.concatenate(indicators)))
