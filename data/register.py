"""Reads the register of assessed units from an xlsx, and writes the template for it.

One row per unit: code, name, region, category, function tags. Which duties a unit has follows from the last two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from data.identity import code_fault, normal_code
from data.layout import plain
from data.list_sheet import ListSheet, read_list, titles_missing
from data.model import Unit
from data.problems import Problem, has_errors
from data.region_names import RegionNames
from data.regions import Region
from data.register_template import COLUMNS, build_register_template
from data.values import is_blank, is_na, is_none
from data.workbook import CellValue
from scoring.scheme import Scheme

__all__ = ["build_register_template", "read_register"]

_REQUIRED = ("code", "name", "region", "category")
_SEPARATORS = re.compile(r"[、,，;；/\n|]+")
LARGEST_EXACT = 10**15  # Excel keeps 15 digits of a number; a longer code typed as a number has lost its end


def read_register(
    content: bytes, *, scheme: Scheme, regions: Sequence[Region], filename: str = ""
) -> tuple[list[Unit], list[Problem]]:
    """The units in the order of their rows, and all problems sorted by place; never raises for bad input.

    Units are complete only where no problem is an error.
    """
    return read_list(
        content,
        COLUMNS,
        lambda table, _: _Reader(table, scheme, RegionNames(regions)).run(),
        least=("code", "name"),
        missing=lambda: titles_missing("register-sheet-missing", COLUMNS[:4]),
        empty="register-empty",
        codes="code",
        filename=filename,
    )


@dataclass
class _Reader:
    """One pass over the rows below the titles."""

    table: ListSheet
    scheme: Scheme
    regions: RegionNames
    seen: dict[str, int] = field(default_factory=dict)

    def run(self) -> list[Unit]:
        self.table.check_titles(COLUMNS, _REQUIRED)
        return [unit for row, cells in self.table.rows() if (unit := self._read(row, cells))]

    def _read(self, row: int, cells: dict[int, CellValue]) -> Unit | None:
        problems = self.table.problems
        before = len(problems)
        texts = self.table.texts(row, cells)
        if len(problems) > before:
            return None
        for key in _REQUIRED:
            if key in texts and not texts[key]:
                title = next(column.title for column in COLUMNS if column.key == key)
                self.table.report("register-value-missing", row, key, found=title)
        code = self._code(row, cells)
        region = self.table.region(row, texts.get("region", ""), self.regions)
        category = self._category(row, texts.get("category", ""))
        tags = self._tags(row, texts.get("tags", ""))
        if has_errors(problems[before:]):
            return None
        self._check_expected_tags(row, category, tags)
        return Unit(code=code, name=texts["name"], region=region, category=category, tags=tags)

    def _code(self, row: int, cells: dict[int, CellValue]) -> str:
        value = cells.get(self.table.columns["code"])
        if is_blank(value):
            return ""
        code = normal_code(value)
        reason = code_fault(code)
        if isinstance(value, int | float) and value >= LARGEST_EXACT:
            reason = "存成了数字，末几位已丢失，请把单元格设为文本后重新填写"
        if reason:
            self.table.report("invalid-unit-code", row, "code", found=code, reason=reason)
        elif code in self.seen:
            self.table.report("register-duplicate-code", row, "code", found=code, row=self.seen[code])
        else:
            self.seen[code] = row
        return code

    def _category(self, row: int, text: str) -> str:
        if not text:
            return ""
        for category in self.scheme.categories:
            if plain(text) in (plain(category.name), plain(category.id)):
                return category.id
        allowed = _names(category.name for category in self.scheme.categories)
        self.table.report("unknown-category", row, "category", found=text, allowed=allowed)
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
                    self.table.report("unknown-tag", row, "tags", found=name)
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
        key = "tags" if "tags" in self.table.columns else "category"
        self.table.report("tag-expected", row, key, found=category.name, allowed=allowed)


def _names(names: Iterable[str]) -> str:
    return "、".join(f"“{name}”" for name in names)
