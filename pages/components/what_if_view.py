"""The parts of 权重试算: what is moved, ranks old and new of regions or units, and the exact split of one region."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data import queries
from pages.components import state
from pages.components.access import ask_now, get_scheme
from pages.components.charts import clicked, current_look, show_chart
from pages.components.filters import choose_option
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.results import LEVEL_NAMES, View
from pages.components.what_if_inputs import choose_trial
from pages.components.what_if_mark import move_text, show_lines, show_mark, show_trial_download
from pages.components.what_if_units import show_units
from reporting.charts import draw_causes, draw_rank_moves
from reporting.rank_moves import MOST_LINES
from reporting.robustness_headlines import say_split, say_what_if
from reporting.rows import rows_of
from reporting.theme import signed
from scoring.scheme import Scheme
from scoring.trial_input import Trial

WIDTHS = [9, 10]
TABLE_PX = 640


@st.fragment
def show_trial(view: View) -> None:
    """Inputs and results; a moved slider runs this part anew, not the whole screen."""
    scheme = get_scheme(view.cycle)
    trial = choose_trial(view)
    if show_mark(view, scheme, trial) == "units":
        show_units(view, scheme, trial)
    else:
        _show_by_region(view, scheme, trial)
    show_lines(view, scheme, trial)


def _show_by_region(view: View, scheme: Scheme, trial: Trial) -> None:
    rows = ask_now(
        queries.what_if,
        cycle=view.cycle,
        level=view.rows,
        parent=view.parent,
        weights=trial.weights(scheme),
        basis=view.basis,
    )
    rows = rows[rows["score_before"].notna() | rows["score_after"].notna()].reset_index(drop=True)
    if rows.empty:
        show_empty("没有可比较的地区", "有地区得分后，这里比较现行权重与试算权重下的名次。")
        return
    chosen = _show_regions(view, trial, scheme, rows)
    _show_split(view, trial, scheme, rows, chosen)


def _show_regions(view: View, trial: Trial, scheme: Scheme, rows: pd.DataFrame) -> str:
    """Ranks side by side as a figure and as a table; returns the region whose split is shown."""
    level = LEVEL_NAMES[view.rows]
    section(f"各{level}：现行权重与试算权重下的名次", say_what_if(rows, level=level))
    if rows["rank_after"].notna().sum() > MOST_LINES:
        st.caption(f"图中只画变动最大的 {MOST_LINES} 个，其余见表。")
    chosen = state.wanted("moved")
    left, right = st.columns(WIDTHS, gap="large")
    with left:
        code = clicked(
            draw_rank_moves(rows, look=current_look(), decimals=view.decimals, chosen=chosen),
            key=f"what_if_moves_{view.key}",
            name=f"试算名次_{view.cycle}_{view.name}_{level}",
            alt="现行权重与试算权重下的名次，数值见旁边的表",
        )
    with right:
        show_rows(
            rows.assign(
                moved=rows["rank_change"].map(move_text),
                note=_notes(view, rows),
            ),
            {
                "rank_before": Cell("现名次", "number", decimals=0, width="4em"),
                "rank_after": Cell("试算", "number", decimals=0, width="3.4em"),
                "moved": Cell("升降", width="4em"),
                "name": Cell("地区和变动最多的指标", below="note", help="正号为增分；全部分解见下"),
                "score_before": Cell("现得分", "number", decimals=view.decimals, width="4.6em"),
                "score_after": Cell("试算", "number", decimals=view.decimals, width="4.6em"),
                "score_change": Cell("变化", "number", decimals=view.decimals, width="4.2em"),
            },
            height=TABLE_PX,
        )
        columns = {
            "code": "行政区划代码",
            "name": "地区",
            "parent_name": "所属",
            "rank_before": "现行名次",
            "rank_after": "试算名次",
            "rank_change": "位次升降（正为上升）",
            "score_before": "现行得分",
            "score_after": "试算得分",
            "score_change": "得分变化",
            "cause_title": "变动最大的指标或去向",
            "cause_points": "使得分变动",
            "causes": "主要原因",
        }
        show_trial_download(trial, scheme, rows, columns, f"试算名次_{view.cycle}_{view.name}_{level}")
    most = rows.loc[rows["score_change"].abs().fillna(0).idxmax(), "code"]
    if code:
        state.settle("moved", code)
        state.set_widget("moved", code)
    return most


def _notes(view: View, rows: pd.DataFrame) -> list[str]:
    """What moved each region's score most, after the name of what it lies in where all counties stand together."""
    where = rows["parent_name"] + " · " if view.is_whole_province_by_county else [""] * len(rows)
    causes = [
        f"{row.cause_title}（{signed(row.cause_points, view.decimals)}）" if row.cause_title else "不变"
        for row in rows_of(rows)
    ]
    return [f"{at}{cause}" for at, cause in zip(where, causes, strict=True)]


def _show_split(view: View, trial: Trial, scheme: Scheme, rows: pd.DataFrame, most: str) -> None:
    """The exact split of one region's change, by indicator and other cause."""
    names = {row.code: row.name for row in rows_of(rows)}
    section("得分变化的分解", "各项相加正好等于得分之差；在上面的图中点一条线，或在这里选择地区")
    chosen = choose_option("moved", "地区", names, default=most)
    causes = ask_now(
        queries.what_if_causes,
        cycle=view.cycle,
        region=chosen,
        weights=trial.weights(scheme),
        basis=view.basis,
    )
    head = say_split(rows[rows["code"] == chosen].iloc[0].to_dict(), decimals=view.decimals)
    if causes.empty:
        show_empty(f"{names[chosen]}的得分不变", f"{head}。移动上面的权重后，这里显示是哪些指标使得分变动。")
        return
    st.caption(f"{names[chosen]}：{head}。")
    left, right = st.columns(WIDTHS, gap="large")
    with left:
        show_chart(
            draw_causes(causes, look=current_look(), decimals=view.decimals),
            key=f"what_if_causes_{view.key}_{chosen}",
            name=f"试算得分变化_{view.cycle}_{names[chosen]}",
            alt="各项指标使得分变动的分数，数值见旁边的表",
        )
    with right:
        show_rows(
            causes,
            {
                "label": Cell("指标或去向", below="dimension_name"),
                "article": Cell("条文", "article", width="6em"),
                "gap_before": Cell(
                    "现行", "number", decimals=view.decimals + 1, width="5.5em", help="失分；加分、封顶为得分"
                ),
                "gap_after": Cell(
                    "试算", "number", decimals=view.decimals + 1, width="5.5em", help="失分；加分、封顶为得分"
                ),
                "printed": Cell("使得分变动", "number", decimals=view.decimals, width="6.5em"),
            },
            total={"label": "得分之差", "printed": signed(causes["printed"].sum(), view.decimals)},
            height=560,
        )
        show_trial_download(
            trial,
            scheme,
            causes,
            {
                "key": "编号",
                "label": "指标或去向",
                "article": "条",
                "dimension_name": "维度",
                "gap_before": "现行失分",
                "gap_after": "试算失分",
                "change": "使得分变动",
                "printed": "使得分变动（舍入）",
            },
            f"试算分解_{view.cycle}_{names[chosen]}",
        )
