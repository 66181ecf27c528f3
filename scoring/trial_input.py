"""Weights as somebody moves them for a trial: what was moved, what that makes of a scheme, and what was typed wrongly."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.scheme import Scheme
from scoring.weights import Weights

MOST_POINTS = (
    1000.0  # no indicator counts more than ten papers of full marks; beyond it is a slip of the keyboard
)
PLACES = 4  # decimals of a weight that is kept; finer ones nobody negotiates


@dataclass(frozen=True)
class Trial:
    """What differs from the scheme: systems and categories by id, points by indicator, and a factor by dimension."""

    systems: Mapping[str, float] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    points: Mapping[str, float] = field(default_factory=dict)
    categories: Mapping[str, float] = field(default_factory=dict)

    def moved_points(self, scheme: Scheme) -> dict[str, float]:
        """Points by indicator where they differ from the scheme's: what was typed, times its dimension's factor."""
        moved = {}
        for indicator in scheme.indicators:
            typed = self.points.get(indicator.id, indicator.points)
            now = round(typed * self.factors.get(indicator.dimension, 1.0), PLACES)
            if now != indicator.points:
                moved[indicator.id] = now
        return moved

    def changes(self, scheme: Scheme) -> dict[str, dict[str, float]]:
        """What a new version of the scheme would have otherwise: systems (all, adding up to 1), points, categories."""
        own = {system.id: system.weight for system in scheme.systems}
        systems = own | dict(self.systems)
        total = sum(systems.values())
        systems = {key: value / total for key, value in systems.items()}
        is_moved = any(abs(systems[key] - own[key]) > 10**-9 for key in own)
        weights = {category.id: category.weight for category in scheme.categories}
        return {
            "systems": _to_one(systems) if is_moved else {},
            "points": self.moved_points(scheme),
            "categories": {key: value for key, value in self.categories.items() if value != weights[key]},
        }

    def weights(self, scheme: Scheme) -> Weights:
        """The scheme's weights with what was moved."""
        return Weights.of(scheme).with_(**self.changes(scheme))

    def lines(self, scheme: Scheme) -> list[dict]:
        """One row per weight that differs, in the scheme's order: kind, id, title, article, before, now."""
        changes = self.changes(scheme)
        rows = []
        for kind, key, entries in (
            ("责任制", "systems", [(s.id, s.name, None, s.weight) for s in scheme.systems]),
            ("指标", "points", [(i.id, i.title, i.place.article, i.points) for i in scheme.indicators]),
            ("单位类别", "categories", [(c.id, c.name, None, c.weight) for c in scheme.categories]),
        ):
            rows += [
                {
                    "kind": kind,
                    "id": id_,
                    "title": title,
                    "article": article,
                    "before": before,
                    "now": changes[key][id_],
                }
                for id_, title, article, before in entries
                if id_ in changes[key]
            ]
        return rows


def check_typed(
    typed: Mapping[str, object], *, titles: Mapping[str, str], own: Mapping[str, float], what: str
) -> tuple[dict[str, float], list[str]]:
    """What was typed into a table of weights: the sound values that differ from the scheme's, and every fault in words.

    A faulty value counts as not typed. `titles` and `own`: name and weight in the scheme by id; `what`: 分值 or 权重.
    """
    sound, faults = {}, []
    for key, value in typed.items():
        fault = _fault(value)
        if fault:
            faults.append(
                f"{key}“{titles[key]}”的{what}{fault}，应为大于 0、不超过 {MOST_POINTS:g} 的数；"
                f"请在表中改正，此项暂按现行的 {own[key]:g} 试算"
            )
        elif float(value) != own[key]:
            sound[key] = float(value)
    return sound, faults


def _fault(value: object) -> str:
    if value is None or value != value or value == "":
        return "没有填"
    try:
        number = float(value)
    except (TypeError, ValueError):
        return f"填了“{value}”"
    if not math.isfinite(number) or number <= 0 or number > MOST_POINTS or round(number, PLACES) <= 0:
        return f"填了 {number:g}"
    return ""


def _to_one(shares: Mapping[str, float]) -> dict[str, float]:
    """Shares rounded to PLACES that still add up to 1; the largest takes what rounding leaves."""
    rounded = {key: round(value, PLACES) for key, value in shares.items()}
    largest = max(rounded, key=rounded.get)
    rounded[largest] = round(1 - sum(value for key, value in rounded.items() if key != largest), PLACES)
    return rounded
