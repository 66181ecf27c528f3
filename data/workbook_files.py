"""Accepted workbooks, kept whole under the SHA-256 of their bytes; on the disk before the database hears of them."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path


class WorkbookFiles:
    """A folder of files named by their content: ab/ab12….xlsx."""

    def __init__(self, folder: Path):
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the file with this hash is or will be."""
        return self.folder / sha256[:2] / f"{sha256}.xlsx"

    def keep(self, content: bytes) -> str:
        """Write the bytes, synced to the disk, and return their SHA-256; nothing to do when they are already kept."""
        sha256 = hash_bytes(content)
        target = self.path(sha256)
        if self.is_whole(sha256):
            return sha256
        if not target.parent.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            sync_folder(self.folder)
        partial = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
        try:
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        sync_folder(target.parent)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The bytes of a kept file. Raises FileNotFoundError."""
        return self.path(sha256).read_bytes()

    def is_whole(self, sha256: str) -> bool:
        """Whether the file with this hash is there and still has it."""
        path = self.path(sha256)
        return path.is_file() and hash_bytes(path.read_bytes()) == sha256


def hash_bytes(content: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def sync_folder(folder: Path) -> None:
    """Make a new name itself survive a power cut; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
