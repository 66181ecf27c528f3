"""报送整改情况: a unit's open tasks, the form to fill, the form taken in, or one task answered on the screen."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from data import queries
from data.course.answer_form import FORM_SHEET, build_answer_form
from data.course.answer_intake import AnswersTaken, take_in_answers
from data.problems import has_errors
from data.store import StoreError
from pages.components import state
from pages.components.access import ask, get_store, require, who
from pages.components.confirm import tell_once
from pages.components.downloads import show_file
from pages.components.filters import choose_region, choose_unit, param
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.links import plain
from pages.components.problem_table import show_problems
from pages.components.task_view import TASK_PARAM, show_task
from pages.components.tasks_board import STATE_TONES, with_links

MOST_MEGABYTES = 20
OPEN_STATES = ("issued", "rejected")
CELLS = {
    "task": Cell("编号", "link", href="href", width="8.5em"),
    "title": Cell("事项", below="found", width="26%"),
    "required": Cell("整改要求", below="proof"),
    "deadline": Cell("期限", "date", below="overdue_note", width="7em"),
    "state_name": Cell("状态", "badge", tones=STATE_TONES, width="7em"),
}


def show_answering(*, cycle: int) -> None:
    """One task where the address names one; else the unit's tasks, its form down, its form up."""
    if task := param(TASK_PARAM):
        show_task(task, cycle=cycle)
        return
    unit = who().unit
    if unit is None:
        with st.container(horizontal=True, vertical_alignment="bottom", key="answer_filters"):
            region = choose_region()
            unit = choose_unit(cycle=cycle, region=region)
    if unit is None:
        show_empty("先选一家单位", "单位自己登录后可以报送；代为录入的，请在上面选择单位。")
        return
    tasks = ask(queries.tasks, cycle=cycle, today=date.today(), unit=unit)
    if tasks.empty:
        show_empty("没有整改任务", "这里列出下达给单位的整改任务和期限。")
        return
    waiting = tasks[tasks["state"].isin(OPEN_STATES)]
    section("整改任务", "点编号可以逐项填写；也可以下载报告表，一次填完上传")
    show_task_rows(tasks, cycle=cycle, part="answer")
    left, right = st.columns(2, gap="large")
    with left:
        _offer_form(waiting, unit=unit, cycle=cycle)
    with right:
        taken = _take_form(unit=unit, cycle=cycle)
    if taken and taken.problems:
        is_refused = has_errors(taken.problems)
        section(
            "问题清单",
            "请按“改正办法”修改后重新上传；这份报告表一项也没有记入" if is_refused else "提醒，不影响报送",
        )
        show_problems(taken.problems, download="整改情况报告表问题清单")


def show_task_rows(tasks: pd.DataFrame, *, cycle: int, part: str) -> None:
    """Tasks as a table whose numbers lead to the task in a part of 整改督办."""
    show_rows(with_links(tasks, cycle=cycle, part=part), CELLS)


def _offer_form(waiting: pd.DataFrame, *, unit: str, cycle: int) -> None:
    section("下载整改情况报告表", "每行一项待整改的任务，填完成日期、整改措施、证明材料三列；没有完成的留空")
    if waiting.empty:
        st.caption("现在没有需要报送的任务。")
        return
    show_file(
        f"下载报告表（{len(waiting)} 项）",
        lambda: build_answer_form(waiting.to_dict("records")),
        f"{FORM_SHEET}_{cycle}_{unit}.xlsx",
        key="answer_form",
    )


def _take_form(*, unit: str, cycle: int) -> AnswersTaken | None:
    section("上传填好的报告表", "有一处错误就一项也不记入，全部问题一次列出")
    turn = state.recall("answer_form_turn", 0)
    upload = st.file_uploader(
        "填好的报告表", type=["xlsx"], key=f"answer_form_{unit}_{turn}", max_upload_size=MOST_MEGABYTES
    )
    if upload is None:
        return None
    if not st.button("报送", type="primary", icon=":material/send:", key="send_answers"):
        kept = state.recall("answers_taken")
        return kept[1] if kept and kept[0] == (unit, cycle, turn, upload.file_id) else None
    require("answer_tasks")
    try:
        taken = take_in_answers(
            get_store(),
            cycle=cycle,
            content=upload.getvalue(),
            filename=upload.name,
            today=date.today(),
            unit=unit,
        )
    except StoreError as error:
        st.error(plain(str(error)), icon="⚠️")
        return None
    if has_errors(taken.problems):
        state.keep("answers_taken", ((unit, cycle, turn, upload.file_id), taken))
        return taken
    tell_once(f"已报送 {len(taken.answers)} 项任务的整改情况，等待复查。文件 SHA-256：{taken.sha256[:12]}…")
    state.keep("answer_form_turn", turn + 1)
    st.rerun()
    return None
