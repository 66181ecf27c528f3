"""Accepted workbooks, kept whole under the SHA-256 of their bytes; on the disk before the database hears of them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

from data.failures import cannot_write
from data.hashing import hash_bytes

Thing, Made = TypeVar("Thing"), TypeVar("Made")
PART = ".part"  # a file that is being written
SYNCED_AT_ONCE, AHEAD_AT_ONCE = 8, 2


class WorkbookFiles:
    """A folder of files named by their content: ab/ab12….xlsx."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._known_folders: set[Path] = set()

    def path(self, sha256: str) -> Path:
        """Where the file with this hash is or will be."""
        return self.folder / f"{sha256[:2]}/{sha256}.xlsx"

    def keep(self, content: bytes) -> str:
        """Put the bytes on the disk and return their SHA-256; see `keep_all`."""
        return self.keep_all([content])[0]

    def keep_all(self, contents: Iterable[bytes], *, ahead: Ahead | None = None) -> list[str]:
        """Put files on the disk and return their SHA-256; those that were written `ahead` only get their names. Raises StoreError
        (Chinese) where it cannot; what was put there by then stays, and counts for nothing.

        A file that is whole already may have been left by a process that was killed before its name was synced. The disk
        syncs several at once in hardly more time than one.
        """
        contents = list(contents)
        if not contents:
            return []
        try:
            hashes = _at_once(partial(self._put, ahead=ahead), contents)
            folders = {self.path(sha256).parent for sha256 in hashes}
            _at_once(sync_folder, list(folders))
            if not folders <= self._known_folders:
                sync_folder(self.folder)
                self._known_folders |= folders
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        return hashes

    @contextmanager
    def writing_ahead(self) -> Iterator[Ahead]:
        """Where files are written while others are still being read; those that were not kept by the end are removed."""
        with ThreadPoolExecutor(AHEAD_AT_ONCE, "keep-ahead") as threads:
            ahead = Ahead(self, threads)
            try:
                yield ahead
            finally:
                ahead.clear()

    def _put(self, content: bytes, *, ahead: Ahead | None = None) -> str:
        sha256 = hash_bytes(content)
        part = (ahead.take(sha256) if ahead else None) or self.write_part(sha256, content)
        if part:
            try:
                part.replace(self.path(sha256))
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        return sha256

    def write_part(self, sha256: str, content: bytes) -> Path | None:
        """The bytes in a file beside their place, on the disk; None where they are in their place already."""
        if self.is_whole(sha256):
            return None
        part = self.path(sha256).with_suffix(f".{os.getpid()}-{threading.get_ident()}{PART}")
        try:
            with _created(part) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return part

    def read(self, sha256: str) -> bytes:
        """The bytes of a kept file. Raises FileNotFoundError."""
        return self.path(sha256).read_bytes()

    def is_whole(self, sha256: str) -> bool:
        """Whether the file with this hash is there and still has it."""
        path = self.path(sha256)
        return path.is_file() and hash_bytes(path.read_bytes()) == sha256

    def hashes(self) -> Iterator[str]:
        """The hash that each kept file is named by."""
        yield from (path.stem for path in sorted(self.folder.glob("*/*.xlsx")))

    def clear_parts(self) -> None:
        """Remove what a killed process left half written; nobody else may be writing."""
        for part in self.folder.glob(f"*/*{PART}"):
            part.unlink(missing_ok=True)


class Ahead:
    """Files that threads write beside their places, by their SHA-256; `WorkbookFiles.keep_all` gives them their names."""

    def __init__(self, files: WorkbookFiles, threads: ThreadPoolExecutor):
        self._files, self._threads = files, threads
        self._parts: dict[str, Future[Path | None]] = {}

    def put(self, sha256: str, content: bytes) -> None:
        """Begin to write a file, unless that was begun."""
        if sha256 not in self._parts:
            self._parts[sha256] = self._threads.submit(self._files.write_part, sha256, content)

    def take(self, sha256: str) -> Path | None:
        """The written file, for whoever gives it its name; None where there is none. Raises OSError."""
        writing = self._parts.pop(sha256, None)
        return writing.result() if writing else None

    def clear(self) -> None:
        """Remove what was not taken."""
        while self._parts:
            _, writing = self._parts.popitem()
            if not writing.cancel():
                with suppress(OSError):
                    if part := writing.result():
                        part.unlink(missing_ok=True)


def _created(path: Path) -> BinaryIO:
    """A new file; its folder is there already but for the first in it."""
    try:
        return path.open("wb")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("wb")


def _at_once(do: Callable[[Thing], Made], things: Sequence[Thing]) -> list[Made]:
    """What `do` gives for each, in their order. A few threads share them out: handing over each by itself would take as long
    as writing a file."""
    n_threads = min(SYNCED_AT_ONCE, len(things))
    with ThreadPoolExecutor(n_threads, "keep") as threads:
        shares = [
            threads.submit(lambda share: [do(thing) for thing in share], things[first::n_threads])
            for first in range(n_threads)
        ]
    made = [share.result() for share in shares]
    return [made[at % n_threads][at // n_threads] for at in range(len(things))]


def sync_folder(folder: Path) -> None:
    """Make a new name itself survive a power cut; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
