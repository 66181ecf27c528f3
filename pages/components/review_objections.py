"""异议: which objections wait for whom and since when, and the decision on one of them."""

from __future__ import annotations

from datetime import date
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from data import queries
from data.course.acting import own_stage
from data.course.objections import decide_objection
from data.course.ruled_value import FIELDS
from data.layout import is_percent
from pages.components.access import ask, get_scheme, get_store, require
from pages.components.confirm import ask_first
from pages.components.filters import choose_option, choose_region
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.links import page_link, plain
from pages.components.paging import PAGE, rows_of_page, show_pages
from pages.components.ruled_value import choose_ruled_value, say_ruled_value
from scoring.scheme import Indicator

PAGE_ROWS = 30
WHICH = {"mine": "待我决定", "filed": "全部待决定", "done": "已办结"}
STATE_TONES = {"已提出": "warn", "维持原核定": "fail", "异议成立": "good", "已撤回": "none"}
MOVES = {"uphold": "维持原核定", "grant": "采纳，另作核定"}
COLUMNS = {
    "unit_name": Cell("单位", below="region_path", width="15%"),
    "title": Cell("指标", below="place", width="13%"),
    "own": Cell("自评", width="9%"),
    "ruled": Cell("核定", below="stage_name", width="9%"),
    "ruled_reason": Cell("核定理由", width="15%"),
    "filed_reason": Cell("异议理由"),
    "state_name": Cell("状态", "badge", tones=STATE_TONES, width="6.8em"),
    "decider_name": Cell("由谁决定", width="5.5em", help="作出核定的上一级；省级核定的由省级复议"),
    "waiting_days": Cell("已等（天）", "number", decimals=0, width="6em"),
}
DONE_COLUMNS = {
    **{name: cell for name, cell in COLUMNS.items() if name not in ("decider_name", "waiting_days")},
    "moved_reason": Cell("决定理由", below="moved_on", width="15%"),
}
FILE = {
    "unit": "统一社会信用代码",
    "unit_name": "单位",
    "region_path": "地区",
    "indicator": "指标编号",
    "title": "指标",
    "place": "依据",
    "own": "自评",
    "ruled": "核定",
    "stage_name": "核定环节",
    "ruled_reason": "核定理由",
    "filed_at": "提出时间",
    "filed_reason": "异议理由",
    "state_name": "状态",
    "decider_name": "由谁决定",
    "waiting_days": "已等（天）",
    "now": "现在的核定",
    "moved_at": "最近办理时间",
    "moved_reason": "决定理由",
}


def show_objections(*, cycle: int) -> None:
    """The objections in the visitor's scope, those to be decided first, and the form to decide one."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="objection_filters"):
        which = choose_option("which", "异议", WHICH, style="segments", clears=PAGE)
        region = choose_region()
    rows = ask(
        queries.objections, cycle=cycle, region=region, stage=own_stage(get_store()), today=date.today()
    )
    section("异议", _headline(rows))
    shown = {
        "mine": rows[rows["is_mine"]],
        "filed": rows[rows["state"] == "filed"],
        "done": rows[rows["state"] != "filed"],
    }[which]
    if shown.empty:
        show_empty("没有这样的异议", "单位对被调整的核定提出异议后，在这里由作出核定的上一级决定。")
        return
    on_page, page = rows_of_page(shown, size=PAGE_ROWS)
    on_page = on_page.assign(moved_on=[f"{at:%Y-%m-%d}" for at in on_page["moved_at"]])
    show_rows(
        on_page,
        DONE_COLUMNS if which == "done" else COLUMNS,
        download=f"异议_{cycle}",
        download_columns=FILE,
    )
    show_pages(page, len(shown), size=PAGE_ROWS)
    if which != "done":
        _show_decision(on_page[on_page["is_mine"]], cycle=cycle)


def _headline(rows: pd.DataFrame) -> str:
    filed = rows[rows["state"] == "filed"]
    if filed.empty:
        return f"没有待决定的异议；已办结 {len(rows):,} 件"
    longest = int(filed["waiting_days"].max())
    return (
        f"待决定 {len(filed):,} 件，其中应由本级决定 {int(rows['is_mine'].sum()):,} 件；最久的已等 {longest} 天；"
        f"已办结 {len(rows) - len(filed):,} 件"
    )


def _show_decision(rows: pd.DataFrame, *, cycle: int) -> None:
    if rows.empty:
        return
    section("决定", "维持须写明理由；采纳须写明新的核定值和理由，决定后立即计入得分")
    names = dict(zip(rows["objection"], rows["unit_name"] + "：" + rows["title"], strict=True))
    chosen = choose_option("objection", "要决定的异议", names, width="stretch")
    row = rows[rows["objection"] == chosen].iloc[0].to_dict()
    row = {
        name: None if value is None or value is pd.NaT or value != value else value
        for name, value in row.items()
    }
    left, right = st.columns([3, 2], gap="large")
    with left:
        _show_facts(row)
        page_link("unit", "查看该单位全部指标", icon=":material/apartment:", cycle=cycle, unit=row["unit"])
    with right, st.container(border=True, key="objection_decision"):
        _show_form(row, cycle=cycle)


def _show_facts(row: dict[str, Any]) -> None:
    """What was claimed, ruled and said, one line each; first of all what happened since the objection was made."""
    if row["is_handed_in_since"]:
        st.warning("提出异议以后，单位另交了一份自评表；决定只影响最新的一份。", icon="⚠️")
    if row["is_ruled_since"]:
        text = (
            f"提出异议以后，{row['now_stage_name']}又核定为“{row['now']}”：{row['now_reason']}"
            if row["now_seq"] is not None
            else "提出异议时的核定已不再有效，现在按自评值计分"
        )
        st.warning(plain(text), icon="⚠️")
    lines = {
        "指标": f"{row['title']}（{row['place']}）：{row['question']}",
        "自评": row["own"] or "未填",
        "不适用理由": row["na_reason"],
        "佐证材料": row["evidence"],
        f"{row['stage_name']}核定": f"{row['ruled']}（{row['ruled_at']:%Y-%m-%d}）：{row['ruled_reason']}",
        "异议理由": f"{row['filed_reason']}（{row['filed_at']:%Y-%m-%d}）",
    }
    body = "".join(
        f"<tr><td><b>{escape(name)}</b></td><td>{escape(text)}</td></tr>"
        for name, text in lines.items()
        if text
    )
    st.html(f'<div class="aq-scroll"><table class="aq-table"><tbody>{body}</tbody></table></div>')


def _show_form(row: dict[str, Any], *, cycle: int) -> None:
    indicator = get_scheme(cycle).by_id[row["indicator"]]
    key = f"decide_{row['objection']}"
    move = st.radio("决定", list(MOVES), format_func=MOVES.get, horizontal=True, key=f"{key}_move")
    value: dict[str, Any] = {}
    if move == "grant":
        now = {field: row[field] for field in FIELDS}
        value = choose_ruled_value(
            indicator, cycle=cycle, key=key, now=now, may_be_na=row["own_state"] == "na"
        )
    reason = st.text_area("决定理由（必填）", key=f"{key}_reason", placeholder="单位会看到这条理由")
    ask_first(
        "作出决定",
        key=key,
        icon=":material/gavel:",
        primary=True,
        title=f"{row['unit_name']}：{row['title']}",
        says=(
            f"{MOVES[move]}；单位不能再次提出异议。",
            *_say_grant(row, value, indicator),
            f"理由：{reason.strip() or '（还没有填写）'}",
        ),
        yes="决定",
        act=partial(_decide, cycle, row, move, reason, value),
    )


def _say_grant(row: dict[str, Any], value: dict[str, Any], indicator: Indicator) -> tuple[str, ...]:
    """What granting does, in sentences; none where nothing is granted."""
    if not value:
        return ()
    new = say_ruled_value(value, is_percent=is_percent(indicator)) or "（还没有填写）"
    return (
        f"核定值：{row['now'] or row['own'] or '未填'} → {new}。",
        "新的核定值立即计入得分，名次、等次随之重算。",
    )


def _decide(cycle: int, row: dict[str, Any], move: str, reason: str, value: dict[str, Any]) -> str:
    require("decide_objections")
    ruling = row["now_seq"]
    decide_objection(
        get_store(),
        cycle=cycle,
        objection=row["objection"],
        move=move,
        reason=reason,
        ruling=None if ruling is None else int(ruling),
        **value,
    )
    return f"已决定：{row['unit_name']}“{row['title']}”，{MOVES[move]}。"
