"""Puts prepared files in the place of a runtime folder's present ones, which move aside: all of them, or none.

New files are prepared in a folder of their own. Once its order is written, the swap is decided: each step can be taken
again, and whoever opens the runtime folder next finishes what a power cut interrupted. Nothing is ever deleted.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from data.workbook_files import sync_folder

PREPARED = ".prepared"
ORDER = "order.json"


def prepared_folder(home: Path) -> Path:
    """An empty folder to prepare new files in; what an earlier attempt left there without an order is of no use."""
    folder = home / PREPARED
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def swap_in(home: Path, aside: Mapping[str, str]) -> None:
    """Move the present files aside and the prepared ones in; nobody may hold them.

    `aside`: name in the runtime folder → where the present one goes (below it), for every file or folder that is
    replaced; one that was not prepared is only moved away. Raises OSError; then nothing has moved.
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
    finish_swap(home)


def finish_swap(home: Path) -> None:
    """Finish a swap that was decided; nothing to do where there is none."""
    folder = home / PREPARED
    if not (folder / ORDER).exists():
        return
    with _alone(folder) as is_there:
        if is_there:
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
def _alone(folder: Path) -> Iterator[bool]:
    """Two programs that start at once must not both finish a swap; says whether it is still there when our turn comes."""
    if os.name == "nt":
        yield True
        return
    import fcntl

    descriptor = os.open(folder / ORDER, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield (folder / ORDER).exists()
    finally:
        os.close(descriptor)
