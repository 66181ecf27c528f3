"""The kept truth of one runtime folder: DuckDB tables that are only ever added to, and the results computed from them.

One process holds the file. Every write goes through one lock and one transaction, every read has a cursor of its own.
The tables have neither keys nor indexes and are never updated: the present state is a view (docs/decisions.md).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import duckdb
import pandas as pd

from data.model import Cycle, Unit
from data.regions import REGIONS_FILE, load_regions, region_path
from data.scheme_rows import scheme_rows
from data.transaction import Transaction
from data.workbook_files import WorkbookFiles
from scoring.regulation import RegulationError, check_places, load_regulation
from scoring.scheme import Scheme, SchemeError, digest_text, parse_scheme
from scoring.views import RESULTS, load_views

HOME_VARIABLE = "ASSESSMENT_HOME"
SQL = Path(__file__).parent / "sql"
DEMO_SETTING = "is_demo"
PROGRAM_SETTING = "program"  # digest of the SQL and the regions that the results of this folder follow from

# In this order: the later ones read the earlier.
VIEWS = (
    "cycle",
    "unit",
    "current_submission",
    "current_finding",
    "current_review",
    "current_window",
    "region_member",
    # a scheme's entries by the cycle that is scored under it
    "cycle_applies",
    "cycle_basis",
    "cycle_category",
    "cycle_choice",
    "cycle_dimension",
    "cycle_finding",
    "cycle_grade",
    "cycle_indicator",
    "cycle_rule",
    "cycle_share",
    "cycle_system",
    "cycle_tag",
)


class StoreError(Exception):
    """Something about the runtime folder that a person has to mend; the text says what and how, in Chinese."""


class UnknownCycleError(StoreError):
    """A cycle that has not been opened."""


def default_home() -> Path:
    """The runtime folder: $ASSESSMENT_HOME, else ./var beside the program."""
    return Path(os.environ.get(HOME_VARIABLE) or Path(__file__).parent.parent / "var")


class Store:
    """The database and the kept workbooks of one runtime folder."""

    def __init__(self, home: Path, connection: duckdb.DuckDBPyConnection):
        self.home = home
        self.files = WorkbookFiles(home / "workbooks")
        self._connection = connection
        self._write_lock = threading.RLock()
        self._schemes: dict[tuple[str, str], Scheme] = {}
        self._prepare()

    # ---- opening

    @classmethod
    def open(cls, home: Path | str | None = None) -> Store:
        """Open or create the runtime folder. Raises StoreError (Chinese) when it is locked, damaged or not writable."""
        home = Path(home) if home else default_home()
        path = home / "assessment.duckdb"
        try:
            for folder in (home, home / "workbooks"):
                folder.mkdir(parents=True, exist_ok=True)
            return cls(home, duckdb.connect(str(path)))
        except PermissionError as error:
            raise StoreError(f"无法写入运行目录 {home}：请检查目录权限，或用 --home 另选目录") from error
        except duckdb.IOException as error:
            if "lock" in str(error).lower():
                raise StoreError(
                    f"数据库 {path} 正被另一个程序使用（通常是正在运行的网页服务）：请先停止该程序，再执行本命令"
                ) from error
            raise StoreError(f"无法打开数据库 {path}：{error}。请检查磁盘和目录权限") from error
        except OSError as error:
            raise StoreError(
                f"无法使用运行目录 {home}：{error.strerror}。请检查磁盘空间和目录权限"
            ) from error

    def close(self) -> None:
        """Write everything to the file and let it go."""
        self._connection.close()

    def _prepare(self) -> None:
        """Create what is not there. What only follows from kept rows is made anew when the program reads otherwise."""
        cursor = self._connection.cursor()
        tables = {path.stem: path.read_text("utf-8") for path in sorted((SQL / "tables").glob("*.sql"))}
        views = [(SQL / "views" / f"{name}.sql").read_text("utf-8") for name in VIEWS] + load_views()
        cursor.execute(tables["journal"])
        cursor.execute(tables["setting"])
        self._seq = cursor.execute("select coalesce(max(seq), 0) from journal").fetchone()[0]
        program = digest_text("".join([*tables.values(), *views, REGIONS_FILE.read_text("utf-8")]))
        is_new = self._setting(PROGRAM_SETTING) != program
        for name, statement in tables.items():
            if is_new and (name == "region" or name.startswith("result_")):
                cursor.execute(f"drop table if exists {name}")
            cursor.execute(statement)
        for statement in views:
            cursor.execute(statement)
        if is_new:
            with self.write() as transaction:
                transaction.append("region", _region_rows())
                # an event of no cycle, so that no cycle's results count as up to date
                seq = transaction.record("program", cycle=None, detail=program)
                transaction.add("setting", {"seq": seq, "name": PROGRAM_SETTING, "value": program})

    def _setting(self, name: str) -> str | None:
        newest = self.rows(
            "select value from setting where name = $name order by seq desc limit 1", name=name
        )
        return newest[0][0] if newest else None

    # ---- reading

    def query(self, sql: str, **values) -> pd.DataFrame:
        """Run one select with values bound by name; a cursor of its own, so any thread may call it."""
        return self._connection.cursor().execute(sql, values).df()

    def rows(self, sql: str, **values) -> list[tuple]:
        """The same as plain tuples, for the few places that need no frame."""
        return self._connection.cursor().execute(sql, values).fetchall()

    def data_version(self, cycle: int) -> int:
        """Grows with every event that can change the cycle's results or its history; with the cycle, a cache key."""
        return self.rows(
            "select coalesce(max(seq), 0) from journal where cycle is null or cycle = $cycle", cycle=cycle
        )[0][0]

    def is_demo(self) -> bool:
        """Whether this folder holds the invented demo province."""
        return self._setting(DEMO_SETTING) == "yes"

    def is_empty(self) -> bool:
        """Whether no cycle has ever been opened here."""
        return not self.rows("select 1 from cycle limit 1")

    def cycle(self, cycle: int) -> Cycle:
        """The cycle as it stands. Raises UnknownCycleError."""
        found = self.rows("select * from cycle where cycle = $cycle", cycle=cycle)
        if not found:
            known = (
                "、".join(str(row[0]) for row in self.rows("select cycle from cycle order by cycle")) or "无"
            )
            raise UnknownCycleError(
                f"没有考核年度 {cycle}（已开设：{known}）。请先用 manage.py cycle 开设该年度"
            )
        return Cycle(*found[0])

    def scheme(self, cycle: int) -> Scheme:
        """The scheme version that the cycle is scored under. Raises UnknownCycleError."""
        opened = self.cycle(cycle)
        key = (opened.scheme_id, opened.version)
        if key not in self._schemes:
            source = self.rows(
                "select source from scheme where scheme_id = $scheme_id and version = $version",
                scheme_id=opened.scheme_id,
                version=opened.version,
            )[0][0]
            self._schemes[key] = parse_scheme(source, name=f"{key[0]} {key[1]}")
        return self._schemes[key]

    def units(self, *, cycle: int) -> dict[str, Unit]:
        """The register of a cycle by unit code."""
        rows = self.rows(
            "select unit, name, region, category, tags from unit where cycle = $cycle order by unit",
            cycle=cycle,
        )
        return {row[0]: Unit(row[0], row[1], row[2], row[3], tuple(row[4])) for row in rows}

    def unit(self, *, cycle: int, code: str) -> Unit | None:
        """One unit of the register, or None."""
        rows = self.rows(
            "select unit, name, region, category, tags from unit where cycle = $cycle and unit = $unit",
            cycle=cycle,
            unit=code,
        )
        return Unit(*rows[0][:4], tuple(rows[0][4])) if rows else None

    # ---- writing

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """One transaction, alone; all or nothing. Rolls back on anything, a page's stop signal included."""
        with self._write_lock:
            cursor = self._connection.cursor()
            seq_before = self._seq
            cursor.execute("begin transaction")
            try:
                transaction = Transaction(cursor, self._next_seq)
                yield transaction
                transaction.flush()
                cursor.execute("commit")
            except BaseException:
                self._seq = seq_before
                cursor.execute("rollback")
                raise

    def _next_seq(self) -> int:
        self._seq += 1
        return self._seq

    def mark_demo(self) -> None:
        """Say for good that this folder holds the demo province; every screen shows it."""
        with self.write() as transaction:
            seq = transaction.record("setting", cycle=None, detail=DEMO_SETTING)
            transaction.append("setting", [{"seq": seq, "name": DEMO_SETTING, "value": "yes"}])

    def open_cycle(
        self, *, cycle: int, scheme_path: Path | str, opens_on: date, deadline: datetime, status: str = "open"
    ) -> None:
        """Open a cycle under a scheme file, or change its dates.

        Raises SchemeError when the file is not a valid scheme, names a place that the regulation does not have, or when
        its id and version are known with other content.
        """
        source = Path(scheme_path).read_text("utf-8")
        scheme = parse_scheme(source, name=Path(scheme_path).name)
        _check_against_regulation(scheme)
        with self.write() as transaction:
            _keep_scheme(self, transaction, scheme, source)
            seq = transaction.record("cycle", cycle=cycle, detail=f"{scheme.id} {scheme.version} {status}")
            event = {
                "seq": seq,
                "cycle": cycle,
                "scheme_id": scheme.id,
                "version": scheme.version,
                "opens_on": opens_on,
                "deadline": deadline,
                "status": status,
            }
            transaction.append("cycle_event", [event])
            windows = [(i.id, i.window.dates(cycle)) for i in scheme.indicators if i.window]
            transaction.append(
                "cycle_window",
                [
                    {"seq": seq, "cycle": cycle, "indicator": indicator, "first_day": first, "last_day": last}
                    for indicator, (first, last) in windows
                ],
            )

    def register_units(self, *, cycle: int, units: Sequence[Unit]) -> None:
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
        with self.write() as transaction:
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
            with self.write() as transaction:
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


def _region_rows() -> list[dict]:
    """data/reference/regions.csv as rows of the region table."""
    return [
        {
            "region": r.code,
            "name": r.name,
            "level": r.level,
            "parent": r.parent or None,
            "path": region_path(r.code),
        }
        for r in load_regions()
    ]


def _check_against_regulation(scheme: Scheme) -> None:
    """Raises SchemeError naming every place of the scheme that its regulation does not have."""
    try:
        faults = check_places(scheme, load_regulation(scheme.regulation))
    except RegulationError as error:
        raise SchemeError(str(error)) from error
    if faults:
        raise SchemeError("；".join(faults))


def _keep_scheme(store: Store, transaction: Transaction, scheme: Scheme, source: str) -> None:
    """Add a scheme version's rows unless they are there. Raises SchemeError when the same version reads otherwise."""
    digest = digest_text(source)
    known = store.rows(
        "select digest from scheme where scheme_id = $scheme_id and version = $version",
        scheme_id=scheme.id,
        version=scheme.version,
    )
    if known and known[0][0] != digest:
        raise SchemeError(
            f"方案 {scheme.id} {scheme.version} 已在用，内容不能改动：请在文件中改写 version，作为新版本导入"
        )
    if known:
        return
    key = {"scheme_id": scheme.id, "version": scheme.version}
    transaction.record("scheme", cycle=None, detail=f"{scheme.id} {scheme.version}")
    for table, rows in scheme_rows(scheme, digest, source).items():
        transaction.append(table, [{**key, **row} for row in rows])
