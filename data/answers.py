"""Turns one row of the table into an answer to its indicator, or says what is wrong with it, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from data.answer_words import allowed_text, cell_text, is_empty_text, no_hint, none_hint, shown
from data.layout import RATIO_HINT, is_fraction, is_percent, plain
from data.model import Answer
from data.problems import Problem, make_problem
from data.table import Table
from data.values import (
    Reading,
    error_text,
    is_blank,
    is_formula_text,
    is_na,
    is_usual_text,
    read_date,
    read_level,
    read_percent,
    read_whole,
    read_yes_no,
)
from scoring.scheme import Indicator

REASON_LENGTH, EVIDENCE_LENGTH = 500, 1000  # characters; longer is a pasted document
_BROKEN = object()


@dataclass
class _Row:
    """One row while it is judged; collects its problems."""

    table: Table
    row: int
    indicator: Indicator
    cycle: int
    is_1904: bool
    unreadable: frozenset[tuple[int, int]]
    problems: list[Problem] = field(default_factory=list)

    def report(self, code: str, key: str, **values: object) -> None:
        cell = self.table.reference(self.row, key)
        self.problems.append(make_problem(code, sheet=self.table.sheet.name, cell=cell, **values))

    def value(self, key: str) -> object:
        """What stands in a cell; None where blank, `_BROKEN` where that was reported already."""
        place = (self.row, self.table.columns.get(key, 0))
        if place in self.unreadable or place[1] == 0:
            return _BROKEN
        sheet = self.table.sheet
        value = sheet.values.get(place)
        if not (sheet.errors or sheet.unsaved) and (
            value is None or (type(value) is str and is_usual_text(value))
        ):  # nearly all
            return value
        if place in sheet.errors or (value is not None and error_text(value)):
            self.report("formula-error", key, found=sheet.errors.get(place) or value)
            return _BROKEN
        if place in sheet.unsaved:
            self.report("formula-without-value", key, found=sheet.unsaved[place])
            return _BROKEN
        if value is None:
            return None
        if isinstance(value, str) and is_formula_text(value):
            self.report("formula-without-value", key, found=value)
            return _BROKEN
        return None if is_blank(value) else value

    def text(self, key: str, limit: int) -> str | None:
        """Free text of a cell, one that stands for nothing (无, —) as empty; None where it cannot be read."""
        value = self.value(key)
        if value is _BROKEN:
            return None
        text = cell_text(value)
        if len(text) > limit:
            self.report("text-too-long", key, found=len(text), limit=limit)
        return text

    def take(self, reading: Reading, key: str, value: object) -> Reading:
        """Report a reading's problems at its cell."""
        for code, values in reading.problems:
            self.report(code, key, found=shown(value), **self._words(code, values))
        return reading

    def _words(self, code: str, values: dict[str, object]) -> dict[str, object]:
        words = {"allowed": allowed_text(self.indicator, self.cycle), **values}
        if code == "ambiguous-none":
            words["hint"] = none_hint(self.indicator)
        return words


def read_row(
    table: Table,
    row: int,
    indicator: Indicator,
    *,
    cycle: int,
    is_1904: bool = False,
    unreadable: frozenset[tuple[int, int]] = frozenset(),
) -> tuple[Answer | None, list[Problem]]:
    """The answer in a row, None where there is none that counts, and the row's problems.

    `unreadable` are (row, column) of cells whose fault was reported already, such as merged ones.
    """
    state = _Row(table, row, indicator, cycle, is_1904, unreadable)
    answer = _read_fraction(state) if is_fraction(indicator) else _read_value(state)
    return answer, state.problems


def _read_value(row: _Row) -> Answer | None:
    indicator, value = row.indicator, row.value("value")
    for key in ("numerator", "denominator"):
        stray = row.table.value(row.row, key)
        if not is_blank(stray) and not is_na(stray):
            hint = "此项的答案填在“填报值”列"
            title = "分子" if key == "numerator" else "分母"
            row.report("value-in-wrong-column", key, found=stray, column=title, hint=hint)
    if value is _BROKEN:
        _texts(row, None)
        return None
    place = (row.row, row.table.columns["value"])
    if indicator.type == "yes_no":
        reading = read_yes_no(value)
    elif indicator.type == "level":
        reading = read_level(value, indicator.choices)
    elif indicator.type == "date":
        reading = read_date(value, year=row.cycle, is_1904=row.is_1904)
    elif is_percent(indicator):
        reading = read_percent(value, is_percent_cell=place in row.table.sheet.percents)
    else:
        reading = read_whole(value, measure=indicator.measure)
    row.take(reading, "value", value)
    if reading.kind == "na":
        return _claim(row, key="value", found=shown(value), text=cell_text(value)[:EVIDENCE_LENGTH])
    if reading.kind != "value":
        if reading.kind == "blank":
            _missing(row, "value")
        _texts(row, None)
        return None
    if isinstance(reading.value, date) and not _check_day(row, reading.value):
        _texts(row, None)
        return None
    return _answered(row, key="value", text=shown(value), reading=reading)


def _check_day(row: _Row, day: date) -> bool:
    if day.year != row.cycle:
        allowed = f"{row.cycle} 年内的日期"
        row.report("date-outside-year", "value", found=day.isoformat(), allowed=allowed)
        return False
    first, last = row.indicator.window.dates(row.cycle)
    if not first <= day <= last:
        allowed = f"{first.isoformat()} 至 {last.isoformat()}"
        row.report("date-outside-window", "value", found=day.isoformat(), allowed=allowed)
    return True


def _read_fraction(row: _Row) -> Answer | None:
    indicator = row.indicator
    beside = row.value("value")
    values = {key: row.value(key) for key in ("numerator", "denominator")}
    is_beside = beside not in (None, _BROKEN) and plain(beside) != plain(RATIO_HINT)
    if is_beside and is_na(beside) and not any(values.values()):
        return _claim(row, key="value", found=shown(beside), text=cell_text(beside)[:EVIDENCE_LENGTH])
    if is_beside and not is_na(beside):
        hint = "此项填“分子”“分母”两列"
        row.report("value-in-wrong-column", "value", found=shown(beside), column="填报值", hint=hint)
    readings = {}
    for key, value in values.items():
        readings[key] = Reading("bad") if value is _BROKEN else row.take(read_whole(value), key, value)
    for key, reading in readings.items():
        if reading.kind == "na":
            found = shown(values[key])
            return _claim(row, key=key, found=found, text=found[:EVIDENCE_LENGTH])
    for key, reading in readings.items():
        if reading.kind == "blank":
            _missing(row, key)
    if any(reading.kind != "value" for reading in readings.values()):
        _texts(row, None)
        return None
    above, below = readings["numerator"].value, readings["denominator"].value
    if below == 0 and above == 0:
        return _claim(row, key="denominator", found="分母 0", text="0/0", numerator=0.0, denominator=0.0)
    if below == 0:
        row.report("zero-denominator", "denominator", found=above)
        _texts(row, None)
        return None
    if above > below:
        names = {"numerator_name": indicator.numerator, "denominator_name": indicator.denominator}
        row.report("numerator-above-denominator", "numerator", found=above, denominator=below, **names)
        _texts(row, None)
        return None
    return _answered(row, key="numerator", text=f"{above}/{below}", fraction=(above, below))


def _claim(row: _Row, *, key: str, found: str, text: str, **fraction: float) -> Answer | None:
    """A claimed 不适用: refused where the scheme does not allow it, and never without a reason."""
    if row.indicator.na == "never":
        allowed = allowed_text(row.indicator, row.cycle)
        row.report("na-not-allowed", key, found=found, allowed=allowed, hint=no_hint(row.indicator))
        return None
    reason = row.text("na_reason", REASON_LENGTH)
    if reason is None:
        return None
    if is_empty_text(reason):
        row.report("na-reason-missing", "na_reason", found=found)
        return None
    evidence, note = row.text("evidence", EVIDENCE_LENGTH), row.text("note", EVIDENCE_LENGTH)
    return Answer(
        indicator=row.indicator.id,
        state="na",
        text=text,
        sheet=row.table.sheet.name,
        cell=row.table.reference(row.row, key),
        na_reason=reason,
        evidence=evidence or "",
        note=note or "",
        **fraction,
    )


def _answered(
    row: _Row,
    *,
    key: str,
    text: str,
    reading: Reading | None = None,
    fraction: tuple[int, int] | None = None,
) -> Answer | None:
    indicator = row.indicator
    value = reading.value if reading else None
    is_positive = fraction[0] > 0 if fraction else _is_positive(indicator, value)
    texts = _texts(row, text, is_positive=is_positive)
    if texts is None:
        return None
    carried: dict[str, object] = {}
    if fraction:
        carried = {"numerator": float(fraction[0]), "denominator": float(fraction[1])}
    elif isinstance(value, date):
        carried = {"on_date": value}
    elif isinstance(value, str):
        carried = {"choice": value}
    else:
        carried = {"number": float(value)}
    return Answer(
        indicator=indicator.id,
        state="answered",
        text=text,
        sheet=row.table.sheet.name,
        cell=row.table.reference(row.row, key),
        **carried,
        **texts,
    )


def _texts(row: _Row, answer_text: str | None, *, is_positive: bool = False) -> dict[str, str] | None:
    """Evidence and note; None where evidence is wanted and missing. Without an answer only their form is judged."""
    evidence = row.text("evidence", EVIDENCE_LENGTH)
    note = row.text("note", EVIDENCE_LENGTH)
    if answer_text is None:
        return None
    reason = row.text("na_reason", REASON_LENGTH)
    if reason and not is_empty_text(reason):
        row.report("na-reason-unused", "na_reason", found=answer_text)
    is_wanted = is_positive and row.indicator.evidence_required
    if evidence is None:
        return None
    if is_wanted and is_empty_text(evidence):
        row.report("evidence-missing", "evidence", found=answer_text, wanted=row.indicator.evidence)
        return None
    return {"evidence": evidence, "note": note or ""}


def _missing(row: _Row, key: str) -> None:
    title = {"numerator": "的分子", "denominator": "的分母"}.get(key, "")
    found = f"{row.indicator.id} {row.indicator.title}{title}"
    row.report("answer-missing", key, found=found, allowed=allowed_text(row.indicator, row.cycle))


def _is_positive(indicator: Indicator, value: object) -> bool:
    """Whether the answer claims that something was done, so that evidence is due."""
    if isinstance(value, str):
        return indicator.choices.get(value, 0) > 0
    return isinstance(value, date) or bool(value)
