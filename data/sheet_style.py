"""How the cells of every workbook we write look: fonts by name only, colours that print, heights that fit the text."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.worksheet import Worksheet

from data.formula_text import begins_like_formula

FONT = "微软雅黑"  # by name: a machine without it falls back by itself
ACCENT, INK, GREY_INK, ALERT_INK = "1F4E79", "1F2933", "6B7280", "9C1C1C"
LINE_HEIGHT = 1.45  # of the font's size, in points; what 微软雅黑 needs
MAX_HEIGHT = 409.0  # points; the most that Excel allows

COLOURS = {
    "head": "DCE6F1",
    "group": "EEF3F8",
    "open": "FFF8DB",
    "filled": "E6F4EA",
    "alert": "FFD9B0",
    "closed": "E5E7EB",
    "bad": "F8C9C4",
}
SOLID = {key: PatternFill("solid", start_color=colour, end_color=colour) for key, colour in COLOURS.items()}
FILLS = SOLID
_SIDE = Side(style="thin", color="B8C2CC")
BOX = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)


@dataclass(frozen=True)
class Style:
    """A look of cells; `size` in points."""

    size: float = 10
    bold: bool = False
    colour: str = INK
    fill: str | None = None
    boxed: bool = False
    horizontal: str = "left"
    vertical: str = "center"


TITLE = Style(size=15, bold=True, colour=ACCENT)
LABEL = Style(size=11, bold=True, colour=ACCENT)
TEXT = Style()
NOTE = Style(size=9, colour=GREY_INK)
HEADER = Style(bold=True, colour=ACCENT, fill="head", boxed=True, horizontal="center")
VALUE = Style(boxed=True)
CENTRED = Style(boxed=True, horizontal="center")
GROUP = Style(size=10.5, bold=True, colour=ACCENT, fill="group")

_fonts = {}
_alignments = {}


def put(
    sheet: Worksheet,
    row: int,
    column: int,
    value: object,
    style: Style = TEXT,
    *,
    fill: str | None = None,
    wrap: bool = True,
) -> Cell:
    """Write a value with a style; text that begins with = + - @ stays text."""
    cell = sheet.cell(row=row, column=column)
    cell.value = value
    if isinstance(value, str):
        keep_text(cell, value)
    return dress(cell, style, fill=fill, wrap=wrap)


def keep_text(cell: Cell, text: str) -> None:
    """Text stays text, now and after somebody has edited the cell."""
    cell.data_type = "s"
    if begins_like_formula(text):
        cell.quotePrefix = True


def dress(cell: Cell, style: Style, *, fill: str | None = None, wrap: bool = True) -> Cell:
    """Give a cell a style, leaving its value."""
    cell.font = _fonts.setdefault(
        (style.size, style.bold, style.colour),
        Font(name=FONT, size=style.size, bold=style.bold, color=style.colour),
    )
    cell.alignment = _alignments.setdefault(
        (style.horizontal, style.vertical, wrap),
        Alignment(horizontal=style.horizontal, vertical=style.vertical, wrap_text=wrap),
    )
    if key := fill or style.fill:
        cell.fill = SOLID[key]
    if style.boxed:
        cell.border = BOX
    return cell


UNLOCKED = Protection(locked=False)


def protect(sheet: Worksheet) -> None:
    """Lock the sheet, without a password; widths, heights, filters and selection stay free."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False  # in this file format False means: not forbidden
    sheet.protection.formatRows = False
    sheet.protection.autoFilter = False
    sheet.protection.sort = False


def text_width(text: str) -> int:
    """In Excel's character units: a Chinese character is two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def n_lines(text: object, width: float, size: float = 10) -> int:
    """How many lines wrapped text needs in a column this many character units wide."""
    per_line = max((width - 1) * 11 / size * 0.97, 2)
    return sum(max(1, math.ceil(text_width(line) / per_line)) for line in str(text).split("\n"))


def row_height(lines: int, size: float = 10) -> float:
    """Points for so many lines of text."""
    return min(round(lines * size * LINE_HEIGHT + 5, 1), MAX_HEIGHT)


def height_for(text: str, width: float, style: Style) -> float:
    """Row height in points for one text in this width."""
    return row_height(n_lines(text, width, style.size), style.size)
