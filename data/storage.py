"""How much room a runtime folder takes and has left, and what about it should worry whoever looks after it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from data.backup_schedule import BackupFile
from data.clock import check_clock
from data.failures import StoreError
from data.places import DATABASE, DATABASE_LOG
from data.store import Store

LEAST_FREE_BYTES = (
    1024**3
)  # a year's workbooks and a week of backups fit in; below this somebody has to make room
LONGEST_WITHOUT_BACKUP = timedelta(hours=48)  # a daily backup that failed twice
UNITS = ("KB", "MB", "GB", "TB")


@dataclass(frozen=True)
class Folder:
    """How many files a folder holds, those below it too, and their bytes."""

    files: int
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
        database_bytes=sum(_size(home / name) for name in (DATABASE, DATABASE_LOG)),
        journal_bytes=_size(store.journal_path),
        journal_lines=store.journal.head.n,
        workbooks=_folder(store.files.folder),
        free_bytes=shutil.disk_usage(home).free,
        last_write=_last_write(store),
    )


def warnings(store: Store, *, backups: Sequence[BackupFile], now: datetime) -> list[str]:
    """What somebody has to see to, in Chinese, most urgent first; empty where all is well. `backups` newest first."""
    said = []
    free = shutil.disk_usage(store.home).free
    if free < LEAST_FREE_BYTES:
        value, unit = readable(free)
        said.append(
            f"磁盘只剩 {value} {unit}：请清理磁盘，或把运行目录移到空间充足的磁盘，以免截止前收不下文件。"
        )
    last_write = _last_write(store)
    if last_write is None:
        return said  # nothing is kept yet: no clock to compare with, nothing to lose
    try:
        check_clock(now, last_at=last_write.isoformat())
    except StoreError as error:
        said.append(str(error))
    whole = next((backup for backup in backups if backup.is_ok), None)
    if backups and not backups[0].is_ok:
        said.append(f"最近一次备份（{backups[0].at:%Y-%m-%d %H:%M}）没有做成：{backups[0].reason}")
    if whole is None:
        said.append("还没有可用的备份：请在“备份”中立即备份，并把备份文件拷到另一块磁盘。")
    elif now - whole.at > LONGEST_WITHOUT_BACKUP:
        said.append(
            f"最近一次可用的备份是 {whole.at:%Y-%m-%d %H:%M}，已超过 48 小时："
            f"请在“备份”中立即备份，并查看每日备份为什么没有做成。"
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
