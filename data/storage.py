"""How much room a runtime folder takes and has left, and what about it should worry whoever looks after it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from data.clock import check_clock
from data.failures import StoreError
from data.store import DATABASE, JOURNAL, Store

LEAST_FREE_BYTES = (
    1024**3
)  # a year's workbooks and a week of backups fit in; below this somebody has to make room
LONGEST_WITHOUT_BACKUP = timedelta(hours=48)  # a daily backup that failed twice
BACKUPS = "backups"
UNITS = ("KB", "MB", "GB", "TB")


@dataclass(frozen=True)
class Folder:
    """How many files a folder holds, those below it too, and their bytes."""

    files: int
    bytes: int


@dataclass(frozen=True)
class Backup:
    """One backup: its file or folder in the folder of backups, when it was finished, and its bytes."""

    name: str
    at: datetime
    bytes: int


@dataclass(frozen=True)
class Storage:
    """The parts of the runtime folder; the database with its log of the last writes."""

    home: Path
    database_bytes: int
    journal_bytes: int
    journal_lines: int
    workbooks: Folder
    free_bytes: int
    last_write: datetime | None


def storage(store: Store) -> Storage:
    """What the runtime folder holds now."""
    home = store.home
    return Storage(
        home=home.absolute(),
        database_bytes=sum(_size(home / name) for name in (DATABASE, f"{DATABASE}.wal")),
        journal_bytes=_size(home / JOURNAL),
        journal_lines=store.journal.head.n,
        workbooks=_folder(store.files.folder),
        free_bytes=shutil.disk_usage(home).free,
        last_write=_last_write(store),
    )


def list_backups(home: Path) -> list[Backup]:
    """The finished backups of a runtime folder, newest first; what is being written begins with a dot."""
    folder = home / BACKUPS
    found = [path for path in folder.iterdir() if path.name[0] != "."] if folder.is_dir() else []
    backups = [
        Backup(
            path.name,
            datetime.fromtimestamp(path.stat().st_mtime),
            _folder(path).bytes if path.is_dir() else _size(path),
        )
        for path in found
    ]
    return sorted(backups, key=lambda backup: backup.at, reverse=True)


def warnings(store: Store, *, last_backup: datetime | None, now: datetime) -> list[str]:
    """What somebody has to see to, in Chinese, most urgent first; empty where all is well."""
    said = []
    free = shutil.disk_usage(store.home).free
    if free < LEAST_FREE_BYTES:
        value, unit = readable(free)
        said.append(
            f"磁盘只剩 {value} {unit}：请清理磁盘，或把运行目录移到空间充足的磁盘，以免截止前收不下文件。"
        )
    last_write = _last_write(store)
    try:
        check_clock(now, last_at=last_write.isoformat() if last_write else "")
    except StoreError as error:
        said.append(str(error))
    if last_write and last_backup is None:
        said.append("还没有备份：请在“备份”中立即备份，并把备份拷到另一块磁盘。")
    elif last_write and now - last_backup > LONGEST_WITHOUT_BACKUP:
        said.append(
            f"最近一次备份是 {last_backup:%Y-%m-%d %H:%M}，已超过 48 小时："
            f"请在“备份”中立即备份，并查看定时备份为什么没有完成。"
        )
    return said


def readable(n_bytes: int) -> tuple[str, str]:
    """Bytes as a person reads them: a number of three digits or so, and its unit (KB = 1024 bytes)."""
    size, unit = n_bytes / 1024, UNITS[0]
    for larger in UNITS[1:]:
        if size < 1000:
            break
        size, unit = size / 1024, larger
    return (f"{size:.1f}" if 0 < size < 100 else f"{size:,.0f}"), unit


def _last_write(store: Store) -> datetime | None:
    """When the newest event or act was recorded."""
    newest = "select greatest((select max(recorded_at) from journal), (select max(recorded_at) from audit))"
    return store.rows(newest)[0][0]


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _folder(folder: Path) -> Folder:
    sizes = list(_sizes(folder)) if folder.is_dir() else []
    return Folder(len(sizes), sum(sizes))


def _sizes(folder: Path) -> Iterator[int]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _sizes(Path(entry.path))
            elif entry.is_file(follow_symlinks=False):
                yield entry.stat(follow_symlinks=False).st_size
