"""Reads the register of assessed units from an xlsx, and writes the template for it.

One row per unit: code, name, region, category, function tags. Which duties a unit has follows from the last two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from data.identity import code_fault, normal_code
from data.layout import plain, visible
from data.model import Unit
from data.personal_data import find_personal_data
from data.problems import Problem, column_letters, has_errors, limit_problems, make_problem, sort_problems
from data.region_names import RegionNames
from data.regions import Region
from data.register_template import COLUMNS, build_register_template
from data.values import is_blank, is_na, is_none
from data.workbook import RawSheet, RawWorkbook, read_workbook
from scoring.scheme import Scheme

__all__ = ["build_register_template", "read_register"]

_TITLES = {plain(title): column.key for column in COLUMNS for title in (column.title, *column.also)}
_REQUIRED = ("code", "name", "region", "category")
_SEPARATORS = re.compile(r"[、,，;；/\n|]+")
MOST_PROBLEMS = 1000  # of one register; whoever filled a column wrongly sees it long before
LONGEST_TEXT = 200  # characters; of a unit's name, or of all function tags together
LARGEST_EXACT = 10**15  # Excel keeps 15 digits of a number; a longer code typed as a number has lost its end


def read_register(
    content: bytes, *, scheme: Scheme, regions: Sequence[Region], filename: str = ""
) -> tuple[list[Unit], list[Problem]]:
    """The units in the order of their rows, and all problems sorted by place; never raises for bad input.

    Units are complete only where no problem is an error.
    """
    raw, problems = read_workbook(content, filename=filename)
    if raw is None:
        return [], problems
    reader = next((r for sheet in raw.sheets if (r := _find(sheet, scheme, regions))), None)
    if reader is None:
        titles = "、".join(f"“{column.title}”" for column in COLUMNS[:4])
        return [], [make_problem("register-sheet-missing", allowed=f"含 {titles} 等列的工作表")]
    units = reader.run()
    if not units and not has_errors(reader.problems):
        reader.problems.append(make_problem("register-empty", sheet=reader.sheet.name))
    problems = [*reader.problems, *_personal_data(raw, reader)]
    return units, limit_problems(sort_problems(problems, raw.sheet_order), MOST_PROBLEMS)


def _personal_data(raw: RawWorkbook, reader: _Reader) -> Iterator[Problem]:
    """Identity, mobile and passport numbers anywhere but among the unit codes."""
    for sheet in raw.sheets:
        for (row, column), value in sheet.values.items():
            is_code = sheet is reader.sheet and column == reader.columns["code"]
            if not is_code and (kind := find_personal_data(value)):
                cell = f"{column_letters(column)}{row}"
                yield make_problem("personal-data-found", sheet=sheet.name, cell=cell, found=kind)


def _find(sheet: RawSheet, scheme: Scheme, regions: Sequence[Region]) -> _Reader | None:
    for row, cells in sheet.rows():
        found: dict[str, int] = {}
        for column, value in sorted(cells.items()):
            if isinstance(value, str) and (key := _TITLES.get(plain(value))):
                found.setdefault(key, column)
        if {"code", "name"} <= set(found):
            return _Reader(sheet, row, found, scheme, RegionNames(regions))
        if row > 50:
            break
    return None


@dataclass
class _Reader:
    """One pass over the rows below the header."""

    sheet: RawSheet
    header_row: int
    columns: dict[str, int]
    scheme: Scheme
    regions: RegionNames

    def __post_init__(self) -> None:
        self.problems: list[Problem] = []
        self.seen: dict[str, int] = {}

    def report(self, code: str, at_row: int, column: int, **values: object) -> None:
        cell = f"{column_letters(column)}{at_row}"
        self.problems.append(make_problem(code, sheet=self.sheet.name, cell=cell, **values))

    def run(self) -> list[Unit]:
        self._check_header()
        return [unit for row, cells in self._rows() if (unit := self._read(row, cells))]

    def _check_header(self) -> None:
        for column in COLUMNS:
            if column.key in _REQUIRED and column.key not in self.columns:
                problem = make_problem("missing-column", sheet=self.sheet.name, found=column.title)
                self.problems.append(problem)
        titled = set(self.columns.values())
        for (row, column), value in self.sheet.values.items():
            if row == self.header_row and column not in titled and not is_blank(value):
                self.report("extra-column", row, column, found=value)

    def _rows(self) -> Iterator[tuple[int, dict[int, object]]]:
        broken = {row for row, _ in (*self.sheet.errors, *self.sheet.unsaved)}
        for row, cells in self.sheet.rows():
            if row <= self.header_row:
                continue
            if row in broken or any(not is_blank(cells.get(column)) for column in self.columns.values()):
                yield row, cells

    def _read(self, row: int, cells: dict[int, object]) -> Unit | None:
        before = len(self.problems)
        texts = {key: self._text(row, column, cells) for key, column in self.columns.items()}
        if len(self.problems) > before:
            return None
        for key in _REQUIRED:
            if key in texts and not texts[key]:
                title = next(column.title for column in COLUMNS if column.key == key)
                self.report("register-value-missing", row, self.columns[key], found=title)
        code = self._code(row, cells)
        region = self._region(row, texts.get("region", ""))
        category = self._category(row, texts.get("category", ""))
        tags = self._tags(row, texts.get("tags", ""))
        if has_errors(self.problems[before:]):
            return None
        self._check_expected_tags(row, category, tags)
        return Unit(code=code, name=texts["name"], region=region, category=category, tags=tags)

    def _text(self, row: int, column: int, cells: dict[int, object]) -> str:
        if error := self.sheet.errors.get((row, column)):
            self.report("formula-error", row, column, found=error)
        elif formula := self.sheet.unsaved.get((row, column)):
            self.report("formula-without-value", row, column, found=formula)
        value = cells.get(column)
        if isinstance(value, float) and value == value // 1:
            value = int(value)
        text = "" if is_blank(value) else " ".join(visible(str(value)).split())
        if len(text) > LONGEST_TEXT:
            self.report("text-too-long", row, column, found=len(text), limit=LONGEST_TEXT)
        return text

    def _code(self, row: int, cells: dict[int, object]) -> str:
        column = self.columns["code"]
        value = cells.get(column)
        if is_blank(value):
            return ""
        code = normal_code(value)
        reason = code_fault(code)
        if isinstance(value, int | float) and value >= LARGEST_EXACT:
            reason = "存成了数字，末几位已丢失，请把单元格设为文本后重新填写"
        if reason:
            self.report("invalid-unit-code", row, column, found=code, reason=reason)
        elif code in self.seen:
            self.report("register-duplicate-code", row, column, found=code, row=self.seen[code])
        else:
            self.seen[code] = row
        return code

    def _region(self, row: int, text: str) -> str:
        if not text:
            return ""
        found = self.regions.find(text)
        if not found:
            self.report("unknown-region", row, self.columns["region"], found=text)
        elif len(found) > 1:
            paths = [self.regions.path(code) for code in found]
            choices = "、".join(paths)
            self.report("ambiguous-region", row, self.columns["region"], found=text, choices=choices)
        return found[0] if found else ""

    def _category(self, row: int, text: str) -> str:
        if not text:
            return ""
        for category in self.scheme.categories:
            if plain(text) in (plain(category.name), plain(category.id)):
                return category.id
        allowed = _names(category.name for category in self.scheme.categories)
        self.report("unknown-category", row, self.columns["category"], found=text, allowed=allowed)
        return ""

    def _tags(self, row: int, text: str) -> tuple[str, ...]:
        if not text or is_na(text) or is_none(text):
            return ()
        by_name = {plain(name): tag.id for tag in self.scheme.tags for name in (tag.id, tag.name)}
        if plain(text) in by_name:  # some names hold a 、 themselves
            return (by_name[plain(text)],)
        found: list[str] = []
        rest = plain(_SEPARATORS.sub("、", text))
        while rest:
            name = max((n for n in by_name if rest == n or rest.startswith(f"{n}、")), key=len, default=None)
            if name is None:
                name, _, _ = rest.partition("、")
                if name:
                    self.report("unknown-tag", row, self.columns["tags"], found=name)
            elif by_name[name] not in found:
                found.append(by_name[name])
            rest = rest[len(name) :].lstrip("、")
        return tuple(found)

    def _check_expected_tags(self, row: int, category_id: str, tags: tuple[str, ...]) -> None:
        """Warns of a unit that would not be asked some duties of its kind for want of a tag."""
        category = self.scheme.category(category_id)
        if category is None or not category.expects_one_of or set(category.expects_one_of) & set(tags):
            return
        allowed = _names(self.scheme.tag(tag).name for tag in category.expects_one_of)
        column = self.columns.get("tags", self.columns["category"])
        self.report("tag-expected", row, column, found=category.name, allowed=allowed)


def _names(names: Iterable[str]) -> str:
    return "、".join(f"“{name}”" for name in names)
