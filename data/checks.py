"""Judges a workbook that was read: whose it is, whether its table is whole, what each row answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from data.answer_words import shown
from data.answers import read_row
from data.identity import Identity, check_identity, read_identity
from data.layout import ANSWER_KEYS, META_SHEET, UNIT_SHEET, plain
from data.model import Answer, Cycle, Unit
from data.personal_data import find_personal_data
from data.problems import Problem, column_letters, make_problem, sort_problems
from data.table import Table, answer_cells, find_table, is_id_like, normal_id
from data.workbook import RawWorkbook
from scoring.scheme import Indicator, Scheme

NAMED_ROWS = 10  # of an indicator that stands in many; each of them is reported with its cell anyway


def check_workbook(
    raw: RawWorkbook,
    *,
    scheme: Scheme,
    cycle: Cycle,
    units: Mapping[str, Unit],
    expected_unit: str | None = None,
) -> tuple[str | None, list[Answer], list[Problem]]:
    """The unit's code, its answers in the scheme's order, and all problems sorted by place.

    The code is None where the workbook does not tell it. Answers are complete only where no problem is an error.
    Nothing is raised for what a workbook holds.
    """
    return check_identified(
        raw, read_identity(raw), scheme=scheme, cycle=cycle, units=units, expected_unit=expected_unit
    )


def check_identified(
    raw: RawWorkbook,
    identity: Identity | None,
    *,
    scheme: Scheme,
    cycle: Cycle,
    units: Mapping[str, Unit],
    expected_unit: str | None = None,
) -> tuple[str | None, list[Answer], list[Problem]]:
    """As `check_workbook`, where it is known already whose the workbook is."""
    table, table_problems = find_table(raw)
    problems = [*_personal_data(raw)]
    if identity is None:
        problems.append(make_problem("identity-missing"))
        return None, [], sort_problems(problems, raw.sheet_order)
    is_ours, identity_problems = check_identity(
        identity, scheme=scheme, cycle=cycle, units=units, expected_unit=expected_unit
    )
    problems += identity_problems
    answers: list[Answer] = []
    if is_ours:
        problems += table_problems
        if table:
            hidden_cells = {(p.sheet, p.cell) for p in problems if p.code == "personal-data-found"}
            judge = _TableCheck(raw, table, scheme, cycle.cycle, units.get(identity.unit), hidden_cells)
            answers = judge.run()
            problems += judge.problems
    return identity.unit or None, answers, sort_problems(problems, raw.sheet_order)


def _personal_data(raw: RawWorkbook) -> Iterator[Problem]:
    """Identity, mobile and passport numbers in cells and comments anywhere; a unit's own code is none."""
    for sheet in raw.sheets:
        values = {} if sheet.name in (UNIT_SHEET, META_SHEET) else sheet.values
        for is_comment, texts in ((False, values), (True, sheet.comments)):
            for (row, column), value in texts.items():
                if kind := find_personal_data(value):
                    place = {"sheet": sheet.name, "cell": f"{column_letters(column)}{row}"}
                    yield make_problem(
                        "personal-data-found", found=("批注中的" if is_comment else "") + kind, **place
                    )


class _TableCheck:
    """One pass over the table: which rows are which indicators, then each row's answer."""

    def __init__(
        self,
        raw: RawWorkbook,
        table: Table,
        scheme: Scheme,
        year: int,
        unit: Unit | None,
        reported: set[tuple[str, str]],
    ):
        self.raw, self.table, self.scheme, self.year, self.unit = raw, table, scheme, year, unit
        self.reported = reported
        self.problems: list[Problem] = []
        self.applicable: dict[str, Indicator] = scheme.by_id
        if unit:
            chosen = scheme.indicators_for(category=unit.category, tags=unit.tags)
            self.applicable = {indicator.id: indicator for indicator in chosen}

    def report(self, code: str, cell: str, **values: object) -> None:
        self.problems.append(make_problem(code, sheet=self.table.sheet.name, cell=cell, **values))

    def run(self) -> list[Answer]:
        rows = self._rows_by_indicator()
        unreadable = self._merged_cells({row for places in rows.values() for row in places})
        unreadable = frozenset(unreadable | self._personal_cells())
        answers: dict[str, Answer] = {}
        for key, places in rows.items():
            indicator = self.applicable[key]
            if len(places) > 1:
                numbers = "、".join(map(str, places[:NAMED_ROWS])) + ("…" if len(places) > NAMED_ROWS else "")
                for row in places[1:]:
                    cell = self.table.reference(row, "indicator")
                    self.report("duplicate-indicator", cell, found=key, rows=numbers)
            for row in places:
                self._check_question(row, indicator)
                answer, problems = read_row(
                    self.table,
                    row,
                    indicator,
                    cycle=self.year,
                    is_1904=self.raw.is_1904,
                    unreadable=unreadable,
                )
                self.problems += problems
                if answer and len(places) == 1:
                    answers[key] = answer
        if self.unit:
            for key, indicator in self.applicable.items():
                if key not in rows:
                    self.report("missing-indicator", "", found=key, title=indicator.title)
        return [answers[key] for key in self.applicable if key in answers]

    def _rows_by_indicator(self) -> dict[str, list[int]]:
        """Rows of each applicable indicator; rows that are no indicator are reported where they hold an answer."""
        rows: dict[str, list[int]] = {}
        column = self.table.columns["indicator"]
        for row, cells in self.table.rows():
            text = normal_id(cells[column]) if column in cells else ""
            if text in self.applicable:
                rows.setdefault(text, []).append(row)
            elif text in self.scheme.by_id:
                self.report("indicator-not-applicable", self.table.reference(row, "indicator"), found=text)
            elif is_id_like(text):
                self.report("unknown-indicator", self.table.reference(row, "indicator"), found=cells[column])
            elif filled := answer_cells(self.table, cells):
                key, value = filled[0]
                self.report("answer-without-indicator", self.table.reference(row, key), found=shown(value))
        return rows

    def _check_question(self, row: int, indicator: Indicator) -> None:
        """A sort over some of the columns puts answers beside the wrong questions: notice it."""
        value = self.table.value(row, "question")
        expected = indicator.question
        if value is None or value == expected or plain(value) == plain(expected):
            return
        cell, other = self.table.reference(row, "question"), self._questions.get(plain(value))
        if other and other != indicator.id:
            self.report("question-moved", cell, found=indicator.id, other=other)
        else:
            self.report("question-changed", cell, found=indicator.id)

    @cached_property
    def _questions(self) -> dict[str, str]:
        """The indicator that each question is of."""
        return {plain(indicator.question): indicator.id for indicator in self.scheme.indicators}

    def _merged_cells(self, rows: set[int]) -> set[tuple[int, int]]:
        """Answer cells inside a merged area, each area reported at its first answer cell."""
        columns = {self.table.columns[key] for key in ANSWER_KEYS if key in self.table.columns}
        covered: set[tuple[int, int]] = set()
        for top, left, bottom, right in self.table.sheet.merged:
            inside = {
                (row, column)
                for row in rows
                if top <= row <= bottom
                for column in columns
                if left <= column <= right
            }
            if inside and (top, left) != (bottom, right):
                row, column = min(inside)
                area = f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
                self.report("merged-answer-cells", f"{column_letters(column)}{row}", found=area)
                covered |= inside
        return covered

    def _personal_cells(self) -> set[tuple[int, int]]:
        name = self.table.sheet.name
        if not any(sheet == name for sheet, _ in self.reported):
            return set()
        return {
            (row, column)
            for row, column in self.table.sheet.values
            if (name, f"{column_letters(column)}{row}") in self.reported
        }
