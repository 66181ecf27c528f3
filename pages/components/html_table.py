"""Tables that are read rather than sorted: text wraps, states are badges, articles are links, they print whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from html import escape
from typing import Any, Literal

import pandas as pd
import streamlit as st

from pages.components.links import article_name, page_url
from pages.components.tables import MISSING, show_columns_download
from reporting.rows import columns_of
from reporting.theme import percent, signed, with_minus

Kind = Literal[
    "text",
    "number",
    "signed",
    "percent",
    "bar",
    "badge",
    "article",
    "link",
    "time",
    "date",
    "small",
    "code",
    "figure",
]
NUMERIC = ("number", "signed", "percent", "bar", "figure")  # a figure is a number already put into words
WIDE_COLUMNS = 8  # from here on the table keeps its widths and scrolls sideways rather than squeeze
LINKED = ("article", "link")
NOTHING = f'<span class="aq-muted">{MISSING}</span>'
MOST_ROWS = 400  # more belong into a `show_table`; a page of HTML gets slow


@dataclass(frozen=True)
class Cell:
    """One column: header, kind, decimals of a number, width in CSS, tones of badges, and the column with a link's address.

    `below` names a column whose text stands in small print under the value; `wraps`: a link may take several lines.
    """

    title: str
    kind: Kind = "text"
    decimals: int = 2
    width: str = ""
    tones: Mapping[str, str] = field(default_factory=dict)
    href: str = ""
    below: str = ""
    help: str = ""
    wraps: bool = False


def show_rows(
    frame: pd.DataFrame,
    columns: Mapping[str, str | Cell],
    *,
    total: Mapping[str, str] | None = None,
    download: str | None = None,
    download_columns: Mapping[str, str] | None = None,
    height: int | None = None,
) -> None:
    """Show `frame` as a table of text (at most MOST_ROWS rows; the rest is said and is in the download).

    `total`: column → text of a closing row. `download`: file name without extension; `download_columns` then names
    what the file holds (column → header), by default what is shown.
    """
    spec = {name: Cell(c) if isinstance(c, str) else c for name, c in columns.items()}
    head = "".join(_head(c) for c in spec.values())
    shown = frame[_columns_of(spec, frame)]
    if len(frame) > MOST_ROWS:
        shown = shown.head(MOST_ROWS)
    values = columns_of(shown)
    cells = [_cells(name, cell, values) for name, cell in spec.items()]
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in zip(*cells, strict=True))
    foot = ""
    if total:
        cells = "".join(
            f'<td class="{_align(c)}">{escape(total.get(name, ""))}</td>' for name, c in spec.items()
        )
        foot = f"<tfoot><tr>{cells}</tr></tfoot>"
    is_wide = len(spec) >= WIDE_COLUMNS and sum(bool(c.width) for c in spec.values()) > len(spec) / 2
    fixed = " aq-fixed" if is_wide else ""
    style = f' style="max-height:{height}px"' if height else ""
    st.html(
        f'<div class="aq-scroll"{style}><table class="aq-table{fixed}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody>{foot}</table></div>"
    )
    if len(frame) > MOST_ROWS:
        st.caption(f"只显示前 {MOST_ROWS} 行，共 {len(frame):,} 行；全部内容请下载。")
    if download:
        titles = download_columns or {name: c.title for name, c in spec.items()}
        show_columns_download(frame, titles, download)


def _columns_of(spec: Mapping[str, Cell], frame: pd.DataFrame) -> list[str]:
    """The columns that the cells read: the frames of a screen often have three times as many."""
    read = [each for name, cell in spec.items() for each in (name, cell.below, cell.href) if each]
    return [name for name in dict.fromkeys(read) if name in frame.columns]


def _head(cell: Cell) -> str:
    width = f' style="width:{escape(cell.width)}"' if cell.width else ""
    hint = f' title="{escape(cell.help)}"' if cell.help else ""
    return f'<th class="{_align(cell)}"{width}{hint}>{escape(cell.title)}</th>'


def _cells(name: str, cell: Cell, columns: Mapping[str, list[Any]]) -> list[str]:
    """The cells of one column, from the top down."""
    form, begin, values = _form(cell), f'<td class="{_align(cell)}">', columns[name]
    if cell.kind in LINKED and cell.href in columns:
        said = zip(values, columns[cell.href], strict=True)
    else:
        said = zip(values)
    texts = [form(*each) if _is_said(each[0]) else NOTHING for each in said]
    if cell.below in columns:
        below = columns[cell.below]
        texts = [
            f"{text}<small>{escape(str(small))}</small>" if _is_said(small) else text
            for text, small in zip(texts, below, strict=True)
        ]
    return [f"{begin}{text}</td>" for text in texts]


def _form(cell: Cell) -> Callable[..., str]:
    """How a column's values become HTML; the value of its `href` comes second, where there is one."""
    match cell.kind:
        case "number":
            form = f"{{:z,.{cell.decimals}f}}".format  # the z: what rounds to nothing has no sign
            return lambda value: with_minus(form(value))
        case "percent":
            return partial(percent, decimals=cell.decimals)
        case "signed":
            return partial(signed, decimals=cell.decimals)
        case "bar":
            bar = '<span class="aq-bar"><i style="width:{0:z.1%}"></i></span>'
            return f'{bar}<span class="aq-bar-text">{{0:z.{cell.decimals}%}}</span>'.format
        case "badge":
            return partial(_badge, tones=cell.tones)
        case "article":
            return _article
        case "link":
            return _link
        case "time":
            return "{:%Y-%m-%d %H:%M}".format
        case "date":
            return "{:%Y-%m-%d}".format
        case "code":
            return lambda value: f"<code>{escape(str(value))}</code>"
        case "small":
            return lambda value: f'<span class="aq-small">{escape(str(value))}</span>'
        case _:
            return lambda value: escape(str(value))


def _badge(value: Any, *, tones: Mapping[str, str]) -> str:
    return (
        f'<span class="aq-badge aq-tone-{escape(tones.get(str(value), "none"))}">{escape(str(value))}</span>'
    )


@lru_cache(maxsize=512)  # a table of hundreds of rows names some dozen
def _article(value: Any, text: Any = None) -> str:
    return _link(text or article_name(value), page_url("regulation", article=int(value)))


def _link(value: Any, href: Any) -> str:
    return f'<a href="{escape(str(href))}" data-inside>{escape(str(value))}</a>'


def _align(cell: Cell) -> str:
    return "aq-num" if cell.kind in NUMERIC else "aq-wrap" if cell.wraps else ""


def _is_said(value: Any) -> bool:
    return value is not None and value is not pd.NA and value is not pd.NaT and value == value and value != ""
