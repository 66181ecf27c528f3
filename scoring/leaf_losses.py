"""Where points are lost: by leaf (the units of one category registered in one region), basis and indicator.

Sums over leaves are exact for every region above them (SCORING.md, gaps add up).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.asked import Asked
from scoring.handed_in import HandedIn
from scoring.limits import FULL_MARKS


def weights_per_point(points: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """What a point p·λ weighs by row of `points` (Σ p·λ by system) and system: W / Σ W / Σ p·λ; 0 where the system has none.

    ω(i) = Σ_s weight(s) · p·λ(i, s), Σ_i ω = 1, but for rows in which nothing is scored: 0 throughout. Of several bases where both
    broadcast.
    """
    has = points > 0
    total = np.where(has, basis, 0.0).sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(has & (total > 0), basis / total / points, 0.0)


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
    def none(cls, leaves: int, asked: Asked) -> LeafLosses:
        """Before any workbook was looked at."""
        columns, (basis, _) = 2 * len(asked.points), asked.weighed
        return cls(asked, np.zeros((leaves, len(basis), columns)), np.zeros((leaves, columns), dtype=int))

    @classmethod
    def joined(cls, parts: Sequence[LeafLosses]) -> LeafLosses:
        """Those of several lots of workbooks, of the same leaves."""
        return cls(parts[0].asked, sum(part.weighed for part in parts), sum(part.counts for part in parts))

    def add(
        self, handed_in: HandedIn, points: np.ndarray, *, leaf: np.ndarray, category_weight: np.ndarray
    ) -> None:
        """Add workbooks, which stand in the order of their leaves; `points`: Σ p·λ by system, `category_weight`: c of each."""
        per_point = weights_per_point(points[:, None], self.asked.basis_weights)
        weighing = per_point[:, *self.asked.weighed] * category_weight[:, None]
        short = (1 - handed_in.counted) * handed_in.is_in_set
        values = np.hstack([handed_in.is_in_set, short])
        starts = np.flatnonzero(np.diff(leaf, prepend=-1))
        counts = np.hstack([handed_in.is_in_set, short > 0])
        self.counts[leaf[starts]] += np.add.reduceat(counts, starts, dtype=int)
        bounds = [*starts.tolist(), len(leaf)]
        for at, first, end in zip(leaf[starts].tolist(), bounds, bounds[1:], strict=False):
            self.weighed[at] += weighing[first:end].T @ values[first:end]

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
