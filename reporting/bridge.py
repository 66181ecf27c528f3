"""From one year's score to another's, step by step; what is printed adds up."""

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
from reporting.theme import new_figure, plain, rows_height, small

ROW_PX = 34
TICKS = (0.5, 1, 2, 5, 10, 20, 50)  # points
LABEL_SHARE = 0.16  # of the axis, for labels beside the bars


@drawn_once
def draw_bridge(frame: pd.DataFrame, *, look: Look, decimals: int) -> Figure:
    """queries.bridge from top to bottom: the earlier score, what raised and lowered it, the later score.

    Bars have their exact lengths, labels are the printed parts; steps that print as nothing are left out. What one of the
    schemes does not have is hatched and said beside its name.
    """
    steps = frame[(frame["printed"] != 0) | frame["kind"].isin(ENDS)].reset_index(drop=True)
    fig = new_figure(look, height=rows_height(len(steps), row=ROW_PX, extra=50), margin=(4, 12, 6, 40))
    if steps.empty:
        return fig
    starts, ends, running = [], [], 0.0
    listed = rows_of(steps)
    for step in listed:
        starts.append(running)
        running = step.value if step.kind in ENDS else running + step.value
        ends.append(running)
    low, high, floor = _axis(steps, starts, ends)
    lefts = [
        floor if step.kind in ENDS else min(pair)
        for step, pair in zip(listed, zip(starts, ends, strict=True), strict=True)
    ]
    rights = [
        pair[1] if step.kind in ENDS else max(pair)
        for step, pair in zip(listed, zip(starts, ends, strict=True), strict=True)
    ]
    fig.add_bar(
        orientation="h",
        y=list(range(len(steps))),
        base=lefts,
        x=[right - left for left, right in zip(lefts, rights, strict=True)],
        marker={
            "color": [step_colour(step, look) for step in listed],
            "cornerradius": 2,
            "pattern": {
                "shape": ["" if step.presence == "both" else "/" for step in listed],
                "fgcolor": look.paper,
                "size": 5,
                "solidity": 0.3,
            },
        },
        hovertext=[step_hover(step, decimals) for step in listed],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    for place, step in enumerate(listed):
        fig.add_annotation(
            x=rights[place],
            y=place,
            xanchor="right" if is_end(step) else "left",
            xshift=-6 if is_end(step) else 6,
            text=f"<b>{step_text(step, decimals)}</b>",
            showarrow=False,
            font={"size": 14, "color": look.paper if is_end(step) else look.ink},
        )
    connect_steps(fig, ends, look)
    title = {"text": f"分　（横轴自 {low:g} 起）"}
    scale_points(fig, look, low=low, high=high, dtick=tick_of(high - low, TICKS), title=title)
    name_steps(fig, [_tick(step, look) for step in listed])
    return fig


def _axis(steps: pd.DataFrame, starts: list[float], ends: list[float]) -> tuple[float, float, float]:
    """Left and right end of the axis, and where the bars of both scores begin."""
    reached = [*ends, *(at for at, kind in zip(starts, steps["kind"], strict=True) if kind not in ENDS)]
    lowest, highest = min(reached), max(reached)
    span = max(highest - lowest, 1.0)
    low = math.floor(lowest - 0.35 * span)
    return float(max(low, 0)), highest + LABEL_SHARE * 1.4 * span, float(max(low, 0))


def _tick(step, look: Look) -> str:
    if is_end(step):
        return f"<b>{plain(step.label)}</b> "
    if step.presence == "both":
        return f"{plain(step.label)} "
    return f"{plain(step.label)} {small(plain(step.note), look)} "
