"""From full marks to the score, step by step; what is printed adds up."""

from __future__ import annotations

import math

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look
from reporting.rows import rows_of
from reporting.steps import (
    ENDS,
    connect_steps,
    is_end,
    name_steps,
    scale_points,
    step_colour,
    step_hover,
    step_text,
    tick_of,
)
from reporting.theme import new_figure, plain, rows_height

FULL_MARKS = 100.0
ROW_PX = 38
TICKS = (1, 2, 5, 10, 20, 50)  # points
AXIS_STEP = 5  # the axis begins at a multiple of this below the lowest step


@drawn_once
def draw_waterfall(frame: pd.DataFrame, *, look: Look, decimals: int) -> Figure:
    """queries.waterfall from top to bottom: full marks, every cause, the score.

    Bars have their exact lengths, labels are the printed parts. Causes that cost nothing at all are left out. Gaps of
    dimensions are one colour, what comes from outside the answers another, points given a third.
    """
    steps = frame[(frame["value"] != 0) | frame["kind"].isin(ENDS)].reset_index(drop=True)
    running, starts, ends = FULL_MARKS, [], []
    listed = rows_of(steps)
    for step in listed:
        starts.append(0.0 if is_end(step) else running)
        running = step.value if is_end(step) else running + step.value
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
        marker={"color": [step_colour(step, look) for step in listed], "cornerradius": 2},
        hovertext=[step_hover(step, decimals) for step in listed],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    for place, step in enumerate(listed):
        _label(fig, place, step, lows[place], highs[place], floor, look, decimals)
    connect_steps(fig, ends, look)
    scale_points(
        fig,
        look,
        low=floor,
        high=FULL_MARKS + 1,
        dtick=tick_of(FULL_MARKS - floor, TICKS),
        tick0=floor,
        title={"text": f"分　（横轴自 {floor:g} 起）" if floor else "分"},
    )
    names = (f"<b>{plain(s.label)}</b> " if is_end(s) else f"{plain(s.label)} " for s in listed)
    name_steps(fig, list(names))
    return fig


def _axis_floor(values: list[float]) -> float:
    lowest = min(values)
    room = 0.28 * (FULL_MARKS - lowest)  # so that labels left of the lowest bar have a place
    return max(0.0, AXIS_STEP * math.floor((lowest - room) / AXIS_STEP))


def _label(
    fig: Figure, place: int, step, low: float, high: float, floor: float, look: Look, decimals: int
) -> None:
    inside = is_end(step) and high - floor > 0
    fig.add_annotation(
        x=high if inside else low,
        y=place,
        xanchor="right",
        xshift=-6,
        text=f"<b>{step_text(step, decimals)}</b>",
        showarrow=False,
        font={"size": 15 if is_end(step) else 14, "color": look.paper if inside else look.ink},
    )
