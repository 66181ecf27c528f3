"""The parts of 年度趋势 about regions: two years as slopes, all years as small lines, the bridge, the articles."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data import queries
from data.queries.moves import STATUS_NAMES
from pages.components.access import ask_years
from pages.components.charts import clicked, current_look, show_chart
from pages.components.filters import choose_option
from pages.components.folded import show_folded
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.links import open_page, page_urls, plain
from pages.components.results import LEVEL_NAMES, View
from pages.components.tables import Col, show_table
from reporting.charts import draw_bridge, draw_dumbbell, draw_slopes, draw_small_multiples
from reporting.rows import rows_of
from reporting.slopes import MOST_SLOPES
from reporting.theme import signed
from reporting.trend_headlines import say_attainments, say_causes, say_moves

BY = {"dimension": "按维度", "article": "按条文"}
PRESENCE_NAMES = {"both": "两年都有"}
WIDTHS = [11, 10]
TALL_PX = 680


def show_slopes(view: View, rows: pd.DataFrame, *, years: tuple[int, int], decimals: int) -> None:
    """Regions between the two years beside their table, the largest moves first; a click goes into the region."""
    level = LEVEL_NAMES[view.rows]
    section(f"各{level}：{years[0]} 年到 {years[1]} 年", say_moves(rows, level=level, decimals=decimals))
    known = rows[rows["change"].notna()]
    if known.empty:
        show_empty("没有两年都有得分的地区", "请在上方另选一个比较的年度，或选择上一级地区。")
        return
    if len(known) > MOST_SLOPES:
        st.caption(
            f"图中只画变动最大的 {MOST_SLOPES} 个，其余见表；在上方选择一个市（地）可只看它的县（市、区）。"
        )
    left, right = st.columns(WIDTHS, gap="large")
    with left:
        code = clicked(
            draw_slopes(known.head(MOST_SLOPES), years=years, look=current_look(), decimals=decimals),
            key=f"trend_slopes_{view.key}_{years}",
            name=f"两年变化_{years[0]}_{years[1]}_{view.name}_{level}",
            alt="各地区两年得分的变化，数值见旁边的表",
        )
    with right:
        show_rows(
            rows.assign(
                state=rows["status"].map(STATUS_NAMES),
                ranks=[_ranks(row) for row in rows_of(rows)],
                href=page_urls("trend", rows["code"], last="region", **view.where | {"before": years[0]}),
            ),
            {
                "name": Cell("地区", "link", href="href", below="ranks", width="9em"),
                "score_before": Cell(f"{years[0]} 年", "number", decimals=decimals, width="5em"),
                "score_now": Cell(f"{years[1]} 年", "number", decimals=decimals, width="5em"),
                "moved": Cell("变化", "signed", decimals=decimals, width="4.6em"),
                "causes": Cell("主要原因", "small", help="使得分变动最多的三项，正号为增分"),
            },
            height=TALL_PX,
            download=f"地区两年变化_{years[0]}_{years[1]}_{view.name}_{level}",
            download_columns={
                "code": "行政区划代码",
                "name": "地区",
                "parent_name": "所属",
                "score_before": f"{years[0]} 年得分",
                "score_now": f"{years[1]} 年得分",
                "moved": "变化",
                "change": "变化（未舍入）",
                "rank_before": f"{years[0]} 年名次",
                "rank_now": f"{years[1]} 年名次",
                "rank_change": "名次升降（正为上升）",
                "causes": "主要原因",
                "state": "备注",
            },
        )
        st.caption("“主要原因”为使得分变动最多的三项，正号为增分；各项全部相加等于得分之差。")
    if code and code != view.region:
        open_page("trend", **view.where | {"region": code, "before": years[0]})


def show_years(view: View, *, decimals: int) -> None:
    """All years of every region as small lines on one scale, beside the table of year × region."""
    trend = ask_years(
        queries.region_trend,
        cycle=view.cycle,
        level=view.rows,
        parent=view.parent,
        region=None,
        basis=view.basis,
    )
    reference = ask_years(
        queries.region_trend, cycle=view.cycle, level="province", parent=None, region=None, basis=view.basis
    )
    span = sorted(trend["cycle"].unique())
    section(
        f"历年得分（{span[0]}–{span[-1]}）" if len(span) else "历年得分",
        "每个小图一个地区，纵轴相同，灰线为全省；绿：最近一年上升，橙：下降。没有得分的年度不连线",
    )
    newest = trend[(trend["cycle"] == view.cycle) & trend["score"].notna()]
    shown = newest.sort_values(["rank", "code"]).head(MOST_SLOPES)["code"]
    if shown.empty:
        show_empty("本年度没有地区得分", "请在上方另选一个年度。")
        return
    if len(newest) > MOST_SLOPES:
        st.caption(
            f"图中只画得分最高的 {MOST_SLOPES} 个，其余见表；选择一个市（地）可看它的全部县（市、区）。"
        )
    show_chart(
        draw_small_multiples(
            trend[trend["code"].isin(shown)], reference=reference, look=current_look(), decimals=decimals
        ),
        key=f"trend_years_{view.key}",
        name=f"历年得分_{view.cycle}_{view.name}_{LEVEL_NAMES[view.rows]}",
        alt="各地区历年得分，数值见下面的表",
    )

    def show_all() -> None:
        show_table(
            trend.sort_values(["code", "cycle"]),
            {
                "name": Col("地区", width=140),
                "cycle": Col("年度", width=70),
                "score": Col("得分", "score"),
                "rank": Col("名次", "rank"),
                "grade_name": Col("等次", width=80),
                "submission_rate": Col("提交率", "percent"),
                "registered": Col("登记", "count"),
                "scheme": Col("方案", width=200),
            },
            key=f"trend_years_table_{view.key}",
            download=f"历年得分_{view.name}_{LEVEL_NAMES[view.rows]}",
        )

    show_folded("数据表：历年得分、名次、提交率", show_all, key="trend_years_data")


def show_bridge(
    *, cycle: int, before: int, name: str, decimals: int, basis: str, region: str | None = None, unit: str | None = None
) -> None:  # fmt: skip
    """From one year's score to the other's, by dimension or article, with its table; what is printed adds up."""
    section(
        f"{name}：得分为什么变", "每一步使得分上升或下降的分数，加总等于两年得分之差；斜纹：只在一年的方案中"
    )
    by = choose_option("trend_by", "分解", BY, style="segments") or "dimension"
    asked = {"cycle": cycle, "before": before, "region": region, "unit": unit, "basis": basis}
    steps = ask_years(queries.bridge, by=by, **asked)
    if steps.empty:
        show_empty("两年中有一年没有得分", "两年都有得分时才能分解变化；请在上方另选一个比较的年度。")
        return
    st.caption(plain(f"{say_causes(steps, decimals=decimals)}。"))
    left, right = st.columns(WIDTHS, gap="large")
    with left:
        show_chart(
            draw_bridge(steps, look=current_look(), decimals=decimals),
            key=f"trend_bridge_{name}_{by}_{before}_{cycle}",
            name=f"得分为什么变_{before}_{cycle}_{name}_{BY[by]}",
            alt="两年得分之差的分解，数值见旁边的表",
        )
    with right:
        show_rows(
            steps.iloc[1:-1],
            {
                "label": Cell("去向", below="note"),
                "printed": Cell("使得分变动", "signed", decimals=decimals, width="8em"),
            },
            total={"label": f"{before} 年到 {cycle} 年", "printed": _difference(steps, decimals)},
            height=TALL_PX,
        )

    columns = {
        "label": Col("指标或去向", width=156),
        "article": Col("条文", "article", width=88),
        "change": Col("使得分变动", "points", width=88),
        "gap_before": Col(f"{before} 年失分", "points", width=92),
        "gap_now": Col(f"{cycle} 年失分", "points", width=92),
        "attainment_before": Col(f"{before} 年得分率", "percent", width=104),
        "attainment_now": Col(f"{cycle} 年得分率", "percent", width=104),
        "by_attainment": Col(
            "因得分率", "points", width=76, help="变动中因得分率变化的部分（按两年平均权重）"
        ),
        "by_weight": Col("因权重", "points", width=70, help="变动中因所占权重变化的部分（按两年平均失分率）"),
        "only": "方案",
        "note": Col("说明", width=244),
    }
    shown = {name: column for name, column in columns.items() if name != "only"}  # the note says it too

    def show_indicators() -> None:
        moves = ask_years(queries.moves, by="indicator", **asked)
        show_table(
            moves.assign(
                only=[
                    PRESENCE_NAMES.get(row.presence)
                    or f"仅 {before if row.presence == 'before' else cycle} 年方案"
                    for row in rows_of(moves)
                ]
            ),
            shown,
            key=f"trend_moves_{name}_{before}_{cycle}",
            download=f"得分变化分解_{before}_{cycle}_{name}",
            download_columns=columns,
        )

    show_folded("逐项指标，加总等于得分之差", show_indicators, key="trend_indicators")


def show_articles(
    *, cycle: int, before: int, name: str, basis: str, region: str | None = None, unit: str | None = None
) -> None:
    """Attainment of both years by article, over the indicators that both years ask alike."""
    frame = ask_years(
        queries.comparable_attainments, cycle=cycle, before=before, region=region, unit=unit, basis=basis
    )
    section(f"{name}：各条文得分率", "只计两年相同的指标；括注“部分可比”的条文另有不可比的指标，见说明")
    if frame.empty or frame["change"].isna().all():
        show_empty("没有可比的条文", "两年都有已评分的填报、且方案中有相同的指标时，这里比较各条文的得分率。")
        return
    st.caption(plain(f"{say_attainments(frame, years=(before, cycle))}。"))
    left, right = st.columns(WIDTHS, gap="large")
    with left:
        show_chart(
            draw_dumbbell(frame, years=(before, cycle), look=current_look()),
            key=f"trend_articles_{name}_{before}_{cycle}",
            name=f"条文得分率_{before}_{cycle}_{name}",
            alt="各条文两年得分率，数值见旁边的表",
        )
    with right:
        show_rows(
            frame.assign(points=frame["change"] * 100),
            {
                "article": Cell("条文", "article", width="6em"),
                "before": Cell(f"{before} 年", "percent", decimals=1, width="6em"),
                "now": Cell(f"{cycle} 年", "percent", decimals=1, width="6em"),
                "points": Cell("百分点", "signed", decimals=1, width="5.5em"),
                "note": Cell("不可比的部分", "small"),
            },
            height=760,
            download=f"条文得分率_{before}_{cycle}_{name}",
            download_columns={
                "article": "条文",
                "before": f"{before} 年得分率（可比）",
                "now": f"{cycle} 年得分率（可比）",
                "change": "变化",
                "alike": "可比指标数",
                "all_before": f"{before} 年得分率（全部指标）",
                "all_now": f"{cycle} 年得分率（全部指标）",
                "note": "不可比的部分",
            },
        )


def _difference(steps: pd.DataFrame, decimals: int) -> str:
    return signed(steps["printed"].iloc[1:-1].sum(), decimals)


def _ranks(row) -> str:
    if STATUS_NAMES[row.status]:
        return STATUS_NAMES[row.status]
    if row.rank_change != row.rank_change:
        return ""
    return f"第 {int(row.rank_before)} → {int(row.rank_now)} 位"
