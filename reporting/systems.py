"""Who moves between the two responsibility systems: ranks side by side, and the largest shifts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from reporting.palette import Look, text_on
from reporting.theme import SMALL_PX, is_missing, new_figure, number, plain, rows_height, small
from scoring.scheme import System

ROW_PX = 38
NOTABLE_SHARE = 0.2  # of the regions ranked: whoever moves by more places than this is coloured
LEAST_NOTABLE = 2
SHIFTS_SHOWN = 20


def draw_system_ranks(
    frame: pd.DataFrame, *, systems: Sequence[System], look: Look, decimals: int
) -> go.Figure:
    """queries.system_ranks as three columns of ranks (first system, composite, second system) joined by lines.

    Regions that move notably are coloured by the system under which they stand better; the others stay grey. Equal
    ranks stand below each other with the same number. Works for two systems and up to about 25 regions.
    """
    ranked = frame[frame["rank"].notna()].reset_index(drop=True)
    first, second = systems[0], systems[-1]
    columns = [f"rank_{first.id}", "rank", f"rank_{second.id}"]
    fig = new_figure(look, height=rows_height(len(ranked), row=ROW_PX, extra=70), margin=(8, 8, 58, 8))
    places = {column: _places(ranked, column) for column in columns}
    notable = max(LEAST_NOTABLE, round(NOTABLE_SHARE * len(ranked)))
    colours = [_colour(row, first, second, notable, look) for row in ranked.to_dict("records")]
    for at in sorted(range(len(ranked)), key=lambda i: colours[i] != look.quiet):
        row, colour = ranked.iloc[at], colours[at]
        moves = colour != look.quiet
        fig.add_scatter(
            x=[0, 1, 2],
            y=[places[column][at] for column in columns],
            mode="lines+markers+text",
            line={"color": colour, "width": 4 if moves else 2},
            marker={"size": 27, "color": colour, "line": {"color": look.paper, "width": 2}},
            text=[f"{row[column]}" for column in columns],
            textposition="middle center",
            textfont={"size": 13, "color": text_on(colour)},
            customdata=[row["code"]] * 3,
            hovertext=_hover(row, systems, decimals),
            hovertemplate="%{hovertext}<extra></extra>",
            cliponaxis=False,
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
        for x, column, system in ((0, columns[0], first), (2, columns[2], second)):
            _name_end(
                fig, x, places[column][at], row, number(row[f"score_{system.id}"], decimals), moves, look
            )
    for x, title in enumerate((first.name, "综合", second.name)):
        fig.add_annotation(
            x=x,
            y=1,
            yref="paper",
            yanchor="bottom",
            yshift=22,
            text=f"<b>{plain(title)}</b>",
            showarrow=False,
        )
    fig.update_xaxes(range=[-0.78, 2.78], visible=False)
    fig.update_yaxes(range=[len(ranked) - 0.4, -0.6], visible=False)
    return fig


def draw_system_shifts(
    frame: pd.DataFrame, *, systems: Sequence[System], look: Look, decimals: int
) -> go.Figure:
    """The regions of queries.system_ranks with the largest shift, one row each: a dot per system on a scale of ranks.

    For levels with too many regions for `draw_system_ranks`.
    """
    ranked = frame[frame["rank_shift"].fillna(0) > 0]
    shown = ranked.sort_values(["rank_shift", "rank"], ascending=[False, True]).head(SHIFTS_SHOWN)
    first, second = systems[0], systems[-1]
    rows = list(range(len(shown)))
    fig = new_figure(look, height=rows_height(len(shown), row=32, extra=96), margin=(8, 20, 40, 44))
    for place, row in zip(rows, shown.to_dict("records"), strict=True):
        fig.add_shape(
            type="line",
            x0=row[f"rank_{first.id}"],
            x1=row[f"rank_{second.id}"],
            y0=place,
            y1=place,
            line={"color": look.quiet, "width": 5},
            layer="below",
        )
    for title, column, colour, size in (
        (first.name, f"rank_{first.id}", look.better_first, 15),
        (second.name, f"rank_{second.id}", look.better_second, 15),
        ("综合", "rank", look.ink, 8),
    ):
        fig.add_scatter(
            x=shown[column].astype(float),
            y=rows,
            name=plain(title),
            mode="markers",
            marker={"size": size, "color": colour, "line": {"color": look.paper, "width": 1.5}},
            customdata=shown["code"],
            hovertext=[_hover(row, systems, decimals) for row in shown.to_dict("records")],
            hovertemplate="%{hovertext}<extra></extra>",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    fig.update_layout(showlegend=True)
    last = int(frame["rank"].max()) if frame["rank"].notna().any() else 1
    fig.update_xaxes(
        range=[-last * 0.02, last * 1.03],
        tick0=1,
        showgrid=True,
        gridcolor=look.line,
        griddash="dot",
        tickfont={"size": SMALL_PX, "color": look.muted},
        title={"text": "名次（左为第 1 位）"},
    )
    fig.update_yaxes(
        tickmode="array",
        tickvals=rows,
        ticktext=[
            f"{plain(name)} {small(f'相差 {shift} 位', look)} "
            for name, shift in zip(shown["name"], shown["rank_shift"], strict=True)
        ],
        range=[len(shown) - 0.4, -0.6],
    )
    return fig


def _places(frame: pd.DataFrame, column: str) -> list[int]:
    """0-based rows in rank order; regions of equal rank one below the other."""
    order = frame[column].astype(float).rank(method="first", na_option="bottom")
    return [int(place) - 1 for place in order]


def _colour(row: dict, first: System, second: System, notable: int, look: Look) -> str:
    one, other = row[f"rank_{first.id}"], row[f"rank_{second.id}"]
    if is_missing(one) or is_missing(other) or abs(one - other) < notable:
        return look.quiet
    return look.better_first if one < other else look.better_second


def _name_end(fig: go.Figure, x: int, place: int, row, score: str, moves: bool, look: Look) -> None:
    name = f"<b>{plain(row['name'])}</b>" if moves else plain(row["name"])
    text = f"{name} {small(score, look, 13)}" if x == 0 else f"{small(score, look, 13)} {name}"
    fig.add_annotation(
        x=x,
        y=place,
        xanchor="right" if x == 0 else "left",
        xshift=-20 if x == 0 else 20,
        text=text,
        showarrow=False,
        font={"color": look.ink},
    )


def _hover(row, systems: Sequence[System], decimals: int) -> str:
    lines = [
        f"<b>{plain(row['name'])}</b>",
        f"综合　{number(row['score'], decimals)}　第 {number(row['rank'], 0)} 位",
    ]
    for system in systems:
        score, rank = row[f"score_{system.id}"], row[f"rank_{system.id}"]
        lines.append(f"{plain(system.name)}　{number(score, decimals)}　第 {number(rank, 0)} 位")
    return "<br>".join(lines)
