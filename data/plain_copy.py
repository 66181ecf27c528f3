"""Takes out of a stranger's workbook what would compute, fetch or lead elsewhere, before a copy of it is handed on.

Formulas become the values that they had when the file was saved; only the template's own count of open answers stays
alive. The copy is opened by whoever collects the files, not only by whoever wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.worksheet.worksheet import Worksheet

from data.answer_sheet import open_count_formula
from data.formula_text import begins_like_formula
from data.sheet_scan import SheetScan

HARMLESS_LINKS = ("http:", "https:", "mailto:")
# What the template's own rules for cells use, and what people's simple ones do; none of these fetches or runs anything.
RULE_FUNCTIONS = re.compile(
    r"AND|OR|NOT|IF|ISNUMBER|ISERROR|ISBLANK|ISTEXT|LEN|TRIM|LEFT|RIGHT|MID|EXACT|INT|ROUND|MOD|ABS|MIN|MAX|SUM|"
    r"SUMPRODUCT|COUNT|COUNTA|COUNTIF|DATE|YEAR|MONTH|DAY|TODAY|ROW|COLUMN",
    re.IGNORECASE,
)
_FUNCTION = re.compile(r"([A-Za-z_.][\w.]*)\s*\(")
_QUOTED = re.compile(r'"[^"]*"')

# The count's formula with any cells in it: inserted rows and columns move them.
_OWN_FORMULA = re.compile(
    re.sub(r"\\\$[A-Z]\\\$\d+", lambda _: r"\$[A-Z]{1,3}\$\d{1,7}", re.escape(open_count_formula(1)))
)


def make_plain(book: Workbook, scans: Iterable[SheetScan]) -> None:
    """Change the workbook in place; `scans` tell the stored results of its formulas, by sheet name."""
    by_name = {scan.name: scan for scan in scans}
    book.defined_names.clear()
    for sheet in book.worksheets:
        sheet.defined_names.clear()
        _plain_rules(sheet)
        scan = by_name.get(sheet.title) or SheetScan(sheet.title, "visible")
        for cell in existing_cells(sheet):
            _plain_cell(cell, scan)


def existing_cells(sheet: Worksheet) -> list[Cell]:
    """The cells that are there. The sheet's own iterators make every empty one in between, millions in a wide sheet."""
    return list(sheet._cells.values())


def is_plain_rule(formula: object) -> bool:
    """Whether a rule's formula only compares and counts; words between quotation marks are text."""
    text = _QUOTED.sub("", str(formula or ""))
    return not set("|[") & set(text) and all(map(RULE_FUNCTIONS.fullmatch, _FUNCTION.findall(text)))


def _plain_cell(cell: Cell, scan: SheetScan) -> None:
    if cell.data_type == "f" and not _OWN_FORMULA.fullmatch(str(cell.value)):
        _store_result(cell, scan)
    if isinstance(cell.value, str) and cell.data_type == "s" and begins_like_formula(cell.value):
        cell.quotePrefix = True  # text that stays text even after somebody has edited it
    link = cell.hyperlink
    if link and link.target and not link.target.lower().startswith(HARMLESS_LINKS):
        cell.hyperlink = None


def _store_result(cell: Cell, scan: SheetScan) -> None:
    """The value in place of the formula; one that was never computed stays to be read, as text."""
    place = cell.row, cell.column
    result = scan.results.get(cell.coordinate)
    if place in scan.errors:
        cell.value, cell.data_type = scan.errors[place], "e"
    elif place in scan.unsaved:
        cell.value, cell.data_type = scan.unsaved[place], "s"
    elif result is None:
        cell.value = None
    elif result.type == "b":
        cell.value = result.value == "1"
    elif result.type in ("", "n"):
        cell.value = float(result.value)
    else:
        cell.value, cell.data_type = result.value, "s"


def _plain_rules(sheet: Worksheet) -> None:
    """Only such validations and conditional formats as compare and count."""
    validations = sheet.data_validations
    validations.dataValidation = [
        each
        for each in validations.dataValidation
        if is_plain_rule(each.formula1) and is_plain_rule(each.formula2)
    ]
    before = [(area.sqref, list(area.rules)) for area in sheet.conditional_formatting]
    sheet.conditional_formatting = ConditionalFormattingList()
    for ranges, rules in before:
        for rule in rules:
            if all(map(is_plain_rule, rule.formula or ())):
                sheet.conditional_formatting.add(str(ranges), rule)
