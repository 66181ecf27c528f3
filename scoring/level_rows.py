"""The units of one level's regions drawn together, so that the level can be scored under many weights at once.

A unit without deductions, bonuses and veto has F = B, which is linear in its values; those of one region with the same
set of indicators are therefore one row, weighted by their categories. The others keep a row each. Nothing is approximate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from scoring.limits import FULL_MARKS
from scoring.rounding import round_all_half_up
from scoring.trial import Sheets, Weights


@dataclass(frozen=True, eq=False)
class LevelRows:
    """Rows of units of the regions of a level; `plain` rows first, both parts sorted by region.

    `regions`: the level's regions, as places in the sheets, that have units; `at`: each row's region, as a place in
    `regions`; `of_set`: its set in `sets`; `c`: Σ c; `earned`: Σ c·x by indicator; `missing`: Σ c of the units not
    handed in, by region, where they count. `deducted`, `cap` and `c` of the rows from `plain` on are a unit's own.
    """

    regions: np.ndarray
    at: np.ndarray
    of_set: np.ndarray
    c: np.ndarray
    earned: np.ndarray
    deducted: np.ndarray
    cap: np.ndarray
    plain: int
    sets: np.ndarray
    missing: np.ndarray
    decimals: int

    @classmethod
    def of(
        cls, sheets: Sheets, weights: Weights, *, level: str, regions: np.ndarray | None = None
    ) -> LevelRows:
        """The rows of a level, or of some of its regions (places in the sheets)."""
        sheets.check(weights)
        region = sheets.region_at(level)
        wanted = region >= 0 if regions is None else np.isin(region, regions)
        places, at = np.unique(region[wanted], return_inverse=True)
        at_of = np.full(len(sheets.units), -1)
        at_of[wanted] = at
        c = sheets.category_weights(weights)
        handed_in = wanted & ~np.isnan(sheets.x).all(axis=1)
        is_plain = (sheets.deductions == 0) & (sheets.bonus == 0) & ~sheets.has_veto
        together = np.flatnonzero(handed_in & is_plain)
        groups, first, group = np.unique(
            at_of[together] * len(sheets.sets) + sheets.set_of[together],
            return_index=True,
            return_inverse=True,
        )
        order = np.argsort(group, kind="stable")
        weighed = c[together, None] * sheets.filled[together]
        starts = np.flatnonzero(np.diff(group[order], prepend=-1))
        alone = np.flatnonzero(handed_in & ~is_plain)
        alone = alone[np.argsort(at_of[alone], kind="stable")]
        earned = np.add.reduceat(weighed[order], starts, axis=0) if len(groups) else weighed[:0]
        kept = np.concatenate([together[first], alone])
        counts_missing = wanted & sheets.is_missing & (sheets.rules.missing == "zero")
        return cls(
            regions=places,
            at=at_of[kept],
            of_set=sheets.set_of[kept],
            c=np.concatenate([np.bincount(group, weights=c[together], minlength=len(groups)), c[alone]]),
            earned=np.vstack([earned, c[alone, None] * sheets.filled[alone]]),
            deducted=(sheets.deductions - sheets.bonus)[kept],
            cap=np.where(sheets.has_veto, sheets.rules.veto_cap, FULL_MARKS)[kept],
            plain=len(groups),
            sets=sheets.sets,
            missing=np.bincount(at_of[counts_missing], weights=c[counts_missing], minlength=len(places)),
            decimals=sheets.rules.decimals,
        )

    def only(self, which: np.ndarray) -> LevelRows:
        """Some of the rows, of the same regions, with the sets that they have."""
        used, of_set = np.unique(self.of_set[which], return_inverse=True)
        return replace(
            self,
            at=self.at[which],
            of_set=of_set,
            sets=self.sets[used],
            c=self.c[which],
            earned=self.earned[which],
            deducted=self.deducted[which],
            cap=self.cap[which],
            plain=int(which[: self.plain].sum()),
        )

    def published(self, shared: np.ndarray, systems: np.ndarray) -> np.ndarray:
        """Published scores, region × draw, nan where nothing is scored.

        `shared`: p·λ by system, indicator and draw; `systems`: W by system and draw.
        """
        points = [self.sets @ each for each in shared]
        earned = [self.earned @ each for each in shared]
        return round_all_half_up(self.means(*self.sums(points, earned, systems)), self.decimals)

    def sums(
        self, points: Sequence[np.ndarray], earned: Sequence[np.ndarray], systems: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Σ c·F and Σ c of the scored units, region × draw, from one table a system: Σ p·λ by set and draw, and Σ c·p·λ·x
        by row and draw."""
        total = sum((each > 0) * weight for each, weight in zip(points, systems, strict=True))
        values, scale = 0.0, FULL_MARKS / np.where(total > 0, total, np.inf)
        for each, got, weight in zip(points, earned, systems, strict=True):
            per_point = weight * scale / np.where(each > 0, each, np.inf)
            values = values + got * per_point[self.of_set]
        own, c = values[self.plain :], self.c[self.plain :, None]
        own /= c
        own -= self.deducted[self.plain :, None]
        np.clip(own, 0.0, self.cap[self.plain :, None], out=own)
        own *= c
        is_scored = total > 0
        if is_scored[self.of_set].all():
            return self._by_region(values), self._weight_by_region
        weighed = self.c[:, None] * is_scored[self.of_set]
        return self._by_region(np.where(weighed > 0, values, 0.0)), self._by_region(weighed)

    def means(self, summed: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Unrounded scores from Σ c·F and Σ c of the scored units, nan where nothing is scored."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(weight > 0, summed / (weight + self.missing[:, None]), np.nan)

    def _by_region(self, values: np.ndarray) -> np.ndarray:
        sums = np.zeros((len(self.regions), values.shape[1]))
        for part, at, starts in self._starts:
            sums[at] += np.add.reduceat(values[part], starts, axis=0)
        return sums

    @cached_property
    def _starts(self) -> list[tuple[slice, np.ndarray, np.ndarray]]:
        """Of the plain rows and of the others: their regions, and where the rows of each begin."""
        parts = (slice(0, self.plain), slice(self.plain, None))
        return [(part, *np.unique(self.at[part], return_index=True)) for part in parts if len(self.at[part])]

    @cached_property
    def _weight_by_region(self) -> np.ndarray:
        """Σ c of all rows."""
        return self._by_region(self.c[:, None])
