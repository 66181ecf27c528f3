"""Regions or units before and after other weights: ranks side by side, and the largest moves where there are many."""

from __future__ import annotations

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look, text_on
from reporting.rows import records_of, rows_of
from reporting.slopes import move_colour
from reporting.systems import end_text, rank_rows
from reporting.theme import (
    NOTHING,
    SMALL_PX,
    dotted_scale,
    is_missing,
    new_figure,
    number,
    plain,
    rows_height,
    shorten,
    signed,
    small,
)

MOST_LINES = 25  # more lines cannot be told apart
ROW_PX = 38
MOVES_SHOWN = 25
TICK_PLACES = 20
LONGEST_NAME = 14
HEADS = ("现行权重", "试算权重")


@drawn_once
def draw_rank_moves(frame: pd.DataFrame, *, look: Look, decimals: int, chosen: str | None = None) -> Figure:
    """queries.what_if as two columns of ranks joined by lines, up to MOST_LINES rows; beyond that the largest moves.

    Who gains places has the colour of gains, who loses some that of losses, the others are grey. Needs code, name,
    score_before, rank_before, score_after, rank_after; rows without both ranks are left out. A click gives the code.
    """
    ranked = frame[frame["rank_before"].notna() & frame["rank_after"].notna()].reset_index(drop=True)
    if len(ranked) > MOST_LINES:
        return _draw_largest(ranked, look=look, decimals=decimals)
    fig = new_figure(look, height=rows_height(len(ranked), row=ROW_PX, extra=84), margin=(4, 4, 44, 32))
    columns = ("rank_before", "rank_after")
    places = {column: rank_rows(ranked, column) for column in columns}
    colours = [_colour(row, look) for row in rows_of(ranked)]
    for at in sorted(range(len(ranked)), key=lambda i: colours[i] != look.quiet):
        row, colour = ranked.iloc[at], colours[at]
        moves = colour != look.quiet
        fig.add_scatter(
            x=[0, 1],
            y=[places[column][at] for column in columns],
            mode="lines+markers+text",
            line={"color": colour, "width": 4 if moves else 2},
            marker={
                "size": 27,
                "color": colour,
                "line": {"color": look.ink if row["code"] == chosen else look.paper, "width": 2},
            },
            text=[f"{int(row[column])}" for column in columns],
            textposition="middle center",
            textfont={"size": 13, "color": text_on(colour)},
            customdata=[row["code"]] * 2,
            hovertext=_hover(row, decimals),
            hovertemplate="%{hovertext}<extra></extra>",
            cliponaxis=False,
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    for x, column, score in ((0, "rank_before", "score_before"), (1, "rank_after", "score_after")):
        fig.add_scatter(
            x=[x] * len(ranked),
            y=places[column],
            mode="text",
            text=[
                end_text(
                    shorten(row["name"], LONGEST_NAME),
                    number(row[score], decimals),
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
        fig.add_annotation(
            x=x, y=1, yref="paper", yanchor="bottom", yshift=14, text=f"<b>{HEADS[x]}</b>",
            font={"size": 15, "color": look.ink}, showarrow=False,
        )  # fmt: skip
    fig.add_annotation(
        x=0.5, y=0, yref="paper", yanchor="top", yshift=-6, text=_legend(look),
        font={"size": SMALL_PX, "color": look.muted}, showarrow=False,
    )  # fmt: skip
    fig.update_xaxes(range=[-1.0, 2.0], visible=False)
    fig.update_yaxes(range=[len(ranked) - 0.4, -0.6], visible=False)
    return fig


def _draw_largest(ranked: pd.DataFrame, *, look: Look, decimals: int) -> Figure:
    """The rows that move most, one each: a ring at the old rank, a dot at the new one."""
    places = (ranked["rank_before"] - ranked["rank_after"]).abs()
    shown = ranked.assign(places=places).sort_values(["places", "rank_before"], ascending=[False, True])
    shown = shown.head(MOVES_SHOWN)
    rows = list(range(len(shown)))
    colours = [_colour(row, look) for row in rows_of(shown)]
    fig = new_figure(look, height=rows_height(len(shown), row=32, extra=96), margin=(8, 20, 40, 44))
    for place, row, colour in zip(rows, rows_of(shown), colours, strict=True):
        fig.add_shape(
            type="line", x0=row.rank_before, x1=row.rank_after, y0=place, y1=place,
            line={"color": colour, "width": 4}, layer="below",
        )  # fmt: skip
    for head, column, fill, edge in zip(
        HEADS,
        ("rank_before", "rank_after"),
        ([look.paper] * len(shown), colours),
        (colours, [look.paper] * len(shown)),
        strict=True,
    ):
        fig.add_scatter(
            x=shown[column].astype(float),
            y=rows,
            name=head,
            mode="markers",
            marker={"size": 14, "color": fill, "line": {"color": edge, "width": 2}},
            customdata=shown["code"],
            hovertext=[_hover(row, decimals) for row in records_of(shown)],
            hovertemplate="%{hovertext}<extra></extra>",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    fig.add_annotation(
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=8,
        text=f"空心为现名次，实心为试算名次；{_legend(look)}",
        font={"size": SMALL_PX, "color": look.muted}, showarrow=False,
    )  # fmt: skip
    last = int(max(ranked["rank_before"].max(), ranked["rank_after"].max()))
    step = TICK_PLACES if last <= 10 * TICK_PLACES else 10 * TICK_PLACES
    fig.update_xaxes(
        **dotted_scale(
            look,
            "名次（左为第 1 位）",
            range=[-last * 0.02, last * 1.03],
            tickvals=[1, *range(step, last + 1, step)],
        )
    )
    fig.update_yaxes(
        tickmode="array",
        tickvals=rows,
        ticktext=[
            f"{plain(shorten(row.name, LONGEST_NAME))} {small(say_move(row.rank_before - row.rank_after), look)} "
            for row in rows_of(shown)
        ],
        range=[len(shown) - 0.4, -0.6],
    )
    return fig


def say_move(places: object, unit: str = " 位") -> str:
    """▲ 3 位 / ▼ 2 位 / 不变, or a dash where there is no rank."""
    if is_missing(places):
        return NOTHING
    return f"▲ {int(places)}{unit}" if places > 0 else f"▼ {-int(places)}{unit}" if places < 0 else "不变"


def _colour(row, look: Look) -> str:
    return move_colour(row.rank_before - row.rank_after, look)


def _legend(look: Look) -> str:
    return "　".join(
        f'<span style="color:{colour}">{mark}</span> {text}'
        for colour, mark, text in (
            (look.gain, "▲", "位次上升"), (look.loss, "▼", "位次下降"), (look.muted, "—", "不变"),
        )
    )  # fmt: skip


def _hover(row, decimals: int) -> str:
    moved = row["score_after"] - row["score_before"]
    return "<br>".join(
        (
            f"<b>{plain(row['name'])}</b>",
            f"现行　{number(row['score_before'], decimals)} 分　第 {int(row['rank_before'])} 位",
            f"试算　{number(row['score_after'], decimals)} 分　第 {int(row['rank_after'])} 位",
            f"变化 {signed(moved, decimals)} 分，{say_move(row['rank_before'] - row['rank_after'])}",
        )
    )
