"""The parts of 地区对比: with whom, by what, the steps from one score to the other, both attainments, every line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from data.regions import PROVINCE
from pages.components.access import get_scheme, regions
from pages.components.charts import current_look, show_chart
from pages.components.filters import choose_category, choose_option
from pages.components.folded import show_folded
from pages.components.gaps_view import show_article_links
from pages.components.html_table import Cell, show_rows
from pages.components.layout import region_name, section, show_empty
from pages.components.links import page_link
from pages.components.region_columns import say_more
from pages.components.results import View
from pages.components.tables import Col, show_table
from reporting.charts import draw_bridge, draw_pairs
from reporting.theme import number, signed
from scoring.rounding import round_half_up

BY = {"dimension": "按维度", "article": "按条文", "indicator": "按指标"}
WIDTHS = [11, 10]
TALL_PX = 680


@dataclass(frozen=True)
class Comparison:
    """Who is compared with whom, of which category (None: all units), and by what."""

    view: View
    other: str
    category: str | None
    by: str

    @property
    def names(self) -> tuple[str, str]:
        """The region's and the other's, of a category where one was chosen."""
        kind = ""
        if self.category:
            kind = next(f"·{c.name}" for c in get_scheme(self.view.cycle).categories if c.id == self.category)
        other = "全省" if self.other == PROVINCE else region_name(self.other)
        return f"{self.view.name}{kind}", f"{other}{kind}"

    @property
    def key(self) -> str:
        """Names the comparison in the keys of widgets and the names of files."""
        return f"{self.view.key}_{self.other}_{self.category}_{self.by}"

    @property
    def file(self) -> str:
        """What files of it are called."""
        return f"地区对比_{self.view.cycle}_{'_'.join(self.names)}_{BY[self.by]}"

    def ask(self, query: Any) -> Any:
        """What queries.comparison tells of the two sides."""
        return self.view.ask(
            query,
            region=self.view.region,
            other=self.other,
            category=self.category,
            by=self.by,
            basis=self.view.basis,
        )


# Of the table beside a figure, the columns that stand in the box with all of them.
BEHIND = ("article", "gap_here", "gap_there", "note")


def choose_comparison(view: View) -> Comparison:
    """The other side (query parameter `other`), `category` and `by`; at first the province, or its first region."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="comparison_bar", gap="small"):
        other = choose_option("other", "与谁对比", _others(view), width=220)
        category = choose_category(cycle=view.cycle)
        by = choose_option("by", "对比到", BY, style="segments") or "dimension"
    return Comparison(view=view, other=other or PROVINCE, category=category, by=by)


def _others(view: View) -> dict[str, str]:
    """The regions that the visitor may see, but the chosen one: the province, those of its level, then the others."""
    tree, own = regions(), view.region or PROVINCE
    names, level, parent = tree.name, tree.level, tree.parent
    own_level = "prefecture" if own == PROVINCE else level[own]
    levels = {"county", "zone"} if own_level in ("county", "zone") else {own_level}
    codes = [code for code in names if code not in (own, PROVINCE)]
    codes.sort(key=lambda code: (level[code] not in levels, parent[code] != parent[own], code))
    options = {} if own == PROVINCE else {PROVINCE: "全省"}
    for code in codes:
        at = names.get(parent[code], "") if level[code] in ("county", "zone") else ""
        options[code] = f"{names[code]}（{at}）" if at else names[code]
    return options


def show_steps(chosen: Comparison, sides: Sequence[Mapping[str, Any]], steps: pd.DataFrame) -> None:
    """From the other's score to the region's, step by step, beside both sides' figures."""
    section(
        f"由{chosen.names[1]}到{chosen.names[0]}",
        "每一步是使本方高于（绿）或低于（橙、红）对方的分数，加总等于两个得分之差",
    )
    if steps.empty:
        _show_nothing(chosen, sides)
        return
    left, right = st.columns(WIDTHS, gap="large")
    with left:
        show_chart(
            draw_bridge(steps, look=current_look(), decimals=chosen.view.decimals),
            key=f"comparison_steps_{chosen.key}",
            name=f"得分之差_{chosen.file}",
            alt="两个得分之差的分解，数值见旁边的表",
        )
    with right:
        decimals = chosen.view.decimals
        apart = round_half_up(sides[0]["score"] - sides[1]["score"], decimals)
        show_rows(
            steps.iloc[1:-1],
            {
                "label": Cell("去向"),
                "printed": Cell("本方高出（分）", "signed", decimals=decimals, width="9em"),
            },
            total={"label": "得分之差", "printed": signed(apart, decimals)},
            height=TALL_PX,
            download=f"得分之差_{chosen.file}",
            download_columns={"label": "去向", "printed": "本方高出", "value": "未舍入"},
        )
        st.caption(
            "；".join(_say_side(side, name, decimals) for side, name in zip(sides, chosen.names, strict=True))
        )


def _say_side(side: Mapping[str, Any], name: str, decimals: int) -> str:
    return f"{name} {number(side['score'], decimals)} 分，登记 {side['registered']:,} 家、已评分 {side['scored']:,} 家"


def _show_nothing(chosen: Comparison, sides: Sequence[Mapping[str, Any]]) -> None:
    if any(side["is_hidden"] for side in sides):
        least = get_scheme(chosen.view.cycle).rules.min_group
        show_empty(
            "同类单位太少",
            f"本地区以外的同类单位不足 {least} 家时，其汇总会透露单个单位，所以不显示；请换一个类别，或选“全部类别”。",
        )
        return
    show_empty("有一方没有得分", "两方都有已评分的单位后才能对比；请换一个地区或类别。")


def show_pairs(chosen: Comparison, frame: pd.DataFrame) -> None:
    """Both attainments on one scale beside every line with its parts."""
    section(
        "得分率对照与逐项分解",
        "名称旁为该项使本方高出的分数；因得分率：按两方平均权重；因权重：单位构成不同使该项所占权重不同",
    )
    decimals = chosen.view.decimals
    left, right = st.columns(WIDTHS, gap="large")
    with left:
        show_chart(
            draw_pairs(frame, names=chosen.names, look=current_look(), decimals=decimals),
            key=f"comparison_pairs_{chosen.key}",
            name=f"得分率对照_{chosen.file}",
            alt="两方各项得分率，数值见旁边的表",
        )
    with right:
        columns = {
            "label": Col("对比项", width=122),
            "article": Col("条文", "article", width=84),
            "printed": Col("本方高出", "score", width=72, help="按最大余数舍入，相加等于两个公布得分之差"),
            "attainment_here": Col("本方得分率", "percent", width=84),
            "attainment_there": Col("对方得分率", "percent", width=84),
            "by_attainment": Col("因得分率", "points", width=74),
            "by_weight": Col("因权重", "points", width=70),
            "gap_here": Col("本方失分", "points", width=74, help="加分、封顶等给分的去向为负"),
            "gap_there": Col("对方失分", "points", width=74, help="加分、封顶等给分的去向为负"),
            "note": Col("说明", width=260),
        }
        if chosen.by == "dimension":
            columns.pop("article")
        beside = {name: column for name, column in columns.items() if name not in BEHIND}
        show_table(
            frame,
            beside,
            key=f"comparison_lines_{chosen.key}",
            rows=18,
            download=f"逐项分解_{chosen.file}",
            download_columns=columns | {"change": Col("本方高出（未舍入）", "points")},
        )
        if chosen.by == "article":
            show_article_links(frame["article"].dropna())
        with st.container(horizontal=True, gap="small"):
            page_link("gaps", f"{chosen.view.name}的差距分析", icon=":material/grid_on:", **chosen.view.where)
            page_link("priorities", "先补什么", icon=":material/low_priority:", **chosen.view.where)
    show_folded(
        say_more(beside, columns),
        lambda: show_table(frame, columns, key=f"comparison_all_{chosen.key}"),
        key="comparison_box",
    )
