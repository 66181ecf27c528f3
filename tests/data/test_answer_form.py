"""整改情况报告表: out with a row per open task, filled, in again; nothing half-recorded, and the file kept for good."""

from __future__ import annotations

import io
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta

import openpyxl
import pytest

from data import queries
from data.backup import make_backup
from data.course.answer_form import COLUMNS, FORM_SHEET, TO_FILL, build_answer_form
from data.course.answer_intake import take_in_answers
from data.course.tasks import issue_tasks, withdraw_task
from data.list_template import HEADER_ROW
from data.rebuild import rebuild
from data.restore import restore
from data.store import Store, StoreError
from data.verify import verify
from tests import libreoffice
from tests.data.small import OTHER, UNIT
from tests.data.test_tasks import CYCLE, DAY, HAZARD, Clock, build, unit_itself

FILLED = {"done_on": DAY, "measures": "已更换门禁", "answered_proof": "更换记录，2026-12-01"}


def with_tasks(home):
    """A unit with three open tasks, and one of another unit."""
    store = build(home, Clock())
    titles = ("机房门禁失效", "档案柜未上锁", "未张贴举报方式")
    tasks = [replace(HAZARD, title=title) for title in titles]
    issue_tasks(store, cycle=CYCLE, tasks=[*tasks, replace(HAZARD, unit=OTHER.code)])
    return store


@pytest.fixture
def store(tmp_path):
    """A store of the test's own."""
    with closing(with_tasks(tmp_path / "home")) as store:
        yield store


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """A store for forms that are refused: they change nothing."""
    with closing(with_tasks(tmp_path_factory.mktemp("forms") / "home")) as store:
        yield store


def tasks_of(store, unit=UNIT):
    found = queries.tasks(store, cycle=CYCLE, today=DAY, unit=unit.code)
    return found.sort_values("task").to_dict("records")


def place(key: str, n: int) -> str:
    """The cell of a column in the n-th row, counted from 0."""
    at = [column.key for column in COLUMNS].index(key)
    return f"{chr(ord('A') + at)}{HEADER_ROW + 1 + n}"


def fill(content: bytes, *rows: dict | None) -> bytes:
    """The form with these values in its rows, from the top; None leaves a row as it is."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for n, row in enumerate(rows):
        for key, value in (row or {}).items():
            book[FORM_SHEET][place(key, n)] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def send(store, content: bytes, *, unit=UNIT):
    return take_in_answers(
        store, cycle=CYCLE, content=content, filename="报告表.xlsx", today=DAY, unit=unit.code
    )


def test_the_form_has_a_row_for_each_task(untouched):
    tasks = tasks_of(untouched)
    sheet = openpyxl.load_workbook(io.BytesIO(build_answer_form(tasks)))[FORM_SHEET]
    for n, task in enumerate(tasks):
        said = {column.key: sheet[place(column.key, n)].value for column in COLUMNS}
        expected = {key: task[key] for key in ("task", "name", "title", "required", "proof")}
        assert said == expected | {"deadline": "2026-12-01"} | dict.fromkeys(TO_FILL)


def test_what_was_filled_is_handed_in_and_the_rest_waits(store):
    form = fill(build_answer_form(tasks_of(store)), FILLED, None, FILLED | {"done_on": "2026年11月30日"})
    taken = send(unit_itself(store), form)
    assert taken.problems == () and len(taken.answers) == 2
    assert [task["state"] for task in tasks_of(store)] == ["answered", "issued", "answered"]
    kept = store.rows(
        "select task, sha256, filename, done_on, measures, proof from task_answer order by task"
    )
    first, _, third = (task["task"] for task in tasks_of(store))
    said = (FILLED["measures"], FILLED["answered_proof"])
    assert kept == [
        (first, taken.sha256, "报告表.xlsx", DAY, *said),
        (third, taken.sha256, "报告表.xlsx", date(2026, 11, 30), *said),
    ]
    assert store.files.read(taken.sha256) == form
    assert [task["state"] for task in tasks_of(store, OTHER)] == ["issued"]


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ({"task": "ZG2026-09999"}, "answer-task-unknown", place("task", 1)),
        ({"task": None}, "answer-value-missing", place("task", 1)),
        ({"task": "ZG2026-00001"}, "answer-task-twice", place("task", 1)),
        ({"task": "ZG2026-00004"}, "answer-task-unknown", place("task", 1)),  # the other unit's
        ({"done_on": None}, "answer-value-missing", place("done_on", 1)),
        ({"done_on": "已完成"}, "answer-date-unreadable", place("done_on", 1)),
        ({"done_on": datetime(2026, 12, 2)}, "answer-date-future", place("done_on", 1)),
        ({"measures": None}, "answer-value-missing", place("measures", 1)),
        ({"measures": "长" * 1001}, "text-too-long", place("measures", 1)),
        ({"measures": "联系人 13812345678"}, "personal-data-found", place("measures", 1)),
        ({"answered_proof": None}, "answer-value-missing", place("answered_proof", 1)),
    ],
)
def test_one_error_and_nothing_is_recorded(untouched, row, code, cell):
    form = fill(build_answer_form(tasks_of(untouched)), FILLED, FILLED | row)
    taken = send(unit_itself(untouched), form)
    assert (code, FORM_SHEET, cell) in [(p.code, p.sheet, p.cell) for p in taken.problems]
    assert all(problem.fix for problem in taken.problems)
    assert taken.answers == () and untouched.rows("select * from task_answer") == []
    assert {task["state"] for task in tasks_of(untouched)} == {"issued"}


def test_all_problems_come_at_once(untouched):
    form = fill(
        build_answer_form(tasks_of(untouched)), FILLED | {"measures": None}, FILLED | {"done_on": "无"}
    )
    assert [problem.cell for problem in send(untouched, form).problems] == [
        place("measures", 0),
        place("done_on", 1),
    ]


def test_a_task_that_was_withdrawn_meanwhile_is_said(store):
    form = fill(build_answer_form(tasks_of(store)), FILLED)
    withdraw_task(store, cycle=CYCLE, task=tasks_of(store)[0]["task"], reason="下达有误")
    (problem,) = send(store, form).problems
    assert problem.code == "answer-task-closed" and "已撤销" in problem.message


@pytest.mark.parametrize(("content", "code"), [(b"", "empty-file"), (b"not a workbook", "not-a-workbook")])
def test_what_is_no_form_is_refused(untouched, content, code):
    assert [problem.code for problem in send(untouched, content).problems] == [code]


def test_an_empty_form_and_another_workbook_are_told_apart(untouched):
    assert [p.code for p in send(untouched, build_answer_form(tasks_of(untouched))).problems] == [
        "answer-form-empty"
    ]
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "别的表"
    book.save(stream)
    assert [p.code for p in send(untouched, stream.getvalue()).problems] == ["answer-form-missing"]


@pytest.mark.skipif(not libreoffice.SOFFICE, reason="LibreOffice is not installed")
def test_a_form_that_went_through_libreoffice_is_read(store, tmp_path):
    source, out = tmp_path / "form.xlsx", tmp_path / "typed.xlsx"
    source.write_bytes(build_answer_form(tasks_of(store)))
    typed = {"done_on": "2026-11-30", "measures": "已更换门禁", "answered_proof": "更换记录"}
    libreoffice.type_in(source, {place(key, 1): text for key, text in typed.items()}, out, sheet=FORM_SHEET)
    taken = send(unit_itself(store), out.read_bytes())
    assert taken.problems == ()
    (answer,) = taken.answers
    assert (answer.task, answer.done_on, answer.measures) == (
        "ZG2026-00002",
        date(2026, 11, 30),
        "已更换门禁",
    )


def test_verify_backup_restore_and_rebuild_know_the_form(store, tmp_path):
    sha256 = send(store, fill(build_answer_form(tasks_of(store)), FILLED)).sha256
    home, before = store.home, store.rows("select * from task_answer")
    backup = make_backup(store, tmp_path / "backup.zip")
    assert backup.missing == () and backup.workbooks == 2
    store.close()
    assert verify(home).faults == []

    again = tmp_path / "again"
    restore(again, tmp_path / "backup.zip")
    with closing(Store.open(again)) as restored:
        assert restored.files.is_whole(sha256)

    (home / "workbooks" / sha256[:2] / f"{sha256}.xlsx").unlink()
    texts = [text for part, text in verify(home).faults if part == "workbooks"]
    assert any("整改情况报告表" in text and UNIT.code in text and "不在了" in text for text in texts)
    with pytest.raises(StoreError, match=UNIT.code):
        rebuild(home)
    rebuild(home, found_in=again / "workbooks")
    with closing(Store.open(home)) as rebuilt:
        assert rebuilt.files.is_whole(sha256)
        assert rebuilt.rows("select * from task_answer") == before


def test_the_same_tasks_give_the_same_form(untouched):
    tasks = tasks_of(untouched)
    assert build_answer_form(tasks) == build_answer_form(tasks)
    assert tasks[0]["deadline"].date() < DAY + timedelta(1)
