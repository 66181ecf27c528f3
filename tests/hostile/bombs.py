"""Small files that are large once opened: expansion, entities, depth, endless lists, far corners, shared giants."""

from __future__ import annotations

import base64
import struct
import zlib
from random import Random

from tests.hostile.material import (
    MAIN,
    RELATIONS,
    SHEET,
    STRINGS,
    STYLES,
    TYPES,
    WORKBOOK,
    changed,
    family,
    good,
    parts,
    sheet_of,
    zipped,
)

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPE = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "哈">{LAUGHS}]>'
MB = 1024 * 1024


def noise(size: int) -> str:
    """Letters that do not shrink, so that the ratio of a file gives nothing away."""
    return base64.b64encode(Random(size).randbytes(size * 3 // 4)).decode()


def padded(changes: dict[str, bytes]) -> bytes:
    """The good workbook with these parts, and a picture's weight of noise beside them."""
    return changed({**changes, "xl/media/image9.png": noise(MB).encode()})


def _into(part: str, before: bytes, added: str) -> bytes:
    """The good workbook with something put in before the end of a part's list."""
    return padded({part: parts()[part].replace(before, added.encode() + before, 1)})


def _sheet(cells: str, *, after: str = "", dimension: str = "") -> bytes:
    head = f'<dimension ref="{dimension}"/>' if dimension else ""
    xml = f'<worksheet xmlns="{MAIN}">{head}<sheetData>{cells}</sheetData>{after}</worksheet>'
    return padded({SHEET: xml.encode()})


def _shared_giant(size: int, cells: int) -> bytes:
    strings = parts()[STRINGS].replace(b"</sst>", f"<si><t>{noise(size)}</t></si></sst>".encode())
    row = "<row>" + f'<c t="s"><v>{strings.count(b"<si>") - 1}</v></c>' * 100 + "</row>"
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{row * (cells // 100)}</sheetData></worksheet>'
    return changed({STRINGS: strings, SHEET: sheet.encode()})


def _many_sheets(count: int, *, is_shared: bool) -> bytes:
    targets = ["worksheets/sheet3.xml" if is_shared else f"worksheets/more{n}.xml" for n in range(count)]
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    relations = "".join(
        f'<Relationship Id="m{n}" Type="{kind}" Target="{t}"/>' for n, t in enumerate(targets)
    )
    sheets = "".join(f'<sheet name="多{n}" sheetId="{n + 100}" r:id="m{n}"/>' for n in range(count))
    book = parts()[WORKBOOK].replace(b"</sheets>", sheets.encode() + b"</sheets>")
    if b"xmlns:r=" not in book:
        space = b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        book = book.replace(b"<sheets>", b"<sheets" + space + b">")
    links = parts()[RELATIONS].replace(b"</Relationships>", relations.encode() + b"</Relationships>")
    corner = f'<worksheet xmlns="{MAIN}"><sheetData><row r="19999"><c r="GR19999"><v>1</v></c></row></sheetData></worksheet>'
    extra = {} if is_shared else {f"xl/{target}": corner.encode() for target in targets}
    return changed({WORKBOOK: book, RELATIONS: links, **extra})


def _many_merges(count: int) -> bytes:
    areas = "".join(f'<mergeCell ref="E{n}:F{n + 1}"/>' for n in range(1, count))
    merges = f"</sheetData><mergeCells>{areas}</mergeCells>".encode()
    return padded({SHEET: parts()[SHEET].replace(b"</sheetData>", merges, 1)})


def _picture_bomb() -> bytes:
    """A PNG of 50,000 × 50,000 black points, as a picture's file in the package."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    head = struct.pack(">LLBBBBB", 50_000, 50_000, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes(6251 * 500), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def _drawing() -> bytes:
    """The picture bomb on the answer sheet, where openpyxl finds it when the refused file is marked."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    draw = "http://schemas.openxmlformats.org/drawingml/2006"
    picture = (
        f'<xdr:wsDr xmlns:xdr="{draw}/spreadsheetDrawing" xmlns:a="{draw}/main"><xdr:oneCellAnchor><xdr:from><xdr:col>0'
        '</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>0</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="9" '
        'cy="9"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="1" name="图"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>'
        f'<a:blip xmlns:r="{office}" r:embed="rId1"/></xdr:blipFill><xdr:spPr/></xdr:pic><xdr:clientData/>'
        "</xdr:oneCellAnchor></xdr:wsDr>"
    )

    def relations(kind: str, target: str) -> bytes:
        space = "http://schemas.openxmlformats.org/package/2006/relationships"
        line = f'<Relationship Id="rId1" Type="{office}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{space}">{line}</Relationships>'.encode()

    sheet = parts()[SHEET].replace("是".encode(), "大概有".encode())
    sheet = sheet.replace(b"</worksheet>", f'<drawing xmlns:r="{office}" r:id="rId1"/></worksheet>'.encode())
    return changed(
        {
            SHEET: sheet,
            "xl/worksheets/_rels/sheet3.xml.rels": relations("drawing", "../drawings/drawing1.xml"),
            "xl/drawings/drawing1.xml": picture.encode(),
            "xl/drawings/_rels/drawing1.xml.rels": relations("image", "../media/image1.png"),
            "xl/media/image1.png": _picture_bomb(),
        }
    )


def _layered_bomb() -> bytes:
    content = bytes(8 * MB)
    for number in range(4):
        content = zipped({f"{number}-{copy}.zip": content for copy in range(8)})
    return changed({"xl/media/image1.png": content})


EXPANSION = family(
    "expansion",
    {
        "zeros-of-59-mb": lambda: changed({"xl/media/a.bin": bytes(59 * MB)}),
        "zeros-of-200-mb": lambda: changed({"xl/media/a.bin": bytes(200 * MB)}),
        "blanks-in-the-sheet": lambda: changed({SHEET: parts()[SHEET] + b" " * (50 * MB)}),
        "layers": _layered_bomb,
        "letters": lambda: sheet_of(f'<row><c t="str"><v>{"x" * 40 * MB}</v></c></row>'),
    },
    "compressed-too-much", "zip-bomb", "archive-in-workbook",
)  # fmt: skip
ENTRIES = family(
    "entries",
    {str(n): lambda n=n: changed({f"xl/{i}.xml": b"" for i in range(n)}) for n in (1_000, 30_000)},
    "too-many-entries",
)
TOO_LARGE = family("too-large", {"6-mb": lambda: good() + noise(6 * MB).encode()}, "file-too-large")
ENTITIES = family(
    "entities",
    {
        "laughs-in-the-sheet": lambda: changed({SHEET: f"{DOCTYPE}<worksheet>&l9;</worksheet>".encode()}),
        "laughs-in-the-strings": lambda: changed({STRINGS: f"{DOCTYPE}<sst><si><t>&l9;</t></si></sst>".encode()}),
        "laughs-in-the-types": lambda: changed({TYPES: DOCTYPE.encode() + parts()[TYPES].partition(b"?>")[2]}),
        "laughs-in-utf-16": lambda: changed({STYLES: f"{DOCTYPE}<styleSheet/>".encode("utf-16")}),
        "quadratic": lambda: changed({SHEET: (f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]><x>' + "&a;" * 9_000 + "</x>").encode()}),
        "outside-file": lambda: changed({STRINGS: b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>'}),
        "outside-address": lambda: changed({WORKBOOK: b'<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">' + parts()[WORKBOOK].partition(b"?>")[2]}),
        "parameter": lambda: changed({"docProps/app.xml": b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://example.invalid/"> %a;]><x/>'}),
        "in-a-part-nobody-reads": lambda: changed({"customXml/item1.xml": f"{DOCTYPE}<x/>".encode()}),
    },
    "xml-document-type",
)  # fmt: skip
DEPTH = family(
    "depth",
    {
        "sheet": lambda: padded({SHEET: b"<a>" * 900_000 + b"</a>" * 900_000}),
        "cells": lambda: _sheet("<row>" * 200_000 + "</row>" * 200_000),
        "strings": lambda: padded({STRINGS: b"<sst><si>" + b"<r>" * 500_000 + b"</r>" * 500_000 + b"</si></sst>"}),
        "styles": lambda: padded({STYLES: b"<x>" * 500_000 + b"</x>" * 500_000}),
        "relations": lambda: padded({RELATIONS: b"<x>" * 500_000 + b"</x>" * 500_000}),
        "types": lambda: padded({TYPES: b"<x>" * 500_000 + b"</x>" * 500_000}),
    },
)  # fmt: skip
LISTS = family(
    "lists",
    {
        "elements": lambda: _sheet("<c/>" * 2_100_000),
        "rows": lambda: _sheet("".join(f'<row r="{n}"/>' for n in range(1, 1_048_577))),
        "empty-cells": lambda: _sheet("".join(f'<row r="{n}">' + '<c s="1"/>' * 20 + "</row>" for n in range(1, 40_000))),
        "cells": lambda: _sheet(("<row>" + "<c><v>1</v></c>" * 150 + "</row>") * 2_000),
        "strings": lambda: _into(STRINGS, b"</sst>", "<si><t>字</t></si>" * 400_000),
        "styles": lambda: _into(STYLES, b"</cellXfs>", '<xf numFmtId="9"/>' * 400_000),
        "formats": lambda: _into(STYLES, b"<fonts", "<numFmts>" + "".join(f'<numFmt numFmtId="{n}" formatCode="0%"/>' for n in range(164, 100_000)) + "</numFmts>"),
        "relations": lambda: _into(RELATIONS, b"</Relationships>", "".join(f'<Relationship Id="x{n}" Type="t" Target="x"/>' for n in range(200_000))),
        "types": lambda: _into(TYPES, b"</Types>", "".join(f'<Override PartName="/x{n}" ContentType="t"/>' for n in range(200_000))),
        "validations": lambda: _sheet("", after="<dataValidations>" + '<dataValidation sqref="A1"/>' * 200_000 + "</dataValidations>"),
        "links": lambda: _sheet("", after="<hyperlinks>" + '<hyperlink ref="A1" location="x"/>' * 200_000 + "</hyperlinks>"),
        "names": lambda: _into(WORKBOOK, b"</workbook>", "<definedNames>" + "".join(f'<definedName name="n{n}">n{n + 1}</definedName>' for n in range(150_000)) + "</definedNames>"),
        "formulas": lambda: _sheet("".join(f'<row r="{n}"><c r="A{n}"><f>A{n + 1}+1</f><v>1</v></c></row>' for n in range(1, 19_000))),
        "sheets-on-one-part": lambda: _many_sheets(900, is_shared=True),
        "sheets-that-reach-far": lambda: _many_sheets(30, is_shared=False),
    },
)  # fmt: skip
MERGES = family("merges", {"many": lambda: _many_merges(400_000)}, "too-many-cells")
FAR = family(
    "far",
    {
        "corner": lambda: sheet_of('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "small-letters": lambda: sheet_of('<row r="1"><c r="xfd1048576"><v>1</v></c></row>'),
        "beyond": lambda: sheet_of('<row r="9999999"><c r="ZZZ9999999"><v>1</v></c></row>'),
        "last-row": lambda: sheet_of('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "last-column": lambda: sheet_of('<row r="1"><c r="XFD1"><v>1</v></c></row>'),
    },
    "sheet-too-large",
)
REACH = family(
    "reach",
    {
        "allowed-corner": lambda: sheet_of('<row r="20000"><c r="GR20000"><v>1</v></c></row>'),
        "dimension": lambda: sheet_of('<row r="1"><c r="A1"><v>1</v></c></row>', dimension="A1:XFD1048576"),
        "dimension-of-nonsense": lambda: sheet_of('<row r="1"><c r="A1"><v>1</v></c></row>', dimension="ZZZZ99999999:A0"),
        "merged-all": lambda: sheet_of("", after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "merged-backwards": lambda: sheet_of("", after='<mergeCells><mergeCell ref="XFD1048576:A1"/></mergeCells>'),
        "strings-announced": lambda: changed({STRINGS: parts()[STRINGS].replace(b"<sst ", b'<sst count="4294967295" uniqueCount="4294967295" ', 1)}),
        "column-widths": lambda: changed({SHEET: parts()[SHEET].replace(b"<sheetData>", b'<cols><col min="1" max="16384" width="255"/></cols><sheetData>', 1)}),
        "format-of-one-mb": lambda: _into(STYLES, b"<fonts", f'<numFmts><numFmt numFmtId="999" formatCode="{noise(MB)}"/></numFmts>'),
        "attribute-of-two-mb": lambda: _sheet(f'<row><c r="{noise(2 * MB)}"><v>1</v></c></row>'),
        "name-of-one-mb": lambda: changed({WORKBOOK: parts()[WORKBOOK].replace("自评表".encode(), noise(MB).encode())}),
        "formula-of-one-mb": lambda: _sheet(f'<row r="9"><c r="E9"><f>{noise(MB)}</f></c></row>'),
        "text-of-two-mb": lambda: _sheet(f'<row r="4"><c r="A4" t="str"><v>{noise(2 * MB)}</v></c></row>'),
        "giant-once": lambda: _shared_giant(2 * MB, 100),
        "picture": _drawing,
    },
)  # fmt: skip
MEMORY = family(
    "memory",
    {"giant-shared-by-all": lambda: _shared_giant(MB, 150_000), "large-shared": lambda: _shared_giant(60_000, 150_000)},
    "reading-memory", "reading-timeout",
)  # fmt: skip

CASES = [
    *EXPANSION, *ENTRIES, *TOO_LARGE, *ENTITIES, *DEPTH, *LISTS, *MERGES, *FAR, *REACH, *MEMORY,
]  # fmt: skip
