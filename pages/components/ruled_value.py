"""The widgets with which an evaluator types the value of an indicator, by its type."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from data.layout import is_fraction
from scoring.scheme import NOT_APPLICABLE, NOT_HELD, Indicator

ON_A_DAY = "已开展"


def choose_ruled_value(
    indicator: Indicator, *, cycle: int, key: str, now: Mapping[str, Any], may_be_na: bool = False
) -> dict[str, Any]:
    """The fields of `Review` that carry a value (state and choice, number, numerator, denominator or on_date), as typed.

    `now` holds those that stand, where one begins from; `may_be_na` offers 不适用 as well.
    """
    if may_be_na:
        said = st.radio("核定为", ("填写核定值", NOT_APPLICABLE), key=f"{key}_na", horizontal=True)
        if said == NOT_APPLICABLE:
            return {"state": "na"}
    match indicator.type:
        case "yes_no" | "level":
            names = list(indicator.choices)
            at = names.index(now["choice"]) if now.get("choice") in names else None
            choice = st.selectbox("新的核定值", names, index=at, placeholder="请选择", key=f"{key}_choice")
            return {"state": "answered", "choice": choice}
        case "date":
            return _choose_day(cycle=cycle, key=key, now=now)
        case "ratio" if is_fraction(indicator):
            left, right = st.columns(2)
            with left:
                numerator = _whole(indicator.numerator, f"{key}_numerator", now.get("numerator"))
            with right:
                denominator = _whole(indicator.denominator, f"{key}_denominator", now.get("denominator"))
            return {"state": "answered", "numerator": numerator, "denominator": denominator}
        case "ratio":
            return {"state": "answered", "number": _share(key, now.get("number"))}
    return {"state": "answered", "number": _whole("新的核定值", f"{key}_number", now.get("number"))}


def say_ruled_value(value: Mapping[str, Any], *, is_percent: bool) -> str:
    """What `choose_ruled_value` gave, in words; empty while nothing is typed."""
    if value.get("state") == "na":
        return NOT_APPLICABLE
    if value.get("numerator") is not None and value.get("denominator") is not None:
        return f"{value['numerator']}/{value['denominator']}"
    if is_percent and value.get("number") is not None:
        return f"{value['number']:.2%}"
    typed = next((value[name] for name in ("choice", "on_date", "number") if value.get(name) is not None), "")
    return str(typed)


def _choose_day(*, cycle: int, key: str, now: Mapping[str, Any]) -> dict[str, Any]:
    held = st.radio(
        "新的核定值",
        (ON_A_DAY, NOT_HELD),
        index=1 if now.get("choice") == NOT_HELD else 0,
        key=f"{key}_held",
        horizontal=True,
    )
    if held == NOT_HELD:
        return {"state": "answered", "choice": NOT_HELD}
    first, last = date(cycle, 1, 1), date(cycle, 12, 31)
    day = st.date_input(
        "开展日期",
        now.get("on_date"),
        min_value=first,
        max_value=last,
        format="YYYY-MM-DD",
        key=f"{key}_day",
    )
    return {"state": "answered", "on_date": day}


def _whole(label: str, key: str, value: float | None) -> int | None:
    return st.number_input(
        label, min_value=0, step=1, value=None if value is None else int(value), key=key, placeholder="整数"
    )


def _share(key: str, value: float | None) -> float | None:
    """A percentage as a fraction; what is typed has at most two decimals."""
    typed = st.number_input(
        "新的核定值（%）",
        min_value=0.0,
        max_value=100.0,
        value=None if value is None else value * 100,
        format="%.2f",
        key=f"{key}_percent",
    )
    return None if typed is None else round(typed / 100, 6)
