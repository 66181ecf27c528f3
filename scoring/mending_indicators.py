"""The fewest whole indicators that reach a target: branch and bound over sets, exact up to a limit of sets looked at.

Units whose score is neither held at 0 nor at its cap, whatever is mended, gain the sum of what each indicator gives; only
the others (sunk by deductions, a bonus above full marks, a veto) make the gain of a set less, or more, than that sum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.limits import limited

if TYPE_CHECKING:
    from scoring.mending import Shortfalls

MOST_SETS = (
    20_000  # about a second; in practice a handful is looked at, because almost all units gain plain sums
)


@dataclass(frozen=True)
class FewestSets:
    """The indicators found; `least`: fewer than so many cannot be enough; `is_fewest`: this is proven to be so few."""

    indicators: list[int]
    is_reached: bool
    is_fewest: bool
    least: int


def fewest_sets(
    short: Shortfalls, indicators: np.ndarray, *, reaches: Callable[[float], bool], most_sets: int = MOST_SETS
) -> FewestSets:
    """The fewest of `indicators` whose gain (Σ c · ΔF) `reaches` the target; all that give anything where none does."""
    if reaches(0.0) or not len(indicators):
        return FewestSets([], reaches(0.0), True, 0)
    search = _Search(short, indicators, reaches, most_sets)
    return search.run()


class _Search:
    def __init__(self, short, indicators, reaches, most_sets):
        self.reaches, self.left = reaches, most_sets
        columns = np.searchsorted(indicators, short.indicator)
        total = short.raw + np.bincount(short.unit, weights=short.points, minlength=len(short.raw))
        is_plain = (short.raw >= 0) & (total <= short.cap)
        tricky = np.flatnonzero(~is_plain & (short.now < short.cap) & (total > 0))
        plain = is_plain[short.unit]
        self.plain = np.bincount(
            columns[plain],
            weights=(short.weight[short.unit] * short.points)[plain],
            minlength=len(indicators),
        )
        row_of = np.full(len(short.raw), -1)
        row_of[tricky] = np.arange(len(tricky))
        rows = row_of[short.unit]
        self.points = np.zeros((len(tricky), len(indicators)))
        self.points[rows[rows >= 0], columns[rows >= 0]] = short.points[rows >= 0]
        self.raw, self.cap, self.weight = short.raw[tricky], short.cap[tricky], short.weight[tricky]
        self.start = float(self.weight @ self._scores(self.raw))
        self.ids = indicators

    def run(self) -> FewestSets:
        greedy, is_reached = self._greedy()
        if not is_reached:
            return FewestSets([int(self.ids[c]) for c in greedy], False, True, len(greedy))
        least = 1
        while least < len(greedy):
            found = self._find([], self.raw, 0.0, list(range(len(self.ids))), least)
            if found is not None:
                return FewestSets([int(self.ids[c]) for c in found], True, True, least)
            if self.left <= 0:
                return FewestSets([int(self.ids[c]) for c in greedy], True, False, least)
            least += 1
        return FewestSets([int(self.ids[c]) for c in greedy], True, True, least)

    def _scores(self, raw: np.ndarray) -> np.ndarray:
        return limited(raw, self.cap)

    def _gain(self, plain: float, raw: np.ndarray) -> float:
        return plain + float(self.weight @ self._scores(raw)) - self.start

    def _bounds(self, raw: np.ndarray) -> np.ndarray:
        """What each indicator adds at most, whatever else is mended with it: Σ c · min(points, room below the cap)."""
        room = np.maximum(self.cap - np.maximum(raw, 0.0), 0.0)
        return self.plain + self.weight @ np.minimum(self.points, room[:, None])

    def _greedy(self) -> tuple[list[int], bool]:
        """A set that reaches, taken one by one by what each adds (or may add, where nothing adds); all where none does."""
        everything = self._gain(float(self.plain.sum()), self.raw + self.points.sum(axis=1))
        if not self.reaches(everything):
            return [c for c in range(len(self.ids)) if self._bounds(self.raw)[c] > 0], False
        chosen, plain, raw, rest = [], 0.0, self.raw, list(range(len(self.ids)))
        while not self.reaches(self._gain(plain, raw)):
            base = self._gain(plain, raw)
            bounds = self._bounds(raw)
            best = max(
                rest,
                key=lambda c, p=plain, r=raw, b=base, u=bounds: (
                    round(self._gain(p + self.plain[c], r + self.points[:, c]) - b, 9),
                    u[c],
                    -c,
                ),
            )
            chosen.append(best)
            rest.remove(best)
            plain, raw = plain + float(self.plain[best]), raw + self.points[:, best]
        return chosen, True

    def _find(self, chosen, raw, plain, rest, more) -> list[int] | None:
        """A set of `more` of `rest` that reaches together with `chosen`, or None; stops at the limit."""
        self.left -= 1
        gained = self._gain(plain, raw)
        if more == 0:
            return chosen if self.reaches(gained) else None
        if len(rest) < more or self.left <= 0:
            return None
        bounds = self._bounds(raw)
        rest = sorted(rest, key=lambda c: (-bounds[c], c))
        for at, column in enumerate(rest[: len(rest) - more + 1]):
            # the set begins with this one, so the others of it come after it in this order
            if not self.reaches(gained + float(bounds[rest[at : at + more]].sum())):
                return None
            found = self._find(
                [*chosen, column],
                raw + self.points[:, column],
                plain + float(self.plain[column]),
                rest[at + 1 :],
                more - 1,
            )
            if found is not None or self.left <= 0:
                return found
        return None
