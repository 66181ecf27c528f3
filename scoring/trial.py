"""A cycle scored anew in memory under other weights: equal to the results that saving these weights would give.

Here nothing is kept: what-ifs and redraws ask the same counted values again, of one basis.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.entries import Rules
from scoring.leaf_losses import weights_per_point
from scoring.limits import FULL_MARKS
from scoring.places import ranks_within
from scoring.rounding import round_all_half_up
from scoring.scheme import COMPOSITE
from scoring.weights import Weights, WeightsError


@dataclass(frozen=True, eq=False)
class Sheets:
    """The counted values of one cycle; rows are registered units, sorted by the region they are registered in.

    `x`: attainment by unit and indicator, nan where the indicator is not in the unit's set or left it; `applies` is true
    also where it left. `unit_region`, `unit_category`, `parent`: positions (a parent of −1: none). `bonus` is capped.
    """

    units: tuple[str, ...]
    unit_region: np.ndarray
    unit_category: np.ndarray
    is_missing: np.ndarray
    x: np.ndarray
    applies: np.ndarray
    deductions: np.ndarray
    bonus: np.ndarray
    has_veto: np.ndarray
    regions: tuple[str, ...]
    levels: tuple[str, ...]  # zones stand among the counties
    parent: np.ndarray
    systems: tuple[str, ...]
    indicators: tuple[str, ...]
    dimensions: tuple[str, ...]  # of each indicator
    categories: tuple[str, ...]
    rules: Rules

    @cached_property
    def filled(self) -> np.ndarray:
        """x with 0 where there is none."""
        return np.nan_to_num(self.x, nan=0.0)

    @cached_property
    def short(self) -> np.ndarray:
        """1 − x, and 0 where there is none."""
        return np.nan_to_num(1 - self.x, nan=0.0)

    @cached_property
    def _sets(self) -> tuple[np.ndarray, np.ndarray]:
        packed = np.packbits(~np.isnan(self.x), axis=1)
        keys = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[1]))).ravel()
        _, first, of_unit = np.unique(keys, return_index=True, return_inverse=True)
        return (~np.isnan(self.x[first])).astype(float), of_unit

    @property
    def sets(self) -> np.ndarray:
        """The distinct sets of indicators that count: one row per set, 1 where the indicator is in it."""
        return self._sets[0]

    @property
    def set_of(self) -> np.ndarray:
        """Which set each unit has."""
        return self._sets[1]

    @cached_property
    def member(self) -> np.ndarray:
        """One row per region, one column per region: 1 where the second is the first or below it."""
        member = np.eye(len(self.regions))
        at, below = self.parent.copy(), np.arange(len(self.regions))
        while (at >= 0).any():
            member[at[at >= 0], below[at >= 0]] = 1
            at = np.where(at >= 0, self.parent[at], -1)
        return member

    def sum_over_regions(self, values: np.ndarray) -> np.ndarray:
        """The sums of a figure of every unit (or several: columns) over each region and all below it."""
        sums = np.zeros((len(self.regions), *values.shape[1:]))
        if len(values):
            at, starts = np.unique(self.unit_region, return_index=True)
            sums[at] = np.add.reduceat(values, starts, axis=0)
        return self.member @ sums

    def region_at(self, level: str) -> np.ndarray:
        """For each unit the region of a level that it belongs to; −1 where it is registered above that level."""
        at = np.arange(len(self.regions))
        found = np.full(len(self.regions), -1)
        is_level = np.array([each == level for each in self.levels], dtype=bool)
        while (at >= 0).any():
            hit = (at >= 0) & is_level[at] & (found < 0)
            found[hit] = at[hit]
            at = np.where(at >= 0, self.parent[at], -1)
        return found[self.unit_region]

    def category_weights(self, weights: Weights) -> np.ndarray:
        """c of every unit."""
        return np.array([weights.categories[each] for each in self.categories])[self.unit_category]

    def check(self, weights: Weights) -> None:
        """Raises WeightsError naming what the cycle's values have and the weights lack."""
        lacking = {
            "责任制": set(self.systems) - set(weights.systems),
            "指标": set(self.indicators) - (set(weights.points) & set(weights.shares)),
            "单位类别": set(self.categories) - set(weights.categories),
        }
        texts = [f"{word} {'、'.join(sorted(keys))}" for word, keys in lacking.items() if keys]
        if texts:
            raise WeightsError(f"权重与本年度的方案不符，缺少：{'；'.join(texts)}")


@dataclass(frozen=True, eq=False)
class UnitScores:
    """One entry per unit of the sheets, nan where it has no score; `per_point`: what a point p·λ of each system weighs."""

    base: np.ndarray
    clipped: np.ndarray
    veto: np.ndarray
    exact: np.ndarray
    published: np.ndarray
    per_point: np.ndarray

    @property
    def has_score(self) -> np.ndarray:
        """Whether anything applicable is left to score."""
        return ~np.isnan(self.exact)


@dataclass(frozen=True, eq=False)
class RegionScores:
    """One entry per region of the sheets, nan where it has no score; `others`: points by cause (missing, …)."""

    exact: np.ndarray
    published: np.ndarray
    rank: np.ndarray
    others: Mapping[str, np.ndarray]
    total_weight: np.ndarray


def score_units(sheets: Sheets, weights: Weights, basis: str = COMPOSITE) -> UnitScores:
    """Every unit's score under the given weights."""
    sheets.check(weights)
    shared = weights.shared_points(sheets.indicators, sheets.systems)
    by_set = weights_per_point(sheets.sets @ shared, weights.basis(basis, sheets.systems))
    per_point = by_set[sheets.set_of]
    has_score = by_set.any(axis=1)[sheets.set_of]
    base = FULL_MARKS * ((sheets.filled @ shared) * per_point).sum(axis=1)
    raw = base - sheets.deductions + sheets.bonus
    clip = np.clip(raw, 0.0, FULL_MARKS)
    exact = np.where(sheets.has_veto, np.minimum(clip, sheets.rules.veto_cap), clip)
    base, clipped, veto, exact = (
        np.where(has_score, values, np.nan) for values in (base, clip - raw, clip - exact, exact)
    )
    published = round_all_half_up(exact, sheets.rules.decimals)
    return UnitScores(base, clipped, veto, exact, published, per_point)


def score_regions(sheets: Sheets, weights: Weights, basis: str = COMPOSITE) -> RegionScores:
    """Every region's score and rank (within its level) under the given weights."""
    return regions_of(sheets, weights, score_units(sheets, weights, basis))


def regions_of(sheets: Sheets, weights: Weights, units: UnitScores) -> RegionScores:
    """The regions' scores that follow from the units'."""
    c = sheets.category_weights(weights)
    has_score = units.has_score
    missing = sheets.is_missing & (sheets.rules.missing == "zero")
    columns = {
        "exact": units.exact,
        "deductions": sheets.deductions,
        "bonus": sheets.bonus,
        "clipped": units.clipped,
        "veto": units.veto,
    }
    summed = sheets.sum_over_regions(
        np.column_stack(
            [
                np.where(has_score | missing, c, 0.0),
                has_score.astype(float),
                np.where(missing, FULL_MARKS * c, 0.0),
                *(np.where(has_score, c * values, 0.0) for values in columns.values()),
            ]
        )
    )
    total, scored = summed[:, 0], summed[:, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.where((scored > 0)[:, None], summed[:, 2:] / total[:, None], np.nan)
    exact = means[:, 1]
    published = round_all_half_up(exact, sheets.rules.decimals)
    return RegionScores(
        exact=exact,
        published=published,
        rank=ranks_within(published, sheets.levels),
        others={
            "missing": means[:, 0],
            **dict(zip(list(columns)[1:], means[:, 2:].T, strict=True)),
        },
        total_weight=np.where(scored > 0, total, np.nan),
    )


def region_gaps(sheets: Sheets, weights: Weights, basis: str = COMPOSITE) -> np.ndarray:
    """Points of each region's score (rows) that each indicator (columns) costs: 100 · Σ c·ω·(1 − x) / Σ c.

    nan where the region has no score; 0 where the indicator is in none of its units' sets.
    """
    units = score_units(sheets, weights, basis)
    return gaps_of(sheets, weights, units, regions_of(sheets, weights, units))


def gaps_of(sheets: Sheets, weights: Weights, units: UnitScores, regions: RegionScores) -> np.ndarray:
    """`region_gaps` of scores that are there already."""
    shared = weights.shared_points(sheets.indicators, sheets.systems)
    weighed = sheets.category_weights(weights)[:, None] * units.per_point
    lost = np.zeros((len(sheets.regions), len(sheets.indicators)))
    for s in range(len(sheets.systems)):
        lost += sheets.sum_over_regions(weighed[:, s : s + 1] * sheets.short) * shared[:, s]
    return FULL_MARKS * lost / regions.total_weight[:, None]


def unit_ranks(sheets: Sheets, weights: Weights, units: UnitScores) -> tuple[np.ndarray, np.ndarray]:
    """Each unit's rank within its category, nan where it has none, and whether it is comparable (of those scored).

    Units with too few applicable points are not ranked, nor is a category with fewer comparable units than the scheme
    ranks.
    """
    points = np.array([weights.points[each] for each in sheets.indicators])
    applicable = sheets.applies @ points
    gone = (sheets.applies & np.isnan(sheets.x)) @ points
    with np.errstate(divide="ignore", invalid="ignore"):
        is_comparable = units.has_score & ~(1 - gone / applicable < sheets.rules.na_floor)
    published = np.where(is_comparable, units.published, np.nan)
    rank = ranks_within(published, sheets.unit_category)
    peers = np.bincount(sheets.unit_category[is_comparable], minlength=len(sheets.categories))
    return np.where((peers >= sheets.rules.min_group)[sheets.unit_category], rank, np.nan), is_comparable
