"""How firm ranks are under other weights: the interval of each region's rank, and the pairs that are not decided."""

from __future__ import annotations

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look
from reporting.rank_marks import say_above, say_places, say_share
from reporting.rows import rows_of
from reporting.theme import (
    SMALL_PX,
    dotted_scale,
    is_missing,
    new_figure,
    number,
    percent,
    plain,
    rows_height,
    shorten,
    small,
)
from scoring.robustness import DECIDED

FEW_ROWS = 20  # up to here rows are tall enough for a meeting room
ROW_PX, DENSE_ROW_PX = 36, 26
LONGEST_NAME = 15
TICKS_OF_FEW, TICK_PLACES = 25, 20  # up to so many ranks each fifth is named, beyond every twentieth
PAIRS_SHOWN = 20


@drawn_once
def draw_rank_intervals(
    frame: pd.DataFrame, *, look: Look, decimals: int, show_parent: bool = False, chosen: str | None = None
) -> Figure:
    """queries.redrawn as one row per region: a bar over the middle 90 % of its ranks, the median, and its rank as a dot.

    Regions that keep one rank have the colour of the accent, the others that of losses. Needs code, name, score, rank,
    rank_median, rank_low, rank_high, keeps; `show_parent` also parent_name. A click gives the code as customdata.
    """
    rows = len(frame)
    row_px = ROW_PX if rows <= FEW_ROWS else DENSE_ROW_PX
    fig = new_figure(look, height=rows_height(rows, row=row_px, extra=84), margin=(4, 116, 36, 44))
    places = list(range(rows))
    colours = [look.accent if low == high else look.loss for low, high in _ends(frame)]
    common = {
        "y": places,
        "customdata": frame["code"],
        "hovertext": [_hover(row, decimals) for row in rows_of(frame)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
    }
    fig.add_bar(
        orientation="h",
        base=[low - 0.35 for low, _ in _ends(frame)],
        x=[high - low + 0.7 for low, high in _ends(frame)],
        width=0.5,
        marker={
            "color": [look.loss_quiet if low != high else look.quiet for low, high in _ends(frame)],
            "cornerradius": 6,
            "line": {"color": look.ink, "width": [2 if code == chosen else 0 for code in frame["code"]]},
        },
        **common,
    )
    fig.add_scatter(
        x=frame["rank_median"].astype(float),
        mode="markers",
        marker={"symbol": "line-ns-open", "size": 15, "color": look.ink, "line": {"width": 2}},
        **common,
    )
    fig.add_scatter(
        x=frame["rank"].astype(float),
        mode="markers",
        marker={"size": 13, "color": colours, "line": {"color": look.paper, "width": 2}},
        **common,
    )
    _name_rows(fig, frame, look, show_parent=show_parent)
    last = max([int(high) for _, high in _ends(frame)] + [int(frame["rank"].max())], default=1)
    first = min([int(low) for low, _ in _ends(frame)], default=1)
    fig.add_scatter(
        x=[last + 0.6] * rows,
        y=places,
        mode="text",
        text=[
            f"\u2002<b>{say_places(row)}</b> {small(say_share(row.keeps), look)}" for row in rows_of(frame)
        ],
        textposition="middle right",
        textfont={"size": 15 if rows <= FEW_ROWS else 13, "color": look.ink},
        cliponaxis=False,
        hoverinfo="skip",
    )
    fig.update_xaxes(
        **dotted_scale(
            look,
            "名次（左为第 1 位）",
            range=[first - 0.6, last + 0.6],
            tickvals=_ticks(first, last),
        )
    )
    legend = "● 现名次　┃ 中位　横条 5%–95%；右侧：区间、名次不变的比例"
    say_above(fig, legend, look)
    return fig


@drawn_once
def draw_undecided_pairs(frame: pd.DataFrame, *, look: Look) -> Figure:
    """queries.redrawn_pairs as one bar per pair, the least certain first: in which share of the draws the order holds.

    Up to PAIRS_SHOWN pairs; a dotted line stands at the share from which an order counts as decided.
    """
    shown = frame.sort_values("holds", kind="stable").head(PAIRS_SHOWN)
    rows = len(shown)
    fig = new_figure(look, height=rows_height(rows, row=ROW_PX, extra=64, least=120), margin=(4, 60, 32, 12))
    places = list(range(rows))
    hover = [
        f"<b>{plain(row.above_name)} {_order(row)} {plain(row.below_name)}</b><br>在 {percent(row.holds)} 的重抽中成立"
        for row in rows_of(shown)
    ]
    common = {
        "orientation": "h",
        "y": places,
        "hovertext": hover,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    fig.add_bar(x=[1.0] * rows, marker={"color": look.tint, "cornerradius": 3}, **common)
    fig.add_bar(
        x=shown["holds"].astype(float),
        marker={"color": look.loss, "cornerradius": 3},
        **common,
    )
    fig.add_scatter(
        x=[1.0] * rows,
        y=places,
        mode="text",
        text=[f"\u2002<b>{say_share(value)}</b>" for value in shown["holds"]],
        textposition="middle right",
        textfont={"size": 15, "color": look.ink},
        cliponaxis=False,
        hoverinfo="skip",
    )
    fig.add_shape(
        type="line", x0=DECIDED, x1=DECIDED, y0=0, y1=1, yref="paper",
        line={"color": look.ink, "width": 1.5, "dash": "dot"},
    )  # fmt: skip
    fig.add_annotation(
        x=DECIDED, y=1, yref="paper", yanchor="bottom", xanchor="right", text=f"{percent(DECIDED, 0)} 视为可定",
        showarrow=False, font={"size": SMALL_PX + 1, "color": look.ink},
    )  # fmt: skip
    fig.update_layout(barmode="overlay")
    fig.update_xaxes(range=[0, 1], visible=False)
    fig.update_yaxes(
        tickmode="array",
        tickvals=places,
        ticktext=[
            f"{plain(shorten(row.above_name, 9))} {small(_order(row), look)} {plain(shorten(row.below_name, 9))} "
            for row in rows_of(shown)
        ],
        range=[rows - 0.5, -0.5],
    )
    return fig


def _order(row) -> str:
    return "并列于" if row.is_tied else "先于"


def _ends(frame: pd.DataFrame) -> list[tuple[int, int]]:
    return [(int(low), int(high)) for low, high in zip(frame["rank_low"], frame["rank_high"], strict=True)]


def _ticks(first: int, last: int) -> list[int]:
    step = 1 if last - first < TICKS_OF_FEW // 2 else 5 if last - first <= TICK_PLACES * 2 else TICK_PLACES
    return sorted({first, *(place for place in range(step, last + 1, step) if place >= first)})


def _name_rows(fig: Figure, frame: pd.DataFrame, look: Look, *, show_parent: bool) -> None:
    labels = []
    for row in rows_of(frame):
        name = plain(shorten(row.name, LONGEST_NAME))
        if show_parent and not is_missing(row.parent_name):
            name = f"{small(plain(row.parent_name), look)} {name}"
        labels.append(f"{name}　<b>{row.rank}</b> ")
    fig.update_yaxes(
        tickmode="array", tickvals=list(range(len(frame))), ticktext=labels, range=[len(frame) - 0.5, -0.5]
    )


def _hover(row, decimals: int) -> str:
    return "<br>".join(
        (
            f"<b>{plain(row.name)}</b>　{number(row.score, decimals)} 分",
            f"现第 {row.rank} 位，中位第 {number(row.rank_median, 0)} 位",
            f"5%–95% 区间：第 {say_places(row)} 位",
            f"在 {percent(row.keeps)} 的重抽中名次不变",
        )
    )
