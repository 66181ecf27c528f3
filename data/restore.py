"""Puts a backup in the place of a runtime folder's content: everything is checked first, nothing present is deleted."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from data.backup import BLOCK, FORMAT, MANIFEST
from data.failures import DamagedError, StoreError, cannot_write
from data.journal import JournalFault, Link, follow
from data.keeping import hold_database
from data.model import LOCAL, Actor
from data.places import DATABASE, DATABASE_LOG, JOURNAL, PUBLICATIONS, SECRET, WORKBOOKS
from data.replay import kept_files_of
from data.space import LEAST_FREE_BYTES
from data.store import Store
from data.swap import preparing, swap_in
from data.workbook_files import sync_folder

# Nothing else is ever unpacked, whatever a file calls itself.
ENTRY = re.compile(
    rf"{re.escape(DATABASE)}|{re.escape(JOURNAL)}|{SECRET}|{PUBLICATIONS}/\d{{4}}-\d{{1,4}}\.zip|{WORKBOOKS}/(?P<first>[0-9a-f]{{2}})/(?P<sha256>(?P=first)[0-9a-f]{{62}})\.xlsx"
)


@dataclass(frozen=True)
class Restored:
    """What was restored: when the backup was made, the line of the journal that it reaches to, how many workbooks, how
    many it lacked already, and where the former content went (None where there was none)."""

    made_at: str
    head: Link
    workbooks: int
    missing: tuple[str, ...]
    aside: Path | None


def read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """What a backup says it holds. Raises DamagedError where it is none, or does not hold just that."""
    try:
        manifest = json.loads(archive.read(MANIFEST))
        entries, made_by = manifest["entries"], int(manifest["format"])
        lacks = {"head", "made_at", "workbooks", "missing"} - set(manifest)
        if lacks:
            raise KeyError(*lacks)
    except (KeyError, ValueError, TypeError) as error:
        raise DamagedError(f"{archive.filename} 不是本系统的备份（没有可读的 {MANIFEST}）") from error
    if made_by > FORMAT:
        raise StoreError(
            f"{archive.filename} 由更新的版本（{manifest.get('program')}）备份：请用那个版本的程序恢复"
        )
    names = [info.filename for info in archive.infolist()]
    if sorted(names) != sorted([*entries, MANIFEST]):
        raise DamagedError(f"{archive.filename} 已损坏：其中的文件与 {MANIFEST} 所列不符")
    if foreign := [name for name in entries if not ENTRY.fullmatch(name)]:
        raise DamagedError(f"{archive.filename} 不是本系统的备份：含有不认识的文件 {'、'.join(foreign[:5])}")
    if lacking := {DATABASE, JOURNAL} - set(entries):
        raise DamagedError(f"{archive.filename} 不完整：缺少 {'、'.join(sorted(lacking))}")
    return manifest


def restore(
    home: Path,
    file: Path,
    *,
    replace: bool = False,
    actor: Actor = LOCAL,
    progress: Callable[[int, int], None] | None = None,
) -> Restored:
    """Restore a backup into an empty runtime folder, or with `replace` into one in use before.

    The former content moves to replaced-<time>/; interrupted at any moment, the folder opens either as it was or
    restored. `progress` hears (entries checked, entries in all). Raises StoreError (Chinese), and changes nothing,
    where something of the backup is not as its manifest says or the folder is in use.
    """
    home.mkdir(parents=True, exist_ok=True)
    with preparing(home) as folder:
        held = hold_database(home)
        try:
            is_empty = not _content(home)
            if not is_empty and not replace:
                raise StoreError(
                    f"{home} 不是空的，没有恢复：请用 --home 另选空目录；确实要替换的，加上 --replace"
                    "（现有内容移到其中的 replaced-时间 目录，不删除）"
                )
            manifest = _unpack(file, folder, progress)
            head = Link(**manifest["head"])
            _check(file, folder, head, manifest)
        finally:
            if held:
                held.close()
        aside = home / f"replaced-{datetime.now():%Y%m%d-%H%M%S}"
        names = [DATABASE_LOG, DATABASE, JOURNAL, WORKBOOKS, PUBLICATIONS]
        if (folder / SECRET).exists():
            names.append(SECRET)
        try:
            swap_in(home, {name: f"{aside.name}/{name}" for name in names})
        except OSError as error:
            raise cannot_write(home, error) from error
    restored = Restored(
        manifest["made_at"],
        head,
        manifest["workbooks"],
        tuple(manifest["missing"]),
        None if is_empty else aside,
    )
    with closing(Store.open(home)) as store:
        detail = f"备份于 {restored.made_at}，台账第 {head.n} 行"
        store.audit("restore", actor=actor, checks_clock=False, object=file.name, detail=detail)
    return restored


def _content(home: Path) -> list[str]:
    """What a runtime folder has that a restore would replace."""
    names = [name for name in (DATABASE, JOURNAL) if (home / name).exists()]
    return names + ([WORKBOOKS] if any((home / WORKBOOKS).glob("*/*")) else [])


def _unpack(file: Path, folder: Path, progress: Callable[[int, int], None] | None) -> dict[str, Any]:
    """Unpack every entry, synced to the disk, its size and hash checked on the way."""
    (folder / WORKBOOKS).mkdir()
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = read_manifest(archive)
            entries = manifest["entries"]
            needed = sum(entry["size"] for entry in entries.values())
            free = shutil.disk_usage(folder).free - LEAST_FREE_BYTES
            if needed > free:
                raise StoreError(
                    f"磁盘空间不足，没有恢复：还需要约 {(needed - free) // 2**20 + 1} MB，请清理磁盘或换一个目录（--home）"
                )
            for done, (name, entry) in enumerate(entries.items(), start=1):
                target = folder / name
                target.parent.mkdir(exist_ok=True)
                if not _is_as_listed(archive, name, entry, target):
                    raise DamagedError(f"{file} 已损坏：其中的 {name} 与备份时不同。请换一份备份")
                if progress:
                    progress(done, len(entries))
            for parent in [
                *(folder / WORKBOOKS).iterdir(),
                folder / WORKBOOKS,
                *folder.glob(PUBLICATIONS),
                folder,
            ]:
                sync_folder(parent)
            return manifest
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise StoreError(f"读不了 {file}（{error.strerror}）：请核对路径和权限") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise DamagedError(f"{file} 不是备份文件或已损坏（{error}）。请换一份备份") from error
    except OSError as error:
        raise cannot_write(folder, error) from error


def _is_as_listed(archive: zipfile.ZipFile, name: str, entry: dict[str, Any], target: Path) -> bool:
    digest, size = hashlib.sha256(), 0
    mode = 0o600 if name == SECRET else 0o666
    with (
        archive.open(name) as source,
        os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as copy,
    ):
        while (block := source.read(BLOCK)) and size <= entry["size"]:
            digest.update(block)
            size += len(block)
            copy.write(block)
        copy.flush()
        os.fsync(copy.fileno())
    named = ENTRY.fullmatch(name)["sha256"]
    is_listed = (digest.hexdigest(), size) == (entry["sha256"], entry["size"])
    return is_listed and named in (None, entry["sha256"])


def _check(file: Path, folder: Path, head: Link, manifest: dict[str, Any]) -> None:
    """The chain is whole up to the manifest's head, the database stands on it, and no workbook is lacking unsaid."""
    last, lacking = Link(), set()
    try:
        for line in follow(folder / JOURNAL):
            last = line.link
            lacking |= {
                sha256
                for sha256, _, _ in kept_files_of(line)
                if not (folder / WORKBOOKS / sha256[:2] / f"{sha256}.xlsx").exists()
            }
    except JournalFault as fault:
        raise DamagedError(f"{file} 已损坏：{fault}。请换一份备份") from fault
    if last != head:
        raise DamagedError(f"{file} 已损坏：台账到第 {last.n} 行，应到第 {head.n} 行。请换一份备份")
    if unsaid := lacking - set(manifest["missing"]):
        raise DamagedError(f"{file} 不完整：缺少 {len(unsaid)} 份自评表。请换一份备份")
    try:
        with closing(duckdb.connect(str(folder / DATABASE))) as database:
            held = database.execute("select n, hash from chain order by n desc limit 1").fetchone()
    except duckdb.Error as error:
        raise DamagedError(f"{file} 中的数据库打不开（{error}）。请换一份备份") from error
    if (Link(*held) if held else Link()) != head:
        raise DamagedError(f"{file} 已损坏：数据库与台账不是同一时刻的。请换一份备份")
