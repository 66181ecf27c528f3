"""Workbooks that leave for another office: real numbers with formats, a frozen and repeated header, ready to print on A4."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import xlsxwriter

from reporting.theme import is_missing

FONT, SIZE = "宋体", 11
HEAD_BACK, LINE = "#E8EEF4", "#BFC8D0"
A4 = 9
LINE_POINTS, WIDE_FROM, TIGHT = 16, 0x2E7F, 1.0  # TIGHT: no column is filled to its last character


@dataclass(frozen=True)
class Column:
    """One column: header, kind of value, and width in characters."""

    title: str
    kind: Literal["text", "score", "count"] = "text"
    width: float = 12


RESULT_COLUMNS: Mapping[str, Column] = {
    "code": Column("统一社会信用代码", width=21),
    "name": Column("单位名称", width=34),
    "region_path": Column("所在地区", width=26),
    "category_name": Column("单位类别", width=18),
    "state_name": Column("状态", width=9),
    "score": Column("得分", "score", 9),
    "rank": Column("类别内名次", "count", 9),
    "peers": Column("同类单位数", "count", 9),
    "grade_name": Column("等次", width=9),
    "grade_reason_name": Column("等次由来", width=10),
    "vetoes": Column("一票否决依据", width=26),
}


def to_result_list(
    rows: pd.DataFrame, *, title: str, notes: Sequence[str], decimals: int, number: str
) -> bytes:
    """考核结果运用表 (Art. 18) as xlsx: `rows` of `data.queries.result_list`, one line each; `notes` stand below the title.

    `number` is the publication's, repeated at the foot of every page; `decimals` those of the scheme.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": title, "author": "", "comments": f"第 {number} 号公布"})
    sheet = book.add_worksheet("考核结果运用表")
    base = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter"}
    last = len(RESULT_COLUMNS) - 1
    sheet.merge_range(
        0, 0, 0, last, title, book.add_format({**base, "font_size": 18, "bold": True, "align": "center"})
    )
    sheet.set_row(0, 32)
    small = book.add_format({**base, "font_size": 9, "text_wrap": True, "font_color": "#555555"})
    for at, note in enumerate(notes, start=1):
        sheet.merge_range(at, 0, at, last, note, small)
    head = len(notes) + 1
    formats = _formats(book, base, decimals)
    for at, column in enumerate(RESULT_COLUMNS.values()):
        sheet.set_column(at, at, column.width)
        sheet.write_string(head, at, column.title, formats["head"])
    sheet.set_row(head, 30)
    for line, row in enumerate(rows.to_dict("records"), start=head + 1):
        sheet.set_row(line, LINE_POINTS * _lines(row))
        for at, (name, column) in enumerate(RESULT_COLUMNS.items()):
            _write(sheet, line, at, row[name], formats[column.kind])
    sheet.freeze_panes(head + 1, 2)
    sheet.autofilter(head, 0, head + max(len(rows), 1), last)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.set_footer(f"&L&9第 {number} 号公布&R&9第 &P 页，共 &N 页")
    book.close()
    return content.getvalue()


def _formats(book: xlsxwriter.Workbook, base: Mapping[str, Any], decimals: int) -> dict[str, Any]:
    line = {**base, "border": 1, "border_color": LINE}
    score = "0." + "0" * decimals if decimals else "0"
    return {
        "head": book.add_format(
            {**line, "bold": True, "align": "center", "bg_color": HEAD_BACK, "text_wrap": True}
        ),
        "text": book.add_format({**line, "text_wrap": True}),
        "score": book.add_format({**line, "num_format": score, "align": "right"}),
        "count": book.add_format({**line, "num_format": "0", "align": "right"}),
    }


def _lines(row: Mapping[str, Any]) -> int:
    """How many lines the longest text of a row needs in its column; a Chinese character is two wide."""
    texts = ((row[name], column.width) for name, column in RESULT_COLUMNS.items() if column.kind == "text")
    return max(
        math.ceil(sum(2 if ord(c) > WIDE_FROM else 1 for c in text) * TIGHT / width)
        for text, width in texts
        if isinstance(text, str) and text
    )


def _write(sheet: Any, line: int, at: int, value: Any, form: Any) -> None:
    if is_missing(value) or value == "":
        sheet.write_blank(line, at, None, form)
    elif isinstance(value, str):
        sheet.write_string(line, at, value, form)
    else:
        sheet.write_number(line, at, float(value), form)
