"""The values of plainly written sheets (`data.plain_sheet`), the same that calamine gives, in half the time.

What calamine makes of everything but sheets and texts, such as which styles are dates, it is asked once (`_Frame`); what
is in any way unusual is left to it altogether.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from python_calamine import CalamineWorkbook

from data.package import same_in_many, store, write_package
from data.plain_sheet import PlainCell
from data.sheet_scan import SheetScan
from data.short_texts import remembers_short

STRINGS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
# What calamine opens a workbook by, beside sheets and texts.
FRAME = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", STYLES)
MOST_STYLES = 5_000
# One long text in all cells is one text here, but what judges the cells would look at it again and again.
MOST_CHARACTERS = 64 * 1024 * 1024
FIRST_DAY, LAST_DAY = 61, 2_958_465  # 1900-03-01, from which on all programs count alike, and 9999-12-31
EPOCH = date(1899, 12, 30)
# A number that tells by what calamine makes of it how a style shows numbers.
PROBE, PROBE_AS_DAY = 45_000.5, datetime(2023, 3, 15, 12)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

_SHEET = re.compile(r"xl/worksheets/\w+\.xml", re.ASCII)
_TABLE = re.compile(
    r'<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="\w+")?\s*\?>\s*<sst[^<>]*>|<sst[^<>]*>'
)
_ODD_COUNT = re.compile(r'ount="(?!\d{1,7}")')  # calamine makes room for as many texts as are announced
_TEXT = re.compile(r'<t( xml:space="preserve")?+(?:/>|>([^<>\r]*+)</t>)(?:<phoneticPr [^<>]*/>)?+</si>')
_NUMBER = re.compile(rb"-?\d{1,15}(?:\.\d{1,17})?(?:[eE][-+]?\d{1,2})?")
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d{1,6})|#x([0-9a-fA-F]{1,5}));|&")
_POSITIONS = {b"%d" % at: at for at in range(2_000)}  # of texts; looked up in a third of the time
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

PlainValue = str | float | bool | date
Values = dict[tuple[int, int], PlainValue]


class NotPlain(Exception):
    """Something is written in a way that is left to calamine."""


@dataclass(frozen=True)
class Frame:
    """A workbook without its sheets, as calamine reads it: the sheets' names, which styles show numbers as such or as days."""

    sheet_names: tuple[str, ...]
    numbers: frozenset[bytes]
    days: frozenset[bytes]


def read_plain(
    parts: Mapping[str, bytes], scans: Sequence[SheetScan], *, is_1904: bool
) -> list[Values] | None:
    """The values of each sheet by (row, column), empty cells left out; None where calamine must be asked."""
    if is_1904 or not scans or not all(scan.plain and scan.plain.is_sure for scan in scans):
        return None
    if any(name not in parts for name in FRAME) or not all(_SHEET.fullmatch(scan.path) for scan in scans):
        return None
    try:
        paths = "\n".join(scan.path for scan in scans)
        frame = _frame(*(parts[name] for name in FRAME), paths=paths)
        if frame.sheet_names != tuple(scan.name for scan in scans):
            return None
        texts = _texts(parts[STRINGS]) if STRINGS in parts else []
        n_cells = sum(scan.n_cells for scan in scans)
        if n_cells * max(map(len, texts), default=0) > MOST_CHARACTERS:
            return None
        return [_values(scan.plain.cells, texts, frame) for scan in scans]
    except (NotPlain, UnicodeDecodeError):
        return None


def _texts(xml: bytes) -> list[str]:
    """The table of shared texts."""
    table = xml.decode()
    start = _TABLE.match(table)
    if not start or _ODD_COUNT.search(start[0]) or not table.endswith("</sst>"):
        raise NotPlain("texts")
    before, *pieces = table[start.end() : -len("</sst>")].split("<si>")
    if before:
        raise NotPlain("texts")
    return [_text(piece) for piece in pieces]


def _values(cells: Sequence[PlainCell], texts: Sequence[str], frame: Frame) -> Values:
    values: Values = {}
    last = (0, 0)
    for place, style, kind, formula, _, value, inline, text in cells:
        if not value and not inline:
            continue
        if place <= last:
            raise NotPlain("order")
        last = place
        if kind == b"s":
            at = _POSITIONS.get(value)
            if at is None:
                at = int(value) if value.isdigit() and len(value) < 8 else len(texts)
            if inline or at >= len(texts):
                raise NotPlain("text")
            found: PlainValue = texts[at]
        elif kind in (b"", b"n"):
            found = _number(value, style, frame)
        elif kind == b"inlineStr":
            if value or formula:
                raise NotPlain("inline")
            found = _inner(text.decode(), is_kept=inline.startswith(b"<is><t xml:space"))
        elif kind == b"str":
            found = _result(value)
        elif kind == b"b" and value in (b"0", b"1"):
            found = value == b"1"
        else:
            raise NotPlain("type")
        if inline and kind != b"inlineStr":
            raise NotPlain("inline")
        if found != "":
            values[place] = found
    return values


def _number(value: bytes, style: bytes, frame: Frame) -> float | date:
    if not _NUMBER.fullmatch(value):
        raise NotPlain("number")
    number = float(value)
    if not style or style in frame.numbers:
        return number
    if style in frame.days and number == int(number) and FIRST_DAY <= number <= LAST_DAY:
        return EPOCH + timedelta(days=int(number))
    raise NotPlain("style")


def _result(value: bytes) -> str:
    """A formula's text; what could be a number is one to calamine."""
    text = _inner(value.decode(), is_kept=True)
    try:
        float(text)
    except ValueError:
        return text
    raise NotPlain("number")


def _inner(text: str, *, is_kept: bool) -> str:
    """What an element's text stands for. Unless they are kept for certain, outer blanks may or may not count."""
    if "_x" in text:  # an escape of Excel's own
        raise NotPlain("escape")
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    if not is_kept and text != text.strip():
        raise NotPlain("blanks")
    return text


@remembers_short(5_000)
def _text(piece: str) -> str:
    """One of the table's texts, from what stands behind its <si>."""
    match = _TEXT.fullmatch(piece)
    if not match:
        raise NotPlain("texts")
    is_kept, text = match.groups("")
    return _inner(text, is_kept=bool(is_kept))


def _character(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return _NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal or "0", 16)
    if number < 32 or 0xD800 <= number < 0xE000 or number in (0xFFFE, 0xFFFF) or number > 0x10FFFF:
        raise NotPlain("character")
    return chr(number)


@same_in_many
def _frame(*parts: bytes, paths: str) -> Frame:
    """Asks calamine: the same parts with sheets of our own, in which every style shows the same number.

    Each sheet has its position in it too: calamine must find the sheets where they were found (`data.sheet_scan`).
    """
    n_styles = parts[FRAME.index(STYLES)].count(b"<xf")
    if n_styles > MOST_STYLES:
        raise NotPlain("styles")
    named = dict(zip(FRAME, parts, strict=True))
    places = paths.split("\n")
    for position, path in enumerate(places):
        named[path] = _probe(position, n_styles if position == 0 else 1)
    package = write_package(store(name, data) for name, data in named.items())
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(package)) as workbook:
            names = tuple(workbook.sheet_names)
            sheets = [workbook.get_sheet_by_index(at).to_python() for at in range(len(names))]
        positions = [sheet[0][1] for sheet in sheets]
    except Exception as error:
        raise NotPlain("frame") from error
    if positions != list(range(len(places))):
        raise NotPlain("sheets")
    made = [row[0] for row in sheets[0]]
    return Frame(
        names,
        numbers=frozenset(b"%d" % at for at, value in enumerate(made) if value == PROBE),
        days=frozenset(b"%d" % at for at, value in enumerate(made) if value == PROBE_AS_DAY),
    )


def _probe(position: int, n_styles: int) -> bytes:
    """A sheet that shows the probe in each style, one below the other, and right of the first its own position."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" s="{n - 1}"><v>{PROBE}</v></c></row>' for n in range(2, n_styles + 1)
    )
    first = f'<row r="1"><c r="A1" s="0"><v>{PROBE}</v></c><c r="B1"><v>{position}</v></c></row>'
    return f'<worksheet xmlns="{MAIN}"><sheetData>{first}{rows}</sheetData></worksheet>'.encode()
