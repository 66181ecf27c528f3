"""Reads what people type into one cell: yes and no in many words, numbers, percentages, dates, 不适用, 无.

The rules for words that could mean several things are printed on the workbook's guide sheet (`data.guide`).
Each `read_*` returns a `Reading`; a reading's problem is (code, values for its words), to be placed by the caller.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from data.layout import plain
from data.short_texts import remembers_short
from scoring.scheme import NO, NOT_HELD, YES

Kind = Literal["blank", "na", "value", "bad"]
ProblemSeed = tuple[str, dict[str, object]]

LARGEST_NUMBER = 100_000_000  # more persons or times than the province has: a slip of the keyboard
EPOCH, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)

_PUNCTUATION = "。.,;:!、·'\"“”‘’"
_DASHES = "-‐‑‒–—―−─ー_"
_ANY_DASH = re.compile(f"[{re.escape(_DASHES)}]")
_NA = re.compile(rf"(?:[{re.escape(_DASHES)}]+|[/\\]+|n/?a|n\.a|不适用.*|不涉及.*|未涉及.*|无此项.*)")
_NONE = frozenset(("无", "没有", "没", "暂无", "均无", "无此情况", "none"))
_YES = frozenset((YES, "√", "✓", "✔", "☑", "✅", "🗹", "对", "有", "y", "yes", "true", "v", "是的"))
_NO = frozenset(
    (NO, "×", "✗", "✘", "✕", "✖", "╳", "☒", "❌", "x", "n", "no", "false", "不是", "错", "不", "没")
)
# 已建立但未落实, 有待建立 are neither: whoever writes so must choose from the list.
_YES_START = re.compile(r"(?:均|都)?已(?!撤|取消|停|废|失效|过期)[^未没不无但]+|有(?!待|问题)[^未没不无但]*")
_NO_START = re.compile(r"(?:尚|还|均)?未(?!知|定|填|涉及)\w+|没有\w*|没\w+|无\w*|不是\w*|暂未\w+")
# Words behind the sign, such as ＝见附件, are no formula.
_FORMULA_SIGNS = ("=", "＝")
_FORMULA_TEXT = re.compile(r"[=＝]\s*[A-Za-z0-9$('\"+\-@_{]", re.ASCII)
_ERROR_TEXT = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!)")

# Measure words that people put behind a number although the cell asks for the number alone.
MEASURES = (
    "人次|课时|学时|小时|次|人|名|个|家|项|份|场|期|处|件|门|户|条|支|套|篇|天|所|部|起|批|节|块|例|位|册|台"
)
_WHOLE = re.compile(r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+)(?P<measure>\D*)")
_PERCENT = re.compile(r"(?:百分之)?(?P<number>[+-]?\d+(?:\.\d*)?|[+-]?\.\d+)(?P<sign>%?)")
_CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*$")
_WEEKDAY = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?$")
_FULL_DATE = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})[日号]?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT_DATE = re.compile(r"(\d{1,2})(?:月|[-/.])(\d{1,2})[日号]?")


@dataclass(frozen=True)
class Reading:
    """What a cell was taken for: `kind` says which; `value` is set for "value"; problems may come with any kind."""

    kind: Kind
    value: str | float | int | date | None = None
    problems: tuple[ProblemSeed, ...] = ()


BLANK, NA = Reading("blank"), Reading("na")


def is_blank(value: object) -> bool:
    """Whether nothing is typed: empty, blanks of any width, invisible characters."""
    return value is None or (isinstance(value, str) and not plain(value))


@remembers_short(10_000)
def is_usual_text(text: str) -> bool:
    """Whether a text is neither blank, nor an error that was pasted, nor a formula that stayed words."""
    return bool(plain(text)) and not error_text(text) and not is_formula_text(text)


def is_na(value: object) -> bool:
    """Whether the words claim 不适用: —, －, /, N/A, 不适用, 不涉及."""
    return isinstance(value, str) and bool(_NA.fullmatch(plain(value).strip(_PUNCTUATION) or plain(value)))


def is_none(value: object) -> bool:
    """Whether the words say that there is nothing: 无, 没有."""
    return isinstance(value, str) and _word(value) in _NONE


def error_text(value: object) -> str:
    """An error that was pasted as text (#DIV/0! …), or an empty string."""
    text = value.strip() if isinstance(value, str) and "#" in value else ""
    return text if _ERROR_TEXT.fullmatch(text) else ""


def is_formula_text(text: str) -> bool:
    """Whether a formula was typed into a cell that is formatted as text, so that it stayed words: =1+3, =SUM(A1:A4)."""
    text = text.strip()
    return text.startswith(_FORMULA_SIGNS) and bool(_FORMULA_TEXT.match(text))


def read_yes_no(value: object) -> Reading:
    """是 or 否 in the words people use; 无 and 没有 are 否."""
    if is_blank(value):
        return BLANK
    if isinstance(value, bool):
        return Reading("value", YES if value else NO)
    if isinstance(value, str):
        word = _word(value)
        if word in _YES:
            return Reading("value", YES)
        if word in _NO or word in _NONE:
            return Reading("value", NO)
        if is_na(value):
            return NA
        if _NO_START.fullmatch(word):
            return Reading("value", NO)
        if _YES_START.fullmatch(word):
            return Reading("value", YES)
    return _bad("not-yes-no")


def read_level(value: object, names: Iterable[str]) -> Reading:
    """One of the named levels, whatever its blanks, brackets and widths."""
    if is_blank(value):
        return BLANK
    if isinstance(value, str):
        name = _by_word(tuple(names)).get(_word(value))
        if name is not None:
            return Reading("value", name)
        if is_na(value):
            return NA
        if is_none(value):
            return _bad("ambiguous-none")
    return _bad("not-a-level")


@lru_cache(256)
def _by_word(names: tuple[str, ...]) -> dict[str, str]:
    return {_word(name): name for name in names}


def read_whole(value: object, *, measure: str = "") -> Reading:
    """A whole number that is not negative; 3次, 1,200 and １２ are numbers, 无 is 0 with a warning."""
    if is_blank(value):
        return BLANK
    if is_na(value):
        return NA
    if is_none(value):
        return Reading("value", 0, (("zero-from-words", {}),))
    number = _number(value, measure)
    if number is None:
        return _bad("not-a-number")
    if number < 0:
        return _bad("negative-number")
    if number != int(number):
        return _bad("not-whole-number")
    if number > LARGEST_NUMBER:
        return _bad("number-too-large")
    return Reading("value", int(number))


def _number(value: object, measure: str) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value if math.isfinite(value) else None
    if not isinstance(value, str):
        return None
    text = _dashes(plain(value))
    match = _WHOLE.fullmatch(text)
    if not match or not re.fullmatch(
        f"(?:{MEASURES})?", match["measure"].replace(plain(measure) or "\0", "")
    ):
        return None
    return float(match["number"].replace(",", ""))


def read_percent(value: object, *, is_percent_cell: bool = False) -> Reading:
    """A share as a fraction 0–1: 85%, 85 and 0.85 are the same; without a sign up to 1 is a fraction.

    `is_percent_cell`: the cell is formatted as a percentage, so that a stored 1 was shown as 100%.
    """
    if is_blank(value):
        return BLANK
    if is_na(value):
        return NA
    if is_none(value):
        return _bad("ambiguous-none")
    is_signed = is_percent_cell
    if isinstance(value, str):
        text = _dashes(plain(value))
        match = _PERCENT.fullmatch(text)
        if not match:
            return _bad("not-a-number")
        is_signed = bool(match["sign"]) or text.startswith("百分之")
        number = float(match["number"]) / (100 if is_signed else 1)
    elif isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return _bad("not-a-number")
    else:
        number = float(value)
    if isinstance(value, str) and is_signed:
        return Reading("value", round(number, 12)) if 0 <= number <= 1 else _bad("percent-out-of-range")
    if not 0 <= number <= 100:
        return _bad("percent-out-of-range")
    if number == 1 and not is_signed:
        return Reading("value", 1.0, (("percent-ambiguous", {}),))
    return Reading("value", number if number <= 1 else round(number / 100, 12))


def read_date(value: object, *, year: int, is_1904: bool = False) -> Reading:
    """A day, or 未开展; the year of the cycle is taken, with a warning, where the day comes without one."""
    if is_blank(value):
        return BLANK
    if is_na(value):
        return NA
    if isinstance(value, datetime):
        return Reading("value", value.date())
    if isinstance(value, date):
        return Reading("value", value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _date_from_number(value, year=year, is_1904=is_1904)
    if isinstance(value, str):
        word = _word(value)
        if is_none(value) or word == NOT_HELD or _NO_START.fullmatch(word):
            return Reading("value", NOT_HELD)
        return _date_from_text(value, year)
    return _bad("not-a-date", year=year)


def _date_from_text(value: str, year: int) -> Reading:
    text = _CLOCK.sub("", unicodedata.normalize("NFKC", value).strip())
    text = _WEEKDAY.sub("", _dashes(plain(text)).strip(_PUNCTUATION))
    for pattern in (_FULL_DATE, _COMPACT_DATE):
        if match := pattern.fullmatch(text):
            day = _day(*map(int, match.groups()))
            return Reading("value", day) if day else _bad("not-a-date", year=year)
    if (match := _SHORT_DATE.fullmatch(text)) and (day := _day(year, int(match[1]), int(match[2]))):
        return Reading("value", day, (("date-without-year", {"taken": day.isoformat()}),))
    if re.fullmatch(r"\d{5}", text):
        return _date_from_number(int(text), year=year, is_1904=False)
    return _bad("not-a-date", year=year)


def _date_from_number(value: float, *, year: int, is_1904: bool) -> Reading:
    if math.isfinite(value) and value >= 0:
        if value == int(value) and (match := _COMPACT_DATE.fullmatch(str(int(value)))):
            day = _day(*map(int, match.groups()))
            return Reading("value", day) if day else _bad("not-a-date", year=year)
        serial = int(value)
        if serial < 100_000:
            day = (EPOCH_1904 if is_1904 else EPOCH) + timedelta(days=serial)
            if day.year == year:
                return Reading("value", day, (("date-as-number", {"taken": day.isoformat()}),))
    return _bad("not-a-date", year=year)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _bad(code: str, **values: object) -> Reading:
    return Reading("bad", None, ((code, values),))


def _word(value: str) -> str:
    text = plain(value)
    return text.strip(_PUNCTUATION) or text


def _dashes(text: str) -> str:
    return _ANY_DASH.sub("-", text)
