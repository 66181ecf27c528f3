"""What moved between two years, in sentences computed from the frames that the figures are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reporting.rows import rows_of
from reporting.theme import is_missing, number, signed
from scoring.comparison import SchemeComparison
from scoring.rounding import round_half_up


def say_move(row: Mapping[str, Any] | None, *, name: str, years: tuple[int, int], decimals: int) -> str:
    """全省 2026 年 75.30 分，比 2025 年（73.80 分）高 1.50 分, of a row with score_before and score_now."""
    if not row or (is_missing(row["score_before"]) and is_missing(row["score_now"])):
        return f"{name}在 {years[0]} 年和 {years[1]} 年都没有得分"
    for year, column in zip(years, ("score_before", "score_now"), strict=True):
        if is_missing(row[column]):
            other = years[1] if year == years[0] else years[0]
            known = row["score_now" if year == years[0] else "score_before"]
            return f"{name} {other} 年 {number(known, decimals)} 分，{year} 年没有得分，无从比较"
    moved = round_half_up(row["score_now"] - row["score_before"], decimals)
    text = f"{name} {years[1]} 年 {number(row['score_now'], decimals)} 分"
    if not moved:
        return f"{text}，与 {years[0]} 年持平"
    how = "高" if moved > 0 else "低"
    return (
        f"{text}，比 {years[0]} 年（{number(row['score_before'], decimals)} 分）{how} "
        f"{number(abs(moved), decimals)} 分"
    )


def say_moves(frame: pd.DataFrame, *, level: str, decimals: int) -> str:
    """How many regions rose and fell, and who most (queries.region_moves); "" where none can be compared."""
    known = frame[frame["change"].notna()]
    if known.empty:
        return ""
    moved = known.assign(
        moved=[round_half_up(row.score_now - row.score_before, decimals) for row in rows_of(known)]
    )
    up, down = moved[moved["moved"] > 0], moved[moved["moved"] < 0]
    level_count = len(moved) - len(up) - len(down)
    text = f"{len(known)} 个{level}中 {len(up)} 个上升、{len(down)} 个下降"
    if level_count:
        text += f"、{level_count} 个持平"
    for part, how in ((up, "升幅最大"), (down, "降幅最大")):
        if len(part):
            row = part.loc[part["moved"].abs().idxmax()]
            text += f"，{how}的是{row['name']}（{signed(row['moved'], decimals)}）"
    return text


def say_causes(steps: pd.DataFrame, *, decimals: int, most: int = 3) -> str:
    """The steps that raised and lowered a score most, in printed parts (queries.bridge)."""
    parts = [step for step in rows_of(steps) if step.kind not in ("start", "total")]
    up = sorted((step for step in parts if step.printed > 0), key=lambda step: -step.printed)
    down = sorted((step for step in parts if step.printed < 0), key=lambda step: step.printed)
    texts = []
    for found, how in ((up[:most], "使得分上升最多"), (down[:most], "使得分下降最多")):
        if found:
            named = "、".join(f"{step.label}（{signed(step.printed, decimals)}）" for step in found)
            texts.append(f"{how}：{named}")
    return "；".join(texts) or "没有变动"


def say_comparability(comparison: SchemeComparison, *, years: tuple[int, int]) -> str:
    """What of two years can be compared and what cannot, in two or three sentences."""
    if comparison.is_same:
        return f"{years[0]} 年和 {years[1]} 年适用同一方案，得分、名次、得分率都可以直接比较。"
    entries = comparison.indicators
    alike = sum(entry.is_comparable for entry in entries)
    changed = sum(bool(entry.asked) for entry in entries)
    only = [sum(entry.presence == presence for entry in entries) for presence in ("before", "now")]
    text = (
        f"{years[0]} 年和 {years[1]} 年的方案不同：{alike} 项指标两年相同，得分率可比；"
        f"{changed} 项提问或计分不同，得分率不可比；"
        f"仅 {years[0]} 年方案 {only[0]} 项，仅 {years[1]} 年方案 {only[1]} 项。"
    )
    articles = [
        f"第{article}条" for article in comparison.articles if comparison.article_presence(article) != "both"
    ]
    if articles:
        text += f"{'、'.join(articles)}只在其中一年设有指标。"
    return text + "得分和等次之差含方案调整的影响，不全是工作的进退；名次是各年同一方案下的，可以比较。"


def say_attainments(frame: pd.DataFrame, *, years: tuple[int, int]) -> str:
    """How many articles rose and fell over what both years asked alike (queries.comparable_attainments)."""
    known = frame[frame["change"].notna()]
    if known.empty:
        return "没有条文在两年中可比"
    up, down = int((known["change"] > 0).sum()), int((known["change"] < 0).sum())
    none = len(frame) - len(known)
    text = f"{len(known)} 条可比条文中 {up} 条得分率上升、{down} 条下降"
    best, worst = known.loc[known["change"].idxmax()], known.loc[known["change"].idxmin()]
    for row, how in ((best, "升幅最大"), (worst, "降幅最大")):
        if (row["change"] > 0) == (how == "升幅最大") and row["change"]:
            points = signed(100 * row["change"], 1)
            text += f"，{how}：{row['label']}（{points} 个百分点）"
    return text + (f"；{none} 条不可比" if none else "")


def say_unit_moves(frame: pd.DataFrame, *, years: tuple[int, int]) -> str:
    """How many units rose, fell, are new or gone (queries.unit_moves)."""
    both = frame[frame["status"] == "both"]
    change = both["score_now"] - both["score_before"]
    counts = frame["status"].value_counts()
    text = (
        f"按统一社会信用代码对应，{len(both):,} 家两年都有得分："
        f"{int((change > 0).sum()):,} 家上升、{int((change < 0).sum()):,} 家下降"
    )
    for status, words in (
        ("no_score", "家至少一年没有得分"),
        ("new", f"家 {years[1]} 年新登记"),
        ("gone", f"家 {years[1]} 年已不在名册"),
    ):
        if counts.get(status, 0):
            text += f"；{counts[status]:,} {words}"
    return text
