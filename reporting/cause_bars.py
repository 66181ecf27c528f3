"""What moved one score: each cause's points to the left or right of nothing, the largest first."""

from __future__ import annotations

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look
from reporting.theme import new_figure, plain, rows_height, shorten, signed

CAUSES_SHOWN = 15
ROW_PX = 30
LONGEST_NAME = 16


@drawn_once
def draw_causes(frame: pd.DataFrame, *, look: Look, decimals: int) -> Figure:
    """Points by cause (label, change, printed) as bars, up to CAUSES_SHOWN by size; the others together make the last bar.

    So bars and printed numbers add up to the whole change. Causes that change nothing are left out.
    """
    moved = frame[frame["change"].abs() > 0].copy()
    moved = moved.iloc[moved["change"].abs().argsort()[::-1]]
    shown, rest = moved.head(CAUSES_SHOWN), moved.iloc[CAUSES_SHOWN:]
    labels, changes = list(shown["label"]), list(shown["change"].astype(float))
    printed = list(shown["printed"].astype(float))
    if len(rest):
        labels.append(f"其余 {len(rest)} 项")
        changes.append(float(rest["change"].sum()))
        printed.append(float(rest["printed"].sum()))
    fig = new_figure(look, height=rows_height(len(labels), row=ROW_PX, extra=32), margin=(4, 12, 8, 8))
    places = list(range(len(labels)))
    fig.add_bar(
        orientation="h",
        x=changes,
        y=places,
        marker={"color": [look.gain if change > 0 else look.loss for change in changes], "cornerradius": 3},
        text=[signed(each, decimals) for each in printed],
        textposition="outside",
        textfont={"size": 14, "color": look.ink},
        constraintext="none",
        cliponaxis=False,
        hovertext=[
            f"<b>{plain(label)}</b><br>{signed(change, decimals + 2)} 分"
            for label, change in zip(labels, changes, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    far = max((abs(change) for change in changes), default=1.0) * 1.3
    low, high = min([0.0, *changes]), max([0.0, *changes])
    fig.add_vline(x=0, line={"color": look.line, "width": 1.5})
    fig.update_xaxes(range=[low - far * 0.22, high + far * 0.22], visible=False)
    fig.update_yaxes(
        tickmode="array",
        tickvals=places,
        ticktext=[f"{plain(shorten(label, LONGEST_NAME))} " for label in labels],
        range=[len(labels) - 0.5, -0.5],
    )
    return fig
