"""Full marks, and the limits between which a unit's score is held (SCORING.md, F)."""

from __future__ import annotations

import numpy as np

FULL_MARKS = 100.0


def limited(raw: np.ndarray, cap: np.ndarray) -> np.ndarray:
    """F from B − D + E: held between 0 and 100, and under the cap of a veto."""
    return np.minimum(np.clip(raw, 0.0, FULL_MARKS), cap)
