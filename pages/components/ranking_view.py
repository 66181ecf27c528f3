"""The parts of 地区排名: the level, the way back up, both systems side by side, the units of a region."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data import queries
from pages.components.access import get_scheme, regions
from pages.components.charts import clicked, current_look, show_chart
from pages.components.filters import choose_option
from pages.components.folded import show_folded
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.links import open_page, page_link, plain
from pages.components.redraw import Redraw, choose_shown, with_intervals
from pages.components.region_columns import (
    ALL_UNIT_COLUMNS,
    UNIT_COLUMNS,
    say_more,
    show_all_region_columns,
    show_region_table,
)
from pages.components.results import LEVEL_NAMES, View
from pages.components.tables import show_table
from pages.components.unit_table import show_unit_table, units_of_page
from reporting.charts import draw_bounds, draw_ranked_bars, draw_system_ranks, draw_system_shifts
from reporting.headlines import say_movers, say_unit_ranks
from reporting.rows import rows_of

TALL_PX = 820  # a taller figure scrolls inside its own frame, beside its table
WIDTHS = [1, 1]
WITH_INTERVALS = [6, 5]
MOST_LINES = 25  # regions whose ranks can be followed as lines


def show_way_up(view: View) -> None:
    """Links to the regions above the chosen one; nothing at the province."""
    if view.region is None:
        return
    tree = regions()
    above, code = [], tree.parent[view.region]
    while code in tree.parent:  # what lies above is always seen as a whole
        above.append(code)
        code = tree.parent[code]
    with st.container(horizontal=True, gap="small", key="way_up"):
        for code in reversed(above):
            page_link("ranking", f"{tree.name[code]} ›", **view.where | {"region": code})


def show_ranking(view: View, rows: pd.DataFrame) -> None:
    """Ranked bars (before the deadline: submission rates and ranges) beside the table; a click goes into the region.

    Unless switched off, each rank stands with the interval that it has under redrawn weights.
    """
    look, spread = current_look(), view.is_whole_province_by_county
    has_intervals = not view.is_before_deadline and rows["rank"].notna().sum() > 1 and choose_shown()
    if has_intervals:
        rows = with_intervals(view, rows)
    if view.is_before_deadline:
        section(
            f"各{LEVEL_NAMES[view.rows]}提交率与得分区间",
            "按提交率排列；截止前不排名次；点击一行或一个条形进入该地区",
        )
        figure = draw_bounds(rows, look=look, decimals=view.decimals, show_parent=spread, chosen=view.region)
    else:
        section(f"各{LEVEL_NAMES[view.rows]}得分", "名次为全省同级地区中的名次；点击一行或一个条形进入该地区")
        figure = draw_ranked_bars(
            rows,
            look=look,
            decimals=view.decimals,
            mean=view.province["score"],
            show_parent=spread,
            chosen=view.region,
            with_intervals=has_intervals,
        )
    left, right = st.columns(WITH_INTERVALS if has_intervals else WIDTHS, gap="large")
    with left, st.container(height=TALL_PX if len(rows) > MOST_LINES else "content", border=False):
        code = clicked(
            figure,
            key=f"ranking_bars_{view.key}",
            name=f"{'提交率与得分区间' if view.is_before_deadline else '地区排名'}_{view.cycle}_{view.name}_{LEVEL_NAMES[view.rows]}",
            alt="各地区得分条形图，数值见旁边的表",
        )
    with right:
        row = show_region_table(view, rows, key="ranking_regions", intervals=has_intervals)
        if has_intervals:
            st.caption(
                plain(
                    f"名次区间：把各项权重随机改动 {Redraw().text}，九成的名次落在其中；只说明名次对权重是否敏感。"
                )
            )
            page_link("robustness", "排名稳健性", icon=":material/stacked_bar_chart:", **view.where)
    in_box = show_all_region_columns(view, rows, key="ranking_regions", intervals=has_intervals)
    code = row or in_box or code
    if code and code != view.region:
        open_page("ranking", **view.where | {"region": code})


def show_systems(view: View, rows: pd.DataFrame) -> None:
    """Composite and both systems side by side, and why regions stand differently under them."""
    systems = get_scheme(view.cycle).systems
    ranks = view.ask_rows(queries.system_ranks)
    ranks = ranks[ranks["rank"].notna()].merge(rows[["code", "parent_name"]], on="code")
    if view.is_whole_province_by_county:
        ranks = ranks.assign(name=ranks["parent_name"] + " " + ranks["name"])
    section("两个责任制之间的位次变化", say_movers(ranks, systems=systems))
    if len(ranks) < 2:
        show_empty("不足两个地区有名次", "有名次的地区达到两个后，这里比较它们在两个责任制下的位次。")
        return
    draw = draw_system_ranks if len(ranks) <= MOST_LINES else draw_system_shifts
    left, right = st.columns(WIDTHS, gap="large")
    with left:
        show_chart(
            draw(ranks, systems=systems, look=current_look(), decimals=view.decimals),
            key=f"ranking_systems_{view.key}",
            name=f"两个责任制位次_{view.cycle}_{view.name}_{LEVEL_NAMES[view.rows]}",
            alt="各地区在两个责任制下的名次，数值见旁边的表",
        )
    with right:
        columns = {
            "name": Cell("地区", width="7em"),
            "rank": Cell("综合", "number", decimals=0, width="3.6em"),
        }
        for system in systems:
            columns[f"rank_{system.id}"] = Cell(
                system.name.removesuffix("责任制"),
                "number",
                decimals=0,
                width="5em",
                help=f"{system.name}下的名次",
            )
        show_rows(
            ranks.sort_values(["rank_shift", "rank"], ascending=[False, True]),
            columns | {"reason": Cell("为何不同")},
            height=560,
            download=f"两个责任制位次_{view.cycle}_{view.name}_{LEVEL_NAMES[view.rows]}",
            download_columns={
                "name": "地区",
                "score": "综合得分",
                "rank": "综合名次",
                **{f"score_{s.id}": f"{s.name}得分" for s in systems},
                **{f"rank_{s.id}": f"{s.name}名次" for s in systems},
                "rank_shift": "名次之差",
                "reason": "为何不同",
            },
        )


def show_units(view: View) -> None:
    """The units of the chosen region, one category at a time, since other categories have other duties."""
    if view.is_outside:
        section(f"{view.name}的单位", "")
        show_empty("不在您的管辖地区", "其他地区只显示汇总得分和名次，不显示单个单位。")
        return
    counts = view.ask(queries.unit_categories, region=view.region, basis=view.basis)
    section(f"{view.name}的单位", "不同类别的单位职责不同，名次只在同类单位中排定（全省范围）")
    present = dict(zip(counts["category"], counts["category_name"], strict=True))
    category = choose_option("category", "单位类别", present, width=300)
    if category is None:
        show_empty(
            "这里没有登记单位",
            "请换一个地区，或在“自评填报”中导入单位名册。",
            page="submit",
            link="去自评填报",
        )
        return
    own = next(row for row in rows_of(counts) if row.category == category)
    st.caption(say_unit_ranks(own, category=own.category_name, where=view.name, decimals=view.decimals))
    where = {"cycle": view.cycle, "region": view.region, "category": category, "basis": view.basis}
    shown, found, page = units_of_page(order="highest", **where)
    left, right = st.columns(WIDTHS, gap="large")
    with left, st.container(height=TALL_PX if len(shown) > MOST_LINES else "content", border=False):
        code = clicked(
            draw_ranked_bars(shown, look=current_look(), decimals=view.decimals),
            key=f"ranking_units_{view.key}_{category}_{page}",
            name=f"单位得分_{view.cycle}_{view.name}_{present[category]}",
        )
    with right:
        row = show_unit_table(
            shown,
            UNIT_COLUMNS,
            page=page,
            found=found,
            key=f"ranking_units_table_{view.key}_{category}",
            download=f"单位得分_{view.cycle}_{view.name}_{present[category]}",
            download_columns=ALL_UNIT_COLUMNS,
            tall=21,
            where=where,
        )
    key = f"ranking_units_all_{view.key}_{category}_{page}"
    in_box = show_folded(
        say_more(UNIT_COLUMNS, ALL_UNIT_COLUMNS),
        lambda: show_table(shown, ALL_UNIT_COLUMNS, key=key, select=True),
        key="ranking_units_box",
    )
    row = in_box if row is None else row
    code = shown["code"].iloc[row] if row is not None else code
    if code:
        open_page("unit", **view.where | {"unit": code})
