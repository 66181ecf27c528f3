"""Tables of units, a page at a time: a province has more of them than a browser takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from data import queries
from pages.components.access import ask, get_reading
from pages.components.downloads import show_download
from pages.components.filters import choose_option, search_box
from pages.components.paging import PAGE, current_page, show_pages
from pages.components.tables import TALLEST_ROWS, Col, frame_for_file, show_table

PAGE_ROWS = 300  # some screens of scrolling; more are found by a search or on the next page
ORDERS = {"rank": "类别、名次", "highest": "得分从高到低", "lowest": "得分从低到高"}
FOUND_BY = "find_unit"  # the query parameter of the search


def first_page(*, order: str = "rank", **where: Any) -> tuple[pd.DataFrame, int]:
    """The first units that the filters leave, and how many they leave."""
    return ask(queries.units_page, **_asked(order=order, **where))


def units_of_page(*, order: str = "rank", **where: Any) -> tuple[pd.DataFrame, int, int]:
    """The units that the filters leave on the page that the address asks for, how many there are, and the page's number.

    `where`: what queries.units_page takes. Where there are several pages, draws a search and the orders to choose from.
    """
    rows, found = first_page(order=order, **where)
    if found <= PAGE_ROWS:
        return rows, found, 1
    with st.container(horizontal=True, vertical_alignment="bottom", key="unit_table_bar"):
        text = search_box(FOUND_BY, "在表中查找", placeholder="名称或代码中的几个字", clears=PAGE, width=260)
        order = choose_option("unit_order", "排列", ORDERS, default=order, width=180, clears=PAGE) or order
    page = current_page()
    asked = _asked(order=order, text=text or None, page=page, **where)
    rows, found = ask(queries.units_page, **asked)
    if rows.empty and page > 1:  # an address from before
        page = 1
        rows, found = ask(queries.units_page, **asked | {"page": page})
    return rows, found, page


def _asked(*, order: str, text: str | None = None, page: int = 1, **where: Any) -> dict[str, Any]:
    """What queries.units_page is asked, all of it named: the same question has the same answer kept."""
    return {**where, "order": order, "text": text, "most": PAGE_ROWS, "page": page}


def show_unit_table(
    rows: pd.DataFrame,
    columns: Mapping[str, str | Col],
    *,
    page: int,
    found: int,
    key: str,
    download: str,
    where: Mapping[str, Any],
    download_columns: Mapping[str, str | Col] | None = None,
    tall: int = TALLEST_ROWS,
    select: bool = True,
) -> int | None:
    """Show what `units_of_page` gave, with its pages and a download of all that `where` leaves, in `download_columns`, by
    default those that are shown; the position of the chosen row, else None."""
    chosen = show_table(rows, columns, key=f"{key}_{page}", select=select, rows=tall)
    show_pages(page, found, size=PAGE_ROWS)
    store, named = get_reading(where["cycle"]), download_columns or columns
    show_download("下载此表", lambda: frame_for_file(queries.units(store, **where), named), download)
    return chosen
