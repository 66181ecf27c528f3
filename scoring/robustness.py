"""Whether a ranking holds under other weights: all drawn anew at once, and each moved alone (SCORING.md, Saisana et al.
2005, "Uncertainty and sensitivity analysis techniques as tools for the quality assessment of composite indicators").

Ranks are made from the published scores in every draw, as the ranking itself is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np

from scoring.level_rows import LevelRows
from scoring.one_at_a_time import FirstChange, one_at_a_time
from scoring.places import competition_ranks
from scoring.scheme import COMPOSITE
from scoring.trial import Sheets, Weights

__all__ = [
    "DECIDED",
    "DELTA",
    "DRAWS",
    "HIGH",
    "LOW",
    "MIDDLE",
    "SEED",
    "FirstChange",
    "Redraw",
    "draw_factors",
    "one_at_a_time",
    "rank_columns",
    "redraw",
]

SEED = 20180  # any fixed number: the same question has the same answer on every day and machine
DRAWS = 1000
DELTA = 0.2
LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
DECIDED = 0.95  # share of the draws in which an order must hold to count as decided by the data
CHUNK = 256  # draws worked on at a time: some 50 MB at 12,000 units


@dataclass(frozen=True, eq=False)
class Redraw:
    """The regions of a level that have a score, and their published scores and ranks in every draw.

    `regions`: their places in the sheets; `published`, `rank`: as the cycle stands; `draws`, `ranks`: region × draw.
    """

    regions: np.ndarray
    published: np.ndarray
    rank: np.ndarray
    draws: np.ndarray

    @cached_property
    def ranks(self) -> np.ndarray:
        """Competition ranks in every draw."""
        return rank_columns(self.draws)

    def quantile(self, share: float) -> np.ndarray:
        """Each region's smallest rank that it does not fall behind in at least this share of the draws."""
        count = self.draws.shape[1]
        return np.sort(self.ranks, axis=1)[:, max(ceil(share * count - 1e-9), 1) - 1]

    def keeps(self) -> np.ndarray:
        """The share of the draws in which each region has the rank that it has."""
        return (self.ranks == self.rank[:, None]).mean(axis=1)

    @cached_property
    def figures(self) -> dict[str, np.ndarray]:
        """By region: score and rank as they stand, rank_median, rank_low and rank_high, keeps, best and worst (ranks)."""
        return {
            "score": self.published,
            "rank": self.rank,
            "rank_median": self.quantile(MIDDLE),
            "rank_low": self.quantile(LOW),
            "rank_high": self.quantile(HIGH),
            "keeps": self.keeps(),
            "best": self.ranks.min(axis=1),
            "worst": self.ranks.max(axis=1),
        }

    def holds(self, above: int, below: int) -> float:
        """The share of the draws in which one region stays strictly before another or, tied as it stands, tied."""
        one, other = self.draws[above], self.draws[below]
        is_tied = self.published[above] == self.published[below]
        return float((one == other if is_tied else one > other).mean())


def draw_factors(sheets: Sheets, *, draws: int, delta: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Factors in [1 − δ, 1 + δ] by system and draw, and by indicator and draw: its own times its dimension's."""
    if not (0 <= delta < 1 and draws >= 1):
        raise ValueError(f"draws {draws}, delta {delta}: at least one draw, and delta from 0 to below 1")
    dimensions = sorted(set(sheets.dimensions))
    of_indicator = [dimensions.index(each) for each in sheets.dimensions]
    sizes = len(sheets.systems), len(dimensions), len(sheets.indicators)
    drawn = np.random.default_rng(seed).uniform(1 - delta, 1 + delta, (draws, sum(sizes))).T
    systems, by_dimension, indicators = np.split(drawn, np.cumsum(sizes)[:-1])
    return systems, indicators * by_dimension[of_indicator]


def redraw(
    sheets: Sheets,
    weights: Weights,
    *,
    level: str,
    draws: int = DRAWS,
    delta: float = DELTA,
    seed: int = SEED,
    basis: str = COMPOSITE,
    chunk: int = CHUNK,
) -> Redraw:
    """The ranking of a level in so many draws of every system's, dimension's and indicator's weight.

    The factors are all drawn before anything is computed, so that `chunk` changes how long it takes and nothing else.
    """
    rows = LevelRows.of(sheets, weights, level=level)
    shared = weights.shared_points(sheets.indicators, sheets.systems).T[:, :, None]
    systems = weights.basis(basis, sheets.systems)
    by_system, by_indicator = draw_factors(sheets, draws=draws, delta=delta, seed=seed)
    published = rows.published(shared, systems[:, None])[:, 0]
    found = np.flatnonzero(~np.isnan(published))
    drawn = np.empty((len(found), draws))
    for start in range(0, draws, chunk):
        part = slice(start, start + chunk)
        drawn[:, part] = rows.published(
            shared * by_indicator[:, part], systems[:, None] * by_system[:, part]
        )[found]
    rank = rank_columns(published[found][:, None])[:, 0]
    return Redraw(rows.regions[found], published[found], rank, drawn)


def rank_columns(published: np.ndarray) -> np.ndarray:
    """Competition ranks within each column, the highest first."""
    ranks = np.empty(published.shape, dtype=np.int64)
    for column in range(published.shape[1]):
        ranks[:, column] = competition_ranks(published[:, column])
    return ranks
