"""The parts of 排名稳健性: intervals of rank, pairs that the data do not decide, and one weight moved at a time."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data import queries
from pages.components.access import get_scheme
from pages.components.charts import clicked, current_look, show_chart
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.links import open_page, page_link, page_urls, plain
from pages.components.redraw import Redraw, ask_redrawn_pairs
from pages.components.results import LEVEL_NAMES, View
from reporting.charts import draw_first_changes, draw_rank_intervals, draw_undecided_pairs
from reporting.first_changes import KIND_NAMES, WEIGHTS_SHOWN
from reporting.rank_intervals import PAIRS_SHOWN
from reporting.rank_marks import say_places
from reporting.robustness_headlines import say_change, say_first_change, say_pairs
from reporting.rows import rows_of
from reporting.theme import percent
from scoring.robustness import DECIDED, SEED

WIDTHS = [11, 10]
TALL_PX = 820  # a taller figure scrolls inside its own frame, beside its table
MOST_LINES = 25
DECIDED_NAMES = {True: "可定", False: "不能确定"}
DECIDED_TONES = {"可定": "good", "不能确定": "warn"}


def show_intervals(view: View, rows: pd.DataFrame, redraw: Redraw) -> None:
    """Every region's rank and the middle 90 % of its ranks, beside the table, and how they were found."""
    level = LEVEL_NAMES[view.rows]
    section(
        f"各{level}的名次区间",
        "名次为全省同级地区中的名次；橙色为区间内不止一个名次的地区；点击一行可看该地区",
    )
    if len(rows) < 2:
        show_empty(
            "不足两个地区有名次",
            "有名次的地区达到两个后，这里显示换一组权重时名次是否还成立；也可在上方选择上一级地区。",
            page="submit",
            link="去自评填报",
            cycle=view.cycle,
        )
        return
    spread = view.is_whole_province_by_county
    left, right = st.columns(WIDTHS, gap="large")
    with left, st.container(height=TALL_PX if len(rows) > MOST_LINES else "content", border=False):
        code = clicked(
            draw_rank_intervals(
                rows, look=current_look(), decimals=view.decimals, show_parent=spread, chosen=view.region
            ),
            key=f"robustness_intervals_{view.key}_{redraw}",
            name=f"名次区间_{view.cycle}_{view.name}_{level}",
            alt="各地区名次的区间，数值见旁边的表",
        )
    with right:
        shown = rows.assign(
            places=[say_places(row) for row in rows_of(rows)],
            where=rows["parent_name"] if spread else "",
            href=page_urls("robustness", rows["code"], last="region", **view.where),
        )
        show_rows(
            shown,
            {
                "rank": Cell("名次", "number", decimals=0, width="3.6em"),
                "name": Cell("地区", "link", href="href", below="where"),
                "score": Cell("得分", "number", decimals=view.decimals, width="5em"),
                "rank_median": Cell("中位", "number", decimals=0, width="4em", help="各次重抽中名次的中位数"),
                "places": Cell("5%–95% 区间", width="7.5em", help="九成的重抽中名次落在这个区间"),
                "keeps": Cell(
                    "名次不变", "percent", decimals=1, width="6em", help="名次与现名次相同的重抽所占比例"
                ),
            },
            height=TALL_PX,
            download=f"名次区间_{view.cycle}_{view.name}_{level}",
            download_columns={
                "code": "行政区划代码",
                "name": "地区",
                "parent_name": "所属",
                "score": "得分",
                "rank": "名次",
                "rank_median": "中位名次",
                "rank_low": "5% 名次",
                "rank_high": "95% 名次",
                "keeps": "名次不变的比例",
                "best": "最好名次",
                "worst": "最差名次",
            },
        )
    _say_method(view, redraw)
    if code and code != view.region:
        open_page("robustness", **view.where | {"region": code})


def _say_method(view: View, redraw: Redraw) -> None:
    st.caption(
        plain(
            f"方法：每次重抽，把每个责任制、维度、指标的权重各乘以 {1 - redraw.delta:g} 至 {1 + redraw.delta:g} "
            f"之间的随机数并重新归一，再算分、排名；共 {redraw.draws:,} 次，随机种子 {SEED}，同样的数据得同样的结果。"
            "它只回答换一组权重时次序是否还成立，不说明填报是否属实，也不说明哪一组权重正确。"
            f"{get_scheme(view.cycle).weights_note}。"
        )
    )


def show_pairs(view: View, redraw: Redraw) -> None:
    """The neighbours in rank order whose order holds in too few of the draws, as bars and as a table of all pairs."""
    pairs = ask_redrawn_pairs(view, redraw)
    section("数据不能确定先后的相邻地区", say_pairs(pairs))
    if pairs.empty:
        return
    pairs = pairs.assign(decided=pairs["is_decided"].astype(bool).map(DECIDED_NAMES))
    undecided = pairs[pairs["decided"] == DECIDED_NAMES[False]]
    left, right = st.columns(WIDTHS, gap="large")
    with left:
        if undecided.empty:
            show_empty("先后都可确定", f"每一对相邻地区的先后都在 {percent(DECIDED, 0)} 以上的重抽中成立。")
        else:
            show_chart(
                draw_undecided_pairs(undecided, look=current_look()),
                key=f"robustness_pairs_{view.key}_{redraw}",
                name=f"先后不定的相邻地区_{view.cycle}_{view.name}_{LEVEL_NAMES[view.rows]}",
                alt="相邻地区先后成立的比例，数值见旁边的表",
            )
        if len(undecided) > PAIRS_SHOWN:
            st.caption(f"图中只画最不确定的 {PAIRS_SHOWN} 对，其余见表。")
    with right:
        show_rows(
            pairs,
            {
                "above_name": Cell("在前"),
                "below_name": Cell("在后"),
                "gap": Cell("分差", "number", decimals=view.decimals, width="5em"),
                "holds": Cell("先后成立", "percent", decimals=1, width="6em"),
                "decided": Cell("结论", "badge", tones=DECIDED_TONES, width="6.5em"),
            },
            height=620,
            download=f"相邻地区先后_{view.cycle}_{view.name}_{LEVEL_NAMES[view.rows]}",
            download_columns={
                "above": "在前代码",
                "above_name": "在前",
                "below": "在后代码",
                "below_name": "在后",
                "gap": "分差",
                "holds": "先后成立的比例",
                "decided": "结论",
            },
        )


def show_first_changes(view: View) -> None:
    """One weight at a time: how far each may move before two regions change places, nearest first."""
    with st.spinner("正在逐项改变权重，数据更新后的第一次较慢，请稍候……"):
        frame = view.ask_rows(queries.first_changes, basis=view.basis)
    section("只动一项权重，名次何时改变", say_first_change(frame))
    if frame.empty:
        return
    frame = frame.assign(
        kind_name=frame["kind"].map(KIND_NAMES),
        leader_text=[say_change(factor - 1) for factor in frame["leader_change"].astype(float)],
        change_text=[say_change(change) for change in frame["change"]],
        pair=[
            "" if pd.isna(row.above_name) else f"{row.above_name} ⇄ {row.below_name}"
            for row in rows_of(frame)
        ],
    )
    left, right = st.columns(WIDTHS, gap="large")
    with left:
        show_chart(
            draw_first_changes(frame, look=current_look()),
            key=f"robustness_first_{view.key}",
            name=f"单项权重变动_{view.cycle}_{view.name}_{LEVEL_NAMES[view.rows]}",
            alt="各项权重单独变动到多少时次序改变，数值见旁边的表",
        )
        if len(frame) > WEIGHTS_SHOWN:
            st.caption(f"图中只画最敏感的 {WEIGHTS_SHOWN} 项，其余见表。")
    with right:
        show_rows(
            frame,
            {
                "title": Cell("权重", below="kind_name", width="9em"),
                "article": Cell("条文", "article", width="5em"),
                "share_now": Cell("现占", "percent", decimals=1, width="5em", help="占全部权重的比重"),
                "change_text": Cell(
                    "变动", "figure", width="5em", help="离现权重最近的、使两个地区互换位次的变动"
                ),
                "pair": Cell("互换的地区", "small", width="20%"),
                "leader_text": Cell(
                    "改变居首者", "figure", width="6.4em", help="使居首的地区改变的、最近的变动"
                ),
            },
            height=760,
            download=f"单项权重变动_{view.cycle}_{view.name}_{LEVEL_NAMES[view.rows]}",
            download_columns={
                "kind_name": "种类",
                "id": "编号",
                "title": "权重",
                "article": "条",
                "share_now": "现占比重",
                "down": "下降到的倍数",
                "up": "上升到的倍数",
                "value": "最近处的权重",
                "change": "最近处的变动",
                "weight_now": "现权重",
                "above_name": "现在前者",
                "below_name": "将在前者",
                "leader_change": "改变居首者的倍数",
            },
        )
        page_link("what_if", "用自己定的权重试算", icon=":material/tune:", **view.where)
