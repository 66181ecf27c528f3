"""Rounding that keeps its word: half up, and parts that add up to their rounded total."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

import numpy as np

NOISE = Decimal("1e-9")  # takes off binary noise before rounding: 59.99499999999999 reads 59.995
BILLION = 10**9


def round_half_up(value: float, decimals: int) -> float:
    """Round to so many decimals, halves away from zero, as a published score is rounded."""
    rounded = Decimal(value).quantize(NOISE).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return float(rounded) + 0.0  # -0.0 becomes 0.0


def round_all_half_up(values: np.ndarray, decimals: int) -> np.ndarray:
    """`round_half_up` of every entry of an array (of magnitude below 1e9), as the SQL's macro does it; nan stays nan."""
    scale = 10**decimals
    is_known = ~np.isnan(values)
    steps = np.floor(np.where(is_known, values, 0.0) * BILLION + 0.5).astype(
        np.int64
    )  # of 1e-9: takes off noise
    rounded = (steps * scale + BILLION // 2) // BILLION / scale
    return np.where(is_known, rounded, np.nan)


def round_parts(parts: Sequence[float], *, total: float, decimals: int) -> list[float]:
    """Round parts by largest remainder so that they add up to `total`, which is already rounded.

    A part of exactly 0 stays 0. Where the parts do not add up to about the total, the difference stays as small as it
    can be: one last digit for each part that is not 0.
    """
    step = Decimal(1).scaleb(-decimals)
    exact = [Decimal(part).quantize(NOISE) for part in parts]
    floors = [part.quantize(step, ROUND_FLOOR) for part in exact]
    missing = int((Decimal(total).quantize(step) - sum(floors)) / step)
    order = sorted(
        (index for index, part in enumerate(exact) if part),
        key=lambda index: (floors[index] - exact[index], index),
    )
    for index in order[: max(missing, 0)]:
        floors[index] += step
    return [float(part) + 0.0 for part in floors]
