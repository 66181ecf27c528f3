"""Full marks, and the limits between which scores (SCORING.md, F) and attainments are held."""

from __future__ import annotations

from typing import Any

import numpy as np

FULL_MARKS = 100.0
NOISE_DECIMALS = 12  # of shares and of sums of points


def limited(raw: np.ndarray, cap: np.ndarray) -> np.ndarray:
    """F from B − D + E: held between 0 and 100, and under the cap of a veto."""
    return np.minimum(np.clip(raw, 0.0, FULL_MARKS), cap)


def attainment_of(lost: Any, weight: Any) -> Any:
    """x over several terms from the points that they cost, Σ 100 · ω · (1 − x), and what they weigh, Σ ω: numbers, or arrays.

    Held between 0 and 1, and without the last binary digits: of terms that earned nothing the sums may leave ±2e-16, which
    would print as −0.0%, or as a rise from 0.0% to 0.0%.
    """
    return without_noise(np.clip(1 - lost / (FULL_MARKS * weight), 0.0, 1.0))


def without_noise(values: Any) -> Any:
    """Sums less the last binary digits, which follow from the order of summation, as sql/without_noise: equal units stay equal
    whoever adds them up."""
    return np.round(values, NOISE_DECIMALS)
