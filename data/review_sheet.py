"""The workbook in which many rulings are made at once: one row per unit and indicator that waits, to be filled and sent back.

What the program filled in is locked; a hidden column carries the submission and the newest ruling that the row was made
from, so that what came in since is not overwritten in silence (`data.course.bulk_review`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from data.answer_words import allowed_value, shown
from data.identity import normal_code
from data.layout import is_fraction, is_percent, plain
from data.list_sheet import ListSheet, read_list
from data.list_template import Choices, Column, build_list_template
from data.problems import Problem, column_letters, has_errors, make_problem
from data.sheet_scan import MAX_CELLS
from data.values import (
    Reading,
    is_blank,
    read_date,
    read_level,
    read_percent,
    read_whole,
    read_yes_no,
)
from data.workbook import CellValue
from procedure.machines import RULING
from scoring.scheme import NOT_APPLICABLE, Indicator, Scheme

REVIEW_SHEET = "核定表"
LONGEST_REASON = 500  # characters
OPINIONS: dict[str, str] = {
    "属实": "confirm",
    "调整": "change",
    "同意不适用": "accept_na",
    "不同意不适用": "refuse_na",
}
FRACTION_TEXT = "分子/分母，如 3/4"
COLUMNS = (
    Column("unit", "单位代码", 22, is_given=True),
    Column("name", "单位名称", 30, is_given=True),
    Column("category", "类别", 16, is_given=True),
    Column("indicator", "指标编号", 9, is_given=True),
    Column("title", "指标", 26, is_given=True),
    Column("allowed", "可填的值", 24, is_given=True),
    Column("answer", "自评值", 12, is_given=True),
    Column("evidence", "佐证材料", 30, is_given=True),
    Column("na_reason", "不适用理由", 20, is_given=True),
    Column("below", "下级核定", 14, is_given=True),
    Column("below_reason", "下级理由", 20, is_given=True),
    Column("opinion", "核定意见", 14, choices="核定意见"),
    Column("value", "核定值", 14, hint="选“调整”“不同意不适用”的填写，填法见“可填的值”；其余留空。"),
    Column("reason", "理由", 34, hint="选“调整”“不同意不适用”的必填。不写个人姓名、电话和证件号码。"),
    Column("seen", "核对码", 16, is_given=True, is_hidden=True),
)
HINT = (
    "每行一个单位的一项指标，只填最右边三列：核定意见从下拉列表选；“调整”“不同意不适用”须填核定值和理由。"
    "不核定的行留空，上传时略过。有一处错误就一项也不记。下载后他人又核定的，上传时会指出，不会覆盖。不得填写个人信息。"
)
# Of one table: when every cell is filled, and some beside it, the reader must still take it (data/sheet_scan.py).
MOST_ROWS = MAX_CELLS // (len(COLUMNS) + 1)
_TO_FILL = ("opinion", "value", "reason")
_REQUIRED = ("unit", "indicator", *_TO_FILL, "seen")
_SEEN = re.compile(r"(\d{4})\.(\d+)\.(\d+)")
_FRACTION = re.compile(r"(\d+)/(\d+)")


@dataclass(frozen=True)
class RulingValue:
    """What a ruling gives instead of the value before it; one of these by the indicator's type, as in `Answer`."""

    choice: str | None = None
    number: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    on_date: date | None = None


@dataclass(frozen=True)
class SheetRuling:
    """One filled row: `act` is a move of the ruling's machine; `submission` and `seen` (a seq, 0: none) what it was made
    from; `cells` where each column of the row stands."""

    unit: str
    indicator: str
    act: str
    reason: str
    submission: int
    seen: int
    sheet: str
    cells: Mapping[str, str]
    value: RulingValue | None = None

    def problem(self, code: str, key: str, **values: object) -> Problem:
        """A problem at one of the row's cells."""
        return make_problem(code, sheet=self.sheet, cell=self.cells[key], **values)


def build_review_sheet(frame: pd.DataFrame, *, scheme: Scheme, cycle: int) -> bytes:
    """The workbook as bytes for rows of queries.review_sheet; the same arguments give the same bytes."""
    return build_list_template(
        sheet_name=REVIEW_SHEET,
        title=f"{cycle} 年度核定表",
        hint=HINT,
        columns=COLUMNS,
        choices=(Choices("核定意见", list(OPINIONS), 22),),
        rows=(_texts(row, scheme.by_id[row.indicator], cycle) for row in frame.itertuples(index=False)),
    )


def value_text(
    *,
    state: str,
    choice: str | None,
    number: float | None,
    numerator: float | None,
    denominator: float | None,
    on_date: date | None,
    is_share: bool = False,
) -> str:
    """A ruling's value as people read it; `is_share`: the number is a fraction 0–1 shown as a percentage."""
    if state == "na":
        return "不适用"
    if isinstance(choice, str):
        return choice
    if not pd.isna(numerator):
        return f"{numerator:.10g}/{denominator:.10g}"
    if not pd.isna(on_date):
        return f"{on_date:%Y-%m-%d}"
    if not pd.isna(number):
        return f"{number * 100:.10g}%" if is_share else shown(float(number))
    return ""


def _texts(row, indicator: Indicator, cycle: int) -> dict[str, str]:
    below = ""
    if isinstance(row.below_stage, str):
        below = value_text(
            state=row.below_state,
            choice=row.choice,
            number=row.number,
            numerator=row.numerator,
            denominator=row.denominator,
            on_date=row.on_date,
            is_share=is_percent(indicator),
        )
    return {
        "unit": row.unit,
        "name": row.name,
        "category": row.category_name,
        "indicator": row.indicator,
        "title": row.title,
        "allowed": FRACTION_TEXT if is_fraction(indicator) else allowed_value(indicator, cycle),
        "answer": NOT_APPLICABLE if row.claim == "na" else row.answer,
        "evidence": row.evidence,
        "na_reason": row.na_reason,
        "below": below,
        "below_reason": row.below_reason,
        "seen": f"{cycle}.{row.submission}.{row.seq}",
    }


def read_review_sheet(
    content: bytes, *, scheme: Scheme, cycle: int, filename: str = ""
) -> tuple[list[SheetRuling], list[Problem]]:
    """The filled rows in their order, and all problems sorted by place; never raises for bad input.

    Rulings are complete only where no problem is an error.
    """
    return read_list(
        content,
        COLUMNS,
        lambda table, raw: _Reader(table, scheme, cycle, raw.is_1904).run(),
        least=("unit", "indicator"),
        missing=lambda: make_problem("review-sheet-missing"),
        empty="review-sheet-empty",
        codes="unit",
        filename=filename,
    )


@dataclass
class _Reader:
    """One pass over the rows below the titles."""

    table: ListSheet
    scheme: Scheme
    cycle: int
    is_1904: bool
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def run(self) -> list[SheetRuling]:
        self.table.check_titles(COLUMNS, _REQUIRED)
        if has_errors(self.table.problems):
            return []
        return [ruling for row, cells in self.table.rows() if (ruling := self._read(row, cells)) is not None]

    def _read(self, row: int, cells: dict[int, CellValue]) -> SheetRuling | None:
        table, before = self.table, len(self.table.problems)
        opinion = table.text(row, "opinion", cells)
        reason = table.text(row, "reason", cells, longest=LONGEST_REASON)
        value_typed = table.text(row, "value", cells)
        if has_errors(table.problems[before:]) or not (opinion or reason or value_typed):
            return None
        key = self._key(row, cells)
        act = self._act(row, opinion, value_typed or reason)
        if key is None or act is None:
            return None
        unit, indicator, submission, seen = key
        needs = RULING.move(act).needs
        value = None
        if "value" in needs:
            value = self._value(row, cells, self.scheme.by_id[indicator])
        elif value_typed:
            table.report("ruling-value-unneeded", row, "value", found=value_typed, opinion=opinion)
        if "reason" in needs and not reason:
            table.report("ruling-reason-missing", row, "reason", found=opinion)
        if has_errors(table.problems[before:]):
            return None
        return SheetRuling(
            unit=unit,
            indicator=indicator,
            act=act,
            reason=reason,
            submission=submission,
            seen=seen,
            sheet=table.sheet.name,
            cells={name: f"{column_letters(column)}{row}" for name, column in table.columns.items()},
            value=value,
        )

    def _key(self, row: int, cells: dict[int, CellValue]) -> tuple[str, str, int, int] | None:
        """Unit, indicator, submission and newest ruling of a row; None where they were changed, and that is reported."""
        table = self.table
        raw_unit = cells.get(table.columns["unit"])
        unit = "" if is_blank(raw_unit) else normal_code(raw_unit)
        indicator = str(cells.get(table.columns["indicator"]) or "").strip()
        match = _SEEN.fullmatch(str(cells.get(table.columns["seen"]) or "").strip())
        if indicator not in self.scheme.by_id:
            table.report("unknown-indicator", row, "indicator", found=indicator)
            return None
        if not unit or match is None:
            table.report("ruling-row-broken", row, "unit", found=unit or "（空）")
            return None
        cycle, submission, seen = (int(part) for part in match.groups())
        if cycle != self.cycle:
            table.report("review-sheet-other-year", row, "unit", found=cycle, cycle=self.cycle)
            return None
        if (first := self.seen.setdefault((unit, indicator), row)) != row:
            table.report("ruling-duplicate", row, "indicator", found=f"{unit} {indicator}", row=first)
            return None
        return unit, indicator, submission, seen

    def _act(self, row: int, opinion: str, also: str) -> str | None:
        allowed = "、".join(OPINIONS)
        if not opinion:
            self.table.report("opinion-missing", row, "opinion", found=also, allowed=allowed)
            return None
        act = next((act for name, act in OPINIONS.items() if plain(name) == plain(opinion)), None)
        if act is None:
            self.table.report("unknown-opinion", row, "opinion", found=opinion, allowed=allowed)
        return act

    def _value(self, row: int, cells: dict[int, CellValue], indicator: Indicator) -> RulingValue | None:
        typed = cells.get(self.table.columns["value"])
        allowed = FRACTION_TEXT if is_fraction(indicator) else allowed_value(indicator, self.cycle)
        if is_blank(typed):
            self.table.report("ruling-value-missing", row, "value", found=indicator.id, allowed=allowed)
            return None
        reading = self._reading(row, typed, indicator)
        if reading.kind != "value":
            self.table.report("ruling-value-wrong", row, "value", found=shown(typed), allowed=allowed)
            return None
        for code, values in reading.problems:
            self.table.report(code, row, "value", found=shown(typed), **{"allowed": allowed, **values})
        return _carried(reading.value, indicator)

    def _reading(self, row: int, typed: CellValue, indicator: Indicator) -> Reading:
        if indicator.type == "yes_no":
            return read_yes_no(typed)
        if indicator.type == "level":
            return read_level(typed, indicator.choices)
        if indicator.type == "date":
            reading = read_date(typed, year=self.cycle, is_1904=self.is_1904)
            is_elsewhere = isinstance(reading.value, date) and reading.value.year != self.cycle
            return Reading("bad") if is_elsewhere else reading
        if is_fraction(indicator):
            return _read_fraction(typed)
        if is_percent(indicator):
            place = (row, self.table.columns["value"])
            return read_percent(typed, is_percent_cell=place in self.table.sheet.percents)
        return read_whole(typed, measure=indicator.measure)


def _read_fraction(typed: CellValue) -> Reading:
    """Numerator and denominator written as 3/4; 0/0 would be a 不适用, which is an opinion of its own."""
    match = _FRACTION.fullmatch(plain(typed)) if isinstance(typed, str) else None
    if match is None or int(match[2]) == 0 or int(match[1]) > int(match[2]):
        return Reading("bad")
    return Reading("value", match[0])


def _carried(value: object, indicator: Indicator) -> RulingValue:
    if is_fraction(indicator):
        numerator, denominator = str(value).split("/")
        return RulingValue(numerator=float(numerator), denominator=float(denominator))
    if isinstance(value, date):
        return RulingValue(on_date=value)
    if isinstance(value, str):
        return RulingValue(choice=value)
    return RulingValue(number=float(value))
