"""The parts of 总览, 地区排名 and 差距分析, each drawn from frames that the page asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.components.html_table import Cell, show_rows
from pages.components.layout import Kpi, kpi_cards
from pages.components.links import page_url
from pages.components.results import View
from pages.components.tables import Col
from reporting.theme import number, percent, signed

GRADE_TONES = {"优秀": "excellent", "良好": "good", "合格": "pass", "不合格": "fail", "未提交": "none"}
URGENCY = {"high": "紧急", "medium": "关注"}
URGENCY_TONES = {"紧急": "fail", "关注": "pass"}
ENDS_SHOWN = 3


GRADE_COLUMNS = {
    "name": Col("地区", width=130),
    "grade_name": Col("等次", width=90),
    "units": Col("单位数", "count"),
    "share": Col("占比", "percent"),
}
UNIT_COLUMNS = {
    "name": Col("单位", width=250),
    "rank": Col("名次", "rank", help="在全省同类单位中的名次；同类单位过少时不排名"),
    "peers": Col("同类", "count", width=58),
    "score": Col("得分", "score"),
    "grade_name": Col("等次", width=72),
    "state_name": Col("状态", width=80),
    "region_name": Col("所在地区", width=110),
    "self_inflation": Col("自评偏差", "score"),
}


def region_columns(view: View, *, brief: bool = False, with_parent: bool = False) -> dict[str, Col]:
    """The columns of a table of regions; before the deadline without ranks and grades, which would still move."""
    columns = {
        "rank": Col("名次", "rank", width=60),
        "name": Col("地区", width=120),
        "score": Col("得分", "score"),
        "grade_name": Col("等次", width=72),
        "submission_rate": Col("提交率", "percent"),
        "low": Col("区间下限", "score", help="未提交、未核定的取值均按 0 计"),
        "high": Col("区间上限", "score", help="未提交、未核定的取值均按满分计"),
        "submitted": Col("已提交", "count"),
        "registered": Col("登记", "count"),
        "on_time_rate": Col("按时率", "percent"),
        "verified_share": Col("核定比例", "percent", help="已由考核部门核定的分值所占比重"),
        "self_inflation": Col("自评偏差", "score", help="自评得分减核定得分，均不含扣分、加分"),
    }
    if with_parent:
        columns |= {"parent_name": Col("所属", width=110)}
        columns = {k: columns[k] for k in ("rank", "name", "parent_name", *columns)}
    if brief:
        columns = {k: columns[k] for k in ("rank", "name", "score", "grade_name", "submission_rate")}
        if view.is_before_deadline:
            columns |= {
                "low": Col("区间下限", "score", help="未提交、未核定的取值均按 0 计"),
                "high": Col("区间上限", "score", help="未提交、未核定的取值均按满分计"),
            }
    if view.is_before_deadline:
        columns = {k: v for k, v in columns.items() if k not in ("rank", "grade_name")}
        columns["score"] = Col("目前得分", "score")
    return columns


def show_region_cards(view: View, counts: pd.DataFrame) -> None:
    """Submission, score, range, grades, verification and self-inflation of a region, in large numbers.

    `counts` is queries.grade_counts of the region.
    """
    summary, d = view.summary, view.decimals
    submitted = Kpi(
        "提交率",
        percent(summary["submission_rate"]),
        note=f"已提交 {summary['submitted']} / {summary['registered']} 家",
        help=view.timing,
    )
    score = Kpi(
        "目前得分" if view.is_before_deadline else "得分",
        number(summary["score"], d),
        unit="分",
        note=_against_last_year(view, summary) if not view.is_before_deadline else "截止前会变动",
        tone="plain" if view.is_before_deadline else summary["grade"] or "none",
    )
    bounds = Kpi(
        "得分可能区间",
        f"{number(summary['low'], min(d, 1))}–{number(summary['high'], min(d, 1))}",
        note="未提交、未核定按 0 至满分计",
    )
    on_time = Kpi("按时提交率", percent(summary["on_time_rate"]), note=f"按时 {summary['on_time']} 家")
    best = counts.iloc[0]
    grades = Kpi(
        f"{best['grade_name']}单位",
        f"{best['units']}",
        unit="家",
        note="　".join(f"{row.grade_name} {row.units}" for row in counts.iloc[1:].itertuples()),
    )
    verified = Kpi(
        "核定比例",
        percent(summary["verified_share"], 0),
        note=f"自评偏差 {_inflation(summary, d)}",
        help="已由考核部门核定的分值所占比重；自评偏差为自评得分减核定得分",
    )
    first = [submitted, bounds, score] if view.is_before_deadline else [score, submitted, on_time]
    last = [on_time, grades, verified] if view.is_before_deadline else [bounds, grades, verified]
    kpi_cards([*first, *last])


def _inflation(summary: Mapping[str, Any], decimals: int) -> str:
    value = summary["self_inflation"]
    return "—" if value is None else f"{signed(value, decimals)} 分"


def _against_last_year(view: View, summary: Mapping[str, Any]) -> str:
    previous = view.summary_before
    grade = summary["grade_name"] or "无等次"
    rank = f"　第 {summary['rank']} 位" if summary["rank"] is not None and view.region else ""
    if not previous or previous["score"] is None or summary["score"] is None:
        return f"{grade}{rank}"
    return f"{grade}{rank}　比上年 {signed(summary['score'] - previous['score'], view.decimals)}"


def show_ends(view: View, scores: pd.DataFrame) -> None:
    """The highest and the lowest regions, each leading to its own ranking."""
    ranked = scores[scores["rank"].notna()]
    shown = min(ENDS_SHOWN, len(ranked) // 2) or len(ranked)
    ends = pd.concat([ranked.head(shown), ranked.tail(shown)]).drop_duplicates("code")
    top = ["最高"] * shown + ["最低"] * (len(ends) - shown)
    rows = ends.assign(
        end=top,
        href=[
            page_url("ranking", row.name, **view.where | {"region": row.code}) for row in ends.itertuples()
        ],
        place=[f"第 {rank}" for rank in ends["rank"]],
    )
    show_rows(
        rows,
        {
            "end": Cell("", "badge", tones={"最高": "excellent", "最低": "fail"}, width="4.6em"),
            "place": Cell("名次", width="4.6em"),
            "name": Cell("地区", "link", href="href"),
            "score": Cell("得分", "number", decimals=view.decimals, width="5.5em"),
            "grade_name": Cell("等次", "badge", tones=GRADE_TONES, width="6em"),
            "submission_rate": Cell("提交率", "percent", decimals=1, width="5.5em"),
        },
    )


def show_attention(matters: pd.DataFrame) -> None:
    """What needs attention, most urgent first, each with the screen to go to."""
    rows = matters.assign(
        urgency=matters["level"].map(URGENCY),
        go="查看",
        href=[page_url(m.page, "查看", **m.params) for m in matters.itertuples()],
    )
    show_rows(
        rows,
        {
            "urgency": Cell("级别", "badge", tones=URGENCY_TONES, width="5em"),
            "text": Cell("事项"),
            "go": Cell("", "link", href="href", width="4em"),
        },
    )


def with_whole(shares: pd.DataFrame, counts: pd.DataFrame, *, name: str) -> pd.DataFrame:
    """queries.grade_shares with the whole region's queries.grade_counts as its first rows."""
    return pd.concat([counts.assign(code="", name=name), shares], ignore_index=True)
