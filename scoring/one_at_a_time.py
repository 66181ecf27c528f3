"""Which single weight changes a ranking first, and at what value: each is moved alone, the others keep their proportion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from scoring.level_rows import LevelRows
from scoring.nearest_change import AS_IT_IS, GRID, LOWEST, Means, Order, nearest_changes
from scoring.rounding import round_all_half_up
from scoring.scheme import COMPOSITE
from scoring.trial import Sheets, Weights

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
    down: float | None = None
    up: float | None = None
    value: float | None = None
    above: int | None = None
    below: int | None = None
    leader: float | None = None

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
    behind it; looked for from next to nothing to three times the weight (a system's: to all of it), to 1e-6. A system's
    others keep their proportion. `regions` (places in the sheets) names those of the level that are compared; default: all.
    """
    rows = LevelRows.of(sheets, weights, level=level, regions=regions)
    changes = [_first_change(rows, *each) for each in _movable(sheets, weights, basis=basis, rows=rows)]
    return sorted(changes, key=lambda each: (_distance(each.nearest), -each.share, each.id))


def _movable(
    sheets: Sheets, weights: Weights, *, basis: str, rows: LevelRows
) -> Iterator[tuple[Kind, str, float, float, Means]]:
    """Kind, id, share and weight of everything that has a weight, and the ranking under a factor of it."""
    shared = weights.shared_points(sheets.indicators, sheets.systems)
    systems = weights.basis(basis, sheets.systems)
    systems = systems / systems.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.nan_to_num(shared / shared.sum(axis=0)) @ systems
    points_of = np.array([weights.points[each] for each in sheets.indicators])

    def moving_system(at: int) -> Means:
        points, earned = ((table @ shared).T[:, :, None] for table in (rows.sets, rows.earned))
        others = systems * (np.arange(len(systems)) != at)

        def means(multiples: np.ndarray) -> np.ndarray:
            share = np.minimum(systems[at] * multiples, 1 - LOWEST)
            moved = others[:, None] * (1 - share) / max(others.sum(), LOWEST)
            moved[at] = share
            return rows.means(*rows.sums(points, earned, moved))

        return means

    def moving_points(which: np.ndarray) -> Means:
        has_it = rows.sets[:, which].any(axis=1)[rows.of_set]
        still, moving = rows.only(~has_it), rows.only(has_it)
        tables = ((still.sets @ shared).T[:, :, None], (still.earned @ shared).T[:, :, None])
        stands = still.sums(*tables, systems[:, None])
        own, rest = (np.where(mask[:, None], shared, 0.0) for mask in (which, ~which))
        parts = [
            ((table @ own).T[:, :, None], (table @ rest).T[:, :, None])
            for table in (moving.sets, moving.earned)
        ]

        def means(multiples: np.ndarray) -> np.ndarray:
            moved = moving.sums(*(rest + own * multiples for own, rest in parts), systems[:, None])
            return rows.means(*(one + other for one, other in zip(stands, moved, strict=True)))

        return means

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
    rows: LevelRows, kind: Kind, key: str, share: float, weight: float, means: Means
) -> FirstChange:
    known = means(GRID)
    now = round_all_half_up(known[:, AS_IT_IS], rows.decimals)
    ranked = np.flatnonzero(~np.isnan(now))
    ranked = ranked[np.argsort(-now[ranked], kind="stable")]
    unchanged = FirstChange(kind, key, float(share), float(weight))
    if not len(ranked):
        return unchanged
    order = Order(now[ranked])
    found = nearest_changes(
        lambda multiples: means(multiples)[ranked], known[ranked], order, decimals=rows.decimals
    )
    changed = replace(
        unchanged, down=found.down, up=found.up, leader=_nearest(found.leader_down, found.leader_up)
    )
    if changed.nearest is None:
        return changed
    there = round_all_half_up(means(np.array([changed.nearest]))[ranked, 0], rows.decimals)
    above, below = (int(rows.regions[ranked[place]]) for place in order.changed(there))
    return replace(changed, value=float(weight * changed.nearest), above=above, below=below)


def _nearest(*multiples: float | None) -> float | None:
    return min((each for each in multiples if each is not None), key=_distance, default=None)


def _distance(multiple: float | None) -> float:
    return np.inf if multiple is None else abs(multiple - 1)
