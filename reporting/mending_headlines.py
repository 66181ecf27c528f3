"""What to mend first, in sentences computed from the frames that the screen shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reporting.rows import rows_of
from reporting.theme import is_missing, number

NAMED = 3


def say_plan(
    plan: Mapping[str, Any],
    outlook: Mapping[str, Any],
    *,
    name: str,
    decimals: int,
    fewest: str,
    with_rank: bool = True,
) -> str:
    """鹤岗市 83.75 分，补 14 处短板（涉及 9 家单位、5 项指标）可达 85.00 分，名次由第 4 到第 1 (queries.mending_plan)."""
    score, target = number(plan["score"], decimals), number(plan["target"], decimals)
    if plan["score"] >= plan["target"]:
        return f"{name} {score} 分，已达到 {target} 分的目标"
    after = number(plan["score_after"], decimals)
    if not plan["is_reached"]:
        if not plan["places"]:
            return f"{name} {score} 分，没有补齐后能使得分上升的短板，达不到 {target} 分{_held(outlook, decimals)}"
        return (
            f"{name} {score} 分，短板全部补齐也只到 {after} 分，达不到 {target} 分{_held(outlook, decimals)}"
        )
    rank = say_rank(outlook, plan["rank"], plan["rank_after"]) if with_rank else ""
    return f"{name} {score} 分，{_what(plan, fewest)}可达 {after} 分{rank}"


def say_rank(outlook: Mapping[str, Any], before: int | None, after: int | None) -> str:
    """，名次由第 4 到第 1; says where only those are counted that the reader may see; "" without a rank."""
    if is_missing(before) or is_missing(after):
        return ""
    among = "" if outlook["ranks_all"] else f"在可查看的 {outlook['peers']} 个同级地区中"
    if before == after:
        return f"，{among}名次仍为第 {before}"
    return f"，{among}名次由第 {before} 到第 {after}"


def say_ceiling(outlook: Mapping[str, Any], *, name: str, decimals: int) -> str:
    """How far mending alone can lift a region, and what holds it back then (queries.mending_outlook)."""
    text = f"{name} {outlook['units']:,} 家单位共有 {outlook['places']:,} 处短板，全部补齐可到 {number(outlook['ceiling'], decimals)} 分"
    return f"{text}{_held(outlook, decimals)}"


def say_first(frame: pd.DataFrame, *, decimals: int) -> str:
    """The indicators that give most per unit touched (queries.mending, in its order)."""
    first = frame[frame["gain"] > 0].head(NAMED)
    if first.empty:
        return "没有补齐后能使得分上升的指标"
    parts = "、".join(
        f"{row.label}（{row.units_gain} 家，+{number(row.gain, decimals)} 分）" for row in rows_of(first)
    )
    return f"每触及一家单位提分最多的指标：{parts}"


def _what(plan: Mapping[str, Any], fewest: str) -> str:
    places, units, indicators = (f"{plan[key]:,}" for key in ("places", "units", "indicators"))
    if fewest == "units":
        return f"补齐 {units} 家单位（{places} 处短板，涉及 {indicators} 项指标）"
    if fewest == "indicators":
        proven = "" if plan["is_fewest"] else f"，尚未证明为最少，至少 {plan['least']} 项"
        return f"补齐 {indicators} 项指标（{places} 处短板，涉及 {units} 家单位{proven}）"
    return f"补 {places} 处短板（涉及 {units} 家单位、{indicators} 项指标）"


def _held(outlook: Mapping[str, Any], decimals: int) -> str:
    parts = [
        f"{part['label']} {number(-part['printed'], decimals)} 分"
        for part in outlook["held"]
        if part["printed"] < 0
    ]
    return f"；其余差在{'、'.join(parts)}" if parts else ""
