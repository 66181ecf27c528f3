"""Gives a refused workbook back: bad cells red with the message as a comment, and a list of all problems in front.

The marked copy, once mended, can be handed in itself: the list's sheet is ignored and comments do no harm.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from data.layout import BY_KEY, PROBLEM_SHEET
from data.package import pack, read_package, repack, write_package
from data.plain_copy import existing_cells, make_plain
from data.problems import SEVERITY_NAMES, Problem
from data.sheet_scan import FormulaResult, SheetScan, scan_workbook
from data.sheet_style import (
    ACCENT,
    ALERT_INK,
    CENTRED,
    COLOURS,
    FONT,
    HEADER,
    NOTE,
    SOLID,
    TITLE,
    VALUE,
    height_for,
    put,
)
from data.workbook import RawWorkbook, read_workbook

AUTHOR = "自评表检查"
COMMENT_WIDTH, COMMENT_LINE = 300, 22  # pixels
# What openpyxl makes objects of, 0.1 ms and 1 KB for each cell; a workbook of ours has 500 cells in 0.4 MB of XML.
MOST_MARKED_BYTES, MOST_MERGED_CELLS = 4 * 1024 * 1024, 20_000
FORMULA_TEXT = 200  # characters; Excel allows 255 of text inside a formula

_ANSWER_LETTERS = frozenset(BY_KEY[key].letter for key in ("value", "numerator", "denominator"))
_LIST_COLUMNS = (("序号", 7), ("程度", 8), ("位置", 20), ("问题", 58), ("改正办法", 58))


def mark_workbook(content: bytes, problems: Sequence[Problem]) -> bytes:
    """The workbook with its bad cells marked, as bytes; a new one with the list alone where it cannot be opened.

    The copy holds the values of the file's formulas, not the formulas (`data.plain_copy`).
    """
    raw, _ = read_workbook(content)
    if raw is not None and _is_usual(content, raw):
        try:
            return _mark(content, problems)
        except (
            Exception
        ):  # openpyxl fails in its own ways on what other programs wrote; the list is owed anyway
            pass
    return list_problems(problems)


def _is_usual(content: bytes, raw: RawWorkbook) -> bool:
    """Whether a file is of a size that can be marked in good time."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        n_bytes = sum(entry.file_size for entry in archive.infolist() if entry.filename.endswith(".xml"))
    areas = (area for sheet in raw.sheets for area in sheet.merged)
    n_merged = sum((abs(bottom - top) + 1) * (abs(right - left) + 1) for top, left, bottom, right in areas)
    return n_bytes <= MOST_MARKED_BYTES and n_merged <= MOST_MERGED_CELLS


def list_problems(problems: Sequence[Problem]) -> bytes:
    """A new workbook with the list of problems alone."""
    book = Workbook()
    _write_list(book, book.active, problems)
    return _save(book)


def _mark(content: bytes, problems: Sequence[Problem]) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # extensions that openpyxl does not carry over are not the user's concern
        book = load_workbook(io.BytesIO(content))
    scans, _ = scan_workbook(content)
    make_plain(book, scans)
    _forget_marks(book)
    by_cell: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        if problem.sheet in book.sheetnames and problem.cell:
            by_cell.setdefault((problem.sheet, problem.cell), []).append(problem)
    for (sheet, cell), found in by_cell.items():
        _mark_cell(book[sheet], cell, found)
    _write_list(book, book.create_sheet(PROBLEM_SHEET, 0), problems)
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet.title == PROBLEM_SHEET
    book.active = 0
    return _store_results(_save(book), scans)


def _forget_marks(book: Workbook) -> None:
    """Take away what an earlier marking left, so that mended cells do not stay red."""
    if PROBLEM_SHEET in book.sheetnames:
        book.remove(book[PROBLEM_SHEET])
    for sheet in book.worksheets:
        for cell in existing_cells(sheet):
            if cell.comment and cell.comment.author == AUTHOR:
                cell.comment = None
                if str(cell.fill.start_color.rgb)[-6:] in (COLOURS["bad"], COLOURS["alert"]):
                    cell.fill = SOLID["closed" if cell.protection.locked else "open"]


def _mark_cell(sheet: Worksheet, reference: str, problems: Sequence[Problem]) -> None:
    cell = _top_left(sheet, reference)
    texts = [f"【{SEVERITY_NAMES[p.severity]}】{_without_place(p)}" for p in problems]
    if cell.comment:
        texts.append(cell.comment.text)
    text = "\n".join(texts)
    n_lines = sum(len(line) // 20 + 1 for line in text.split("\n"))
    cell.comment = Comment(text, AUTHOR, width=COMMENT_WIDTH, height=COMMENT_LINE * (n_lines + 1))
    kind = "bad" if any(problem.severity == "error" for problem in problems) else "alert"
    cell.fill = SOLID[kind]
    bad = FormulaRule([_while_unchanged(cell)], fill=SOLID[kind], stopIfTrue=True)
    is_answer = cell.column_letter in _ANSWER_LETTERS
    mended = f"LEN(TRIM(${cell.column_letter}${cell.row}))>0"
    good = FormulaRule([mended], fill=SOLID["filled" if is_answer else "open"])
    _format_alone(sheet, cell, [bad, good])


def _top_left(sheet: Worksheet, reference: str) -> Cell:
    cell = sheet[reference]
    if isinstance(cell, MergedCell):
        area = next(area for area in sheet.merged_cells.ranges if reference in area)
        cell = sheet.cell(row=area.min_row, column=area.min_col)
    return cell


def _while_unchanged(cell: Cell) -> str:
    """A condition that holds as long as the bad value stands there."""
    value, place = cell.value, f"${cell.column_letter}${cell.row}"
    if cell.data_type in ("f", "e"):
        return f"ISERROR({place})"
    if value is None:
        return f"LEN(TRIM({place}))=0"
    if isinstance(value, datetime | date):
        return f"INT({place})=DATE({value.year},{value.month},{value.day})"
    if isinstance(value, bool):
        return f"{place}={str(value).upper()}"
    if isinstance(value, int | float):
        return f"{place}={value!r}"
    text = str(value)
    if len(text) > FORMULA_TEXT or "\n" in text:
        return f"LEN({place})={len(text)}"
    quoted = text.replace('"', '""')
    return f'EXACT({place},"{quoted}")'


def _format_alone(sheet: Worksheet, cell: Cell, rules: Sequence[FormulaRule]) -> None:
    """Give a cell these rules instead of all others: where ranges overlap, not every program heeds priorities."""
    before = [(area.sqref, list(area.rules)) for area in sheet.conditional_formatting]
    sheet.conditional_formatting = ConditionalFormattingList()
    for ranges, existing in before:
        pieces = [piece for each in ranges.ranges for piece in _without_cell(each, cell)]
        for rule in existing if pieces else ():
            sheet.conditional_formatting.add(" ".join(pieces), rule)
    for rule in rules:
        sheet.conditional_formatting.add(cell.coordinate, rule)


def _without_cell(area: CellRange, cell: Cell) -> list[str]:
    """An area as up to four areas that leave the cell out."""
    left, top, right, bottom = area.bounds
    row, column = cell.row, cell.column
    if not (top <= row <= bottom and left <= column <= right):
        return [area.coord]
    pieces = (
        (left, top, right, row - 1),
        (left, row, column - 1, row),
        (column + 1, row, right, row),
        (left, row + 1, right, bottom),
    )
    return [
        CellRange(min_col=a, min_row=b, max_col=c, max_row=d).coord
        for a, b, c, d in pieces
        if a <= c and b <= d
    ]


def _without_place(problem: Problem) -> str:
    return problem.message.removeprefix(f"{problem.place}：")


def _write_list(book: Workbook, sheet: Worksheet, problems: Sequence[Problem]) -> None:
    sheet.title = PROBLEM_SHEET
    errors = sum(problem.severity == "error" for problem in problems)
    put(sheet, 1, 1, f"问题清单（错误 {errors} 项，提醒 {len(problems) - errors} 项）", TITLE, wrap=False)
    hint = "请逐项改正标红的单元格，保存后直接上传本文件即可；本表不需要删除。点“位置”可跳到单元格。"
    put(sheet, 2, 1, hint, NOTE, wrap=False)
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 28, 20
    for at, (title, width) in enumerate(_LIST_COLUMNS, start=1):
        put(sheet, 3, at, title, HEADER)
        sheet.column_dimensions[sheet.cell(row=3, column=at).column_letter].width = width
    for row, problem in enumerate(problems, start=4):
        what = "，".join(part for part in (problem.text, problem.allowed) if part)
        values = (row - 3, SEVERITY_NAMES[problem.severity], problem.place or "整个文件", what, problem.fix)
        for at, value in enumerate(values, start=1):
            put(sheet, row, at, value, CENTRED if at <= 2 else VALUE)
        if problem.severity == "error":
            sheet.cell(row=row, column=2).fill = SOLID["bad"]
        if problem.cell and problem.sheet in book.sheetnames:
            _link(sheet.cell(row=row, column=3), problem)
        sheet.row_dimensions[row].height = max(
            height_for(text, width, VALUE)
            for text, (_, width) in zip(values[3:], _LIST_COLUMNS[3:], strict=True)
        )
    sheet.freeze_panes = "A4"
    sheet.sheet_properties.tabColor = ALERT_INK
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "3:3"


def _link(cell: Cell, problem: Problem) -> None:
    name = problem.sheet.replace("'", "''")
    cell.hyperlink = f"#'{name}'!{problem.cell}"
    cell.hyperlink.location, cell.hyperlink.target = f"'{name}'!{problem.cell}", None
    cell.font = Font(name=FONT, size=VALUE.size, color=ACCENT, underline="single")


def _save(book: Workbook) -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book.save(stream)
    book.close()
    return repack(stream.getvalue())


def _store_results(content: bytes, scans: Iterable[SheetScan]) -> bytes:
    """Put the stored results of formulas back, which openpyxl drops: unsaved, they would be refused on return."""
    results = {scan.name: scan.results for scan in scans if scan.results}
    if not results:
        return content
    parts = read_package(content)
    for scan in scan_workbook(content)[0]:
        if known := results.get(scan.name):
            xml = _CELL_WITH_FORMULA.sub(
                lambda match, known=known: _with_result(match, known), parts[scan.path].data
            )
            parts[scan.path] = pack(scan.path, xml)
    return write_package(parts.values())


_CELL_WITH_FORMULA = re.compile(
    rb'<c r="([A-Z]+\d+)"((?: s="\d+")?)(?: t="\w+")?>(<f[ >](?:(?!</c>).)*?</f>|<f [^>]*/>)<v ?(?:/>|></v>)</c>',
    re.DOTALL,
)


def _with_result(match: re.Match[bytes], known: dict[str, FormulaResult]) -> bytes:
    result = known.get(match[1].decode())
    if result is None:
        return match[0]
    kind = b' t="%s"' % result.type.encode() if result.type else b""
    text = result.value.replace("&", "&amp;").replace("<", "&lt;").encode()
    return b'<c r="%s"%s%s>%s<v>%s</v></c>' % (match[1], match[2], kind, match[3], text)
