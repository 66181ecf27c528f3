"""Finds the cells of a worksheet by one expression, where its XML is as plain as office programs write it.

A parser that calls back for every tag takes ten times as long. Whatever is not plain (a comment, a prefix, a cell with an
attribute of its own) is left to that parser (`data.sheet_scan`), and both give the same.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from xml.parsers.expat import ExpatError

from data.package import MAX_ELEMENTS, parse_xml, same_in_many
from data.problems import MOST_COLUMNS, column_number

# the whole cell, letters, row, style, type, formula element, formula text, value, inline text element, inline text;
# what is not there is empty
PlainCell = tuple[bytes, ...]

SHORTEST_ELEMENT = len(b"<c/>")

_START = re.compile(
    rb'<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="\w+")?\s*\?>\s*<worksheet[\s>]|<worksheet[\s>]'
)
_CELL_OR_ROW = re.compile(rb"<(?:[^\s<>/]*:)?(?:c|row)[\s/>]")
_ROW = re.compile(rb'<row r="\d{1,9}"[^<>]*>|</row>')
_CELL = re.compile(
    rb'(<c r="([A-Z]{1,3})(\d{1,9})"(?: s="(\d+)")?(?: t="([a-zA-Z]+)")? ?'
    rb"(?:/>|>"
    rb"(<f(?: [^<>]*)?(?:/>|>([^<>\r]*)</f>))?"
    rb"(?:<v>([^<>\r]*)</v>|<v ?/>)?"
    rb'(<is><t(?: xml:space="preserve")?>([^<>\r]*)</t></is>)?'
    rb"</c>))"
)
# Calamine makes room for all of it; what reaches farther than a sheet may is for it to say.
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]{1,2}\d{1,5}(?::[A-Z]{1,2}\d{1,5})?" ?/>')
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})" ?/>')


class PlainSheet(NamedTuple):
    """The cells in their order, and the references of merged areas."""

    cells: list[PlainCell]
    merged: tuple[str, ...]


def find_plain_cells(xml: bytes) -> PlainSheet | None:
    """What stands in a sheet, or None where it is not plain, or not well-formed.

    The rows and cells that are found fill <sheetData> to the byte, and elsewhere there are none: nothing was passed over,
    and nothing was found that is not there.
    """
    start = _START.match(xml)
    if not start or len(xml) > MAX_ELEMENTS * SHORTEST_ELEMENT:
        return None
    rows_end = xml.rfind(b"</sheetData>")
    before, opened, rows = xml[:rows_end].partition(b"<sheetData>")
    merged = _plain_end(xml[rows_end:]) if opened else None
    if merged is None or not _is_plain(before, start.end()):
        return None
    cells = _CELL.findall(rows)
    found = sum([len(cell[0]) for cell in cells]) + sum(map(len, _ROW.findall(rows)))
    if found != len(rows) or not _is_well_formed(xml[:rows_end] + b"</sheetData></worksheet>"):
        return None
    return PlainSheet(cells, merged)


@lru_cache(MOST_COLUMNS)
def column_of(letters: bytes) -> int:
    """The number of a column; B → 2."""
    return column_number(letters.decode())


def _is_plain(before: bytes, start: int) -> bool:
    """Whether what stands before the rows has no cells, comments or instructions."""
    is_marked = b"<!" in before or before.find(b"<?", start) >= 0 or b"mergeCell" in before
    if is_marked or before.count(b"dimension") > len(_DIMENSION.findall(before)):
        return False
    return not _CELL_OR_ROW.search(before)


@same_in_many
def _plain_end(xml: bytes) -> tuple[str, ...] | None:
    """The merged areas of what follows the rows, the same in workbooks of units that answer the same; None if not plain."""
    if b"<!" in xml or b"<?" in xml or _CELL_OR_ROW.search(xml):
        return None
    merged = _MERGED.findall(xml)
    lists = xml.count(b"<mergeCells") + xml.count(b"</mergeCells")
    if xml.count(b"mergeCell") != lists + len(merged) or not _is_well_formed(b"<worksheet><sheetData>" + xml):
        return None
    return tuple(reference.decode() for reference in merged)


def _is_well_formed(xml: bytes) -> bool:
    try:
        parse_xml(xml)
    except ExpatError:
        return False
    return True
