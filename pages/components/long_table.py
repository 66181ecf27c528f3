"""Tables longer than a browser takes: searched and put in order on the server, and sent a page at a time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from pages.components import state
from pages.components.print_table import FORMATS, ShownColumn

PAGE_ROWS = 1000  # rows that the browser gets at once; it searches and sorts among these by itself
PAGER_PX = 340
AS_IT_IS = "原有顺序"


def choose_rows(frame: pd.DataFrame, columns: Mapping[str, ShownColumn], *, key: str) -> np.ndarray:
    """The positions of the rows that a visitor's search and order leave, in that order; draws both."""
    orders = {AS_IT_IS: None}
    for name, column in columns.items():
        if column.kind in FORMATS:
            orders |= {f"{column.title}从高到低": (name, False), f"{column.title}从低到高": (name, True)}
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"long_{key}"):
        text = st.text_input(
            "在表中查找", placeholder="表中文字的一部分", key=f"find_{key}", width=260
        ).strip()
        chosen = st.selectbox("排列", list(orders), key=f"order_{key}", width=220)
    positions = pd.Series(np.arange(len(frame)))
    if text:
        is_hit = np.zeros(len(frame), dtype=bool)
        for name in columns:
            if columns[name].kind == "text":
                said = frame[name].astype("string").str
                is_hit |= said.contains(text, case=False, regex=False).fillna(False).to_numpy(bool)
        positions = positions[is_hit]
    if orders[chosen]:
        name, ascending = orders[chosen]
        values = frame[name].reset_index(drop=True).loc[positions]
        positions = values.sort_values(
            ascending=ascending, na_position="last", kind="stable"
        ).index.to_series()
    return positions.to_numpy(int)


def page_of(positions: np.ndarray, *, key: str) -> np.ndarray:
    """Those on the page that the visitor turned to; `show_turning` below the table draws the pages."""
    asked = state.widget_value(f"turn_{key}") or 1
    page = min(asked, max(-(-len(positions) // PAGE_ROWS), 1))
    return positions[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]


def show_turning(n_rows: int, *, key: str) -> None:
    """The numbers of the pages, where there are several, and how many rows there are."""
    n_pages = -(-n_rows // PAGE_ROWS)
    with st.container(horizontal=True, vertical_alignment="center", key=f"turning_{key}"):
        st.caption(f"共 {n_rows:,} 行，每页 {PAGE_ROWS:,} 行；下载的是全部")
        if n_pages > 1:
            st.pagination(n_pages, width=PAGER_PX, key=state.widget_key(f"turn_{key}"))
