"""Which single weight changes a ranking first, and at what value: each is moved alone, the others keep their proportion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoring.level_rows import LevelRows
from scoring.scheme import COMPOSITE
from scoring.trial import Sheets, Weights

HIGHEST = 3.0  # a weight is followed from next to nothing to three times what it is, a system's at most to all of it
LOWEST = 1e-6  # a scheme has no weight of 0
STEP = 0.02  # factors at which the ranking is looked at before a change is closed in on
SECTIONS, ROUNDS = 9, 5  # 0.02 / 9⁵ is below 1e-6

Kind = Literal["system", "dimension", "indicator"]


@dataclass(frozen=True)
class FirstChange:
    """One weight and the multiples of it nearest to 1, below and above, at which two regions change places, or None.

    `share`: its part of all weight, as it stands; `weight`: W of a system (of a sum of 1), points of an indicator or of
    all of a dimension's; `value`: the same at `nearest`; `above`, `below`: the regions (places in the sheets) that change
    places there; `leader`: the nearest factor at which the first place goes to a region that has it not.
    """

    kind: Kind
    id: str
    share: float
    weight: float
    down: float | None
    up: float | None
    value: float | None
    above: int | None
    below: int | None
    leader: float | None

    @property
    def nearest(self) -> float | None:
        """The factor nearest to 1 at which two regions change places."""
        return _nearest(self.down, self.up)


def one_at_a_time(
    sheets: Sheets,
    weights: Weights,
    *,
    level: str,
    basis: str = COMPOSITE,
    regions: np.ndarray | None = None,
) -> list[FirstChange]:
    """One entry per system (of the composite), dimension and indicator with a weight, the nearest change first.

    Two regions change places where one that stands strictly before the other by published score would stand strictly
    behind it. Looked for at factors from 0 to 3 in steps of 0.02, then to 1e-6. `regions` (places in the sheets) names
    those of the level that are compared; default: all.
    """
    rows = LevelRows.of(sheets, weights, level=level, regions=regions)
    changes = [_first_change(rows, *each) for each in _movable(sheets, weights, basis=basis, rows=rows)]
    return sorted(changes, key=lambda each: (_distance(each.nearest), -each.share, each.id))


Ranking = Callable[[np.ndarray], np.ndarray]  # factors → published scores, region × factor


def _movable(
    sheets: Sheets, weights: Weights, *, basis: str, rows: LevelRows
) -> Iterator[tuple[Kind, str, float, float, Ranking]]:
    """Kind, id, share and weight of everything that has a weight, and the ranking under a factor of it."""
    shared = weights.shared_points(sheets.indicators, sheets.systems)
    systems = weights.basis(basis, sheets.systems)
    systems = systems / systems.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.nan_to_num(shared / shared.sum(axis=0)) @ systems
    points, earned = rows.sets @ shared, rows.earned @ shared
    points_of = np.array([weights.points[each] for each in sheets.indicators])

    def moving_system(at: int) -> Ranking:
        def ranking(factors: np.ndarray) -> np.ndarray:
            share = np.minimum(systems[at] * factors, 1 - LOWEST)
            others = systems * (np.arange(len(systems)) != at)
            moved = others[:, None] * (1 - share) / max(others.sum(), LOWEST)
            moved[at] = share
            return rows.published_from(points[:, :, None], earned[:, :, None], moved)

        return ranking

    def moving_points(which: np.ndarray) -> Ranking:
        own, rest = (np.where(mask[:, None], shared, 0.0) for mask in (which, ~which))
        parts = [(table @ own, table @ rest) for table in (rows.sets, rows.earned)]

        def ranking(factors: np.ndarray) -> np.ndarray:
            moved = [rest[:, :, None] + own[:, :, None] * factors for own, rest in parts]
            return rows.published_from(*moved, systems[:, None])

        return ranking

    if basis == COMPOSITE:
        for at, system in enumerate(sheets.systems):
            if systems[at]:
                yield "system", system, systems[at], systems[at], moving_system(at)
    dimensions = np.array(sheets.dimensions)
    for dimension in dict.fromkeys(sheets.dimensions):
        which = dimensions == dimension
        if shares[which].any():
            yield "dimension", dimension, shares[which].sum(), points_of[which].sum(), moving_points(which)
    for at, indicator in enumerate(sheets.indicators):
        if shares[at]:
            which = np.arange(len(sheets.indicators)) == at
            yield "indicator", indicator, shares[at], points_of[at], moving_points(which)


def _first_change(
    rows: LevelRows, kind: Kind, key: str, share: float, weight: float, ranking: Ranking
) -> FirstChange:
    now = ranking(np.ones(1))[:, 0]
    ranked = np.flatnonzero(~np.isnan(now))
    ranked = ranked[np.argsort(-now[ranked], kind="stable")]
    order = _Order(now[ranked])
    down, up, leader_down, leader_up = _closed_in(lambda factors: ranking(factors)[ranked], order)
    found = FirstChange(
        kind, key, float(share), float(weight), down, up, None, None, None, _nearest(leader_down, leader_up)
    )
    nearest = found.nearest
    if nearest is None:
        return found
    above, below = order.changed(ranking(np.array([nearest]))[ranked, 0])
    value = weight * nearest
    places = rows.regions[ranked]
    return FirstChange(
        kind, key, float(share), float(weight), down, up, float(value), int(places[above]), int(places[below]), found.leader
    )  # fmt: skip


class _Order:
    """A ranking as it stands (published scores, falling), against the same regions' scores under other weights."""

    def __init__(self, now: np.ndarray):
        self._now = now
        # how many stand strictly before each: those of an equal score begin at the same place
        self._before = np.searchsorted(-now, -now, side="left")
        self._leaders = int(np.searchsorted(-now, -now[:1], side="right")[0]) if len(now) else 0

    def is_changed(self, published: np.ndarray) -> np.ndarray:
        """For each column, whether one stands strictly behind another that it stands strictly before now."""
        lowest = np.minimum.accumulate(published, axis=0)
        later = self._before > 0
        return (published[later] > lowest[self._before[later] - 1]).any(axis=0)

    def is_led_by_another(self, published: np.ndarray) -> np.ndarray:
        """For each column, whether one that is not first now stands strictly before all that are."""
        if self._leaders in (0, len(self._now)):
            return np.zeros(published.shape[1], dtype=bool)
        return published[self._leaders :].max(axis=0) > published[: self._leaders].max(axis=0)

    def changed(self, published: np.ndarray) -> tuple[int, int]:
        """The first two that change places: who stands before now, and who would."""
        swapped = (self._now[:, None] > self._now) & (published[:, None] < published)
        above, below = np.nonzero(swapped)
        return above[0], below[0]


def _closed_in(ranking: Ranking, order: _Order) -> list[float | None]:
    """The nearest factors, down and up, at which the order changes, and at which the leader does."""
    tests = (order.is_changed, order.is_led_by_another)
    steps = np.arange(0, HIGHEST - 1 + STEP / 2, STEP)
    ways = [np.maximum(1 - steps[steps <= 1 + STEP / 2], LOWEST), 1 + steps]
    brackets: list[tuple[Callable, float, float] | None] = []
    seen = [(way, ranking(way)) for way in ways]
    for test in tests:
        for way, published in seen:
            hits = np.flatnonzero(test(published))
            brackets.append((test, way[hits[0] - 1], way[hits[0]]) if len(hits) else None)
    for _ in range(ROUNDS):
        open_ = [n for n, bracket in enumerate(brackets) if bracket]
        if not open_:
            break
        inner = [np.linspace(*brackets[n][1:], SECTIONS + 1) for n in open_]
        published = ranking(np.concatenate(inner))
        for k, n in enumerate(open_):
            part = published[:, k * (SECTIONS + 1) : (k + 1) * (SECTIONS + 1)]
            hits = np.flatnonzero(brackets[n][0](part))
            first = max(hits[0], 1) if len(hits) else SECTIONS
            brackets[n] = (brackets[n][0], inner[k][first - 1], inner[k][first])
    return [float(bracket[2]) if bracket else None for bracket in brackets]


def _nearest(*factors: float | None) -> float | None:
    return min((f for f in factors if f is not None), key=_distance, default=None)


def _distance(factor: float | None) -> float:
    return np.inf if factor is None else abs(factor - 1)
