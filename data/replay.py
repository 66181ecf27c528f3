"""Puts a line of the journal into the database again: its rows, and the answers read anew from the kept workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import duckdb

from data.checks import check_workbook
from data.failures import DamagedError
from data.journal import Line
from data.journal_body import answer_digests, unpack
from data.model import Cycle, Unit
from data.reading import parsed_scheme
from data.transaction import insert_rows
from data.workbook import read_workbook
from data.workbook_files import WorkbookFiles
from scoring.scheme import Scheme


def replay(connection: duckdb.DuckDBPyConnection, line: Line, *, files: WorkbookFiles) -> list[str]:
    """Put one line in, all or nothing; returns the units whose workbook reads otherwise than it did then.

    Raises DamagedError naming a kept workbook that is missing or was changed.
    """
    cursor = connection.cursor()
    cursor.execute("begin transaction")
    try:
        for table, packed in line.body["rows"].items():
            schema = cursor.execute(f"select * from {table} limit 0").to_arrow_table().schema
            insert_rows(cursor, table, unpack(packed, schema))
        answers = []
        if "submission" in line.body["rows"]:
            answers = list(_answers_again(cursor, line, files))
            if answers:
                insert_rows(cursor, "answer", answers)
        cursor.execute("insert into chain values ($n, $hash)", {"n": line.link.n, "hash": line.link.hash})
        cursor.execute("commit")
    except BaseException:
        cursor.execute("rollback")
        raise
    now, then = answer_digests(answers), line.body.get("answers", {})
    return [unit for submission, unit in _submitted(line) if now.get(submission) != then.get(submission)]


def _submitted(line: Line) -> list[tuple[str, str]]:
    packed = line.body["rows"].get("submission", {"columns": [], "values": []})
    rows = [dict(zip(packed["columns"], values, strict=True)) for values in packed["values"]]
    return [(str(row["submission"]), row["unit"]) for row in rows]


def _answers_again(
    cursor: duckdb.DuckDBPyConnection, line: Line, files: WorkbookFiles
) -> Iterator[dict[str, Any]]:
    packed = line.body["rows"]["submission"]
    for values in packed["values"]:
        row = dict(zip(packed["columns"], values, strict=True))
        if not files.is_whole(row["sha256"]):
            raise DamagedError(
                f"台账第 {line.link.n} 行收下的自评表 {files.path(row['sha256'])} 不在或已被改动："
                f"请从备份中找回这个文件后重试"
            )
        cycle, scheme, unit = _context(cursor, row)
        raw, _ = read_workbook(files.read(row["sha256"]))
        if raw is None:
            continue
        units = {unit.code: unit} if unit else {}
        _, answers, _ = check_workbook(raw, scheme=scheme, cycle=cycle, units=units, expected_unit=None)
        yield from ({"submission": row["submission"], **asdict(answer)} for answer in answers)


def _context(cursor: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> tuple[Cycle, Scheme, Unit | None]:
    """Cycle, scheme and unit as they stood when the workbook came in: what is in the database by now."""
    key = {"cycle": row["cycle"]}
    cycle = Cycle(*cursor.execute("select * from cycle where cycle = $cycle", key).fetchone())
    source = cursor.execute(
        "select source from scheme where scheme_id = $scheme_id and version = $version",
        {"scheme_id": row["scheme_id"], "version": row["version"]},
    ).fetchone()[0]
    found = cursor.execute(
        "select unit, name, region, category, tags from unit where cycle = $cycle and unit = $unit",
        {**key, "unit": row["unit"]},
    ).fetchone()
    unit = Unit(*found[:4], tuple(found[4])) if found else None
    return cycle, parsed_scheme(source, f"{row['scheme_id']} {row['version']}"), unit
