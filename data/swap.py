"""Puts prepared files in the place of a runtime folder's present ones, which move aside: all of them, or none.

New files are prepared in a folder of their own. Once its order is written, the swap is decided: each step can be taken
again, and whoever opens the runtime folder next finishes what a power cut interrupted. Nothing is ever deleted.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from data.failures import LockedError
from data.workbook_files import sync_folder

PREPARED = ".prepared"
LOCK = f"{PREPARED}.lock"
ORDER = "order.json"


@contextmanager
def preparing(home: Path) -> Iterator[Path]:
    """An empty folder to prepare new files in, ours alone; what is left in it afterwards is removed.

    Raises LockedError where another program is preparing a swap of this runtime folder.
    """
    folder = home / PREPARED
    with _lock(home, is_patient=False):
        _finish(home)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            if not (folder / ORDER).exists():
                shutil.rmtree(folder, ignore_errors=True)


def swap_in(home: Path, aside: Mapping[str, str]) -> None:
    """Inside `preparing`: move the present files aside and the prepared ones in; nobody may hold them.

    `aside`: name in the runtime folder → where the present one goes (below it), for every file or folder that is
    replaced; one that was not prepared is only moved away. Raises OSError; the swap is then undone or, once decided,
    finished when the folder is opened next.
    """
    folder = home / PREPARED
    order = [[name, to, (folder / name).exists()] for name, to in aside.items()]
    partial = folder / f"{ORDER}.part"
    with partial.open("w", encoding="utf-8") as file:
        json.dump(order, file)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)
    partial.replace(folder / ORDER)
    sync_folder(folder)
    sync_folder(home)
    _finish(home)


def finish_swap(home: Path) -> None:
    """Finish a swap that was decided; clear away what was prepared and never decided. Mostly there is neither."""
    if not (home / PREPARED).exists():
        return
    is_decided = (home / PREPARED / ORDER).exists()
    with suppress(LockedError), _lock(home, is_patient=is_decided):  # somebody may be preparing one right now
        _finish(home)
        shutil.rmtree(home / PREPARED, ignore_errors=True)


def _finish(home: Path) -> None:
    folder = home / PREPARED
    if not (folder / ORDER).exists():
        return
    for name, to, has_new in json.loads((folder / ORDER).read_text("utf-8")):
        _swap(home / name, folder / name if has_new else None, home / to)
    sync_folder(home)
    (folder / ORDER).unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _swap(present: Path, new: Path | None, aside: Path) -> None:
    """One file's turn. Where its new one is no longer prepared, it was taken before."""
    if new and not new.exists():
        return
    if present.exists() and not aside.exists():
        aside.parent.mkdir(parents=True, exist_ok=True)
        present.rename(aside)
        sync_folder(aside.parent)
    if new:
        new.rename(present)


@contextmanager
def _lock(home: Path, *, is_patient: bool) -> Iterator[None]:
    """One program at a time; the file itself stays, empty."""
    descriptor = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(descriptor, msvcrt.LK_LOCK if is_patient else msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if is_patient else fcntl.LOCK_NB))
        except OSError as error:
            raise LockedError(f"另一个程序正在重建或恢复 {home}：请等它结束后重试") from error
        yield
    finally:
        os.close(descriptor)
