"""How a unit's points are printed so that they add up: what its indicators lose, and the steps from its base to its score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoring.rounding import round_half_up, round_parts


def lost_in_all(base: float, *, decimals: int) -> float:
    """What all indicators lose together: 100 less the base as printed."""
    return round_half_up(100 - round_half_up(base, decimals), decimals)


def printed_losses(gaps: Sequence[float], *, base: float, decimals: int) -> list[float]:
    """Points lost of every indicator, rounded by largest remainder so that they add up to `lost_in_all`."""
    return round_parts(gaps, total=lost_in_all(base, decimals=decimals), decimals=decimals)


def sum_steps(summary: Mapping[str, Any], *, decimals: int) -> list[tuple[str, float]]:
    """From the base to the score as printed: (label, signed points), rounded so that they add up.

    `summary` has base, score, deductions, bonus, clipped and veto (data.queries.unit_summary).
    """
    parts = [
        ("扣分", -(summary["deductions"] or 0.0)),
        ("加分", summary["bonus"] or 0.0),
        ("超出 0–100 的部分", summary["clipped"] or 0.0),
        ("一票否决", -(summary["veto"] or 0.0)),
    ]
    total = round_half_up(summary["score"] - round_half_up(summary["base"], decimals), decimals)
    rounded = round_parts([value for _, value in parts], total=total, decimals=decimals)
    return [(label, value) for (label, _), value in zip(parts, rounded, strict=True) if value]
