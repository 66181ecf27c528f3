"""Draws a scheme's workbook: one sheet per table with what may be edited in yellow, and effective weights that follow the edits."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from data.package import repack
from data.sheet_style import (
    ALERT_INK,
    CENTRED,
    HEADER,
    NOTE,
    SOLID,
    TEXT,
    TITLE,
    UNLOCKED,
    VALUE,
    Style,
    n_lines,
    protect,
    put,
    row_height,
    text_width,
)
from scoring.scheme import Scheme
from scoring.scheme_tables import EVERYBODY, Column, Table, scheme_tables

YES, NO = "是", "否"
BETWEEN = "；"  # between names in one cell
ABOUT, WEIGHTS, CHOICES = "说明", "有效权重", "可选值"
FIRST_ROW = 2  # of a table's entries, below its titles
NARROWEST, WIDEST, NUMBER_WIDTH = 8, 44, 12  # of columns, in Excel's character units
ABOUT_WIDTH = 110
ALERT = Style(size=11, bold=True, colour=ALERT_INK)
SHARE_FORMAT = "0.00%;-0.00%;—"
PARTS = {"systems": "责任制", "dimensions": "维度", "indicators": "指标"}


def to_scheme_sheet(scheme: Scheme) -> bytes:
    """The workbook as bytes: what to do, one sheet per table of `scheme_tables`, and the effective weights to look at.

    Titles stay in sight and on every printed page; all but the cells to edit is locked, without a password.
    """
    book, tables = Workbook(), scheme_tables(scheme)
    _draw_about(book.active, scheme)
    choices = _Choices(book.create_sheet(CHOICES))
    for table in tables.values():
        _draw_table(book.create_sheet(table.title), table, choices)
    _Weights(book.create_sheet(WEIGHTS), scheme, tables).draw()
    for sheet in book.worksheets:
        _set_up_page(sheet, scheme)
        protect(sheet)
    book.move_sheet(CHOICES, len(book.sheetnames))
    book[CHOICES].sheet_state = "hidden"
    book.calculation.fullCalcOnLoad = True
    stream = io.BytesIO()
    book.save(stream)
    return repack(stream.getvalue())


def _draw_about(sheet: Worksheet, scheme: Scheme) -> None:
    sheet.title = ABOUT
    sheet.column_dimensions["A"].width = ABOUT_WIDTH
    lines = (
        (f"方案：{scheme.title}（{scheme.id} {scheme.version}）", TITLE),
        (scheme.weights_note, ALERT),
        ("各表中黄色的格可以修改：名称、权重、分值、分配、目标值、适用对象、等次和规则；其余的格已锁定，不要增删行。", TEXT),
        (f"“适用对象”一格有多个的，用“{BETWEEN}”隔开。", TEXT),
        ("“有效权重”由其余各表算出，随修改而变：每项在一类单位（没有职能标签）满分中的占比，各类合计 100%。", TEXT),
        ("改好后在“方案与权重—Excel 与方案文件”上传：先逐项列出不同之处，写明理由后另存为新版本，原版本不变。", TEXT),
    )  # fmt: skip
    for row, (text, style) in enumerate(lines, start=1):
        put(sheet, row, 1, text, style)
        sheet.row_dimensions[row].height = row_height(n_lines(text, ABOUT_WIDTH, style.size), style.size)


class _Choices:
    """The hidden sheet with what may be chosen, one column for each list."""

    def __init__(self, sheet: Worksheet):
        self.sheet, self.count = sheet, 0

    def add(self, title: str, values: Sequence[str]) -> str:
        """Write a list and return the range that holds it."""
        self.count += 1
        letter = get_column_letter(self.count)
        put(self.sheet, 1, self.count, title, HEADER)
        for row, value in enumerate(values, start=2):
            put(self.sheet, row, self.count, value, VALUE)
        return f"{CHOICES}!${letter}$2:${letter}${len(values) + 1}"


def _draw_table(sheet: Worksheet, table: Table, choices: _Choices) -> None:
    texts = [[_written(row[c.field], c) for c in table.columns] for row in table.rows.values()]
    widths = [_width(column, [row[at] for row in texts]) for at, column in enumerate(table.columns)]
    for at, (column, width) in enumerate(zip(table.columns, widths, strict=True), start=1):
        letter = put(sheet, 1, at, column.title, HEADER).column_letter
        sheet.column_dimensions[letter].width = width
        if not column.is_fixed:
            _validate(sheet, f"{letter}{FIRST_ROW}:{letter}{len(texts) + 1}", table, column, choices)
    titles = [column.title for column in table.columns]
    sheet.row_dimensions[1].height = _height(titles, widths)
    for row, values in enumerate(texts, start=FIRST_ROW):
        for at, (column, value) in enumerate(zip(table.columns, values, strict=True), start=1):
            _dress(put(sheet, row, at, value, VALUE if column.kind in ("text", "names") else CENTRED), column)
        sheet.row_dimensions[row].height = _height(values, widths)
    n_named = sum(column.is_fixed or column.field in ("name", "title") for column in table.columns[:2])
    sheet.freeze_panes = sheet.cell(row=FIRST_ROW, column=n_named + 1)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(titles))}{len(texts) + 1}"


def _dress(cell: Cell, column: Column) -> None:
    if not column.is_fixed:
        cell.fill, cell.protection = SOLID["open"], UNLOCKED


def _written(value: Any, column: Column) -> Any:
    if value is None:
        return None
    if column.kind == "choice":
        return column.options.get(value, value)
    if column.kind == "bool":
        return YES if value else NO
    return BETWEEN.join(value) if column.kind == "names" else value


def _width(column: Column, values: Sequence[Any]) -> float:
    longest = max((text_width(str(value)) for value in values if value is not None), default=0)
    least = NUMBER_WIDTH if column.kind == "number" else NARROWEST
    return min(max(longest + 3, min(text_width(column.title), 10) + 4, least), WIDEST)


def _height(values: Sequence[Any], widths: Sequence[float]) -> float:
    lines = [n_lines(v, w) for v, w in zip(values, widths, strict=True) if v is not None]
    return row_height(max(lines, default=1))


def _validate(sheet: Worksheet, cells: str, table: Table, column: Column, choices: _Choices) -> None:
    if column.kind in ("choice", "bool"):
        values = list(column.options.values()) or [YES, NO]
        source = choices.add(f"{table.title}—{column.title}", values)
        rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
        rule.errorTitle, rule.error = "填写有误", "请从下拉列表选择。"
    elif column.kind == "names":
        names = "、".join(column.options)
        hint = f"多个的用“{BETWEEN}”隔开；可填：{names}"
        rule = DataValidation(showInputMessage=True, promptTitle=column.title, prompt=hint[:250])
    elif column.help:
        rule = DataValidation(showInputMessage=True, promptTitle=column.title[:32], prompt=column.help)
    else:
        return
    rule.add(cells)
    sheet.add_data_validation(rule)


class _Weights:
    """The sheet of effective weights: formulas over the other sheets, one column for each category.

    Below them stand the full marks of each system, over the indicators that the category is asked.
    """

    def __init__(self, sheet: Worksheet, scheme: Scheme, tables: dict[str, Table]):
        self.sheet, self.scheme, self.tables = sheet, scheme, tables
        n_systems, n_dimensions, n_indicators = (len(getattr(scheme, part)) for part in PARTS)
        self.systems = FIRST_ROW
        self.dimensions = self.systems + n_systems
        self.indicators = self.dimensions + n_dimensions
        self.full = self.indicators + n_indicators
        self.letters = {
            c.field: get_column_letter(at) for at, c in enumerate(tables["indicators"].columns, start=1)
        }

    def draw(self) -> None:
        """Titles, one row for each system, dimension and indicator, and the full marks."""
        titles = ["部分", "编号", "名称", *(c.name for c in self.scheme.categories)]
        widths = [9, 20, 40, *(NUMBER_WIDTH for _ in self.scheme.categories)]
        for at, (title, width) in enumerate(zip(titles, widths, strict=True), start=1):
            self.sheet.column_dimensions[put(self.sheet, 1, at, title, HEADER).column_letter].width = width
        self.sheet.row_dimensions[1].height = _height(titles, widths)
        starts = {"systems": self.systems, "dimensions": self.dimensions, "indicators": self.indicators}
        for part, start in starts.items():
            for at, entry in enumerate(getattr(self.scheme, part)):
                self._row(start + at, PARTS[part], entry.id, f"={PARTS[part]}!B{FIRST_ROW + at}")
        for at, system in enumerate(self.scheme.systems):
            self._row(self.full + at, "满分", system.id, f"={PARTS['systems']}!B{FIRST_ROW + at}")
        for at, category in enumerate(self.scheme.categories, start=4):
            self._category(at, category.name)
        self.sheet.freeze_panes = "D2"
        note = "“满分”各行是这类单位所答各项在一个责任制中的分值合计，供以上各行计算。"
        put(self.sheet, self.full + len(self.scheme.systems), 1, note, NOTE, wrap=False)

    def _row(self, row: int, part: str, key: str, name: str) -> None:
        put(self.sheet, row, 1, part, CENTRED)
        put(self.sheet, row, 2, key, VALUE)
        put(self.sheet, row, 3, None, VALUE).value = name

    def _category(self, column: int, name: str) -> None:
        letter = get_column_letter(column)
        n_systems = range(len(self.scheme.systems))
        counting = "+".join(f"({letter}{self.full + n}>0)*{self._weight(n)}" for n in n_systems)
        for n in n_systems:
            marks = f"{self._all('points')}*{self._all(self._share(n))}"
            self._put(
                self.full + n,
                column,
                f"=SUMPRODUCT({self._asked(self._all('applies'), name)}*{marks})",
                "0.##",
            )
            own = f"({letter}{self.full + n}>0)*{self._weight(n)}"
            self._put(self.systems + n, column, f"=IF(({counting})>0,{own}/({counting}),0)")
        last = self.indicators + len(self.scheme.indicators) - 1
        for at, dimension in enumerate(self.scheme.dimensions):
            inside = f'({self._all("dimension")}="{_quoted(dimension.name)}")'
            shares = f"{letter}{self.indicators}:{letter}{last}"
            self._put(self.dimensions + at, column, f"=SUMPRODUCT({inside}*{shares})")
        for at in range(len(self.scheme.indicators)):
            self._put(self.indicators + at, column, f"={self._indicator(FIRST_ROW + at, letter, name)}")

    def _indicator(self, row: int, letter: str, name: str) -> str:
        parts = "+".join(
            f"IF({letter}{self.full + n}>0,{letter}{self.systems + n}"
            f"*{self._one(self._share(n), row)}/{letter}{self.full + n},0)"
            for n in range(len(self.scheme.systems))
        )
        return f"{self._asked(self._one('applies', row), name)}*{self._one('points', row)}*({parts})"

    def _put(self, row: int, column: int, formula: str, number_format: str = SHARE_FORMAT) -> None:
        cell = put(self.sheet, row, column, None, CENTRED)
        cell.value, cell.number_format = formula, number_format

    def _asked(self, cells: str, name: str) -> str:
        """1 where the cell, or each of the cells, names the category or everybody."""
        text = f'"{BETWEEN}"&SUBSTITUTE({cells},";","{BETWEEN}")&"{BETWEEN}"'
        found = (f'ISNUMBER(FIND("{BETWEEN}{_quoted(each)}{BETWEEN}",{text}))' for each in (name, EVERYBODY))
        return f"(({'+'.join(found)})>0)"

    def _share(self, number: int) -> str:
        return f"share:{self.scheme.systems[number].id}"

    def _weight(self, number: int) -> str:
        return f"{PARTS['systems']}!$C${FIRST_ROW + number}"

    def _one(self, field: str, row: int) -> str:
        return f"{PARTS['indicators']}!${self.letters[field]}${row}"

    def _all(self, field: str) -> str:
        letter, last = self.letters[field], FIRST_ROW + len(self.scheme.indicators) - 1
        return f"{PARTS['indicators']}!${letter}${FIRST_ROW}:${letter}${last}"


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def _set_up_page(sheet: Worksheet, scheme: Scheme) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    if sheet.title != ABOUT:
        sheet.print_title_rows = "1:1"
        sheet.oddHeader.left.text = f"{scheme.id} {scheme.version} {sheet.title}".replace("&", "&&")
        sheet.oddHeader.right.text = scheme.weights_note.replace("&", "&&")
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
