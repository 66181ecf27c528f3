"""The files that came in, with their fate and problems: of one unit, and of a whole cycle."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data import queries
from pages.components.access import ask, get_store
from pages.components.filters import choose_option
from pages.components.inbox_line import show_inbox_line
from pages.components.layout import section, show_empty
from pages.components.problem_table import show_problems
from pages.components.tables import Col, show_table

HASH_SHOWN = 12  # characters of a SHA-256 on the screen; downloads hold all 64
HISTORY_COLUMNS = {
    "at": Col("时间", "time", width=150),
    "filename": Col("文件", width=260),
    "unit_name": Col("单位", width=190),
    "status_name": Col("结果", width=124),
    "source_name": Col("来源", width=70, help="网页上传、命令行 import，或放进收件箱"),
    "n_errors": Col("错误", "count", width=56),
    "n_warnings": Col("提醒", "count", width=56),
    "template_version": Col("模板版本", width=82),
    "hash": Col("SHA-256", width=116, help="文件指纹的前 12 位"),
}
HISTORY_FILE = {
    **{n: c for n, c in HISTORY_COLUMNS.items() if n != "hash"},
    "unit": "单位代码",
    "sha256": "SHA-256",
}
OWN_HISTORY = {name: col for name, col in HISTORY_COLUMNS.items() if name != "unit_name"}
MOST_FILES = 5000  # the newest of a cycle that are listed; more make the table slow
SOURCES = {"all": "全部来源", "web": "网页", "command": "命令行", "inbox": "收件箱"}
FATES = {"all": "全部结果", "accepted": "已接收", "warned": "已接收（有提醒）", "refused": "退回"}


def history_rows(history: pd.DataFrame) -> pd.DataFrame:
    """`queries.history` as shown: of the template only its version, of the hash its beginning."""
    versions = [str(v).rsplit("/", 1)[-1] if v == v and v else None for v in history["template_version"]]
    return history.assign(template_version=versions, hash=history["sha256"].str[:HASH_SHOWN])


def show_history(history: pd.DataFrame, *, unit: str) -> None:
    """Every file that came in for the unit, newest first; a chosen one shows its problems."""
    section("文件记录", "每一次提交都保留；以最新一次有效提交计分")
    if history.empty:
        st.caption("本年度还没有收到该单位的文件。")
        return
    chosen = show_table(
        history_rows(history),
        OWN_HISTORY,
        key=f"unit_history_{unit}",
        select=True,
        rows=6,
        download=f"文件记录_{unit}",
        download_columns=HISTORY_FILE,
    )
    if chosen is not None:
        receipt = int(history["receipt"].iloc[chosen])
        problems = queries.receipt_problems(get_store(), receipt=receipt)
        if problems.empty:
            st.caption("这份文件没有问题。")
        else:
            show_problems(problems, download=f"问题清单_{receipt}")


def show_inbox(*, cycle: int) -> None:
    """How the inbox stands, and every file of the cycle with its fate; a chosen one shows its problems."""
    show_inbox_line(cycle=cycle)
    with st.container(horizontal=True, key="history_filters"):
        fate = choose_option("fate", "结果", FATES, style="segments")
        source = choose_option("source", "来源", SOURCES, style="segments")
    files = ask(queries.history, cycle=cycle, limit=MOST_FILES)
    is_shown = (files["status"] == fate) | (fate == "all")
    shown = files[is_shown & ((files["source"] == source) | (source == "all"))]
    counted = (
        f"最近 {MOST_FILES:,} 份中的 {len(shown):,} 份"
        if len(files) == MOST_FILES
        else f"共 {len(shown):,} 份"
    )
    section("收件记录", f"{counted}，最新的在前；选一行看该文件的问题")
    if shown.empty:
        show_empty("没有这样的文件", "请改选“全部结果”和“全部来源”，或到“上传”交来填好的自评表。")
        return
    chosen = show_table(
        history_rows(shown),
        HISTORY_COLUMNS,
        key=f"inbox_{fate}_{source}",
        select=True,
        download=f"收件记录_{cycle}",
        download_columns=HISTORY_FILE,
    )
    if chosen is None:
        return
    receipt = shown.iloc[chosen]
    problems = queries.receipt_problems(get_store(), receipt=int(receipt["receipt"]))
    section("问题清单", receipt["filename"])
    if problems.empty:
        st.caption("这份文件没有问题。")
    else:
        show_problems(problems, download=f"问题清单_{receipt['receipt']}")
