"""单位名册: how the register of a year is made up, and the way to where it is changed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data import queries
from pages.components.admin_access import whole_store
from pages.components.downloads import show_download
from pages.components.filters import choose_cycle
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.links import page_link
from pages.components.tables import Col, show_table

WITHOUT_TAG = {
    "code": Col("统一社会信用代码", width=190),
    "name": Col("单位", width=320),
    "region_path": Col("地区", width=260),
    "category_name": Col("类别", width=160),
    "expected": Col("应有的标签（之一）", width=240),
}


def show_register_counts() -> None:
    """Units by prefecture and category, those that lack a tag, and the link to the register itself."""
    store = whole_store()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cycle = choose_cycle()
        if cycle is not None:
            page_link(
                "submit", "导入、下载名册", icon=":material/arrow_forward:", cycle=cycle, step="register"
            )
    if cycle is None:
        show_empty("尚未开设考核年度", "请先在“年度”中开设，再导入单位名册。")
        return
    counts = queries.register_counts(store, cycle=cycle)
    if counts.empty:
        show_empty(
            "名册是空的",
            f"{cycle} 年度还没有登记单位：下载模板，填好后导入。",
            page="submit",
            link="导入单位名册",
            cycle=cycle,
            step="register",
        )
        return
    _show_counts(counts, cycle=cycle)
    _show_without_tag(queries.units_without_tag(store, cycle=cycle))


def _show_counts(counts: pd.DataFrame, *, cycle: int) -> None:
    """By region and by category; the file has both together."""
    left, right = st.columns(2, gap="large")
    with left:
        section(f"{cycle} 年度登记单位（按地区）", "市（地）含所辖县（市、区），省一行为省直单位")
        _show_sums(counts, "地区")
    with right:
        section("按类别", "考核哪些指标由类别和职能标签决定")
        _show_sums(queries.category_counts(counts), "类别")
        table = counts.drop(columns="code").rename(columns={"name": "地区", "units": "合计"})
        show_download("下载地区、类别对照表", table, f"登记单位_{cycle}")


def _show_sums(rows: pd.DataFrame, title: str) -> None:
    """Names and numbers of units; the last row is the whole."""
    *_, whole = rows["units"]
    show_rows(
        rows.iloc[:-1],
        {"name": title, "units": Cell("登记单位", "number", decimals=0, width="9em")},
        total={"name": "合计", "units": f"{whole:,}"},
    )


def _show_without_tag(units: pd.DataFrame) -> None:
    if units.empty:
        st.caption("各单位都有应有的职能标签。")
        return
    section("少了职能标签的单位", f"{len(units):,} 家；没有标签会少考核一部分指标，请在名册中补填后重新导入")
    show_table(units, WITHOUT_TAG, key="without_tag", rows=8, download="少了职能标签的单位")
