"""Numbers looked up among others that ascend."""

from __future__ import annotations

import numpy as np


def positions(numbers: np.ndarray, ascending: np.ndarray) -> np.ndarray:
    """The position of each number among the others, −1 where it is not one of them."""
    if not len(ascending):
        return np.full(len(numbers), -1)
    at = np.searchsorted(ascending, numbers)
    at[at == len(ascending)] = 0
    return np.where(ascending[at] == numbers, at, -1)
