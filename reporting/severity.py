"""How far each reviewer's rulings lie from those of comparable ones: a dot, its 95 % interval, and the line where all agree."""

from __future__ import annotations

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look
from reporting.rows import rows_of
from reporting.theme import (
    SMALL_PX,
    new_figure,
    plain,
    rows_height,
    shorten,
    signed,
    small,
)

ROW_PX, LEAST_PX = 30, 110
LONGEST_NAME = (
    12  # characters of a region's name and of a post's; the whole is in the hover text and in the table
)
VALUES_PX = 160  # for the column of values right of the scale
ROOM = 1.06  # of the scale beyond the farthest dot
LEAST_SCALE = 5.0  # percentage points; a narrower scale would make nothing look like much
WIDEST = 2.5  # times the farthest dot: an interval of two or three rulings may not flatten all others


@drawn_once
def draw_severity(frame: pd.DataFrame, *, look: Look) -> Figure:
    """One dot per row of queries.severity that has a difference, in the given order, with its interval.

    Differences are shown in percentage points of attainment, right of the line: lowers more than comparable reviewers.
    Filled and coloured: the interval leaves the line out; grey: it does not; hollow: too few rulings to say.
    """
    rows = len(frame)
    fig = new_figure(
        look, height=rows_height(rows, row=ROW_PX, extra=84, least=LEAST_PX), margin=(4, VALUES_PX, 44, 34)
    )
    scale = _scale(frame)
    at = frame["difference"].astype(float) * 100
    listed = rows_of(frame)
    colours = [
        look.muted if row.is_few or not row.is_apart else look.loss if row.difference > 0 else look.accent
        for row in listed
    ]
    for place, row in enumerate(listed):
        if row.low == row.low:
            fig.add_shape(
                type="line",
                x0=max(row.low * 100, -scale),
                x1=min(row.high * 100, scale),
                y0=place,
                y1=place,
                line={"color": colours[place], "width": 2, "dash": "dot" if row.is_few else "solid"},
                layer="below",
            )
    fig.add_scatter(
        x=at,
        y=list(range(rows)),
        mode="markers",
        marker={
            "size": 12,
            "color": [
                look.paper if few else colour for few, colour in zip(frame["is_few"], colours, strict=True)
            ],
            "line": {"color": colours, "width": 2},
        },
        hovertext=[_hover(row) for row in listed],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    fig.add_scatter(
        x=[scale] * rows,
        y=list(range(rows)),
        mode="text",
        text=[_value(row, look) for row in listed],
        textposition="middle right",
        textfont={"size": 13, "color": look.ink},
        cliponaxis=False,
        hoverinfo="skip",
    )
    fig.add_vline(x=0, line={"color": look.ink, "width": 1.5, "dash": "dot"})
    for x, anchor, text in (
        (0, "right", "← 下调较少　"),
        (0, "left", "　下调较多 →"),
    ):
        fig.add_annotation(
            x=x,
            y=1,
            yref="paper",
            yanchor="bottom",
            xanchor=anchor,
            yshift=8,
            text=text,
            showarrow=False,
            font={"size": SMALL_PX + 1, "color": look.muted},
        )
    fig.update_yaxes(
        tickmode="array",
        tickvals=list(range(rows)),
        ticktext=[_name(row, look) for row in listed],
        range=[rows - 0.5, -0.5],
    )
    fig.update_xaxes(
        range=[-scale, scale],
        showgrid=True,
        gridcolor=look.line,
        title={"text": "与可比岗位之差（得分率，百分点）"},
    )
    return fig


def _scale(frame: pd.DataFrame) -> float:
    """Half the width of the scale in percentage points, the same on both sides of the line."""
    if frame.empty:
        return LEAST_SCALE
    dots = float(frame["difference"].abs().max()) * 100
    ends = float(frame[["low", "high"]].abs().max().max()) * 100
    return max(min(ends, dots * WIDEST) if ends == ends else dots, dots, LEAST_SCALE) * ROOM


def _name(row, look: Look) -> str:
    post, region = shorten(row.post, LONGEST_NAME), shorten(row.region_name, LONGEST_NAME)
    return f"{small(plain(post), look)} {plain(region)} "


def _value(row, look: Look) -> str:
    text = f"\u2002<b>{signed(row.difference * 100, 1)}</b> "
    return text + small(f"{row.judged:,} 项" + ("，样本少" if row.is_few else ""), look)


def _hover(row) -> str:
    lines = [
        f"<b>{plain(row.region_name)}</b> {plain(row.post)}（{row.stage_name}）",
        f"与可比岗位之差 {signed(row.difference * 100, 1)} 个百分点",
    ]
    if row.low == row.low:
        lines.append(f"95% 区间 {signed(row.low * 100, 1)} 至 {signed(row.high * 100, 1)}")
    lines.append(f"核定 {row.judged:,} 项，改动 {row.changed_share:.0%}")
    if row.is_few:
        lines.append("样本少，只作参考")
    return "<br>".join(lines)
