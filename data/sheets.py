"""A table as xlsx or csv bytes, safe to open: text that a spreadsheet would run as a formula stays text."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from data.formula_text import begins_like_formula, neutralise

WIDEST_COLUMN = 60  # characters; wider text wraps
HEADER_FONT = Font(bold=True, color="FFFFFF")
HEADER_FILL = PatternFill("solid", start_color="1F4E79")
# Characters that XML cannot hold: controls, and two that are none.
ILLEGAL = {c: None for c in (*range(32), 0xFFFE, 0xFFFF) if c not in (9, 10, 13)}


def to_xlsx(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """One workbook, one sheet per frame: header frozen and coloured, columns as wide as their text."""
    book = Workbook(write_only=True)
    for title, frame in sheets.items():
        sheet = book.create_sheet(_sheet_title(title))
        sheet.freeze_panes = "A2"
        for number, (name, values) in enumerate(frame.items(), start=1):
            longest = max([_width(name), *(_width(v) for v in values.head(300))])
            sheet.column_dimensions[get_column_letter(number)].width = min(longest + 3, WIDEST_COLUMN)
        sheet.append([_header(sheet, name) for name in frame.columns])
        for row in frame.itertuples(index=False, name=None):
            sheet.append([_cell(sheet, value) for value in row])
        if len(frame):
            sheet.auto_filter.ref = f"A1:{get_column_letter(len(frame.columns))}{len(frame) + 1}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def to_csv(frame: pd.DataFrame) -> bytes:
    """UTF-8 with a byte order mark, so that Excel shows Chinese; formula starts get a leading apostrophe."""
    safe = frame.apply(lambda values: values.map(neutralise)).rename(columns=neutralise)
    for name in safe.select_dtypes("datetime").columns:
        safe[name] = safe[name].dt.floor("s")
    return safe.to_csv(index=False).encode("utf-8-sig")


def _cell(sheet, value: Any) -> Any:
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime()
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, microsecond=0)
    if isinstance(value, bool | int | float | date):
        return value
    text = str(value).translate(ILLEGAL)
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # never "f", whatever it begins with
    if begins_like_formula(text):
        cell.quotePrefix = True  # stays text even after someone edits it
    return cell


def _header(sheet, name: object) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, str(name))
    cell.data_type = "s"
    cell.font, cell.fill = HEADER_FONT, HEADER_FILL
    cell.alignment = Alignment(horizontal="center", vertical="center")
    return cell


def _sheet_title(title: str) -> str:
    return "".join("_" if c in r"[]:*?/\'" else c for c in title)[:31] or "表"


def _width(value: object) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in str(value).split("\n")[0])
