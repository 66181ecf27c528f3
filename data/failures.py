"""What can go wrong with a runtime folder, each said in Chinese: what it is, how to mend it, and that nothing was lost."""

from __future__ import annotations

import errno
from pathlib import Path

import duckdb

from data.places import DATABASE, INBOX

UNTOUCHED = "本次操作没有保存，此前的数据不受影响"
JOURNALED = "本次操作已记入台账，不会丢失，恢复正常后自动补入数据库，不必重做"


class StoreError(Exception):
    """Something about the runtime folder that a person has to mend; the text says what and how, in Chinese."""


class UnknownCycleError(StoreError):
    """A cycle that has not been opened."""


class LockedError(StoreError):
    """Another program holds the database."""


class DamagedError(StoreError):
    """The database, the journal or a kept workbook cannot be used as it is; the text says what to do."""


class DamagedDatabaseError(DamagedError):
    """The database cannot be used; the kept workbooks and the journal are enough to rebuild it."""


def cannot_open(home: Path, error: Exception) -> StoreError:
    """Why a runtime folder could not be opened. Raises the error itself where it is a fault of the program's SQL."""
    if isinstance(error, duckdb.ParserException | duckdb.BinderException):
        raise error
    database = home / DATABASE
    lowered = str(error).lower()
    if isinstance(error, duckdb.Error) and any(words in lowered for words in _LOCKED):
        return LockedError(
            f"数据库 {database} 正被另一个程序使用（通常是正在运行的网页服务）：请先停止该程序，再执行本命令；"
            f"只是要交自评表的，把文件放进 {home / INBOX}，运行中的服务会自动接收"
        )
    if reason := _reason(error):
        return StoreError(f"无法使用运行目录 {home}：{reason}，然后重试")
    return DamagedDatabaseError(
        f"数据库 {database} 打不开，可能已损坏（{_first_line(error)}）。{_rebuild(home)}"
    )


def cannot_read(home: Path, error: duckdb.Error) -> StoreError:
    """Why a question to an open database had no answer, where the file is to blame and not the question."""
    if reason := _reason(error):
        return StoreError(f"无法读取运行目录 {home}：{reason}")
    return DamagedDatabaseError(
        f"数据库 {home / DATABASE} 读不出，可能已损坏（{_first_line(error)}）。"
        f"{_rebuild(home)}；重建前请先停止网页服务"
    )


def cannot_write(place: Path, error: Exception) -> StoreError:
    """Why a change could not be kept; the change was undone."""
    if reason := _reason(error):
        return StoreError(f"无法写入 {place}：{reason}，然后重试。{UNTOUCHED}")
    return StoreError(
        f"数据库写入失败（{_first_line(error)}）。{UNTOUCHED}；请重试，仍不行请重启服务，并检查磁盘"
    )


def cannot_commit(home: Path, error: Exception) -> StoreError:
    """Why a change that stands in the journal is not in the database yet."""
    reason = _reason(error) or f"数据库写入失败（{_first_line(error)}），请检查磁盘并重启服务"
    return StoreError(f"无法写入数据库 {home / DATABASE}：{reason}。{JOURNALED}")


def _rebuild(home: Path) -> str:
    return (
        "已接收的自评表和台账另行保存，没有丢失："
        f"请执行 manage.py --home {home} rebuild 重建数据库（损坏的文件会改名保留）"
    )


_LOCKED = ("could not set lock", "conflicting lock", "used by another process")
_PERMISSION = "没有写权限。请检查目录权限，或用 --home 另选目录"
_READ_ONLY = "所在磁盘是只读的。请检查磁盘是否以只读方式挂载或已出错，或用 --home 另选目录"
_NO_SPACE = "磁盘空间已满。请清理磁盘，或把运行目录移到空间充足的磁盘"
_NO_MEMORY = "内存不足。请关闭其他程序"
_REASONS = {
    errno.EACCES: _PERMISSION,
    errno.EPERM: _PERMISSION,
    errno.EROFS: _READ_ONLY,
    errno.ENOSPC: _NO_SPACE,
    errno.EDQUOT: _NO_SPACE,
    errno.EFBIG: _NO_SPACE,
}
# DuckDB hands the system's own words on.
_WORDS = {
    "permission denied": _PERMISSION,
    "operation not permitted": _PERMISSION,
    "read-only file system": _READ_ONLY,
    "no space left": _NO_SPACE,
    "disk quota": _NO_SPACE,
    "file too large": _NO_SPACE,
}


def _reason(error: Exception) -> str:
    """What is wrong around the files, and what to do; empty where it must be the files themselves."""
    if isinstance(error, OSError):
        return _REASONS.get(error.errno or 0, f"{error.strerror or error}。请检查磁盘和目录权限")
    if isinstance(error, duckdb.OutOfMemoryException):
        return _NO_MEMORY
    lowered = str(error).lower()
    return next((reason for words, reason in _WORDS.items() if words in lowered), "")


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200]


# What DuckDB raises when its file cannot be written or read, or was let go after that; others are faults of the program.
FILE_ERRORS = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.OutOfMemoryException,
    duckdb.TransactionException,
    duckdb.ConnectionException,
    duckdb.SerializationException,
)
WRITE_ERRORS = (OSError, *FILE_ERRORS)
