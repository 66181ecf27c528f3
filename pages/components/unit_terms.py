"""The table of a unit's indicators, which adds up to its base, and the line from there to its score."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from pages.components.access import get_scheme
from pages.components.filters import choose_option
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.unit_parts import STATE_TONES
from reporting.unit_sums import sum_steps

TERM_FILTERS = {"all": "全部指标", "lost": "有失分", "na": "不适用与待核", "repeat": "重复问题"}
TERM_FILE = {
    "indicator": "指标编号",
    "title": "指标",
    "question": "填报内容",
    "place": "依据",
    "dimension_name": "维度",
    "answer": "填报值",
    "state_name": "状态",
    "na_reason": "不适用理由",
    "evidence": "佐证材料",
    "points": "分值",
    "self_attainment": "自评得分率",
    "attainment": "核定得分率",
    "stage_name": "取值环节",
    "review_reason": "核定理由",
    "effective_weight": "有效权重",
    "gap": "失分",
    "repeat": "重复问题",
    "repeat_note": "上年情况",
    "filename": "文件",
    "sheet": "工作表",
    "cell": "单元格",
    "sha256": "文件 SHA-256",
}


def show_terms(summary: Mapping[str, Any], terms: pd.DataFrame, *, decimals: int, cycle: int) -> None:
    """Every indicator with its answer, place in the file, effective weight and points; the table adds up to the base."""
    note = get_scheme(cycle).weights_note
    section("指标得分明细", f"有效权重 × 得分率，加总为基础分；{note}")
    only = choose_option("terms", "指标", TERM_FILTERS, style="segments")
    shown = {
        "all": terms,
        "lost": terms[terms["lost"] > 0].sort_values("lost", ascending=False),
        "na": terms[terms["state"].isin(["na", "pending"])],
        "repeat": terms[terms["repeat"] != ""],
    }[only]
    if shown.empty:
        show_empty("没有这样的指标", "请改选“全部指标”。")
        return
    # Most units repeat nothing: then the table keeps its room for the rest.
    has_repeats = (shown["repeat"] != "").any()
    repeated = (
        {"repeat": Cell("重复", "badge", tones={"重复": "warn"}, below="repeat_note", width="8em")}
        if has_repeats
        else {}
    )
    show_rows(
        shown,
        {
            "title": Cell("指标", below="question", width="25%" if has_repeats else "27%"),
            "article": Cell("依据", "article", href="place", width="6em" if has_repeats else "9em"),
            "said": Cell("填报值", below="evidence", width="15%" if has_repeats else "20%"),
            "shown_state": Cell("状态", "badge", tones=STATE_TONES, width="7em"),
            **repeated,
            "where": Cell("所在单元格", width="7em", help="在所提交文件中的工作表和单元格"),
            "self_attainment": Cell("自评", "percent", decimals=0, width="4.5em"),
            "attainment": Cell("核定得分率", "bar", decimals=0, below="source", width="10.5em"),
            "weight_pct": Cell("有效权重 %", "number", width="7em", help="该指标占本单位基础分的比重"),
            "earned": Cell("得分", "number", decimals=decimals, width="5em"),
            "lost": Cell("失分", "number", decimals=decimals, width="5em"),
        },
        total=_term_total(shown, decimals=decimals) | {"title": "合计" if only == "all" else f"所示 {len(shown)} 项合计"},
        download=f"指标明细_{summary['code']}",
        download_columns=TERM_FILE,
        height=760,
    )  # fmt: skip
    if only == "all":
        _show_sum(summary, decimals=decimals)
    st.html(f'<div class="aq-small">文件：{escape(summary["filename"])}　SHA-256：{summary["sha256"]}</div>')


def _term_total(shown: pd.DataFrame, *, decimals: int) -> dict[str, str]:
    return {
        "weight_pct": f"{shown['weight_pct'].sum():.2f}",
        "earned": f"{shown['earned'].sum():.{decimals}f}",
        "lost": f"{shown['lost'].sum():.{decimals}f}",
    }


def _show_sum(summary: Mapping[str, Any], *, decimals: int) -> None:
    steps = "".join(
        f" {'＋' if value > 0 else '－'} {escape(label)} {abs(value):.{decimals}f}"
        for label, value in sum_steps(summary, decimals=decimals)
    )
    st.html(
        f'<div class="aq-sum">基础分 Σ（有效权重 × 得分率）＝ {summary["base"]:.{decimals}f}{steps} ＝ '
        f"<b>得分 {summary['score']:.{decimals}f}</b></div>"
    )
