"""Proves a runtime folder sound, or names what is not: journal, database, kept workbooks, results. Changes nothing.

The journal's chain is followed; the database is compared row by row with one that is rebuilt from the journal and the
workbooks; results are computed again. A chain that was written anew from some line on looks sound by itself: whoever
notes its head (number and hash) outside this machine can prove later that what stood then still stands (`head`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from data.chain_check import Chain, check_chain, compare_with_database
from data.compare import REBUILT, compare_kept, compare_results
from data.course.publications import publications, recompute
from data.failures import DamagedDatabaseError, StoreError, cannot_open
from data.journal import JournalFault, Line, Link, follow, raw_lines
from data.journal_body import answer_digests
from data.keeping import check_not_open_here
from data.places import DATABASE, JOURNAL, PUBLICATIONS, WORKBOOKS
from data.publication_files import PublicationFault, frozen_rows, read_publication
from data.replay import kept_files_of, submissions_of
from data.schema import CATALOG
from data.store import Store
from data.swap import preparing
from data.workbook_files import WorkbookFiles

SHORTEST_HEAD = 16  # hexadecimal digits of a noted head
PARTS = {
    "journal": "台账",
    "database": "数据库",
    "workbooks": "自评表",
    "results": "结果",
    "publications": "公布",
}


@dataclass
class Verification:
    """What was found: `faults` as (part, Chinese text), `notes` that are no fault, `left_out` as (part, why), the chain's
    head, how many lines and kept workbooks there are, and workbooks that no line knows of."""

    faults: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    head: Link = field(default_factory=Link)
    at: str = ""
    workbooks: int = 0
    orphans: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool | None:
        """True where everything was looked at and is right, False where something is wrong, None where not all was seen."""
        return False if self.faults else None if self.left_out else True


def verify(
    home: Path, *, head: str | None = None, progress: Callable[[int, int], None] | None = None
) -> Verification:
    """Look at everything. Raises StoreError where there is no such runtime folder; all else is in what it returns."""
    if not (home / DATABASE).exists() and not (home / JOURNAL).exists():
        raise StoreError(f"{home} 不是运行目录（没有 {DATABASE} 和 {JOURNAL}）：请核对 --home")
    found = Verification()
    chain = check_chain(home / JOURNAL)
    found.head, found.at = chain.head, chain.at
    found.faults += [("journal", text) for text in chain.faults]
    if chain.is_torn:
        found.notes.append("台账最后一行没有写完整（写到一半时断电，或正在写），不计入；下次写入时会覆盖")
    _check_noted_head(found, chain, head)
    _check_workbooks(found, home, chain)
    try:
        with _database(home) as connection:
            _check_database(found, connection, home, chain, progress)
    except DamagedDatabaseError as error:
        found.faults.append(("database", str(error)))
    except StoreError as error:
        found.left_out += [("database", str(error)), ("results", "数据库没有检查")]
    return found


def _check_noted_head(found: Verification, chain: Chain, head: str | None) -> None:
    if not head:
        return
    wanted = head.strip().lower()
    if len(wanted) < SHORTEST_HEAD:
        raise StoreError(f"--head 至少写校验值的前 {SHORTEST_HEAD} 位，现在只有 {len(wanted)} 位")
    numbers = [n for n, digest in chain.hashes.items() if digest.startswith(wanted)]
    if numbers:
        found.notes.append(f"记下的校验值是台账第 {numbers[0]} 行，该行及以前的内容都没有改动")
    else:
        found.faults.append(("journal", f"台账中没有记下的校验值 {wanted}：从那以后台账被改写、截短或换过"))


def _check_workbooks(found: Verification, home: Path, chain: Chain) -> None:
    files = WorkbookFiles(home / WORKBOOKS)
    named: dict[str, list[str]] = {}
    called: dict[str, str] = {}
    for line in _readable(home / JOURNAL, chain):
        for sha256, unit, what in kept_files_of(line):
            named.setdefault(sha256, []).append(unit)
            called[sha256] = what
    kept = set(files.hashes()) if files.folder.is_dir() else set()
    found.workbooks = len(named)
    for sha256, units in sorted(named.items()):
        if not files.is_whole(sha256):
            state = "被改动过" if sha256 in kept else "不在了"
            units_said = "、".join(sorted(set(units)))
            found.faults.append(
                ("workbooks", f"{called[sha256]} {files.path(sha256)}（单位 {units_said}）{state}")
            )
    if chain.faults:
        found.left_out.append(("workbooks", "台账有损坏，坏行之后收下的自评表没有检查"))
    elif named:
        found.orphans = sorted(str(files.path(sha256)) for sha256 in kept - set(named))


def _readable(journal: Path, chain: Chain) -> Iterator[Line]:
    """The lines up to the first that is broken."""
    try:
        yield from follow(journal)
    except JournalFault:
        if not chain.faults:
            raise


@contextmanager
def _database(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The database, for reading only. Raises StoreError where it is locked or damaged, also while it is read."""
    check_not_open_here(home)
    if not (home / DATABASE).exists():
        raise StoreError(f"没有数据库 {home / DATABASE}：下次启动时自动由台账重建")
    try:
        with closing(duckdb.connect(str(home / DATABASE), read_only=True)) as connection:
            yield connection
    except (OSError, duckdb.Error) as error:
        raise cannot_open(home, error) from error


def _check_database(
    found: Verification,
    connection: duckdb.DuckDBPyConnection,
    home: Path,
    chain: Chain,
    progress: Callable[[int, int], None] | None,
) -> None:
    tables = {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}
    if "chain" not in tables:
        found.left_out.append(
            ("database", "这是上一版本的数据库，还没有台账：用本版本打开一次（如 manage.py serve）后再检查")
        )
        return
    lines = [Link(*row) for row in connection.execute("select n, hash from chain order by n").fetchall()]
    held = lines[-1] if lines else Link()
    found.faults += [("journal", text) for text in compare_with_database(chain, lines)]
    if held.n < chain.head.n and not found.faults:
        found.notes.append(f"数据库比台账少 {chain.head.n - held.n} 行，下次启动时自动补入")
    if any(part == "journal" for part, _ in found.faults):
        found.left_out.append(("database", "台账有损坏，不能据以核对数据库"))
        found.left_out.append(("results", "数据库没有核对"))
        return
    with _some_folder(home) as folder:
        skipped = _rebuild_beside(found, folder, home, held, progress)
        quoted = str(folder / DATABASE).replace("'", "''")  # attach takes no bound values
        connection.execute(f"attach '{quoted}' as {REBUILT} (read_only)")
        differences = list(compare_kept(connection, without_answers_of=list(skipped)))
        differences += _changed_answers(connection, skipped)
        found.faults += [("database", text) for text in differences]
        _check_publications(found, connection, home, is_recomputed=not skipped)
        if skipped:
            found.left_out.append(("results", "有自评表缺失、被改动或读法有变，没有重新计算结果"))
        connection.execute(f"detach {REBUILT}")


def _rebuild_beside(
    found: Verification,
    folder: Path,
    home: Path,
    held: Link,
    progress: Callable[[int, int], None] | None,
) -> dict[int, tuple[str, str]]:
    """Rebuild as many lines as the database holds, publications computed anew. Returns the submissions whose workbook cannot be
    read as it was then: submission → (unit, digest of its answers)."""
    files = WorkbookFiles(home / WORKBOOKS)
    with (folder / JOURNAL).open("wb") as copy:
        copy.writelines(raw for raw, _ in zip(raw_lines(home / JOURNAL), range(held.n), strict=False))
    rows = {
        row["submission"]: (line, row) for line in follow(folder / JOURNAL) for row in submissions_of(line)
    }
    broken = {row["sha256"] for _, row in rows.values() if not files.is_whole(row["sha256"])}
    store = Store.open(folder, workbooks=files.folder, without=broken, progress=progress or _unheard)
    with closing(store):
        for each in store.read_otherwise:
            text = (
                f"单位 {each.unit} 的自评表（台账第 {each.n} 行）读出的答案与当时不同：重建不会得到相同的得分"
            )
            found.faults.append(("workbooks", text))
        for made in publications(store):
            recompute(store, made)
    skipped = {each.submission for each in store.read_otherwise}
    skipped |= {submission for submission, (_, row) in rows.items() if row["sha256"] in broken}
    return {
        submission: (row["unit"], line.body.get("answers", {}).get(str(submission), ""))
        for submission, (line, row) in rows.items()
        if submission in skipped
    }


def _unheard(_done: int, _total: int) -> None:
    """Nobody follows the progress."""


def _changed_answers(
    connection: duckdb.DuckDBPyConnection, expected: Mapping[int, tuple[str, str]]
) -> Iterator[str]:
    """Of these submissions, those whose answers in the database are not what the journal's digest says."""
    result = connection.execute(
        f"select * from {CATALOG}.answer where list_contains($submissions, submission) order by rowid",
        {"submissions": list(expected)},
    )
    names = [column[0] for column in result.description]
    digests = answer_digests(dict(zip(names, row, strict=True)) for row in result.fetchall())
    for submission, (unit, digest) in expected.items():
        if digests.get(str(submission), "") != digest:
            yield f"答案（submission {submission}，单位 {unit}）在数据库中被改动"


def _check_publications(
    found: Verification, connection: duckdb.DuckDBPyConnection, home: Path, *, is_recomputed: bool
) -> None:
    """Every publication: its file as it was published, the frozen rows as in the file, and computed anew from its inputs."""
    columns = ("seq", "number", "sha256", "program")
    rows = connection.execute(
        f"select {', '.join(columns)} from {CATALOG}.publication order by seq"
    ).fetchall()
    program = connection.execute(f"select digest from {REBUILT}.result_program").fetchone()
    connection.execute(f"use {CATALOG}")
    for seq, number, sha256, made_by in rows:
        before = len(found.faults)
        try:
            _, parts = read_publication(home / PUBLICATIONS, number, sha256)
        except PublicationFault as fault:
            found.faults.append(("publications", str(fault)))
            parts = {}
        for name, text in frozen_rows(connection, seq):
            if name in parts and parts[name] != text:
                found.faults.append(
                    ("publications", f"第 {number} 号公布的 {name} 在数据库中被改动，与公布的文件不符")
                )
        if not is_recomputed:
            found.left_out.append(("publications", f"第 {number} 号公布没有重新计算：有自评表缺失或被改动"))
            continue
        differences = list(compare_results(connection, publication=seq))
        found.faults += [("publications", f"第 {number} 号公布：{text}") for text in differences]
        if len(found.faults) == before:
            found.notes.append(
                f"第 {number} 号公布（{sha256[:16]}…）：文件完好，由原始数据重新计算，结果相同"
            )
        elif program and program[0] != made_by:
            found.notes.append(f"第 {number} 号公布由另一版本的程序计算，不同之处可能由此而来")


@contextmanager
def _some_folder(home: Path) -> Iterator[Path]:
    """A folder for the rebuilt database: in the runtime folder, which has the room, or where that is read-only, elsewhere."""
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(preparing(home))
        except OSError:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="verify-")))
        yield folder
