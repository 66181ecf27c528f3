"""Long tables a page at a time: the page stands in the address, and only its rows leave the server."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from pages.components import state
from pages.components.filters import param, set_param

PAGE = "page"  # the query parameter; a filter that `clears` it begins at the first page again
PAGER_PX = 340  # room for its seven numbers; by itself it takes too little


def current_page() -> int:
    """The page that the address asks for; the first where it names none."""
    asked = param(PAGE) or ""
    return max(int(asked), 1) if asked.isdecimal() else 1


def rows_of_page(frame: pd.DataFrame, *, size: int) -> tuple[pd.DataFrame, int]:
    """The rows of the page that the address asks for, counted from 0 again, and its number; past the last page the last."""
    page = min(current_page(), max(-(-len(frame) // size), 1))
    return frame.iloc[(page - 1) * size : page * size].reset_index(drop=True), page


def show_pages(page: int, n_rows: int, *, size: int) -> None:
    """The numbers of the pages below a table of `n_rows` rows, and which of them is shown; nothing for a single one."""
    n_pages = -(-n_rows // size)
    if n_pages < 2:
        return
    name = f"pages_{page}"  # another widget on every page: this one takes its value as a default only
    with st.container(horizontal=True, vertical_alignment="center", key="pages"):
        st.caption(f"第 {page:,} 页，共 {n_pages:,} 页，{n_rows:,} 行")
        st.pagination(
            n_pages,
            default=page,
            width=PAGER_PX,
            key=state.widget_key(name),
            on_change=partial(_turn_to_chosen, name),
        )


def _turn_to_chosen(name: str) -> None:
    set_param(PAGE, str(state.widget_value(name)))
