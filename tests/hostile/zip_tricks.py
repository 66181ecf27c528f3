"""Packages that no office program writes: names that leave them, doubled and hidden parts, lies about sizes, layers."""

from __future__ import annotations

import io
import struct
import zipfile

from tests.hostile.material import SHEET, WORKBOOK, changed, family, good, parts, zipped

_NAMES = ["../evil.xml", "/etc/evil.xml", "C:\\evil.xml", "xl\\evil.xml", "xl/../../evil.xml", "xl/a\nb.xml", "..",
          "\\\\server\\share\\x.xml", "xl/\x7f/../..", "a:b.xml"]  # fmt: skip


def _with_name(name: str) -> bytes:
    return changed({name: b"<x/>"})


def _zero_byte_in_a_name() -> bytes:
    return changed({"xl/aXb.xml": b"<x/>"}).replace(b"xl/aXb.xml", b"xl/a\0b.xml")


def _field(signature: bytes, offset: int, value: int, size: str = "<L", *, last: bool = False) -> bytes:
    """The good workbook with one number in one of its zip records overwritten."""
    content = bytearray(good())
    start = content.rindex(signature) if last else content.index(signature)
    struct.pack_into(size, content, start + offset, value)
    return bytes(content)


def _twice_the_same_name() -> bytes:
    stream = io.BytesIO(good())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(zipfile.ZipInfo("xl/WorkBook.xml"), parts()[WORKBOOK])
    return stream.getvalue()


def _two_archives_in_one() -> bytes:
    """A zip in the comment of another: programs that look for its end from behind or from before see different ones."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", b"x")
        archive.comment = good()[:60_000]
    return stream.getvalue()


def _data_between() -> bytes:
    content = good()
    start = content.index(b"PK\x01\x02")
    return content[:start] + b"\0" * 5000 + content[start:]


def _all_entries_at_one_place() -> bytes:
    """Every entry of the list points to the first one's bytes, as overlapping bombs do."""
    content = bytearray(good())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<L", content, at + 42, 0)
        at = content.find(b"PK\x01\x02", at + 1)
    return bytes(content)


def _compressed(method: int) -> bytes:
    return zipped(parts(), method=method)


def _layers(depth: int) -> bytes:
    content = good()
    for number in range(depth):
        content = zipped({f"{number}.zip": content})
    return content


ODD_NAMES = family(
    "name",
    {f"{number}": lambda name=name: _with_name(name) for number, name in enumerate(_NAMES)}
    | {"zero-byte": _zero_byte_in_a_name},
    "unsafe-entry-name",
)
DOUBLED = family("doubled", {"case": _twice_the_same_name}, "duplicate-entry")
LIES = family(
    "lies",
    {
        "size-too-small": lambda: _field(b"PK\x01\x02", 24, 10),
        "size-too-large": lambda: _field(b"PK\x01\x02", 24, 50_000_000),
        "size-of-64-bits": lambda: _field(b"PK\x01\x02", 24, 0xFFFFFFFF),
        "compressed-size": lambda: _field(b"PK\x01\x02", 20, 3),
        "wrong-checksum": lambda: _field(b"PK\x01\x02", 16, 1),
        "wrong-offset": lambda: _field(b"PK\x01\x02", 42, 7),
        "offset-far-away": lambda: _field(b"PK\x01\x02", 42, 0xFFFFFF00, last=True),
        "name-too-long": lambda: _field(b"PK\x01\x02", 28, 60_000, "<H"),
        "extra-too-long": lambda: _field(b"PK\x01\x02", 30, 60_000, "<H"),
        "unknown-method": lambda: _field(b"PK\x01\x02", 10, 77, "<H"),
        "newest-version": lambda: _field(b"PK\x01\x02", 6, 0xFFFF, "<H"),
        "directory-size": lambda: _field(b"PK\x05\x06", 12, 0x7FFFFFFF),
        "directory-offset": lambda: _field(b"PK\x05\x06", 16, 0x7FFFFFFF),
        "one-place": _all_entries_at_one_place,
    },
    "damaged-workbook", "unsupported-compression", "zip-bomb", "compressed-too-much", "not-a-workbook",
    "duplicate-entry", "unsafe-entry-name",
)  # fmt: skip
HIDDEN = family(
    "hidden",
    {
        "in-the-comment": _two_archives_in_one,
        "between": _data_between,
        "number-of-entries": lambda: _field(b"PK\x05\x06", 10, 0xFFFF, "<H"),
        "behind-a-mark": lambda: b"PK\x07\x08" + good(),
    },
)
PASSWORD = family("password", {"entry": lambda: _field(b"PK\x01\x02", 8, 1, "<H")}, "encrypted-archive")
METHODS = family(
    "method",
    {"bzip2": lambda: _compressed(zipfile.ZIP_BZIP2), "lzma": lambda: _compressed(zipfile.ZIP_LZMA)},
    "unsupported-compression",
)
STORED = family("stored", {"not-compressed": lambda: _compressed(zipfile.ZIP_STORED)})
LAYERS = family("layers", {str(n): lambda n=n: _layers(n) for n in (1, 2, 40)}, "not-a-workbook")
INSIDE = family(
    "archive-inside",
    {
        "zip": lambda: changed({"xl/media/a.png": _layers(1)}),
        "workbook": lambda: changed({"docProps/thumbnail.jpeg": good()}),
        "rar": lambda: changed({"customXml/item1.bin": b"Rar!\x1a\x07\x01\0"}),
        "7z": lambda: changed({"xl/x.dat": b"7z\xbc\xaf\x27\x1c" + bytes(50)}),
    },
    "archive-in-workbook",
)
MISSING = family(
    "missing", {name.replace("/", "_"): lambda name=name: changed({name: None}) for name in parts()},
)  # fmt: skip
EMPTIED = family(
    "emptied", {name.replace("/", "_"): lambda name=name: changed({name: b""}) for name in (*parts(), SHEET)},
)  # fmt: skip

CASES = [
    *ODD_NAMES, *DOUBLED, *LIES, *HIDDEN, *PASSWORD, *METHODS, *STORED, *LAYERS, *INSIDE, *MISSING, *EMPTIED,
]  # fmt: skip
