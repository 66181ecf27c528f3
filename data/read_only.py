"""The store of a read-only server: the newest snapshot of a folder that the writing service publishes to.

It changes over to a newer snapshot by itself. Whoever has begun to read the older one ends there: its file is let go
when the last of its cursors is.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from data.failures import FILE_ERRORS, StoreError, cannot_read
from data.model import LOCAL, Actor
from data.places import DATABASE, PUBLICATIONS, WORKBOOKS
from data.reading import Answer
from data.schema import CATALOG, define_seen, program_digest
from data.snapshots import Snapshot, current_snapshot
from data.store import Store
from data.transaction import Transaction
from data.workbook_files import WorkbookFiles

LOG = logging.getLogger("assessment")
READS_VARIABLE = "ASSESSMENT_READS"  # the folder of snapshots, for a server that only reads
LOOK_S = 2.0  # how often the pointer is looked at, while anybody asks
OPENED_AGAIN = 3  # times, where the snapshot is replaced while it is being opened


class ReadOnlyStore(Store):
    """What a folder of snapshots holds. Nothing can be written: `write` raises StoreError that says where to do it."""

    is_read_only = True

    def __init__(self, folder: Path, *, look_s: float = LOOK_S):
        """Raises StoreError where there is no snapshot yet, or one of another version of the program."""
        self.home = folder
        # kept workbooks and publications' files stay with the writer; what was published is in the snapshot itself
        self.files = WorkbookFiles(folder / WORKBOOKS)
        self.publications, self.publication_faults = folder / PUBLICATIONS, []
        self._look_s, self._looked_at = look_s, time.monotonic()
        self._changing = threading.Lock()
        self._snapshot, self._connection = self._open_newest()

    @property
    def as_of(self) -> datetime:
        """The moment that the data are of."""
        return self._snapshot.at

    def refresh(self, cycle: int) -> int:
        """The data version; a snapshot's results are always of its data."""
        return self.data_version(cycle)

    @contextmanager
    def write(self, actor: Actor = LOCAL, *, checks_clock: bool = True) -> Iterator[Transaction]:
        """Raises StoreError: nothing is written here."""
        raise StoreError("这是只读副本，不能办理：请到主服务的页面办理")
        yield

    def close(self) -> None:
        """Let the snapshot go."""
        self._connection.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        self._change_over()
        cursor = self._connection.cursor()
        cursor.execute(f"use {CATALOG}")
        return cursor

    def _asking(self, question: Callable[[], Answer]) -> Answer:
        try:
            return question()
        except FILE_ERRORS as error:
            raise cannot_read(self.home, error) from error

    def _change_over(self) -> None:
        """Go on with the newest snapshot, looking for one now and then. What is wrong with it keeps nobody from the last."""
        if time.monotonic() - self._looked_at < self._look_s or not self._changing.acquire(blocking=False):
            return
        try:
            newest = current_snapshot(self.home)
            if newest and newest.name != self._snapshot.name:
                self._snapshot, self._connection = self._open_newest()
            elif newest:
                self._snapshot = newest  # nothing has happened since, and the moment has moved on
        except StoreError as error:
            LOG.error("仍用 %s 的快照：%s", self._snapshot.as_of, error)
        finally:
            self._looked_at = time.monotonic()
            self._changing.release()

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
        define_seen(connection)
    except BaseException:
        connection.close()
        raise
    return connection
