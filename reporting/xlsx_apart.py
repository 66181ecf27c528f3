"""A sheet of charts: those of long tables, a page each, where they are found without scrolling past the table."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import xlsxwriter

from reporting.xlsx_charts import PAGE_PX, PAGE_TALL_PX, Place, build_chart
from reporting.xlsx_spec import Sheet
from reporting.xlsx_text import clean, sheet_name

A4, ROW_PX, COLUMN_PX = 9, 20, 64
PAGE_ROWS = PAGE_TALL_PX // ROW_PX + 1
PAGE_COLUMNS = PAGE_PX // COLUMN_PX
PRINT_PERCENT = 78  # leaves room where the default font is wider
EDGE_PX = 30  # other programs draw columns a little narrower
SIDE_BY_SIDE = 3  # pieces of one long chart on a page


class ChartPages:
    """The sheet of charts of one workbook; made only where some table is too long to have its charts below."""

    def __init__(self, book: xlsxwriter.Workbook, name: str, *, footer: str):
        self._book, self._name, self._footer = book, sheet_name(name), footer
        self._sheet: Any = None
        self._pages = 0

    def begin(self) -> None:
        """Make the sheet now, so that it stands here among the others."""
        sheet = self._sheet = self._book.add_worksheet(self._name)
        sheet.hide_gridlines(2)
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.set_margins(left=0.5, right=0.4, top=0.5, bottom=0.6)
        sheet.set_print_scale(PRINT_PERCENT)  # fitting to a page would ignore the breaks below
        sheet.set_footer(self._footer)

    def take(self, sheet: Sheet, place: Place) -> None:
        """Draw the charts of a table: pieces under one title beside each other, everything else on a page of its own."""
        for _, group in groupby(sheet.charts, key=lambda chart: chart.title):
            pieces = list(group)
            for start in range(0, len(pieces), SIDE_BY_SIDE):
                beside = pieces[start : start + SIDE_BY_SIDE]
                for at, chart in enumerate(beside):
                    built = build_chart(self._book, sheet, chart, place)
                    wide = (PAGE_COLUMNS * COLUMN_PX - EDGE_PX) // len(beside)
                    built.set_size({"width": wide, "height": PAGE_TALL_PX})
                    options = {"x_offset": at * wide, "object_position": 2, "description": clean(chart.title)}
                    self._sheet.insert_chart(self._pages * PAGE_ROWS, 0, built, options)
                self._pages += 1

    def end(self) -> None:
        """Break the pages where the charts do."""
        if self._sheet is None:
            return
        self._sheet.print_area(0, 0, self._pages * PAGE_ROWS - 1, PAGE_COLUMNS - 1)
        self._sheet.set_h_pagebreaks([page * PAGE_ROWS for page in range(1, self._pages)])
