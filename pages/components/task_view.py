"""One rectification task: what it asks, what was done about it, and the moves that the visitor may make."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from access.roles import ROLE_NAMES
from data import queries
from data.course.acting import HAND_OF_ROLE
from data.course.tasks import (
    TaskAnswer,
    answer_task,
    extend_task,
    pass_task,
    reject_task,
    reopen_task,
    task_hands,
    usual_deadline,
    withdraw_task,
)
from data.store import StoreError
from pages.components.access import ask, get_scheme, get_store, may, require
from pages.components.confirm import tell_once
from pages.components.filters import choose_option, set_param
from pages.components.html_table import Cell, show_rows
from pages.components.layout import badge, section, show_empty
from pages.components.links import plain
from pages.components.tasks_notices import offer_notices
from procedure.machine import Move
from procedure.machines import TASK
from scoring.scheme import SchemeError

TASK_PARAM = "task"
TONES = {"待整改": "pass", "待复查": "warn", "复查未通过": "fail", "已销号": "good", "已撤销": "none"}
LONGEST = 1000  # characters that the browser takes; the store holds the same bound
DONE = {
    "answer": "已报送整改情况，等待复查。",
    "pass": "复查通过，任务已销号。",
    "reject": "已退回单位重新整改。",
    "reopen": "已要求重新整改。",
    "extend": "已延长期限。",
    "withdraw": "已撤销任务。",
}


def show_task(task: str, *, cycle: int) -> None:
    """The task's facts, what may be done about it now, and its history."""
    st.button(":material/arrow_back: 返回任务列表", type="tertiary", key="back_to_tasks", on_click=set_param, args=(TASK_PARAM, None))  # fmt: skip
    found = ask(queries.tasks, cycle=cycle, today=date.today(), task=task)
    if found.empty:
        show_empty("没有这项任务", f"{cycle} 年度没有编号为 {task} 的整改任务，或者不在您的管辖范围。")
        return
    row = found.iloc[0].to_dict()
    left, right = st.columns([3, 2], gap="large")
    with left:
        _show_facts(row)
    with right:
        _show_moves(row, cycle=cycle)
        if may("rectify"):
            offer_notices(found, cycle=cycle, name=row["name"])
    _show_history(ask(queries.task_history, cycle=cycle, task=task))


def _show_facts(row: Mapping[str, Any]) -> None:
    section(f"{row['task']}　{row['title']}", row["source_name"])
    late = badge(f"逾期 {row['days_overdue']:.0f} 天", "fail") if row["is_overdue"] else ""
    st.html(
        f'<div class="aq-facts"><span>单位　<b>{escape(row["name"])}</b></span>'
        f"<span>所在地区　<b>{escape(row['region_path'].replace('/', ' › '))}</b></span>"
        f"<span>状态　{badge(row['state_name'], TONES[row['state_name']])} {late}</span></div>"
    )
    facts = {
        "发现的问题": row["found"],
        "依据": row["place"],
        "整改要求": row["required"],
        "应报证明材料": row["proof"],
        "整改期限": f"{row['deadline']:%Y-%m-%d}",
        "下达日期": f"{row['issued_on']:%Y-%m-%d}",
        "文号": row["document"],
    }
    rows = [{"what": what, "said": said} for what, said in facts.items() if said]
    show_rows(pd.DataFrame(rows), {"what": Cell("内容", width="9em"), "said": Cell("说明")})


def _show_moves(row: Mapping[str, Any], *, cycle: int) -> None:
    store = get_store()
    moves = TASK.moves_from(row["state"], hands=task_hands(store, row))
    allowed = {move.id: move for move in moves if may(_action(move))}
    section("办理", "" if allowed else "这项任务现在没有可以办理的事项")
    if not allowed:
        return
    order = sorted(allowed, key=["answer", "pass", "reject", "extend", "reopen", "withdraw"].index)
    chosen = choose_option("task_move", "办理事项", {id: allowed[id].name for id in order}, style="segments")
    move = allowed[chosen]
    given = _fields(move, row, cycle=cycle)
    if st.button(move.name, type="primary", key=f"do_{move.id}"):
        require(_action(move))
        try:
            _do(move.id, row["task"], cycle=cycle, **given)
        except StoreError as error:
            st.error(plain(str(error)), icon="⚠️")
            return
        tell_once(f"{row['task']}：{DONE[move.id]}")
        st.rerun()


def _action(move: Move) -> str:
    return "answer_tasks" if move.id == "answer" else "rectify"


def _fields(move: Move, row: Mapping[str, Any], *, cycle: int) -> dict[str, Any]:
    """What is typed for a move, by the names of its function's arguments."""
    key = f"{row['task']}_{move.id}_{row['rounds']}"
    given: dict[str, Any] = {}
    if "date" in move.needs:
        label = "完成日期" if move.id == "answer" else "复查日期"
        given["on_date"] = st.date_input(
            label, date.today(), format="YYYY-MM-DD", key=f"date_{key}", required=True
        )
    if move.id == "answer":
        given["measures"] = st.text_area("整改措施", key=f"measures_{key}", max_chars=LONGEST, help="写做了什么，不写个人姓名、电话和证件号码。")  # fmt: skip
        given["proof"] = st.text_area(
            "证明材料（名称、文号、日期）", key=f"proof_{key}", max_chars=LONGEST, height=80
        )
    if "deadline" in move.needs:
        given["deadline"] = st.date_input("新的期限", _next_deadline(cycle), format="YYYY-MM-DD", key=f"deadline_{key}", required=True)  # fmt: skip
    if "reason" in move.needs:
        given["reason"] = st.text_area("理由", key=f"reason_{key}", max_chars=LONGEST, height=80)
    if move.id == "pass":
        given["note"] = st.text_input("复查情况（可不填）", key=f"note_{key}", max_chars=LONGEST)
    return given


def _next_deadline(cycle: int) -> date:
    try:
        return usual_deadline(get_scheme(cycle), today=date.today())
    except SchemeError:
        return date.today()


def _do(move: str, task: str, *, cycle: int, **given: Any) -> None:
    store = get_store()
    if move == "answer":
        answer = TaskAnswer(task, given["on_date"], given["measures"], given["proof"])
        answer_task(store, cycle=cycle, answer=answer)
        return
    acts = {
        "pass": pass_task,
        "reject": reject_task,
        "reopen": reopen_task,
        "extend": extend_task,
        "withdraw": withdraw_task,
    }
    acts[move](store, cycle=cycle, task=task, **given)


def _show_history(history: pd.DataFrame) -> None:
    section("经过", "每一步都保留；只记哪一级办理")
    show_rows(
        history.assign(
            who=[HAND_OF_ROLE.get(role, ROLE_NAMES.get(role, "")) for role in history["role"]],
            said=[row["measures"] or row["note"] for row in history.to_dict("records")],
            file=[f"{row['filename']}（SHA-256 {row['sha256'][:12]}…）" if row["sha256"] else "" for row in history.to_dict("records")],
        ),
        {
            "recorded_at": Cell("时间", "time", width="10.5em"),
            "who": Cell("办理", width="6em"),
            "move_name": Cell("事项", width="8em"),
            "state_name": Cell("之后状态", "badge", tones=TONES, width="7em"),
            "on_date": Cell("日期", "date", width="7em", help="完成日期或复查日期"),
            "deadline": Cell("期限", "date", width="7em"),
            "said": Cell("整改措施或理由", below="file"),
            "answered_proof": Cell("证明材料", width="22%"),
        },
    )  # fmt: skip
