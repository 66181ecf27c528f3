"""The interval of each region's rank beside its bar: on a small scale of ranks, and in figures."""

from __future__ import annotations

import pandas as pd

from reporting.figure import Figure
from reporting.palette import Look
from reporting.rows import rows_of
from reporting.theme import NOTHING, SMALL_PX, is_missing, percent

FEW_ROWS = 20
HALF = 0.35  # of a place: so that a region that keeps one rank has a bar too
BARS, MARKS = (0, 0.38), (0.64, 1)  # what of the figure's width the bars and the scale of ranks take


def draw_interval_marks(fig: Figure, frame: pd.DataFrame, look: Look) -> None:
    """Add to a figure of one row per region (0-based y) its rank_low to rank_high as a line, and its rank as a dot.

    Of more than FEW_ROWS the scale is how far from its own rank each may come: all ranks beside each other would be dots.
    """
    known = frame[frame["rank_low"].notna() & frame["rank"].notna()]
    is_apart = len(frame) > FEW_ROWS
    own = known["rank"].astype(int) if is_apart else known["rank"].astype(int) * 0
    lows, ranks, highs = (known[each].astype(int) - own for each in ("rank_low", "rank", "rank_high"))
    places = [int(place) for place in range(len(frame)) if frame.index[place] in known.index]
    text_px = 15 if len(frame) <= FEW_ROWS else 13
    last = max([0 if is_apart else 1, *highs, *ranks])
    first = min([last, *lows, *ranks])
    room = max((last - first) * 0.06, 0.5)
    for place, low, high in zip(places, lows, highs, strict=True):
        fig.add_scatter(
            x=[low - HALF, high + HALF],
            y=[place, place],
            mode="lines",
            line={"color": look.quiet if low == high else look.loss_quiet, "width": 9},
            hoverinfo="skip",
            xaxis="x2",
        )
    fig.add_scatter(
        x=ranks.astype(float),
        y=places,
        mode="markers",
        marker={"size": 6 if is_apart else 9, "color": look.ink, "line": {"color": look.paper, "width": 1.5}},
        hoverinfo="skip",
        xaxis="x2",
    )
    fig.add_scatter(
        x=[last + room] * len(frame),
        y=list(range(len(frame))),
        mode="text",
        text=[f"\u2002{say_places(row)}" for row in rows_of(frame)],
        textposition="middle right",
        textfont={"size": text_px, "color": look.ink},
        cliponaxis=False,
        hoverinfo="skip",
        xaxis="x2",
    )
    fig.update_layout(
        xaxis={"domain": list(BARS)},
        xaxis2={
            "domain": list(MARKS),
            "range": [first - room, last + room],
            "visible": False,
            "fixedrange": True,
            "anchor": "y",
        },
    )
    fig.add_annotation(
        x=1,
        y=1,
        xref="paper",
        yref="paper",
        xanchor="right",
        yanchor="bottom",
        text="可上下几位（左为升）" if is_apart else "名次区间（左为高）",
        showarrow=False,
        font={"size": SMALL_PX, "color": look.muted},
    )


def say_places(row) -> str:
    """The middle 90 % of a region's ranks: 2–5, or 3 where it keeps one; a dash where it has no rank."""
    if is_missing(row.rank_low) or is_missing(row.rank_high):
        return NOTHING
    low, high = int(row.rank_low), int(row.rank_high)
    return f"{low}" if low == high else f"{low}–{high}"


def say_share(share: float) -> str:
    """A share of the draws as a whole percentage; 100% and 0% only where it is every one or none."""
    if 0.995 <= share < 1:
        return "99% 以上"
    if 0 < share < 0.005:
        return "不到 1%"
    return percent(share, 0)


def say_above(fig: Figure, text: str, look: Look) -> None:
    """A line of small print above the figure, from its left edge."""
    fig.add_annotation(
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=8, text=text,
        showarrow=False, font={"size": SMALL_PX, "color": look.muted},
    )  # fmt: skip
