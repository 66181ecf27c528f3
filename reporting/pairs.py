"""Two sides on one scale of attainment: a dot for each, a line between them, in the order of what their difference costs."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from reporting.palette import Look
from reporting.theme import SMALL_PX, new_figure, number, percent, plain, rows_height, signed, small

ROW_PX = 34
ROOM = 0.2  # of the shown scale, for the numbers beside the dots
LEAST_SPAN = 0.1
SHOWN = 20


def draw_pairs(frame: pd.DataFrame, *, names: tuple[str, str], look: Look, decimals: int) -> go.Figure:
    """Gaps of queries.comparison (names: the region's, the other's), the largest differences of them, best here first.

    Beside each name stand the points by which it puts the region ahead. Lines that only one side has are left out.
    """
    known = frame[
        (frame["kind"] == "gap") & frame["attainment_here"].notna() & frame["attainment_there"].notna()
    ]
    largest = known["change"].abs().nlargest(SHOWN).index
    shown = known.loc[known.index.isin(largest)].reset_index(drop=True)
    rows = list(range(len(shown)))
    fig = new_figure(look, height=rows_height(len(shown), row=ROW_PX, extra=84), margin=(4, 12, 34, 40))
    if shown.empty:
        return fig
    for place, row in enumerate(shown.itertuples()):
        fig.add_shape(
            type="line", x0=row.attainment_there, x1=row.attainment_here, y0=place, y1=place, layer="below",
            line={"color": look.gain if row.attainment_here >= row.attainment_there else look.loss, "width": 5},
        )  # fmt: skip
    for name, column, colour in (
        (names[1], "attainment_there", look.quiet),
        (names[0], "attainment_here", look.accent),
    ):
        fig.add_scatter(
            x=shown[column].astype(float),
            y=rows,
            name=plain(name),
            mode="markers",
            marker={"size": 14, "color": colour, "line": {"color": look.paper, "width": 1.5}},
            customdata=shown["key"],
            hovertext=[_hover(row, names, decimals) for row in shown.itertuples()],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    for place, row in enumerate(shown.itertuples()):
        left, right = sorted((row.attainment_there, row.attainment_here))
        for value, anchor, shift in ((left, "right", -10), (right, "left", 10)):
            fig.add_annotation(
                x=value, y=place, xanchor=anchor, xshift=shift, text=percent(value), showarrow=False,
                font={"size": SMALL_PX, "color": look.muted},
            )  # fmt: skip
    both = shown[["attainment_there", "attainment_here"]]
    low, high = float(both.min().min()), float(both.max().max())
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
        ticktext=[
            f"{plain(row.label)} {small(signed(row.printed, decimals), look)} " for row in shown.itertuples()
        ],
        range=[len(shown) - 0.4, -0.6],
    )
    return fig


def _hover(row, names: tuple[str, str], decimals: int) -> str:
    sides = ((names[0], row.attainment_here, row.gap_here), (names[1], row.attainment_there, row.gap_there))
    lines = [
        f"{plain(name)}　得分率 {percent(attainment)}　失分 {number(gap, decimals)}"
        for name, attainment, gap in sides
    ]
    return (
        f"<b>{plain(row.label)}</b><br>" + "<br>".join(lines) + f"<br>相差 {signed(row.printed, decimals)} 分"
    )
