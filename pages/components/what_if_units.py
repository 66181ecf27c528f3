"""The units of 权重试算: ranks within a category, old and new, within what the visitor may see."""

from __future__ import annotations

import streamlit as st

from data import queries
from pages.components.access import ask_now
from pages.components.charts import clicked, current_look
from pages.components.filters import choose_option
from pages.components.layout import section, show_empty
from pages.components.links import open_page
from pages.components.results import View
from pages.components.tables import Col, show_table
from pages.components.what_if_mark import move_text, show_trial_download
from reporting.charts import draw_rank_moves
from reporting.rank_moves import MOST_LINES
from reporting.robustness_headlines import say_what_if
from scoring.scheme import Scheme
from scoring.trial_input import Trial

WIDTHS = [11, 10]
UNIT_COLUMNS = {
    "rank_before": Col("现名次", "rank", width=58),
    "rank_after": Col("试算", "rank", width=50),
    "moved": Col("升降", width=56),
    "name": Col("单位", width=180),
    "score_before": Col("现得分", "score", width=64),
    "score_after": Col("试算得分", "score", width=72),
    "score_change": Col("变化", "score", width=56),
    "region_name": Col("所在地区", width=100),
}


def show_units(view: View, scheme: Scheme, trial: Trial) -> None:
    """Units of the visitor's own scope, one category at a time, since other categories have other duties."""
    category = choose_option("category", "单位类别", {c.id: c.name for c in scheme.categories}, width=300)
    rows = ask_now(
        queries.what_if_units,
        cycle=view.cycle,
        weights=trial.weights(scheme),
        basis=view.basis,
        category=category,
        region=view.unit_region,
    )
    name = scheme.category(category).name
    section(f"{view.name}的{name}：名次", say_what_if(rows, level="单位"))
    if view.own_note:
        st.caption(f"{view.own_note}。")
    if rows.empty:
        show_empty("这里没有这一类单位", "请换一个单位类别或者地区。")
        return
    known = rows["rank_before"].notna() & rows["rank_after"].notna()
    if known.sum() > MOST_LINES:
        st.caption(f"图中只画变动最大的 {MOST_LINES} 家，其余见表；名次在全省同类单位中排定。")
    left, right = st.columns(WIDTHS, gap="large")
    with left:
        if known.any():
            code = clicked(
                draw_rank_moves(rows, look=current_look(), decimals=view.decimals),
                key=f"what_if_units_{view.key}_{category}",
                name=f"试算单位名次_{view.cycle}_{view.name}_{name}",
                alt="单位在现行权重与试算权重下的名次，数值见旁边的表",
            )
            if code:
                open_page("unit", **view.where | {"unit": code})
        else:
            show_empty("没有名次可比较", "同类单位过少，或者还没有提交时不排名次；得分见旁边的表。")
    with right:
        show_table(
            rows.assign(moved=rows["rank_change"].map(move_text)),
            UNIT_COLUMNS,
            key=f"what_if_units_table_{view.key}_{category}",
            rows=21,
        )
        columns = {
            "code": "统一社会信用代码",
            "name": "单位",
            "region_name": "所在地区",
            "category_name": "类别",
            "rank_before": "现行名次",
            "rank_after": "试算名次",
            "rank_change": "位次升降（正为上升）",
            "score_before": "现行得分",
            "score_after": "试算得分",
            "score_change": "得分变化",
        }
        show_trial_download(trial, scheme, rows, columns, f"试算单位名次_{view.cycle}_{view.name}_{name}")
