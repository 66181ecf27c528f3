"""Where weights are moved for a trial: sliders for systems and dimensions, tables for points and category weights."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.components import state
from pages.components.access import get_scheme
from pages.components.links import article_url, plain
from pages.components.number_filter import reset_number, slide_number
from pages.components.results import View
from scoring.scheme import COMPOSITE, Scheme
from scoring.trial_input import Trial, check_typed

LEAST_FACTOR, MOST_FACTOR, FACTOR_STEP = 0.1, 3.0, 0.1
FEW_ROWS, TABLE_PX = 8, 300  # a taller table scrolls, so that the ranks stay in sight
PER_ROW = 5  # sliders beside each other on a projector
TABLES = {"points": "各指标分值", "categories": "单位类别权重", "systems": "责任制权重"}


def choose_trial(view: View) -> Trial:
    """Draw sliders and tables; returns what differs from the scheme. Faults of what was typed are named, not used."""
    scheme = get_scheme(view.cycle)
    names = [TABLES[table] for table in TABLES if table != "systems" or len(scheme.systems) > 2]
    sliders, *tables = st.tabs(["滑块", *names])
    with sliders:
        systems, factors = _move_sliders(view, scheme)
    with tables[0]:
        points, faults = _type_points(view.cycle, scheme)
    with tables[1]:
        categories, more = _type_weights(view.cycle, "categories", scheme.categories)
    faults += more
    if len(tables) > 2:
        with tables[2]:
            systems, more = _type_weights(view.cycle, "systems", scheme.systems)
        faults += more
    for fault in faults:
        st.error(plain(fault), icon=":material/error:")
    return Trial(systems=systems, factors=factors, points=points, categories=categories)


def reset_trial(scheme: Scheme, cycle: int) -> None:
    """Everything back to the scheme's weights; the callback of a button."""
    for name, default in _sliders(scheme).items():
        reset_number(name, default)
    for table in TABLES:
        state.forget(_typed_name(cycle, table))
        state.forget(_start_name(cycle, table))
    state.keep("what_if_round", state.recall("what_if_round", 0) + 1)


def _sliders(scheme: Scheme) -> dict[str, float]:
    """Query parameter → the value that changes nothing."""
    names = {f"d_{dimension.id}": 1.0 for dimension in scheme.dimensions}
    if len(scheme.systems) == 2:
        names = {"w": _percent(scheme.systems[0].weight)} | names
    return names


def _percent(weight: float) -> float:
    return round(weight * 100, 2)


def _move_sliders(view: View, scheme: Scheme) -> tuple[dict[str, float], dict[str, float]]:
    systems: dict[str, float] = {}
    with st.container(key="what_if_sliders"):
        columns = st.columns(PER_ROW, gap="medium")
        at = 0
        if len(scheme.systems) == 2:
            first, second = scheme.systems
            own = _percent(first.weight)
            with columns[0]:
                share = slide_number(
                    "w",
                    f"**{plain(first.name)}** 占",
                    low=1,
                    high=99,
                    step=1,
                    default=own,
                    text="%g%%",
                    disabled=view.basis != COMPOSITE,
                    help=f"其余归{second.name}；现行 {own:g}%。只看一个责任制的口径时不起作用。",
                )
            systems = {first.id: share / 100, second.id: 1 - share / 100} if share != own else {}
            at = 1
        factors = {}
        used = {indicator.dimension for indicator in scheme.indicators}
        for dimension in (d for d in scheme.dimensions if d.id in used):
            with columns[at % PER_ROW]:
                factors[dimension.id] = slide_number(
                    f"d_{dimension.id}",
                    plain(dimension.name),
                    low=LEAST_FACTOR,
                    high=MOST_FACTOR,
                    step=FACTOR_STEP,
                    default=1.0,
                    text="×%.1f",
                    help="该维度各项指标的分值都乘以这个倍数",
                )
            at += 1
    return systems, {key: factor for key, factor in factors.items() if factor != 1.0}


def _type_points(cycle: int, scheme: Scheme) -> tuple[dict[str, float], list[str]]:
    dimensions = {dimension.id: dimension.name for dimension in scheme.dimensions}
    frame = pd.DataFrame(
        {
            "id": [i.id for i in scheme.indicators],
            "title": [i.title for i in scheme.indicators],
            "article": [article_url(i.place.article) for i in scheme.indicators],
            "dimension": [dimensions[i.dimension] for i in scheme.indicators],
            "own": [i.points for i in scheme.indicators],
        }
    )
    columns = {
        "title": st.column_config.TextColumn("指标", width=170),
        "article": st.column_config.LinkColumn("条文", display_text=r"#(.+)$", width=84),
        "dimension": st.column_config.TextColumn("维度", width=140),
        "own": st.column_config.NumberColumn("现行分值", format="%g", width=80),
    }
    return _typed(cycle, "points", frame, columns, what="分值")


def _type_weights(cycle: int, table: str, entries) -> tuple[dict[str, float], list[str]]:
    frame = pd.DataFrame(
        {
            "id": [entry.id for entry in entries],
            "title": [entry.name for entry in entries],
            "own": [entry.weight for entry in entries],
        }
    )
    columns = {
        "title": st.column_config.TextColumn(TABLES[table].removesuffix("权重"), width=200),
        "own": st.column_config.NumberColumn("现行权重", format="%g", width=90),
    }
    return _typed(cycle, table, frame, columns, what="权重")


def _typed(
    cycle: int, table: str, frame: pd.DataFrame, columns: Mapping, *, what: str
) -> tuple[dict[str, float], list[str]]:
    """An editor over the frame with one column to type in, keeping what was typed when the screen is left.

    The editor counts its edits from the frame it began with, so that the frame stays the same until it is drawn anew.
    """
    key = f"what_if_{table}_{cycle}_{state.recall('what_if_round', 0)}"
    if not state.has_widget(key):
        state.keep(_start_name(cycle, table), state.recall(_typed_name(cycle, table), {}))
    start = state.recall(_start_name(cycle, table), {})
    now = [start.get(id_, own) for id_, own in zip(frame["id"], frame["own"], strict=True)]
    edited = st.data_editor(
        frame.assign(now=pd.Series(now, dtype="float64")),
        column_config=columns
        | {"id": "编号", "now": st.column_config.NumberColumn(f"试算{what}", format="%g", width=90)},
        column_order=["id", *columns, "now"],
        disabled=["id", *columns],
        hide_index=True,
        num_rows="fixed",
        height="content" if len(frame) <= FEW_ROWS else TABLE_PX,
        key=state.widget_key(key),
    )
    typed = {
        id_: None if value != value else float(value)
        for id_, own, value in zip(frame["id"], frame["own"], edited["now"], strict=True)
        if value != own
    }
    state.keep(_typed_name(cycle, table), typed)
    return check_typed(
        typed,
        titles=dict(zip(frame["id"], frame["title"], strict=True)),
        own=dict(zip(frame["id"], frame["own"], strict=True)),
        what=what,
    )


def _typed_name(cycle: int, table: str) -> str:
    return f"what_if_typed_{table}_{cycle}"


def _start_name(cycle: int, table: str) -> str:
    return f"what_if_start_{table}_{cycle}"
