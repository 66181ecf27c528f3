"""尺度: how differently reviewers judge what is alike, said as a difference and with its uncertainty, for the province only."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data import queries
from data.course.acting import STAGE_NAMES
from data.queries.severity import FEW_RULINGS
from pages.components.access import ask, get_scheme, require
from pages.components.charts import current_look, show_chart
from pages.components.filters import choose_option, filter_bar
from pages.components.html_table import Cell, show_rows
from pages.components.layout import Kpi, kpi_cards, section, show_empty
from reporting.charts import draw_severity
from reporting.theme import signed

BY = {"region": "按地区比", "category": "按单位类别比"}
TALL_PX = 560  # a taller figure scrolls inside its own frame
MOST_LINES = 16
NOTES = (
    "这里列的是差异，不是差错：下调多，可能是尺度严，也可能是所审单位的自评确实偏高。",
    "岗位是账号所代表的机构或岗位，不是个人。只计现行有效的核定（每一级对现行自评表每项指标的最新核定）。",
    "“超出平均”已扣除所审内容的不同：每项核定都与同一环节所有岗位对同一指标、同类单位的平均下调相比。",
    f"线段为 95% 区间（只反映抽样波动）；少于 {FEW_RULINGS} 项的标为“样本少”。岗位很多时，约有二十分之一仅因偶然也会落在线外。",
)
COLUMNS = {
    "region_name": Cell("地区", width="7em", below="parent_name"),
    "post": Cell("岗位", width="9em"),
    "rulings": Cell("核定", "number", decimals=0, width="4.5em", below="few", help="项，含不适用"),
    "changed_share": Cell(
        "改动", "percent", decimals=0, width="4em", help="核定值与下一级（或者自评）不同的，不含不适用"
    ),
    "lowering_pct": Cell(
        "平均下调", "number", width="5.5em", help="得分率，百分点：下一级（或者自评）减核定，不含不适用"
    ),
    "beyond_pct": Cell(
        "超出平均",
        "number",
        width="5.5em",
        help="百分点：与同一环节所有岗位对同一指标、同类单位的平均下调之差",
    ),
    "difference_pct": Cell("与可比之差", "number", width="6em", help="百分点：再减去可比岗位的平均"),
    "interval": Cell("95% 区间", width="8em"),
    "na_decided": Cell("不适用", "number", decimals=0, width="5em", help="已核定的不适用，项"),
    "na_refused_share": Cell("不同意", "percent", decimals=0, width="5em", help="占已核定的不适用"),
}
FILE_COLUMNS = {
    "stage_name": "环节",
    "region": "地区代码",
    "region_name": "地区",
    "parent_name": "上级地区",
    "post": "岗位",
    "category_name": "单位类别",
    "rulings": "核定项数",
    "judged": "其中非不适用",
    "changed_share": "改动比例",
    "lowering": "平均下调（得分率）",
    "beyond": "超出平均（得分率）",
    "standard_error": "标准误",
    "circle_name": "可比范围",
    "reviewers": "可比岗位数",
    "circle_beyond": "可比岗位平均",
    "difference": "与可比之差",
    "low": "区间下限",
    "high": "区间上限",
    "few": "说明",
    "na_decided": "已核定的不适用",
    "na_refused_share": "不同意比例",
}


def show_severity(*, cycle: int) -> None:
    """Reviewers of one stage beside those they can be compared with: what that means, figure, table, download."""
    require("see_severity")
    with filter_bar("severity_filters"):
        by = choose_option("by", "比较", BY, style="segments") or "region"
        frame = ask(queries.severity, cycle=cycle, by=by)
        present = [stage for stage in STAGE_NAMES if stage in set(frame["stage"])]
        stage = choose_option("stage", "环节", {s: STAGE_NAMES[s] for s in present}, style="segments")
        rows = frame[frame["stage"] == stage]
        if by == "category" and stage:
            found = set(rows["category"])
            names = {c.id: c.name for c in get_scheme(cycle).categories if c.id in found}
            rows = rows[rows["category"] == choose_option("category", "单位类别", names, width=220)]
    if rows.empty:
        show_empty(
            "还没有核定",
            "县级初审开始后，这里比较各岗位的核定尺度。",
            page="review",
            link="去待办",
            part="queue",
        )
        return
    rows = _worded(rows).sort_values(["difference", "region"], ascending=[False, True], na_position="last")
    _show_cards(rows)
    st.html(f'<div class="aq-small">{"<br>".join(NOTES)}</div>')
    circle = "与同一市（地）的县级岗位相比" if stage == "county" else "与全省同一环节的岗位相比"
    if by == "category":
        circle = "与全省同一环节、同类单位的全部核定相比"
    section("各岗位与可比岗位之差", f"{circle}；线右为下调较多，线左为下调较少")
    compared = rows[rows["difference"].notna()]
    if compared.empty:
        show_empty("没有可比的岗位", "同一环节、同一范围内只有一个岗位，无从比较；数值见下表。")
    else:
        with st.container(height=TALL_PX if len(compared) > MOST_LINES else "content", border=False):
            show_chart(
                draw_severity(compared, look=current_look()),
                key=f"severity_{by}_{stage}",
                name=f"审核尺度_{cycle}_全省_{STAGE_NAMES[stage]}_{BY[by]}",
                alt="各岗位与可比岗位之差及其区间，数值见下表",
            )
    show_rows(
        rows,
        COLUMNS,
        height=TALL_PX,
        download=f"审核尺度_{cycle}_{STAGE_NAMES[stage]}_{BY[by]}",
        download_columns=FILE_COLUMNS,
    )


def _worded(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with what the table says of them: percentage points, the interval in one cell, 样本少."""
    points = {f"{name}_pct": rows[name] * 100 for name in ("lowering", "beyond", "difference")}
    bounds = zip(rows["low"] * 100, rows["high"] * 100, strict=True)
    return rows.assign(
        **points,
        interval=[f"{signed(low, 1)} 至 {signed(high, 1)}" if low == low else "" for low, high in bounds],
        few=rows["is_few"].map({True: "样本少", False: ""}),
    )


def _show_cards(rows: pd.DataFrame) -> None:
    apart = rows[rows["is_apart"]]
    more, less = int((apart["difference"] > 0).sum()), int((apart["difference"] < 0).sum())
    kpi_cards(
        [
            Kpi("岗位", f"{len(rows):,}", "个"),
            Kpi("核定", f"{int(rows['rulings'].sum()):,}", "项"),
            Kpi("样本少", f"{int(rows['is_few'].sum()):,}", "个岗位", note="只作参考", tone="none"),
            Kpi("下调明显较多", f"{more:,}", "个岗位", note="区间全在线右", tone="pass" if more else "plain"),
            Kpi("下调明显较少", f"{less:,}", "个岗位", note="区间全在线左", tone="pass" if less else "plain"),
        ]
    )
