"""How fast regions close their rectification tasks: a bar per region, done and waiting and overdue, with the closing rate."""

from __future__ import annotations

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look
from reporting.rows import rows_of
from reporting.theme import NOTHING, new_figure, percent, plain, rows_height, shorten

FEW_ROWS = 20  # up to here rows are tall enough for a meeting room
ROW_PX, DENSE_ROW_PX = 36, 26
LONGEST_NAME = 15  # characters; the whole name is in the hover text and in the table
LEAST_PX = 110
COUNT_PX = 96  # for the column of counts right of the scale


@drawn_once
def draw_closing_rates(frame: pd.DataFrame, *, look: Look) -> Figure:
    """One bar per row of queries.task_rates in the given order: the share of its tasks that are done, and the counts.

    Needs code, name, given_out, done, overdue, closing_rate, in_time_rate. A region without tasks has no bar. A click
    gives the row's code as customdata.
    """
    rows = len(frame)
    row_px = ROW_PX if rows <= FEW_ROWS else DENSE_ROW_PX
    fig = new_figure(
        look, height=rows_height(rows, row=row_px, extra=40, least=LEAST_PX), margin=(4, COUNT_PX, 8, 8)
    )
    places = list(range(rows))
    known = frame["given_out"] > 0
    common = {
        "orientation": "h",
        "y": places,
        "customdata": frame["code"],
        "hovertext": [_hover(row) for row in rows_of(frame)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
    }
    fig.add_bar(x=known.astype(float), marker={"color": look.tint, "cornerradius": 3}, **common)
    fig.add_bar(
        x=frame["closing_rate"].astype(float).fillna(0.0),
        marker={"color": look.accent, "cornerradius": 3},
        **common,
    )
    fig.add_scatter(
        x=[1] * rows,
        y=places,
        mode="text",
        text=["\u2002" + _text(row) for row in rows_of(frame)],
        textposition="middle right",
        textfont={"size": 15 if rows <= FEW_ROWS else 13, "color": look.ink},
        cliponaxis=False,
        hoverinfo="skip",
    )
    fig.update_layout(barmode="overlay")
    fig.update_xaxes(range=[0, 1], visible=False)
    fig.update_yaxes(
        tickmode="array",
        tickvals=places,
        ticktext=[f"{plain(shorten(name, LONGEST_NAME))} " for name in frame["name"]],
        range=[rows - 0.5, -0.5],
    )
    return fig


def _text(row) -> str:
    return f"<b>{percent(row.closing_rate)}</b> {row.done}/{row.given_out}" if row.given_out else NOTHING


def _hover(row) -> str:
    if not row.given_out:
        return f"<b>{plain(row.name)}</b><br>没有整改任务"
    return "<br>".join(
        [
            f"<b>{plain(row.name)}</b>",
            f"下达 {row.given_out} 项，已销号 {row.done} 项，销号率 {percent(row.closing_rate)}",
            f"按期销号占 {percent(row.in_time_rate)}，逾期未报送 {row.overdue} 项",
        ]
    )
