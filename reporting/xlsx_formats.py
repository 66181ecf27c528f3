"""Fonts, number formats, widths and heights of a workbook that is read on screen, filtered, and printed on A4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import xlsxwriter

from reporting.theme import is_missing
from reporting.xlsx_spec import Column
from reporting.xlsx_text import clean, lines, widest

FONT, SIZE = "宋体", 10.5
HEAD_BACK, SUM_BACK, LINE, QUIET = "#E8EEF4", "#F2F5F8", "#BFC8D0", "#555555"
LINE_POINTS, PAD_POINTS = 14.5, 4
WRAPPED = ("text", "label")
NARROWEST, WIDEST = 7, 36
HEAD_WRAPS_AT = 10  # a header may break so that a narrow column stays narrow
TIGHT = 0.96  # no line is filled to its last digit

_FIXED = {"count": 8, "flag": 7, "exact": 11, "points": 9, "percent": 9, "date": 12, "time": 17.5}


class Formats:
    """The formats of one workbook, each made once; `decimals` are those of the scheme's scores."""

    def __init__(self, book: xlsxwriter.Workbook, *, decimals: int):
        score = score_format(decimals)
        self._book = book
        self._numbers = {
            "count": "#,##0",
            "score": score,
            "exact": "0.0000",
            "points": "0.000",
            "signed": f"+{score};-{score};{score}",
            "percent": "0.0%",
            "date": "yyyy-mm-dd",
            "time": "yyyy-mm-dd hh:mm",
        }
        base = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter"}
        line = {**base, "border": 1, "border_color": LINE}
        self.title = self._of({**base, "font_size": 16, "bold": True})
        self.form_title = self._of({**base, "font_size": 18, "bold": True, "align": "center"})
        self.note = self._of({**base, "font_size": 9, "text_wrap": True, "font_color": QUIET})
        self.way = self._of({**base, "font_size": 9, "font_color": "#1f5f99", "underline": 1})
        head = {**line, "bold": True, "align": "center", "bg_color": HEAD_BACK, "text_wrap": True}
        self.head = self._of(head)
        self.upright = self._of({**head, "rotation": 90, "align": "left", "font_size": 9, "bold": False})
        self._cells = {kind: self._of({**line, **self._kind(kind)}) for kind in (*self._numbers, *_TEXTS)}
        closing = {"bold": True, "bg_color": SUM_BACK, "top": 2}
        self._closing = {kind: self._of({**line, **self._kind(kind), **closing}) for kind in self._cells}

    def cell(self, column: Column, *, is_closing: bool = False) -> Any:
        """The format of a column's cells, or of its cell in the closing row."""
        kind = "label" if column.paint == "grades" else column.kind
        return (self._closing if is_closing else self._cells)[kind]

    def start(self) -> Any:
        """The format of the score that steps begin with: a score in a column of signed points."""
        return self._cells["score"]

    def _kind(self, kind: str) -> Mapping[str, Any]:
        if kind in ("date", "time"):
            return {"num_format": self._numbers[kind], "align": "center"}
        if kind in self._numbers:
            return {"num_format": self._numbers[kind], "align": "right", "indent": 1}
        return _TEXTS[kind]

    def _of(self, properties: Mapping[str, Any]) -> Any:
        return self._book.add_format(dict(properties))


_TEXTS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True},
    "label": {"text_wrap": True, "align": "center"},
    "code": {"num_format": "@"},
    "flag": {"align": "center"},
    "link": {"font_color": "#1f5f99", "underline": 1},
}


def score_format(decimals: int) -> str:
    """0.00 for two decimals."""
    return "0." + "0" * decimals if decimals else "0"


def column_width(column: Column, values: pd.Series) -> float:
    """The column's width, or one that fits its values and breaks its header into few lines."""
    if column.width is not None:
        return column.width
    head = widest([column.title]) if column.is_upright else widest(column.title.split("\n"))
    head = head if head <= HEAD_WRAPS_AT else max(head / 2 + 1, HEAD_WRAPS_AT)
    if column.is_upright:
        return 6
    if column.kind in _FIXED:
        return max(_FIXED[column.kind], head + 1.5)
    if column.kind in ("score", "signed"):
        return max(8, head + 1.5)
    content = widest(clean(value) for value in values.unique() if not is_missing(value))
    return min(max(content + 1.5, head + 1.5, NARROWEST), WIDEST)


def row_points(texts: list[tuple[str, float]]) -> float | None:
    """The height of a row whose wrapped texts stand in columns of these widths; None where one line is enough."""
    most = max((lines(text, room * TIGHT) for text, room in texts), default=1)
    return min(most * LINE_POINTS + PAD_POINTS, 409) if most > 1 else None
