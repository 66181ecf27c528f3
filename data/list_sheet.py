"""Reads a sheet that lists one record a row below a row of titles: the register of units, the table of accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from data.layout import plain, visible
from data.list_template import Column
from data.personal_data import find_personal_data
from data.problems import (
    Problem,
    column_letters,
    has_errors,
    limit_problems,
    make_problem,
    sort_problems,
)
from data.region_names import RegionNames
from data.values import is_blank
from data.workbook import CellValue, RawSheet, RawWorkbook, read_workbook

Record = TypeVar("Record")

TITLES_WITHIN = 50  # rows from the top; nobody inserts more above the titles
MOST_PROBLEMS = 1000  # of one list; whoever filled a column wrongly sees it long before
LONGEST_TEXT = 200  # characters; of a unit's name, or of all function tags together


@dataclass
class ListSheet:
    """The sheet that holds the list, where its columns stand (key → column number), and the problems found so far.

    `longest`: characters that one cell may have.
    """

    sheet: RawSheet
    header_row: int
    columns: dict[str, int]
    problems: list[Problem] = field(default_factory=list)
    longest: int = LONGEST_TEXT

    def report(self, code: str, at_row: int, key: str, **values: object) -> None:
        """Add a problem at the cell of one column in one row."""
        cell = f"{column_letters(self.columns[key])}{at_row}"
        self.problems.append(make_problem(code, sheet=self.sheet.name, cell=cell, **values))

    def check_titles(self, columns: Sequence[Column], required: Sequence[str]) -> None:
        """Report required columns that are missing, and titles that the list does not have."""
        for column in columns:
            if column.key in required and column.key not in self.columns:
                problem = make_problem("list-column-missing", sheet=self.sheet.name, found=column.title)
                self.problems.append(problem)
        titled = set(self.columns.values())
        for (row, column), value in self.sheet.values.items():
            if row == self.header_row and column not in titled and not is_blank(value):
                cell = f"{column_letters(column)}{row}"
                problem = make_problem("extra-column", sheet=self.sheet.name, cell=cell, found=value)
                self.problems.append(problem)

    def rows(self) -> Iterator[tuple[int, dict[int, CellValue]]]:
        """(row, {column: value}) of each row below the titles that holds anything in a column of the list."""
        broken = {row for row, _ in (*self.sheet.errors, *self.sheet.unsaved)}
        for row, cells in self.sheet.rows:
            if row <= self.header_row:
                continue
            if row in broken or any(not is_blank(cells.get(column)) for column in self.columns.values()):
                yield row, cells

    def texts(self, row: int, cells: dict[int, CellValue]) -> dict[str, str]:
        """What stands in each column of the row, as text; reports cells whose value is an error or was not saved."""
        return {key: self.text(row, key, cells) for key in self.columns}

    def text(self, row: int, key: str, cells: dict[int, CellValue], *, longest: int | None = None) -> str:
        """What stands in one column of the row, as one line of text; faults of the cell are reported."""
        column = self.columns[key]
        if error := self.sheet.errors.get((row, column)):
            self.report("formula-error", row, key, found=error)
        elif formula := self.sheet.unsaved.get((row, column)):
            self.report("formula-without-value", row, key, found=formula)
        value = cells.get(column)
        if isinstance(value, float) and value == value // 1:
            value = int(value)
        text = "" if is_blank(value) else " ".join(visible(str(value)).split())
        if len(text) > (longest or self.longest):
            self.report("text-too-long", row, key, found=len(text), limit=longest or self.longest)
        return text

    def region(self, row: int, text: str, regions: RegionNames, *, key: str = "region") -> str:
        """The code of the region that the text names, or "" where it names none, or several; that is reported."""
        found = regions.find(text) if text else []
        if text and not found:
            self.report("unknown-region", row, key, found=text)
        elif len(found) > 1:
            choices = "、".join(regions.path(code) for code in found)
            self.report("ambiguous-region", row, key, found=text, choices=choices)
        return found[0] if found else ""

    def personal_data(self, raw: RawWorkbook, *, codes: str) -> Iterator[Problem]:
        """Identity, mobile and passport numbers anywhere in the workbook but in the column `codes` of the list."""
        for sheet in raw.sheets:
            for (row, column), value in sheet.values.items():
                is_code = sheet is self.sheet and column == self.columns.get(codes)
                if not is_code and (kind := find_personal_data(value)):
                    cell = f"{column_letters(column)}{row}"
                    yield make_problem("personal-data-found", sheet=sheet.name, cell=cell, found=kind)


def find_list(raw: RawWorkbook, columns: Sequence[Column], *, least: Sequence[str]) -> ListSheet | None:
    """The first sheet with a row that has at least the titles of the keys `least`, or None."""
    titles = {plain(title): column.key for column in columns for title in (column.title, *column.also)}
    for sheet in raw.sheets:
        for row, cells in sheet.rows:
            if row > TITLES_WITHIN:
                break
            found: dict[str, int] = {}
            for column, value in sorted(cells.items()):
                if isinstance(value, str) and (key := titles.get(plain(value))):
                    found.setdefault(key, column)
            if set(least) <= set(found):
                return ListSheet(sheet, row, found)
    return None


def read_list(
    content: bytes,
    columns: Sequence[Column],
    read: Callable[[ListSheet, RawWorkbook], list[Record]],
    *,
    least: Sequence[str],
    missing: Callable[[], Problem],
    empty: str,
    codes: str,
    filename: str = "",
) -> tuple[list[Record], list[Problem]]:
    """What `read` makes of the list in a workbook, and all problems sorted by place; never raises for bad input.

    `missing` is the problem where no sheet holds the list, `empty` the code of the one where it holds no record; the column
    `codes` may hold numbers that look like a person's. Records are complete only where no problem is an error.
    """
    raw, problems = read_workbook(content, filename=filename)
    if raw is None:
        return [], problems
    table = find_list(raw, columns, least=least)
    if table is None:
        return [], [missing()]
    records = read(table, raw)
    if not records and not has_errors(table.problems):
        table.problems.append(make_problem(empty, sheet=table.sheet.name))
    problems = [*table.problems, *table.personal_data(raw, codes=codes)]
    return records, limit_problems(sort_problems(problems, raw.sheet_order), MOST_PROBLEMS)


def titles_missing(code: str, columns: Iterable[Column]) -> Problem:
    """That no sheet holds a list, of which these columns are the first to look for."""
    titles = "、".join(f"“{column.title}”" for column in columns)
    return make_problem(code, allowed=f"含 {titles} 等列的工作表")
