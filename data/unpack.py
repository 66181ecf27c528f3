"""Opens what people send: workbooks, folders, zips of workbooks; one file after another, never all of them at once.

A zip is opened one level deep. What in it cannot be taken is told file by file (`TurnedAway`); the rest goes in.
"""

from __future__ import annotations

import io
import os
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from data.guards import (
    CHUNK,
    MAX_FILE_BYTES,
    MAX_RATIO,
    PLAIN_METHODS,
    is_outside,
    megabytes,
)
from data.problems import Problem, make_problem

MEMBER_LIMIT = 20_000  # more than a province has units
EXPANDED_LIMIT = 2 * 1024**3
DIRECTORY_BYTES = (
    6 * 1024 * 1024
)  # a zip's list of so many members; a longer one would fill the memory when read
RATIO_MATTERS_FROM = 1024 * 1024  # a workbook hardly shrinks at all, being a zip itself
LONGEST_NAME = 255

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".zip")
ARCHIVE_SUFFIXES = (".zip", ".rar", ".7z", ".gz", ".tar", ".bz2", ".xz")
# Of a folder these are taken, the rest being proofs and notes; some only to say that they cannot be read.
FOLDER_SUFFIXES = (*WORKBOOK_SUFFIXES, ".xlsb", ".ett", ".rar", ".7z")
HIDDEN_STARTS = (".", "~$")  # hidden files, and Office's lock files
CONTENT_TYPES = "[Content_Types].xml"


@dataclass(frozen=True)
class TurnedAway:
    """A file that is refused without its bytes being looked at."""

    filename: str
    problem: Problem


Incoming = tuple[str, bytes] | TurnedAway


class Sent:
    """One thing that was sent: a file, or a zip of files. Its length is told without expanding anything.

    A zip at a path stays open until it was gone through.
    """

    def __init__(self, name: str, source: Path | bytes):
        self.name, self._source = name, source
        self._stream: _BoundedFile | None = None
        self._archive: zipfile.ZipFile | None = None
        self._members: list[tuple[zipfile.ZipInfo, str]] = []
        self._verdict: Problem | None = None
        if name.lower().endswith(".zip"):
            self._list_members()

    def __len__(self) -> int:
        return len(self._members) if self._archive else 1

    def __iter__(self) -> Iterator[Incoming]:
        """Each file as (name, bytes), or turned away; once."""
        if self._verdict:
            yield TurnedAway(self.name, self._verdict)
        elif self._archive:
            yield from self._expand(self._archive)
        else:
            yield self._whole()

    def _list_members(self) -> None:
        """Find the zip's files, or why there are none; what is no zip is handed on, for the reader to say what it is."""
        try:
            self._stream = _BoundedFile(_open(self._source))
            is_zip = self._stream.read(2) == b"PK"
            archive = zipfile.ZipFile(self._stream)
        except _DirectoryTooLong:
            self._turn_away(_too_many("过多"))
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            self._turn_away(make_problem("damaged-archive") if is_zip else None)
        except OSError as error:
            self._turn_away(make_problem("file-unreadable", found=error.strerror))
        else:
            members = [(m, _member_name(m)) for m in archive.infolist() if not m.is_dir()]
            if any(name == CONTENT_TYPES for _, name in members):  # a workbook under the name of a zip
                self._turn_away(None)
                return
            members = [(m, name) for m, name in members if not _is_hidden(name)]
            if not members:
                self._turn_away(make_problem("empty-archive"))
                return
            if len(members) > MEMBER_LIMIT:
                self._turn_away(_too_many(f"{len(members):,} 个"))
                return
            self._archive, self._members = archive, sorted(members, key=lambda each: each[1])

    def _turn_away(self, verdict: Problem | None) -> None:
        self._verdict = verdict
        if self._stream:
            self._stream.close()

    def _whole(self) -> Incoming:
        try:
            with _open(self._source) as stream:
                size = stream.seek(0, io.SEEK_END)
                if size > MAX_FILE_BYTES:
                    return TurnedAway(self.name, _too_large(size))
                stream.seek(0)
                return self.name, stream.read()
        except OSError as error:
            return TurnedAway(self.name, make_problem("file-unreadable", found=error.strerror))

    def _expand(self, archive: zipfile.ZipFile) -> Iterator[Incoming]:
        taken: set[str] = set()
        expanded = 0
        with self._stream, archive:
            for member, name in self._members:
                shown = f"{self.name}/{name}"
                problem = _judge(member, name, taken)
                taken.add(name.lower())
                if not problem and (expanded := expanded + member.file_size) > EXPANDED_LIMIT:
                    limit = megabytes(EXPANDED_LIMIT)
                    problem = make_problem("archive-too-large", found=f"{limit}以上", limit=limit)
                content = None if problem else _read(archive, member)
                if content is None:
                    yield TurnedAway(shown, problem or make_problem("damaged-archive"))
                else:
                    yield shown, content


def iter_files(paths: Iterable[Path]) -> Iterator[Incoming]:
    """Every workbook under the given files, folders and zips as (path shown to the user, bytes), in sorted order.

    Office lock files (~$…) and hidden files are passed over. Raises FileNotFoundError for a path that is not there.
    """
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not _is_hidden(p.name))
            for file in inside:
                if file.suffix.lower() in FOLDER_SUFFIXES:
                    yield from Sent(_disk_name(file.relative_to(path)), file)
        elif path.exists():
            yield from Sent(_disk_name(Path(path.name)), path)
        else:
            raise FileNotFoundError(path)


def expand_upload(filename: str, content: bytes) -> Iterator[Incoming]:
    """An uploaded file as itself, or each workbook in it when it is a zip of workbooks."""
    yield from Sent(filename, content)


def clean_name(name: str) -> str:
    """A file's name as it is kept and shown: no control, direction or half characters, not endless."""
    text = name.encode("utf-8", "replace").decode("utf-8")
    text = "".join("_" if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in text)
    return text if len(text) <= LONGEST_NAME else "…" + text[1 - LONGEST_NAME :]


class _DirectoryTooLong(zipfile.BadZipFile):
    pass


class _BoundedFile:
    """A file of which no more than `DIRECTORY_BYTES` can be read at once: zipfile reads a zip's whole list at once."""

    def __init__(self, stream: BinaryIO):
        self._stream = stream
        self.seek, self.tell, self.seekable, self.close = (
            stream.seek,
            stream.tell,
            stream.seekable,
            stream.close,
        )

    def read(self, size: int = -1) -> bytes:
        """As a file's read; raises _DirectoryTooLong."""
        if size > DIRECTORY_BYTES:
            raise _DirectoryTooLong
        return self._stream.read(size)

    def __enter__(self) -> _BoundedFile:
        return self

    def __exit__(self, *_) -> None:
        self.close()


def _open(source: Path | bytes) -> BinaryIO:
    return source.open("rb") if isinstance(source, Path) else io.BytesIO(source)


def _judge(member: zipfile.ZipInfo, name: str, taken: set[str]) -> Problem | None:
    """Why a member of a zip is not read, by what the zip's own list says of it."""
    if is_outside(name):
        return make_problem("unsafe-path", found=name)
    if member.flag_bits & 1:
        return make_problem("encrypted-archive")
    if name.lower().endswith(ARCHIVE_SUFFIXES):
        return make_problem("archive-in-archive")
    if name.lower() in taken:
        return make_problem("duplicate-member")
    if member.compress_type not in PLAIN_METHODS:
        return make_problem("unsupported-compression")
    if member.file_size > MAX_FILE_BYTES:
        return _too_large(member.file_size)
    if member.file_size > max(RATIO_MATTERS_FROM, member.compress_size * MAX_RATIO):
        found = f"{member.file_size // max(member.compress_size, 1):,}"
        return make_problem("compressed-too-much", found=found, limit=MAX_RATIO)
    return None


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes | None:
    """A member's bytes, no more than the list says; None where it is damaged."""
    pieces = []
    try:
        with archive.open(member) as stream:
            while piece := stream.read(CHUNK):
                pieces.append(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return None
    return b"".join(pieces)


def _too_large(size: int) -> Problem:
    return make_problem("file-too-large", found=megabytes(size), limit=megabytes(MAX_FILE_BYTES))


def _too_many(found: str) -> Problem:
    return make_problem("too-many-members", found=found, limit=f"{MEMBER_LIMIT:,}")


def _is_hidden(name: str) -> bool:
    return name.rsplit("/", 1)[-1].startswith(HIDDEN_STARTS) or name.startswith("__MACOSX/")


def _member_name(member: zipfile.ZipInfo) -> str:
    """A member's name; Chinese Windows zips write GBK without saying so, which zipfile reads as cp437.

    Of the name as it stands in the zip: what zipfile makes of it ends at a zero byte, and differs between systems.
    """
    if member.flag_bits & 0x800:
        return member.orig_filename
    try:
        return member.orig_filename.encode("cp437").decode("gbk")
    except UnicodeError:
        return member.orig_filename


def _disk_name(path: Path) -> str:
    """A path as text; a disk filled by an older system may hold names in GBK."""
    raw = os.fsencode(path)
    for encoding in ("utf-8", "gbk"):
        try:
            return raw.decode(encoding)
        except UnicodeError:
            continue
    return raw.decode("utf-8", "replace")
