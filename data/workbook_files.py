"""Accepted workbooks, kept whole under the SHA-256 of their bytes; on the disk before the database hears of them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, TypeVar

from data.failures import cannot_write
from data.hashing import hash_bytes

Thing, Made = TypeVar("Thing"), TypeVar("Made")
PART = ".part"  # a file that is being written
SYNCED_AT_ONCE = 8


class WorkbookFiles:
    """A folder of files named by their content: ab/ab12….xlsx."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._known_folders: set[Path] = set()

    def path(self, sha256: str) -> Path:
        """Where the file with this hash is or will be."""
        return self.folder / sha256[:2] / f"{sha256}.xlsx"

    def keep(self, content: bytes) -> str:
        """Put the bytes on the disk and return their SHA-256; see `keep_all`."""
        return self.keep_all([content])[0]

    def keep_all(self, contents: Iterable[bytes]) -> list[str]:
        """Put files on the disk and return their SHA-256. Raises StoreError (Chinese) where it cannot; what was put there by then
        stays, and counts for nothing.

        A file that is whole already may have been left by a process that was killed before its name was synced. The disk
        syncs several at once in hardly more time than one.
        """
        contents = list(contents)
        if not contents:
            return []
        try:
            hashes = _at_once(self._put, contents)
            folders = {self.path(sha256).parent for sha256 in hashes}
            _at_once(sync_folder, list(folders))
            if not folders <= self._known_folders:
                sync_folder(self.folder)
                self._known_folders |= folders
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        return hashes

    def _put(self, content: bytes) -> str:
        sha256 = hash_bytes(content)
        if not self.is_whole(sha256):
            self._write(self.path(sha256), content)
        return sha256

    def _write(self, target: Path, content: bytes) -> None:
        partial = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}{PART}")
        try:
            with _created(partial) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise

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
