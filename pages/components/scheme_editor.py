"""One table of a scheme as an editor; gives back only the cells that differ from the version it started from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.components import state
from scoring.scheme_tables import Column, Table

MOUNTED = "mounted:"
WIDTHS = {"number": 108, "id": 120, "title": 190, "dimension": 150, "names": 360, "bool": 90}
ROWS_SHOWN, ROW_PX = 16, 35


def edit_table(
    table: Table, cells: Mapping[str, Mapping[str, Any]], *, name: str
) -> dict[str, dict[str, Any]]:
    """Draw the editor with the draft's `cells` in it; returns row → field → value of every cell that now differs.

    `name` names the widget: another version, or a draft thrown away, is another widget.
    """
    name = f"{name}_{table.id}"
    if not state.has_widget(name):  # from here on the browser keeps what is typed on top of this
        state.keep(MOUNTED + name, frame_of(table, cells))
    typed = st.data_editor(
        state.recall(MOUNTED + name),
        column_config={column.field: _config(column) for column in table.columns},
        column_order=[column.field for column in table.columns],
        disabled=[column.field for column in table.columns if column.is_fixed],
        hide_index=True,
        num_rows="fixed",
        height=ROW_PX * (min(len(table.rows), ROWS_SHOWN) + 1) + 3,
        row_height=ROW_PX,
        key=state.widget_key(name),
    )
    return edited_cells(table, typed)


def frame_of(table: Table, cells: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """The table with a draft's values in it, by row key."""
    rows = {key: {**row, **cells.get(key, {})} for key, row in table.rows.items()}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=[c.field for c in table.columns])
    for column in table.columns:
        if column.kind == "number":
            frame[column.field] = pd.to_numeric(frame[column.field], errors="coerce").astype(float)
    return frame


def edited_cells(table: Table, frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Row → field → value of every cell that differs from the table's own; a cleared cell is None."""
    changed: dict[str, dict[str, Any]] = {}
    for key, row in frame.to_dict("index").items():
        for column in table.columns:
            value, known = _value(row[column.field], column), table.rows[key][column.field]
            if not column.is_fixed and not _same(value, known):
                changed.setdefault(key, {})[column.field] = value
    return changed


def _value(value: Any, column: Column) -> Any:
    if column.kind == "names":
        return [str(each) for each in value] if value is not None and not isinstance(value, float) else []
    if value is None or pd.isna(value):
        return None
    if column.kind == "number":
        return float(value)
    if column.kind == "bool":
        return bool(value)
    return str(value).strip() or None


def _same(value: Any, known: Any) -> bool:
    if isinstance(value, list):
        return set(value) == set(known)
    return value == known


def _config(column: Column):
    common = {"help": column.help or None, "width": WIDTHS.get(column.field, WIDTHS.get(column.kind))}
    if column.kind == "number":
        # no limits here: the browser would cut a value to them without a word
        return st.column_config.NumberColumn(column.title, format="%.10g", **common)
    if column.kind == "choice":
        return st.column_config.SelectboxColumn(
            column.title, options=list(column.options), format_func=dict(column.options).get, **common
        )
    if column.kind == "bool":
        return st.column_config.CheckboxColumn(column.title, **common)
    if column.kind == "names":
        return st.column_config.MultiselectColumn(column.title, options=list(column.options), **common)
    return st.column_config.TextColumn(column.title, **common)
