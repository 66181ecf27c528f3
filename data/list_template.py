"""Writes a workbook in which a list is brought in: one sheet to fill, a row for each record, and one with what may be chosen."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from data.package import repack
from data.sheet_style import HEADER, NOTE, TITLE, VALUE, put

CHOICES_SHEET = "可选值"
TITLE_ROW, HINT_ROW, HEADER_ROW = 1, 2, 3
LAST_ROW = 20_000  # of the drop-downs


@dataclass(frozen=True)
class Column:
    """One column of a list; `also` are other titles that it is known by, `width` in Excel's character units.

    `choices` names the column of the second sheet that its drop-down holds; with `hint` something else may be typed too.
    Without choices the hint stands at the cell while it is filled in.
    """

    key: str
    title: str
    width: float
    also: tuple[str, ...] = ()
    choices: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Choices:
    """One column of the second sheet: what may be chosen."""

    title: str
    values: Sequence[str]
    width: float


def build_list_template(
    *,
    sheet_name: str,
    title: str,
    hint: str,
    columns: Sequence[Column],
    choices: Sequence[Choices],
    rows: Iterable[Mapping[str, str]] = (),
) -> bytes:
    """The workbook as bytes, with these rows (key → text) filled in; the same arguments give the same bytes."""
    book = Workbook()
    sheet, second = book.active, book.create_sheet(CHOICES_SHEET)
    _draw_choices(second, choices)
    sheet.title = sheet_name
    put(sheet, TITLE_ROW, 1, title, TITLE, wrap=False)
    put(sheet, HINT_ROW, 1, hint, NOTE)
    sheet.merge_cells(start_row=HINT_ROW, end_row=HINT_ROW, start_column=1, end_column=len(columns))
    sheet.row_dimensions[TITLE_ROW].height, sheet.row_dimensions[HINT_ROW].height = 28, 32
    sheet.row_dimensions[HEADER_ROW].height = 24
    for at, column in enumerate(columns, start=1):
        letter = put(sheet, HEADER_ROW, at, column.title, HEADER).column_letter
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].number_format = "@"
        _validate(sheet, letter, column, choices)
    for row, texts in enumerate(rows, start=HEADER_ROW + 1):
        for at, column in enumerate(columns, start=1):
            put(sheet, row, at, texts.get(column.key) or None, VALUE).number_format = "@"
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = 20, True
    sheet.freeze_panes = sheet.cell(row=HEADER_ROW + 1, column=1)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    for each in (sheet, second):
        _set_up_page(each)
    stream = io.BytesIO()
    book.save(stream)
    book.close()
    return repack(stream.getvalue())


def _draw_choices(sheet: Worksheet, choices: Sequence[Choices]) -> None:
    for column, choice in enumerate(choices, start=1):
        letter = put(sheet, 1, column, choice.title, HEADER).column_letter
        sheet.column_dimensions[letter].width = choice.width
        for row, value in enumerate(choice.values, start=2):
            put(sheet, row, column, value, VALUE).number_format = "@"
    sheet.freeze_panes = "A2"


def _validate(sheet: Worksheet, letter: str, column: Column, choices: Sequence[Choices]) -> None:
    cells = f"{letter}{HEADER_ROW + 1}:{letter}{LAST_ROW}"
    if column.choices:
        at, choice = next((at, c) for at, c in enumerate(choices) if c.title == column.choices)
        source = chr(ord("A") + at)
        validation = DataValidation(
            type="list",
            formula1=f"{CHOICES_SHEET}!${source}$2:${source}${len(choice.values) + 1}",
            allow_blank=True,
            errorStyle="warning" if column.hint else "stop",
        )
        validation.errorTitle, validation.showErrorMessage = "填写有误", True
        validation.error = column.hint or "请从下拉列表选择。"
    elif column.hint:
        validation = DataValidation(showInputMessage=True, promptTitle=column.title, prompt=column.hint)
    else:
        return
    validation.add(cells)
    sheet.add_data_validation(validation)


def _set_up_page(sheet: Worksheet) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
