"""What two versions of a scheme differ in, line by line, with what each difference changes."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components.html_table import Cell, show_rows
from scoring.scheme import Scheme
from scoring.scheme_differences import differences

TONES = {"得分": "pass", "等次": "pass", "流程": "none", "文字": "none"}
COLUMNS = {
    "kind": Cell("部分", width="7em"),
    "id": Cell("编号", below="title", width="20%"),
    "field": Cell("栏目", width="9em"),
    "before": Cell("原"),
    "now": Cell("新"),
    "affects": Cell("影响", "badge", tones=TONES, width="6em"),
}


def difference_rows(before: Scheme, now: Scheme) -> pd.DataFrame:
    """One row per line in which two versions differ, in the columns of `COLUMNS` and `title`."""
    columns = ["kind", "id", "title", "field", "before", "now", "affects"]
    return pd.DataFrame(
        [[getattr(each, column) for column in columns] for each in differences(before, now)], columns=columns
    )


def show_differences(before: Scheme, now: Scheme, *, key: str, download: str | None = None) -> int:
    """The differences as a table, or that there are none; returns how many."""
    rows = difference_rows(before, now)
    if rows.empty:
        st.caption("两者内容相同。")
        return 0
    changes_score = int(rows["affects"].isin(["得分", "等次"]).sum())
    st.caption(f"共 {len(rows)} 处不同，其中 {changes_score} 处会改变得分或等次。")
    show_rows(rows, COLUMNS, download=download, height=520)
    return len(rows)
