"""Snapshots of the database for read-only servers: a copy as one moment saw it, put in place whole, the old ones removed.

    SNAPSHOTS/20261128-101500-4711/assessment.duckdb     never changed once it has its name
    SNAPSHOTS/current.json                               which one counts, and as of when: replaced in one step
    SNAPSHOTS/templates/                                 the office's own templates, as they are now

Snapshots hold neither accounts nor passwords nor the key; the folder may lie on a share or be copied to other machines,
the pointer last.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from threading import Event

import duckdb

from data.background import start_beside
from data.failures import StoreError, cannot_read, cannot_write
from data.places import DATABASE, TEMPLATES
from data.schema import program_digest
from data.space import check_space
from data.store import Store
from data.workbook_files import sync_folder

LOG = logging.getLogger("assessment")
POINTER = "current.json"
KEPT = 2  # the one that counts and the one before it, which servers may still be opening
EVERY_S = 60
PART = ".part-"


@dataclass(frozen=True)
class Snapshot:
    """One snapshot: its folder's name, as of when its data are (ISO), the last event in it, and what program made it.

    The moment moves on, while nothing happens, without a new copy.
    """

    name: str
    as_of: str
    version: int
    program: str

    @property
    def at(self) -> datetime:
        """The moment that its data are of."""
        return datetime.fromisoformat(self.as_of)


def current_snapshot(folder: Path) -> Snapshot | None:
    """The snapshot that counts; None where there is none yet. Raises StoreError where the pointer is none of ours."""
    try:
        return Snapshot(**json.loads((folder / POINTER).read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"快照目录 {folder} 中的 {POINTER} 读不出（{error}）：请重新生成快照") from error


def make_snapshot(store: Store, folder: Path) -> Snapshot:
    """Publish what the store holds now for read-only servers; where nothing has happened since
    the last snapshot, only its moment moves on. Raises StoreError (Chinese); then the last one still counts."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        check_space(folder)
        at = datetime.now()
        last, version = current_snapshot(folder), _version(store)
        if last and last.version == version and last.program == program_digest():
            made = Snapshot(last.name, at.isoformat(timespec="seconds"), version, last.program)
        else:
            made = _copy(store, folder)
        _copy_templates(store.home / TEMPLATES, folder / TEMPLATES)
        _point_to(folder, made)
        _remove_old(folder, made)
    except OSError as error:
        raise cannot_write(folder, error) from error
    except duckdb.Error as error:
        raise cannot_read(store.home, error) from error
    return made


def _version(store: Store) -> int:
    """Grows with every event; signing in and the like are none."""
    return store.rows("select coalesce(max(seq), 0) from journal")[0][0]


def _copy(store: Store, folder: Path) -> Snapshot:
    for unfinished in folder.glob(f"{PART}*"):  # of a process that was killed; only one holds the store
        shutil.rmtree(unfinished, ignore_errors=True)
    part = folder / f"{PART}{os.getpid()}"
    part.mkdir()
    try:
        with store.copying_for_readers(part / DATABASE) as copy:
            with store.standing_still():
                at, version = datetime.now(), _version(store)
                copy.pin()
            copy.fill()
        made = Snapshot(
            name=f"{at:%Y%m%d-%H%M%S}-{version}",
            as_of=at.isoformat(timespec="seconds"),
            version=version,
            program=program_digest(),
        )
        shutil.rmtree(folder / made.name, ignore_errors=True)
        part.rename(folder / made.name)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return made


def _copy_templates(source: Path, target: Path) -> None:
    """Bring the folder of templates up to the writer's, each file in one step."""
    ours = {path.name: path for path in source.glob("*") if path.is_file()} if source.is_dir() else {}
    target.mkdir(exist_ok=True)
    for path in [path for path in target.iterdir() if path.name not in ours]:
        path.unlink()
    for name, path in ours.items():
        part = target / f"{name}.part"
        shutil.copyfile(path, part)
        part.replace(target / name)


def _point_to(folder: Path, snapshot: Snapshot) -> None:
    partial = folder / f"{POINTER}.part"
    with partial.open("w", encoding="utf-8") as file:
        json.dump(asdict(snapshot), file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / POINTER)
    sync_folder(folder)


def _remove_old(folder: Path, current: Snapshot) -> None:
    """Readers that have an old one open go on with it; where the system does not let it go yet, it goes next time."""
    names = [
        path.parent.name for path in folder.glob(f"*/{DATABASE}") if not path.parent.name.startswith(PART)
    ]
    for name in sorted(set(names) - {current.name})[: -(KEPT - 1)]:
        shutil.rmtree(folder / name, ignore_errors=True)


def start_snapshots(store: Store, folder: Path, *, every_s: float = EVERY_S) -> Callable[[], None]:
    """Publish snapshots in a thread of its own, the first at once; what is returned ends it."""

    def publish(stopping: Event) -> None:
        while not stopping.is_set():
            try:
                make_snapshot(store, folder)
            except Exception as error:  # readers go on with the last one, whose moment they show
                LOG.error("快照没有生成：%s", error, exc_info=not isinstance(error, StoreError))
            stopping.wait(every_s)

    return start_beside(publish, name="snapshots")
