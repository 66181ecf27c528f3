"""Words about answers: a cell's value as people see it, what may stand in it, how to say that a duty was not met."""

from __future__ import annotations

from datetime import date, datetime

from data.layout import is_percent, plain
from data.values import is_blank, is_na, is_none
from scoring.scheme import NO, NOT_APPLICABLE, NOT_HELD, Indicator


def is_empty_text(text: str) -> bool:
    """Whether free text says nothing: blank, 无, —."""
    return is_blank(text) or is_none(text) or (len(plain(text)) <= 4 and is_na(text))


def cell_text(value: object) -> str:
    """A cell's value as text that is kept: line breaks stay, edges are trimmed, whole numbers without .0."""
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else shown(value)


def shown(value: object) -> str:
    """A cell's value as a person sees it."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.min.time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)


def allowed_value(indicator: Indicator, cycle: int) -> str:
    """What may stand in the answer's cell where the indicator applies, for messages."""
    if indicator.type in ("yes_no", "level"):
        names = [f"“{name}”" for name in indicator.choices]
        return "或".join(names) if len(names) == 2 else "、".join(names[:-1]) + "或" + names[-1]
    if indicator.type == "date":
        return f"{cycle} 年内的日期或“{NOT_HELD}”"
    return "0% 到 100% 的百分比" if is_percent(indicator) else "不小于 0 的整数"


def allowed_text(indicator: Indicator, cycle: int) -> str:
    """What may stand in the answer's cell, 不适用 included, for messages."""
    text = allowed_value(indicator, cycle)
    if indicator.na == "never":
        return text
    return f"{text}；不适用的填“{NOT_APPLICABLE}”并写理由"


def no_hint(indicator: Indicator) -> str:
    """How to say that a duty was not met."""
    if indicator.type == "yes_no":
        return f"选“{NO}”"
    if indicator.type == "level":
        return f"选“{min(indicator.choices, key=indicator.choices.get)}”"
    return {"date": f"填“{NOT_HELD}”"}.get(indicator.type, "填 0")


def none_hint(indicator: Indicator) -> str:
    na = "" if indicator.na == "never" else f"；不适用的填“{NOT_APPLICABLE}”并写明理由"
    return f"没有开展的{no_hint(indicator)}{na}"
