"""Writes a workbook in which a list is brought in: one sheet to fill, a row for each record, and one with what may be chosen."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from data.package import repack
from data.sheet_style import (
    HEADER,
    NOTE,
    SOLID,
    TITLE,
    UNLOCKED,
    VALUE,
    keep_text,
    n_lines,
    protect,
    put,
    row_height,
)

CHOICES_SHEET = "可选值"
TITLE_ROW, HINT_ROW, HEADER_ROW = 1, 2, 3
LAST_ROW = 20_000  # of the drop-downs
SCRATCH_COLUMN = 100
MOST_LINES = 4  # of a text in a row that is filled in already; the rest shows when the row is made higher


@dataclass(frozen=True)
class Column:
    """One column of a list; `also` are other titles that it is known by, `width` in Excel's character units.

    `choices` names the column of the second sheet that its drop-down holds; with `hint` something else may be typed too.
    Without choices the hint stands at the cell while it is filled in. `is_given`: filled in by the program and locked;
    `is_hidden`: not shown either.
    """

    key: str
    title: str
    width: float
    also: tuple[str, ...] = ()
    choices: str = ""
    hint: str = ""
    is_given: bool = False
    is_hidden: bool = False


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
    """The workbook as bytes, with these rows (key → text) filled in; the same arguments give the same bytes.

    Where a column is given, the sheet is locked but for what is to be filled in, and has a filter.
    """
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
        sheet.column_dimensions[letter].hidden = column.is_hidden
        _validate(sheet, letter, column, choices)
    is_locked = any(column.is_given for column in columns)
    looks = [_look(second, column, is_locked=is_locked) for column in columns]
    for row, texts in enumerate(rows, start=HEADER_ROW + 1):
        for at, (column, look) in enumerate(zip(columns, looks, strict=True), start=1):
            cell = sheet.cell(row=row, column=at)
            cell._style = copy(look)  # dressing every cell anew takes most of the time of a long list
            if text := texts.get(column.key):
                cell.value = text
                keep_text(cell, text)
        if is_locked:
            sheet.row_dimensions[row].height = _height(texts, columns)
    if is_locked:
        protect(sheet)
        last = sheet.cell(row=HEADER_ROW, column=len(columns)).column_letter
        sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{max(sheet.max_row, HEADER_ROW + 1)}"
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = 20, True
    sheet.freeze_panes = sheet.cell(row=HEADER_ROW + 1, column=1)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    for each in (sheet, second):
        _set_up_page(each)
    stream = io.BytesIO()
    book.save(stream)
    book.close()
    return repack(stream.getvalue())


def _look(scratch: Worksheet, column: Column, *, is_locked: bool) -> StyleArray:
    """How every cell of a column looks; tried on a cell beyond the choices, which stays empty."""
    cell = put(scratch, 1, SCRATCH_COLUMN, None, VALUE)
    cell.number_format = "@"
    if is_locked and not column.is_given:
        cell.fill, cell.protection = SOLID["open"], UNLOCKED
    look = copy(cell._style)
    del scratch._cells[1, SCRATCH_COLUMN]
    return look


def _height(texts: Mapping[str, str], columns: Sequence[Column]) -> float:
    """Points that the row's longest text needs, up to MOST_LINES lines of it."""
    lines = [n_lines(texts[column.key], column.width) for column in columns if texts.get(column.key)]
    return row_height(min(max(lines, default=1), MOST_LINES))


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
