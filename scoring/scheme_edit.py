"""Edits of a scheme's text: a new version with changed values, its comments and order kept, and what is wrong with a text, by field."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import tomlkit
from pydantic import ValidationError
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array, Table

from scoring.error_texts import TEXTS
from scoring.regulation import RegulationError, check_places, load_regulation
from scoring.scheme import Scheme, SchemeError

DRAFTS = 8  # texts that are looked at again and again, in every run of the screen that shows one
NAMED = {
    "责任制": "systems",
    "维度": "dimensions",
    "类别": "categories",
    "等次": "grades",
    "指标": "indicators",
    "认定事项": "findings",
}
MENDS = {
    "责任制权重之和": "请改各责任制的权重，使合计正好为 1",
    "shares 之和": "请改这项指标对各责任制的分配，使合计正好为 1",
    "等次须从高到低": "请从上到下依次填更低的得分下限，最低一等填 0",
    "levels 须从 0 到 1": "请把最低一档填 0、最高一档填 1",
    "缺少 target": "请填目标值",
    "target 与类型": "请清空目标值，只有次数类指标才有目标值",
    "没有适用对象": "请至少选一个类别或标签",
    "ceilings": "请清空这一等次的比例上限",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a scheme's text: the part and entry it concerns (`place`, as indicators[T14-01], or nothing),
    its field, and what is wrong with how to mend it."""

    place: str
    field: str
    text: str

    @property
    def table(self) -> str:
        """The table of `scheme_tables` that the fault belongs to, or the part of the scheme, or nothing."""
        part = self.place.split("[")[0]
        if part in ("aggravation", "periods", "sampling"):
            return "rules"
        return "levels" if part == "indicators" and self.field.startswith("levels") else part

    @property
    def entry(self) -> str:
        """The entry's id, or nothing."""
        return self.place.partition("[")[2].removesuffix("]")


def next_version(version: str, *, known: set[str]) -> str:
    """The version after this one that is not known yet: 2026.2 → 2026.3."""
    head, number = re.fullmatch(r"(.*?)(\d*)", version).groups()
    count = int(number or 1)
    while True:
        count += 1
        made = f"{head}{count}" if number else f"{head}.{count}"
        if made not in known:
            return made


def edited(source: str, changes: Mapping[str, Any]) -> str:
    """The text with other values, all else as it stands, comments too.

    `changes`: a key of the top → value; a part → field → value; a part of many entries → entry id → field → value. None
    takes a field out; none at all leaves the text as it is. Raises SchemeError where there is no such part or entry, and where the text is no TOML.
    """
    if not changes:
        return source
    try:
        document = tomlkit.parse(source)
    except TOMLKitError as error:
        raise SchemeError(f"方案文件不是有效的 TOML：{error}；请按行列号改正写法") from error
    for part, change in changes.items():
        if not isinstance(change, Mapping):
            _put(document, part, change)
            continue
        target = document.get(part)
        if target is None:
            raise SchemeError(f"方案中没有 {part} 这一部分，请核对")
        for key, value in change.items():
            if isinstance(target, list):
                _change(_entry(target, part, key), value)
            else:
                _put(target, key, value)
    return tomlkit.dumps(document)


def _entry(entries: list, part: str, key: str) -> MutableMapping[str, Any]:
    found = next((entry for entry in entries if entry.get("id") == key), None)
    if found is None:
        raise SchemeError(f"方案中没有 {part}[{key}]，请核对编号")
    return found


def _change(entry: MutableMapping[str, Any], values: Mapping[str, Any]) -> None:
    for field, value in values.items():
        _put(entry, field, value)


def _put(entry: MutableMapping[str, Any], key: str, value: Any) -> None:
    if value is None:
        entry.pop(key, None)
        return
    item = tomlkit.item(value)
    if isinstance(item, Table):  # a table of an entry stands on its line, as its neighbours do
        item = tomlkit.inline_table()
        item.update(value)
    if isinstance(item, Array):
        item = _array(value)
    if key in entry and hasattr(entry[key], "trivia"):
        item.trivia.comment_ws, item.trivia.comment = entry[key].trivia.comment_ws, entry[key].trivia.comment
    entry[key] = item


def _array(values: Iterable[Any]) -> Array:
    array = tomlkit.array()
    for value in values:
        if isinstance(value, Mapping):
            inside = tomlkit.inline_table()
            inside.update(value)
            value = inside
        array.append(value)
    return array


def check_text(text: str, *, name: str) -> tuple[Scheme | None, list[Fault]]:
    """The scheme that a text says, or None and everything that is wrong with it, each by its field."""
    scheme, faults = _checked(text, name)
    return scheme, list(faults)


@lru_cache(maxsize=DRAFTS)
def _checked(text: str, name: str) -> tuple[Scheme | None, list[Fault]]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [Fault("", "", f"{name} 不是有效的 TOML：{error}；请按行列号改正写法")]
    try:
        scheme = Scheme.model_validate(data)
    except ValidationError as error:
        return None, [fault for each in error.errors() for fault in _faults(each, data)]
    try:
        wrong = check_places(scheme, load_regulation(scheme.regulation))
    except RegulationError as error:
        wrong = [str(error)]
    return (None, [Fault("", "", each) for each in wrong]) if wrong else (scheme, [])


def _faults(error: Mapping[str, Any], data: Any) -> list[Fault]:
    place, field = _place(error["loc"], data)
    if error["type"] != "value_error":
        template = TEXTS.get(error["type"], error["msg"])
        return [Fault(place, field, template.format(input=error["input"], **error.get("ctx", {})))]
    return [_spoken(text, place) for text in str(error["ctx"]["error"]).split("；")]


def _spoken(text: str, place: str) -> Fault:
    """A fault that a validator says in words: the entry that it names, and how to mend it."""
    found = re.match(rf"({'|'.join(NAMED)})\s*(?:编号 |名称 )?([\w-]+)?：?", text)
    if found and not place:
        key = found[2] if found[2] and re.fullmatch(r"[\w-]+", found[2], re.ASCII) else None
        place = NAMED[found[1]] + (f"[{key}]" if key else "")
    mend = next((mend for words, mend in MENDS.items() if words in text), "")
    fields = ("shares", "target", "levels", "ceilings", "applies")
    field = next((name for name in fields if name in text), "")
    return Fault(place, field, f"{text}；{mend}" if mend else text)


def _place(location: tuple[str | int, ...], data: Any) -> tuple[str, str]:
    """indicators.37.points → indicators[T30-02], points; rules.decimals → rules, decimals."""
    if not location:
        return "", ""
    place, rest = str(location[0]), location[1:]
    entries = data.get(place)
    if rest and isinstance(rest[0], int) and isinstance(entries, list) and rest[0] < len(entries):
        entry = entries[rest[0]]
        named = (entry.get("id") or entry.get("article")) if isinstance(entry, Mapping) else None
        return f"{place}[{named or f'第 {rest[0] + 1} 个'}]", ".".join(map(str, rest[1:]))
    return (place, ".".join(map(str, rest))) if rest else ("", place)
