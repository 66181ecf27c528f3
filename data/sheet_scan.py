"""Scans the XML of worksheets for what calamine does not tell: formulas without a result, errors, real extent."""

from __future__ import annotations

import io
import posixpath
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from data.package import SheetPart, list_sheets, parse_xml, same_in_many
from data.plain_sheet import PlainSheet, find_plain_cells
from data.problems import column_letters, column_number

MAX_ROWS, MAX_COLUMNS = 20_000, 200
# calamine lays out the whole rectangle of each sheet; all together may be as large as the largest one.
MAX_AREA = MAX_ROWS * MAX_COLUMNS
# A filled workbook has 500 cells, a register of 20,000 units 100,000 and its lists.
MAX_CELLS = 200_000
MAX_MERGED = 5_000  # merged areas; a workbook of ours has none
LONGEST_SHEET_NAME = 100  # Excel allows 31 characters, other programs some more

HUGE_DIGITS = (
    11  # a number so long can be no count and no date; calamine may panic when it is formatted as a date
)

# In small letters and beyond the last row too, which no office program writes: calamine reads them.
_REFERENCE = re.compile(r"^\$?([A-Za-z]{1,3})\$?(\d{1,10})$", re.ASCII)
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_ROOT_RELATIONS = "_rels/.rels"


@dataclass(frozen=True)
class FormulaResult:
    """The stored result of a formula, as the XML has it: `type` as the cell's attribute t, empty for numbers."""

    type: str
    value: str


@dataclass
class SheetScan:
    """What the XML of one worksheet says; cells as (row, column) from 1. `n_rows`, `n_columns`: last cell with content."""

    name: str
    state: str
    path: str = ""
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unsaved: dict[tuple[int, int], str] = field(default_factory=dict)
    results: dict[str, FormulaResult] = field(default_factory=dict)
    huge: dict[tuple[int, int], float] = field(default_factory=dict)
    percents: set[tuple[int, int]] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    n_rows: int = 0
    n_columns: int = 0
    n_cells: int = 0
    plain: PlainSheet | None = None

    def take(
        self,
        row: int,
        column: int,
        *,
        type: str,
        is_percent: bool,
        value: str,
        formula: str | None,
        has_text: bool,
    ) -> None:
        """Note one cell; `formula` is its text, None where it has none, `has_text` whether a text stands in it inline."""
        if not (value or has_text or formula is not None):
            return
        place = (row, column)
        self.n_cells += 1
        self.n_rows = max(self.n_rows, row)
        self.n_columns = max(self.n_columns, column)
        if len(value) >= HUGE_DIGITS and type in ("", "n"):
            self.huge[place] = _number(value)
        if is_percent:
            self.percents.add(place)
        if formula is not None and value:
            self.results[f"{column_letters(column)}{row}"] = FormulaResult(type, value)
        if type == "e":
            self.errors[place] = value or "#VALUE!"
        elif formula is not None and not value and not has_text and type != "str":
            self.unsaved[place] = f"={formula}" if formula else column_letters(column)

    def merge(self, reference: str) -> None:
        """Note a merged area, such as A1:D2."""
        first, _, last = reference.partition(":")
        ends = _REFERENCE.match(first), _REFERENCE.match(last or first)
        if all(ends):
            corners = [(int(end[2]), column_number(end[1].upper())) for end in ends]
            self.merged.append((*corners[0], *corners[1]))


def scan_workbook(content: bytes) -> tuple[list[SheetScan], bool]:
    """As `scan_parts`, of a file that was let in already. Raises BadZipFile too."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return scan_parts({name: archive.read(name) for name in archive.namelist()})


def scan_parts(parts: Mapping[str, bytes]) -> tuple[list[SheetScan], bool]:
    """A scan of each worksheet in the workbook's order, and whether dates count from 1904.

    Raises UnsafeXml, TooMuchXml, ExpatError, ValueError or KeyError for parts that are not a well-formed workbook.
    """
    main = _main_part(parts)
    folder, _, name = main.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
    sheets, is_1904 = list_sheets(parts[main], parts[relations], folder=folder)
    if not all(_is_sheet_name(sheet.name) for sheet in sheets):
        raise ValueError("no name for a sheet")
    if len({sheet.path for sheet in sheets}) < len(sheets):
        raise ValueError("sheets share a part")
    styles = f"{folder}/styles.xml".lstrip("/")
    percent_styles = _percent_styles(parts[styles]) if styles in parts else frozenset()
    scans = [_scan(sheet, parts[sheet.path], percent_styles) for sheet in sheets]
    for scan in scans:
        for part in _comment_parts(parts, scan.path):
            scan.comments |= _comments(parts[part])
    return scans, is_1904


def _is_sheet_name(name: str) -> bool:
    return len(name) <= LONGEST_SHEET_NAME and not any(unicodedata.category(c) == "Cc" for c in name)


def _main_part(parts: Mapping[str, bytes]) -> str:
    if _WORKBOOK in parts:
        return _WORKBOOK
    found = ""

    def start(name, attributes):
        nonlocal found
        if name == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            found = attributes.get("Target", "").lstrip("/")

    parse_xml(parts[_ROOT_RELATIONS], start=start)
    return found


def _comment_parts(parts: Mapping[str, bytes], sheet_path: str) -> list[str]:
    """The parts that hold a sheet's comments, old and threaded."""
    folder, _, name = sheet_path.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    found: list[str] = []

    def start(element, attributes):
        if element == "Relationship" and attributes.get("Type", "").lower().endswith(("comments", "comment")):
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            found.append(path)

    if relations in parts:
        parse_xml(parts[relations], start=start)
    return [path for path in dict.fromkeys(found) if path in parts]


def _comments(xml: bytes) -> dict[tuple[int, int], str]:
    """The text of each comment by its cell."""
    texts: dict[tuple[int, int], str] = {}
    place, is_text = (0, 0), False

    def start(name, attributes):
        nonlocal place, is_text
        if match := _REFERENCE.match(attributes.get("ref", "")):
            place = int(match[2]), column_number(match[1].upper())
        is_text = name in ("t", "text")

    def text(characters):
        if is_text and place != (0, 0):
            texts[place] = texts.get(place, "") + characters

    parse_xml(xml, start=start, text=text)
    return texts


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


@same_in_many
def _percent_styles(xml: bytes) -> frozenset[str]:
    """The cell styles (as the attribute `s` names them) whose number format shows a percentage."""
    percent_formats = {"9", "10"}  # the two that every program knows without a definition
    found: set[str] = set()
    n_styles, is_inside = 0, False

    def start(name, attributes):
        nonlocal n_styles, is_inside
        if name == "numFmt" and "%" in attributes.get("formatCode", ""):
            percent_formats.add(attributes.get("numFmtId", ""))
        elif name == "cellXfs":
            is_inside = True
        elif name == "xf" and is_inside:
            if attributes.get("numFmtId") in percent_formats:
                found.add(str(n_styles))
            n_styles += 1

    def end(name):
        nonlocal is_inside
        is_inside = is_inside and name != "cellXfs"

    parse_xml(xml, start=start, end=end)
    return frozenset(found)


def _scan(part: SheetPart, xml: bytes, percent_styles: frozenset[str]) -> SheetScan:
    scan = SheetScan(part.name, part.state, part.path)
    scan.plain = find_plain_cells(xml)
    if scan.plain is None:
        _Handler(scan, percent_styles).run(xml)
    else:
        _take_plain(scan, scan.plain, percent_styles)
    return scan


def _take_plain(scan: SheetScan, plain: PlainSheet, percent_styles: frozenset[str]) -> None:
    percents = {style.encode() for style in percent_styles}
    noted = [
        cell
        for cell in plain.cells
        if cell[3] or cell[1] in percents or cell[2] == b"e" or len(cell[5]) >= HUGE_DIGITS
    ]
    for place, style, kind, formula, formula_text, value, inline, _ in noted:
        scan.take(
            *place,
            type=kind.decode(),
            is_percent=style in percents,
            value=_text(value),
            formula=_text(formula_text) if formula else None,
            has_text=bool(inline),
        )
    scan.n_rows, scan.n_columns, scan.n_cells = plain.n_rows, plain.n_columns, len(plain.cells)
    scan.merged.extend(plain.merged)


def _text(xml: bytes) -> str:
    """The characters of an element, with what is written as &lt; and the like put in."""
    if b"&" not in xml:
        return xml.decode()
    pieces: list[str] = []
    parse_xml(b"<t>%b</t>" % xml, text=pieces.append)
    return "".join(pieces)


class _Handler:
    """Walks the cells of one sheet; a cell without a reference stands right of the one before it."""

    def __init__(self, scan: SheetScan, percent_styles: frozenset[str]):
        self.scan = scan
        self.percent_styles = percent_styles
        self.style = ""
        self.row = self.column = 0
        self.type = ""
        self.formula: list[str] | None = None
        self.value: list[str] | None = None
        self.into: list[str] | None = None
        self.has_text = False

    def run(self, xml: bytes) -> None:
        parse_xml(xml, start=self.start, end=self.end, text=self.text)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self.column += 1
            if match := _REFERENCE.match(attributes.get("r", "")):
                self.column, self.row = column_number(match[1].upper()), int(match[2])
            self.type = attributes.get("t", "")
            self.style = attributes.get("s", "")
            self.formula = self.value = self.into = None
            self.has_text = False
        elif name == "v":
            self.value = self.into = []
        elif name == "f":
            self.formula = self.into = []
        elif name == "is":
            self.has_text = True
        elif name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
        elif name == "mergeCell":
            self.scan.merge(attributes.get("ref", ""))

    def text(self, characters: str) -> None:
        if self.into is not None:
            self.into.append(characters)

    def end(self, name: str) -> None:
        if name in ("v", "f"):
            self.into = None
        elif name == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        self.scan.take(
            self.row,
            self.column,
            type=self.type,
            is_percent=self.style in self.percent_styles,
            value="".join(self.value or ()),
            formula=None if self.formula is None else "".join(self.formula),
            has_text=self.has_text,
        )
