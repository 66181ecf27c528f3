"""The multiples of one weight, nearest to what it is now, at which a ranking by published score first changes.

Scores run smoothly with a weight, but for the units that meet 0, 100 or a veto's cap; so they are computed at a grid of
multiples, what lies between is estimated, and wherever the estimate leaves a change possible it is computed as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from scoring.rounding import round_all_half_up

HIGHEST = 3.0  # a weight is followed from next to nothing to three times what it is
LOWEST = 1e-6  # a scheme has no weight of 0
GRID = np.concatenate([[LOWEST], np.arange(0.02, 1.5, 0.02), np.arange(1.5, HIGHEST + 0.025, 0.05)])
AS_IT_IS = int(np.flatnonzero(GRID == 1)[0])  # the place of the weight as it stands
FINE = 0.002  # a change that is undone within a smaller step may be passed over
DOUBT = 2e-4  # points that an estimate may be wrong by and still be looked into
NODES = 4  # of the polynomial through neighbouring points of the grid
SECTIONS, ROUNDS = 13, 3  # 0.002 / 13³ is below 1e-6
# Steps that are estimated at once: from few points of the grid, and too few for threads to share.
COLUMNS = 64
BATCH = 8

Means = Callable[[np.ndarray], np.ndarray]  # multiples → unrounded scores, region × multiple


@dataclass(frozen=True)
class NearestChanges:
    """The multiples, below and above 1, at which the order changes, and at which another region leads; None for never."""

    down: float | None
    up: float | None
    leader_down: float | None
    leader_up: float | None


class Order:
    """A ranking as it stands (published scores, falling), against the same regions' scores under other weights."""

    def __init__(self, now: np.ndarray):
        self._now = now
        # how many stand strictly before each: those of an equal score begin at the same place
        self._before = np.searchsorted(-now, -now, side="left")
        self._leaders = int((self._before == 0).sum())

    def is_changed(self, at_most: np.ndarray, at_least: np.ndarray) -> np.ndarray:
        """For each column, whether one may stand strictly behind another that it stands strictly before now.

        Each score lies between `at_least` and `at_most`; where both are the scores themselves, the answer is certain.
        """
        later = self._before > 0
        lowest = np.minimum.accumulate(at_least, axis=0)
        return (at_most[later] > lowest[self._before[later] - 1]).any(axis=0)

    def is_led_by_another(self, at_most: np.ndarray, at_least: np.ndarray) -> np.ndarray:
        """For each column, whether one that is not first now may stand strictly before all that are."""
        if self._leaders == len(self._now):
            return np.zeros(at_most.shape[1], dtype=bool)
        return at_most[self._leaders :].max(axis=0) > at_least[: self._leaders].max(axis=0)

    def changed(self, published: np.ndarray) -> tuple[int, int]:
        """The first two that change places: who stands before now, and who would."""
        swapped = (self._now[:, None] > self._now) & (published[:, None] < published)
        above, below = np.nonzero(swapped)
        return above[0], below[0]


@dataclass
class _Search:
    """One kind of change in one direction: what is left to look into, and where it is known to lie."""

    is_met: Callable[[np.ndarray, np.ndarray], np.ndarray]
    steps: np.ndarray  # multiples, from 1 outwards
    doubtful: np.ndarray  # places in `steps` to look into, the nearest first
    between: tuple[float, float] | None = None

    def before(self, place: int) -> np.ndarray:
        """The steps up to a place, from the grid's last point but one before it on: there estimates may err more."""
        start = np.abs(GRID[:, None] - self.steps[:place]).min(axis=0) < FINE / 4
        known = np.flatnonzero(start)[:-1]
        return self.steps[known[-1] if len(known) else 0 : place + 1]


def nearest_changes(means: Means, known: np.ndarray, order: Order, *, decimals: int) -> NearestChanges:
    """Where the order of `order`, of regions in the same order as the rows of `means`, changes first; `known`: means(GRID)."""

    def published(multiples: np.ndarray) -> np.ndarray:
        return round_all_half_up(means(multiples), decimals)

    searches = _searches(known, order, decimals)
    _look_into(searches, published)
    _close_in([search for search in searches if search.between], published)
    return NearestChanges(*(search.between[1] if search.between else None for search in searches))


def _searches(known: np.ndarray, order: Order, decimals: int) -> list[_Search]:
    down, up, parts = _between_grid_points()
    estimate = np.hstack([known[:, near] @ matrix for near, matrix in parts]) * 10**decimals + 0.5
    doubt = DOUBT * 10**decimals
    at_most, at_least = np.floor(estimate + doubt), np.floor(estimate - doubt)
    searches = []
    for is_met in (order.is_changed, order.is_led_by_another):
        may_be = is_met(at_most, at_least)
        for steps, part in ((down, may_be[: len(down)]), (up, may_be[len(down) :])):
            searches.append(_Search(is_met, steps, np.flatnonzero(part)))
    return searches


def _look_into(searches: list[_Search], published: Callable[[np.ndarray], np.ndarray]) -> None:
    """Compute the doubtful steps, the nearest first, until each search has one at which the change is certain."""
    size, looking = BATCH, [search for search in searches if len(search.doubtful)]
    hits: dict[int, int] = {}
    while looking:
        parts = _computed([search.steps[search.doubtful[:size]] for search in looking], published)
        for search, part in zip(looking, parts, strict=True):
            found = np.flatnonzero(search.is_met(part, part))
            if len(found):
                hits[id(search)] = search.doubtful[found[0]]
            search.doubtful = search.doubtful[size:]
        looking = [search for search in looking if len(search.doubtful) and id(search) not in hits]
        size *= 2
    looking = [search for search in searches if id(search) in hits]
    steps = [search.before(hits[id(search)]) for search in looking]
    for search, way, part in zip(looking, steps, _computed(steps, published), strict=True):
        first = max(np.flatnonzero(search.is_met(part, part))[0], 1)
        search.between = float(way[first - 1]), float(way[first])


def _close_in(searches: list[_Search], published: Callable[[np.ndarray], np.ndarray]) -> None:
    """Cut the interval of each search into sections, and the section with the first change again."""
    for _ in range(ROUNDS):
        ends = [np.linspace(*search.between, SECTIONS + 1) for search in searches]
        parts = _computed([points[1:-1] for points in ends], published)
        for search, points, part in zip(searches, ends, parts, strict=True):
            is_met = [*search.is_met(part, part).tolist(), True]
            first = is_met.index(True)
            search.between = float(points[first]), float(points[first + 1])


def _computed(parts: list[np.ndarray], published: Callable[[np.ndarray], np.ndarray]) -> list[np.ndarray]:
    """The published scores at several sets of multiples, computed together."""
    if not parts:
        return []
    ends = np.cumsum([len(part) for part in parts])[:-1]
    return np.split(published(np.concatenate(parts)), ends, axis=1)


@cache
def _between_grid_points() -> tuple[np.ndarray, np.ndarray, list[tuple[slice, np.ndarray]]]:
    """Fine steps down and up from 1, and by parts of these steps, in order, the points of the grid near them with the matrix that
    takes values there to estimates."""
    down = np.maximum(1 - np.arange(0, 1 + FINE / 2, FINE), LOWEST)
    up = 1 + np.arange(0, HIGHEST - 1 + FINE / 2, FINE)
    steps = np.concatenate([down, up])
    first = np.clip(np.searchsorted(GRID, steps) - NODES // 2, 0, len(GRID) - NODES)
    nodes = first + np.arange(NODES)[:, None]
    matrix = np.zeros((len(GRID), len(steps)))
    for one in range(NODES):
        share = np.ones(len(steps))
        for other in range(NODES):
            if other != one:
                share *= (steps - GRID[nodes[other]]) / (GRID[nodes[one]] - GRID[nodes[other]])
        matrix[nodes[one], np.arange(len(steps))] = share
    starts = [*range(0, len(down), COLUMNS), *range(len(down), len(steps), COLUMNS)]
    parts = []
    for start, end in pairwise([*starts, len(steps)]):
        near = slice(nodes[:, start:end].min(), nodes[:, start:end].max() + 1)
        parts.append((near, np.ascontiguousarray(matrix[near, start:end])))
    return down, up, parts
