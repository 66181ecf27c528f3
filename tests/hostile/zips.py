"""Zips of workbooks that try to leave, to hide, to nest, to grow; the good workbook in each still goes in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from random import Random

from tests.hostile.material import Hostile, family, good, zipped

GOOD_MEMBER = "好.xlsx"
MB = 1024 * 1024


def _beside_a_good_one(*members: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> Callable[[], bytes]:
    return lambda: zipped(dict([(GOOD_MEMBER, good()), *members]), method=method)


def _with_flag() -> bytes:
    content = bytearray(_beside_a_good_one(("锁.xlsx", good()))())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def _damaged_member() -> bytes:
    marked = b"MARK" * 10
    return _beside_a_good_one(("坏.xlsx", marked))().replace(marked, marked[::-1], 1)


def _doubled() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in (GOOD_MEMBER, "甲.xlsx", "甲.XLSX"):
            archive.writestr(zipfile.ZipInfo(name), good())
    return stream.getvalue()


def _named_in_gbk(name: str) -> bytes:
    raw = name.encode("gbk")
    return _beside_a_good_one(("x" * len(raw), b"x"))().replace(b"x" * len(raw), raw)


def _growing(seed: int) -> bytes:
    return zipped({f"{n}.xlsx": bytes(4 * MB) for n in range(60 + seed)})


def _disturbed(seed: int) -> bytes:
    chance = Random(f"zip {seed}")
    content = bytearray(
        zipped({f"县{n}/自评表{n}.xlsx": good() for n in range(3)}, method=zipfile.ZIP_STORED)
    )
    for _ in range(chance.choice((1, 5, 50))):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


def _long_list() -> bytes:
    entry = b"PK\x01\x02" + b"\0" * 24 + (14).to_bytes(2, "little") + b"\0" * 16 + b"a" * 14
    listing = entry * 500_000
    end = b"PK\x05\x06" + b"\0" * 4 + b"\xff\xff" * 2 + len(listing).to_bytes(4, "little") + b"\0" * 6
    return b"PK\x03\x04" + listing + end


def _of(name: str, makers: dict[str, Callable[[], bytes]], *codes: str) -> list[Hostile]:
    return family(name, makers, *codes, filename="{}.zip")


PATHS = _of(
    "zip-path",
    {
        str(n): _beside_a_good_one((name, good()))
        for n, name in enumerate(("../逃.xlsx", "/etc/逃.xlsx", "C:/逃.xlsx", "县\\逃.xlsx", "县/../../逃.xlsx", "a\nb.xlsx"))
    },
    "unsafe-path",
)  # fmt: skip
NESTED = _of(
    "zip-nested",
    {
        "zip": _beside_a_good_one(("里面.zip", zipped({"甲.xlsx": good()}))),
        "rar": _beside_a_good_one(("里面.rar", b"Rar!")),
        "7z": _beside_a_good_one(("里面.7z", b"7z")),
    },
    "archive-in-archive",
)
REFUSED = [
    *_of("zip-password", {"member": _with_flag}, "encrypted-archive"),
    *_of("zip-damaged-member", {"checksum": _damaged_member}, "damaged-archive"),
    *_of("zip-doubled", {"case": _doubled}, "duplicate-member"),
    *_of("zip-large-member", {"6-mb": _beside_a_good_one(("大.xlsx", bytes(6 * MB)))}, "file-too-large"),
    *_of("zip-bomb-member", {"zeros": _beside_a_good_one(("零.xlsx", bytes(5 * MB)), method=zipfile.ZIP_DEFLATED)}, "compressed-too-much"),
    *_of("zip-method", {"bzip2": _beside_a_good_one(("甲.xlsx", good()), method=zipfile.ZIP_BZIP2)}, "unsupported-compression"),
    *_of("zip-of-others", {"pdf": _beside_a_good_one(("证明.pdf", b"%PDF-1.7"))}, "not-a-workbook"),
    *_of("zip-empty", {"nothing": lambda: zipped({}), "hidden": lambda: zipped({"__MACOSX/._a.xlsx": b"x"})}, "empty-archive"),
    *_of("zip-many-members", {"21000": lambda: zipped({f"{n}.xlsx": b"" for n in range(21_000)})}, "too-many-members"),
    *_of("zip-long-list", {"half-a-million": _long_list}, "too-many-members"),
    *_of("zip-stump", {"cut": lambda: zipped({"甲.xlsx": good()})[:-9]}, "damaged-archive"),
    *_of("zip-no-zip", {"pdf": lambda: b"%PDF-1.7", "rar": lambda: b"Rar!\x1a\x07" + bytes(9)}, "not-a-workbook", "unsupported-archive"),
    *_of("zip-growing", {str(n): lambda n=n: _growing(n) for n in range(2)}, "compressed-too-much"),
]  # fmt: skip
ODD = [
    *_of("zip-name", {"gbk": lambda: _named_in_gbk("县乙.xlsx"), "backslash-in-gbk": lambda: _named_in_gbk("輁.xlsx"), "right-to-left": _beside_a_good_one(("自评表\u202excod.xlsx", good()))}),
    *_of("zip-is-workbook", {"renamed": good}),
    *_of("zip-disturbed", {str(n): lambda n=n: _disturbed(n) for n in range(20)}),
]  # fmt: skip

CASES = [*PATHS, *NESTED, *REFUSED, *ODD]
