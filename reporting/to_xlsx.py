"""Workbooks that leave for another office: real numbers with formats, a frozen and repeated header, ready to print on A4."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_range, xl_range_abs

from reporting.theme import is_missing
from reporting.xlsx_apart import ChartPages
from reporting.xlsx_charts import CHART_PX, Place, build_chart, chart_height
from reporting.xlsx_formats import WRAPPED, Formats, column_width, row_points
from reporting.xlsx_paint import Paints
from reporting.xlsx_spec import Column, Sheet
from reporting.xlsx_text import clean, foot, lines, sheet_name

PAPERS = {"A4": 9, "A3": 8}
CHARTS_BELOW_MOST = 25  # rows: below a longer table nobody would find its charts
HEADING_WIDTH = 90  # digits that title and notes may run over, also above a narrow table
WIDEST_CHART_PX = 1300
DIGIT_PX, ROW_PX, GAP_ROWS, DEFAULT_WIDTH = 7, 20, 1, 8.43
MOST_MEASURED = 1000  # characters that decide how tall a row is
NOISE = 1e-9  # what sums leave where they are nothing, which an office program would write as -0.000
VISIBLE_SUM, WHOLE_SUM = "SUBTOTAL(109,{})", "SUM({})"

RESULT_COLUMNS: Mapping[str, Column] = {
    "code": Column("统一社会信用代码", "code", 21),
    "name": Column("单位名称", width=34),
    "region_path": Column("所在地区", width=26),
    "category_name": Column("单位类别", width=18),
    "state_name": Column("状态", "label", width=9),
    "score": Column("得分", "score", 9),
    "rank": Column("类别内名次", "count", 9),
    "peers": Column("同类单位数", "count", 9),
    "grade_name": Column("等次", "label", width=9),
    "grade_reason_name": Column("等次由来", "label", width=10),
    "vetoes": Column("一票否决依据", width=26),
}


def to_result_list(
    rows: pd.DataFrame, *, title: str, notes: Sequence[str], decimals: int, number: str
) -> bytes:
    """考核结果运用表 (Art. 18) as xlsx: `rows` of `data.queries.result_list`, one line each; `notes` stand below the title.

    `number` is the publication's, repeated at the foot of every page; `decimals` those of the scheme.
    """
    rows = rows.assign(region_path=rows["region_path"].str.split("/", n=1).str[-1])  # all lie in the province
    sheet = Sheet("考核结果运用表", title, RESULT_COLUMNS, rows, notes=tuple(notes), frozen=2, is_form=True)
    return write_book([sheet], title=title, stamp=f"第 {number} 号公布", decimals=decimals)


def write_book(
    sheets: Sequence[Sheet],
    *,
    title: str,
    stamp: str,
    decimals: int,
    grades: Mapping[str, str] | None = None,
    created: datetime | None = None,
    charts_name: str = "图表",
    on_sheet: Callable[[], None] | None = None,
) -> bytes:
    """The sheets as one xlsx. `stamp` stands at the foot of every page; `grades`: name of a grade → its colour.

    Charts stand below their table; those of a table longer than CHARTS_BELOW_MOST rows on a sheet of their own named
    `charts_name` after the first sheet, a page each. `created` goes into the file's properties; `on_sheet` is called after each sheet.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    about = {"title": clean(title), "author": "", "comments": clean(stamp)}
    book.set_properties(about | ({"created": created} if created else {}))
    writer = _Writer(book, stamp=stamp, decimals=decimals, grades=grades or {})
    apart = ChartPages(book, charts_name, footer=writer.footer)
    for at, sheet in enumerate(sheets):
        place = writer.write(sheet)
        if at == 0 and any(has_charts_apart(each) for each in sheets):
            apart.begin()
        if has_charts_apart(sheet):
            apart.take(sheet, place)
        if on_sheet:
            on_sheet()
    apart.end()
    book.close()
    return content.getvalue()


def has_charts_apart(sheet: Sheet) -> bool:
    """Whether the sheet's charts stand on the sheet of charts."""
    return bool(sheet.charts) and len(sheet.rows) > CHARTS_BELOW_MOST


class _Writer:
    """Writes sheets into one workbook, in its formats and colours."""

    def __init__(self, book: xlsxwriter.Workbook, *, stamp: str, decimals: int, grades: Mapping[str, str]):
        self._book, self._decimals = book, decimals
        self._formats = {decimals: Formats(book, decimals=decimals)}
        self._paints = Paints(book, grades=grades)
        self.footer = f"&L&9 {foot(stamp)}&R&9 第 &P 页，共 &N 页"

    def write(self, sheet: Sheet) -> Place:
        """One worksheet with everything on it but charts that stand apart."""
        made, formats = self._book.add_worksheet(sheet_name(sheet.name)), self._formats_of(sheet)
        shown, every = list(sheet.columns.values()), {**sheet.columns, **sheet.helpers}
        widths = [column_width(column, sheet.rows[name]) for name, column in every.items()]
        for at, width in enumerate(widths):
            is_helper = at >= len(shown)
            made.set_column(at, at, width, None, {"level": 1, "hidden": True} if is_helper else {})
        if sheet.helpers:
            made.set_column(len(every), len(every), DEFAULT_WIDTH, None, {"collapsed": True})
        head = self._write_heading(made, sheet, widths[: len(shown)], formats)
        self._write_head(made, head, list(every.values()), widths, formats)
        first, last = head + 1, head + max(len(sheet.rows), 1)
        self._write_rows(made, first, sheet, every, widths, formats)
        closing = None if sheet.closing is None else last + 1
        place = Place(made.name, first, last, closing, {name: at for at, name in enumerate(every)})
        if closing is not None:
            self._write_closing(made, sheet, every, place, formats)
        if len(sheet.rows):
            self._paints.paint(made, shown, first=first, last=last)
            right = len(shown) - 1
            self._book.define_name(
                re.sub(r"\W", "", made.name), f"='{made.name}'!{xl_range_abs(head, 0, last, right)}"
            )
        codes = [xl_range(first, at, last, at) for at, column in enumerate(shown) if column.kind == "code"]
        if codes:  # or a green corner in every cell asks whether the code should not be a number
            made.ignore_errors({"number_stored_as_text": " ".join(codes)})
        made.freeze_panes(first, sheet.frozen)
        made.autofilter(head, 0, last, len(shown) - 1)
        bottom, right = self._write_charts(made, sheet, place, widths[: len(shown)])
        self._set_up_page(made, sheet, head, bottom, right)
        return place

    def _formats_of(self, sheet: Sheet) -> Formats:
        """The formats of a sheet's decimals, made once."""
        decimals = self._decimals_of(sheet)
        if decimals not in self._formats:
            self._formats[decimals] = Formats(self._book, decimals=decimals)
        return self._formats[decimals]

    def _decimals_of(self, sheet: Sheet) -> int:
        return self._decimals if sheet.decimals is None else sheet.decimals

    def _write_heading(self, made: Any, sheet: Sheet, widths: list[float], formats: Formats) -> int:
        """Title and notes over enough columns; the row where the table's header goes."""
        right, room = _span(widths)
        if sheet.is_form and len(widths) - 1 > right:
            right, room = len(widths) - 1, sum(widths)
        for at, text in enumerate((sheet.title, *sheet.notes)):
            text = clean(text)
            if at == 0:
                form = formats.form_title if sheet.is_form else formats.title
                points = 32 if sheet.is_form else 26
            else:
                form = formats.note
                points = 13 * lines(text, room * 1.15) + 2
            if right:
                made.merge_range(at, 0, at, right, None, form)
            made.write_string(at, 0, text, form)
            made.set_row(at, points)
        return len(sheet.notes) + 1

    def _write_head(
        self, made: Any, head: int, columns: list[Column], widths: list[float], formats: Formats
    ) -> None:
        points = 0.0
        for at, (column, width) in enumerate(zip(columns, widths, strict=True)):
            form = formats.upright if column.is_upright else formats.head
            made.write_string(head, at, clean(column.title), form)
            needed = 118 if column.is_upright else 15 * lines(column.title, width - 0.5) + 8
            points = max(points, needed)
        made.set_row(head, max(points, 30))

    def _write_rows(
        self,
        made: Any,
        first: int,
        sheet: Sheet,
        every: Mapping[str, Column],
        widths: list[float],
        formats: Formats,
    ) -> None:
        plan = [
            (at, column, sheet.rows[name].tolist(), formats.cell(column), widths[at])
            for at, (name, column) in enumerate(every.items())
        ]
        start = formats.start()
        signed = [at for at, column, *_ in plan if sheet.is_steps and column.kind == "signed"]
        for offset in range(len(sheet.rows)):
            line, texts = first + offset, []
            for at, column, values, form, width in plan:
                value = values[offset]
                _write(made, line, at, value, column, start if offset == 0 and at in signed else form)
                if column.kind in WRAPPED and isinstance(value, str):
                    texts.append((value[:MOST_MEASURED], width))
            points = row_points(texts)
            if points:
                made.set_row(line, points)

    def _write_closing(
        self, made: Any, sheet: Sheet, every: Mapping[str, Column], place: Place, formats: Formats
    ) -> None:
        decimals = self._decimals_of(sheet)
        pattern = VISIBLE_SUM if sheet.sums_follow_filter else WHOLE_SUM
        for at, (name, column) in enumerate(every.items()):
            shown = replace(column, kind="score") if sheet.is_steps and column.kind == "signed" else column
            form = formats.cell(shown, is_closing=True)
            if column.has_sum:
                total = math.fsum(v for v in sheet.rows[name] if not is_missing(v))
                formula = pattern.format(xl_range(place.first, at, place.last, at))
                if column.kind in ("score", "signed"):  # parts are printed so that they add up
                    formula, total = f"ROUND({formula},{decimals})", round(total, decimals)
                made.write_formula(place.closing, at, f"={formula}", form, total)
            else:
                _write(made, place.closing, at, sheet.closing.get(name), column, form)

    def _write_charts(self, made: Any, sheet: Sheet, place: Place, widths: list[float]) -> tuple[int, int]:
        """Charts below a short table, beside each other; the last row and column that print."""
        names = list(sheet.columns)
        printed = widths if sheet.print_to is None else widths[: names.index(sheet.print_to) + 1]
        bottom, right = place.closing or place.last, max(len(printed) - 1, _span(printed)[0])
        if not sheet.charts or has_charts_apart(sheet):
            return bottom, right
        least = CHART_PX if sheet.print_to is None else 0  # what lies further right does not print
        wide = min(max(_pixels(printed), least), WIDEST_CHART_PX)
        top, tall = bottom + GAP_ROWS + 1, max(chart_height(sheet, chart, place) for chart in sheet.charts)
        each = int(wide) // len(sheet.charts)
        for at, chart in enumerate(sheet.charts):
            built = build_chart(self._book, sheet, chart, place)
            built.set_size({"width": each, "height": tall})
            options = {"x_offset": at * each, "object_position": 2, "description": clean(chart.title)}
            made.insert_chart(top, 0, built, options)
        return top + math.ceil(tall / ROW_PX), max(right, _columns_over(printed, wide, len(sheet.helpers)))

    def _set_up_page(self, made: Any, sheet: Sheet, head: int, bottom: int, right: int) -> None:
        made.set_paper(PAPERS[sheet.paper])
        made.set_landscape()
        is_whole = bool(sheet.charts) and not has_charts_apart(sheet)  # no chart is cut by the end of a page
        made.fit_to_pages(1, 1 if is_whole else 0)
        made.repeat_rows(head)
        made.print_area(0, 0, bottom, right)
        made.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        made.set_footer(self.footer)
        made.hide_gridlines(2)


def _write(made: Any, line: int, at: int, value: Any, column: Column, form: Any) -> None:
    if is_missing(value) or value == "":
        made.write_blank(line, at, None, form)
    elif column.kind == "flag":
        made.write_string(line, at, "是" if value else "否", form)
    elif column.kind == "link":
        made.write_url(line, at, f"internal:'{sheet_name(value)}'!A1", form, clean(value))
    elif isinstance(value, datetime):  # pd.Timestamp is one
        made.write_datetime(line, at, value.replace(microsecond=0, tzinfo=None), form)
    elif isinstance(value, str):
        made.write_string(line, at, clean(value), form)
    else:
        made.write_number(line, at, float(value) if abs(value) > NOISE else 0.0, form)


def _span(widths: Sequence[float]) -> tuple[int, float]:
    """The last of the columns that a heading runs over, and how wide they are together."""
    total = 0.0
    for at, width in enumerate([*widths, *[DEFAULT_WIDTH] * 20]):
        total += width
        if total >= HEADING_WIDTH:
            return at, total
    raise AssertionError("twenty columns are wide enough")


def _pixels(widths: Sequence[float]) -> float:
    return sum(width * DIGIT_PX + 5 for width in widths)


def _columns_over(widths: Sequence[float], pixels: int, hidden: int) -> int:
    """The last column that something so many pixels wide reaches into."""
    left = pixels - _pixels(widths)
    more = max(math.ceil(left / (DEFAULT_WIDTH * DIGIT_PX + 5)), 0)
    return len(widths) - 1 + (more + hidden if more else 0)
