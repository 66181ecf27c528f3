"""Where everything stands in the self-assessment workbook: what the writer and the reader both must know."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from data.short_texts import remembers_short
from scoring.scheme import NOT_APPLICABLE, Indicator, Scheme

FORMAT_VERSION = "1"  # of the workbook's layout; the reader knows every version that was ever given out

GUIDE_SHEET, UNIT_SHEET, ANSWER_SHEET = "填报说明", "单位信息", "自评表"
META_SHEET, CHOICES_SHEET, PROBLEM_SHEET = "_meta", "_choices", "问题清单"
OWN_SHEETS = (GUIDE_SHEET, UNIT_SHEET, ANSWER_SHEET, META_SHEET, CHOICES_SHEET, PROBLEM_SHEET)

TITLE_ROW, COUNT_ROW, HINT_ROW, HEADER_ROW = 1, 2, 3, 4
FIRST_ROW = HEADER_ROW + 1


@dataclass(frozen=True)
class Column:
    """One column of the self-assessment sheet; `width` in Excel's character units."""

    key: str
    letter: str
    title: str
    width: float


COLUMNS = (
    Column("indicator", "A", "指标编号", 8.5),
    Column("place", "B", "条款", 13),
    Column("question", "C", "考核内容", 31),
    Column("criterion", "D", "评分标准", 42),
    Column("value", "E", "填报值", 13),
    Column("numerator", "F", "分子", 7.5),
    Column("denominator", "G", "分母", 7.5),
    Column("na_reason", "H", "不适用理由", 14),
    Column("evidence", "I", "佐证材料", 22),
    Column("note", "J", "备注", 11),
)
BY_KEY = {column.key: column for column in COLUMNS}
ANSWER_KEYS = ("value", "numerator", "denominator", "na_reason", "evidence", "note")
REQUIRED_KEYS = ("indicator", "value", "numerator", "denominator", "na_reason", "evidence")

# What stands, greyed and locked, in 填报值 where the answer is a numerator and a denominator. The live count of
# open answers tells such rows by it, wherever they are moved to.
RATIO_HINT = "填右侧分子、分母"

META_KEYS = ("format", "scheme", "version", "cycle", "unit", "indicators")
UNIT_FIELDS = (
    ("unit", "统一社会信用代码"),
    ("name", "单位名称"),
    ("region", "所属地区"),
    ("category", "单位类别"),
    ("tags", "职能标签"),
    ("cycle", "考核年度"),
    ("title", "考核方案"),
    ("scheme", "方案编号"),
    ("version", "方案版本"),
)


def is_fraction(indicator: Indicator) -> bool:
    """Whether the answer is a numerator and a denominator."""
    return indicator.type == "ratio" and indicator.input == "fraction"


def is_percent(indicator: Indicator) -> bool:
    """Whether the answer is one percentage."""
    return indicator.type == "ratio" and indicator.input == "percent"


def choice_names(indicator: Indicator) -> tuple[str, ...]:
    """The drop-down of a yes/no or level indicator, 不适用 last where it may be claimed; empty for other types."""
    if indicator.type not in ("yes_no", "level"):
        return ()
    return (*indicator.choices, *(() if indicator.na == "never" else (NOT_APPLICABLE,)))


def open_keys(indicator: Indicator) -> tuple[str, ...]:
    """The columns that a unit fills in for this indicator; the others are locked."""
    value = ("numerator", "denominator") if is_fraction(indicator) else ("value",)
    return (*value, *(() if indicator.na == "never" else ("na_reason",)), "evidence", "note")


def by_dimension(scheme: Scheme, indicators: Iterable[Indicator]) -> list[tuple[str, list[Indicator]]]:
    """(dimension name, its indicators) in the scheme's order of dimensions; dimensions without one are left out."""
    indicators = list(indicators)
    groups = [(d.name, [i for i in indicators if i.dimension == d.id]) for d in scheme.dimensions]
    return [(name, members) for name, members in groups if members]


def indicator_digest(scheme: Scheme, indicators: Iterable[Indicator]) -> str:
    """A short name for which indicators, of which scheme, a workbook asks."""
    text = "\n".join([scheme.id, scheme.version, *sorted(indicator.id for indicator in indicators)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0e\ufe0f\ufeff]")
_BRACKETS = str.maketrans("〔〕【】［］「」『』", "()()()()()")


def visible(text: str) -> str:
    """Text without characters that have no width or turn the direction of what follows them."""
    return _INVISIBLE.sub("", text)


@remembers_short(10_000)
def plain(text: str) -> str:
    """Text for comparison: full-width letters, digits and brackets made half-width, no blanks, lower case."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_BRACKETS)
    return "".join(text.split()).lower()
