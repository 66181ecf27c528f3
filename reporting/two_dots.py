"""Two attainments a row on one scale: a dot for each, a line between them in the colour of a gain or a loss."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reporting.figure import Figure
from reporting.palette import Look
from reporting.theme import SMALL_PX, dotted_scale, percent, plain

LEAST_SPAN = 0.1


def draw_two_dots(
    fig: Figure,
    shown: pd.DataFrame,
    *,
    columns: tuple[str, str],
    names: tuple[str, str],
    key: str,
    hovers: Sequence[str],
    ticks: Sequence[str],
    room: float,
    look: Look,
) -> None:
    """Add to a new figure one row per row of `shown`: `columns` hold the first (quiet) and the second attainment.

    `names`: theirs in the legend; `key`: the column that a click gives; `hovers`, `ticks`: markup by row; `room`: part of the
    shown scale that is left on both sides for the numbers beside the dots.
    """
    first, second = columns
    rows = list(range(len(shown)))
    pairs = [(float(one), float(other)) for one, other in zip(shown[first], shown[second], strict=True)]
    for place, (one, other) in enumerate(pairs):
        fig.add_shape(
            type="line", x0=one, x1=other, y0=place, y1=place, layer="below",
            line={"color": look.gain if other >= one else look.loss, "width": 5},
        )  # fmt: skip
    for name, column, colour in zip(names, columns, (look.quiet, look.accent), strict=True):
        fig.add_scatter(
            x=shown[column].astype(float),
            y=rows,
            name=plain(name),
            mode="markers",
            marker={"size": 14, "color": colour, "line": {"color": look.paper, "width": 1.5}},
            customdata=shown[key],
            hovertext=list(hovers),
            hovertemplate="%{hovertext}<extra></extra>",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    for place, pair in enumerate(pairs):
        left, right = sorted(pair)
        for value, anchor, shift in ((left, "right", -10), (right, "left", 10)):
            fig.add_annotation(
                x=value, y=place, xanchor=anchor, xshift=shift, text=percent(value), showarrow=False,
                font={"size": SMALL_PX, "color": look.muted},
            )  # fmt: skip
    low = min((min(pair) for pair in pairs), default=0.0)
    high = max((max(pair) for pair in pairs), default=1.0)
    aside = room * max(high - low, LEAST_SPAN)
    fig.update_layout(showlegend=True)
    fig.update_xaxes(**dotted_scale(look, "得分率", range=[low - aside, high + aside], tickformat=".0%"))
    fig.update_yaxes(tickmode="array", tickvals=rows, ticktext=list(ticks), range=[len(shown) - 0.4, -0.6])
