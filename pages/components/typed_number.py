"""A number that stands in the address, as the other filters do; another view begins with its own default again."""

from __future__ import annotations

import streamlit as st

from pages.components import state


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
    address = st.query_params.get(name)
    return address is not None and address != state.recall(name)


def _number(asked: str | float | None) -> float | None:
    try:
        value = float(asked)
    except (TypeError, ValueError):
        return None
    return value if value == value and abs(value) != float("inf") else None
