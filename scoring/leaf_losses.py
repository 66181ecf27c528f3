"""Where points are lost: by leaf (the units of one category registered in one region), basis and indicator.

Sums over leaves are exact for every region above them (SCORING.md, gaps add up).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from scoring.asked import Asked
from scoring.handed_in import HandedIn
from scoring.limits import FULL_MARKS


def weights_per_point(points: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """What a point p·λ weighs by row of `points` (Σ p·λ by system) and system: W / Σ W / Σ p·λ; 0 where the system has none.

    ω(i) = Σ_s weight(s) · p·λ(i, s), Σ_i ω = 1, but for rows in which nothing is scored: 0 throughout.
    """
    has = points > 0
    total = (has @ basis)[:, None]  # a sum over short rows takes several times as long
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(has & (total > 0), basis / total / points, 0.0)


class LeafSums:
    """What losses follow from, added up some workbooks at a time. `sums`, by leaf: `Asked.weighed` and the number of units (rows), by
    in-set, 1 − x, and x < 1 of every indicator (columns)."""

    def __init__(self, leaves: int, asked: Asked):
        self.asked = asked
        self.sums = np.zeros((leaves, len(asked.weighed[0]) + 1, 3 * len(asked.points)))

    def add(
        self, handed_in: HandedIn, points: np.ndarray, *, leaf: np.ndarray, category_weight: np.ndarray
    ) -> None:
        """Add workbooks, which stand in the order of their leaves; `points`: Σ p·λ by system, `category_weight`: c of each."""
        per_point = [weights_per_point(points, basis)[:, basis > 0] for basis in self.asked.basis_weights]
        weighing = np.hstack(per_point) * category_weight[:, None]
        rows = np.vstack([weighing.T, np.ones(len(leaf))])
        short = handed_in.in_set - handed_in.counted
        columns = np.hstack([handed_in.in_set, short, np.ceil(short)])
        starts = np.flatnonzero(np.diff(leaf, prepend=-1))
        bounds = [*starts.tolist(), len(leaf)]
        for at, first, end in zip(leaf[starts].tolist(), bounds, bounds[1:], strict=False):
            self.sums[at] += rows[:, first:end] @ columns[first:end]


@dataclass(frozen=True, eq=False)
class LeafLosses:
    """Leaves (rows) by indicator: in each basis, Σ c·ω and Σ c·100·ω·(1 − x) over the submitted units; and how many have it in their
    set, and how many of these fall short of full marks.

    `weighed`, by leaf and `Asked.weighed` (a system in a basis): over its units, what a point weighs there times c, times in-set and
    then times 1 − x of every indicator. `counts`, by leaf: in-set and then x < 1 of every indicator.
    """

    asked: Asked
    weighed: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, parts: Sequence[LeafSums]) -> LeafLosses:
        """From what several lots of workbooks of the same leaves added up to."""
        asked, sums = parts[0].asked, reduce(np.add, (part.sums for part in parts))
        indicators = len(asked.points)
        counts = np.hstack([sums[:, -1, :indicators], sums[:, -1, 2 * indicators :]])
        return cls(asked, sums[:, :-1, : 2 * indicators], counts)

    def over(self, groups: np.ndarray, count: int) -> LeafLosses:
        """Those of so many groups of leaves; `groups`: of each leaf, ascending."""
        at, starts = np.unique(groups, return_index=True)

        def summed(values: np.ndarray) -> np.ndarray:
            sums = np.zeros((count, *values.shape[1:]), dtype=values.dtype)
            if len(groups):
                sums[at] = np.add.reduceat(values, starts, axis=0)
            return sums

        return LeafLosses(self.asked, summed(self.weighed), summed(self.counts))

    def within(self, member: np.ndarray) -> LeafLosses:
        """Those of each of its rows: the sum over the rows (columns) for which `member` is 1."""

        def summed(values: np.ndarray) -> np.ndarray:
            sums = np.zeros((len(member), *values.shape[1:]), dtype=values.dtype)
            # few are: a product would bring all together
            for row, column in zip(*np.nonzero(member), strict=True):
                sums[row] += values[column]
            return sums

        return LeafLosses(self.asked, summed(self.weighed), summed(self.counts))

    def weight(self, basis: int) -> np.ndarray:
        """Σ c·ω in a basis (its position)."""
        return self._over_systems(basis, 0)

    def lost(self, basis: int) -> np.ndarray:
        """Σ c·100·ω·(1 − x) in a basis (its position)."""
        return FULL_MARKS * self._over_systems(basis, 1)

    @property
    def units(self) -> np.ndarray:
        """How many have the indicator in their set."""
        return self.counts[:, : len(self.asked.points)]

    @property
    def units_short(self) -> np.ndarray:
        """How many of these fall short of full marks."""
        return self.counts[:, len(self.asked.points) :]

    def _over_systems(self, basis: int, part: int) -> np.ndarray:
        indicators = len(self.asked.points)
        columns = slice(part * indicators, (part + 1) * indicators)
        bases, systems = self.asked.weighed
        return sum(
            self.weighed[:, at, columns] * self.asked.shared[:, systems[at]]
            for at in np.flatnonzero(bases == basis)
        )
