"""Who moved most among units, and the way of a single unit over the years."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data import queries
from data.queries.moves import STATUS_NAMES
from pages.components.access import ask_years
from pages.components.charts import current_look, show_chart
from pages.components.downloads import show_download
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.links import page_url, plain
from pages.components.paging import rows_of_page, show_pages
from pages.components.results import View
from pages.components.tables import frame_for_file
from pages.components.trend_filters import choose_before, other_years, show_comparability, two_years
from pages.components.trend_view import show_articles, show_bridge
from reporting.charts import draw_small_multiples
from reporting.rows import rows_of
from reporting.trend_headlines import say_move, say_unit_moves

PAGE_ROWS = 20


def show_unit_moves(view: View, *, before: int, category: str | None) -> None:
    """The units of the region by the size of their move, a page at a time, each with what did most."""
    years, decimals = two_years(view.cycle, before)
    frame = ask_years(
        queries.unit_moves,
        cycle=view.cycle,
        before=before,
        region=view.unit_region,
        category=category,
        basis=view.basis,
    )
    section("变动最大的单位", f"{say_unit_moves(frame, years=years)}。" if len(frame) else "")
    if frame.empty:
        show_empty("这里没有登记单位", "请在上方另选地区、类别或年度。")
        return
    if view.own_note:
        st.caption(f"{view.own_note}。")
    rows, page = rows_of_page(frame, size=PAGE_ROWS)
    causes = ask_years(
        queries.unit_move_causes,
        cycle=view.cycle,
        before=before,
        units=tuple(rows["code"]),
        basis=view.basis,
    )
    rows = rows.merge(causes, on="code", how="left").assign(
        state=rows["status"].map(STATUS_NAMES),
        place=rows["region_path"].str.split("/").str[-1],
        href=[
            page_url("unit", cycle=before if row.status == "gone" else view.cycle, unit=row.code,
                     basis=view.basis, before=None if row.status == "gone" else before)
            for row in rows_of(rows)
        ],
    )  # fmt: skip
    show_rows(
        rows,
        {
            "name": Cell("单位", "link", href="href", below="category_name"),
            "place": Cell("所在地区", width="8em"),
            "score_before": Cell(f"{years[0]} 年", "number", decimals=decimals, width="5.5em"),
            "score_now": Cell(f"{years[1]} 年", "number", decimals=decimals, width="5.5em"),
            "moved": Cell("变化", "signed", decimals=decimals, width="5em"),
            "causes": Cell("主要原因（使得分变动最多的三项）", "small", width="34%"),
            "state": Cell("备注", width="7em"),
        },
    )
    show_pages(page, len(frame), size=PAGE_ROWS)
    show_download("下载全部单位", _for_file(frame, years), f"单位两年变化_{before}_{view.cycle}_{view.name}")


def show_unit_trend(*, unit: str, cycle: int, basis: str, name: str, before: int | None = None) -> None:
    """One unit over the years: its scores, what may be compared, why it moved, and its articles.

    Asks for the year to compare with where none is given; says why there is nothing to compare where there is one year only.
    """
    trend = ask_years(queries.unit_trend, cycle=cycle, unit=unit, basis=basis)
    if len(trend) < 2 or not other_years(cycle):
        section("年度趋势", "")
        show_empty(
            "只有一个年度", "该单位只在一个考核年度的名册中；再有一个年度后，这里显示得分的变化及其原因。"
        )
        return
    section("年度趋势", "历年得分、同类名次，以及与所选年度相比变化的原因")
    before = before or choose_before(cycle)
    years, decimals = two_years(cycle, before)
    pair = {f"score_{when}": _score(trend, year) for when, year in zip(("before", "now"), years, strict=True)}
    st.caption(plain(f"{say_move(pair, name=name, years=years, decimals=decimals)}。"))
    show_comparability(cycle=cycle, before=before)
    left, right = st.columns([6, 10], gap="large")
    with left:
        show_chart(
            draw_small_multiples(
                trend, reference=trend.iloc[:0], look=current_look(), decimals=decimals, columns=1, reference_name=""
            ),
            key=f"unit_years_{unit}_{basis}",
            name=f"历年得分_{cycle}_{name}",
            alt="该单位历年得分，数值见旁边的表",
        )  # fmt: skip
    with right:
        show_rows(
            trend.sort_values("cycle", ascending=False).assign(
                year=[f"{year} 年度" for year in trend.sort_values("cycle", ascending=False)["cycle"]]
            ),
            {
                "year": Cell("年度", width="7em"),
                "score": Cell("得分", "number", decimals=decimals, width="6em"),
                "grade_name": Cell("等次", width="5em"),
                "rank": Cell("类别内名次", "number", decimals=0, width="7em"),
                "peers": Cell("同类", "number", decimals=0, width="5em"),
                "category_name": Cell("类别"),
                "scheme": Cell("方案", "small"),
            },
            download=f"历年得分_{unit}",
        )
    show_bridge(cycle=cycle, before=before, name=name, decimals=decimals, basis=basis, unit=unit)
    show_articles(cycle=cycle, before=before, name=name, basis=basis, unit=unit)


def _score(trend: pd.DataFrame, year: int) -> float | None:
    found = trend.loc[trend["cycle"] == year, "score"]
    return found.iloc[0] if len(found) else None


def _for_file(frame: pd.DataFrame, years: tuple[int, int]) -> pd.DataFrame:
    return frame_for_file(
        frame.assign(state=frame["status"].map(STATUS_NAMES)),
        {
            "code": "统一社会信用代码",
            "name": "单位",
            "region_path": "所在地区",
            "category_name": "类别",
            "score_before": f"{years[0]} 年得分",
            "score_now": f"{years[1]} 年得分",
            "moved": "变化",
            "change": "变化（未舍入）",
            "rank_before": f"{years[0]} 年类别内名次",
            "rank_now": f"{years[1]} 年类别内名次",
            "state": "备注",
        },
    )
