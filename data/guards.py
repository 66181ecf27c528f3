"""Cheap checks before any parser sees an uploaded file: what it is, how large, how large it gets, macros."""

from __future__ import annotations

import io
import zipfile
import zlib

from data.problems import Problem, make_problem

MAX_FILE_BYTES = 5 * 1024 * 1024  # a filled workbook has about 40 KB
MAX_EXPANDED_BYTES = 60 * 1024 * 1024
MAX_ENTRIES = 1000
CHUNK = 64 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MIME_ODS = b"application/vnd.oasis.opendocument"


def guard_file(content: bytes, *, limit: int = MAX_FILE_BYTES) -> list[Problem]:
    """Why the file must not be parsed, or an empty list. Expands every entry once, in pieces, and keeps nothing."""
    if not content:
        return [make_problem("empty-file")]
    if len(content) > limit:
        return [make_problem("file-too-large", found=megabytes(len(content)), limit=megabytes(limit))]
    if content.startswith(_OLE):
        is_encrypted = "EncryptedPackage".encode("utf-16-le") in content
        return [make_problem("encrypted-workbook" if is_encrypted else "old-xls")]
    if not content.startswith(b"PK"):
        return [make_problem("not-a-workbook", found=_kind_of(content))]
    try:
        return _guard_zip(content)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return [make_problem("damaged-workbook")]


def _guard_zip(content: bytes) -> list[Problem]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        names = {entry.filename for entry in entries}
        if len(entries) > MAX_ENTRIES:
            return [make_problem("zip-bomb", found=f"{len(entries)} 个部件", limit=f"{MAX_ENTRIES} 个部件")]
        if any(entry.flag_bits & 1 for entry in entries):
            return [make_problem("encrypted-workbook")]
        expanded = 0
        for entry in entries:
            with archive.open(entry) as stream:
                while piece := stream.read(CHUNK):
                    expanded += len(piece)
                    if expanded > MAX_EXPANDED_BYTES:
                        limit = megabytes(MAX_EXPANDED_BYTES)
                        return [make_problem("zip-bomb", found=f"{limit}以上", limit=limit)]
        if "mimetype" in names and archive.read("mimetype").startswith(_MIME_ODS):
            return [make_problem("ods-workbook")]
        if "[Content_Types].xml" not in names:
            return [make_problem("not-a-workbook", found="普通压缩包")]
        types = archive.read("[Content_Types].xml")
    macros = sorted(
        name for name in names if name.lower().endswith(("vbaproject.bin", "macrosheets/sheet1.xml"))
    )
    if macros or b"macroEnabled" in types:
        return [make_problem("macro-workbook", found="VBA 宏" if macros else "xlsm 格式")]
    if b"sheet.binary" in types:
        return [make_problem("not-a-workbook", found="xlsb 二进制工作簿")]
    if b"spreadsheetml" not in types:
        return [make_problem("not-a-workbook", found="Word、PowerPoint 或其他文件")]
    return []


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
