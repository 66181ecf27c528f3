"""Who moves between the two responsibility systems: ranks side by side, and the largest shifts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look, text_on
from reporting.rows import records_of
from reporting.theme import SMALL_PX, dotted_scale, new_figure, number, plain, rows_height, small
from scoring.scheme import System

ROW_PX = 38
NOTABLE_SHARE = 0.6  # of the largest move: whoever moves by at least so many places is coloured
SHIFTS_SHOWN = 20
TICK_PLACES = 20
PAST_CIRCLE = "\u2003\u2002"  # blanks from a circle's centre to the text beside it


@drawn_once
def draw_system_ranks(frame: pd.DataFrame, *, systems: Sequence[System], look: Look, decimals: int) -> Figure:
    """queries.system_ranks as three columns of ranks (first system, composite, second system) joined by lines.

    Regions that move notably are coloured by the system under which they stand better; the others stay grey. Equal
    ranks stand below each other with the same number. Works for two systems and up to about 25 regions.
    """
    ranked = frame[frame["rank"].notna()].reset_index(drop=True)
    first, second = systems[0], systems[-1]
    columns = [f"rank_{first.id}", "rank", f"rank_{second.id}"]
    fig = new_figure(look, height=rows_height(len(ranked), row=ROW_PX, extra=80), margin=(4, 4, 48, 28))
    places = {column: rank_rows(ranked, column) for column in columns}
    # by ranks of the whole level, as the sentence above the figure counts, also where only some regions are shown
    moved = [int(b - a) for a, b in zip(ranked[columns[0]], ranked[columns[2]], strict=True)]
    colours = [_colour(by, _notable(moved), look) for by in moved]
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
        fig.add_scatter(
            x=[x] * len(ranked),
            y=places[column],
            mode="text",
            text=[
                end_text(
                    row["name"],
                    number(row[f"score_{system.id}"], decimals),
                    colour != look.quiet,
                    x == 0,
                    look,
                )
                for row, colour in zip(records_of(ranked), colours, strict=True)
            ],
            textposition="middle left" if x == 0 else "middle right",
            textfont={"color": look.ink},
            cliponaxis=False,
            hoverinfo="skip",
        )
    heads = ((first.name, look.better_first), ("综合", look.ink), (second.name, look.better_second))
    for x, (title, colour) in enumerate(heads):
        fig.add_annotation(
            x=x,
            y=1,
            yref="paper",
            yanchor="bottom",
            yshift=14,
            text=f"<b>{plain(title)}</b>",
            font={"size": 15, "color": colour},
            showarrow=False,
        )
    fig.add_annotation(
        x=1,
        y=0,
        yref="paper",
        yanchor="top",
        text="圆内为名次；彩色为移动较多者，颜色同其位次较高的一方",
        font={"size": SMALL_PX, "color": look.muted},
        showarrow=False,
    )
    fig.update_xaxes(range=[-1.1, 3.1], visible=False)
    fig.update_yaxes(range=[len(ranked) - 0.4, -0.6], visible=False)
    return fig


@drawn_once
def draw_system_shifts(
    frame: pd.DataFrame, *, systems: Sequence[System], look: Look, decimals: int
) -> Figure:
    """The regions of queries.system_ranks with the largest shift, one row each: a dot per system on a scale of ranks.

    For levels with too many regions for `draw_system_ranks`.
    """
    ranked = frame[frame["rank_shift"].fillna(0) > 0]
    shown = ranked.sort_values(["rank_shift", "rank"], ascending=[False, True]).head(SHIFTS_SHOWN)
    first, second = systems[0], systems[-1]
    rows = list(range(len(shown)))
    fig = new_figure(look, height=rows_height(len(shown), row=32, extra=96), margin=(8, 20, 40, 44))
    for place, row in zip(rows, records_of(shown), strict=True):
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
            hovertext=[_hover(row, systems, decimals) for row in records_of(shown)],
            hovertemplate="%{hovertext}<extra></extra>",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    fig.update_layout(showlegend=True)
    last = int(frame["rank"].max()) if frame["rank"].notna().any() else 1
    fig.update_xaxes(
        **dotted_scale(
            look,
            "名次（左为第 1 位）",
            range=[-last * 0.02, last * 1.03],
            tickvals=[1, *range(TICK_PLACES, last + 1, TICK_PLACES)],
        )
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


def rank_rows(frame: pd.DataFrame, column: str) -> list[int]:
    """0-based rows in rank order; regions of equal rank one below the other."""
    order = frame[column].astype(float).rank(method="first", na_option="bottom")
    return [int(place) - 1 for place in order]


def _notable(moved: list[int]) -> int:
    """How many places a region must move to be coloured."""
    most = max((abs(by) for by in moved), default=0)
    return max(1, math.ceil(NOTABLE_SHARE * most))


def _colour(moved: int, notable: int, look: Look) -> str:
    if abs(moved) < notable:
        return look.quiet
    return look.better_first if moved > 0 else look.better_second


def end_text(name: str, score: str, moves: bool, is_left: bool, look: Look) -> str:
    """Name and score beside the end of a line of ranks, the score nearer to it; who moves stands out."""
    name = f"<b>{plain(name)}</b>" if moves else plain(name)
    score = small(score, look, 13)
    return f"{name} {score}{PAST_CIRCLE}" if is_left else f"{PAST_CIRCLE}{score} {name}"


def _hover(row, systems: Sequence[System], decimals: int) -> str:
    lines = [
        f"<b>{plain(row['name'])}</b>",
        f"综合　{number(row['score'], decimals)}　第 {number(row['rank'], 0)} 位",
    ]
    for system in systems:
        score, rank = row[f"score_{system.id}"], row[f"rank_{system.id}"]
        lines.append(f"{plain(system.name)}　{number(score, decimals)}　第 {number(rank, 0)} 位")
    return "<br>".join(lines)
