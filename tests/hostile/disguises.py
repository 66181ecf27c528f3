"""Other files under the name of a workbook, and workbooks of other programs: each is told by what it is."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

from tests.hostile.material import TYPES, changed, family, good, parts, zipped

FOLDER = Path(__file__).parents[1] / "workbooks"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def _ole(*streams: str) -> Callable[[], bytes]:
    return lambda: OLE + b"".join(stream.encode("utf-16-le").ljust(128, b"\0") for stream in streams)


def _made(name: str) -> Callable[[], bytes]:
    """A file that another program wrote."""
    return (FOLDER / name).read_bytes


def _office(content_type: str) -> Callable[[], bytes]:
    types = f'<Types><Override PartName="/x" ContentType="application/{content_type}"/></Types>'.encode()
    return lambda: zipped({TYPES: types, "x": b"x"})


def _tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        info = tarfile.TarInfo("a.xlsx")
        info.size = len(good())
        archive.addfile(info, io.BytesIO(good()))
    return stream.getvalue()


TEXT = "指标编号,填报值\nT19-01,是\n"
XLS = family(
    "xls", {"real": _made("xls-renamed.xlsx"), "workbook": _ole("Workbook"), "old": _ole("Book")}, "old-xls"
)
XLS_NAME = family("xls-name", {"real": _made("xls-renamed.xlsx")}, "old-xls", filename="{}.xls")
ET = family(
    "et", {"real": _made("xls-renamed.xlsx"), "bare": _ole("Workbook")}, "et-workbook", filename="{}.et"
)
ENCRYPTED = family(
    "encrypted",
    {"real": _made("encrypted.xlsx"), "made": _ole("EncryptionInfo", "EncryptedPackage")},
    "encrypted-workbook",
)
ODS = family("ods", {"real": _made("ods-renamed.xlsx")}, "ods-workbook")
ARCHIVES = family(
    "archive",
    {"rar": lambda: b"Rar!\x1a\x07\x01\x00" + bytes(99), "7z": lambda: b"7z\xbc\xaf\x27\x1c" + bytes(99), "gzip": lambda: gzip.compress(good())},
    "unsupported-archive",
)  # fmt: skip
OTHER = family(
    "other",
    {
        "word-97": _ole("WordDocument"),
        "powerpoint-97": _ole("PowerPoint Document"),
        "outlook": _ole("__substg1.0_0037001F"),
        "pdf": lambda: b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF",
        "html": lambda: "<html><table><tr><td>是</td></tr></table></html>".encode(),
        "html-gbk": lambda: "<table><tr><td>是</td></tr></table>".encode("gbk"),
        "xml-2003": lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
        "mht": lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related\n\nx",
        "csv": lambda: TEXT.encode(),
        "csv-gbk": lambda: TEXT.encode("gbk"),
        "csv-utf-16": lambda: TEXT.encode("utf-16"),
        "tsv": lambda: TEXT.replace(",", "\t").encode("utf-8-sig"),
        "json": lambda: b'{"a": 1}',
        "png": lambda: b"\x89PNG\r\n\x1a\n" + bytes(99),
        "jpeg": lambda: b"\xff\xd8\xff\xe0" + bytes(99),
        "gif": lambda: b"GIF89a" + bytes(99),
        "exe": lambda: b"MZ" + bytes(500),
        "elf": lambda: b"\x7fELF" + bytes(500),
        "shortcut": lambda: b"L\0\0\0\x01\x14\x02\0" + bytes(99),
        "database": lambda: b"SQLite format 3\0" + bytes(99),
        "tar": _tar,
        "docx": _office("vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
        "pptx": _office("vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"),
        "xlsb": _office("vnd.ms-excel.sheet.binary.macroEnabled.main"),
        "zip-of-text": lambda: zipped({"说明.txt": b"x"}),
        "zip-of-a-workbook": lambda: zipped({"自评表.xlsx": good()}),
        "jar": lambda: zipped({"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0", "A.class": b"\xca\xfe\xba\xbe"}),
        "odt": lambda: zipped({"mimetype": b"application/epub+zip"}),
        "mark-only": lambda: b"\xef\xbb\xbf",
        "one-byte": lambda: b"x",
        "zeros": lambda: bytes(5000),
    },
    "not-a-workbook",
)  # fmt: skip
EMPTY = family("empty", {"nothing": lambda: b""}, "empty-file")
STUMPS = family(
    "stump",
    {"pk": lambda: b"PK", "local": lambda: b"PK\x03\x04", "end": lambda: b"PK\x05\x06" + bytes(18)},
    "damaged-workbook", "not-a-workbook",
)  # fmt: skip
MACRO_FORMATS = family(
    "macro-format",
    {
        "xlsm": _office("vnd.ms-excel.sheet.macroEnabled.main+xml"),
        "xltm": _office("vnd.ms-excel.template.macroEnabled.main+xml"),
        "xlam": _office("vnd.ms-excel.addin.macroEnabled.main+xml"),
    },
    "macro-workbook",
)
TEMPLATE = family("template", {"xltx": lambda: changed({TYPES: parts()[TYPES].replace(b"sheet.main+xml", b"template.main+xml")})})  # fmt: skip

CASES = [
    *XLS, *XLS_NAME, *ET, *ENCRYPTED, *ODS, *ARCHIVES, *OTHER, *EMPTY, *STUMPS, *MACRO_FORMATS, *TEMPLATE,
]  # fmt: skip
