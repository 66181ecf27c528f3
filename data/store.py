"""The kept truth of one runtime folder: DuckDB tables that are only ever added to, and the results computed from them.

One process holds the file. Every write goes through one lock and one transaction, which stands in the journal before it
is committed; every read has a cursor of its own. The tables have neither keys nor indexes and are never updated: the
present state is a view (docs/decisions.md).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path

import duckdb

from data.audit import SETTING_NAMES
from data.clock import check_clock
from data.cycles import add_cycle_event, check_against_regulation, keep_scheme
from data.failures import (
    WRITE_ERRORS,
    DamagedError,
    LockedError,
    StoreError,
    UnknownCycleError,
    cannot_open,
    cannot_write,
)
from data.journal import Journal, JournalFault, Link, follow
from data.journal_body import journal_body
from data.model import LOCAL, Actor, LatePolicy, Scope, Unit
from data.reading import DEMO_SETTING, Reading
from data.regions import load_regions
from data.replay import replay
from data.schema import define
from data.scoped import ScopedStore
from data.space import check_space
from data.transaction import Transaction
from data.workbook_files import WorkbookFiles
from scoring.scheme import parse_scheme
from scoring.views import RESULTS

__all__ = [
    "DATABASE",
    "JOURNAL",
    "DamagedError",
    "LockedError",
    "Store",
    "StoreError",
    "UnknownCycleError",
    "default_home",
]

HOME_VARIABLE = "ASSESSMENT_HOME"
DATABASE = "assessment.duckdb"
JOURNAL = "journal.jsonl"


def default_home() -> Path:
    """The runtime folder: $ASSESSMENT_HOME, else ./var beside the program."""
    return Path(os.environ.get(HOME_VARIABLE) or Path(__file__).parent.parent / "var")


class Store(Reading):
    """The database, the journal and the kept workbooks of one runtime folder, whole; `seen_by` gives a person's part."""

    def __init__(self, home: Path, *, clock: Callable[[], datetime] = datetime.now):
        self.home = home
        self.files = WorkbookFiles(home / "workbooks")
        self._clock = clock
        self._write_lock = threading.RLock()
        self._connect()

    # ---- opening

    @classmethod
    def open(cls, home: Path | str | None = None, *, clock: Callable[[], datetime] = datetime.now) -> Store:
        """Open or create the runtime folder.

        What the journal has and the database has not (the power went between the two) is put in first. Raises
        StoreError (Chinese) when the folder is locked or not writable, DamagedError when the database or the journal
        cannot be used as it is.
        """
        home = Path(home) if home else default_home()
        try:
            for folder in (home, home / "workbooks"):
                folder.mkdir(parents=True, exist_ok=True)
            return cls(home, clock=clock)
        except (OSError, duckdb.Error) as error:
            raise cannot_open(home, error) from error

    def _connect(self) -> None:
        self._connection = duckdb.connect(str(self.home / DATABASE))
        try:
            define(self._connection)
            self.journal = self._open_journal()
            self._catch_up()
        except BaseException:
            self._connection.close()
            raise
        highest = "select greatest((select max(seq) from journal), (select max(seq) from audit), 0)"
        self._seq = self.rows(highest)[0][0]

    def _open_journal(self) -> Journal:
        path = self.home / JOURNAL
        try:
            journal = Journal(path)
        except JournalFault as fault:
            raise DamagedError(f"{path} 已损坏：{fault}。{_REPAIR_JOURNAL}") from fault
        held = self._held()
        if journal.head.n < held.n:
            raise DamagedError(
                f"{path} 只有 {journal.head.n} 行，数据库已记到第 {held.n} 行：台账被删去或换过。{_REPAIR_JOURNAL}"
            )
        if held.n == 0 and journal.head.n == 0 and self.rows("select 1 from journal limit 1"):
            raise DamagedError(f"数据库中有数据，{path} 却没有台账。{_REPAIR_JOURNAL}")
        return journal

    def _held(self) -> Link:
        """The last line of the journal that the database holds."""
        found = self.rows("select n, hash from chain order by n desc limit 1")
        return Link(*found[0]) if found else Link()

    def _catch_up(self) -> None:
        """Put the lines in that were journaled and not committed; the lines before them are not read closely."""
        held = self._held()
        if self.journal.head == held:
            return
        try:
            for line in follow(self.journal.path, after=held.n):
                replay(self._connection, line, files=self.files)
        except JournalFault as fault:
            raise DamagedError(f"{self.journal.path} 已损坏：{fault}。{_REPAIR_JOURNAL}") from fault

    def close(self) -> None:
        """Write everything to the file and let it go."""
        self._connection.close()

    # ---- reading

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        return self._connection.cursor()

    def seen_by(self, scope: Scope, *, actor: Actor = LOCAL) -> ScopedStore:
        """The store as one person sees it: reads within `scope`, writes in the name of `actor`."""
        return ScopedStore(self, scope=scope, actor=actor)

    def is_untouched(self) -> bool:
        """Whether nothing was ever recorded here: no cycle, no account, no sign-in."""
        return self.journal.head.n == 0

    def current_hashes(self, *, cycle: int, units: Sequence[str]) -> dict[str, str]:
        """Unit → SHA-256 of its newest workbook, for those of the given units that have one."""
        return dict(
            self.rows(
                "select unit, sha256 from current_submission where cycle = $cycle and list_contains($units, unit)",
                cycle=cycle,
                units=list(units),
            )
        )

    # ---- writing

    @contextmanager
    def write(self, actor: Actor = LOCAL, *, checks_clock: bool = True) -> Iterator[Transaction]:
        """One transaction, alone; all or nothing, and in the journal before it is committed.

        Rolls back on anything, a page's stop signal included. Raises StoreError (Chinese) where the disk is full or not
        writable, or, unless told not to check it, where the clock stands before the last change.
        """
        with self._write_lock:
            now = self._clock()
            if checks_clock:
                check_clock(now, last_at=self.journal.last_at)
            check_space(self.home)
            seq_before, head_before = self._seq, self.journal.head
            try:
                cursor = self._connection.cursor()
                cursor.execute("begin transaction")
                try:
                    transaction = Transaction(cursor, self._next_seq, actor=actor, at=now)
                    yield transaction
                    self._journal(cursor, transaction)
                    cursor.execute("commit")
                except BaseException:
                    self._seq = seq_before
                    self.journal.take_back(head_before)
                    with suppress(duckdb.Error):  # a connection that broke has nothing to roll back
                        cursor.execute("rollback")
                    raise
            except WRITE_ERRORS as error:
                self._reconnect_if_broken()
                raise cannot_write(self.home, error) from error

    def _journal(self, cursor: duckdb.DuckDBPyConnection, transaction: Transaction) -> None:
        body = journal_body(transaction.flush(), actor=transaction.actor, at=transaction.at)
        if body:
            link, line = self.journal.prepare(body)
            cursor.execute("insert into chain values ($n, $hash)", {"n": link.n, "hash": link.hash})
            self.journal.append(link, line)

    def _reconnect_if_broken(self) -> None:
        """After some failed commits DuckDB lets nobody in until the file is opened again."""
        try:
            self.rows("select 1 from setting limit 1")
        except duckdb.Error:
            with suppress(duckdb.Error):
                self._connection.close()
            with suppress(OSError, duckdb.Error, StoreError):  # still no space: the next write tries again
                self._connect()

    def _next_seq(self) -> int:
        self._seq += 1
        return self._seq

    def mark_demo(self) -> None:
        """Say for good that this folder holds the demo province; every screen shows it."""
        self.set_setting(DEMO_SETTING, "yes")

    def set_setting(self, name: str, value: str, *, actor: Actor = LOCAL) -> None:
        """Give a setting of this runtime folder a new value."""
        with self.write(actor) as transaction:
            transaction.audit("setting", object=SETTING_NAMES.get(name, name), detail=value)
            seq = transaction.record("setting", cycle=None, detail=name)
            transaction.append("setting", [{"seq": seq, "name": name, "value": value}])

    def open_cycle(
        self,
        *,
        cycle: int,
        scheme_path: Path | str,
        opens_on: date,
        deadline: datetime,
        status: str = "open",
        late: LatePolicy = "mark",
        actor: Actor = LOCAL,
    ) -> None:
        """Open a cycle under a scheme file, or change its dates, its status or what becomes of late files.

        Raises SchemeError when the file is not a valid scheme, names a place that the regulation does not have, or when
        its id and version are known with other content.
        """
        source = Path(scheme_path).read_text("utf-8")
        scheme = parse_scheme(source, name=Path(scheme_path).name)
        check_against_regulation(scheme)
        with self.write(actor) as transaction:
            keep_scheme(self, transaction, scheme, source)
            add_cycle_event(
                transaction,
                scheme,
                cycle=cycle,
                opens_on=opens_on,
                deadline=deadline,
                status=status,
                late=late,
            )

    def change_cycle(
        self,
        *,
        cycle: int,
        opens_on: date | None = None,
        deadline: datetime | None = None,
        status: str | None = None,
        late: LatePolicy | None = None,
        actor: Actor = LOCAL,
    ) -> None:
        """Change what is given of a cycle that is open, under the scheme it has. Raises UnknownCycleError."""
        now, scheme = self.cycle(cycle), self.scheme(cycle)
        with self.write(actor) as transaction:
            add_cycle_event(
                transaction,
                scheme,
                cycle=cycle,
                opens_on=opens_on or now.opens_on,
                deadline=deadline or now.deadline,
                status=status or now.status,
                late=late or now.late,
            )

    def register_units(self, *, cycle: int, units: Sequence[Unit], actor: Actor = LOCAL) -> None:
        """Put units on the register of a cycle; the newest entry of a code counts.

        Raises StoreError naming every unit whose region, category or tag does not exist.
        """
        scheme = self.scheme(cycle)
        regions = {region.code for region in load_regions()}
        categories = {category.id for category in scheme.categories}
        tags = {tag.id for tag in scheme.tags}
        culprits = [
            unit.code
            for unit in units
            if unit.region not in regions or unit.category not in categories or not set(unit.tags) <= tags
        ]
        if culprits:
            raise StoreError(f"以下单位的地区、类别或标签不存在，未登记任何单位：{'、'.join(culprits)}")
        with self.write(actor) as transaction:
            transaction.audit("register", object=f"{len(units)} 家单位", cycle=cycle)
            seq = transaction.record("registration", cycle=cycle, detail=f"{len(units)} units")
            transaction.append(
                "registration",
                [
                    {
                        "seq": seq,
                        "cycle": cycle,
                        "unit": unit.code,
                        "name": unit.name,
                        "region": unit.region,
                        "category": unit.category,
                        "tags": list(unit.tags),
                        "is_active": unit.is_active,
                    }
                    for unit in units
                ],
            )

    # ---- results

    def refresh(self, cycle: int) -> int:
        """Bring the kept results of a cycle up to its data and return their data version; does nothing if they are."""
        version = self.data_version(cycle)
        if self._stamp(cycle) == version:
            return version
        with self._write_lock:
            version = self.data_version(cycle)
            if self._stamp(cycle) == version:
                return version
            opened = self.cycle(cycle)
            with self.write(checks_clock=False) as transaction:  # nothing is dated here
                for name in RESULTS:
                    transaction.run(f"delete from result_{name} where cycle = $cycle", cycle=cycle)
                    transaction.run(
                        f"insert into result_{name} by name select * from {name} where cycle = $cycle",
                        cycle=cycle,
                    )
                transaction.run("delete from result_stamp where cycle = $cycle", cycle=cycle)
                stamp = {
                    "cycle": cycle,
                    "scheme_id": opened.scheme_id,
                    "version": opened.version,
                    "data_version": version,
                }
                transaction.append("result_stamp", [stamp])
        return version

    def _stamp(self, cycle: int) -> int | None:
        found = self.rows("select data_version from result_stamp where cycle = $cycle", cycle=cycle)
        return found[0][0] if found else None


_REPAIR_JOURNAL = (
    "请先执行 manage.py verify 查看，再从备份恢复（restore）；"
    "确认以现有数据库为准的，执行 manage.py rebuild --from-database 重写台账（原文件会改名保留）"
)
