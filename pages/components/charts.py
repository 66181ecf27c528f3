"""The one way a figure gets onto a screen."""

from __future__ import annotations

from typing import Any

import streamlit as st

CONFIG = {"displayModeBar": False, "displaylogo": False, "scrollZoom": False, "locale": "zh-CN"}


def show_chart(figure: Any, *, key: str, select: bool = False) -> list[dict]:
    """Show a figure of reporting/charts.py; returns the chosen points when `select`, else an empty list."""
    event = st.plotly_chart(
        figure,
        key=key,
        config=CONFIG,
        theme=None,
        on_select="rerun" if select else "ignore",
        selection_mode="points",
    )
    return list(event.selection.points) if select else []
