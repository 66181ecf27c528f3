"""The daily backup: a thread of the service that writes <home>/backups/backup-<time>.zip and keeps the newest N."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from threading import Event

from data.background import start_beside
from data.backup import make_backup
from data.failures import StoreError
from data.model import Actor
from data.places import BACKUPS
from data.restore import read_manifest
from data.store import Store

KEEP_SETTING, HOUR_SETTING = "backup_keep", "backup_hour"
KEEP, HOUR = 7, 2  # a week, made at an hour when nobody works
MOST_KEPT, LAST_HOUR = 1000, 23
LOOK_S = 60.0  # also how long after the start the first look is: the service has other things to do then
RETRY = timedelta(hours=1)
DAILY, MANUAL, FAILED = "backup", "manual", "failed"  # how the files' names begin, and end where one failed
TIME = "%Y%m%d-%H%M%S"
ACTOR = Actor("backup", "administrator", "daily")
LOG = logging.getLogger("assessment")


class _Stopping(Exception):
    """The service ends while a backup is being made."""


@dataclass(frozen=True)
class BackupFile:
    """One backup in <home>/backups, or one that failed: when, how many bytes, whether it can be restored, and why not, or
    what it lacks."""

    path: Path
    at: datetime
    size: int
    is_ok: bool
    is_daily: bool
    reason: str = ""


def backup_path(home: Path, *, is_daily: bool = False) -> Path:
    """Where a backup that is made now goes."""
    return home / BACKUPS / f"{DAILY if is_daily else MANUAL}-{datetime.now():{TIME}}.zip"


def backup_state(home: Path) -> list[BackupFile]:
    """The backups of a runtime folder and the last failure since then, newest first."""
    found = []
    for path in (home / BACKUPS).glob("*-*.*"):
        kind, _, time = path.stem.partition("-")
        if kind not in (DAILY, MANUAL) or path.suffix not in (".zip", f".{FAILED}"):
            continue
        with suppress(ValueError, OSError):
            at, status = datetime.strptime(time, TIME), path.stat()
            if path.suffix == ".zip":
                is_ok, reason = _told(path, status.st_size, status.st_mtime_ns)
            else:
                is_ok, reason = False, path.read_text("utf-8")
            size = status.st_size if path.suffix == ".zip" else 0
            found.append(BackupFile(path, at, size, is_ok, kind == DAILY, reason))
    return sorted(found, key=lambda each: each.at, reverse=True)


def start_daily_backups(store: Store, *, look_s: float = LOOK_S) -> Callable[[], None]:
    """Start the thread; what is returned ends it, together with a backup that is being made."""
    return start_beside(partial(_watch, store, look_s=look_s), name="backup")


def _watch(store: Store, stopping: Event, *, look_s: float) -> None:
    def go_on(_done: int, _total: int) -> None:
        if stopping.is_set():
            raise _Stopping

    retry_at = datetime.min
    while not stopping.wait(look_s):
        now = datetime.now()
        try:
            hour, _ = schedule_of(store)
            if now >= retry_at and is_due(now, backup_state(store.home), hour=hour):
                retry_at = now + RETRY
                back_up_today(store, progress=go_on)
        except _Stopping:
            return
        except Exception as error:  # whatever goes wrong, the next look comes
            LOG.error("每日备份没有做成：%s", error, exc_info=not isinstance(error, StoreError))


def is_due(now: datetime, state: list[BackupFile], *, hour: int) -> bool:
    """Whether there is no whole backup since the last time that the clock showed the hour."""
    last_time = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    if last_time > now:
        last_time -= timedelta(days=1)
    # one that bears a later time than now was made under a wrong clock
    return not any(each.is_ok and last_time <= each.at <= now for each in state)


def back_up_today(store: Store, *, progress: Callable[[int, int], None] | None = None) -> BackupFile:
    """Make the daily backup and remove the oldest; a failure is logged, audited and shown by `backup_state`."""
    path = backup_path(store.home, is_daily=True)
    try:
        backup = make_backup(store, path, actor=ACTOR, progress=progress)
    except StoreError as error:
        with suppress(OSError):
            path.with_suffix(f".{FAILED}").write_text(str(error), "utf-8")
        raise
    if backup.missing:
        LOG.error("每日备份 %s 缺 %d 份自评表：请执行 manage.py verify 查看", path.name, len(backup.missing))
    _, keep = schedule_of(store)
    remove_old(store.home, keep=keep)
    return next(each for each in backup_state(store.home) if each.path == path)


def remove_old(home: Path, *, keep: int) -> list[Path]:
    """Remove daily backups, whole or not, that are older than the newest `keep` whole ones, and failures that a whole one
    followed; never the newest whole one, never a backup that was made by hand. Returns what was removed."""
    state = [each for each in backup_state(home) if each.is_daily]
    kept = [each for each in state if each.is_ok][: max(keep, 1)]
    if not kept:
        return []
    old = [
        each.path
        for each in state
        if each not in kept
        and (each.at < kept[-1].at or (each.path.suffix != ".zip" and each.at < kept[0].at))
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def schedule_of(store: Store) -> tuple[int, int]:
    """The hour of the daily backup, and how many of them are kept."""
    return _setting(store, HOUR_SETTING, HOUR, LAST_HOUR), _setting(store, KEEP_SETTING, KEEP, MOST_KEPT)


def _setting(store: Store, name: str, default: int, highest: int) -> int:
    """A setting that is a number; what is none counts as not set."""
    value = store.setting(name) or ""
    return int(value) if value.isdecimal() and int(value) <= highest else default


@lru_cache(maxsize=256)
def _told(path: Path, _size: int, _mtime_ns: int) -> tuple[bool, str]:
    """Whether a file is a backup, and why not or what it lacks, as far as its list tells; `restore` checks every byte."""
    try:
        with zipfile.ZipFile(path) as archive:
            missing = read_manifest(archive)["missing"]
    except (StoreError, zipfile.BadZipFile, OSError) as error:
        return False, str(error)
    return True, f"缺 {len(missing)} 份自评表，请执行 manage.py verify 查看" if missing else ""
