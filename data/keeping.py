"""The open database and its journal: how a runtime folder is opened, asked, written to, and recovered after a failure.

One process holds the file. Every write goes through one lock and one transaction; its line in the journal, synced, makes
it for good, and the database is brought to the journal: by the commit, or at the next opportunity.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self
from weakref import WeakValueDictionary

import duckdb

from data.adopt import adopt
from data.clock import check_clock
from data.copying import Copy, copy_of, readers_copy_of
from data.failures import (
    FILE_ERRORS,
    UNTOUCHED,
    WRITE_ERRORS,
    DamagedDatabaseError,
    DamagedError,
    LockedError,
    StoreError,
    cannot_commit,
    cannot_open,
    cannot_read,
    cannot_write,
)
from data.held import LONGEST_S, Holder
from data.journal import START, Journal, JournalFault, Line, Link, follow
from data.journal_body import journal_body
from data.model import LOCAL, Actor
from data.newest import handed_out
from data.places import DATABASE, JOURNAL, PUBLICATIONS, WORKBOOKS, default_home
from data.publication_files import load_missing
from data.reading import Answer, Question, Reading
from data.replay import ReadOtherwise, missing_text, missing_workbooks, replay, seqs_of
from data.schema import SEEN, SEEN_WHOLE, define, define_seen
from data.space import check_space
from data.swap import finish_swap, preparing
from data.threads import set_threads
from data.transaction import Transaction, insert_rows
from data.turned import Turned, View
from data.workbook_files import WorkbookFiles

if TYPE_CHECKING:
    import pandas as pd

    from data.said_before import SaidBefore

LOG = logging.getLogger("assessment")
FRAME = "frame"  # tells the keys of kept frames from those of rows
ASKED_AGAIN = 4  # questions, each on a new connection, where the one before broke in their middle

_REPAIR_JOURNAL = (
    "请先执行 manage.py verify 查看，再从备份恢复（restore）；"
    "确认以现有数据库为准的，执行 manage.py rebuild --from-database 重写台账（原文件会改名保留）"
)


class Keeping(Reading):
    """The database, the journal and the kept workbooks of one runtime folder, open."""

    def __init__(
        self,
        home: Path,
        *,
        clock: Callable[[], datetime] = datetime.now,
        checks_clock: bool = True,
        workbooks: Path | None = None,
        without: Collection[str] = (),
        progress: Callable[[int, int], None] | None = None,
    ):
        self.home = home
        self.files = WorkbookFiles(workbooks or home / WORKBOOKS)
        self.publications = self.files.folder.parent / PUBLICATIONS
        self.publication_faults: list[str] = []
        self.read_otherwise: list[ReadOtherwise] = []
        self._clock, self._without, self._progress = clock, without, progress
        self._checks_clock = checks_clock
        self._write_lock, self._score_lock = threading.RLock(), threading.Lock()
        self._seen_lock = threading.Lock()
        self._is_sound = self._is_writing = self._is_closed = False
        self._kept: dict[tuple, Any] = {}
        self.holder = Holder(self)
        self._said: tuple[duckdb.DuckDBPyConnection, SaidBefore] | None = None
        self._connect()

    # ---- opening

    @classmethod
    def open(
        cls,
        home: Path | str | None = None,
        *,
        clock: Callable[[], datetime] = datetime.now,
        checks_clock: bool = True,
        workbooks: Path | None = None,
        without: Collection[str] = (),
        progress: Callable[[int, int], None] | None = None,
    ) -> Self:
        """Open or create the runtime folder.

        What the journal has and the database has not (the power went between the two, or the file is lost) is put in
        first: `progress` hears (lines in, lines in all), `read_otherwise` names workbooks that gave other answers than
        when they came in, and those in `without` (SHA-256) are left out. `checks_clock` False: a clock of the demo's own. A folder of a program that had no journal gets
        one. Raises StoreError (Chinese) when the folder is locked or not writable, DamagedError when the database, the
        journal or a kept workbook cannot be used as it is.
        """
        home = Path(home) if home else default_home()
        check_not_open_here(home)
        try:
            for folder in (home, workbooks or home / WORKBOOKS):
                folder.mkdir(parents=True, exist_ok=True)
            finish_swap(home)
            return cls(
                home,
                clock=clock,
                checks_clock=checks_clock,
                workbooks=workbooks,
                without=without,
                progress=progress,
            )
        except (OSError, duckdb.Error) as error:
            raise cannot_open(home, error) from error

    def _connect(self) -> None:
        self._connection = duckdb.connect(str(self.home / DATABASE))
        try:
            define(self._connection)
            if self._held() == START and not self.journal_path.exists() and self._highest_seq():
                self._connection.close()
                with preparing(self.home) as folder:
                    adopt(
                        self.home, folder, actor=LOCAL, at=self._clock(), reason="上一版本的运行目录没有台账"
                    )
                self._connection = duckdb.connect(str(self.home / DATABASE))
                define(self._connection)
            held = self._held()
            self.journal = self._open_journal(held)
            self._catch_up(held)
            set_threads(self._connection)
            self.publication_faults = load_missing(self._connection, self.publications)
            self.files.clear_parts()
        except BaseException:
            self._connection.close()
            raise
        self._is_sound = True
        _OPEN_HERE[self.resolved_home] = self

    @cached_property
    def resolved_home(self) -> Path:
        """The runtime folder whatever way leads to it; asked at every look at a session, and costly to find out."""
        return self.home.resolve()

    @property
    def journal_path(self) -> Path:
        """Where the journal is."""
        return self.home / JOURNAL

    def _open_journal(self, held: Link) -> Journal:
        try:
            journal = Journal(self.journal_path, held=held)
        except JournalFault as fault:
            raise self._damaged(fault) from fault
        if journal.head.n < held.n:
            raise DamagedError(
                f"{self.journal_path} 只有 {journal.head.n} 行，数据库已记到第 {held.n} 行：台账被删去或换过。{_REPAIR_JOURNAL}"
            )
        return journal

    def _damaged(self, fault: JournalFault) -> DamagedError:
        return DamagedError(f"{self.journal_path} 已损坏：{fault}。{_REPAIR_JOURNAL}")

    def _held(self) -> Link:
        """The last line of the journal that the database holds."""
        found = self._connection.execute("select n, hash from chain order by n desc limit 1").fetchall()
        return Link(*found[0]) if found else START

    def _highest_seq(self) -> int:
        highest = "select greatest((select max(seq) from journal), (select max(seq) from audit), 0)"
        return self._connection.execute(highest).fetchone()[0]

    def _catch_up(self, held: Link) -> None:
        """Put in what only the journal has."""
        self._kept = {}
        head, size, self._seq = self.journal.head, self.journal.size, self._highest_seq()
        if head == held:
            return
        if head.n > held.n and not self._progress:
            LOG.warning("数据库比台账少 %d 行，正在补入（重读自评表，文件多时需要几分钟）", head.n - held.n)

        def lines() -> Iterator[Line]:
            return follow(self.journal_path, after=held, size=size)

        try:
            missing = missing_workbooks(_beyond(lines(), self._seq), files=self.files)
            if paths := [self.files.path(sha256) for sha256 in missing if sha256 not in self._without]:
                raise DamagedError(f"台账记载的 {len(paths)} 份自评表{missing_text(paths)}")
            self.read_otherwise = replay(
                self._connection,
                lines(),
                files=self.files,
                without=self._without,
                progress=(lambda n: self._progress(n, head.n)) if self._progress else None,
            )
        except JournalFault as fault:
            raise self._damaged(fault) from fault
        for each in self.read_otherwise:
            LOG.warning("台账第 %d 行：单位 %s 的自评表现在读出的答案与当时不同", each.n, each.unit)
        self._seq = self._highest_seq()
        self._kept = {}

    def close(self) -> None:
        """Write everything to the file and let it go."""
        with self._write_lock:
            self._is_closed = True
            self.holder.let_go()
            self._connection.close()
            _OPEN_HERE.pop(self.resolved_home, None)

    @property
    def is_closed(self) -> bool:
        """Whether it was let go, so that the folder may be opened anew."""
        return self._is_closed

    # ---- after a failure

    def _recover(self) -> None:
        """Open a database anew that broke, and put in what only the journal has. Raises StoreError."""
        with self._write_lock:
            if self._is_sound:
                return
            self.holder.let_go()
            try:
                if self._answers():
                    self._catch_up(self._held())
                    self.publication_faults = load_missing(self._connection, self.publications)
                else:  # after some failures DuckDB lets nobody in until the file is opened again
                    self._connection.close()
                    self._connect()
            except (OSError, duckdb.Error) as error:
                raise cannot_open(self.home, error) from error
            self._is_sound = True

    def _answers(self) -> bool:
        """Whether the open database answers at all."""
        try:
            self._connection.cursor().execute("select 1 from result_program").fetchall()
        except duckdb.Error:
            return False
        return True

    # ---- asking

    def kept_rows(self, sql: str, **values) -> list[tuple]:
        """`Reading.kept_rows`: kept in memory until something is written."""
        return self._keep((sql, *values.items()), lambda: self.rows(sql, **values))

    def kept_query(self, sql: str, **values) -> pd.DataFrame:
        """`Reading.kept_query`: kept in memory until something is written."""
        return handed_out(self._keep((FRAME, sql, *values.items()), lambda: self.query(sql, **values)))

    def _keep(self, question: tuple, answer: Callable[[], Answer]) -> Answer:
        kept = self._kept  # taken before asking: a write meanwhile leaves this one behind
        if question not in kept:
            kept[question] = answer()
        return kept[question]

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        return self._connection.cursor()

    def seen_cursor(
        self, catalog: str, variables: Mapping[str, Any] | None = None
    ) -> duckdb.DuckDBPyConnection:
        """A cursor in one of the catalogs of what a person sees, which are defined when the first one asks; `variables` of it say
        how much that is."""
        cursor = self._cursor()
        with self._seen_lock:
            self._use_seen(cursor, catalog)
        return Turned(cursor, catalog).turn_to(catalog, variables or {})

    def _use_seen(self, cursor: duckdb.DuckDBPyConnection, catalog: str) -> None:
        try:
            cursor.execute(f"use {catalog}")
        except duckdb.CatalogException:
            if (
                catalog == SEEN
            ):  # a moment turns from it to the other one, and finds none that is made after it began
                self._use_seen(self._cursor(), SEEN_WHOLE)
            define_seen(cursor, catalog)
            cursor.execute(f"use {catalog}")

    def ask_seen(self, view: View, question: Question[Answer]) -> Answer:
        """The answer to a question of a reader who sees so much."""
        return question(self.seen_cursor(*view))

    def _asking(self, question: Callable[[], Answer]) -> Answer:
        for _ in range(ASKED_AGAIN):
            connection = self._connection
            try:
                return question()
            except duckdb.Error as error:
                is_broken = self._connection is not connection or not self._answers()
                if self._is_closed or not is_broken:
                    if isinstance(error, FILE_ERRORS):
                        raise cannot_read(self.home, error) from error
                    raise
            with self._write_lock:
                self._is_sound = self._is_sound and self._answers()
                self._recover()
        return question()

    # ---- writing

    @contextmanager
    def write(self, actor: Actor = LOCAL, *, checks_clock: bool = True) -> Iterator[Transaction]:
        """One transaction, alone; all or nothing.

        Rolls back on anything, a page's stop signal included. Raises StoreError (Chinese) where the disk is full or not
        writable, or, unless told not to check it, where the clock stands before the last change.
        """
        with self._write_lock:
            if self._is_writing:
                raise RuntimeError("a write inside a write")
            cursor = self._begin()
            self._is_writing = True
            seq, head = self._seq, self.journal.head
            try:
                now = self._clock()
                if checks_clock and self._checks_clock:
                    check_clock(now, last_at=self.journal.last_at)
                check_space(self.home)
                transaction = Transaction(cursor, self._next_seq, actor=actor, at=now)
                yield transaction
                self._journal(cursor, transaction)
                cursor.execute("commit")
                if transaction.recorded:
                    self.holder.wrote(actor, transaction.recorded)
            except BaseException as error:
                with suppress(duckdb.Error):  # what broke has nothing to roll back
                    cursor.execute("rollback")
                cursor.close()
                if self.journal.head == head:
                    self._seq = seq
                    # perhaps for what another did meanwhile, which he is to see now
                    if isinstance(error, StoreError):
                        self.holder.wrote(actor, seq)
                    self._give_up(error)
                self._bring_in(error)
            finally:
                self._is_writing = False
                self._kept = {}
                cursor.close()
                self.holder.let_go(older_than_s=LONGEST_S)

    def _begin(self) -> duckdb.DuckDBPyConnection:
        """A cursor in a transaction, also where the database broke since it was asked last. Raises StoreError."""
        self._recover()
        try:
            return self._connection.cursor().begin()
        except duckdb.Error:
            self._is_sound = self._answers()
            if self._is_sound:
                raise
            self._recover()
            return self._connection.cursor().begin()

    @contextmanager
    def standing_still(self) -> Iterator[Journal]:
        """Nothing is written inside the block, and the database holds all that the journal has; to be left at once."""
        with self._write_lock:
            self._recover()
            yield self.journal

    def copying(self, target: Path) -> AbstractContextManager[Copy]:
        """A copy of the kept tables into a new database file, to be pinned while everything stands still, then filled."""
        return copy_of(self._connection, target)

    def copying_for_readers(self, target: Path) -> AbstractContextManager[Copy]:
        """`copying` of what read-only servers need."""
        return readers_copy_of(self._connection, target)

    def _next_seq(self) -> int:
        self._seq += 1
        return self._seq

    def _journal(self, cursor: duckdb.DuckDBPyConnection, transaction: Transaction) -> None:
        written = transaction.flush()
        body = journal_body(written, actor=transaction.actor, at=transaction.at, digests=transaction.digests)
        if body:
            entry = self.journal.prepare(body)
            insert_rows(cursor, "chain", [{"n": entry.link.n, "hash": entry.link.hash}])
            self.journal.append(entry)

    def _give_up(self, error: BaseException) -> NoReturn:
        """Nothing was written: say why, and open the database again where it broke."""
        self._is_sound = self._is_sound and self._answers()
        with suppress(StoreError):  # no way yet: the next write tries again
            self._recover()
        if isinstance(error, JournalFault):
            raise DamagedError(
                f"{self.journal_path}：{error}。{UNTOUCHED}；请停止服务，从备份找回这个文件后再启动"
            ) from error
        if isinstance(error, WRITE_ERRORS):
            raise cannot_write(self.home, error) from error
        raise error

    def _bring_in(self, error: BaseException) -> None:
        """The change stands in the journal and counts: bring the database to it, now or when it can be written again."""
        self._is_sound = False
        try:
            self._recover()
        except StoreError as failure:
            raise cannot_commit(self.home, error) from failure
        if not isinstance(error, duckdb.Error):
            raise error


# DuckDB turns other processes away; within one it would share the file between two stores that know nothing of each other.
_OPEN_HERE: WeakValueDictionary[Path, Keeping] = WeakValueDictionary()


def check_not_open_here(home: Path) -> None:
    """Raises LockedError where this very process has the folder open."""
    if home.resolve() in _OPEN_HERE:
        raise LockedError(f"数据库 {home / DATABASE} 正被本程序使用：请先停止网页服务，再执行本操作")


def hold_database(home: Path) -> duckdb.DuckDBPyConnection | None:
    """The database as it is, opened so that nobody else opens it meanwhile; None where it is damaged or not there.

    Raises LockedError where somebody has it open, StoreError where it cannot be reached.
    """
    check_not_open_here(home)
    if not (home / DATABASE).exists():
        return None
    try:
        return duckdb.connect(str(home / DATABASE))
    except duckdb.Error as error:
        failure = cannot_open(home, error)
        if isinstance(failure, DamagedDatabaseError):
            return None
        raise failure from error


def _beyond(lines: Iterable[Line], seq: int) -> Iterator[Line]:
    """The lines, none of which may record an event that the database has. Raises DamagedError."""
    for line in lines:
        if any(each <= seq for each in seqs_of(line)):
            raise DamagedError(
                f"数据库已有台账第 {line.link.n} 行的内容，却没有记下这一行：数据库被改动过。"
                "请执行 manage.py rebuild 重建数据库（现有的会改名保留）"
            )
        yield line
