"""Reads an uploaded workbook into plain cells: guards first, then a scan of the XML, then the values.

Nothing here knows the scheme; `data.checks` judges what was read. Reading never raises for what a file contains.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from operator import itemgetter

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from data.guards import Parts, open_package
from data.package import MAX_ELEMENTS, TooMuchXml, UnsafeXml, store, write_package
from data.personal_data import find_personal_data
from data.plain_values import read_plain
from data.problems import Problem, column_letters, make_problem
from data.sheet_scan import (
    MAX_AREA,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_MERGED,
    MAX_ROWS,
    SheetScan,
    scan_parts,
)

LONGEST_TEXT = 32_767  # characters that Excel keeps in a cell
LARGEST_DATE = 2_958_465  # 9999-12-31, the last day that Excel knows

CellValue = str | int | float | bool | date | datetime | time | timedelta


@dataclass(frozen=True)
class RawSheet:
    """One worksheet: values by (row, column), counted from 1; empty cells are left out.

    `errors` are cells whose value is an error such as #DIV/0!, `unsaved` formulas without a stored result,
    `percents` those formatted as a percentage, `merged` the merged areas as (first row, first column, last row, last column).
    """

    name: str
    state: str
    values: dict[tuple[int, int], CellValue] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unsaved: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    comments: dict[tuple[int, int], str] = field(default_factory=dict)

    @cached_property
    def rows(self) -> list[tuple[int, dict[int, CellValue]]]:
        """(row, {column: value}) for each row that holds anything, from the top."""
        found: dict[int, dict[int, CellValue]] = {}
        for (row, column), value in self.values.items():
            if row in found:
                found[row][column] = value
            else:
                found[row] = {column: value}
        return sorted(found.items(), key=itemgetter(0))


@dataclass(frozen=True)
class RawWorkbook:
    """What stands in a file; picklable. `is_1904`: serial numbers of dates count from 1904."""

    sheets: tuple[RawSheet, ...]
    is_1904: bool = False

    @property
    def sheet_order(self) -> list[str]:
        """Sheet names in the workbook's order."""
        return [sheet.name for sheet in self.sheets]

    def sheet(self, name: str) -> RawSheet | None:
        """The sheet of this name, or None."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def read_workbook(content: bytes, *, filename: str = "") -> tuple[RawWorkbook | None, list[Problem]]:
    """The workbook's cells, or None and why it cannot be read. Never raises for bad input.

    `filename` tells formats apart that look the same inside. A MemoryError passes through: what a file may take is
    for the process to say that reads it (`data.sandbox`).
    """
    parts, problems = open_package(content, filename=filename)
    if parts is None:
        return None, problems
    scans: list[SheetScan] = []
    try:
        scans, is_1904 = scan_parts(parts)
        if too_large := _too_large(scans):
            return None, too_large
        raw = RawWorkbook(tuple(_read_sheets(parts, scans, is_1904=is_1904)), is_1904)
        too_long = _too_long(raw)
        return (None, too_long) if too_long else (raw, [])
    except PasswordError:
        return None, [make_problem("encrypted-workbook")]
    except UnsafeXml:
        return None, [make_problem("xml-document-type")]
    except TooMuchXml:
        return None, [_too_many(f"{MAX_ELEMENTS:,} 个以上的元素", f"{MAX_ELEMENTS:,} 个")]
    except MemoryError:
        raise
    except Exception:
        return None, [make_problem("damaged-workbook")]
    except BaseException as panic:  # calamine's Rust can panic, with an exception outside Exception
        if type(panic).__name__ != "PanicException":
            raise
        return None, _huge_numbers(scans) or [make_problem("damaged-workbook")]


def _huge_numbers(scans: list[SheetScan]) -> list[Problem]:
    """The cells that make calamine panic: numbers far beyond any date, in cells formatted as dates."""
    problems = []
    for scan in scans:
        for (row, column), value in scan.huge.items():
            place = {"sheet": scan.name, "cell": f"{column_letters(column)}{row}"}
            if kind := find_personal_data(value):
                problems.append(make_problem("personal-data-found", found=kind, **place))
            elif abs(value) >= LARGEST_DATE:
                problems.append(
                    make_problem("number-too-large", found=value, allowed="合理的数字或日期", **place)
                )
    return problems


def _too_large(scans: list[SheetScan]) -> list[Problem]:
    """Sheets that reach too far, or all together hold or span too much."""
    far = [scan for scan in scans if scan.n_rows > MAX_ROWS or scan.n_columns > MAX_COLUMNS]
    if far:
        return [
            make_problem(
                "sheet-too-large",
                sheet=scan.name,
                found=f"{column_letters(scan.n_columns)}{scan.n_rows}",
                rows=MAX_ROWS,
                columns=MAX_COLUMNS,
            )
            for scan in far
        ]
    n_cells, area = sum(scan.n_cells for scan in scans), sum(scan.n_rows * scan.n_columns for scan in scans)
    if n_cells > MAX_CELLS:
        return [_too_many(f"{n_cells:,} 个有内容的单元格", f"{MAX_CELLS:,} 个")]
    if area > MAX_AREA:
        return [_too_many(f"占 {area:,} 格的工作表", f"{MAX_AREA:,} 格")]
    if (n_merged := sum(len(scan.merged) for scan in scans)) > MAX_MERGED:
        return [_too_many(f"{n_merged:,} 处合并单元格", f"{MAX_MERGED:,} 处")]
    return []


def _too_long(raw: RawWorkbook) -> list[Problem]:
    """Cells with more text than any office program keeps in one."""
    return [
        make_problem(
            "text-too-long",
            sheet=sheet.name,
            cell=f"{column_letters(column)}{row}",
            found=len(value),
            limit=f"{LONGEST_TEXT:,}",
        )
        for sheet in raw.sheets
        for (row, column), value in sheet.values.items()
        if isinstance(value, str) and len(value) > LONGEST_TEXT
    ]


def _too_many(found: str, limit: str) -> Problem:
    return make_problem("too-many-cells", found=found, limit=limit)


def _read_sheets(parts: Parts, scans: list[SheetScan], *, is_1904: bool) -> Iterator[RawSheet]:
    values = read_plain(parts, scans, is_1904=is_1904) or _read_by_calamine(parts, scans)
    for scan, found in zip(scans, values, strict=True):
        yield RawSheet(
            name=scan.name,
            state=scan.state,
            values=found,
            errors=scan.errors,
            unsaved=scan.unsaved,
            percents=frozenset(scan.percents),
            merged=tuple(scan.merged),
            comments=scan.comments,
        )


def _read_by_calamine(parts: Parts, scans: list[SheetScan]) -> Iterator[dict[tuple[int, int], CellValue]]:
    """The values of each sheet. Calamine gets the guarded parts in a plain zip of our own, not the file: where two programs
    could read one zip differently, it must not see other parts than those that were looked at."""
    plain = write_package(store(name, data) for name, data in parts.items())
    with CalamineWorkbook.from_filelike(io.BytesIO(plain)) as workbook:
        if workbook.sheet_names != [scan.name for scan in scans]:
            raise CalamineError("sheets differ")
        for at, scan in enumerate(scans):
            values: dict[tuple[int, int], CellValue] = {}
            if scan.n_rows:
                rows = workbook.get_sheet_by_index(at).to_python(skip_empty_area=False)
                for row, cells in enumerate(rows, start=1):
                    for column, value in enumerate(cells, start=1):
                        if value != "":
                            values[row, column] = value
            yield values
