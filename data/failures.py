"""What can go wrong with a runtime folder, each said in Chinese: what it is, how to mend it, and that nothing was lost."""

from __future__ import annotations

import errno
from pathlib import Path

import duckdb

UNTOUCHED = "本次操作没有保存，此前的数据不受影响"


class StoreError(Exception):
    """Something about the runtime folder that a person has to mend; the text says what and how, in Chinese."""


class UnknownCycleError(StoreError):
    """A cycle that has not been opened."""


class LockedError(StoreError):
    """Another program holds the database."""


class DamagedError(StoreError):
    """The database, or its journal, cannot be used as it is; the kept workbooks and the journal can rebuild it."""


def cannot_open(home: Path, error: Exception) -> StoreError:
    """Why a runtime folder could not be opened. Raises the error itself where it is a fault of the program's SQL."""
    if isinstance(error, duckdb.ParserException | duckdb.BinderException):
        raise error
    database = home / "assessment.duckdb"
    text = str(error)
    if isinstance(error, OSError):
        return StoreError(f"无法使用运行目录 {home}：{_reason(error)}")
    lowered = text.lower()
    if "lock" in lowered:
        return LockedError(
            f"数据库 {database} 正被另一个程序使用（通常是正在运行的网页服务）：请先停止该程序，再执行本命令；"
            f"只是要交自评表的，把文件放进 {home / 'inbox'}，运行中的服务会自动接收"
        )
    for words, reason in (
        ("permission denied", _PERMISSION),
        ("read-only file system", _READ_ONLY),
        ("no space left", _NO_SPACE),
    ):
        if words in lowered:
            return StoreError(f"无法使用运行目录 {home}：{reason}")
    return DamagedError(
        f"数据库 {database} 打不开，可能已损坏（{_first_line(text)}）。已接收的自评表和台账另行保存，没有丢失："
        f"请执行 manage.py --home {home} rebuild 重建数据库（损坏的文件会改名保留）"
    )


def cannot_write(home: Path, error: Exception) -> StoreError:
    """Why a change could not be kept; the change was undone."""
    if isinstance(error, OSError):
        return StoreError(f"无法写入运行目录 {home}：{_reason(error)}。{UNTOUCHED}")
    lowered = str(error).lower()
    if "no space left" in lowered or "disk quota" in lowered or "could not write all bytes" in lowered:
        return StoreError(f"无法写入运行目录 {home}：{_NO_SPACE}。{UNTOUCHED}")
    return StoreError(
        f"数据库写入失败（{_first_line(str(error))}）。{UNTOUCHED}；请重试，仍不行请重启服务，并检查磁盘"
    )


_PERMISSION = "没有写权限。请检查目录权限，或用 --home 另选目录"
_READ_ONLY = "所在磁盘是只读的。请检查磁盘是否以只读方式挂载或已出错，或用 --home 另选目录"
_NO_SPACE = "磁盘空间已满。请清理磁盘，或把运行目录移到空间充足的磁盘后重试"
_REASONS = {
    errno.EACCES: _PERMISSION,
    errno.EPERM: _PERMISSION,
    errno.EROFS: _READ_ONLY,
    errno.ENOSPC: _NO_SPACE,
    errno.EDQUOT: _NO_SPACE,
    errno.EFBIG: _NO_SPACE,
}


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, f"{error.strerror or error}。请检查磁盘和目录权限")


def _first_line(text: str) -> str:
    return text.strip().split("\n")[0][:200]


# What DuckDB raises when its file cannot be written; its other errors are faults of the program.
WRITE_ERRORS = (
    OSError,
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.OutOfMemoryException,
)
