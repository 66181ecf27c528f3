"""Writes answers into a template of our own without opening it as a workbook: fast enough for a whole province.

For the demo and for tests; people fill in the workbook with an office program.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from xml.sax.saxutils import escape

from data.layout import ANSWER_KEYS, ANSWER_SHEET, BY_KEY, COLUMNS, FIRST_ROW, RATIO_HINT
from data.package import Part, list_sheets, pack, parse_xml, read_package, write_package
from data.shared_strings import STRINGS_PART
from data.template_master import store_count

EXCEL_EPOCH = date(1899, 12, 30)
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LETTERS = {BY_KEY[key].letter: key for key in ANSWER_KEYS}

Value = str | int | float | bool | date | datetime | None


def fill_workbook(content: bytes, answers: Mapping[str, Mapping[str, Value]]) -> bytes:
    """The template with these answers in it: {indicator id: {column key: value}}; None leaves a cell as it is.

    Column keys: value, numerator, denominator, na_reason, evidence, note. The stored count of open answers follows.
    Raises KeyError for an indicator or a column that the template does not have.
    """
    parts = read_package(content)
    path = _answer_path(parts)
    sheet = _parse_sheet(_SheetXml(parts[path].data, parts[STRINGS_PART].data))
    pieces = list(sheet.pieces)
    for indicator, values in answers.items():
        row = sheet.rows[indicator]
        for key, value in values.items():
            at, reference, style = sheet.cells[f"{BY_KEY[key].letter}{row}"]
            if value is not None:
                pieces[at] = _cell(reference, style, value)
    n_open = sum(
        not _is_filled(answers.get(i, {}), is_ratio=row in sheet.ratios) for i, row in sheet.rows.items()
    )
    parts[path] = pack(path, store_count(b"".join(pieces), n_open))
    return write_package(parts.values())


def _is_filled(values: Mapping[str, Value], *, is_ratio: bool) -> bool:
    keys = ("numerator", "denominator") if is_ratio else ("value",)
    return all(str(values.get(key) if values.get(key) is not None else "").strip() for key in keys)


def _answer_path(parts: Mapping[str, Part]) -> str:
    sheets, _ = list_sheets(parts["xl/workbook.xml"].data, parts["xl/_rels/workbook.xml.rels"].data)
    return next(sheet.path for sheet in sheets if sheet.name == ANSWER_SHEET)


class _SheetXml:
    """A sheet's XML and the workbook's shared strings, as a small key for the cache.

    The sheet alone decides: each row's prompts name its indicator, and units differ in their own words only.
    """

    def __init__(self, xml: bytes, strings: bytes):
        self.xml, self.strings = xml, strings
        self.digest = hashlib.sha256(xml).digest()

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SheetXml) and self.digest == other.digest


class _Sheet:
    """The answer sheet's XML cut at its answer cells, and which row each indicator has."""

    def __init__(self, xml: bytes, strings: list[str]):
        self.pieces: list[bytes] = []
        self.cells: dict[str, tuple[int, str, bytes]] = {}
        self.rows: dict[str, int] = {}
        self.ratios: set[int] = set()
        start = 0
        for match in _CELL.finditer(xml):
            letter, row = match[1].decode(), int(match[2])
            if row < FIRST_ROW:
                continue
            text = strings[int(match[4])] if match[4] else ""
            if letter == COLUMNS[0].letter and _INDICATOR.match(text):
                self.rows[text] = row
            if letter == BY_KEY["value"].letter and text == RATIO_HINT:
                self.ratios.add(row)
            if letter in _LETTERS:
                self.pieces += [xml[start : match.start()], match[0]]
                self.cells[f"{letter}{row}"] = (len(self.pieces) - 1, f"{letter}{row}", match[3] or b"")
                start = match.end()
        self.pieces.append(xml[start:])


_INDICATOR = re.compile(r"^T\d{2}-\d{2}$")
_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"( s="\d+")?(?: t="\w+")?(?: ?/>|>(?:<v>(\d*)</v>|<v ?/>)?</c>)')


@lru_cache(maxsize=256)
def _parse_sheet(source: _SheetXml) -> _Sheet:
    texts: list[str] = []
    collected: list[str] = []

    def end(name: str) -> None:
        if name == "si":
            texts.append("".join(collected))
            collected.clear()

    parse_xml(source.strings, end=end, text=collected.append)
    return _Sheet(source.xml, texts)


def _cell(reference: str, style: bytes, value: Value) -> bytes:
    head = b'<c r="%s"%s' % (reference.encode(), style)
    if isinstance(value, bool):
        return head + b' t="b"><v>%d</v></c>' % value
    if isinstance(value, date):  # datetime too
        return head + b"><v>%s</v></c>" % repr(_serial(value)).encode()
    if isinstance(value, int | float):
        return head + b"><v>%s</v></c>" % repr(value).encode()
    text = escape(_NOT_IN_XML.sub("", value)).encode()
    return head + b' t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % text


def _serial(value: date) -> float:
    """Days since Excel's epoch, with the part of the day."""
    day = value.date() if isinstance(value, datetime) else value
    days = (day - EXCEL_EPOCH).days
    if isinstance(value, datetime):
        return days + (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    return days
