"""Rebuilds the database from the journal and the kept workbooks; the new file takes the old one's place when it is whole.

Rebuilding is what opening a folder does that has a journal and no database (`data.keeping`), in a folder of its own.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.adopt import adopt
from data.failures import DamagedError, StoreError, cannot_write
from data.hashing import hash_bytes
from data.journal import JournalFault, Link, follow, raw_lines
from data.keeping import check_not_open_here, hold_database
from data.model import LOCAL, Actor
from data.places import DATABASE, DATABASE_LOG, JOURNAL, WORKBOOKS
from data.replay import ReadOtherwise, missing_text, missing_workbooks
from data.store import Store
from data.swap import preparing, swap_in
from data.workbook_files import WorkbookFiles

LARGEST_WORKBOOK = 64 * 1024 * 1024  # bytes; far above what the intake takes


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild found: lines put in, workbooks that give other answers now, workbooks that are not there (SHA-256 →
    units), whether the journal's last line was not whole, and where the old database went (None where there was none)."""

    lines: int
    read_otherwise: tuple[ReadOtherwise, ...]
    left_out: Mapping[str, list[str]]
    is_last_line_torn: bool
    aside: Path | None

    @property
    def is_identical(self) -> bool:
        """Whether the database is what it was."""
        return not (self.read_otherwise or self.left_out or self.is_last_line_torn)


def rebuild(
    home: Path,
    *,
    found_in: Path | None = None,
    without_missing: bool = False,
    actor: Actor = LOCAL,
    progress: Callable[[int, int], None] | None = None,
) -> Rebuilt:
    """Rebuild the database; the old one is kept as assessment.damaged-<time>.duckdb.

    Missing workbooks are looked for in `found_in` (a folder or a zip) by their content; `without_missing` leaves out
    those that are nowhere: their submissions have no answers. `progress` hears (lines in, lines in all). Raises
    StoreError (Chinese), and changes nothing, where the folder is in use, the journal is not whole, or workbooks are
    missing.
    """
    journal, files = home / JOURNAL, WorkbookFiles(home / WORKBOOKS)
    with preparing(home) as folder:
        held = hold_database(home)
        try:
            size, is_torn = _whole_size(journal)
            missing = _missing(journal, size, files, found_in)
            if missing and not without_missing:
                raise DamagedError(_missing_said(missing, files))
            _copy(journal, folder / JOURNAL, size)
            with closing(
                Store.open(
                    folder, workbooks=files.folder, without=set(missing), progress=progress or _unheard
                )
            ) as store:
                lines, otherwise = store.journal.head.n, tuple(store.read_otherwise)
                for (cycle,) in store.rows("select cycle from cycle order by cycle"):
                    store.refresh(cycle)
        finally:
            if held:
                held.close()
        aside = _swap(home, is_torn=is_torn)
    rebuilt = Rebuilt(lines, otherwise, missing, is_torn, aside)
    with closing(Store.open(home)) as store:
        detail = f"读出不同 {len(otherwise)} 份，缺文件 {len(missing)} 份"
        store.audit("rebuild", actor=actor, checks_clock=False, object=f"台账 {lines} 行", detail=detail)
    return rebuilt


def rebuild_journal(home: Path, *, actor: Actor = LOCAL) -> Link:
    """Write the journal anew from the database; the old one is kept as journal.replaced-<time>.jsonl.

    Returns the new chain's head. Raises StoreError (Chinese), and changes nothing, where the folder is in use or the
    database cannot be read.
    """
    check_not_open_here(home)
    if not (home / DATABASE).exists():
        raise StoreError(f"{home / DATABASE} 不在，无法由它重写台账：请核对 --home，或从备份恢复（restore）")
    with preparing(home) as folder:
        head = adopt(home, folder, actor=actor, at=datetime.now(), reason="按管理员的命令以数据库为准")
    Store.open(home).close()
    return head


def _unheard(_done: int, _total: int) -> None:
    """Nobody follows the progress."""


def _whole_size(journal: Path) -> tuple[int, bool]:
    """Bytes of the whole lines, and whether what follows them is a last line that was not written whole."""
    if not journal.exists():
        raise StoreError(
            f"没有台账 {journal}，无法重建数据库：请从备份恢复（manage.py restore）；"
            "数据库还能打开的，执行 manage.py rebuild --from-database 由它重写台账"
        )
    size, n = 0, 0
    try:
        for raw, _ in zip(raw_lines(journal), follow(journal), strict=False):
            size, n = size + len(raw), n + 1
    except JournalFault as fault:
        if sum(1 for _ in raw_lines(journal)) > n + 1:
            raise DamagedError(
                f"{journal} 已损坏：{fault}，不能由它重建。请执行 manage.py verify 查看，再从备份恢复（manage.py restore）；"
                "数据库还能打开的，执行 manage.py rebuild --from-database 由它重写台账"
            ) from fault
    return size, journal.stat().st_size > size


def _missing(journal: Path, size: int, files: WorkbookFiles, found_in: Path | None) -> dict[str, list[str]]:
    missing = missing_workbooks(follow(journal, size=size), files=files)
    if missing and found_in:
        for content in _contents(found_in):
            if hash_bytes(content) in missing:
                files.keep(content)
    return {sha256: units for sha256, units in missing.items() if not files.is_whole(sha256)}


def _contents(place: Path) -> Iterator[bytes]:
    """Every file of a folder or a zip that may be a workbook. Raises StoreError where there is no such place."""
    if place.is_dir():
        for path in sorted(place.rglob("*")):
            if path.is_file() and path.stat().st_size <= LARGEST_WORKBOOK:
                yield path.read_bytes()
        return
    try:
        with zipfile.ZipFile(place) as archive:
            for member in archive.infolist():
                if not member.is_dir() and member.file_size <= LARGEST_WORKBOOK:
                    yield archive.read(member)
    except (OSError, zipfile.BadZipFile) as error:
        raise StoreError(f"读不了 {place}（{error}）：--from 请写目录或 zip 文件") from error


def _missing_said(missing: Mapping[str, list[str]], files: WorkbookFiles) -> str:
    units = "、".join(sorted({unit for senders in missing.values() for unit in senders}))
    return (
        f"{len(missing)} 份已接收的自评表{missing_text(map(files.path, missing))}；"
        f"确实找不回的，加上 --without-missing 重建其余，有关单位须重新提交：{units}"
    )


def _copy(journal: Path, target: Path, size: int) -> None:
    try:
        with journal.open("rb") as source:
            target.write_bytes(source.read(size))
    except OSError as error:
        raise cannot_write(target.parent, error) from error


def _swap(home: Path, *, is_torn: bool) -> Path | None:
    time = f"{datetime.now():%Y%m%d-%H%M%S}"
    damaged = home / f"assessment.damaged-{time}.duckdb"
    aside = {DATABASE_LOG: f"{damaged.name}.wal", DATABASE: damaged.name}
    if is_torn:
        aside[JOURNAL] = f"journal.damaged-{time}.jsonl"
    try:
        swap_in(home, aside)
    except OSError as error:
        raise cannot_write(home, error) from error
    return damaged if damaged.exists() else None
