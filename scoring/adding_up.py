"""What all workbooks of a cycle earned, and where points are lost, added up some workbooks at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.asked import Asked
from scoring.handed_in import HandedIn, Rulings, SheetSums
from scoring.leaf_losses import LeafLosses

# So many at a time: matrices that fit into a core's cache, and too small for threads to share.
AT_ONCE = 1_000
NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Workbooks:
    """Those that count, one row each, in the order of their leaves. `leaf`: of so many `leaves`; `profile`: the row of `is_asked`
    (profiles × indicators) that says what its unit is asked; `category_weight`: c; `said`: x by indicator (BLANK, nan: 不适用)."""

    leaf: np.ndarray
    leaves: int
    profile: np.ndarray
    is_asked: np.ndarray
    category_weight: np.ndarray
    said: np.ndarray
    rulings: Rulings


@dataclass(frozen=True, eq=False)
class AddedUp:
    """`sums`: of each workbook; `blanks`: row and indicator of what was asked and left blank."""

    sums: SheetSums
    losses: LeafLosses
    blanks: tuple[np.ndarray, np.ndarray]


def add_up(asked: Asked, workbooks: Workbooks) -> AddedUp:
    """Of no workbook, sums of nothing."""
    losses = LeafLosses.none(workbooks.leaves, asked)
    sums, rows, indicators = [SheetSums.none(asked)], [NONE], [NONE]
    for first in range(0, len(workbooks.leaf), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        handed_in = HandedIn.of(
            asked,
            workbooks.is_asked[workbooks.profile[some]],
            workbooks.said[some],
            workbooks.rulings.of_rows(some.start, some.stop),
        )
        sums.append(SheetSums.of(asked, handed_in))
        losses.add(
            handed_in,
            sums[-1].points,
            leaf=workbooks.leaf[some],
            category_weight=workbooks.category_weight[some],
        )
        row, indicator = np.nonzero(handed_in.is_blank)
        rows.append(first + row)
        indicators.append(indicator)
    return AddedUp(SheetSums.joined(sums), losses, (np.concatenate(rows), np.concatenate(indicators)))
