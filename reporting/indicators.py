"""The indicators that cost a region most."""

from __future__ import annotations

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look
from reporting.rows import rows_of
from reporting.theme import new_figure, number, percent, plain, rows_height, small

ROW_PX = 48
SHOWN = 12


@drawn_once
def draw_costliest(
    frame: pd.DataFrame, *, look: Look, decimals: int, chosen: str | None = None, most: int = SHOWN
) -> Figure:
    """The first `most` rows of queries.region_gaps by indicator, as bars of points lost; the chosen one stands out.

    A click gives the indicator's id as customdata.
    """
    shown = frame[frame["gap"] > 0].head(most)
    fig = new_figure(look, height=rows_height(len(shown), row=ROW_PX, extra=20), margin=(4, 150, 4, 8))
    if shown.empty:
        return fig
    chosen = chosen if chosen in set(shown["key"]) else None
    fig.add_bar(
        orientation="h",
        y=list(range(len(shown))),
        x=shown["gap"],
        width=0.56,
        marker={
            "color": [look.loss if chosen in (key, None) else look.loss_quiet for key in shown["key"]],
            "cornerradius": 3,
        },
        text=[
            f"<b>{number(row.gap, decimals)}</b> {small(f'得分率 {percent(row.attainment, 0)}', look, 13)}"
            for row in rows_of(shown)
        ],
        textposition="outside",
        cliponaxis=False,
        constraintext="none",
        customdata=shown["key"],
        hovertext=[_hover(row, decimals) for row in rows_of(shown)],
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    fig.update_xaxes(range=[0, shown["gap"].max()], visible=False)
    fig.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(shown))),
        ticktext=[f"{plain(row.label)} <br>{small(plain(row.place), look)} " for row in rows_of(shown)],
        range=[len(shown) - 0.5, -0.5],
    )
    return fig


def _hover(row, decimals: int) -> str:
    return (
        f"<b>{plain(row.label)}</b><br>{plain(row.place)}<br>失分 {number(row.gap, decimals)}　"
        f"得分率 {percent(row.attainment)}<br>{row.units_short} 家未得满分（共 {row.units} 家适用）<br>点击查看是哪些单位"
    )
