"""认定逾期: all findings whose deadline has passed without a correction, said to be overdue with one question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from data.course.findings import lapse_findings
from pages.components.access import get_store, require
from pages.components.confirm import ask_first
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty

MOST_NAMED = 8  # findings that the question tells one by one; the table above has all
COLUMNS = {
    "unit_name": Cell("单位", below="region_path", width="24%"),
    "finding_name": Cell("认定事项", below="place", width="30%"),
    "document": Cell("文号"),
    "on_date": Cell("责令日期", "date"),
    "deadline": Cell("改正期限", "date"),
    "days_past": Cell("已过（天）", "number", decimals=0),
}


def show_lapse(rows: pd.DataFrame, *, cycle: int) -> None:
    """`rows` of `queries.findings` past their deadline, and the question for those chosen."""
    section(
        "期限已过、没有改正",
        "认定逾期后扣分乘方案的逾期倍数；已经改正的，请先登记改正（改正日期在期限内的不算逾期）",
    )
    if rows.empty:
        show_empty("没有期限已过的事项", "责令改正的期限一过而没有登记改正的，会出现在这里。")
        return
    rows = rows.assign(days_past=-rows["days_left"])
    show_rows(rows, COLUMNS, download=f"期限已过的认定事项_{cycle}", height=420)
    names = dict(zip(rows["key"], rows["unit_name"] + "：" + rows["finding_name"], strict=True))
    left = st.multiselect(
        "不包括（如正在核实的）", list(names), format_func=names.get, key="lapse_left", placeholder="可不选"
    )
    on_date = st.date_input(
        "认定日期", value=date.today(), max_value=date.today(), format="YYYY-MM-DD", key="lapse_on"
    )
    keys = [key for key in names if key not in left]
    told = [f"{names[key]}。" for key in keys[:MOST_NAMED]]
    if len(keys) > MOST_NAMED:
        told.append(f"另有 {len(keys) - MOST_NAMED:,} 项，见上表。")
    ask_first(
        f"认定 {len(keys):,} 项逾期",
        key="lapse_all",
        icon=":material/event_busy:",
        primary=True,
        title="认定逾期",
        says=(
            f"以 {on_date} 为认定日期，认定 {len(keys):,} 项逾期未改正，扣分随即乘逾期倍数。",
            *told,
            "以后改正的，记为“逾期后改正”。",
        ),
        yes="认定",
        act=partial(_lapse, keys, cycle=cycle, on_date=on_date),
        disabled=not keys or on_date is None,
    )


def _lapse(keys: Sequence[str], *, cycle: int, on_date: date) -> str:
    require("record_findings")
    n_items = lapse_findings(get_store(), cycle=cycle, keys=keys, on_date=on_date)
    return f"已认定 {n_items:,} 项逾期未改正。"
