"""What a printer gets of an interactive table: all of it as plain rows, since the screen's own prints what is scrolled to."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from pages.components.links import article_name, text_of
from reporting.theme import is_missing, with_minus

MISSING = "—"  # what stands where there is no value; never 0 and never an empty cell
MOST_PRINTED = 300  # rows: some seven pages; more are read in the file
# the z: what a sum's last binary digits keep from 0 has no sign
NUMBERS = {
    "score": "{:z.2f}",
    "count": "{:z,.0f}",
    "rank": "{:z.0f}",
    "points": "{:z.3f}",
    "weight": "{:z.4f}",
}
TIMES = {"date": "{:%Y-%m-%d}", "time": "{:%Y-%m-%d %H:%M}"}
SHARES = {"percent": "{:z.1%}", "bar": "{:z.0%}"}
FORMATS = {**NUMBERS, **TIMES, **SHARES}


class ShownColumn(Protocol):
    """What is needed of a column: its header and kind, as `tables.Col` has them."""

    @property
    def title(self) -> str: ...

    @property
    def kind(self) -> str: ...


def show_for_print(frame: pd.DataFrame, columns: Mapping[str, ShownColumn], *, of: int | None = None) -> None:
    """The rows as a table that only paper shows; says so where there are more than MOST_PRINTED, or `of`
    all of them not all in `frame`."""
    head = "".join(f'<th class="{_align(c.kind)}">{escape(c.title)}</th>' for c in columns.values())
    printed = frame.head(MOST_PRINTED) if len(frame) > MOST_PRINTED else frame
    cells = [_cells(printed[name].tolist(), column.kind) for name, column in columns.items()]
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in zip(*cells, strict=True))
    more = (
        f"<p>只打印前 {MOST_PRINTED} 行，共 {of or len(frame):,} 行；全部内容请下载。</p>"
        if len(frame) > MOST_PRINTED
        else ""
    )
    st.html(
        f'<div class="aq-print"><table class="aq-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>{more}</div>"
    )


def _cells(values: list[Any], kind: str) -> list[str]:
    begin = f'<td class="{_align(kind)}">'
    if kind == "article":
        texts = [MISSING if is_missing(value) else escape(article_name(value)) for value in values]
    elif kind == "link":
        texts = [MISSING if is_missing(value) else escape(text_of(value)) for value in values]
    elif kind in FORMATS:
        form = FORMATS[kind].format
        texts = [MISSING if is_missing(value) or value == "" else form(value) for value in values]
        texts = texts if kind in TIMES else [with_minus(text) for text in texts]
    else:
        texts = [MISSING if is_missing(value) or value == "" else escape(str(value)) for value in values]
    return [f"{begin}{text}</td>" for text in texts]


def _align(kind: str) -> str:
    return "aq-num" if kind in NUMBERS or kind in SHARES else ""
