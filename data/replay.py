"""Puts lines of the journal into the database again: their rows, and the answers read anew from the kept workbooks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from data.checks import check_workbook
from data.failures import DamagedError
from data.journal import Line
from data.journal_body import answer_digests, unpack
from data.model import Cycle, Unit
from data.reading import parsed_scheme
from data.schema import KEPT_FILES
from data.transaction import insert_rows, schema_of
from data.workbook import read_workbook
from data.workbook_files import WorkbookFiles
from scoring.scheme import Scheme

# What a workbook is read under: a line with one of these has to be in before the next workbook is read.
CONTEXT = {"scheme", "registration", "cycle_event"}
# A commit costs a disk sync; the answers of so many workbooks fit in memory easily.
LINES_PER_COMMIT, WORKBOOKS_PER_COMMIT = 100, 100


@dataclass(frozen=True)
class ReadOtherwise:
    """A kept workbook that gives other answers than it gave when it came in; `n` is its line in the journal."""

    n: int
    submission: int
    unit: str


def submissions_of(line: Line) -> Iterator[dict[str, Any]]:
    """The submissions that a line records, as column → value."""
    return _rows_of(line, "submission")


def kept_files_of(line: Line) -> Iterator[tuple[str, str, str]]:
    """(SHA-256, unit, what it is) of every kept file that a line names: workbooks, and forms that tasks were answered in."""
    for table, name in KEPT_FILES.items():
        for row in _rows_of(line, table):
            if row["sha256"]:  # empty where the answer was typed in
                yield row["sha256"], row["unit"], name


def _rows_of(line: Line, table: str) -> Iterator[dict[str, Any]]:
    packed = line.body["rows"].get(table, {"columns": [], "values": []})
    for values in packed["values"]:
        yield dict(zip(packed["columns"], values, strict=True))


def seqs_of(line: Line) -> list[int]:
    """The numbers of the events and acts that a line records."""
    return [
        values[packed["columns"].index("seq")]
        for table, packed in line.body["rows"].items()
        if table in ("journal", "audit")
        for values in packed["values"]
    ]


def missing_workbooks(lines: Iterable[Line], *, files: WorkbookFiles) -> dict[str, list[str]]:
    """SHA-256 of every kept file that is not there or was changed → the units that sent it."""
    units: dict[str, list[str]] = {}
    for line in lines:
        for sha256, unit, _ in kept_files_of(line):
            units.setdefault(sha256, []).append(unit)
    return {sha256: senders for sha256, senders in units.items() if not files.is_whole(sha256)}


def replay(
    connection: duckdb.DuckDBPyConnection,
    lines: Iterable[Line],
    *,
    files: WorkbookFiles,
    without: Collection[str] = (),
    progress: Callable[[int], None] | None = None,
) -> list[ReadOtherwise]:
    """Put lines in, some at a time, each whole or not at all.

    Workbooks in `without` (SHA-256) are left out: their submissions have no answers. `progress` hears the number of the
    last line that is in. Raises DamagedError where a line cannot be put in.
    """
    found: list[ReadOtherwise] = []
    context = _Context()
    for batch in _batches(lines):
        cursor = connection.cursor()
        try:
            cursor.execute("begin transaction")
            found += _put_in(cursor, batch, context, files, without)
            cursor.execute("commit")
        finally:
            cursor.close()  # rolls back what was not committed
        if progress:
            progress(batch[-1].link.n)
    return found


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines that go in together; one that changes what workbooks are read under goes alone."""
    batch: list[Line] = []
    workbooks = 0
    for line in lines:
        coming = sum(1 for _ in submissions_of(line))
        is_full = len(batch) == LINES_PER_COMMIT or workbooks + coming > WORKBOOKS_PER_COMMIT
        if batch and (is_full or _changes_context(line) or _changes_context(batch[-1])):
            yield batch
            batch, workbooks = [], 0
        batch.append(line)
        workbooks += coming
    if batch:
        yield batch


def _changes_context(line: Line) -> bool:
    return not CONTEXT.isdisjoint(line.body["rows"])


def _put_in(
    cursor: duckdb.DuckDBPyConnection,
    batch: list[Line],
    context: _Context,
    files: WorkbookFiles,
    without: Collection[str],
) -> list[ReadOtherwise]:
    rows: dict[str, list[Mapping]] = {}
    for line in batch:
        try:
            for table, packed in line.body["rows"].items():
                rows.setdefault(table, []).extend(unpack(packed, schema_of(cursor, table)))
        except (duckdb.CatalogException, KeyError) as error:
            raise DamagedError(
                f"台账第 {line.link.n} 行有本程序不认识的内容（{error}），可能由更新的版本写成：请用那个版本的程序打开"
            ) from error
    for table, entries in rows.items():
        insert_rows(cursor, table, entries)
    found, answers = [], []
    for line in batch:
        if _changes_context(line):
            context.forget()
        for row in submissions_of(line):
            if row["sha256"] in without:
                continue
            now = list(_answers_again(cursor, line, row, context, files))
            answers += now
            key = str(row["submission"])
            if answer_digests(now).get(key) != line.body.get("answers", {}).get(key):
                found.append(ReadOtherwise(line.link.n, row["submission"], row["unit"]))
    if answers:
        insert_rows(cursor, "answer", answers)
    insert_rows(cursor, "chain", [{"n": line.link.n, "hash": line.link.hash} for line in batch])
    return found


def _answers_again(
    cursor: duckdb.DuckDBPyConnection,
    line: Line,
    row: Mapping[str, Any],
    context: _Context,
    files: WorkbookFiles,
) -> Iterator[dict[str, Any]]:
    path = files.path(row["sha256"])
    if not files.is_whole(row["sha256"]):
        raise DamagedError(f"台账第 {line.link.n} 行收下的自评表{missing_text([path])}")
    cycle, scheme, units = context.of(cursor, row["cycle"])
    raw, _ = read_workbook(path.read_bytes())
    if raw is None:
        return
    _, answers, _ = check_workbook(raw, scheme=scheme, cycle=cycle, units=units, expected_unit=None)
    yield from ({"submission": row["submission"], **vars(answer)} for answer in answers)


def missing_text(paths: Iterable[Path]) -> str:
    """That kept workbooks are not there, which, and what to do."""
    return (
        f"不在或已被改动：{'、'.join(map(str, paths))}。请从备份或原单位找到这些文件，"
        "执行 manage.py rebuild --from 存放它们的目录或压缩包（按内容自动认出）"
    )


class _Context:
    """What workbooks were read under: cycles, schemes and registers as they stood then, which is as they stand by now."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Cycle, Scheme, dict[str, Unit]]] = {}

    def forget(self) -> None:
        """A line changed it."""
        self._known = {}

    def of(self, cursor: duckdb.DuckDBPyConnection, cycle: int) -> tuple[Cycle, Scheme, dict[str, Unit]]:
        """A cycle, its scheme and its register."""
        if cycle not in self._known:
            key = {"cycle": cycle}
            opened = Cycle(*cursor.execute("select * from cycle where cycle = $cycle", key).fetchone())
            (source,) = cursor.execute(
                "select source from scheme where scheme_id = $scheme_id and version = $version",
                {"scheme_id": opened.scheme_id, "version": opened.version},
            ).fetchone()
            units = cursor.execute(
                "select unit, name, region, category, tags from unit where cycle = $cycle", key
            ).fetchall()
            self._known[cycle] = (
                opened,
                parsed_scheme(source, f"{opened.scheme_id} {opened.version}"),
                {row[0]: Unit(*row[:4], tuple(row[4])) for row in units},
            )
        return self._known[cycle]
