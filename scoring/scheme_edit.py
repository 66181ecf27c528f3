"""Edits of a scheme's text: a new version with changed values, its comments and order kept, and what is wrong with a text, by field."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from scoring.error_texts import TEXTS
from scoring.regulation import RegulationError, check_places, load_regulation
from scoring.scheme import Scheme, SchemeError

HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.-]+)\s*\]\]?\s*(#.*)?$")
STATEMENT = re.compile(r"^\s*([\w-]+)\s*=")
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
    """The text with other values, all else as it stands.

    `changes`: a key of the top → value; a part → field → value; a part of many entries → entry id → field → value. None
    takes a field out. Raises SchemeError where there is no such entry, and where the text cannot be edited.
    """
    lines = source.splitlines()
    expected = tomllib.loads(source)
    for part, change in changes.items():
        if not isinstance(change, Mapping):
            lines = _with_values(lines, 0, _end(lines, 0), {part: change})
            _put(expected, part, change)
            continue
        target = expected.get(part)
        for key, value in change.items():
            if isinstance(target, list):
                position = next((n for n, entry in enumerate(target) if entry.get("id") == key), None)
                if position is None:
                    raise SchemeError(f"方案中没有 {part}[{key}]，请核对编号")
                start = _header(lines, part, position)
                lines = _with_values(lines, start, _end(lines, start), value)
                for name, new in value.items():
                    _put(target[position], name, new)
            else:
                start = _header(lines, part, 0)
                lines = _with_values(lines, start, _end(lines, start), {key: value})
                _put(target, key, value)
    text = "\n".join(lines) + "\n"
    try:
        is_right = tomllib.loads(text) == expected
    except tomllib.TOMLDecodeError:
        is_right = False
    if not is_right:
        raise SchemeError("这份方案文件的写法不能在线修改，请下载方案文件（toml）改好后上传")
    return text


def _put(entry: dict, key: str, value: Any) -> None:
    if value is None:
        entry.pop(key, None)
    else:
        entry[key] = value


def _header(lines: list[str], part: str, position: int) -> int:
    """The line after the header of the n-th entry of a part."""
    seen = -1
    for at, line in enumerate(lines):
        match = HEADER.match(line)
        if match and match[2] == part:
            seen += 1
            if seen == position:
                return at + 1
    raise SchemeError(f"这份方案文件中找不到 [{part}] 的位置，请下载方案文件（toml）改好后上传")


def _end(lines: list[str], start: int) -> int:
    return next((at for at in range(start, len(lines)) if HEADER.match(lines[at])), len(lines))


def _with_values(lines: list[str], start: int, end: int, values: Mapping[str, Any]) -> list[str]:
    """The lines with other values for keys between two places; a new key stands after the last one."""
    for key, value in values.items():
        at, last, free = start, None, start
        while at < end:
            match = STATEMENT.match(lines[at])
            if not match:
                at += 1
                continue
            after = _statement_end(lines, at, end)
            if match[1] == key:
                last = (at, after)
            at = free = after
        written = [] if value is None else [f"{key} = {toml_value(value)}"]
        at, after = last or (free, free)
        if last and written and after == at + 1:
            written[0] += _comment(lines[at])
        lines = [*lines[:at], *written, *lines[after:]]
        end += len(written) - (after - at)
    return lines


def _statement_end(lines: list[str], start: int, end: int) -> int:
    """The line after a statement, which may take several lines."""
    for after in range(start + 1, end + 1):
        try:
            tomllib.loads("\n".join(lines[start:after]))
        except tomllib.TOMLDecodeError:
            continue
        return after
    return start + 1


def _comment(line: str) -> str:
    """The comment at the end of a one-line statement, with the blanks before it."""
    for match in re.finditer(r"\s*#", line):
        try:
            tomllib.loads(line[: match.start()])
        except tomllib.TOMLDecodeError:
            continue
        return line[match.start() :]
    return ""


def toml_value(value: Any) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if not math.isfinite(value):
            return "nan"
        return repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{key} = {toml_value(each)}" for key, each in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml_value(each) for each in value)}]"
    return json.dumps(str(value), ensure_ascii=False)


def check_text(text: str, *, name: str) -> tuple[Scheme | None, list[Fault]]:
    """The scheme that a text says, or None and everything that is wrong with it, each by its field."""
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
