"""整改任务: the board, giving tasks out, and one task; which of them stands in the address."""

from __future__ import annotations

from pages.components.filters import choose_option, param
from pages.components.task_view import TASK_PARAM, show_task
from pages.components.tasks_board import show_board
from pages.components.tasks_issue import show_issuing

WAYS = {"board": "看板", "issue": "下达任务"}


def show_tasks(*, cycle: int) -> None:
    """One task where the address names one, else the board or the way to give tasks out."""
    if task := param(TASK_PARAM):
        show_task(task, cycle=cycle)
    elif choose_option("way_of_tasks", "整改任务", WAYS, style="segments") == "issue":
        show_issuing(cycle=cycle)
    else:
        show_board(cycle=cycle)
