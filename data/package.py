"""An xlsx as what it is, a zip of XML parts: read, changed and written again part by part.

Unchanged parts are copied as they are compressed, and times are fixed, so that writing is fast and the same
content gives the same bytes (the product keeps files under their hash).
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import TypeVar
from xml.parsers import expat

DOS_TIME, DOS_DATE = 0, (46 << 9) | (1 << 5) | 1  # 2026-01-01 00:00 in every archive that is written
COMPRESSION_LEVEL = 6
UTF8_NAME = 0x800

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


@dataclass(frozen=True)
class Part:
    """One part of a package, as it is stored."""

    name: str
    method: int
    crc: int
    size: int
    stored: bytes

    @property
    def data(self) -> bytes:
        """The part's content."""
        return zlib.decompress(self.stored, -15) if self.method == zipfile.ZIP_DEFLATED else self.stored


def pack(name: str, data: bytes) -> Part:
    """A part with this content, compressed."""
    compressor = zlib.compressobj(COMPRESSION_LEVEL, zlib.DEFLATED, -15)
    stored = compressor.compress(data) + compressor.flush()
    return Part(name, zipfile.ZIP_DEFLATED, zlib.crc32(data), len(data), stored)


def store(name: str, data: bytes) -> Part:
    """A part with this content, not compressed."""
    return Part(name, zipfile.ZIP_STORED, zlib.crc32(data), len(data), data)


def read_package(content: bytes) -> dict[str, Part]:
    """The parts by name. For packages of our own making; raises zipfile.BadZipFile for what is not a zip."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            _, stored = stored_entry(content, info)
            parts[info.filename] = Part(info.filename, info.compress_type, info.CRC, info.file_size, stored)
    return parts


def stored_entry(content: bytes, info: zipfile.ZipInfo) -> tuple[bytes, bytes]:
    """The name and the stored bytes of a zip's entry, from where the list says that it stands. Raises struct.error."""
    name_length, extra_length = struct.unpack_from("<2H", content, info.header_offset + 26)
    name_end = info.header_offset + _LOCAL.size + name_length
    start = name_end + extra_length
    return content[name_end - name_length : name_end], content[start : start + info.compress_size]


def write_package(parts: Iterable[Part]) -> bytes:
    """The parts as one zip; equal parts give equal bytes."""
    body, directory, count = io.BytesIO(), io.BytesIO(), 0
    for part in parts:
        name = part.name.encode()
        common = (20, UTF8_NAME, part.method, DOS_TIME, DOS_DATE, part.crc, len(part.stored), part.size)
        offset = body.tell()
        body.write(_LOCAL.pack(b"PK\x03\x04", *common, len(name), 0) + name + part.stored)
        directory.write(_CENTRAL.pack(b"PK\x01\x02", 20, *common, len(name), 0, 0, 0, 0, 0, offset) + name)
        count += 1
    start, listing = body.tell(), directory.getvalue()
    body.write(listing + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listing), start, 0))
    return body.getvalue()


@dataclass(frozen=True)
class SheetPart:
    """A worksheet: its name, whether it is shown ("visible", "hidden", "veryHidden"), and the part it is in."""

    name: str
    state: str
    path: str


class UnsafeXml(ValueError):
    """XML with a document type: no office program writes one, and entities could be made to explode."""


class TooMuchXml(ValueError):
    """XML with more elements than any part that is read has; `MAX_ELEMENTS`."""


# A register of 20,000 units has 300,000 in its sheet, and as many again where its rows are formatted; a million take a second.
MAX_ELEMENTS = 2_000_000


def parse_xml(data: bytes, *, start=None, end=None, text=None) -> None:
    """Run handlers over XML: start(local name, attributes), end(local name), text(characters).

    Raises UnsafeXml for a document type, TooMuchXml for too many elements, expat.ExpatError for XML that is not
    well-formed.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_):
        raise UnsafeXml("document type")

    parser.StartDoctypeDeclHandler = refuse
    if start:
        n_elements = 0

        def on_start(name, attributes):
            nonlocal n_elements
            n_elements += 1
            if n_elements > MAX_ELEMENTS:
                raise TooMuchXml(f"more than {MAX_ELEMENTS} elements")
            start(_local(name) if ":" in name else name, attributes)

        parser.StartElementHandler = on_start
    if end:
        parser.EndElementHandler = lambda name: end(_local(name) if ":" in name else name)
    if text:
        parser.CharacterDataHandler = text
    parser.Parse(data, True)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


Read = TypeVar("Read")
# Styles, relations and content types come the same out of the same office program, in thousands of workbooks.
SAME_PARTS, LARGEST_SAME = 64, 128 * 1024
LARGEST_SMALL = 12 * 1024  # of parts among which many are a unit's own; what it fills in is in larger ones


def same_in_many(reader: Callable[..., Read], *, largest: int = LARGEST_SAME) -> Callable[..., Read]:
    """A reader of small parts that remembers what it read last; what it returns must not be changed."""
    remembered = lru_cache(SAME_PARTS)(reader)

    @wraps(reader)
    def read(*parts: bytes, **options: str) -> Read:
        return (remembered if sum(map(len, parts)) <= largest else reader)(*parts, **options)

    return read


@same_in_many
def list_sheets(
    workbook: bytes, relations: bytes, *, folder: str = "xl"
) -> tuple[tuple[SheetPart, ...], bool]:
    """The worksheets in their order, and whether dates count from 1904, from workbook.xml and its relations."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str, str]] = []
    is_1904 = False

    def relation(name, attributes):
        if name == "Relationship":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            targets[attributes.get("Id", "")] = posixpath.normpath(path)

    def element(name, attributes):
        nonlocal is_1904
        if name == "sheet":
            plain = {_local(key): value for key, value in attributes.items()}
            identity = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            sheets.append((plain.get("name", ""), plain.get("state", "visible"), identity))
        elif name == "workbookPr":
            is_1904 = attributes.get("date1904", "0").lower() in ("1", "true")

    parse_xml(relations, start=relation)
    parse_xml(workbook, start=element)
    found = tuple(SheetPart(name, state, targets.get(identity, "")) for name, state, identity in sheets)
    return found, is_1904


# openpyxl stamps the hour of writing into this part; the same content must have the same bytes.
CORE_PART = "docProps/core.xml"
_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    b'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    b'<dcterms:created xsi:type="dcterms:W3CDTF">2026-01-01T00:00:00Z</dcterms:created></cp:coreProperties>'
)


def repack(content: bytes) -> bytes:
    """A package as openpyxl wrote it, without the hour of its writing."""
    parts = read_package(content)
    parts[CORE_PART] = pack(CORE_PART, _CORE)
    return write_package(parts.values())
