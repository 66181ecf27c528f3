"""整改情况报告表: the workbook in which a unit reports on its open tasks, a row each; written here and read again.

Reading opens a stranger's file: `data.safe_reading.read_answer_form_safely` does it in the sandbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from data.course.tasks import LONGEST_TEXT, TaskAnswer
from data.layout import plain
from data.list_sheet import ListSheet, read_list, titles_missing
from data.list_template import Choices, Column, build_list_template
from data.problems import Problem
from data.values import is_blank, read_date
from data.workbook import CellValue
from procedure.machines import TASK

FORM_SHEET = "整改情况报告表"
TO_FILL = ("done_on", "measures", "answered_proof")
COLUMNS = (
    Column("task", "任务编号", 16, hint="系统按编号认任务，请勿改动。"),
    Column("name", "单位", 26),
    Column("title", "整改事项", 24),
    Column("required", "整改要求", 40),
    Column("proof", "应报证明材料", 30),
    Column("deadline", "整改期限", 13),
    Column("done_on", "完成日期", 14, hint="写年月日，如 2026-12-01；没有完成的，这三格都留空。"),
    Column("measures", "整改措施", 44, hint="写做了什么；不写个人姓名、电话和证件号码。"),
    Column("answered_proof", "证明材料（文号、日期）", 32, ("证明材料",), hint="写材料名称、文号和日期。"),
)
HINT = (
    "每行一项整改任务，只填“完成日期”“整改措施”“证明材料（文号、日期）”三列，其余各列请勿改动；没有完成的行这三格留空，不作处理。"
    "填好后在“整改督办—报送整改情况”上传。不得填写个人信息和国家秘密。"
)
REPORTABLE = "、".join(
    f"“{TASK.state_names[source]}”" for move in TASK.moves if move.id == "answer" for source in move.sources
)


@dataclass(frozen=True)
class FormTask:
    """What a row of the form must fit: a task's state, and until when it runs."""

    state: str
    unit: str


def build_answer_form(tasks: Iterable[Mapping[str, object]]) -> bytes:
    """The form with a row for each task (columns of `queries.tasks`); the same tasks give the same bytes."""
    rows = [
        {column.key: _text(task[column.key]) for column in COLUMNS if column.key not in TO_FILL}
        for task in tasks
    ]
    return build_list_template(
        sheet_name=FORM_SHEET,
        title=FORM_SHEET,
        hint=HINT,
        columns=COLUMNS,
        choices=(
            Choices(
                "填写示例",
                ["2026-12-01", "已调整人民防线组织成员并印发文件", "示例〔2026〕8号，2026-12-01"],
                40,
            ),
        ),
        rows=rows,
    )


def _text(value: object) -> str:
    return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else str(value)


def read_answer_form(
    content: bytes, *, tasks: Mapping[str, FormTask], today: date, filename: str = ""
) -> tuple[list[TaskAnswer], list[Problem]]:
    """The answers in the order of their rows, and all problems sorted by place; never raises for bad input.

    `tasks`: number → task, of all that the sender may answer for. Answers are complete only where no problem is an error.
    """
    asked = [column for column in COLUMNS if column.key in ("task", *TO_FILL)]
    return read_list(
        content,
        COLUMNS,
        lambda table, raw: _Reader(table, tasks, today, is_1904=raw.is_1904).run(),
        least=("task", "measures"),
        missing=lambda: titles_missing("answer-form-missing", asked),
        empty="answer-form-empty",
        codes="task",
        filename=filename,
    )


@dataclass
class _Reader:
    """One pass over the rows below the titles."""

    table: ListSheet
    tasks: Mapping[str, FormTask]
    today: date
    is_1904: bool
    seen: dict[str, int] = field(default_factory=dict)

    def run(self) -> list[TaskAnswer]:
        self.table.longest = LONGEST_TEXT
        self.table.check_titles(COLUMNS, ("task", *TO_FILL))
        return [answer for row, cells in self.table.rows() if (answer := self._read(row, cells))]

    def _read(self, row: int, cells: dict[int, CellValue]) -> TaskAnswer | None:
        broken = {at for at, _ in (*self.table.sheet.errors, *self.table.sheet.unsaved)}
        filled = [key for key in TO_FILL if not is_blank(cells.get(self.table.columns.get(key, 0)))]
        if not filled and row not in broken:
            return None
        texts = self.table.texts(row, cells)
        task = self._task(row, texts.get("task", ""))
        for key in TO_FILL:
            if key in self.table.columns and key not in filled and row not in broken:
                title = next(column.title for column in COLUMNS if column.key == key)
                self.table.report("answer-value-missing", row, key, found=title)
        done_on = self._day(row, cells) if "done_on" in filled else None
        if not (task and done_on and texts.get("measures") and texts.get("answered_proof")):
            return None
        return TaskAnswer(task, done_on, texts["measures"], texts["answered_proof"])

    def _task(self, row: int, text: str) -> str:
        name = plain(text).upper()
        if not name:
            self.table.report("answer-value-missing", row, "task", found="任务编号")
            return ""
        if name in self.seen:
            self.table.report("answer-task-twice", row, "task", found=name, row=self.seen[name])
            return ""
        self.seen[name] = row
        task = self.tasks.get(name)
        if task is None:
            self.table.report("answer-task-unknown", row, "task", found=text)
            return ""
        if not TASK.moves_from(task.state, hands=("unit",)):
            now = TASK.state_names[task.state]
            self.table.report("answer-task-closed", row, "task", found=name, state=now, allowed=REPORTABLE)
            return ""
        return name

    def _day(self, row: int, cells: dict[int, CellValue]) -> date | None:
        reading = read_date(
            cells.get(self.table.columns["done_on"]), year=self.today.year, is_1904=self.is_1904
        )
        found, day = cells.get(self.table.columns["done_on"]), reading.value
        if reading.kind != "value" or not isinstance(day, date):
            self.table.report(
                "answer-date-unreadable", row, "done_on", found=found, example=f"{self.today:%Y-%m-%d}"
            )
            return None
        for code, values in reading.problems:  # a day without its year, or typed as a number
            self.table.report(code, row, "done_on", found=found, **values)
        if day > self.today:
            self.table.report("answer-date-future", row, "done_on", found=f"{day:%Y-%m-%d}")
            return None
        return day
