"""What every part of 权重试算 says of itself: nothing is saved; what differs from the scheme; how files are marked."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from pages.components import state
from pages.components.access import may
from pages.components.filters import choose_option
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section
from pages.components.links import can_open, open_page
from pages.components.results import View
from pages.components.tables import show_columns_download
from pages.components.what_if_inputs import reset_trial
from reporting.rank_moves import say_move
from reporting.robustness_headlines import say_change
from reporting.rows import rows_of
from reporting.theme import number
from scoring.scheme import Scheme
from scoring.trial_input import Trial

MARK = "试算，未保存，不改变任何结果"
LISTS = {"regions": "地区", "units": "单位"}


def show_mark(view: View, scheme: Scheme, trial: Trial) -> str:
    """That nothing is saved, what to compare, and the two buttons; returns what to compare, a key of LISTS."""
    lines = trial.lines(scheme)
    text = (
        f"与“{scheme.title}”（{scheme.version}）相比，改动 {len(lines)} 项，见本页末尾。"
        if lines
        else "现在与现行方案相同，请在上面移动权重。"
    )
    left, right = st.columns([8, 7], gap="medium", vertical_alignment="bottom")
    with left:
        st.html(f'<div class="aq-notice aq-compare">{MARK}<small>{escape(text)}</small></div>')
    with (
        right,
        st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="what_if_buttons"),
    ):
        listed = choose_option("list", "比较", LISTS, style="segments")
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
    return listed or "regions"


def show_lines(view: View, scheme: Scheme, trial: Trial) -> None:
    """Which weights differ from the scheme, as a table; nothing where none does."""
    lines = trial.lines(scheme)
    if not lines:
        return
    frame = pd.DataFrame(lines)
    frame = frame.assign(moved=[say_change(row.now / row.before - 1) for row in rows_of(frame)])
    section("改动的权重", f"{len(lines)} 项与现行方案不同；{scheme.weights_note}")
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
    titles = {"kind": "种类", "id": "编号", "title": "权重", "article": "条", "before": "现行", "now": "试算"}
    show_trial_download(trial, scheme, frame, titles, f"试算权重_{view.cycle}")


def _may_save() -> bool:
    return can_open("scheme") and may("change_scheme")


def move_text(places: object) -> str:
    """▲ 3 / ▼ 2 / 不变, or a dash."""
    return say_move(places, unit="")


def show_trial_download(
    trial: Trial, scheme: Scheme, frame: pd.DataFrame, columns: dict[str, str], name: str
) -> None:
    """A file that says of itself that it is a trial, and of which weights."""
    moved = [
        f"{line['title']}：{number(line['before'], 4)} → {number(line['now'], 4)}"
        for line in trial.lines(scheme)
    ]
    show_columns_download(frame, columns, name, remarks=[MARK, *moved])
