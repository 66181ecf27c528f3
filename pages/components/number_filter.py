"""Numbers that stand in the address, as the other filters do: on a slider, or typed."""

from __future__ import annotations

import math

import streamlit as st

from pages.components import state


def slide_number(
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
    asked = _number(state.wanted(name))
    value = float(default if asked is None or not low <= asked <= high else asked)
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


def type_number(
    name: str, label: str, *, low: float, high: float, default: float, step: float, of: str, decimals: int
) -> float:
    """A number bound to the query parameter `name`, within its bounds; what is no number counts as not asked for.

    `of` names the view that the default belongs to: a number left over from another view gives way to the default.
    """
    is_left_over = state.recall(f"{name}_of", of) != of and not _is_new(name)
    state.keep(f"{name}_of", of)
    asked = None if is_left_over else _number(state.wanted(name))
    value = round(min(max(default if asked is None else asked, low), high), decimals)
    state.set_widget(name, value if decimals else int(value))
    chosen = st.number_input(
        label,
        low if decimals else int(low),
        high if decimals else int(high),
        step=step if decimals else int(step),
        format=f"%.{decimals}f" if decimals else "%d",
        key=state.widget_key(name),
        width=150,
    )
    state.settle(name, f"{chosen:.{decimals}f}")
    return float(chosen)


def _is_new(name: str) -> bool:
    """Whether the address asks for another value than this app last wrote: typed or followed, not left over."""
    address = state.in_address(name)
    return address is not None and address != state.recall(name)


def _number(asked: object) -> float | None:
    """What the address says, or None where that is no number."""
    try:
        value = float(asked)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None
