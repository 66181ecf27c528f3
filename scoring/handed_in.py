"""Workbooks laid out as matrices, a row for each and a column for each indicator, and what they earned in each system."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from scoring.asked import Asked
from scoring.limits import without_noise

BLANK = -1.0  # in a matrix of x, where nothing was said; nan is 不适用


@dataclass(frozen=True, eq=False)
class Rulings:
    """What evaluators ruled, one entry each, in the order of rows: the workbook's row, the indicator's position, and x (nan: 不适用)."""

    row: np.ndarray
    indicator: np.ndarray
    x: np.ndarray

    def of_rows(self, first: int, end: int) -> Rulings:
        """Those on some workbooks, the first of which has row 0."""
        some = slice(*np.searchsorted(self.row, (first, end)))
        return Rulings(self.row[some] - first, self.indicator[some], self.x[some])


@dataclass(frozen=True, eq=False)
class HandedIn:
    """Workbooks (rows) by indicator (columns): x of the unit's own values and of those that count, 0 where there is none, and
    what is asked, is in the set I(u), left it (不适用), was claimed so, was verified by an evaluator, was left blank; `in_set`: 1 for
    what is in the set, else 0."""

    own: np.ndarray
    counted: np.ndarray
    is_asked: np.ndarray
    is_in_set: np.ndarray
    in_set: np.ndarray
    is_gone: np.ndarray
    is_claimed: np.ndarray
    is_verified: np.ndarray
    is_blank: np.ndarray

    @classmethod
    def of(cls, asked: Asked, is_asked: np.ndarray, said: np.ndarray, rulings: Rulings) -> HandedIn:
        """`is_asked`: what the units are asked, whether or not it left their sets; `said`: x of what they answered.

        A value of what is not asked counts nothing; 不适用 that may not be claimed is 0, and so is a claim that waits for a
        ruling, but not among the unit's own values.
        """
        own, is_na = np.clip(said, 0.0, 1.0), np.isnan(said)
        for is_nothing in (is_na, ~is_asked & (own > 0)):  # few are: to multiply all takes longer
            if is_nothing.any():
                own[is_nothing] = 0.0
        is_claimed = is_asked & asked.may_be_na & is_na
        counted, is_gone, is_verified = own, is_claimed & asked.is_free, np.zeros_like(is_asked)
        if len(rulings.row):
            which = is_asked[rulings.row, rulings.indicator]
            at, x = (rulings.row[which], rulings.indicator[which]), rulings.x[which]
            is_gone[at] = np.isnan(x)
            is_verified[at] = x >= 0
            counted = own.copy()
            counted[at] = np.fmax(x, 0.0)
        is_in_set = is_asked & ~is_gone
        return cls(
            own=own,
            counted=counted,
            is_asked=is_asked,
            is_in_set=is_in_set,
            in_set=is_in_set.astype(float),
            is_gone=is_gone,
            is_claimed=is_claimed,
            is_verified=is_verified,
            is_blank=is_asked & (said == BLANK),
        )


@dataclass(frozen=True, eq=False)
class SheetSums:
    """One row per workbook; but for the last, one column per system: points Σ p·λ of what is in the set and what was earned of
    them, Σ p·λ·x; the same for the unit's own values, and for the part an evaluator has verified. `gone`: Σ p of 不适用."""

    points: np.ndarray
    earned: np.ndarray
    self_points: np.ndarray
    self_earned: np.ndarray
    verified_points: np.ndarray
    verified_earned: np.ndarray
    gone: np.ndarray

    @classmethod
    def of(cls, asked: Asked, handed_in: HandedIn) -> SheetSums:
        """Without the last binary digits, so that equal units stay equal."""

        def summed(part: np.ndarray) -> np.ndarray:
            return without_noise(np.asarray(part, dtype=float) @ asked.shared)

        points, earned = summed(handed_in.in_set), summed(handed_in.counted)
        own_points, own_earned = points, earned  # where nothing was ruled, and no claim waits
        if not np.array_equal(handed_in.is_claimed, handed_in.is_gone):
            own_points = summed(handed_in.is_asked & ~handed_in.is_claimed)
        if handed_in.own is not handed_in.counted:
            own_earned = summed(handed_in.own)
        verified_points = verified_earned = np.zeros_like(points)
        if handed_in.is_verified.any():
            verified_points = summed(handed_in.is_verified)
            verified_earned = summed(handed_in.counted * handed_in.is_verified)
        return cls(
            points,
            earned,
            own_points,
            own_earned,
            verified_points,
            verified_earned,
            gone=handed_in.is_gone @ asked.points if handed_in.is_gone.any() else np.zeros(len(points)),
        )

    @classmethod
    def none(cls, asked: Asked) -> SheetSums:
        """Those of no workbook."""
        return cls(*(np.zeros((0, asked.shared.shape[1])) for _ in range(6)), gone=np.zeros(0))

    def at(self, rows: np.ndarray) -> SheetSums:
        """Those of the workbooks in other rows, in their order."""
        return SheetSums(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})
