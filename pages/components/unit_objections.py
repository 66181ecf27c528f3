"""核定变动与异议: what evaluators changed of a unit's values, and the unit's one objection to each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from data import queries
from data.course.objections import file_objection, withdraw_objection
from pages.components.access import ask, get_store, may, require, who, whole_store
from pages.components.confirm import ask_first
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section
from pages.components.links import page_link

STATE_TONES = {
    "可以提出": "warn",
    "已过期限": "none",
    "已提出": "plain",
    "维持原核定": "fail",
    "异议成立": "good",
    "已撤回": "none",
}
COLUMNS = {
    "title": Cell("指标", below="place", width="15%"),
    "own": Cell("自评", below="na_reason", width="11%"),
    "ruled": Cell("核定", width="11%"),
    "stage_name": Cell("核定环节", below="ruled_on", width="7.5em"),
    "reason": Cell("核定理由", width="20%"),
    "state_name": Cell("异议", "badge", tones=STATE_TONES, width="7.5em"),
    "standing": Cell("期限与办理情况"),
}
FILE = {
    "indicator": "指标编号",
    "title": "指标",
    "place": "依据",
    "own": "自评",
    "ruled": "核定",
    "stage_name": "核定环节",
    "ruled_at": "核定时间",
    "reason": "核定理由",
    "state_name": "异议",
    "filed_at": "提出时间",
    "filed_reason": "异议理由",
    "moved_reason": "决定理由",
    "last_day": "最迟提出日期",
}


def show_changed_rulings(summary: Mapping[str, Any], *, cycle: int) -> None:
    """Each changed value with its reason and how far an objection is; for the unit the form to object."""
    unit = summary["code"]
    rows = ask(queries.changed_rulings, cycle=cycle, unit=unit, today=date.today())
    if rows.empty:
        return
    section("核定变动与异议", f"{len(rows)} 项核定与自评不同；对每一项可以在期限内提出一次异议，由上一级决定")
    show_rows(_as_shown(rows), COLUMNS, download=f"核定变动_{unit}", download_columns=FILE)
    if _acts_for(unit):
        _show_form(rows[rows["may_object"]], cycle=cycle, unit=unit)
        _show_withdrawal(rows[rows["state"] == "filed"], cycle=cycle)


def show_objection_line(*, cycle: int, unit: str) -> None:
    """One line where something may be objected to or waits for a decision, with the way there; else nothing."""
    rows = ask(queries.changed_rulings, cycle=cycle, unit=unit, today=date.today())
    n_open, n_filed = int(rows["may_object"].sum()), int((rows["state"] == "filed").sum())
    days = rows.loc[rows["may_object"], "last_day"].dropna()
    parts = []
    if n_open:
        until = f"，最早的 {min(days):%Y-%m-%d} 截止" if len(days) else ""
        parts.append(f"{n_open} 项核定与自评不同，可以提出异议{until}")
    if n_filed:
        parts.append(f"{n_filed} 项异议待上级决定")
    if parts:
        st.info("；".join(parts) + "。", icon=":material/rule:")
        page_link("unit", "查看核定变动、提出异议", icon=":material/arrow_forward:", cycle=cycle)


def _as_shown(rows: pd.DataFrame) -> pd.DataFrame:
    states = rows["state_name"].where(
        rows["state_name"].notna(), rows["may_object"].map({True: "可以提出", False: "已过期限"})
    )
    return rows.assign(state_name=states, ruled_on=[f"{at:%Y-%m-%d}" for at in rows["ruled_at"]])


def _acts_for(unit: str) -> bool:
    """Whether the visitor may act in the unit's matter: itself, or the administrator for a unit without an account."""
    if not may("object"):
        return False
    if who().unit:
        return who().unit == unit
    accounts = queries.accounts(whole_store(), role="unit", text=unit)
    return accounts[~accounts["is_disabled"]].empty


def _show_form(rows: pd.DataFrame, *, cycle: int, unit: str) -> None:
    if rows.empty:
        return
    names = dict(
        zip(rows["indicator"], rows["title"] + "（" + rows["own"] + " → " + rows["ruled"] + "）", strict=True)
    )
    with st.container(border=True, key="objection_form"):
        left, right = st.columns([2, 3], gap="large")
        with left:
            indicator = st.selectbox(
                "对哪一项提出异议", list(names), format_func=names.get, key="objection_indicator"
            )
            st.caption("每项一年只能提出一次，撤回后也不能再提。")
        with right:
            reason = st.text_area(
                "异议理由（必填）",
                key="objection_reason",
                placeholder="说明哪份材料、哪一段能够证明自评值；不要写个人姓名、身份证号",
            )
        ask_first(
            "提出异议",
            key="file_objection",
            icon=":material/gavel:",
            primary=True,
            title="提出异议",
            says=(
                f"对“{names[indicator]}”的核定提出异议，由作出核定的上一级决定。",
                "决定以前，仍按现在的核定计分。",
                f"理由：{reason.strip() or '（还没有填写）'}",
            ),
            yes="提出",
            act=partial(_file, cycle, unit, indicator, names[indicator], reason),
        )


def _file(cycle: int, unit: str, indicator: str, name: str, reason: str) -> str:
    require("object")
    file_objection(get_store(), cycle=cycle, unit=unit, indicator=indicator, reason=reason)
    return f"已对“{name}”提出异议，等待上级决定。"


def _show_withdrawal(rows: pd.DataFrame, *, cycle: int) -> None:
    if rows.empty:
        return
    with st.container(horizontal=True, key="objection_withdrawals"):
        for row in rows.to_dict("records"):
            ask_first(
                f"撤回异议：{row['title']}",
                key=f"withdraw_{row['indicator']}",
                icon=":material/undo:",
                title="撤回异议",
                says=(f"撤回对“{row['title']}”的异议；撤回后不能再次提出。",),
                yes="撤回",
                act=partial(_withdraw, cycle, row["objection"], row["title"]),
            )


def _withdraw(cycle: int, objection: str, title: str) -> str:
    require("object")
    withdraw_objection(get_store(), cycle=cycle, objection=objection)
    return f"已撤回对“{title}”的异议。"
