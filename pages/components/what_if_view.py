"""The parts of 权重试算: what is moved, ranks old and new of regions or units, and the exact split of one region."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from data import queries
from pages.components import state
from pages.components.access import ask_now, get_scheme, may
from pages.components.charts import clicked, current_look, show_chart
from pages.components.downloads import show_download
from pages.components.filters import choose_option
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.links import can_open, open_page
from pages.components.results import LEVEL_NAMES, View
from pages.components.tables import Col, frame_for_file, show_table
from pages.components.what_if_inputs import choose_trial, reset_trial
from reporting.charts import draw_causes, draw_rank_moves
from reporting.rank_moves import MOST_LINES
from reporting.robustness_headlines import say_change, say_split, say_what_if
from reporting.theme import number, signed
from scoring.scheme import Scheme
from scoring.trial_input import Trial

MARK = "试算，未保存，不改变任何结果"
LISTS = {"regions": "地区", "units": "单位"}
WIDTHS = [11, 10]
TALL_PX = 820


@st.fragment
def show_trial(view: View) -> None:
    """Inputs and results; a moved slider runs this part anew, not the whole screen."""
    scheme = get_scheme(view.cycle)
    trial = choose_trial(view)
    _show_mark(view, scheme, trial)
    listed = choose_option("list", "比较", LISTS, style="segments")
    if listed == "units":
        _show_units(view, scheme, trial)
        return
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


def _show_mark(view: View, scheme: Scheme, trial: Trial) -> None:
    """That nothing is saved, what differs from the scheme, and the two buttons."""
    lines = trial.lines(scheme)
    text = (
        f"与“{scheme.title}”（{scheme.version}）相比，改动 {len(lines)} 项。"
        if lines
        else "现在与现行方案相同。"
    )
    st.html(f'<div class="aq-notice aq-compare">{MARK}<small>{escape(text)}</small></div>')
    with st.container(horizontal=True, gap="small", key="what_if_buttons"):
        st.button(
            "恢复现行权重",
            icon=":material/restart_alt:",
            on_click=reset_trial,
            args=(scheme, view.cycle),
            disabled=not lines,
            key="what_if_reset",
        )
        if _may_save() and st.button(
            "另存为新方案版本",
            icon=":material/save_as:",
            type="primary",
            disabled=not lines,
            key="what_if_save",
            help="到“方案与权重”核对差别、写明理由后才保存；现行方案和结果不变。",
        ):
            state.keep(
                "scheme_draft", {"base": [scheme.id, scheme.version], "changes": trial.changes(scheme)}
            )
            open_page("scheme", cycle=view.cycle)
    if lines:
        frame = pd.DataFrame(lines)
        frame = frame.assign(moved=[say_change(row.now / row.before - 1) for row in frame.itertuples()])
        with st.expander(f"改动的权重：{len(lines)} 项", key="what_if_lines"):
            show_rows(
                frame,
                {
                    "kind": Cell("种类", width="7em"),
                    "title": Cell("权重"),
                    "article": Cell("条文", "article", width="7em"),
                    "before": Cell("现行", "number", decimals=2, width="6em"),
                    "now": Cell("试算", "number", decimals=2, width="6em"),
                    "moved": Cell("变动", width="6em"),
                },
                height=420,
            )
            _download(
                view,
                trial,
                scheme,
                frame,
                {
                    "kind": "种类",
                    "id": "编号",
                    "title": "权重",
                    "article": "条",
                    "before": "现行",
                    "now": "试算",
                },
                f"试算权重_{view.cycle}",
            )


def _may_save() -> bool:
    return can_open("scheme") and may("change_scheme")


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
        at = show_table(
            rows.assign(moved=rows["rank_change"].map(_move_text)),
            _columns(view, {"name": Col("地区", width=118)}, {"parent_name": Col("所属", width=96)})
            | {"causes": Col("使得分变动最多的", width=300, help="正号为增分；选一行可看全部分解")},
            key=f"what_if_table_{view.key}",
            select=True,
            rows=19,
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
        _download(view, trial, scheme, rows, columns, f"试算名次_{view.cycle}_{view.name}_{level}")
    row = None if at is None else str(rows["code"].iloc[at])
    if row is not None and row != state.recall("what_if_row"):
        code = row
    state.keep("what_if_row", row)
    most = rows.loc[rows["score_change"].abs().fillna(0).idxmax(), "code"]
    if code:
        state.settle("moved", code)
        state.set_widget("moved", code)
    return most


def _show_split(view: View, trial: Trial, scheme: Scheme, rows: pd.DataFrame, most: str) -> None:
    """The exact split of one region's change, by indicator and other cause."""
    names = {row.code: row.name for row in rows.itertuples()}
    section("得分变化的分解", "各项相加正好等于得分之差；在上面点一行或一条线，或在这里选择地区")
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
        _download(
            view,
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


def _show_units(view: View, scheme: Scheme, trial: Trial) -> None:
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
            rows.assign(moved=rows["rank_change"].map(_move_text)),
            _columns(view, {"name": Col("单位", width=210)}, {})
            | {"region_name": Col("所在地区", width=100)},
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
        _download(view, trial, scheme, rows, columns, f"试算单位名次_{view.cycle}_{view.name}_{name}")


def _columns(view: View, named: dict[str, Col], spread: dict[str, Col]) -> dict[str, Col]:
    return {
        "rank_before": Col("现名次", "rank", width=64),
        "rank_after": Col("试算", "rank", width=56),
        "moved": Col("升降", width=64),
        **named,
        **(spread if view.is_whole_province_by_county else {}),
        "score_before": Col("现得分", "score", width=72),
        "score_after": Col("试算得分", "score", width=78),
        "score_change": Col("变化", "score", width=64),
    }


def _move_text(places: object) -> str:
    if places is pd.NA or places != places:
        return "—"
    return f"▲ {int(places)}" if places > 0 else f"▼ {-int(places)}" if places < 0 else "不变"


def _download(
    view: View, trial: Trial, scheme: Scheme, frame: pd.DataFrame, columns: dict[str, str], name: str
) -> None:
    """A file that says of itself that it is a trial, and of which weights."""
    moved = [
        f"{line['title']}：{number(line['before'], 4)} → {number(line['now'], 4)}"
        for line in trial.lines(scheme)
    ]
    show_download("下载此表", frame_for_file(frame, columns), name, remarks=[MARK, *moved])
