"""Builds the master of a self-assessment workbook with openpyxl: guide, unit data, answers, hidden meta."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from data import guide
from data.answer_sheet import count_text, draw_answer_sheet, open_count_formula
from data.layout import (
    ANSWER_SHEET,
    BY_KEY,
    CHOICES_SHEET,
    COUNT_ROW,
    GUIDE_SHEET,
    META_SHEET,
    UNIT_FIELDS,
    UNIT_SHEET,
)
from data.package import list_sheets
from data.shared_strings import share_strings
from data.sheet_style import HEADER, LABEL, NOTE, TEXT, TITLE, VALUE, height_for, protect, put
from scoring.scheme import Indicator, Scheme

TOKENS = {key: f"@@{key}@@" for key in ("unit", "name", "region", "category", "tags", "format", "indicators")}
TOKEN = re.compile("@@(unit|name|region|category|tags|format)@@")

PROPERTIES = b"<workbookPr />"  # as openpyxl writes them, and cannot be told to write more

# openpyxl stamps the hour of writing into this part; the same workbook must have the same bytes.
CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title>'
    '<dcterms:created xsi:type="dcterms:W3CDTF">{year}-01-01T00:00:00Z</dcterms:created></cp:coreProperties>'
)


def build_master(
    scheme: Scheme, indicators: Sequence[Indicator], *, cycle: int, deadline: datetime | None
) -> dict[str, bytes]:
    """The parts of the workbook by name, with `TOKENS` where a unit's own words go."""
    book = Workbook()
    _draw_guide(book.active, scheme, cycle=cycle, deadline=deadline)
    _draw_unit(book.create_sheet(UNIT_SHEET), scheme, cycle=cycle)
    answers = book.create_sheet(ANSWER_SHEET)
    choices = book.create_sheet(CHOICES_SHEET)
    draw_answer_sheet(answers, choices, scheme, indicators, cycle=cycle, name=TOKENS["name"])
    if choices.max_row == 1 and choices["A1"].value is None:
        book.remove(choices)
    else:
        choices.sheet_state = "veryHidden"
    _write_meta(book.create_sheet(META_SHEET), scheme, cycle=cycle)
    book.active = book.index(answers)
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is answers
    return _finish(book, cycle=cycle, n_open=len(indicators), formula=open_count_formula(answers.max_row))


def _draw_guide(sheet: Worksheet, scheme: Scheme, *, cycle: int, deadline: datetime | None) -> None:
    sheet.title = GUIDE_SHEET
    for letter, width in zip("ABCDEF", (25, 15, 14, 19, 14, 15), strict=True):
        sheet.column_dimensions[letter].width = width
    row = 1

    def line(text: str, style=TEXT, *, fill: str | None = None) -> None:
        nonlocal row
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=6)
        put(sheet, row, 1, text, style, fill=fill)
        sheet.row_dimensions[row].height = height_for(text, 102, style)
        row += 1

    def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, spread: int | None = None) -> None:
        nonlocal row
        for cells, style in ((header, HEADER), *((cells, VALUE) for cells in rows)):
            for at, text in enumerate(cells, start=1):
                put(sheet, row, at, text, style)
            if spread:
                for at in range(len(cells) + 1, 7):
                    put(sheet, row, at, None, style)
                sheet.merge_cells(start_row=row, end_row=row, start_column=spread, end_column=6)
            widths = [sheet.column_dimensions[c].width for c in "ABCDEF"] if not spread else [25, 77]
            sheet.row_dimensions[row].height = max(
                height_for(text, width, style) for text, width in zip(cells, widths, strict=False)
            )
            row += 1
        row += 1

    line(f"{guide.sheet_title(scheme)}填报说明", TITLE)
    line(guide.basis_text(scheme), NOTE)
    line(guide.deadline_text(cycle, deadline))
    row += 1
    line("一、怎样填写", LABEL)
    for number, text in enumerate(guide.STEPS, start=1):
        line(f"{number}. {text}")
    for fill, text in guide.LEGEND:
        put(sheet, row, 1, None, VALUE, fill=fill)
        put(sheet, row, 2, text, TEXT)
        sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=6)
        row += 1
    row += 1
    line("二、不得填写的内容", LABEL)
    for number, text in enumerate(guide.NOTICES, start=1):
        line(f"{number}. {text}")
    row += 1
    line("三、可以这样填", LABEL)
    table(guide.ACCEPTED_HEADER, guide.accepted(cycle), spread=2)
    line("四、“无”“—”“不适用”和空白怎样计", LABEL)
    table(guide.WORD_RULES_HEADER, guide.WORD_RULES)
    _page(sheet, landscape=False)
    protect(sheet)


def _draw_unit(sheet: Worksheet, scheme: Scheme, *, cycle: int) -> None:
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 66
    put(sheet, 1, 1, "单位信息（由系统填好，请勿改动）", TITLE, wrap=False)
    sheet.row_dimensions[1].height = height_for("x", 80, TITLE)
    values = TOKENS | {
        "cycle": cycle,
        "title": scheme.title,
        "scheme": scheme.id,
        "version": scheme.version,
    }
    for row, (key, label) in enumerate(UNIT_FIELDS, start=3):
        put(sheet, row, 1, label, HEADER)
        put(sheet, row, 2, values[key], VALUE)
        sheet.row_dimensions[row].height = 24
    put(
        sheet,
        4 + len(UNIT_FIELDS),
        1,
        "信息有误的，请联系考核主管部门更新名册后重新下载本表。",
        NOTE,
        wrap=False,
    )
    _page(sheet, landscape=False)
    protect(sheet)


def _write_meta(sheet: Worksheet, scheme: Scheme, *, cycle: int) -> None:
    values = TOKENS | {"scheme": scheme.id, "version": scheme.version, "cycle": str(cycle)}
    for key in ("format", "scheme", "version", "cycle", "unit", "indicators"):
        sheet.append([key, values[key]])
    sheet.sheet_state = "veryHidden"
    protect(sheet)


def _page(sheet: Worksheet, *, landscape: bool) -> None:
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.sheet_view.showGridLines = False
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.6, 0.7, 0.35
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = "&A　第 &P 页，共 &N 页"


def _finish(book: Workbook, *, cycle: int, n_open: int, formula: str) -> dict[str, bytes]:
    """The parts that openpyxl writes, with the count's value stored for programs that do not calculate."""
    stream = io.BytesIO()
    title = book[UNIT_SHEET]["A1"].value
    book.save(stream)
    book.close()
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in sorted(archive.namelist(), key=_part_order)}
    sheets, _ = list_sheets(parts["xl/workbook.xml"], parts["xl/_rels/workbook.xml.rels"])
    path = next(sheet.path for sheet in sheets if sheet.name == ANSWER_SHEET)
    parts[path] = store_count(parts[path], n_open)
    parts["xl/workbook.xml"] = keep_no_author(parts["xl/workbook.xml"])
    parts["docProps/core.xml"] = CORE.format(title=title, year=cycle).encode()
    return share_strings(parts)


def keep_no_author(workbook_xml: bytes) -> bytes:
    """The workbook's XML with the setting that has office programs leave the user's name out whenever they save it."""
    if workbook_xml.count(PROPERTIES) != 1:
        raise ValueError("the workbook's properties are not where they should be")
    return workbook_xml.replace(PROPERTIES, b'<workbookPr filterPrivacy="1" />')


def store_count(sheet_xml: bytes, n_open: int) -> bytes:
    """The answer sheet's XML with this number stored as the result of the count of open answers."""
    cell = re.compile(
        rf'<c r="{BY_KEY["indicator"].letter}{COUNT_ROW}"( s="\d+")?(?: t="\w+")?>(<f>.*?</f>)<v\s*(?:/>|>.*?</v>)</c>'.encode(),
        re.DOTALL,
    )
    value = count_text(n_open).encode()
    replaced, times = cell.subn(
        lambda m: b'<c r="A%d"%s t="str">%s<v>%s</v></c>' % (COUNT_ROW, m[1] or b"", m[2], value), sheet_xml
    )
    if times != 1:
        raise ValueError("the count of open answers is not where it should be")
    return replaced


def _part_order(name: str) -> tuple[int, str]:
    """Content types first, as some readers expect."""
    return (0 if name == "[Content_Types].xml" else 1 if name.startswith("_rels") else 2, name)
