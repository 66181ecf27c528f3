"""Checks before any parser sees an uploaded file: what it is, how large it is and gets, what is in it besides cells.

`open_package` gives the file's parts to the reader; what they must not hold is in `data.active_parts`.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from functools import lru_cache
from xml.parsers.expat import ExpatError

from data.active_parts import find_active_part
from data.package import LARGEST_SMALL, SAME_PARTS, UnsafeXml, stored_entry
from data.problems import Problem, make_problem

MAX_FILE_BYTES = 5 * 1024 * 1024  # a filled workbook has about 40 KB
MAX_EXPANDED_BYTES = 60 * 1024 * 1024
MAX_ENTRIES = 1000
# A full sheet of numbers shrinks to a thirteenth; a hundredth and less is padding.
MAX_RATIO, RATIO_MATTERS_FROM = 100, 8 * 1024 * 1024
PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # all that an office program writes
CHUNK = 64 * 1024
SMALL_STORED = 2_560  # bytes in the zip; a theme has 2,000, the words of the smallest workbook 3,500
UNUSUAL_FLAGS = 0x61  # encrypted, patched, strongly encrypted
ET_SUFFIXES = (".et", ".ett")

_ENTRY = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MIME_ODS = b"application/vnd.oasis.opendocument"
_ARCHIVES = {b"Rar!": "RAR", b"7z\xbc\xaf\x27\x1c": "7z", b"\x1f\x8b": "gzip"}
_OLE_STREAMS = {
    "WordDocument": "旧版 Word 文档",
    "PowerPoint Document": "旧版 PowerPoint 文稿",
    "__substg1.0_": "Outlook 邮件",
}
_OUTSIDE = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|\\|^[A-Za-z]:|[\x00-\x1f]")

Parts = dict[str, bytes]


def guard_file(content: bytes, *, filename: str = "", limit: int = MAX_FILE_BYTES) -> list[Problem]:
    """Why the file must not be parsed, or an empty list."""
    return open_package(content, filename=filename, limit=limit)[1]


def open_package(
    content: bytes, *, filename: str = "", limit: int = MAX_FILE_BYTES
) -> tuple[Parts | None, list[Problem]]:
    """The parts of an xlsx by name, or None and why the file must not be parsed.

    Readers should read these parts and not open the file again: two programs may read one zip differently.
    """
    if not content:
        return None, [make_problem("empty-file")]
    if len(content) > limit:
        problem = make_problem("file-too-large", found=megabytes(len(content)), limit=megabytes(limit))
        return None, [problem]
    if content.startswith(_OLE):
        return None, [_judge_ole(content, filename)]
    for start, kind in _ARCHIVES.items():
        if content.startswith(start):
            return None, [make_problem("unsupported-archive", found=kind)]
    if not content.startswith(b"PK"):
        return None, [make_problem("not-a-workbook", found=_kind_of(content))]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if problem := _judge_directory(archive, size=len(content)):
                return None, [problem]
            parts = _expand(archive, content)
            if isinstance(parts, Problem):
                return None, [parts]
        problem = _judge_kind(parts) or find_active_part(parts)
        return (None, [problem]) if problem else (parts, [])
    except UnsafeXml:
        return None, [make_problem("xml-document-type")]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, ExpatError,
            NotImplementedError, RuntimeError):  # fmt: skip
        return None, [make_problem("damaged-workbook")]


def is_outside(name: str) -> bool:
    """Whether a name in a zip leaves it or is none: absolute, with .. or a drive, a backslash or control characters."""
    return bool(_OUTSIDE.search(name))


def _judge_ole(content: bytes, filename: str) -> Problem:
    """The old binary container: an encrypted workbook, xls, et (which the name alone tells), or no workbook at all."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        return make_problem("encrypted-workbook")
    for stream, kind in _OLE_STREAMS.items():
        if has(stream):
            return make_problem("not-a-workbook", found=kind)
    return make_problem("et-workbook" if filename.lower().endswith(ET_SUFFIXES) else "old-xls")


def _judge_directory(archive: zipfile.ZipFile, *, size: int) -> Problem | None:
    """What the zip's own list of entries tells, before one is expanded."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        return make_problem("too-many-entries", found=f"{len(entries):,}", limit=f"{MAX_ENTRIES:,}")
    if any(entry.flag_bits & 1 for entry in entries):
        return make_problem("encrypted-archive")
    if any(entry.compress_type not in PLAIN_METHODS for entry in entries):
        return make_problem("unsupported-compression")
    taken: set[str] = set()
    for entry in entries:
        if is_outside(entry.orig_filename):
            return make_problem("unsafe-entry-name", found=entry.orig_filename)
        if entry.filename.lower() in taken:
            return make_problem("duplicate-entry", found=entry.filename)
        taken.add(entry.filename.lower())
    return _judge_size(sum(entry.file_size for entry in entries), size)


def _judge_size(expanded: int, size: int) -> Problem | None:
    if expanded > MAX_EXPANDED_BYTES:
        return make_problem("zip-bomb", found=megabytes(expanded), limit=megabytes(MAX_EXPANDED_BYTES))
    if expanded > RATIO_MATTERS_FROM and expanded > size * MAX_RATIO:
        return make_problem("compressed-too-much", found=f"{expanded // size:,}", limit=f"{MAX_RATIO:,}")
    return None


def _expand(archive: zipfile.ZipFile, content: bytes) -> Parts | Problem:
    """Every entry in memory; in pieces where it is not as the list says, for what that says of sizes need not be true."""
    parts: Parts = {}
    expanded = 0
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        if (data := _expand_true(content, entry)) is not None:
            expanded += len(data)
            parts[entry.filename] = data
            continue
        pieces = []
        with archive.open(entry) as stream:
            while piece := stream.read(CHUNK):
                expanded += len(piece)
                if expanded > MAX_EXPANDED_BYTES:
                    limit = megabytes(MAX_EXPANDED_BYTES)
                    return make_problem("zip-bomb", found=f"{limit}以上", limit=limit)
                pieces.append(piece)
        parts[entry.filename] = b"".join(pieces)
    return parts


def _expand_true(content: bytes, entry: zipfile.ZipInfo) -> bytes | None:
    """An entry that is in all as the list says, at once: the same that zipfile gives, which takes three times as long.
    None for any other."""
    is_usual = entry.compress_type == zipfile.ZIP_DEFLATED and not entry.flag_bits & UNUSUAL_FLAGS
    at = entry.header_offset
    if not is_usual or at < 0 or content[at : at + len(_ENTRY)] != _ENTRY:
        return None
    try:
        name, stored = stored_entry(content, entry)
        if name != entry.orig_filename.encode("ascii"):
            return None
        is_small = len(stored) <= SMALL_STORED and entry.file_size <= LARGEST_SMALL
        data = (_inflate_again if is_small else _inflate)(stored, entry.file_size)
    except (struct.error, UnicodeEncodeError, zlib.error):
        return None
    is_true = len(stored) == entry.compress_size and len(data) == entry.file_size
    return data if is_true and zlib.crc32(data) == entry.CRC else None


def _inflate(stored: bytes, size: int) -> bytes:
    """What was deflated, of this size; something else, but not much more, where it is not."""
    decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
    data = decompressor.decompress(stored, size + 1)
    return data if decompressor.eof else b""


# Styles, theme and relations are the same bytes in thousands of workbooks; and being the same object too, what was made
# of them is found faster (`data.package.same_in_many`).
_inflate_again = lru_cache(SAME_PARTS)(_inflate)


def _judge_kind(parts: Parts) -> Problem | None:
    """A zip that is no workbook of any kind; what kind of workbook it is, its content types tell."""
    if parts.get("mimetype", b"").startswith(_MIME_ODS):
        return make_problem("ods-workbook")
    if "[Content_Types].xml" not in parts:
        return make_problem("not-a-workbook", found="普通压缩包")
    return None


def _kind_of(content: bytes) -> str:
    """What a file that is no zip seems to be, for the message."""
    head = content[:2048].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"%PDF"):
        return "PDF 文件"
    if head[:1] == b"<":
        return "网页或 XML 文件"
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8")):
        return "图片"
    if b"\x00" not in head and (b"," in head or b"\t" in head):
        return "CSV 或文本文件"
    return "文本文件" if b"\x00" not in head else "未知格式"


def megabytes(size: int) -> str:
    """5242880 → 5 MB."""
    return f"{size / 1024 / 1024:.3g} MB"
