"""Where points are lost: by leaf (the units of one category registered in one region), basis and indicator.

Sums over leaves are exact for every region above them (SCORING.md, gaps add up).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.asked import Asked
from scoring.handed_in import HandedIn
from scoring.limits import FULL_MARKS


def weights_per_point(points: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """What a point p·λ weighs by row of `points` (Σ p·λ by system) and system: W / Σ W / Σ p·λ; 0 where the system has none.

    ω(i) = Σ_s weight(s) · p·λ(i, s), Σ_i ω = 1, but for rows in which nothing is scored: 0 throughout.
    """
    has = points > 0
    total = np.where(has, basis, 0.0).sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(has & (total > 0), basis / total / points, 0.0)


@dataclass(frozen=True, eq=False)
class LeafLosses:
    """Leaves (rows) by basis and indicator: Σ c·ω and Σ c·100·ω·(1 − x) over the submitted units; and by indicator alone: how
    many have it in their set, and how many of these fall short of full marks.

    `sums`, by leaf: over its units, what a point weighs in each basis and system times c, and at last 1, each times in-set,
    1 − x, and whether x < 1 of every indicator.
    """

    asked: Asked
    sums: np.ndarray

    @classmethod
    def none(cls, leaves: int, asked: Asked) -> LeafLosses:
        """Before any workbook was looked at."""
        return cls(asked, np.zeros((leaves, asked.basis_weights.size + 1, 3 * len(asked.points))))

    def add(
        self, handed_in: HandedIn, points: np.ndarray, *, leaf: np.ndarray, category_weight: np.ndarray
    ) -> None:
        """Add workbooks, which stand in the order of their leaves; `points`: Σ p·λ by system, `category_weight`: c of each."""
        of_systems = [weights_per_point(points, basis) for basis in self.asked.basis_weights]
        weighing = np.hstack([*of_systems, np.ones((len(leaf), 1))])
        weighing[:, :-1] *= category_weight[:, None]
        short = (1 - handed_in.counted) * handed_in.is_in_set
        values = np.hstack([handed_in.is_in_set, short, short > 0])
        starts = np.flatnonzero(np.diff(leaf, prepend=-1)).tolist()
        for first, end in zip(starts, [*starts[1:], len(leaf)], strict=True):
            self.sums[leaf[first]] += weighing[first:end].T @ values[first:end]

    def over(self, groups: np.ndarray, count: int) -> LeafLosses:
        """Those of so many groups of leaves; `groups`: of each leaf, ascending."""
        sums = np.zeros((count, *self.sums.shape[1:]))
        if len(groups):
            at, starts = np.unique(groups, return_index=True)
            sums[at] = np.add.reduceat(self.sums, starts, axis=0)
        return LeafLosses(self.asked, sums)

    def within(self, member: np.ndarray) -> LeafLosses:
        """Those of each of its rows: the sum over the rows (columns) for which `member` is 1."""
        sums = np.zeros((len(member), *self.sums.shape[1:]))
        # few are: a product would bring all together
        for row, column in zip(*np.nonzero(member), strict=True):
            sums[row] += self.sums[column]
        return LeafLosses(self.asked, sums)

    @cached_property
    def weight(self) -> np.ndarray:
        """Σ c·ω."""
        return self._over_systems(0)

    @cached_property
    def lost(self) -> np.ndarray:
        """Σ c·100·ω·(1 − x)."""
        return FULL_MARKS * self._over_systems(1)

    @property
    def units(self) -> np.ndarray:
        """How many have the indicator in their set."""
        return self._parts[:, -1, 0]

    @property
    def units_short(self) -> np.ndarray:
        """How many of these fall short of full marks."""
        return self._parts[:, -1, 2]

    @property
    def _parts(self) -> np.ndarray:
        return self.sums.reshape(*self.sums.shape[:2], 3, len(self.asked.points))

    def _over_systems(self, part: int) -> np.ndarray:
        bases, systems = self.asked.basis_weights.shape
        by_basis = self._parts[:, :-1, part].reshape(len(self.sums), bases, systems, len(self.asked.points))
        return sum(by_basis[:, :, at] * self.asked.shared[:, at] for at in range(systems))
