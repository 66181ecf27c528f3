"""The one way a figure gets onto a screen."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components import state
from pages.components.access import is_demo, publication_in_use
from pages.components.downloads import full_name
from reporting.figure import Figure
from reporting.palette import Look, look_of
from reporting.theme import DEMO_MARK, chart_config, sign_figure

HANDLED = "handled:"


def current_look() -> Look:
    """The colours for this visitor's theme, light until the browser has said which."""
    return look_of(st.context.theme.type)


def show_chart(figure: Figure, *, key: str, name: str, select: bool = False, alt: str = "") -> list[dict]:
    """Show a figure of reporting/charts.py; returns the chosen points when `select`, else an empty list.

    `name` says what, of which year and which region: its picture is saved under it. `alt` says in a sentence what the
    figure shows, for those who cannot see it.
    """
    event = st.plotly_chart(
        _signed(figure).to_plotly(),
        key=key,
        config=chart_config(full_name(name)),
        theme=None,
        on_select="rerun" if select else "ignore",
        selection_mode="points",
        alt=alt or None,
    )
    return list(event.selection.points) if select else []


def _signed(figure: Figure) -> Figure:
    """A figure of a publication or of the demo says so, also as a picture in somebody else's document."""
    cycle = state.recall("cycle")
    made = publication_in_use(int(cycle)) if cycle else None
    parts = [f"第 {made.number} 号公布"] if made else []
    if is_demo():
        parts.append(DEMO_MARK)
    return sign_figure(figure, " · ".join(parts)) if parts else figure


def clicked(figure: Figure, *, key: str, name: str, alt: str = "") -> Any:
    """Show a figure and return the customdata of the point just clicked, once per click; None otherwise."""
    points = show_chart(figure, key=key, name=name, select=True, alt=alt)
    value = points[0].get("customdata") if points else None
    if value == state.recall(HANDLED + key):
        return None
    if value is None:
        state.forget(HANDLED + key)
    else:
        state.keep(HANDLED + key, value)
    return value
