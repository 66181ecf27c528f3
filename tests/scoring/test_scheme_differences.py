"""Differences of two schemes: no field is without words, entries come and go, and what is said to change scores does."""

from __future__ import annotations

import re

import pytest
from pydantic import BaseModel

from scoring.comparison import compare_schemes
from scoring.scheme import Applies, Level, Place, Scheme, Window, load_scheme, shipped_schemes
from scoring.scheme_differences import KINDS, PARTS, differences
from scoring.unlikely import Condition

SCHEME = load_scheme(shipped_schemes()["heilongjiang-2026"])
ABSENT = {
    "target": 3.0,
    "window": Window(span="year"),
    "course": "education",
    "paragraph": 2,
    "item": 2,
}
CHOSEN = {
    "missing": "exclude",
    "type": "yes_no",
    "na": "free",
    "kind": "veto",
    "input": "percent",
    "course": "education",
}
# Compared years must mean the same by these too, though scores stay as they are when only their words change.
WORDS_ONLY = {"place", "numerator", "denominator"}


def another(name: str, value: object) -> object:
    """Some other value of the same kind."""
    if name in CHOSEN and value != CHOSEN[name]:
        return CHOSEN[name]
    if value is None:
        return ABSENT[name]
    if name == "ceilings":
        return {**value, "county": 0.123}
    if name == "shares":
        return {key: share / 2 for key, share in value.items()}
    if name == "levels":
        return (Level(name="另一档", value=0.0), Level(name="又一档", value=1.0))
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        return {"type": "level", "na": "never", "kind": "bonus", "course": "penalty"}.get(name, value + "改")
    if isinstance(value, Place):
        return value.model_copy(update={"article": value.article + 1})
    if isinstance(value, Applies):
        return Applies(tags=(SCHEME.tags[-1].id,), categories=(SCHEME.categories[-1].id,))
    if isinstance(value, Condition):
        return Condition(indicator=next(i.id for i in SCHEME.indicators if i.type == "date"), says="dated")
    if isinstance(value, Window):
        return Window(span="week", month=12, day=31)
    if isinstance(value, tuple):
        return (*value, 99) if name == "articles" else (*value, SCHEME.tags[-1].id)
    raise AssertionError(f"no other value for {name}: {value!r}")


def cases():
    """(part, position or None, field) of every field of every kind of entry, by the models themselves."""
    for part in (*PARTS, *KINDS):
        own = getattr(SCHEME, part)
        entries = [(None, own)] if isinstance(own, BaseModel) else list(enumerate(own))
        fields = type(entries[0][1]).model_fields
        for name in fields:
            if name == "id" or (part == "uncovered" and name == "article"):
                continue  # the name of the entry: another id is another entry
            filled = (position for position, entry in entries if getattr(entry, name))
            position = next(filled, entries[0][0])
            yield pytest.param(part, position, name, id=f"{part}-{name}")


def changed(part: str, position: int | None, name: str):
    own = getattr(SCHEME, part)
    entry = own if position is None else own[position]
    new = entry.model_copy(update={name: another(name, getattr(entry, name))})
    value = new if position is None else (*own[:position], new, *own[position + 1 :])
    # made anew: a copy would keep what the scheme remembers of its indicators
    fields = {field: getattr(SCHEME, field) for field in Scheme.model_fields}
    return Scheme.model_construct(**fields | {part: value, "version": "另一版"})


@pytest.mark.parametrize(("part", "position", "name"), list(cases()))
def test_every_field_is_told_in_one_line_with_words_for_both_values(part, position, name):
    now = changed(part, position, name)
    (line,) = differences(SCHEME, now)
    assert re.search("[\u4e00-\u9fff]", line.field) and not re.search("[a-z_]", line.field)
    assert line.before != line.now
    assert line.kind == (KINDS | PARTS)[part]
    assert line.id == (
        "" if position is None else str(getattr(getattr(SCHEME, part)[position], "id", line.id))
    )
    if part == "indicators":
        entry = compare_schemes(SCHEME, now).by_id[line.id]
        if entry.asked or entry.weighed:
            assert line.affects == "得分" or name in WORDS_ONLY
        elif name not in ("input",):
            assert line.affects == "文字"
    elif compare_schemes(SCHEME, now).rules and name != "name":
        assert line.affects in ("得分", "等次")
    elif part != "findings":
        assert line.affects in ("文字", "流程")


def test_the_parts_of_a_scheme_are_all_compared():
    known = {*KINDS, *PARTS, "id", "version", "title", "regulation", "weights_note"}
    assert known == set(type(SCHEME).model_fields)
    for name in ("id", "title", "regulation", "weights_note"):
        (line,) = differences(SCHEME, SCHEME.model_copy(update={name: "另"}))
        assert (line.now, line.affects) == ("另", "文字")
    assert differences(SCHEME, SCHEME.model_copy(update={"version": "另"})) == []


@pytest.mark.parametrize("part", KINDS)
def test_an_entry_that_only_one_version_has_is_one_line(part):
    own = getattr(SCHEME, part)
    fewer = SCHEME.model_copy(update={part: own[1:]})
    (gone,) = differences(SCHEME, fewer)
    (come,) = differences(fewer, SCHEME)
    assert (gone.before, gone.now, come.before, come.now) == ("有", "删除", "无", "新增")
    expected = {
        "grades": "等次",
        "uncovered": "文字",
        "tags": "文字",
        "dimensions": "文字",
        "unlikely": "流程",
    }
    assert gone.affects == come.affects == expected.get(part, "得分")


@pytest.mark.parametrize("part", KINDS)
def test_another_order_is_one_line(part):
    own = getattr(SCHEME, part)
    (line,) = differences(SCHEME, SCHEME.model_copy(update={part: tuple(reversed(own))}))
    assert (line.field, line.affects) == ("顺序", "文字")


@pytest.mark.parametrize("part", ["periods", "sampling"])
def test_a_part_that_may_be_left_out_is_told_field_by_field(part):
    without = SCHEME.model_copy(update={part: None})
    lines = differences(SCHEME, without)
    assert len(lines) == len(type(getattr(SCHEME, part)).model_fields)
    assert {(line.now, line.affects) for line in lines} == {("", "流程")}
