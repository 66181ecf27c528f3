"""The sentence under a slide's title where the screens have none: computed from the frame that the slide shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reporting.theme import is_missing, number, percent, signed
from scoring.rounding import round_half_up

NAMES_LISTED = 3  # more regions in one sentence cannot be read aloud


def say_region_grades(regions: pd.DataFrame, *, level: str) -> str:
    """13 个市（地）中：优秀 1 个、良好 5 个…, best first (queries.region_scores); how many have no score."""
    graded = regions[regions["grade_name"].notna()]
    if graded.empty:
        return f"{len(regions)} 个{level}都还没有等次"
    counts = graded.sort_values("score", ascending=False).groupby("grade_name", sort=False).size()
    text = f"{len(regions)} 个{level}中：" + "、".join(f"{name} {count} 个" for name, count in counts.items())
    without = len(regions) - len(graded)
    return f"{text}，{without} 个没有得分" if without else text


def say_slowest(regions: pd.DataFrame) -> str:
    """Which regions have the lowest submission rate, which handed in everything (queries.region_scores)."""
    known = regions[regions["submission_rate"].notna()]
    if known.empty:
        return "还没有登记单位"
    full = int((known["submitted"] == known["registered"]).sum())
    if full == len(known):
        return f"{len(known)} 个地区全部提交"
    lowest = known["submission_rate"].min()
    names = _names(known.loc[known["submission_rate"] == lowest, "name"])
    text = f"提交率最低的是{names}（{percent(lowest)}）"
    return f"{full} 个地区全部提交，{text}" if full else text


def say_dimensions(dimensions: pd.DataFrame, *, name: str, is_province: bool) -> str:
    """The dimension with the highest and the lowest attainment, and how many stand above and below the province's
    (queries.region_dimensions); compared as printed."""
    known = dimensions[dimensions["attainment"].notna()]
    if known.empty:
        return f"{name}还没有得分率"
    shown = known["attainment"].map(percent)
    best, worst = known["attainment"].max(), known["attainment"].min()
    if percent(best) == percent(worst):
        text = f"{name}各维度得分率均为 {percent(best)}"
    else:
        highest, lowest = (
            _names(known.loc[shown == percent(end), "dimension_name"], what="项") for end in (best, worst)
        )
        text = f"{name}得分率最高的维度是{highest}（{percent(best)}），最低的是{lowest}（{percent(worst)}）"
    if is_province:
        return text
    mean = known["province_mean"].map(percent)
    above = int(((known["attainment"] > known["province_mean"]) & (shown != mean)).sum())
    below = int(((known["attainment"] < known["province_mean"]) & (shown != mean)).sum())
    return f"{text}；{above} 个维度高于全省，{below} 个低于全省"


def say_inflation(summary: Mapping[str, Any], regions: pd.DataFrame, *, name: str, decimals: int) -> str:
    """How far self-assessments stand above what was verified, and where most (queries.region_summary, region_scores)."""
    if is_missing(summary.get("self_inflation")):
        return f"{name}还没有可比较的自评得分"
    text = (
        f"{name}自评 {number(summary['self_score'], decimals)} 分，"
        f"自评偏差 {signed(summary['self_inflation'], decimals)} 分，核定比例 {percent(summary['verified_share'], 0)}"
    )
    known = regions[regions["self_inflation"].notna()]
    if len(known) < 2:
        return text
    shown = known["self_inflation"].map(lambda value: signed(value, decimals))
    most = signed(known["self_inflation"].max(), decimals)
    if (shown == most).all():
        return f"{text}；{len(known)} 个地区的偏差相同，均为 {most} 分"
    return f"{text}；偏差最大的是{_names(known.loc[shown == most, 'name'])}（{most} 分）"


def say_tasks(summary: Mapping[str, Any], *, name: str) -> str:
    """How many rectification tasks were given out, are closed and overdue (queries.task_summary)."""
    text = (
        f"{name}下达整改任务 {summary['given_out']} 项，已销号 {summary['done']} 项"
        f"（{percent(summary['closing_rate'])}），待复核 {summary['answered']} 项，待报送 {summary['waiting']} 项"
    )
    overdue = summary["overdue"]
    return f"{text}，其中逾期 {overdue} 项" if overdue else f"{text}，没有逾期"


def say_findings(findings: pd.DataFrame, *, name: str) -> str:
    """How many findings stand, by kind, and how many units have a veto (queries.findings that stand)."""
    counts = findings["kind"].value_counts()
    parts = [
        f"{words} {counts[kind]} 项"
        for kind, words in (("deduction", "扣分"), ("veto", "一票否决"), ("bonus", "加分"))
        if counts.get(kind, 0)
    ]
    text = f"{name}现有认定 {len(findings)} 项：{'、'.join(parts)}"
    vetoed = findings.loc[findings["kind"] == "veto", "unit"].nunique()
    overdue = int((findings["is_overdue"] | findings["is_past"]).sum())
    text += f"；{vetoed} 家单位被一票否决" if vetoed else "；没有单位被一票否决"
    return f"{text}；逾期未改正 {overdue} 项" if overdue else text


def say_vetoes(vetoes: pd.DataFrame) -> str:
    """How many units have a veto and in how many regions they lie (queries.findings of that kind)."""
    return f"{vetoes['unit'].nunique()} 家单位被一票否决，分布在 {vetoes['region'].nunique()} 个地区"


def say_place(
    row: Mapping[str, Any], *, name: str, level: str, ranked: int | None, tied: int, decimals: int
) -> str:
    """A region's score, grade and rank among the level's of the province (a row of queries.region_scores); `ranked`: how
    many regions have a rank, `tied`: how many have this one."""
    if is_missing(row["score"]):
        return f"{name}已提交 {row['submitted']}/{row['registered']} 家，还没有得分"
    text = f"{name} {number(row['score'], decimals)} 分（{row['grade_name']}）"
    if is_missing(row["rank"]):
        return text
    return f"{text}，{say_rank(row, level=level, ranked=ranked, tied=tied)}"


def say_rank(row: Mapping[str, Any], *, level: str, ranked: int | None, tied: int) -> str:
    """在全省 13 个有名次的市（地）中并列第 2 位, of a region that has a rank; `ranked` None where it is not known."""
    how = "并列" if tied > 1 else ""
    among = f"全省{level}" if ranked is None else f"全省 {ranked} 个有名次的{level}"
    return f"在{among}中{how}第 {int(row['rank'])} 位"


def say_gap_to_province(score: object, mean: object, *, decimals: int) -> str:
    """高于全省 1.20 分, of two published scores; "" without one of them."""
    if is_missing(score) or is_missing(mean):
        return ""
    apart = round_half_up(score - mean, decimals)
    if not apart:
        return "与全省持平"
    return f"{'高' if apart > 0 else '低'}于全省 {number(abs(apart), decimals)} 分"


def _names(names: pd.Series, *, what: str = "地") -> str:
    listed = list(names.head(NAMES_LISTED))
    more = f"等 {len(names)} {what}" if len(names) > NAMES_LISTED else ""
    tie = "并列" if len(names) > 1 else ""
    return f"{'、'.join(listed)}{more}{tie}"
