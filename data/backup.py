"""One portable file with everything a runtime folder is: database, journal, kept workbooks, and a manifest with hashes.

It is made while the program works: writers wait only for the moment that is copied. `data.restore` reads such a file.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import threading
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import duckdb

from data.failures import UNTOUCHED, StoreError, cannot_read, cannot_write
from data.hashing import hash_bytes
from data.journal import Link
from data.model import LOCAL, Actor
from data.places import BACKUPS, DATABASE, JOURNAL, PUBLICATIONS, SECRET, WORKBOOKS
from data.space import LEAST_FREE_BYTES
from data.store import Store
from data.workbook_files import sync_folder

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1024 * 1024
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Backup:
    """A finished backup: where, how large, which line of the journal it reaches to, how many workbooks are in it, and the
    hashes of those that are not, because they are lost or were changed."""

    path: Path
    size: int
    head: Link
    workbooks: int
    missing: tuple[str, ...]


def make_backup(
    store: Store,
    out: Path,
    *,
    with_key: bool = False,
    actor: Actor = LOCAL,
    progress: Callable[[int, int], None] | None = None,
) -> Backup:
    """Write a backup of the open store to `out`, which must not be there; the key that signs sessions only if asked.

    The act is audited, also when it fails. Raises StoreError (Chinese); then there is no file.
    """
    try:
        with _ONE_AT_A_TIME:
            backup = _make(store, out, with_key=with_key, progress=progress)
    except StoreError as error:
        with suppress(StoreError):  # where even that cannot be written, what went wrong is the same
            _audit(store, actor, out, outcome="failed", detail=str(error))
        raise
    detail = f"台账第 {backup.head.n} 行，自评表 {backup.workbooks} 份，{backup.size} 字节"
    if backup.missing:
        detail += f"；缺 {len(backup.missing)} 份自评表"
    _audit(store, actor, out, outcome="failed" if backup.missing else "ok", detail=detail)
    return backup


def _audit(store: Store, actor: Actor, out: Path, *, outcome: str, detail: str) -> None:
    store.audit("backup", actor=actor, checks_clock=False, object=out.name, outcome=outcome, detail=detail)


def _make(store: Store, out: Path, *, with_key: bool, progress: Callable[[int, int], None] | None) -> Backup:
    if out.exists():
        raise StoreError(f"文件 {out} 已存在，不覆盖：请另取文件名")
    part = out.with_name(f".{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.parent == store.home / BACKUPS:
            clear_parts(out.parent)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=out.parent) as folder:
            database = Path(folder) / DATABASE
            head, journal_size, workbooks = _copy_database(store, database)
            _check_room(store, out.parent, journal_size, workbooks)
            descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)  # it holds everything
            with os.fdopen(descriptor, "w+b") as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                    writing = _Archive(archive)
                    writing.add_file(DATABASE, database)
                    writing.add_file(JOURNAL, store.journal_path, size=journal_size)
                    missing = tuple(writing.add_workbooks(store, workbooks, progress))
                    for path in sorted(store.publications.glob("*.zip")):
                        writing.add_file(f"{PUBLICATIONS}/{path.name}", path)
                    if with_key and (store.home / SECRET).exists():
                        writing.add_file(SECRET, store.home / SECRET)
                    writing.add_manifest(head, missing)
                file.flush()
                os.fsync(file.fileno())
        part.replace(out)
        sync_folder(out.parent)
    except OSError as error:
        raise cannot_write(out.parent, error) from error
    except duckdb.Error as error:
        raise cannot_read(store.home, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return Backup(out, out.stat().st_size, head, len(workbooks) - len(missing), missing)


def _copy_database(store: Store, target: Path) -> tuple[Link, int, list[str]]:
    """The database as one moment saw it; the last line and the size of the journal then, and the workbooks it names."""
    with store.copying(target) as copy:
        with store.standing_still() as journal:
            copy.pin()
            head, size = journal.head, journal.size
        copy.fill()
        return head, size, copy.workbooks()


def _check_room(store: Store, folder: Path, journal_size: int, workbooks: list[str]) -> None:
    """A backup must not be what fills the disk."""
    paths = [*map(store.files.path, workbooks), *folder.glob(f".backup-*/{DATABASE}")]
    needed = journal_size + sum(path.stat().st_size for path in paths if path.exists())
    free = shutil.disk_usage(folder).free - LEAST_FREE_BYTES
    if needed > free:
        raise StoreError(
            f"磁盘空间不足，没有备份：{folder} 所在磁盘还需要约 {(needed - free) // 2**20 + 1} MB。"
            f"请清理磁盘，或备份到别的磁盘（--out）。{UNTOUCHED}"
        )


class _Archive:
    """A zip that is being written: entries are stored as they are (workbooks are compressed), their hashes collected."""

    def __init__(self, archive: zipfile.ZipFile):
        self._archive = archive
        self._at = datetime.now()
        self._entries: dict[str, dict[str, Any]] = {}

    def add_file(self, name: str, path: Path, *, size: int | None = None) -> None:
        """One file, or its first `size` bytes, without holding it in memory."""
        with path.open("rb") as source:
            self._add(name, _blocks(source, path.stat().st_size if size is None else size))

    def add_workbooks(
        self, store: Store, hashes: list[str], progress: Callable[[int, int], None] | None
    ) -> Iterator[str]:
        """The kept workbooks; yields the hashes of those that are lost or were changed."""
        for done, sha256 in enumerate(hashes, start=1):
            try:
                content = store.files.read(sha256)
            except FileNotFoundError:
                content = b""
            if hash_bytes(content) == sha256:
                self._add(f"{WORKBOOKS}/{sha256[:2]}/{sha256}.xlsx", [content])
            else:
                yield sha256
            if progress:
                progress(done, len(hashes))

    def add_manifest(self, head: Link, missing: tuple[str, ...]) -> None:
        """What the file holds; the last entry."""
        manifest = {
            "format": FORMAT,
            "program": program_version(),
            "made_at": self._at.isoformat(timespec="seconds"),
            "head": {"n": head.n, "hash": head.hash},
            "workbooks": sum(name.startswith(f"{WORKBOOKS}/") for name in self._entries),
            "missing": list(missing),
            "entries": dict(self._entries),
        }
        self._add(MANIFEST, [json.dumps(manifest, ensure_ascii=False, indent=1).encode()])

    def _add(self, name: str, blocks: Iterable[bytes]) -> None:
        info = zipfile.ZipInfo(name, self._at.timetuple()[:6])
        info.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as entry:
            for block in blocks:
                digest.update(block)
                size += len(block)
                entry.write(block)
        self._entries[name] = {"sha256": digest.hexdigest(), "size": size}


def _blocks(source: BinaryIO, size: int) -> Iterator[bytes]:
    """The first `size` bytes. Raises OSError where there are fewer."""
    while size:
        block = source.read(min(BLOCK, size))
        if not block:
            raise OSError(f"{source.name} 比备份开始时短")
        size -= len(block)
        yield block


def clear_parts(folder: Path) -> None:
    """Remove what a killed process left of its backup; only whoever holds the database makes backups there."""
    for part in folder.glob(".*.part"):
        part.unlink(missing_ok=True)
    for unfinished in folder.glob(".backup-*"):
        shutil.rmtree(unfinished, ignore_errors=True)


def program_version() -> str:
    """The version of this program."""
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))
    return project["project"]["version"]
