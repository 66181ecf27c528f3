"""自评偏差 of 自评可信度: by region and category, its spread within, and the indicators that were most often lowered."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data import queries
from data.queries.credible import ALL_CATEGORIES
from data.regions import PROVINCE
from pages.components.access import get_scheme
from pages.components.charts import clicked, current_look, show_chart
from pages.components.folded import show_one_of
from pages.components.layout import section, show_empty
from pages.components.links import open_page
from pages.components.region_columns import CATEGORY_PX
from pages.components.results import View
from pages.components.tables import Col, show_table
from reporting.charts import draw_inflation_bars, draw_inflation_map, draw_inflation_spread, draw_sign_counts
from reporting.credibility_headlines import say_inflation, say_overstated

TALL_PX = 820
BY_REGION = {"name": Col("地区", width=110)}
BY_CATEGORY = {"category_name": Col("类别", width=CATEGORY_PX)}


def show_inflation(view: View, category: str | None) -> None:
    """Regions × categories, the bar by region, the spread within, and the indicators most often lowered."""
    frame = view.ask_rows(queries.inflation_by_region, basis=view.basis)
    wanted = category or ALL_CATEGORIES
    bars = frame[frame["category"] == wanted].sort_values("inflation", ascending=False, na_position="last")
    least = get_scheme(view.cycle).rules.min_group
    section(
        "自评偏差：按地区",
        "自评得分减去核定后的得分，只算有核定的单位；没有核定的单位没有偏差。"
        f"已核少于 {least} 家的不显示；点一行进入该地区",
    )
    if bars.empty:
        show_empty(
            "没有可显示的地区",
            "换一个单位类别，或到“审核复核”核定自评表后再看。",
            page="review",
            link="去审核",
        )
        return
    left, right = st.columns([11, 10], gap="large")
    with left, st.container(height=TALL_PX if len(bars) > 30 else "content", border=False):
        went = clicked(
            draw_inflation_bars(bars, look=current_look(), decimals=view.decimals, chosen=view.region),
            key=f"credible_bars_{view.key}_{wanted}",
            name=f"自评偏差_{view.cycle}_{view.name}",
            alt="各地区平均自评偏差，数值见右表",
        )
    with right:
        _inflation_table(
            bars,
            names=BY_REGION,
            key=f"credible_bars_table_{view.key}_{wanted}",
            file=f"自评偏差_{view.cycle}_{view.name}",
        )
    section(
        "自评偏差：地区 × 类别", f"颜色越醒目，自评高出核定越多；“·”：已核少于 {least} 家。别的地区只显示合计"
    )

    def show_map() -> object:
        with st.container(height=TALL_PX if frame["code"].nunique() > 30 else "content", border=False):
            return clicked(
                draw_inflation_map(frame, look=current_look(), decimals=view.decimals, chosen=view.region),
                key=f"credible_map_{view.key}",
                name=f"自评偏差热力图_{view.cycle}_{view.name}",
                alt="各地区各类单位的平均自评偏差，数值见数据表",
            )

    def show_values() -> None:
        _inflation_table(
            frame,
            names=BY_REGION | BY_CATEGORY,
            key=f"credible_map_table_{view.key}",
            file=f"自评偏差分类_{view.cycle}_{view.name}",
        )

    cell = show_one_of({"热力图": show_map, "数据表": show_values}, key="credible_map")
    _show_spread(view)
    _show_overstated(view, category)
    went = went or cell
    if went and went != view.region:
        open_page("credibility", **view.where | {"region": went, "part": "inflation"})


def _inflation_table(frame: pd.DataFrame, *, names: dict[str, Col], key: str, file: str) -> None:
    show_table(
        frame,
        {
            **names,
            "inflation": Col("平均偏差", "score", width=74),
            "median": Col("中位", "score", width=58),
            "verified": Col("已核单位", "count", width=70),
            "submitted": Col("提交", "count", width=54),
            "verified_share": Col("已核分值", "percent", width=72),
        },
        key=key,
        download=file,
    )


def _show_spread(view: View) -> None:
    own = view.ask(queries.inflation_by_region, region=view.region or PROVINCE, basis=view.basis)
    total, parts = own[own["category"] == ALL_CATEGORIES], own[own["category"] != ALL_CATEGORIES]
    if parts.empty:
        return
    section(
        f"{view.name}：各类单位的分布",
        f"{say_inflation(total, name=view.name, decimals=view.decimals)}。横条：中间一半单位；圆点：中位数",
    )
    left, right = st.columns([9, 12], gap="large")
    with left:
        show_chart(
            draw_inflation_spread(parts, look=current_look(), decimals=view.decimals),
            key=f"credible_spread_{view.key}",
            name=f"自评偏差分布_{view.cycle}_{view.name}",
            alt="各类单位自评偏差的中间一半和中位数，数值见右表",
        )
    with right:
        _inflation_table(
            parts,
            names=BY_CATEGORY,
            key=f"credible_spread_table_{view.key}",
            file=f"自评偏差分布_{view.cycle}_{view.name}",
        )


def _show_overstated(view: View, category: str | None) -> None:
    rows = view.ask(queries.overstated, region=view.unit_region, category=category, basis=view.basis)
    section("核定中常被调低的指标", f"{say_overstated(rows)}。{view.own_note}")
    if rows.empty:
        show_empty(
            "还没有核定",
            "在“审核复核”核定自评表的指标后，这里显示哪些指标常被调低。",
            page="review",
            link="去审核",
        )
        return
    lowered = rows[rows["lowered"] > 0].head(15)
    left, right = st.columns([9, 12], gap="large")
    with left:
        show_chart(
            draw_sign_counts(
                lowered.assign(note=[f"次调低，共核定 {n:,} 次" for n in lowered["rulings"]]),
                look=current_look(),
                label="title",
                value="lowered",
                note="note",
                key="indicator",
            ),
            key=f"credible_overstated_{view.key}_{category}",
            name=f"常被调低的指标_{view.cycle}_{view.name}",
            alt="各指标调低的次数，数值见右表",
        )
    with right:
        show_table(
            rows,
            {
                "title": Col("指标", width=134),
                "article": Col("条文", "article", width=82),
                "rulings": Col("核定", "count", width=54),
                "lowered": Col("调低", "count", width=54),
                "raised": Col("调高", "count", width=48),
                "lowered_share": Col("调低比例", "percent", width=74),
                "lowering": Col("调低得分率", "percent", width=84, help="平均每次调低的得分率"),
                "points": Col("调低得分", "score", width=74, help="平均每次调低的单位得分"),
            },
            key=f"credible_overstated_table_{view.key}_{category}",
            download=f"常被调低的指标_{view.cycle}_{view.name}",
        )
        st.caption(
            f"平均调低按单位得分计，只算调低的；核定少于 {get_scheme(view.cycle).rules.min_group} 次的不算比例。"
        )
