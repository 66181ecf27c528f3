"""Reads the finished workbook back as its reader sees it: tables by their headers, and where charts point."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pandas as pd
from openpyxl.utils import range_boundaries

NOTHING = "∅"  # an empty cell


def read_book(content: bytes, *, is_computed: bool = False) -> openpyxl.Workbook:
    """The workbook; `is_computed`: with kept values in place of formulas."""
    return openpyxl.load_workbook(io.BytesIO(content), data_only=is_computed)


def read_table(sheet) -> pd.DataFrame:
    """What the filter of a sheet spans, under its headers; line breaks of headers taken out."""
    left, top, right, bottom = range_boundaries(sheet.auto_filter.ref)
    lines = [
        [cell.value for cell in row]
        for row in sheet.iter_rows(min_row=top, max_row=bottom, min_col=left, max_col=right)
    ]
    return pd.DataFrame(lines[1:], columns=[str(title).replace("\n", "") for title in lines[0]], dtype=object)


def closing_row(sheet) -> list:
    """The cells right below the table."""
    left, _, right, bottom = range_boundaries(sheet.auto_filter.ref)
    return [sheet.cell(bottom + 1, column).value for column in range(left, right + 1)]


def plain(value):
    """A value of a query as a cell holds it: missing ones alike, numbers as floats, times to the second, 是 and 否."""
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "是" if value else "否"
    if value is None or value is pd.NA or value is pd.NaT or value != value or value == "":
        return NOTHING
    if isinstance(value, datetime):
        return pd.Timestamp(value).to_pydatetime().replace(microsecond=0)
    return value if isinstance(value, str) else round(float(value), 9)


def alike(table: pd.DataFrame, expected: dict[str, pd.Series]) -> None:
    """Assert that the table has these columns in any order and exactly these values, row by row."""
    assert sorted(table.columns) == sorted(expected)
    for title, values in expected.items():
        assert [plain(v) for v in table[title]] == [plain(v) for v in values], title
