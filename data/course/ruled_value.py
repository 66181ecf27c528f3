"""Whether what an evaluator typed as the value of an indicator can be one, by the indicator's type."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from data.answer_words import allowed_text
from data.layout import is_fraction
from data.values import LARGEST_NUMBER
from scoring.scheme import NOT_APPLICABLE, Indicator

FIELDS = ("choice", "number", "numerator", "denominator", "on_date")


def fault_of_value(indicator: Indicator, *, cycle: int, state: str, value: Mapping[str, Any]) -> str:
    """What is wrong with a value and what is allowed, in Chinese; empty where it can stand.

    `value` holds the fields of an answer (FIELDS) that are set; none of them where `state` is "na".
    """
    given = {field: value[field] for field in FIELDS if value.get(field) is not None}
    if state == "na":
        if indicator.na == "never":
            return f"“{indicator.title}”不能填“{NOT_APPLICABLE}”，应为{allowed_text(indicator, cycle)}"
        return "" if not given else f"“{indicator.title}”核定为“{NOT_APPLICABLE}”的，不再填核定值"
    if _is_allowed(indicator, given, cycle):
        return ""
    return f"“{indicator.title}”的核定值应为{_allowed(indicator, cycle)}"


def _is_allowed(indicator: Indicator, given: Mapping[str, Any], cycle: int) -> bool:
    match indicator.type, sorted(given):
        case (("yes_no" | "level" | "date"), ["choice"]):
            return given["choice"] in indicator.choices
        case "date", ["on_date"]:
            return isinstance(given["on_date"], date) and given["on_date"].year == cycle
        case "ratio", ["denominator", "numerator"] if is_fraction(indicator):
            parts = given["numerator"], given["denominator"]
            return all(map(_is_whole, parts)) and 0 <= parts[0] <= parts[1] and parts[1] > 0
        case "ratio", ["number"] if not is_fraction(indicator):
            return 0 <= given["number"] <= 1
        case "count", ["number"]:
            return _is_whole(given["number"]) and given["number"] >= 0
    return False


def _is_whole(number: float) -> bool:
    return number == int(number) and number <= LARGEST_NUMBER


def _allowed(indicator: Indicator, cycle: int) -> str:
    if is_fraction(indicator):
        return f"两个整数：{indicator.numerator}不大于{indicator.denominator}，{indicator.denominator}大于 0"
    return allowed_text(indicator, cycle).partition("；")[0]
