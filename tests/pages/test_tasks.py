"""整改任务 on the screens: given out in bulk, answered by the unit, re-checked, seen at home."""

from __future__ import annotations

from datetime import date

import pytest

from data import queries
from data.course.tasks import NewTask, TaskAnswer, answer_task, issue_tasks
from pages.components.access import whole_store
from tests.pages.conftest import CYCLE, html_of
from tests.pages.test_permissions import add_account


def button(app, label: str):
    return next(each for each in app.button if each.label.startswith(label))


def issue_one(unit: str) -> str:
    (task,) = issue_tasks(
        whole_store(),
        cycle=CYCLE,
        tasks=[NewTask(unit, "hazard", title="机房门禁失效", required="更换门禁", proof="更换记录")],
    )
    return task


def state_of(task: str) -> str:
    return queries.tasks(whole_store(), cycle=CYCLE, today=date.today(), task=task)["state"][0]


def test_the_costliest_gap_is_given_out_to_all_who_have_it(open_page):
    app = open_page("rectification", cycle=CYCLE, part="tasks", way_of_tasks="issue", issue_way="most")
    app.number_input[0].set_value(1).run()
    offered = queries.task_gap_indicators(whole_store(), cycle=CYCLE).iloc[0]
    button(app, f"下达 {offered['without_task']} 项整改任务").click().run()
    app.button(key="issue_gaps_yes").click().run()
    assert not app.exception
    assert f"已下达 {offered['without_task']} 项" in app.success[0].value
    tasks = queries.tasks(whole_store(), cycle=CYCLE, today=date.today())
    assert set(tasks["indicator"]) == {offered["indicator"]} and len(tasks) == offered["without_task"]

    board = open_page("rectification", cycle=CYCLE, part="tasks")
    for task in tasks["task"]:
        assert task in html_of(board)
    assert button(board, f"生成 {tasks['unit'].nunique()} 份整改通知书")


def test_a_unit_sees_its_task_at_home_and_answers_it(open_page):
    open_page("rectification", cycle=CYCLE)
    unit = add_account("unit")
    task = issue_one(unit.unit)
    assert task in html_of(open_page("home", visitor=unit, cycle=CYCLE))
    assert task in html_of(open_page("unit", visitor=unit, cycle=CYCLE))
    app = open_page("rectification", visitor=unit, cycle=CYCLE, part="answer", task=task)
    assert [each.label for each in app.button if each.key and each.key.startswith("do_")] == ["报送整改情况"]
    button(app, "报送整改情况").click().run()
    assert "没有写整改措施" in app.error[0].value and state_of(task) == "issued"
    app.text_area[0].set_value("已更换门禁")
    app.text_area[1].set_value("更换记录，2026-11-20")
    button(app, "报送整改情况").click().run()
    assert not app.exception and state_of(task) == "answered"
    assert "已更换门禁" in html_of(app) and unit.account not in html_of(app).split("经过")[1]


@pytest.mark.parametrize(("move", "state"), [("pass", "done"), ("reject", "rejected")])
def test_an_evaluator_re_checks(open_page, move, state):
    open_page("rectification", cycle=CYCLE)
    county = add_account("county")
    unit = next(u for u in whole_store().units(cycle=CYCLE).values() if u.region == county.region)
    task = issue_one(unit.code)
    answer_task(whole_store(), cycle=CYCLE, answer=TaskAnswer(task, date.today(), "已更换", "更换记录"))
    app = open_page("rectification", visitor=county, cycle=CYCLE, part="tasks", task=task, task_move=move)
    for area in app.text_area:
        area.set_value("现场核对")
    app.button(key=f"do_{move}").click().run()
    assert not app.exception and state_of(task) == state
