"""What runs in the process that is killed. It tells its parent of every file only when it is acknowledged."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from data.backup import make_backup
from data.intake import take_in_many
from data.rebuild import rebuild
from data.restore import restore
from data.store import Store
from tests.torture.files import YEAR, Sent

OPENED, ENDED = "opened", "ended"


def run(work: Callable[..., None], *, told: Connection, scratch: Path) -> None:
    """Do a piece of work; what it leaves behind when it is killed stays in `scratch`."""
    os.environ["TMPDIR"] = str(scratch)
    tempfile.tempdir = None
    logging.disable(logging.WARNING)  # that the database is brought to the journal is what is tried here
    work(told=told)


def take_in(
    home: Path,
    files: Sequence[tuple[int, Sent]],
    *,
    per_commit: int,
    told: Connection,
    backups: Path | None = None,
) -> None:
    """Take files in, a few to a commit; tells (number, kept or not) of each. With `backups`, one after the other is made
    meanwhile."""
    with closing(Store.open(home)) as store:
        told.send(OPENED)
        if backups:
            threading.Thread(target=_back_up, args=(store, backups), daemon=True).start()
        for start in range(0, len(files), per_commit):
            some = files[start : start + per_commit]
            receipts = take_in_many(
                store,
                [(sent.name, sent.path.read_bytes()) for _, sent in some],
                cycle=YEAR,
                received_at=[sent.at for _, sent in some],
            )
            told.send(
                [(number, r.status != "refused") for (number, _), r in zip(some, receipts, strict=True)]
            )
        store.refresh(YEAR)
    told.send(ENDED)


def _back_up(store: Store, folder: Path) -> None:
    for number in count(len(list(folder.glob("*.zip")))):
        make_backup(store, folder / f"{number:04d}.zip")


def back_up(home: Path, out: Path, *, told: Connection) -> None:
    """One backup, undisturbed."""
    with closing(Store.open(home)) as store:
        make_backup(store, out)
    told.send(ENDED)


def rebuild_home(home: Path, *, told: Connection) -> None:
    """`manage.py rebuild`."""
    told.send(OPENED)
    rebuild(home)
    told.send(ENDED)


def restore_home(home: Path, backup: Path, *, told: Connection) -> None:
    """`manage.py restore --replace`."""
    told.send(OPENED)
    restore(home, backup, replace=True)
    told.send(ENDED)
