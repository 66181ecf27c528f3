"""Tables that are read rather than sorted: text wraps, states are badges, articles are links, they print whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal

import pandas as pd
import streamlit as st

from pages.components.links import article_name, article_url
from pages.components.tables import MISSING, show_columns_download
from reporting.rows import records_of

Kind = Literal[
    "text", "number", "percent", "bar", "badge", "article", "link", "time", "date", "small", "code", "figure"
]
NUMERIC = ("number", "percent", "bar", "figure")  # a figure is a number already put into words
WIDE_COLUMNS = 8  # from here on the table keeps its widths and scrolls sideways rather than squeeze
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
    body = "".join(_row(row, spec) for row in records_of(shown))
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


def _row(row: Mapping[str, Any], spec: Mapping[str, Cell]) -> str:
    cells = []
    for name, cell in spec.items():
        below = row.get(cell.below)
        small = f"<small>{escape(str(below))}</small>" if cell.below and _has(below) and below != "" else ""
        cells.append(f'<td class="{_align(cell)}">{_value(row[name], cell, row)}{small}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _value(value: Any, cell: Cell, row: Mapping[str, Any]) -> str:
    if not _has(value) or value == "":
        return f'<span class="aq-muted">{MISSING}</span>'
    match cell.kind:
        case "number":
            return f"{value:,.{cell.decimals}f}"
        case "percent":
            return f"{value:.{cell.decimals}%}"
        case "bar":
            return (
                f'<span class="aq-bar"><i style="width:{value:.1%}"></i></span>'
                f'<span class="aq-bar-text">{value:.{cell.decimals}%}</span>'
            )
        case "badge":
            return f'<span class="aq-badge aq-tone-{escape(cell.tones.get(str(value), "none"))}">{escape(str(value))}</span>'
        case "article":
            text = escape(str(row.get(cell.href) or article_name(value)))
            return f'<a href="{escape(article_url(value))}" data-inside>{text}</a>'
        case "link":
            return f'<a href="{escape(str(row[cell.href]))}" data-inside>{escape(str(value))}</a>'
        case "time":
            return f"{value:%Y-%m-%d %H:%M}"
        case "date":
            return f"{value:%Y-%m-%d}"
        case "code":
            return f"<code>{escape(str(value))}</code>"
        case "small":
            return f'<span class="aq-small">{escape(str(value))}</span>'
        case _:
            return escape(str(value))


def _align(cell: Cell) -> str:
    return "aq-num" if cell.kind in NUMERIC else "aq-wrap" if cell.wraps else ""


def _has(value: Any) -> bool:
    return value is not None and value is not pd.NA and value is not pd.NaT and value == value
