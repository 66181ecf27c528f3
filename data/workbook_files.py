"""Accepted workbooks, kept whole under the SHA-256 of their bytes; on the disk before the database hears of them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from data.failures import cannot_write
from data.hashing import hash_bytes

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
            with ThreadPoolExecutor(min(SYNCED_AT_ONCE, len(contents)), "keep") as threads:
                hashes = list(threads.map(self._put, contents))
                folders = {self.path(sha256).parent for sha256 in hashes}
                for _ in threads.map(sync_folder, folders):
                    pass
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
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}{PART}")
        try:
            with partial.open("wb") as file:
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


def sync_folder(folder: Path) -> None:
    """Make a new name itself survive a power cut; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
