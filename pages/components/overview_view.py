"""The parts of 总览, each asking for its own frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from data import queries
from pages.components.access import ask_years, get_scheme
from pages.components.charts import clicked, current_look, show_chart
from pages.components.folded import show_one_of
from pages.components.html_table import Cell, show_rows
from pages.components.layout import Kpi, kpi_cards, section
from pages.components.links import can_open, open_page, page_url, page_urls
from pages.components.region_columns import GRADE_COLUMNS, GRADE_TONES, show_region_table
from pages.components.results import LEVEL_NAMES, View
from pages.components.tables import show_table
from reporting.charts import draw_grade_shares, draw_submissions, draw_tile_map
from reporting.headlines import say_grades, say_submissions
from reporting.rows import rows_of
from reporting.theme import number, percent, signed

URGENCY = {"high": "紧急", "medium": "关注"}
URGENCY_TONES = {"紧急": "fail", "关注": "pass"}
ENDS_SHOWN = 3
KEEP = "\u2060"  # word joiner: no line break here


def show_cards(view: View) -> None:
    """Submission against the deadline, score, range, grades and verification, in large numbers."""
    summary, d = view.summary, view.decimals
    counts = view.ask(queries.grade_counts, region=view.region, basis=view.basis)
    is_open = view.is_before_deadline
    submitted = Kpi(
        "提交率",
        percent(summary["submission_rate"]),
        note=f"已提交 {summary['submitted']:,} / {summary['registered']:,} 家",
        help=view.timing,
    )
    deadline = Kpi(
        "按时提交率",
        percent(summary["on_time_rate"]),
        note=_kept(view.timing.split("，")[0].rsplit(" ", 1)[0], view.timing.split("，")[1]),
        help="截止时间前提交的单位占登记单位的比重",
    )
    score = Kpi(
        "目前得分" if is_open else "得分",
        number(summary["score"], d),
        unit="分",
        note="截止前会变动" if is_open else _standing(view, summary),
        tone="plain" if is_open else summary["grade"] or "none",
    )
    bounds = Kpi(
        "得分可能区间",
        f"{number(summary['low'], min(d, 1))}–{number(summary['high'], min(d, 1))}",
        note=_kept("未提交、未核定的", "按 0 至满分计"),
        help="下限：未提交、未核定的取值均按 0 计；上限：均按满分计",
    )
    best = counts.iloc[0]
    grades = Kpi(
        f"{best['grade_name']}单位",
        f"{best['units']:,}",
        unit="家",
        note=_kept(*(f"{row.grade_name} {row.units:,}" for row in rows_of(counts.iloc[1:]))),
    )
    verified = Kpi(
        "核定比例",
        percent(summary["verified_share"], 0),
        note=f"自评偏差 {_inflation(summary, d)}",
        help="已由考核部门核定的分值所占比重；自评偏差为自评得分减核定得分",
    )
    if is_open:
        kpi_cards([submitted, deadline, bounds, score, grades, verified])
    else:
        kpi_cards([score, submitted, deadline, grades, bounds, verified])


def show_tiles(view: View) -> None:
    """The tile map of the prefectures; a click leads to that prefecture's ranking."""
    is_open = view.is_before_deadline
    tiles = view.ask(queries.region_scores, level="prefecture", basis=view.basis)
    section(
        "各市（地）提交率" if is_open else "各市（地）得分与等次",
        "点击方块进入该市（地）；方块位置为示意，非地图",
    )
    code = clicked(
        draw_tile_map(
            tiles,
            look=current_look(),
            decimals=view.decimals,
            grades=get_scheme(view.cycle).grades,
            leads="submission_rate" if is_open else "score",
            chosen=view.region,
        ),
        key=f"overview_tiles_{view.key}",
        name=f"各市（地）方块图_{view.cycle}_{view.name}",
        alt="各市（地）方块图，数值见旁边的表",
    )
    if code:
        open_page("ranking", **view.where | {"region": code})


def show_regions(view: View, rows: pd.DataFrame) -> None:
    """The regions right below as a table; choosing one leads to its ranking."""
    section(f"{view.name}各{LEVEL_NAMES[view.rows]}", "选一行进入该地区的排名")
    code = show_region_table(view, rows, key="overview_regions", height=13)
    if code:
        open_page("ranking", **view.where | {"region": code})


def show_attention(view: View) -> None:
    """What needs attention, most urgent first, each with the screen to go to."""
    section("需要关注", view.own_note or "按紧急程度排列")
    matters = ask_years(queries.attention, cycle=view.cycle, region=view.unit_region)
    if matters.empty:
        st.caption("没有需要关注的事项。")
        return
    rows = matters.assign(
        urgency=matters["level"].map(URGENCY),
        go=["查看" if can_open(page) else "" for page in matters["page"]],
        href=[page_url(m.page, **m.params) for m in rows_of(matters)],
    )
    show_rows(
        rows,
        {
            "urgency": Cell("级别", "badge", tones=URGENCY_TONES, width="5em"),
            "text": Cell("事项"),
            "go": Cell("", "link", href="href", width="4em"),
        },
    )


def show_ends(view: View, rows: pd.DataFrame, extremes: str) -> None:
    """The highest and the lowest regions, each leading to its own ranking; before the deadline who is furthest behind."""
    if view.is_before_deadline:
        section("提交最慢的地区", "截止前得分仍会变动，不列首末")
        ends = rows.sort_values(["submission_rate", "code"]).head(2 * ENDS_SHOWN)
        shown = {
            "name": Cell("地区", "link", href="href"),
            "submission_rate": Cell("提交率", "percent", decimals=1, width="6em"),
            "submitted": Cell("已提交", "number", decimals=0, width="5em"),
            "registered": Cell("登记", "number", decimals=0, width="5em"),
        }
    else:
        section("首末地区", extremes)
        ranked = rows[rows["rank"].notna()]
        half = min(ENDS_SHOWN, (len(ranked) + 1) // 2)
        ends = pd.concat([ranked.head(half), ranked.iloc[half:].tail(ENDS_SHOWN)])
        ends = ends.assign(end=["最高"] * half + ["最低"] * (len(ends) - half))
        shown = {
            "end": Cell("", "badge", tones={"最高": "excellent", "最低": "fail"}, width="5em"),
            "rank": Cell("名次", "number", decimals=0),
            "name": Cell("地区", "link", href="href"),
            "score": Cell("得分", "number", decimals=view.decimals),
            "grade_name": Cell("等次", "badge", tones=GRADE_TONES),
            "submission_rate": Cell("提交率", "percent", decimals=1),
        }
    links = page_urls("ranking", ends["code"], last="region", **view.where)
    show_rows(ends.assign(href=links), shown)


def show_grades(view: View) -> None:
    """How the units spread over the grades, the whole first, then region by region."""
    counts = view.ask(queries.grade_counts, region=view.region, basis=view.basis)
    shares = view.ask_rows(queries.grade_shares, basis=view.basis)
    shares = pd.concat([counts.assign(code="", name=view.name), shares[shares["share"].notna()]])
    section("等次分布", say_grades(counts, name=view.name))
    file = f"等次分布_{view.cycle}_{view.name}"
    show_one_of(
        {
            "图": lambda: show_chart(
                draw_grade_shares(shares, look=current_look()), key=f"overview_grades_{view.key}", name=file
            ),
            "表": lambda: show_table(
                shares, GRADE_COLUMNS, key=f"overview_grades_table_{view.key}", download=file
            ),
        },
        key="overview_grades",
    )


def show_progress(view: View) -> None:
    """How the workbooks came in against the deadline."""
    section("提交进度", f"{say_submissions(view.summary, name=view.name)}。{view.timing}")
    if view.own_note:
        st.caption(f"图中{view.own_note}。")
    days = view.ask(queries.submission_days, region=view.unit_region)
    registered = view.ask(queries.region_summary, region=view.unit_region, basis=view.basis)["registered"]
    show_chart(
        draw_submissions(days, registered=registered, deadline=view.deadline, look=current_look()),
        key=f"overview_progress_{view.key}",
        name=f"提交进度_{view.cycle}_{view.name}",
    )


def _standing(view: View, summary: Mapping[str, Any]) -> str:
    grade = summary["grade_name"] or "无等次"
    return f"{grade}　全省第 {summary['rank']} 位" if view.region and summary["rank"] else grade


def _inflation(summary: Mapping[str, Any], decimals: int) -> str:
    value = summary["self_inflation"]
    return "—" if value is None else f"{signed(value, decimals)} 分"


def _kept(*parts: str) -> str:
    """The parts with spaces between them, each kept on one line."""
    return "　".join(KEEP.join(part).replace(" ", "\u00a0") for part in parts)
