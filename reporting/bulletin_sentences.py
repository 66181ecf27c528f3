"""What a 通报 says about scores, ranks, moves and gaps: whole sentences, every number of them out of the screens' frames.

Each `say_*` returns sentences that end with 。, or "" where there is nothing to say. Scores have the cycle's decimals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from reporting.notices import chinese_day
from reporting.rows import rows_of
from reporting.theme import is_missing, number, percent, signed
from scoring.rounding import round_all_half_up, round_half_up

PLACES = 3  # the first and the last so many places are named
NAMES_LISTED = 5
ALL_LISTED = 6  # so few regions are all named in their order
CAUSES_SAID = 3  # so many regions each way are said with what moved them
GAPS_SAID = 3

_SPACE = re.compile(r"(?<=[^\x00-\x7f]) (?=[\d−+])|(?<=[\d%]) (?=[^\x00-\x7f])")


def as_sentence(text: str) -> str:
    """A headline of a screen as a sentence of a paper: without the spaces around its numbers, with its full stop."""
    text = _SPACE.sub("", text)
    return f"{text.removesuffix('。')}。" if text else ""


def points(value: Any, decimals: int) -> str:
    """An exact value in points, rounded half up, or a dash."""
    return number(value if is_missing(value) else round_half_up(value, decimals), decimals)


def moment_said(moment: datetime) -> str:
    """2026年10月31日23时59分."""
    return f"{chinese_day(moment.date())}{moment.hour}时{moment.minute:02d}分"


def say_handed_in(
    summary: Mapping[str, Any], *, name: str, deadline: datetime, is_open: bool, day: date
) -> str:
    """How many workbooks came in, on time, late, not at all (queries.region_summary), and against which deadline."""
    late = summary["submitted"] - summary["on_time"]
    missing = summary["registered"] - summary["submitted"]
    text = (
        f"{name}登记单位{summary['registered']}家，已提交自评表{summary['submitted']}家，"
        f"提交率{percent(summary['submission_rate'])}"
    )
    if is_open:
        days = (deadline.date() - day).days
        left = f"距填报截止还有{days}天" if days else "今日截止"
        return f"{text}；未提交{missing}家。填报截止时间为{moment_said(deadline)}，{left}。"
    return (
        f"{text}；其中按时提交{summary['on_time']}家，按时提交率{percent(summary['on_time_rate'])}，"
        f"逾期提交{late}家；未提交{missing}家。填报截止时间为{moment_said(deadline)}。"
    )


def say_result(
    summary: Mapping[str, Any],
    *,
    name: str,
    decimals: int,
    before: Mapping[str, Any] | None = None,
    year: int | None = None,
    decimals_of_years: int | None = None,
    among: str = "",
) -> str:
    """The region's score and grade, its place `among` its like where it has one, and against the year before, in
    `decimals_of_years` where that year was published with more."""
    if is_missing(summary.get("score")):
        return f"{name}还没有得分。"
    text = f"{name}得分{number(summary['score'], decimals)}分，等次为{summary['grade_name']}"
    if among and not is_missing(summary.get("rank")):
        text += f"，在{among}中列第{summary['rank']}位"
    if before and not is_missing(before.get("score")):
        finer = decimals if decimals_of_years is None else decimals_of_years
        change = round_half_up(summary["score"] - before["score"], finer)
        how = (
            f"比{year}年度{'提高' if change > 0 else '下降'}{number(abs(change), finer)}分"
            if change
            else f"与{year}年度持平"
        )
        text += f"，{how}"
    return f"{text}。"


def say_systems(systems: Sequence[Mapping[str, Any]], *, decimals: int) -> str:
    """The score under each responsibility system alone: rows of name, weight and score."""
    parts = [
        f"{row['name']}（权重{percent(row['weight'], 0)}）{number(row['score'], decimals)}分"
        for row in systems
        if not is_missing(row["score"])
    ]
    return f"按责任制分别计算，{'，'.join(parts)}。" if parts else ""


def say_unit_grades(counts: pd.DataFrame) -> str:
    """How many units have each grade and how many handed in nothing (queries.grade_counts)."""
    parts = "，".join(f"{row.grade_name}{row.units}家、占{percent(row.share)}" for row in rows_of(counts))
    return f"{counts['units'].sum()}家登记单位中，{parts}。"


def say_region_grades(regions: pd.DataFrame, *, level: str, grades: Sequence[str]) -> str:
    """How many of the compared regions have each grade, the best first; `grades` are the scheme's, by name."""
    counts = regions["grade_name"].value_counts()
    parts = "、".join(f"{grade}{counts[grade]}个" for grade in grades if grade in counts)
    return f"{counts.sum()}个有得分的{level}中，{parts}。" if parts else ""


def say_order(regions: pd.DataFrame, *, decimals: int) -> str:
    """Who stands first and last with rank and score, ties said as 并列; few regions all in their order."""
    ranked = regions[regions["rank"].notna()].sort_values(["rank", "code"])
    if ranked.empty:
        return ""
    if len(ranked) <= ALL_LISTED:
        return f"得分由高到低：{_places(ranked, decimals)}。"
    # ranks count over the province: the first of a prefecture's counties need not be its first
    first = ranked[ranked["rank"] <= ranked["rank"].iloc[PLACES - 1]]
    last = ranked[ranked["rank"] >= ranked["rank"].iloc[-PLACES]]
    apart = round_half_up(ranked["score"].max() - ranked["score"].min(), decimals)
    return (
        f"居前的是：{_places(first, decimals)}。居后的是：{_places(last, decimals)}。"
        f"得分最高与最低相差{number(apart, decimals)}分。"
    )


def say_against(regions: pd.DataFrame, *, name: str, score: float, decimals: int) -> str:
    """How many of the regions stand above and below the score of the whole."""
    known = regions.loc[regions["score"].notna(), "score"]
    if len(known) < 2 or is_missing(score):
        return ""
    above, below = int((known > score).sum()), int((known < score).sum())
    same = len(known) - above - below
    text = f"得分高于{name}（{number(score, decimals)}分）的{above}个，低于的{below}个"
    return f"{text}，持平的{same}个。" if same else f"{text}。"


def say_unranked(regions: pd.DataFrame) -> str:
    """Who has no score and so no rank."""
    names = regions.loc[regions["rank"].isna(), "name"]
    return f"{_listed(names)}没有得分，不排名次。" if len(names) else ""


def say_progress(regions: pd.DataFrame, *, level: str, name: str, rate: float) -> str:
    """Before the deadline: how many regions are complete, above and below the whole's rate, and where nothing came in."""
    rates = regions["submission_rate"]
    text = (
        f"{len(regions)}个{level}中，提交率达到100.0%的{int((rates == 1).sum())}个，"
        f"高于{name}（{percent(rate)}）的{int((rates > rate).sum())}个，低于的{int((rates < rate).sum())}个。"
    )
    none = regions.loc[regions["submitted"] == 0, "name"]
    return text + (f"{_listed(none)}尚无单位提交。" if len(none) else "")


def say_moved(moves: pd.DataFrame, *, years: tuple[int, int], decimals: int) -> list[str]:
    """Two paragraphs: who rose most and who fell most, from which score to which, and which causes moved it most (queries.region_moves)."""
    known = moves[moves["moved"].notna()]
    texts = []
    for rows, how in (
        (known[known["moved"] > 0].nlargest(CAUSES_SAID, "moved"), "上升"),
        (known[known["moved"] < 0].nsmallest(CAUSES_SAID, "moved"), "下降"),
    ):
        parts = []
        for row in rows.to_dict("records"):
            part = (
                f"{row['name']}由{years[0]}年度的{number(row['score_before'], decimals)}分{how}到"
                f"{number(row['score_now'], decimals)}分"
            )
            if not is_missing(row["rank_before"]) and not is_missing(row["rank_now"]):
                part += f"（{_from_place_to(row['rank_before'], row['rank_now'])}）"
            if row["causes"]:
                part += f"，使其得分变动最多的是{row['causes']}"
            parts.append(part)
        if parts:
            texts.append(f"{how}较多的：{'；'.join(parts)}。")
    return texts


def _from_place_to(before: float, now: float) -> str:
    return f"均为第{now:.0f}位" if before == now else f"第{before:.0f}位到第{now:.0f}位"


def say_gaps(gaps: pd.DataFrame, *, name: str, decimals: int) -> str:
    """The costliest indicators with their place in the regulation, their points and how many units fall short in them."""
    rows = gaps[gaps["gap"] > 0].head(GAPS_SAID)
    if rows.empty:
        return ""
    parts = [
        f"{row.label}（{row.place}）失{points(row.gap, decimals)}分，有此项义务的{row.units:.0f}家已提交单位中"
        f"{row.units_short:.0f}家未得满分"
        for row in rows_of(rows)
    ]
    return f"使{name}失分最多的指标：{'；'.join(parts)}。"


def say_commonest(gaps: pd.DataFrame) -> str:
    """Which indicators the largest share of the units that have them falls short in."""
    rows = gaps[gaps["units_short"] > 0]
    if rows.empty:
        return ""
    rows = rows.assign(share=rows["units_short"] / rows["units"])
    rows = rows.sort_values(["share", "units_short", "key"], ascending=[False, False, True]).head(GAPS_SAID)
    parts = "；".join(
        f"{row.label}（{row.place}）{row.units:.0f}家中{row.units_short:.0f}家，占{percent(row.share)}"
        for row in rows_of(rows)
    )
    return f"未得满分的单位所占比例最高的指标：{parts}。"


def say_dimensions(dimensions: pd.DataFrame) -> str:
    """The highest and the lowest attainments by dimension (queries.region_dimensions)."""
    known = dimensions[dimensions["attainment"].notna()].sort_values("attainment", ascending=False)
    if len(known) < 2:
        return ""
    best, worst = known.iloc[0], known.iloc[-1]
    return (
        f"从考核维度看，得分率最高的是{best['dimension_name']}（{percent(best['attainment'])}），"
        f"最低的是{worst['dimension_name']}（{percent(worst['attainment'])}）。"
    )


def say_inflation(summary: Mapping[str, Any], *, name: str, decimals: int) -> str:
    """Self-assessment against verified, both before deductions and bonuses, and how much of the points was verified."""
    if is_missing(summary.get("self_score")):
        return ""
    return (
        f"{name}自评得分{number(summary['self_score'], decimals)}分，自评偏差"
        f"{signed(summary['self_inflation'], decimals)}分（自评减核定，均不含扣分、加分）；"
        f"按分值计，已由考核部门核定{percent(summary['verified_share'], 0)}。"
    )


def say_inflated_units(units: pd.DataFrame, *, decimals: int) -> str:
    """How many units assessed themselves higher, lower or as verified, and the largest difference (queries.unit_marks)."""
    known = units[units["self_inflation"].notna() & units["score"].notna()]
    if known.empty:
        return ""
    exact = known["self_inflation"].to_numpy(float)
    off = np.sign(exact) * round_all_half_up(np.abs(exact), decimals)  # halves away from zero
    text = (
        f"{len(known)}家有得分的单位中，自评高于核定的{int((off > 0).sum())}家，"
        f"低于核定的{int((off < 0).sum())}家，相符的{int((off == 0).sum())}家"
    )
    return f"{text}；偏差最大的高出{number(off.max(), decimals)}分。" if off.max() > 0 else f"{text}。"


def _places(rows: pd.DataFrame, decimals: int) -> str:
    parts = []
    for rank, same in rows.groupby("rank", sort=True):
        tie = "并列" if len(same) > 1 else ""
        score = number(same["score"].iloc[0], decimals)
        parts.append(f"{_listed(same['name'])}{tie}第{rank:.0f}位（{score}分）")
    return "，".join(parts)


def _listed(names: pd.Series) -> str:
    more = f"等{len(names)}地" if len(names) > NAMES_LISTED else ""
    return "、".join(names.head(NAMES_LISTED)) + more
