"""What share of the full marks each dimension has in a unit of a category: one stacked bar per category."""

from __future__ import annotations

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look, series_colour, text_on
from reporting.rows import records_of
from reporting.theme import SMALL_PX, in_lines, new_figure, percent, plain, rows_height

ROW_PX = 46
NARROWEST = 0.065  # share of the bar under which its percentage would not fit inside
LEGEND_LINE_PX, LEGEND_ENTRY_PX, NAMES_PER_LINE = 24, 150, 4
LONGEST_LINE = 9  # characters of a category's name on one line; the bars need the room
AXIS_END = 1.03  # a little beyond the whole, so that its mark is not cut off


@drawn_once
def draw_effective_weights(frame: pd.DataFrame, *, look: Look) -> Figure:
    """One bar of 100 % per category, in the order of the rows, cut by dimension.

    `frame`: one row per category and dimension: category_name, dimension_name, share (0–1; a category's add up to 1), and
    `before`, the share before a change, or missing. A dimension that weighs nothing has no piece.
    """
    categories = list(dict.fromkeys(frame["category_name"]))
    dimensions = list(dict.fromkeys(frame["dimension_name"]))
    legend_px = LEGEND_LINE_PX * -(-len(dimensions) // NAMES_PER_LINE)
    fig = new_figure(
        look,
        height=rows_height(len(categories), row=ROW_PX, extra=legend_px + 32),
        margin=(4, 16, legend_px + 8, 24),
    )
    places = {name: at for at, name in enumerate(categories)}
    for at, dimension in enumerate(dimensions):
        rows = frame[(frame["dimension_name"] == dimension) & (frame["share"] > 0)]
        colour = series_colour(look, at)
        fig.add_bar(
            x=rows["share"].astype(float),
            y=[places[name] for name in rows["category_name"]],
            orientation="h",
            name=plain(dimension),
            marker={"color": colour, "line": {"color": look.paper, "width": 1.5}},
            text=[percent(share, 0) if share >= NARROWEST else "" for share in rows["share"]],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            constraintext="none",
            textfont={"size": SMALL_PX + 1, "color": text_on(colour)},
            hovertext=[_hover(row) for row in records_of(rows)],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    fig.update_layout(barmode="stack", showlegend=True)
    fig.update_layout(
        legend={
            "font": {"size": SMALL_PX + 1}, "xref": "container", "x": 0.01, "yref": "container", "y": 1,
            "yanchor": "top", "entrywidth": LEGEND_ENTRY_PX, "entrywidthmode": "pixels",
        }
    )  # fmt: skip
    fig.update_xaxes(
        range=[0, AXIS_END],
        tickformat=".0%",
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        tickfont={"color": look.muted},
    )
    fig.update_yaxes(
        tickmode="array",
        tickvals=list(places.values()),
        ticktext=[in_lines(name, LONGEST_LINE) for name in places],
        range=[len(categories) - 0.45, -0.55],
    )
    return fig


def _hover(row: dict) -> str:
    text = (
        f"<b>{plain(row['category_name'])}</b><br>{plain(row['dimension_name'])}　{percent(row['share'], 2)}"
    )
    before = row.get("before")
    if before is None or before != before or abs(before - row["share"]) < 5e-7:
        return text
    return f"{text}（原 {percent(before, 2)}）"
