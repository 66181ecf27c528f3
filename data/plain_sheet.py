"""Finds the cells of a worksheet by one expression, where its XML is as plain as office programs write it.

A parser that calls back for every tag takes ten times as long. Whatever is not plain (a comment, a prefix, a cell with an
attribute of its own) is left to that parser (`data.sheet_scan`), and both give the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import NamedTuple
from xml.parsers.expat import ExpatError

from data.package import LARGEST_SMALL, MAX_ELEMENTS, parse_xml, same_in_many
from data.problems import column_number
from data.short_texts import remembers_bytes

# (row, column), style, type, formula element, formula text, value, inline text element, inline text; what is not there is
# empty
PlainCell = tuple[tuple[int, int], bytes, bytes, bytes, bytes, bytes, bytes, bytes]

PLACES = 4_096  # references of cells whose places are kept at hand; a filled workbook has some hundred
SHORTEST_ELEMENT = len(b"<c/>")

_START = re.compile(
    rb'<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="\w+")?\s*\?>\s*<worksheet[\s>]|<worksheet[\s>]'
)
_CELL_OR_ROW = re.compile(rb"<(?:[^\s<>/]*:)?(?:c|row)[\s/>]")
# A cell is cut in two at the end of its opening tag: both parts come again in other cells and in other workbooks, so that each is
# looked at once and remembered. What ends and begins a row stands behind the last of its cells.
_HEAD = re.compile(rb'r="([A-Z]{1,3}+\d{1,9}+)"(?: s="(\d++)")?+(?: t="([a-zA-Z]++)")?+ ?+(/?)')
_ROW_TAGS = re.compile(rb'(?:<row r="\d{1,9}"[^<>]*>|</row>)*+')
_REST = re.compile(
    rb"(<f(?: [^<>]*)?(?:/>|>([^<>\r]*+)</f>))?+"
    rb"(?:<v>([^<>\r]*+)</v>|<v ?/>)?+"
    rb'(<is><t(?: xml:space="preserve")?+>([^<>\r]*+)</t></is>)?+'
    rb"</c>(%b)" % _ROW_TAGS.pattern
)
HEADS, RESTS = 4_096, 4_096  # remembered; a filled workbook has some hundred of each
_DIGITS = b"0123456789"
# Calamine makes room for all of it; what reaches farther than a sheet may is for it to say.
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]{1,2}\d{1,5}(?::[A-Z]{1,2}\d{1,5})?" ?/>')
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})" ?/>')


class PlainSheet(NamedTuple):
    """The cells with content in their order, which lie within `n_rows` and `n_columns`, and the merged areas as (first row,
    first column, last row, last column).

    `is_sure`: no cell claims a type and holds nothing.
    """

    cells: Sequence[PlainCell]
    n_rows: int
    n_columns: int
    is_sure: bool
    merged: tuple[tuple[int, int, int, int], ...]


@partial(same_in_many, largest=LARGEST_SMALL)
def find_plain_cells(xml: bytes) -> PlainSheet | None:
    """What stands in a sheet, or None where it is not plain, or not well-formed.

    <sheetData> is cut where cells begin, every piece is a cell and the tags of rows behind it to the byte, and elsewhere there are
    none: nothing was passed over, and nothing was found that is not there. Cells being whole elements with attributes of known
    form, the sheet is well-formed if what is left without them is, and what each of them holds.
    """
    start = _START.match(xml)
    if not start or len(xml) > MAX_ELEMENTS * SHORTEST_ELEMENT:
        return None
    rows_end = xml.rfind(b"</sheetData>")
    before, opened, rows = xml[:rows_end].partition(b"<sheetData>")
    merged = _plain_end(xml[rows_end:]) if opened else None
    if merged is None or not _is_plain(before, start.end()):
        return None
    first, *pieces = rows.split(b"<c ")
    if not _ROW_TAGS.fullmatch(first):
        return None
    cells: list[PlainCell] = []
    row_tags = [first]
    is_sure = True
    for piece in pieces:
        opening, end, rest = piece.partition(b">")
        head = _head(opening)
        if not (head and end):
            return None
        place, style, kind, is_closed = head
        if is_closed:
            if rest:
                if not _ROW_TAGS.fullmatch(rest):
                    return None
                row_tags.append(rest)
            continue
        holds = _held(rest)
        if holds is None:
            return None
        formula, formula_text, value, inline, text, behind = holds
        if value or inline or formula:
            cells.append((place, style, kind, formula, formula_text, value, inline, text))
        if not (value or inline or kind in (b"", b"n")):
            is_sure = False
        row_tags.append(behind)
    if not _is_frame(before, b"".join(row_tags)):
        return None
    n_rows = max([cell[0][0] for cell in cells], default=0)
    n_columns = max([cell[0][1] for cell in cells], default=0)
    return PlainSheet(cells, n_rows, n_columns, is_sure, merged)


@remembers_bytes(HEADS)
def _head(opening: bytes) -> tuple[tuple[int, int], bytes, bytes, bool] | None:
    """The place, style and type that an opening tag tells, and whether it closes its cell; None where it is not plain."""
    match = _HEAD.fullmatch(opening)
    if not match:
        return None
    reference, style, kind, closed = match.groups(b"")
    return _place(reference), style, kind, bool(closed)


@remembers_bytes(RESTS)
def _held(rest: bytes) -> tuple[bytes, ...] | None:
    """What a cell holds (`PlainCell` from the formula on), and the tags of rows behind it; None where it is not plain."""
    match = _REST.fullmatch(rest)
    return match.groups(b"") if match and _is_well_formed(b"<c>" + rest[: match.start(6)]) else None


@lru_cache(PLACES)
def _place(reference: bytes) -> tuple[int, int]:
    """(row, column) of a cell; B3 → (3, 2)."""
    letters = reference.rstrip(_DIGITS)
    return int(reference[len(letters) :]), column_number(letters.decode())


def _is_plain(before: bytes, start: int) -> bool:
    """Whether what stands before the rows has no cells, comments or instructions."""
    is_marked = b"<!" in before or before.find(b"<?", start) >= 0 or b"mergeCell" in before
    if is_marked or before.count(b"dimension") > len(_DIMENSION.findall(before)):
        return False
    return not _CELL_OR_ROW.search(before)


@same_in_many
def _is_frame(before: bytes, row_tags: bytes) -> bool:
    """Whether a sheet is well-formed but for its cells."""
    return _is_well_formed(b"%b<sheetData>%b</sheetData></worksheet>" % (before, row_tags))


@same_in_many
def _plain_end(xml: bytes) -> tuple[tuple[int, int, int, int], ...] | None:
    """The merged areas of what follows the rows, the same in workbooks of units that answer the same; None if not plain."""
    if b"<!" in xml or b"<?" in xml or _CELL_OR_ROW.search(xml):
        return None
    merged = _MERGED.findall(xml)
    lists = xml.count(b"<mergeCells") + xml.count(b"</mergeCells")
    if xml.count(b"mergeCell") != lists + len(merged) or not _is_well_formed(b"<worksheet><sheetData>" + xml):
        return None
    return tuple((*_place(first), *_place(last)) for first, last in merged)


def _is_well_formed(xml: bytes) -> bool:
    try:
        parse_xml(xml)
    except ExpatError:
        return False
    return True
