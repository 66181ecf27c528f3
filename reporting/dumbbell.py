"""Articles in two years: one dot per year on a scale of attainment, only over what both years asked alike."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from reporting.palette import Look
from reporting.theme import SMALL_PX, new_figure, percent, plain, rows_height, small

ROW_PX = 30
ROOM = 0.17  # of the shown scale, for the numbers beside the dots
LEAST_SPAN = 0.1


def draw_dumbbell(frame: pd.DataFrame, *, years: tuple[int, int], look: Look) -> go.Figure:
    """queries.comparable_attainments, the largest gain first; articles of which nothing compares are left out.

    An article of which only a part compares says so beside its name.
    """
    shown = frame[frame["change"].notna()].sort_values(["change", "article"], ascending=[False, True])
    shown = shown.reset_index(drop=True)
    rows = list(range(len(shown)))
    fig = new_figure(look, height=rows_height(len(shown), row=ROW_PX, extra=80), margin=(4, 12, 34, 40))
    for place, row in enumerate(shown.itertuples()):
        fig.add_shape(
            type="line", x0=row.before, x1=row.now, y0=place, y1=place, layer="below",
            line={"color": look.gain if row.change >= 0 else look.loss, "width": 5},
        )  # fmt: skip
    for year, column, colour in ((years[0], "before", look.quiet), (years[1], "now", look.accent)):
        fig.add_scatter(
            x=shown[column].astype(float),
            y=rows,
            name=f"{year} 年",
            mode="markers",
            marker={"size": 14, "color": colour, "line": {"color": look.paper, "width": 1.5}},
            customdata=shown["article"],
            hovertext=[_hover(row, years) for row in shown.itertuples()],
            hovertemplate="%{hovertext}<extra></extra>",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    for place, row in enumerate(shown.itertuples()):
        left, right = sorted((row.before, row.now))
        for value, anchor, shift in ((left, "right", -10), (right, "left", 10)):
            fig.add_annotation(
                x=value, y=place, xanchor=anchor, xshift=shift, text=percent(value), showarrow=False,
                font={"size": SMALL_PX, "color": look.muted},
            )  # fmt: skip
    low = float(shown[["before", "now"]].min().min()) if rows else 0.0
    high = float(shown[["before", "now"]].max().max()) if rows else 1.0
    room = ROOM * max(high - low, LEAST_SPAN)
    fig.update_layout(showlegend=True)
    fig.update_xaxes(
        range=[low - room, high + room],
        showgrid=True,
        gridcolor=look.line,
        griddash="dot",
        tickformat=".0%",
        tickfont={"size": SMALL_PX, "color": look.muted},
        title={"text": "得分率"},
    )
    fig.update_yaxes(
        tickmode="array",
        tickvals=rows,
        ticktext=[_tick(row, look) for row in shown.itertuples()],
        range=[len(shown) - 0.4, -0.6],
    )
    return fig


def _tick(row, look: Look) -> str:
    return f"{plain(row.label)} {small('部分可比', look)} " if row.note else f"{plain(row.label)} "


def _hover(row, years: tuple[int, int]) -> str:
    note = f"<br>不可比：{plain(row.note)}" if row.note else ""
    return (
        f"<b>{plain(row.label)}</b>（{row.alike} 项可比）<br>{years[0]} 年 {percent(row.before)}<br>"
        f"{years[1]} 年 {percent(row.now)}{note}"
    )
