"""The parts of 差距分析: waterfall, heat map, costliest indicators, and the units behind one of them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from data import queries
from pages.components.access import get_scheme
from pages.components.charts import clicked, current_look, show_chart
from pages.components.filters import choose_option, param, set_param
from pages.components.folded import show_one_of
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.links import article_name, open_page, page_url
from pages.components.paging import rows_of_page, show_pages
from pages.components.results import View
from pages.components.tables import Col, show_columns_download, show_table
from reporting.charts import draw_costliest, draw_heat_map, draw_waterfall
from reporting.headlines import say_costliest, say_units, say_weakest
from reporting.rows import rows_of
from reporting.steps import step_text

BY = {"dimension": "按维度", "article": "按条文"}
MEASURES = {"attainment": "得分率", "gap": "失分"}
TALL_PX = 820


def show_waterfall(view: View, steps: pd.DataFrame) -> None:
    """From 100 to the score, with its table; the printed parts add up to the printed score."""
    section(
        "从满分到得分",
        "每一步失去或加上的分数，加总等于得分。橙：指标失分；红：未提交、扣分、一票否决；绿：加分",
    )
    left, right = st.columns([12, 8], gap="large")
    with left:
        show_chart(
            draw_waterfall(steps, look=current_look(), decimals=view.decimals),
            key=f"gaps_waterfall_{view.key}",
            name=f"从满分到得分_{view.cycle}_{view.name}",
        )
    with right:
        said = [step_text(step, view.decimals) for step in rows_of(steps)]
        show_rows(
            steps.assign(said=said).iloc[:-1],
            {"label": Cell("去向"), "said": Cell("分", "figure", width="8em")},
            total={"label": "得分", "said": said[-1]},
            download=f"失分分解_{view.cycle}_{view.name}",
            download_columns={"label": "去向", "printed": "分", "value": "未舍入"},
        )


def show_heat_map(view: View) -> None:
    """Regions against dimensions or articles; a click opens the article (by article) or goes into the region."""
    section(
        "各地区得分率热力图",
        "颜色越醒目失分越多。得分率：该项得到的分值占应得分值的比重；失分：该项使本地区少得的分",
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        by = choose_option("by", "列", BY, style="segments") or "dimension"
        measure = choose_option("measure", "单元格", MEASURES, style="segments") or "attainment"
    values = view.ask_rows(queries.gap_matrix, by=by, basis=view.basis)
    if values.empty:
        show_empty(
            "还没有可比较的地区",
            "至少一家单位的自评表被接收后，这里显示各地区的得分率。",
            page="submit",
            link="去自评填报",
        )
        return
    rows, grouped = view.registered_rows(), view.is_whole_province_by_county
    if grouped:
        rows = rows.sort_values(["parent", "rank", "code"])
    st.caption(f"{say_weakest(values)}。空白格：该地区没有适用的已评分单位。")
    figure_name = f"热力图_{view.cycle}_{view.name}_{BY[by]}"

    def show_heat() -> tuple | None:
        with st.container(height=TALL_PX if grouped else "content", border=False):
            return clicked(
                draw_heat_map(
                    values,
                    look=current_look(),
                    by=by,
                    measure=measure,
                    decimals=view.decimals,
                    regions=rows,
                    grouped=grouped,
                    chosen=view.region,
                ),
                key=f"gaps_heat_{view.key}_{by}_{measure}",
                name=f"{MEASURES[measure]}{figure_name}",
                alt="各地区得分率热力图，数值见数据表",
            )

    def show_values() -> None:
        show_table(
            values,
            {
                "name": Col("地区", width=140),
                "label": Col(BY[by].removeprefix("按"), width=180),
                "attainment": Col("得分率", "percent"),
                "gap": Col("失分", "score"),
            },
            key=f"gaps_heat_table_{view.key}_{by}",
            download=f"失分{figure_name}",
        )

    cell = show_one_of({"热力图": show_heat, "数据表": show_values}, key="gaps_heat")
    if by == "article":
        show_article_links(values["key"])
    if cell and by == "article":
        open_page("regulation", **view.where | {"region": cell[0], "article": cell[1]})
    if cell and cell[0] != view.region:
        open_page("gaps", **view.where | {"region": cell[0]})


def show_article_links(numbers: Iterable) -> None:
    """The articles of some rows, each leading to its text."""
    articles = sorted({int(number) for number in numbers})
    links = "".join(
        f'<a href="{page_url("regulation", article=a)}" data-inside>{article_name(a)}</a>' for a in articles
    )
    st.html(f'<div class="aq-facts">查看条文{links}</div>')


def show_costliest(view: View, gaps: pd.DataFrame) -> str | None:
    """The indicators that cost most, as bars and as a table; returns the chosen indicator (query `indicator`)."""
    section("失分最多的指标", say_costliest(gaps, decimals=view.decimals))
    known = dict(zip(gaps["key"], gaps["label"], strict=True))
    chosen = param("indicator")
    chosen = chosen if chosen in known else None
    left, right = st.columns([11, 10], gap="large")
    with left:
        new = clicked(
            draw_costliest(gaps, look=current_look(), decimals=view.decimals, chosen=chosen),
            key=f"gaps_costliest_{view.key}",
            name=f"失分最多的指标_{view.cycle}_{view.name}",
        )
    with right:
        row = show_table(
            gaps,
            {
                "label": Col("指标", width=150),
                "article": Col("条文", "article", width=84),
                "gap": Col("失分", "score", width=62),
                "attainment": Col("得分率", "percent", width=68),
                "units_short": Col("未满分", "count", width=62),
                "units": Col("适用", "count", width=54),
            },
            key=f"gaps_indicators_{view.key}",
            select=True,
            rows=16,
            download=f"指标失分_{view.cycle}_{view.name}",
        )
        st.caption(f"选一行或点一个条形，查看是哪些单位失分。{get_scheme(view.cycle).weights_note}。")
    if row is not None and new is None:
        new = gaps["key"].iloc[row]
    if new and new != chosen:
        set_param("indicator", new)
        st.rerun()
    return chosen


PAGE_ROWS = 100
UNITS_FILE = {
    "code": "统一社会信用代码",
    "name": "单位",
    "region_name": "所在地区",
    "category_name": "类别",
    "answer": "填报值",
    "attainment": "得分率",
    "gap": "使本地区失分",
}


def show_gap_units(view: View, indicator: str) -> None:
    """The units that fall short in the chosen indicator, the costliest first."""
    entry = get_scheme(view.cycle).by_id[indicator]
    units = view.ask(queries.gap_units, region=view.unit_region, indicator=indicator, basis=view.basis)
    section(
        f"{entry.title}：失分单位",
        f"{say_units(units, title=entry.title, decimals=view.decimals)}。{entry.place.label}：{entry.question}",
    )
    if units.empty:
        show_empty("没有单位在这项指标上失分", f"{view.own_note}。" if view.own else "请在上面另选一项指标。")
        return
    if view.own_note:
        st.caption(f"{view.own_note}。")
    on_page, page = rows_of_page(units, size=PAGE_ROWS)
    show_rows(
        on_page.assign(href=view.unit_urls(on_page)),
        {
            "name": Cell("单位", "link", href="href"),
            "region_name": Cell("所在地区", width="9em"),
            "category_name": Cell("类别"),
            "answer": Cell("填报值", width="22%"),
            "attainment": Cell("得分率", "bar", decimals=0, width="10em"),
            "gap": Cell("使本地区失分", "number", decimals=4, width="8em"),
        },
        height=560,
    )
    show_pages(page, len(units), size=PAGE_ROWS)
    show_columns_download(units, UNITS_FILE, f"失分单位_{view.cycle}_{view.name}_{indicator}")
