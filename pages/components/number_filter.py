"""A slider that lives in the address: a link reopens it where it stood."""

from __future__ import annotations

import math

import streamlit as st

from pages.components import state


def choose_number(
    name: str,
    label: str,
    *,
    low: float,
    high: float,
    step: float,
    default: float,
    text: str = "%g",
    disabled: bool = False,
    help: str | None = None,
) -> float:
    """A number between `low` and `high` (query parameter `name`, absent at the default).

    What the address says otherwise (no number, beyond the ends) counts as the default. `text` is a printf format.
    """
    value = _asked(state.wanted(name), low, high, default)
    state.set_widget(name, value)
    chosen = float(
        st.slider(
            label,
            min_value=float(low),
            max_value=float(high),
            step=float(step),
            format=text,
            key=state.widget_key(name),
            disabled=disabled,
            help=help,
        )
    )
    state.settle(name, None if chosen == default else f"{chosen:g}")
    return chosen


def reset_number(name: str, default: float) -> None:
    """Put the slider back and take it out of the address; within a callback."""
    state.settle(name, None)
    state.set_widget(name, float(default))


def _asked(value: object, low: float, high: float, default: float) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return float(default)
    return number if math.isfinite(number) and low <= number <= high else float(default)
