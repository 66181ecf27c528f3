"""What an indicator really weighs: its share of the full marks of a unit of a category (SCORING.md, effective weight).

For a unit without function tags: ω(i) = Σ_s W(s)·p(i)λ(i,s) / Σ_j p(j)λ(j,s), divided by Σ_s W(s), over the systems
that have an indicator among those the category is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scoring.scheme import Category, Scheme

Kind = Literal["system", "dimension", "indicator"]


@dataclass(frozen=True)
class EffectiveWeight:
    """The share (0–1) of one system, dimension or indicator in the full marks of a category's unit."""

    category: str
    category_name: str
    kind: Kind
    id: str
    title: str
    share: float


def effective_weights(scheme: Scheme, *, kind: Kind | None = None) -> list[EffectiveWeight]:
    """One row per category and system, dimension and indicator, or entry of the one `kind`; of each kind a category's shares add
    up to 1.

    What does not concern the category has share 0. A category that is asked nothing has shares of 0 only.
    """
    return [row for category in scheme.categories for row in _of_category(scheme, category, kind)]


def _of_category(scheme: Scheme, category: Category, kind: Kind | None) -> Iterator[EffectiveWeight]:
    asked = scheme.indicators_for(category=category.id, tags=())
    full = {s.id: sum(i.points * i.shares.get(s.id, 0.0) for i in asked) for s in scheme.systems}
    counting = {s.id: s.weight for s in scheme.systems if full[s.id] > 0}
    whole = sum(counting.values())
    shares = {
        (i.id, system): weight / whole * i.points * i.shares.get(system, 0.0) / full[system]
        for i in asked
        for system, weight in counting.items()
    }

    def row(of: Kind, entry, title: str, share: float) -> EffectiveWeight:
        return EffectiveWeight(category.id, category.name, of, entry.id, title, share)

    for system in scheme.systems if kind in (None, "system") else ():
        yield row("system", system, system.name, counting.get(system.id, 0.0) / whole if whole else 0.0)
    own = {i.id: sum(shares.get((i.id, s.id), 0.0) for s in scheme.systems) for i in scheme.indicators}
    if kind in (None, "dimension"):
        inside = {dimension.id: 0.0 for dimension in scheme.dimensions}
        for indicator in scheme.indicators:
            inside[indicator.dimension] += own[indicator.id]
        for dimension in scheme.dimensions:
            yield row("dimension", dimension, dimension.name, inside[dimension.id])
    for indicator in scheme.indicators if kind in (None, "indicator") else ():
        yield row("indicator", indicator, indicator.title, own[indicator.id])
