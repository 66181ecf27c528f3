"""The weights of a scheme as numbers that can be moved by hand, without a scheme file for each try."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from scoring.scheme import COMPOSITE, Scheme


class WeightsError(ValueError):
    """Weights that no score can be made of; its text names every culprit, in Chinese."""


@dataclass(frozen=True)
class Weights:
    """What a judgement could set otherwise: W(s) by system, p(i) and λ(i, s) by indicator, c by unit category.

    Only proportions count: W need not add up to 1. Entries are not changed in place; `with_` gives a changed copy.
    """

    systems: Mapping[str, float]
    points: Mapping[str, float]
    shares: Mapping[str, Mapping[str, float]]
    categories: Mapping[str, float]

    @classmethod
    def of(cls, scheme: Scheme) -> Weights:
        """The weights as a scheme has them."""
        return cls(
            systems={system.id: system.weight for system in scheme.systems},
            points={indicator.id: indicator.points for indicator in scheme.indicators},
            shares={indicator.id: dict(indicator.shares) for indicator in scheme.indicators},
            categories={category.id: category.weight for category in scheme.categories},
        )

    def with_(
        self,
        *,
        systems: Mapping[str, float] | None = None,
        points: Mapping[str, float] | None = None,
        categories: Mapping[str, float] | None = None,
    ) -> Weights:
        """A copy in which the named entries have new values; the others stay.

        Raises WeightsError naming every entry that does not exist or whose value is no weight.
        """
        given = {
            "systems": ("责任制", systems),
            "points": ("指标", points),
            "categories": ("单位类别", categories),
        }
        culprits = [
            f"{word} {key}：{fault}"
            for field, (word, values) in given.items()
            for key, value in (values or {}).items()
            if (fault := _fault(key, value, known=getattr(self, field)))
        ]
        changed = replace(
            self,
            **{field: {**getattr(self, field), **(values or {})} for field, (_, values) in given.items()},
        )
        if not culprits:
            culprits = [
                f"{word}的权重全部为 0，请至少给一项大于 0 的权重"
                for field, (word, _) in given.items()
                if not any(value > 0 for value in getattr(changed, field).values())
            ]
        if culprits:
            raise WeightsError("；".join(culprits))
        return changed

    def __hash__(self) -> int:
        return hash(tuple(sorted((*self.systems.items(), *self.points.items(), *self.categories.items()))))

    def shared_points(self, indicators: Iterable[str], systems: Iterable[str]) -> np.ndarray:
        """p·λ, one row per indicator and one column per system, in the given orders."""
        systems = tuple(systems)
        return np.array(
            [[self.points[i] * self.shares[i].get(s, 0.0) for s in systems] for i in indicators], dtype=float
        )

    def basis(self, basis: str, systems: Iterable[str]) -> np.ndarray:
        """W by system in the given order; of one system alone, 1 for it and 0 for the others."""
        return np.array([self.systems[s] if basis == COMPOSITE else float(s == basis) for s in systems])


def _fault(key: str, value: float, *, known: Mapping[str, float]) -> str:
    if key not in known:
        return f"方案中没有这一项，应为 {'、'.join(known)} 之一"
    if not math.isfinite(value) or value < 0:
        return f"权重 {value:g} 无效，请填大于或等于 0 的数"
    return ""
