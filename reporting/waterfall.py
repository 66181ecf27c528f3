"""From full marks to the score, step by step; what is printed adds up."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go

from reporting.palette import Look
from reporting.theme import SMALL_PX, new_figure, number, plain, rows_height, signed

FULL_MARKS = 100.0
ROW_PX = 38
AXIS_STEP = 5  # the axis begins at a multiple of this below the lowest step


def draw_waterfall(frame: pd.DataFrame, *, look: Look, decimals: int) -> go.Figure:
    """queries.waterfall from top to bottom: full marks, every cause, the score.

    Bars have their exact lengths, labels are the printed parts. Causes that cost nothing at all are left out. Gaps of
    dimensions are one colour, what comes from outside the answers another, points given a third.
    """
    steps = frame[(frame["value"] != 0) | frame["kind"].isin(["start", "total"])].reset_index(drop=True)
    running, starts, ends = FULL_MARKS, [], []
    for step in steps.itertuples():
        is_end = step.kind in ("start", "total")
        starts.append(0.0 if is_end else running)
        running = step.value if is_end else running + step.value
        ends.append(running)
    floor = _axis_floor([*ends, *(s for s in starts if s)])
    lows = [max(min(pair), floor) for pair in zip(starts, ends, strict=True)]
    highs = [max(pair) for pair in zip(starts, ends, strict=True)]
    fig = new_figure(look, height=rows_height(len(steps), row=ROW_PX, extra=44), margin=(4, 16, 6, 34))
    fig.add_bar(
        orientation="h",
        y=list(range(len(steps))),
        base=lows,
        x=[high - low for high, low in zip(highs, lows, strict=True)],
        marker={"color": [_colour(step, look) for step in steps.itertuples()], "cornerradius": 2},
        hovertext=[_hover(step, decimals) for step in steps.itertuples()],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    for place, step in enumerate(steps.itertuples()):
        _label(fig, place, step, lows[place], highs[place], floor, look, decimals)
    for place in range(len(steps) - 1):
        fig.add_shape(
            type="line",
            x0=ends[place],
            x1=ends[place],
            y0=place + 0.36,
            y1=place + 0.64,
            line={"color": look.muted, "width": 1},
        )
    fig.update_xaxes(
        range=[floor, FULL_MARKS + 1],
        showgrid=True,
        gridcolor=look.line,
        griddash="dot",
        tickfont={"size": SMALL_PX, "color": look.muted},
        tick0=floor,
        dtick=_dtick(FULL_MARKS - floor),
        title={"text": f"分　（横轴自 {floor:g} 起）" if floor else "分"},
    )
    fig.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(steps))),
        ticktext=[
            f"<b>{plain(s.label)}</b> " if s.kind in ("start", "total") else f"{plain(s.label)} "
            for s in steps.itertuples()
        ],
        range=[len(steps) - 0.5, -0.5],
    )
    return fig


def _axis_floor(values: list[float]) -> float:
    lowest = min(values)
    room = 0.28 * (FULL_MARKS - lowest)  # so that labels left of the lowest bar have a place
    return max(0.0, AXIS_STEP * math.floor((lowest - room) / AXIS_STEP))


def _dtick(span: float) -> float:
    return next(step for step in (1, 2, 5, 10, 20, 50) if span / step <= 8)


def _colour(step, look: Look) -> str:
    if step.kind in ("start", "total"):
        return look.accent
    if step.value > 0:
        return look.gain
    return look.loss if step.kind == "gap" else look.grade("fail")


def _label(
    fig: go.Figure, place: int, step, low: float, high: float, floor: float, look: Look, decimals: int
) -> None:
    is_end = step.kind in ("start", "total")
    inside = is_end and high - floor > 0
    fig.add_annotation(
        x=high if inside else low,
        y=place,
        xanchor="right",
        xshift=-6,
        text=f"<b>{number(step.printed, decimals) if is_end else signed(step.printed, decimals)}</b>",
        showarrow=False,
        font={"size": 15 if is_end else 14, "color": look.paper if inside else look.ink},
    )


def _hover(step, decimals: int) -> str:
    if step.kind in ("start", "total"):
        return f"<b>{plain(step.label)}</b><br>{number(step.printed, decimals)} 分"
    return f"<b>{plain(step.label)}</b><br>{signed(step.printed, decimals)} 分"
