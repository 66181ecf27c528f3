"""Tables as this product shows them: Chinese headers, numbers aligned, only the named columns leave the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal
from zlib import crc32

import numpy as np
import pandas as pd
import streamlit as st

from pages.components.downloads import show_download
from pages.components.links import article_url
from pages.components.long_table import PAGE_ROWS, choose_rows, page_of, show_turning
from pages.components.print_table import MISSING, show_for_print
from reporting.theme import is_missing

Kind = Literal[
    "text", "score", "percent", "count", "rank", "points", "weight", "bar", "article", "link", "date", "time"
]
ROW_PX = 35
TALLEST_ROWS = 14

# printf formats; a percentage comes in as 0–1, scores and gaps in points
_FORMATS = {"score": "%.2f", "count": "localized", "rank": "%d", "points": "%.3f", "weight": "%.4f"}
_SHARES = {"percent": 1, "bar": 0}  # decimals of a percentage
_WIDTHS = {"score": 86, "percent": 86, "count": 76, "rank": 64, "points": 86, "weight": 92, "article": 110}


@dataclass(frozen=True)
class Col:
    """One column: its header, what kind of value it holds, its width in pixels and an explanation on hover."""

    title: str
    kind: Kind = "text"
    width: int | Literal["small", "medium", "large"] | None = None
    help: str | None = None
    pinned: bool = False


def show_table(
    frame: pd.DataFrame,
    columns: Mapping[str, str | Col],
    *,
    key: str,
    download: str | None = None,
    download_columns: Mapping[str, str | Col] | None = None,
    select: bool = False,
    rows: int = TALLEST_ROWS,
) -> int | None:
    """Show the named columns of `frame`; returns the position of the chosen row when `select`, else None.

    More rows than PAGE_ROWS are searched, put in order and paged on the server. `columns`: column → header or `Col`. `download`: the file name (no extension) of xlsx and csv below the table;
    `download_columns` names what they hold, by default what is shown.
    """
    spec = {c: Col(col) if isinstance(col, str) else col for c, col in columns.items()}
    is_long = len(frame) > PAGE_ROWS
    found = choose_rows(frame, spec, key=key) if is_long else np.arange(len(frame))
    positions = page_of(found, key=key) if is_long else found
    on_page = frame.iloc[positions] if is_long else frame
    shown = pd.DataFrame({c: _shown(on_page[c], col) for c, col in spec.items()})
    event = st.dataframe(
        shown,
        column_config={c: _config(col) for c, col in spec.items()},
        hide_index=True,
        height=ROW_PX * (min(max(len(shown), 1), rows) + 1) + 3,
        row_height=ROW_PX,
        placeholder=MISSING,
        # other rows are another table: a row chosen before is none of them
        key=f"{key}_{crc32(positions.tobytes())}" if is_long else key,
        on_select="rerun" if select else "ignore",
        selection_mode="single-row",
    )
    show_for_print(on_page, spec, of=len(frame))
    if is_long:
        show_turning(len(found), key=key)
    if download:
        show_columns_download(frame, download_columns or spec, download)
    chosen = event.selection.rows if select else []
    return int(positions[chosen[0]]) if chosen and chosen[0] < len(positions) else None


def show_columns_download(
    frame: pd.DataFrame,
    columns: Mapping[str, str | Col],
    file_name: str,
    *,
    label: str = "下载此表",
    remarks: Sequence[str] = (),
) -> None:
    """`show_download` of the named columns as they stand now, put together when a file is asked for."""
    build = partial(frame_for_file, frame.copy(deep=False), columns)
    show_download(label, build, file_name, remarks=remarks, is_empty=frame.empty)


def frame_for_file(frame: pd.DataFrame, columns: Mapping[str, str | Col]) -> pd.DataFrame:
    """The named columns under their Chinese headers, values unrounded, as a download holds them."""
    titles = {c: col if isinstance(col, str) else col.title for c, col in columns.items()}
    return frame[list(titles)].rename(columns=titles)


def _shown(values: pd.Series, col: Col) -> pd.Series:
    if col.kind == "article":
        return values.map(article_url, na_action="ignore")
    if col.kind in _SHARES:
        # written as the sentences and figures beside write them: the browser takes 81.25 up, Python to the even digit
        form = f"{{:z.{_SHARES[col.kind]}%}}".format
        said = [None if is_missing(value) else float(form(value)[:-1]) for value in values]
        return pd.Series(said, index=values.index, dtype="Float64")
    return values


def _config(col: Col):
    common: dict[str, Any] = {
        "width": col.width or _WIDTHS.get(col.kind),
        "help": col.help,
        "pinned": col.pinned or None,
    }
    if col.kind in _FORMATS:
        return st.column_config.NumberColumn(col.title, format=_FORMATS[col.kind], **common)
    if col.kind == "percent":
        return st.column_config.NumberColumn(col.title, format="%.1f%%", **common)
    if col.kind == "bar":
        return st.column_config.ProgressColumn(
            col.title, format="%.0f%%", min_value=0, max_value=100, **common
        )
    if col.kind == "article":
        return st.column_config.LinkColumn(col.title, display_text=r"#(.+)$", **common)
    if col.kind == "link":
        return st.column_config.LinkColumn(col.title, display_text=r"#(.+)$", **common)
    if col.kind == "date":
        return st.column_config.DateColumn(col.title, format="YYYY-MM-DD", **common)
    if col.kind == "time":
        return st.column_config.DatetimeColumn(col.title, format="YYYY-MM-DD HH:mm", **common)
    return st.column_config.TextColumn(col.title, **common)
