"""A scheme's workbook (`scheme_book`), changed in Excel, read back: the cells that differ, problems by cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from data.layout import plain
from data.problems import Problem, column_letters, make_problem, sort_problems
from data.scheme_book import NO, YES, to_scheme_sheet
from data.values import is_blank
from data.workbook import RawSheet, read_workbook
from scoring.scheme import Scheme
from scoring.scheme_edit import check_text, edited
from scoring.scheme_tables import Cells, Column, Table, changes_of, scheme_tables

__all__ = ["read_scheme_sheet", "text_of_sheet", "to_scheme_sheet"]

SEPARATORS = re.compile(r"[；;\n]+")
TITLES_WITHIN = 20  # rows from the top in which the titles are looked for

Places = Mapping[tuple[str, str, str], tuple[str, str]]  # (table, row, field) → (sheet, cell)


def read_scheme_sheet(
    content: bytes, *, scheme: Scheme, filename: str = ""
) -> tuple[tuple[Cells, Places] | None, list[Problem]]:
    """The cells that differ from the scheme (table → row → field → value) and where every cell stands, and the problems.

    Never raises for bad input. None where nothing of a scheme could be read.
    """
    raw, problems = read_workbook(content, filename=filename)
    if raw is None:
        return None, problems
    tables = scheme_tables(scheme)
    reader = _Reader()
    for table in tables.values():
        sheet = next((s for s in raw.sheets if plain(s.name) == plain(table.title)), None)
        if sheet is not None:
            reader.read(sheet, table)
    if not reader.found:
        names = "、".join(f"“{table.title}”" for table in tables.values())
        return None, [make_problem("scheme-sheet-missing", allowed=names)]
    return (reader.cells, reader.places), sort_problems(reader.problems, raw.sheet_order)


def text_of_sheet(
    source: str, scheme: Scheme, cells: Cells, places: Places
) -> tuple[str, Scheme | None, list[Problem]]:
    """The scheme's text with the cells of a workbook, the scheme it says or None, and what is wrong, by cell."""
    text = edited(source, changes_of(scheme, cells))
    made, faults = check_text(text, name="方案表")
    tables = scheme_tables(scheme)
    problems = []
    for fault in faults:
        title = tables[fault.table].title if fault.table in tables else ""
        sheet, cell = next(
            (
                place
                for (table, key, name), place in places.items()
                if table == fault.table
                and fault.entry in ("", key.split("/")[0])
                and _is_field(name, fault.field, key, fault.place)
            ),
            (title, ""),
        )
        problems.append(make_problem("scheme-fault", sheet=sheet, cell=cell, reason=fault.text))
    return text, made, problems


def _is_field(name: str, wanted: str, key: str, place: str) -> bool:
    """Whether a column holds the field of a fault: shares stand in several columns, a rule's name in its row."""
    if name == "value" and "." in key:
        return key == f"{place}.{wanted}"
    if wanted == "":
        return name in ("weight", "min_score")
    head = wanted.split(".")[0]
    if head == "levels":
        step, _, own = wanted.partition(".")[2].partition(".")
        return name == (own or "value") and step in ("", key.split("/")[-1])
    return name in (wanted, head) or name.startswith(f"{head.removesuffix('s')}:")


@dataclass
class _Reader:
    """One pass over the sheets of a workbook."""

    cells: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    places: dict[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    found: set[str] = field(default_factory=set)

    def read(self, sheet: RawSheet, table: Table) -> None:
        titles = {plain(column.title): column for column in table.columns}
        keys = {column.title for column in table.columns if column.field in table.keys}
        start, columns = 0, {}
        for row, values in sheet.rows:
            columns = {
                at: titles[plain(v)] for at, v in values.items() if isinstance(v, str) and plain(v) in titles
            }
            if keys <= {column.title for column in columns.values()}:
                start = row
                break
            if row > TITLES_WITHIN:
                break
        if not start:
            self._report("scheme-titles-missing", sheet, "", allowed="、".join(sorted(keys)))
            self.found.add(table.id)
            return
        self.found.add(table.id)
        seen: dict[str, int] = {}
        broken = {row for row, _ in (*sheet.errors, *sheet.unsaved)}
        for row, values in sheet.rows:
            if row > start and (row in broken or any(not is_blank(values.get(at)) for at in columns)):
                self._row(sheet, table, row, values, columns, seen)
        missing = [key for key in table.rows if key not in seen]
        if missing:
            names = "、".join(key.split(".")[-1] for key in missing[:8])
            self._report("scheme-row-missing", sheet, "", found=names, count=len(missing))

    def _row(self, sheet: RawSheet, table: Table, row: int, values, columns, seen: dict[str, int]) -> None:
        at_field = {column.field: at for at, column in columns.items()}
        named = tuple(_text(values.get(at_field[name])) for name in table.keys)
        key = table.lookup.get(named)
        first = f"{column_letters(at_field[table.keys[0]])}{row}"
        if key is None:
            self._report("scheme-row-unknown", sheet, first, found=" ".join(named))
            return
        if key in seen:
            self._report("scheme-row-duplicate", sheet, first, found=" ".join(named), row=seen[key])
            return
        seen[key] = row
        for at, column in columns.items():
            cell = f"{column_letters(at)}{row}"
            self.places[table.id, key, column.field] = (sheet.name, cell)
            known = table.rows[key][column.field]
            if (row, at) in sheet.errors or (row, at) in sheet.unsaved:
                found = sheet.errors.get((row, at)) or sheet.unsaved.get((row, at))
                self._report("scheme-value-wrong", sheet, cell, found=found, allowed="一个已经算出的值")
                continue
            is_right, value = self._value(sheet, cell, column, values.get(at))
            if not is_right or _same(value, known):
                continue
            if column.is_fixed:
                if column.field not in table.keys:
                    self._report("scheme-fixed-cell", sheet, cell, found=_text(values.get(at)))
                continue
            self.cells.setdefault(table.id, {}).setdefault(key, {})[column.field] = value

    def _value(self, sheet: RawSheet, cell: str, column: Column, value: Any) -> tuple[bool, Any]:
        """Whether the cell holds what its column may hold, and that; a blank is None."""
        if is_blank(value):
            return True, [] if column.kind == "names" else None
        text = _text(value)
        if column.kind == "text":
            return True, text
        if column.kind == "number":
            number = _number(value)
            if number is None:
                self._report("scheme-value-wrong", sheet, cell, found=text, allowed="一个数")
            return number is not None, number
        if column.kind == "bool":
            if text not in (YES, NO):
                self._report("scheme-value-wrong", sheet, cell, found=text, allowed=f"{YES}或{NO}")
            return text in (YES, NO), text == YES
        names = {plain(name): option for option, name in column.options.items()}
        parts = [text] if column.kind == "choice" else [p for p in SEPARATORS.split(text) if p.strip()]
        unknown = [part for part in parts if plain(part) not in names]
        if unknown:
            allowed = "、".join(column.options.values())
            self._report("scheme-value-wrong", sheet, cell, found=unknown[0], allowed=f"下列之一：{allowed}")
            return False, None
        chosen = [names[plain(part)] for part in parts]
        return True, chosen[0] if column.kind == "choice" else chosen

    def _report(self, code: str, sheet: RawSheet, cell: str, **values: object) -> None:
        self.problems.append(make_problem(code, sheet=sheet.name, cell=cell, **values))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int | float):
        return f"{value:.10g}"
    return "" if value is None else str(value).strip()


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    text = str(value).strip()
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return None


def _same(value: Any, known: Any) -> bool:
    if isinstance(value, list):
        return set(value) == set(known or ())
    if isinstance(value, int | float) and isinstance(known, int | float):
        return abs(value - known) < 1e-12
    return value == known or (value is None and known in (None, ""))
