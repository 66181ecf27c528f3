"""Where the difference of two regions comes from, in one sentence computed from the frame that the screen shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from reporting.rows import rows_of
from reporting.theme import is_missing, number, signed
from scoring.rounding import round_half_up

NAMED = 2


def say_comparison(
    frame: pd.DataFrame, sides: Sequence[Mapping[str, Any]], *, names: tuple[str, str], decimals: int
) -> str:
    """鹤岗市 83.75 分，比全省（80.20 分）高 3.55 分；高在组织领导（+1.20），低在扣分（−0.30）; queries.comparison and its sides."""
    for side, name in zip(sides, names, strict=True):
        if side["is_hidden"]:
            return f"{name}的同类单位太少，不显示其汇总，无从比较"
        if is_missing(side["score"]):
            return f"{name}没有得分，无从比较"
    here, there = (side["score"] for side in sides)
    apart = round_half_up(here - there, decimals)
    text = f"{names[0]} {number(here, decimals)} 分"
    if apart:
        how = "高" if apart > 0 else "低"
        text += f"，比{names[1]}（{number(there, decimals)} 分）{how} {number(abs(apart), decimals)} 分"
    else:
        text += f"，与{names[1]}相同"
    parts = []
    for word, rows in (
        ("高在", frame[frame["printed"] > 0].nlargest(NAMED, "printed")),
        ("低在", frame[frame["printed"] < 0].nsmallest(NAMED, "printed")),
    ):
        if len(rows):
            listed = "、".join(f"{row.label}（{signed(row.printed, decimals)}）" for row in rows_of(rows))
            parts.append(f"{word}{listed}")
    return f"{text}；{'，'.join(parts if apart >= 0 else parts[::-1])}" if parts else text
