"""What a region's score would be were shortfalls mended, and the fewest of them that reach a target, exactly.

Mending a place (one unit's one indicator) raises x(u,i) to 1 and leaves the effective weights as they are (SCORING.md), so
the unit's base rises by 100 · ω · (1 − x); its score follows through clip(B − D + E, 0, 100) and the cap of a veto, so that a
unit at its cap gains nothing. The region gains c(u) · ΔF(u) / Σ c.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.limits import limited
from scoring.mending_indicators import fewest_sets
from scoring.rounding import round_half_up

NOISE = 1e-12  # points of a unit: what is less comes from binary numbers, not from an answer


@dataclass(frozen=True)
class Shortfalls:
    """The units of one region that count in its score, and the places where they fall short.

    Per unit: `weight` c, `raw` B − D + E (E already capped), `cap` (100, or less where a veto stands). Per place: `unit` and
    `indicator` (positions), `points` 100 · ω · (1 − x) > 0. `whole` is Σ c of the region, `score` its exact score.
    """

    weight: np.ndarray
    raw: np.ndarray
    cap: np.ndarray
    unit: np.ndarray
    indicator: np.ndarray
    points: np.ndarray
    whole: float
    score: float
    decimals: int

    @cached_property
    def now(self) -> np.ndarray:
        """F of each unit."""
        return self.scores_at(self.raw)

    def scores_at(self, raw: np.ndarray) -> np.ndarray:
        """F of each unit at other values of B − D + E."""
        return limited(raw, self.cap)

    def unit_gains(self, mended: np.ndarray) -> np.ndarray:
        """By how many points each unit's score rises when the places `mended` (a mask or positions) are mended."""
        added = np.bincount(self.unit[mended], weights=self.points[mended], minlength=len(self.raw))
        return self.scores_at(self.raw + added) - self.now

    def score_with(self, mended: np.ndarray) -> float:
        """The region's exact score when the places `mended` are mended."""
        return self.score + float(self.weight @ self.unit_gains(mended)) / self.whole

    def published_at(self, gained: float) -> float:
        """The published score when the units' weighted scores rise by so much in sum."""
        return round_half_up(self.score + gained / self.whole, self.decimals)

    @cached_property
    def everything(self) -> np.ndarray:
        """All places."""
        return np.arange(len(self.unit))


@dataclass(frozen=True)
class Plan:
    """What to mend, in this order: positions of places, and by how much each raises the region's exact score.

    `score` is the exact score then; `is_fewest` False only where the search for whole indicators was given up at its limit,
    when no fewer than `least` are enough.
    """

    places: np.ndarray
    gains: np.ndarray
    score: float
    is_reached: bool
    is_fewest: bool = True
    least: int = 0


def fewest_places(short: Shortfalls, *, target: float) -> Plan:
    """The fewest places whose mending lets the published score reach the target; of as few, those that give most.

    A unit's k largest places give it most. Where its score is not held at 0, what they give falls with k, so that taking
    the largest gain of all units again and again is best; where it is (deductions beyond its base), the first places may
    give nothing, and how many to take of each such unit is found by max-plus convolution. Reaches as far as it can where
    the target is beyond all mending.
    """
    order = np.lexsort((short.indicator, -short.points, short.unit))
    sunk = short.raw < 0
    of_sunk = sunk[short.unit[order]]
    rising, gains = _falling_gains(short, order[~of_sunk])
    best = np.concatenate(([0.0], np.cumsum(gains)))
    groups = _sunk_groups(short, order[of_sunk])
    combined, taken = _convolve([values for _, values in groups])

    def split(count: int) -> tuple[float, int]:
        """The most that `count` places give, and how many of them belong to units held at 0."""
        first = max(0, count - (len(best) - 1))
        sunken = np.arange(first, min(count, len(combined) - 1) + 1)
        sums = best[count - sunken] + combined[sunken]
        at = int(np.argmax(sums))
        return float(sums[at]), int(sunken[at])

    low, high = 0, len(best) + len(combined) - 2
    is_reached = short.published_at(split(high)[0]) >= target
    while low < high:
        middle = (low + high) // 2
        enough = (
            short.published_at(split(middle)[0]) >= target
            if is_reached
            else split(middle)[0] >= split(high)[0]
        )
        low, high = (low, middle) if enough else (middle + 1, high)
    _, sunken = split(low)
    chosen = [rising[: low - sunken]]
    for number in reversed(range(len(groups))):
        count = int(taken[number][sunken])
        chosen.append(groups[number][0][:count])
        sunken -= count
    return _plan(short, np.concatenate(chosen), is_reached=is_reached)


def fewest_units(short: Shortfalls, *, target: float) -> Plan:
    """The fewest units, all places of each mended, whose mending lets the published score reach the target."""
    gains = short.weight * short.unit_gains(short.everything)
    order = np.lexsort((np.arange(len(gains)), -gains))
    order = order[gains[order] > NOISE]
    sums = np.concatenate(([0.0], np.cumsum(gains[order])))
    is_reached = short.published_at(float(sums[-1])) >= target
    count = len(order)
    if is_reached:
        count = next(n for n, total in enumerate(sums) if short.published_at(float(total)) >= target)
    mended = np.isin(short.unit, order[:count])
    return _plan(short, np.flatnonzero(mended), is_reached=is_reached)


def fewest_indicators(short: Shortfalls, *, target: float) -> Plan:
    """The fewest indicators, each mended at every unit, whose mending lets the published score reach the target."""
    indicators = np.unique(short.indicator)
    found = fewest_sets(short, indicators, reaches=lambda gained: short.published_at(gained) >= target)
    mended = np.isin(short.indicator, found.indicators)
    plan = _plan(short, np.flatnonzero(mended), is_reached=found.is_reached)
    return Plan(plan.places, plan.gains, plan.score, plan.is_reached, found.is_fewest, found.least)


def _falling_gains(short: Shortfalls, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places of units that are not held at 0 (given unit by unit, the largest first) by what each adds, the most first."""
    unit, points = short.unit[order], short.points[order]
    room = short.cap[unit] - short.raw[unit] - _before_in_unit(unit, points)
    gains = short.weight[unit] * _quiet(np.minimum(points, np.maximum(room, 0.0)))
    by_gain = np.lexsort((np.arange(len(gains)), -gains))
    by_gain = by_gain[gains[by_gain] > 0]
    return order[by_gain], gains[by_gain]


def _before_in_unit(unit: np.ndarray, points: np.ndarray) -> np.ndarray:
    """For places unit by unit: the points of the unit's places before each, summed within the unit alone."""
    if not len(unit):
        return points
    starts = np.flatnonzero(np.r_[True, unit[1:] != unit[:-1]])
    sizes = np.diff(np.r_[starts, len(unit)])
    row, column = np.repeat(np.arange(len(starts)), sizes), np.arange(len(unit)) - np.repeat(starts, sizes)
    table = np.zeros((len(starts), int(sizes.max()) + 1))
    table[row, column + 1] = points
    return np.cumsum(table, axis=1)[row, column]


def _sunk_groups(short: Shortfalls, order: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Per unit held at 0 that mending can lift: its places, the largest first, and what the first 0, 1, 2 … of them give."""
    groups = []
    for unit in np.unique(short.unit[order]):
        places = order[short.unit[order] == unit]
        raw = short.raw[unit] + np.concatenate(([0.0], np.cumsum(short.points[places])))
        values = short.weight[unit] * _quiet(limited(raw, short.cap[unit]))
        if values[-1] > 0:
            groups.append((places, values))
    return groups


def _convolve(groups: list[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray]]:
    """The most that 0, 1, 2 … places of all groups give, and per group and number how many of them are its own."""
    best, taken = np.zeros(1), []
    for values in groups:
        size = len(best) + len(values) - 1
        merged, own = np.full(size, -np.inf), np.zeros(size, dtype=int)
        for count, value in enumerate(values):
            window = slice(count, count + len(best))
            better = best + value > merged[window]
            merged[window] = np.where(better, best + value, merged[window])
            own[window] = np.where(better, count, own[window])
        best = merged
        taken.append(own)
    return best, taken


def _plan(short: Shortfalls, places: np.ndarray, *, is_reached: bool) -> Plan:
    """The places in the order in which they are counted: within a unit the largest first; what each then adds."""
    places = places[np.lexsort((short.indicator[places], -short.points[places], short.unit[places]))]
    unit, points = short.unit[places], short.points[places]
    before = short.raw[unit] + _before_in_unit(unit, points)
    gains = limited(before + points, short.cap[unit]) - limited(before, short.cap[unit])
    return Plan(
        places=places,
        gains=short.weight[unit] * gains / short.whole,
        score=short.score_with(places),
        is_reached=is_reached,
    )


def _quiet(gains: np.ndarray) -> np.ndarray:
    return np.where(gains < NOISE, 0.0, gains)
