"""From one year's score to another's, step by step; what is printed adds up."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go

from reporting.palette import Look
from reporting.theme import SMALL_PX, new_figure, number, plain, rows_height, signed, small

ROW_PX = 34
ENDS = ("start", "total")
LABEL_SHARE = 0.16  # of the axis, for labels beside the bars


def draw_bridge(frame: pd.DataFrame, *, look: Look, decimals: int) -> go.Figure:
    """queries.bridge from top to bottom: the earlier score, what raised and lowered it, the later score.

    Bars have their exact lengths, labels are the printed parts; steps that print as nothing are left out. What one of the
    schemes does not have is hatched and said beside its name.
    """
    steps = frame[(frame["printed"] != 0) | frame["kind"].isin(ENDS)].reset_index(drop=True)
    fig = new_figure(look, height=rows_height(len(steps), row=ROW_PX, extra=50), margin=(4, 12, 6, 40))
    if steps.empty:
        return fig
    starts, ends, running = [], [], 0.0
    for step in steps.itertuples():
        starts.append(running)
        running = step.value if step.kind in ENDS else running + step.value
        ends.append(running)
    low, high, floor = _axis(steps, starts, ends)
    lefts = [
        floor if step.kind in ENDS else min(pair)
        for step, pair in zip(steps.itertuples(), zip(starts, ends, strict=True), strict=True)
    ]
    rights = [
        pair[1] if step.kind in ENDS else max(pair)
        for step, pair in zip(steps.itertuples(), zip(starts, ends, strict=True), strict=True)
    ]
    fig.add_bar(
        orientation="h",
        y=list(range(len(steps))),
        base=lefts,
        x=[right - left for left, right in zip(lefts, rights, strict=True)],
        marker={
            "color": [_colour(step, look) for step in steps.itertuples()],
            "cornerradius": 2,
            "pattern": {
                "shape": ["" if step.presence == "both" else "/" for step in steps.itertuples()],
                "fgcolor": look.paper,
                "size": 5,
                "solidity": 0.3,
            },
        },
        hovertext=[_hover(step, decimals) for step in steps.itertuples()],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    for place, step in enumerate(steps.itertuples()):
        is_end = step.kind in ENDS
        fig.add_annotation(
            x=rights[place],
            y=place,
            xanchor="right" if is_end else "left",
            xshift=-6 if is_end else 6,
            text=f"<b>{number(step.printed, decimals) if is_end else signed(step.printed, decimals)}</b>",
            showarrow=False,
            font={"size": 14, "color": look.paper if is_end else look.ink},
        )
        if place + 1 < len(steps):
            fig.add_shape(
                type="line", x0=ends[place], x1=ends[place], y0=place + 0.36, y1=place + 0.64,
                line={"color": look.muted, "width": 1},
            )  # fmt: skip
    fig.update_xaxes(
        range=[low, high],
        showgrid=True,
        gridcolor=look.line,
        griddash="dot",
        tickfont={"size": SMALL_PX, "color": look.muted},
        dtick=_dtick(high - low),
        title={"text": f"分　（横轴自 {low:g} 起）"},
    )
    fig.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(steps))),
        ticktext=[_tick(step, look) for step in steps.itertuples()],
        range=[len(steps) - 0.5, -0.5],
    )
    return fig


def _axis(steps: pd.DataFrame, starts: list[float], ends: list[float]) -> tuple[float, float, float]:
    """Left and right end of the axis, and where the bars of both scores begin."""
    reached = [*ends, *(at for at, kind in zip(starts, steps["kind"], strict=True) if kind not in ENDS)]
    lowest, highest = min(reached), max(reached)
    span = max(highest - lowest, 1.0)
    low = math.floor(lowest - 0.35 * span)
    return float(max(low, 0)), highest + LABEL_SHARE * 1.4 * span, float(max(low, 0))


def _dtick(span: float) -> float:
    return next(step for step in (0.5, 1, 2, 5, 10, 20, 50) if span / step <= 8)


def _colour(step, look: Look) -> str:
    if step.kind in ENDS:
        return look.accent
    if step.value > 0:
        return look.gain
    return look.loss if step.kind == "gap" else look.grade("fail")


def _tick(step, look: Look) -> str:
    if step.kind in ENDS:
        return f"<b>{plain(step.label)}</b> "
    if step.presence == "both":
        return f"{plain(step.label)} "
    return f"{plain(step.label)} {small(plain(step.note), look)} "


def _hover(step, decimals: int) -> str:
    if step.kind in ENDS:
        return f"<b>{plain(step.label)}</b><br>{number(step.printed, decimals)} 分"
    note = f"<br>{plain(step.note)}" if step.note else ""
    return f"<b>{plain(step.label)}</b><br>{signed(step.printed, decimals)} 分{note}"
