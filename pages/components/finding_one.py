"""One finding: its course as a line of steps, what it does to the score, and the next step that may be taken."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from data import queries
from data.course.acting import hands_over
from data.course.findings import POSITIONS, Given, machine_of, move_finding
from pages.components.access import ask, get_scheme, get_store, require
from pages.components.confirm import ask_first
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.links import page_link
from procedure.machine import NEED_NAMES, Machine, Move
from reporting.rows import rows_of

STEPS = {
    "move_name": Cell("步骤", below="hand_said", width="30%"),
    "step_on": Cell("日期", "date", width="7.5em"),
    "step_document": Cell("文号", below="reason"),
    "deadline": Cell("期限", "date", width="7.5em"),
}
FILE = {
    "move_name": "步骤",
    "state_name": "状态",
    "step_on": "日期",
    "step_document": "文号",
    "deadline": "期限",
    "reason": "理由",
    "addressee": "对象",
    "hand": "由谁登记",
    "recorded_at": "登记时间",
}


def show_finding(*, cycle: int, key: str) -> None:
    """The finding that the address names, for whoever may see its unit."""
    page_link("rectification", "返回登记册", icon=":material/arrow_back:", cycle=cycle, part="findings")
    rows = ask(queries.findings, cycle=cycle, key=key, today=date.today())
    if rows.empty:
        show_empty("没有这一项认定事项", "它可能属于其他年度，或者单位不在您的管辖范围。")
        return
    row = rows.iloc[0].to_dict()
    steps = ask(queries.finding_steps, cycle=cycle, key=key)
    machine = machine_of(get_scheme(cycle), row["finding"])
    hands = hands_over(get_store(), region=row["region"], unit=row["unit"])
    moves = machine.moves_from(row["state"], hands=hands)
    section(f"{row['unit_name']}：{row['finding_name']}", f"{row['place']}　{machine.name}")
    _show_facts(row)
    _show_effect(row, cycle=cycle)
    _show_course(steps, moves)
    left, right = st.columns([2, 3], gap="large")
    with left:
        _show_move(row, machine, moves, cycle=cycle)
    with right:
        section("办理过程")
        hands_said = [
            f"{step.hand or '由系统'}登记 {step.recorded_at:%Y-%m-%d %H:%M}" for step in rows_of(steps)
        ]
        show_rows(
            steps.assign(hand_said=hands_said),
            STEPS,
            download=f"办理过程_{key}",
            download_columns=FILE,
        )
        page_link("unit", "查看该单位得分", icon=":material/apartment:", cycle=cycle, unit=row["unit"])


def _show_facts(row: dict[str, Any]) -> None:
    deadline = "" if row["deadline"] is pd.NaT else f"{row['deadline']:%Y-%m-%d}"
    if deadline and row["days_left"] == row["days_left"]:
        days = int(row["days_left"])
        deadline += f"（还有 {days} 天）" if days >= 0 else f"（已过 {-days} 天）"
    facts = {
        "类型": row["kind_name"],
        "状态": row["state_name"],
        "文号": row["document"],
        "认定日期": f"{row['on_date']:%Y-%m-%d}",
        "改正期限": deadline,
        "责令内容": row["ordered"],
        "对象": row["addressee"],
        "对应指标": row["indicator_title"],
        "说明": row["note"],
        "地区": (row["region_path"] or "").replace("/", " › "),
    }
    line = "".join(
        f"<span>{escape(name)}　<b>{escape(text)}</b></span>"
        for name, text in facts.items()
        if isinstance(text, str) and text
    )
    st.html(f'<div class="aq-facts">{line}</div>')


def _show_effect(row: dict[str, Any], *, cycle: int) -> None:
    """The rule that changed the score, with the score before and after it."""
    effect = ask(queries.finding_effect, cycle=cycle, key=row["key"])
    if not row["is_standing"]:
        st.html('<div class="aq-sum">已撤销，不影响得分。</div>')
        return
    if not effect:
        st.html('<div class="aq-sum">该单位现在没有得分。</div>')
        return
    worth = "一票否决" if row["kind"] == "veto" else f"{row['kind_name']} {row['applied']:g} 分"
    if row["kind"] == "deduction" and row["factor"] != 1:
        words = [w for w, holds in (("逾期", row["is_overdue"]), ("从重", row["is_aggravated"])) if holds]
        worth += f"（方案 {row['points']:g} 分 × {row['factor']:g}，{'、'.join(words)}）"
    st.html(
        f'<div class="aq-sum"><b>{effect["before"]:.2f} → {effect["after"]:.2f}</b>：'
        f"{escape(row['place'])}，{escape(worth)}（{escape(row['document'])}）</div>"
    )


def _show_course(steps: pd.DataFrame, moves: tuple[Move, ...]) -> None:
    """What was done, dated, and what may come next."""
    done = "".join(
        f'<li class="aq-done"><b>{escape(step.move_name)}</b><span>{step.step_on:%Y-%m-%d}</span>'
        f"<small>{escape(step.step_document or '')}</small></li>"
        for step in rows_of(steps)
    )
    ways = "、".join(move.name for move in moves)
    after = f'<li class="aq-next"><b>下一步</b><span>{escape(ways)}</span></li>' if ways else ""
    st.html(f'<ol class="aq-course">{done}{after}</ol>')


def _show_move(row: dict[str, Any], machine: Machine, moves: tuple[Move, ...], *, cycle: int) -> None:
    section("办理下一步")
    if not moves:
        st.caption("已经办结，没有下一步。")
        return
    key = f"move_{row['key']}"
    names = {move.id: move.name for move in moves}
    likely = "lapse" if row["is_past"] else "correct"
    id = st.radio(
        "步骤",
        list(names),
        index=list(names).index(likely) if likely in names else 0,
        format_func=names.get,
        horizontal=True,
        key=f"{key}_{row['state']}",
    )
    move = machine.move(id)
    st.caption(f"须写明：{'、'.join(NEED_NAMES[need] for need in move.needs)}")
    given = _choose_given(row, move, key=f"{key}_{id}")
    ask_first(
        move.name,
        key=f"{key}_{id}_go",
        icon=":material/arrow_forward:",
        primary=id != "revoke",
        title=f"{row['unit_name']}：{move.name}",
        says=_says(row, machine, move, given),
        yes=move.name,
        act=partial(_move, cycle, row["key"], row["unit_name"], move, given),
    )


def _choose_given(row: dict[str, Any], move: Move, *, key: str) -> Given:
    fields: dict[str, Any] = {}
    if "date" in move.needs or move.id == "extend":
        fields["on_date"] = st.date_input(
            "日期", value=date.today(), max_value=date.today(), format="YYYY-MM-DD", key=f"{key}_on"
        )
    if "deadline" in move.needs:
        now = None if row["deadline"] is pd.NaT else row["deadline"].date()
        fields["deadline"] = st.date_input(
            "新的期限",
            value=None,
            min_value=now + timedelta(days=1) if now else None,
            format="YYYY-MM-DD",
            key=f"{key}_until",
        )
    if "document" in move.needs:
        fields["document"] = st.text_input("文号", key=f"{key}_document", placeholder="××〔2026〕×号")
    if "reason" in move.needs:
        fields["reason"] = st.text_input("理由", key=f"{key}_reason", placeholder="不要写个人姓名")
    if move.id == "interview":
        fields["addressee"] = st.selectbox(
            "约谈对象（职务）",
            ["", *POSITIONS],
            format_func=lambda position: position or "不指明",
            key=f"{key}_addressee",
        )
    return Given(**fields)


def _says(row: dict[str, Any], machine: Machine, move: Move, given: Given) -> list[str]:
    state = next(s for s in machine.states if s.id == (move.target or row["state"]))
    says = [f"{row['finding_name']}：{row['state_name']} → {state.name}。"]
    if state.note:
        says.append(f"{state.note}。")
    late = row["deadline"] is not pd.NaT and given.on_date and given.on_date > row["deadline"].date()
    if move.id == "correct" and late:
        says.append(f"改正日期在期限 {row['deadline']:%Y-%m-%d} 以后：记为“逾期后改正”，扣分乘逾期倍数。")
    if given.deadline:
        says.append(f"新的期限 {given.deadline}。")
    said = [given.document.strip(), given.reason.strip(), given.addressee]
    told = "；".join(text for text in said if text)
    return [*says, f"日期 {given.on_date}" + (f"；{told}" if told else "") + "。"]


def _move(cycle: int, key: str, name: str, move: Move, given: Given) -> str:
    require("record_findings")
    state = move_finding(get_store(), cycle=cycle, key=key, move=move.id, given=given)
    late = "（期限已过，记为逾期后改正）" if move.id == "correct" and state == "corrected_late" else ""
    return f"已登记：{name}，{move.name}{late}。"
