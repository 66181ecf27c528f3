"""Regions and units in rank order: bars in grade colours, and ranges while scores can still move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look
from reporting.rank_marks import draw_interval_marks, say_places
from reporting.rows import rows_of
from reporting.theme import (
    NOTHING,
    SMALL_PX,
    is_missing,
    new_figure,
    number,
    percent,
    plain,
    rows_height,
    shorten,
    small,
)

FEW_ROWS = 20  # up to here rows are tall enough for a meeting room
ROW_PX, DENSE_ROW_PX = 36, 26
LONGEST_NAME = 15  # characters; the whole name is in the hover text and in the table
FULL_MARKS = 100
LABEL_ROOM = 20  # points of the scale that a label beside the range needs
LEAST_PX = 90
VALUES_PX = 118  # for the column of values right of the scale
PLACES_PX = 80  # for the interval of ranks right of its own scale, of two numbers with three digits


@drawn_once
def draw_ranked_bars(
    frame: pd.DataFrame,
    *,
    look: Look,
    decimals: int,
    mean: float | None = None,
    mean_name: str = "全省",
    show_parent: bool = False,
    chosen: str | None = None,
    with_intervals: bool = False,
) -> Figure:
    """One bar per row of queries.region_scores or queries.units, best first, in its grade's colour.

    `mean` draws a line across all bars. Needs code, name, score, rank, grade, grade_name; `show_parent` also
    parent_name; `with_intervals` also rank_low and rank_high, drawn beside each bar on a scale of ranks. A click gives
    the row's code as customdata.
    """
    rows = len(frame)
    row_px = _row_px(rows)
    fig = new_figure(
        look,
        height=rows_height(rows, row=row_px, extra=52, least=LEAST_PX),
        margin=(4, PLACES_PX if with_intervals else VALUES_PX, 30, 8),
    )
    places = list(range(rows))
    listed = rows_of(frame)
    hover = [_hover(row, decimals) for row in listed]
    common = {
        "orientation": "h",
        "y": places,
        "customdata": frame["code"],
        "hovertext": hover,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
    }
    fig.add_bar(x=[FULL_MARKS] * rows, marker={"color": look.tint, "cornerradius": 3}, **common)
    fig.add_bar(
        x=frame["score"].astype(float).fillna(0.0),
        marker={
            "color": [look.grade(None if is_missing(grade) else grade) for grade in frame["grade"]],
            "cornerradius": 3,
            "line": {"color": look.ink, "width": [2 if code == chosen else 0 for code in frame["code"]]},
        },
        **common,
    )
    fig.add_scatter(
        x=[FULL_MARKS] * rows,
        y=places,
        mode="text",
        text=["\u2002" + _bar_text(row, decimals, look) for row in listed],
        textposition="middle right",
        textfont={"size": 15 if rows <= FEW_ROWS else 13, "color": look.ink},
        cliponaxis=False,
        hoverinfo="skip",
    )
    fig.update_layout(barmode="overlay")
    _name_rows(fig, listed, look, with_rank=True, show_parent=show_parent)
    fig.update_xaxes(range=[0, FULL_MARKS], visible=False)
    if with_intervals:
        draw_interval_marks(fig, frame, look)
    if not is_missing(mean):
        _draw_mean(fig, mean, f"{mean_name} {number(mean, decimals)}", look)
    return fig


@drawn_once
def draw_bounds(
    frame: pd.DataFrame, *, look: Look, decimals: int, show_parent: bool = False, chosen: str | None = None
) -> Figure:
    """Submission rate and score range per region, for the time before the deadline: one row each, in the given order.

    The range runs from every missing or unverified value at 0 to every one at full marks; the dot is the score as it
    stands. A click gives the region's code as customdata.
    """
    rows = len(frame)
    fig = new_figure(look, height=rows_height(rows, row=_row_px(rows), extra=64), margin=(4, 12, 36, 24))
    places = list(range(rows))
    fig.add_bar(
        orientation="h",
        y=places,
        x=frame["submission_rate"].astype(float).fillna(0.0),
        width=0.6,
        marker={
            "color": [
                look.accent if code in (chosen, None) or not chosen else look.quiet for code in frame["code"]
            ],
            "cornerradius": 3,
        },
        text=[percent(rate) for rate in frame["submission_rate"]],
        textposition="outside",
        cliponaxis=False,
        constraintext="none",
        customdata=frame["code"],
        hovertext=[_hover(row, decimals) for row in rows_of(frame)],
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    known = frame["low"].notna() & frame["high"].notna()
    fig.add_bar(
        orientation="h",
        y=[place for place, is_known in zip(places, known, strict=True) if is_known],
        base=frame.loc[known, "low"],
        x=(frame["high"] - frame["low"])[known],
        width=0.34,
        marker={"color": look.loss_quiet, "cornerradius": 5},
        customdata=frame.loc[known, "code"],
        hovertext=[_hover(row, decimals) for row in rows_of(frame[known])],
        hovertemplate="%{hovertext}<extra></extra>",
        xaxis="x2",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    fig.add_scatter(
        y=places,
        x=frame["score"].astype(float),
        mode="markers",
        marker={"size": 12, "color": look.loss, "line": {"color": look.paper, "width": 2}},
        hoverinfo="skip",
        xaxis="x2",
    )
    for column, side in (("low", "left"), ("high", "right")):
        fig.add_scatter(
            x=frame.loc[known, column],
            y=[place for place, is_known in zip(places, known, strict=True) if is_known],
            mode="text",
            text=[f" {number(value, decimals)} " for value in frame.loc[known, column]],
            textposition=f"middle {side}",
            textfont={"size": SMALL_PX, "color": look.muted},
            cliponaxis=False,
            hoverinfo="skip",
            xaxis="x2",
        )
    _name_rows(fig, rows_of(frame), look, with_rank=False, show_parent=show_parent)
    fig.update_layout(
        xaxis={"domain": [0, 0.34], "range": [0, 1.6], "visible": False},
        xaxis2={
            "domain": [0.4, 1],
            "range": [-LABEL_ROOM, FULL_MARKS + LABEL_ROOM],
            "visible": False,
            "fixedrange": True,
        },
        barmode="overlay",
    )
    for place, text in ((0, "提交率"), (0.4, "得分可能区间（圆点为目前得分）")):
        fig.add_annotation(
            x=place,
            y=1,
            xref="paper",
            yref="paper",
            yanchor="bottom",
            xanchor="left",
            yshift=8,
            text=text,
            showarrow=False,
            font={"size": SMALL_PX + 1, "color": look.muted},
        )
    return fig


def _row_px(rows: int) -> int:
    return ROW_PX if rows <= FEW_ROWS else DENSE_ROW_PX


def _name_rows(fig: Figure, rows: Sequence[Any], look: Look, *, with_rank: bool, show_parent: bool) -> None:
    """Names down the left side, the rank nearest to the bar so that the digits align."""
    labels = []
    for row in rows:
        name = plain(shorten(row.name, LONGEST_NAME))
        if show_parent and not is_missing(row.parent_name):
            name = f"{small(plain(row.parent_name), look)} {name}"
        rank = NOTHING if is_missing(getattr(row, "rank", None)) else f"{row.rank}"
        labels.append(f"{name}　<b>{rank}</b> " if with_rank else f"{name} ")
    fig.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(rows))),
        ticktext=labels,
        range=[len(rows) - 0.5, -0.5],
    )


def _bar_text(row, decimals: int, look: Look) -> str:
    if is_missing(row.score):
        return small("无得分", look)
    return f"<b>{number(row.score, decimals)}</b> {plain(row.grade_name)}"


def _draw_mean(fig: Figure, mean: float, text: str, look: Look) -> None:
    fig.add_shape(
        type="line",
        x0=mean,
        x1=mean,
        y0=0,
        y1=1,
        yref="paper",
        line={"color": look.ink, "width": 1.5, "dash": "dot"},
    )
    fig.add_annotation(
        x=mean,
        y=1,
        yref="paper",
        yanchor="bottom",
        xanchor="center",
        text=text,
        showarrow=False,
        font={"size": SMALL_PX + 1, "color": look.ink},
    )


def _hover(row, decimals: int) -> str:
    lines = [f"<b>{plain(row.name)}</b>"]
    if not is_missing(row.score):
        rank = "不排名" if is_missing(row.rank) else f"第 {row.rank} 位"
        lines.append(f"得分 {number(row.score, decimals)}　{plain(row.grade_name)}　{rank}")
    if not is_missing(getattr(row, "rank_low", None)):
        lines.append(f"换一组权重时（5%–95%）：第 {say_places(row)} 位")
    if hasattr(row, "submission_rate"):
        lines.append(f"得分区间 {number(row.low, decimals)} 至 {number(row.high, decimals)}")
        lines.append(f"提交率 {percent(row.submission_rate)}（{row.submitted}/{row.registered}）")
    return "<br>".join(lines)
