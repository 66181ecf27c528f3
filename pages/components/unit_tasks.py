"""A unit's rectification tasks as a section of 单位详情 and of its own home."""

from __future__ import annotations

from datetime import date

import streamlit as st

from data import queries
from pages.components.access import ask, may
from pages.components.layout import section
from pages.components.links import page_link
from pages.components.tasks_answer import OPEN_STATES, show_task_rows


def show_unit_tasks(*, cycle: int, unit: str, only_open: bool = False) -> None:
    """The tasks with their deadlines and, for who may answer them, the way to; nothing where there are none."""
    tasks = ask(queries.tasks, cycle=cycle, today=date.today(), unit=unit)
    waiting = tasks[tasks["state"].isin(OPEN_STATES)]
    shown = tasks[~tasks["state"].isin(["done", "withdrawn"])] if only_open else tasks
    if shown.empty:
        return
    late = int(waiting["is_overdue"].sum())
    note = f"{len(waiting)} 项待报送" + (f"，其中 {late} 项已逾期" if late else "")
    section("整改任务", note if len(waiting) else "没有待报送的任务")
    show_task_rows(shown, cycle=cycle, part="tasks" if may("rectify") else "answer")
    if len(waiting) and may("answer_tasks"):
        with st.container(horizontal=True, key="unit_tasks"):
            page_link("rectification", "报送整改情况", icon=":material/assignment_turned_in:", cycle=cycle, part="answer", unit=unit)  # fmt: skip
