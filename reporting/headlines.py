"""What a figure shows, in one sentence: computed from the same frame, so that title and figure cannot disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from reporting.rows import rows_of
from reporting.theme import is_missing, number, percent
from scoring.rounding import round_half_up
from scoring.scheme import System

NAMES_LISTED = 3  # more regions in one sentence cannot be read aloud


def say_score(
    summary: Mapping[str, Any],
    *,
    name: str,
    decimals: int,
    before: Mapping[str, Any] | None = None,
    decimals_of_years: int | None = None,
) -> str:
    """全省 82.35 分（良好），比上年高 1.20 分, or that there is no score yet; queries.region_summary of two years.

    `decimals_of_years`: those of the difference, where the year before was published with more.
    """
    if is_missing(summary.get("score")):
        return f"{name}还没有得分"
    text = f"{name} {number(summary['score'], decimals)} 分（{summary['grade_name']}）"
    if not before or is_missing(before.get("score")):
        return text
    finer = decimals if decimals_of_years is None else decimals_of_years
    change = round_half_up(summary["score"] - before["score"], finer)
    if not change:
        return f"{text}，与上年持平"
    return f"{text}，比上年{'高' if change > 0 else '低'} {number(abs(change), finer)} 分"


def say_extremes(scores: pd.DataFrame, *, decimals: int) -> str:
    """Who is first, who is last, and the difference of their printed scores; "" with fewer than two ranked."""
    ranked = scores[scores["rank"].notna()]
    if len(ranked) < 2:
        return ""
    best, worst = ranked["score"].max(), ranked["score"].min()
    if best == worst:
        return f"{len(ranked)} 个地区得分相同，均为 {number(best, decimals)} 分"
    first = _names(ranked.loc[ranked["score"] == best, "name"])
    last = _names(ranked.loc[ranked["score"] == worst, "name"])
    apart = round_half_up(best - worst, decimals)
    return f"{first}居首，{last}末位，相差 {number(apart, decimals)} 分"


def say_bounds(summary: Mapping[str, Any], *, name: str, decimals: int) -> str:
    """Before the deadline: how much came in and between which scores the region can still end."""
    submitted = f"{name}已提交 {summary['submitted']}/{summary['registered']} 家（{percent(summary['submission_rate'])}）"
    if is_missing(summary.get("low")):
        return submitted
    low, high = number(summary["low"], decimals), number(summary["high"], decimals)
    return f"{submitted}，得分可能在 {low} 至 {high} 分之间，截止前不排名次"


def say_deadline(deadline: datetime, *, now: datetime) -> str:
    """截止 2026-10-31 23:59，已过 24 天 / 还有 12 天 / 今天截止."""
    days = (deadline.date() - now.date()).days
    left = f"还有 {days} 天" if days > 0 else "今天截止" if now < deadline else f"已过 {-days} 天"
    return f"截止 {deadline:%Y-%m-%d %H:%M}，{left}"


def say_grades(counts: pd.DataFrame, *, name: str) -> str:
    """How many units stand in each grade (queries.grade_counts): 全省 600 家单位：优秀 31 家（5.2%）…"""
    parts = "，".join(f"{row.grade_name} {row.units} 家（{percent(row.share)}）" for row in rows_of(counts))
    return f"{name} {counts['units'].sum()} 家单位：{parts}"


def say_submissions(summary: Mapping[str, Any], *, name: str) -> str:
    """How many workbooks came in, and how many of them on time (queries.region_summary)."""
    late = summary["submitted"] - summary["on_time"]
    missing = summary["registered"] - summary["submitted"]
    return f"{name}按时提交 {summary['on_time']} 家，逾期 {late} 家，未提交 {missing} 家"


def say_movers(frame: pd.DataFrame, *, systems: Sequence[System]) -> str:
    """Which region stands most differently under the two systems (queries.system_ranks)."""
    known = frame[frame["rank_shift"].notna()]
    if len(known) < 2:
        return "名次不足以比较"
    most = known["rank_shift"].max()
    if most == 0:
        return "两个责任制下的位次完全一致"
    row = known[known["rank_shift"] == most].iloc[0]
    stand = "、".join(f"{s.name}第 {row[f'rank_{s.id}']} 位" for s in systems)
    moved = int((known["rank_shift"] > 0).sum())
    return f"{moved} 个地区位次不同；{row['name']}差别最大：{stand}"


def say_losses(steps: pd.DataFrame, *, name: str, decimals: int) -> str:
    """How much is lost from 100 and the two largest causes (queries.waterfall), in printed parts."""
    if steps.empty:
        return f"{name}还没有得分，无从分解"
    total = steps.loc[steps["kind"] == "total", "printed"].iloc[0]
    causes = steps[~steps["kind"].isin(["start", "total"]) & (steps["printed"] < 0)].sort_values("printed")
    lost = round_half_up(100 - total, decimals)
    text = f"{name}得 {number(total, decimals)} 分，失 {number(lost, decimals)} 分"
    parts = [f"{row.label} {number(-row.printed, decimals)} 分" for row in rows_of(causes.head(2))]
    return f"{text}；失分最多：{'，其次'.join(parts)}" if parts else text


def say_weakest(matrix: pd.DataFrame) -> str:
    """The lowest cell of a heat map, and the column that is lowest on the whole (queries.gap_matrix)."""
    known = matrix[matrix["attainment"].notna()]
    if known.empty:
        return ""
    cell = known.loc[known["attainment"].idxmin()]
    cost = known.groupby("label", sort=False)["gap"].mean()
    return (
        f"得分率最低的一格：{cell['name']} · {cell['label']}，{percent(cell['attainment'])}；"
        f"各地平均失分最多的一列：{cost.idxmax()}"
    )


def say_costliest(gaps: pd.DataFrame, *, decimals: int, most: int = 5) -> str:
    """What the costliest indicators cost together and as a share of what all indicators cost (queries.region_gaps)."""
    total = gaps["gap"].sum()
    if not total > 0:
        return "没有指标失分"
    first = gaps["gap"].head(most).sum()
    count = min(most, len(gaps))
    return (
        f"前 {count} 项指标合计失 {number(first, decimals)} 分，占全部指标失分的 {percent(first / total, 0)}"
    )


def say_units(units: pd.DataFrame, *, title: str, decimals: int) -> str:
    """How many units fall short in an indicator and what they cost the region together (queries.gap_units)."""
    if units.empty:
        return f"“{title}”没有单位失分"
    return (
        f"“{title}”有 {len(units)} 家单位未得满分，合计使本地区失 {number(units['gap'].sum(), decimals)} 分"
    )


def say_unit_ranks(counts: Any, *, category: str, where: str, decimals: int) -> str:
    """How a category's units of a region stand (a row of queries.unit_categories): how many, how many scored, their range."""
    text = f"{where}登记{category} {counts.units} 家，已评分 {counts.scored} 家"
    if not counts.scored:
        return text
    low, high = number(counts.low, decimals), number(counts.high, decimals)
    return f"{text}，得分 {low} 至 {high} 分；名次在全省同类单位中排定"


def _names(names: pd.Series) -> str:
    listed = list(names.head(NAMES_LISTED))
    more = f"等 {len(names)} 地" if len(names) > NAMES_LISTED else ""
    tie = "并列" if len(names) > 1 else ""
    return f"{'、'.join(listed)}{more}{tie}"
