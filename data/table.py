"""Finds the self-assessment table in a workbook as it came back: header by its texts, rows by their indicator ids."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from data.layout import (
    ANSWER_KEYS,
    ANSWER_SHEET,
    BY_KEY,
    COLUMNS,
    OWN_SHEETS,
    REQUIRED_KEYS,
    plain,
)
from data.problems import Problem, column_letters, make_problem
from data.short_texts import remembers_short
from data.values import is_blank
from data.workbook import CellValue, RawSheet, RawWorkbook

HEADER_ROWS = 200  # the header is looked for this far down; nobody inserts more above it

_TITLES = {plain(column.title): column.key for column in COLUMNS}
_IN_EVERY_HEADER = {"indicator", "value"}
_ID = re.compile(r"T(\d{2})-?(\d{2})")
_ID_LIKE = re.compile(r"[A-Z]{1,2}-?\d[\d\-]*")


@dataclass(frozen=True)
class Table:
    """The table's sheet, header row, and which column each key is in; `rows` are (row, what stands as its id)."""

    sheet: RawSheet
    header_row: int
    columns: dict[str, int]

    def reference(self, row: int, key: str) -> str:
        """A1 reference of a cell; where the column is missing, that of the template."""
        column = self.columns.get(key)
        return f"{column_letters(column) if column else BY_KEY[key].letter}{row}"

    def value(self, row: int, key: str) -> CellValue | None:
        """What stands in a cell; None where it is empty."""
        return self.sheet.values.get((row, self.columns.get(key, 0)))

    @property
    def header(self) -> dict[int, CellValue]:
        """What stands in the header row, by column."""
        cells = next(cells for row, cells in self.sheet.rows if row == self.header_row)
        return {column: value for column, value in cells.items() if not is_blank(value)}

    def rows(self) -> Iterator[tuple[int, dict[int, CellValue]]]:
        """(row, {column: value}) below the header."""
        return ((row, cells) for row, cells in self.sheet.rows if row > self.header_row)


def find_table(raw: RawWorkbook) -> tuple[Table | None, list[Problem]]:
    """The table, and what is wrong with its header: missing, doubled and extra columns, more than one table."""
    tables = [table for sheet in raw.sheets if (table := _table_in(sheet))]
    if not tables:
        return None, [make_problem("answer-sheet-missing")]
    named = [table for table in tables if table.sheet.name == ANSWER_SHEET]
    if len(tables) > 1 and not named:
        names = "、".join(table.sheet.name for table in tables)
        return None, [make_problem("several-answer-sheets", sheet=tables[0].sheet.name, found=names)]
    table = (named or tables)[0]
    problems = [*_check_columns(table), *_content_outside(table)]
    for sheet in raw.sheets:
        if sheet is not table.sheet and sheet.name not in OWN_SHEETS and sheet.values:
            problems.append(make_problem("extra-sheet", sheet=sheet.name, found=sheet.name))
    return table, problems


def _table_in(sheet: RawSheet) -> Table | None:
    for row, cells in sheet.rows:
        if row > HEADER_ROWS:
            return None
        if len(cells) < len(_IN_EVERY_HEADER):
            continue
        titles = {
            column: key for column, value in cells.items() if type(value) is str and (key := _key_of(value))
        }
        found: dict[str, int] = {}
        for column, key in sorted(titles.items()):
            if key not in found or column_letters(column) == BY_KEY[key].letter:
                found[key] = column
        if found.keys() >= _IN_EVERY_HEADER:
            return Table(sheet, row, found)
    return None


@remembers_short(1_000)
def _key_of(text: str) -> str | None:
    """The column that a header's text names."""
    return _TITLES.get(plain(text))


def _check_columns(table: Table) -> Iterator[Problem]:
    name = table.sheet.name
    for key in REQUIRED_KEYS:
        if key not in table.columns:
            cell = f"{BY_KEY[key].letter}{table.header_row}"
            yield make_problem("missing-column", sheet=name, cell=cell, found=BY_KEY[key].title)
    for column, value in table.header.items():
        if column not in table.columns.values():
            code = "duplicate-column" if plain(value) in _TITLES else "extra-column"
            cell = f"{column_letters(column)}{table.header_row}"
            yield make_problem(code, sheet=name, cell=cell, found=value)


def _content_outside(table: Table) -> Iterator[Problem]:
    """The first cell with content in each column that has no header."""
    titled = table.header.keys()
    reported: set[int] = set()
    for row, cells in table.rows():
        if cells.keys() <= titled:
            continue
        for column in sorted(cells.keys() - titled):
            value = cells[column]
            if column not in reported and not is_blank(value):
                reported.add(column)
                cell = f"{column_letters(column)}{row}"
                yield make_problem("content-outside-columns", sheet=table.sheet.name, cell=cell, found=value)


@remembers_short(1_000)  # a scheme's ids, and the headings between them
def normal_id(text: str) -> str:
    """An indicator id as it is compared: T19-03 from ｔ１９－０３, T19 03 or T1903; other text as it is."""
    text = unicodedata.normalize("NFKC", text).upper()
    text = re.sub(r"[\s\u200b\ufeff]", "", re.sub(r"[‐‑‒–—―−ー_]", "-", text)).strip(".,;:。、")
    match = _ID.fullmatch(text) or _ID.fullmatch(text.replace("-", ""))
    return f"T{match[1]}-{match[2]}" if match else text


def is_id_like(text: str) -> bool:
    """Whether a text in the id column is meant as an indicator id, rather than a heading."""
    return bool(_ID_LIKE.fullmatch(text))


def answer_cells(table: Table, cells: dict[int, CellValue]) -> list[tuple[str, CellValue]]:
    """(key, value) of the answer columns that hold something in a row."""
    return [
        (key, cells[column])
        for key in ANSWER_KEYS
        if (column := table.columns.get(key)) in cells and not is_blank(cells[column])
    ]
