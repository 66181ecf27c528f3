"""What the hostile files are made of: a good workbook of the small scheme, plain and rich, as bytes and as parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from openpyxl.comments import Comment

from tests.data.small import edited, filled

SHEET = "xl/worksheets/sheet3.xml"  # 自评表
STRINGS, STYLES, WORKBOOK = "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"
TYPES, RELATIONS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(frozen=True)
class Hostile:
    """One file of a family. With `codes` it must be refused for one of these; without, anything but a failure will do."""

    family: str
    seed: int
    filename: str
    make: Callable[[], bytes]
    codes: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The family and the number in it."""
        return f"{self.family}-{self.seed}"


def family(
    name: str, makers: Mapping[str, Callable[[], bytes]], *codes: str, filename: str = "{}.xlsx"
) -> list[Hostile]:
    """Files that were thought of one by one, each named for its oddity; all are to be refused for one of `codes`."""
    return [
        Hostile(name, seed, filename.format(oddity), make, frozenset(codes))
        for seed, (oddity, make) in enumerate(makers.items())
    ]


def series(name: str, count: int, make: Callable[[int], bytes], *codes: str) -> list[Hostile]:
    """So many files that differ by their seed."""
    return [
        Hostile(name, seed, f"{name}-{seed}.xlsx", lambda seed=seed: make(seed), frozenset(codes))
        for seed in range(count)
    ]


@cache
def good() -> bytes:
    """The good workbook."""
    return filled()


@cache
def rich() -> bytes:
    """The good workbook with a formula, a comment, a merged area, a date and another sheet, written by openpyxl."""

    def edit(book):
        sheet = book["自评表"]
        sheet["E11"] = "=1+3"
        sheet["E6"].comment = Comment("批注", "示例")
        sheet.merge_cells("A20:B21")
        book.create_sheet("草稿")["B2"] = 45000
        book["草稿"]["B2"].number_format = "yyyy-mm-dd"

    return edited(edit)


@cache
def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def parts(content: bytes | None = None) -> dict[str, bytes]:
    """The parts of a workbook, by default the good one, by name."""
    return dict(_parts(content or good()))


def zipped(members: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()


def changed(changes: Mapping[str, bytes | None]) -> bytes:
    """The good workbook with parts replaced, added, or (None) left out."""
    return zipped({name: data for name, data in (parts() | dict(changes)).items() if data is not None})


def sheet_of(cells: str, *, after: str = "", dimension: str = "") -> bytes:
    """The good workbook with this as the rows of its answer sheet."""
    head = f'<dimension ref="{dimension}"/>' if dimension else ""
    return changed(
        {SHEET: f'<worksheet xmlns="{MAIN}">{head}<sheetData>{cells}</sheetData>{after}</worksheet>'.encode()}
    )


def with_cell(cell: str) -> bytes:
    """The good workbook with the XML of E11, a count, replaced."""
    before, _, rest = parts()[SHEET].partition(b'<c r="E11"')
    after = rest.partition(b"</c>")[2]
    return changed({SHEET: before + cell.encode() + after})
