"""What each indicator weighs for a unit and costs it, from the attainments of its set."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoring.leaf_losses import weights_per_point
from scoring.limits import FULL_MARKS, without_noise
from scoring.scheme import Scheme
from scoring.weights import Weights


def effective_terms(
    scheme: Scheme, *, unit: np.ndarray, indicator: Sequence[str], x: np.ndarray, basis: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of entries that are the whole sets I(u) of some units (`unit`: numbers from 0; `x`: attainment): whether the entry is of an
    indicator of the basis, its effective weight ω (Σ ω = 1 by unit), and the points that it costs the unit, 100 · ω · (1 − x)
    (SCORING.md). The same as sql/unit_term."""
    weights, systems = Weights.of(scheme), [system.id for system in scheme.systems]
    place = {entry.id: at for at, entry in enumerate(scheme.indicators)}
    shared = weights.shared_points(place, systems)
    points = shared[np.array([place[each] for each in indicator], dtype=np.int64)]
    units = unit.max(initial=-1) + 1
    full = np.column_stack([np.bincount(unit, weights=column, minlength=units) for column in points.T])
    in_basis = weights.basis(basis, systems)
    omega = (points * weights_per_point(without_noise(full), in_basis)[unit]).sum(axis=1)
    return (points[:, in_basis > 0] > 0).any(axis=1), omega, FULL_MARKS * omega * (1 - x)
