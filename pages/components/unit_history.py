"""全部经过: what happened to one unit in a year, the newest first, by role."""

from __future__ import annotations

import pandas as pd

from pages.components.html_table import Cell, show_rows
from pages.components.layout import section

KIND_TONES = {
    "自评表": "plain",
    "退回补正": "warn",
    "核定": "good",
    "认定事项": "fail",
    "整改任务": "pass",
    "异议": "warn",
    "等次": "excellent",
    "公布": "excellent",
}
COLUMNS = {
    "at": Cell("时间", "time", width="10em"),
    "kind_name": Cell("事项", "badge", tones=KIND_TONES, width="7em"),
    "hand": Cell("由谁", width="6em"),
    "what": Cell("办理", width="13em"),
    "about": Cell("内容", below="text"),
}
FILE = {
    "at": "时间",
    "kind_name": "事项",
    "hand": "由谁",
    "what": "办理",
    "about": "内容",
    "text": "理由、说明",
}
HEIGHT_PX = 420


def show_unit_history(history: pd.DataFrame, *, unit: str) -> None:
    """queries.unit_history as a table; nothing where nothing happened."""
    if history.empty:
        return
    section("全部经过", "提交、退回、核定、认定、整改、异议、等次和公布，最新的在前")
    show_rows(history, COLUMNS, download=f"全部经过_{unit}", download_columns=FILE, height=HEIGHT_PX)
