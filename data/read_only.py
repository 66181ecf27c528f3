"""The store of a read-only server: the newest snapshot of a folder that the writing service publishes to.

While it is followed it changes over to every newer snapshot. Whoever has begun to read the older one ends there: its
file is let go when the last of its cursors is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event

import duckdb

from data.background import start_beside
from data.failures import FILE_ERRORS, StoreError, cannot_read
from data.model import LOCAL, Actor
from data.places import DATABASE
from data.reading import Answer
from data.schema import CATALOG, define_read_results, define_results, program_digest
from data.snapshots import Snapshot, current_snapshot
from data.store import Store
from data.threads import set_threads
from data.transaction import Transaction

LOG = logging.getLogger("assessment")
READS_VARIABLE = "ASSESSMENT_READS"  # the folder of snapshots, for a server that only reads
LOOK_S = 2.0  # how often the pointer is looked at
OPENED_AGAIN = 3  # times, where the snapshot is replaced while it is being opened


class ReadOnlyStore(Store):
    """What a folder of snapshots holds. Nothing can be written: `write` raises StoreError that says where to do it."""

    is_read_only = True

    def __init__(self, folder: Path):
        """Raises StoreError where there is no snapshot yet, or one of another version of the program."""
        # kept workbooks and publications' files stay with the writer; what was published is in the snapshot itself
        super().__init__(folder)

    def _connect(self) -> None:
        self._snapshot, self._connection = self._open_newest()
        self._kept = {}

    @property
    def as_of(self) -> datetime:
        """The moment that the data are of."""
        return self._snapshot.at

    @contextmanager
    def write(self, actor: Actor = LOCAL, *, checks_clock: bool = True) -> Iterator[Transaction]:
        """Raises StoreError: nothing is written here."""
        raise StoreError("这是只读副本，不能办理：请到主服务的页面办理")
        yield

    def close(self) -> None:
        """Let the snapshot go."""
        self._connection.close()

    def change_over(self) -> None:
        """Go on with the newest snapshot, if there is a newer one. Raises StoreError; then the last one goes on."""
        newest = current_snapshot(self.home)
        if newest and newest.name != self._snapshot.name:
            self._connect()
            for cycle in self.cycles()[:1]:  # its results, before somebody waits for them
                self.refresh(cycle)
        elif newest:
            self._snapshot = newest  # nothing has happened since, and the moment has moved on

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = self._connection.cursor()
        cursor.execute(f"use {CATALOG}")
        return cursor

    def _asking(self, question: Callable[[], Answer]) -> Answer:
        try:
            return question()
        except FILE_ERRORS as error:
            raise cannot_read(self.home, error) from error

    def _open_newest(self) -> tuple[Snapshot, duckdb.DuckDBPyConnection]:
        for _ in range(OPENED_AGAIN):
            snapshot = current_snapshot(self.home)
            if snapshot is None:
                raise StoreError(
                    f"{self.home} 中还没有快照：请先启动主服务（serve --snapshots），或执行 manage.py snapshot"
                )
            if snapshot.program != program_digest():
                raise StoreError(f"{self.home} 中的快照由另一版本的程序生成：请把两边的程序换成同一版本")
            try:
                return snapshot, _open(self.home / snapshot.name / DATABASE)
            except duckdb.Error as error:
                reason = error
        raise StoreError(f"快照 {self.home / snapshot.name} 打不开：{reason}") from reason


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory beside the file, since the catalog of what one person sees cannot lie in a read-only one."""
    connection = duckdb.connect(":memory:")
    try:
        quoted = str(path).replace("'", "''")
        connection.execute(f"attach '{quoted}' as {CATALOG} (read_only)")
        connection.execute(f"use {CATALOG}")
        define_results(connection)
        define_read_results(connection)
        set_threads(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def start_following(store: ReadOnlyStore, *, look_s: float = LOOK_S) -> Callable[[], None]:
    """Change over to new snapshots in a thread of its own; what is returned ends it."""

    def follow(stopping: Event) -> None:
        said = ""
        while not stopping.wait(look_s):
            try:
                store.change_over()
                said = ""
            except Exception as error:  # what is wrong with the newest keeps nobody from the last
                if said != (said := str(error)):  # once, not every two seconds
                    is_ours = isinstance(error, StoreError)
                    LOG.error("仍用 %s 的快照：%s", store.as_of, error, exc_info=not is_ours)

    return start_beside(follow, name="snapshots")
