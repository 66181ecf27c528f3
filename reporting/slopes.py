"""Regions between two years: a line each, with labels that never lie on each other."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look
from reporting.rows import rows_of
from reporting.theme import SMALL_PX, is_missing, new_figure, number, plain, shorten, signed, small
from scoring.rounding import round_half_up

MOST_SLOPES = 25  # more lines cannot be told apart
LABEL_PX = 25  # height that a label needs
LEAST_PX = 560
HEAD_PX, FOOT_PX = 40, 34
LABEL_X = 0.06  # how far beside its point a label stands; the columns are 1 apart
LONGEST_NAME = 12


@drawn_once
def draw_slopes(frame: pd.DataFrame, *, years: tuple[int, int], look: Look, decimals: int) -> Figure:
    """queries.region_moves as one line per region from its score in one year to that in another, up to about 25.

    Rising lines have the colour of gains, falling ones that of losses, unchanged ones are grey; every label says name,
    score and move. Labels keep a distance from each other; a thin line leads to the point. Regions without two scores
    are left out. A click gives the region's code as customdata.
    """
    shown = frame[frame["change"].notna()].reset_index(drop=True)
    height = max(LEAST_PX, LABEL_PX * len(shown) + HEAD_PX + FOOT_PX)
    fig = new_figure(look, height=height, margin=(4, 4, HEAD_PX, FOOT_PX))
    low, high = _range(shown)
    least = (high - low) * LABEL_PX / (height - HEAD_PX - FOOT_PX)
    before = spread(shown["score_before"].tolist(), least=least, low=low, high=high)
    now = spread(shown["score_now"].tolist(), least=least, low=low, high=high)
    for place, row in enumerate(rows_of(shown)):
        moved = round_half_up(row.score_now - row.score_before, decimals)
        colour = move_colour(moved, look)
        hover = _hover(row, years, moved, decimals)
        common = {
            "hovertext": hover,
            "hovertemplate": "%{hovertext}<extra></extra>",
            "customdata": [row.code] * 2,
        }
        fig.add_scatter(
            x=[0, 1],
            y=[row.score_before, row.score_now],
            mode="lines+markers",
            line={"color": colour, "width": 3},
            marker={"size": 10, "color": colour, "line": {"color": look.paper, "width": 1.5}},
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            **common,
        )  # fmt: skip
        name = plain(shorten(row.name, LONGEST_NAME))
        for side, point, at, text in (
            (-1, row.score_before, before[place], f"{name} {small(number(row.score_before, decimals), look, 13)}"),
            (1, row.score_now, now[place],
             f"<b>{number(row.score_now, decimals)}</b> {name} {_moved_text(moved, colour, decimals)}"),
        ):  # fmt: skip
            fig.add_scatter(
                x=[(0 if side < 0 else 1) + side * 0.012, (0 if side < 0 else 1) + side * (LABEL_X - 0.01)],
                y=[point, at],
                mode="lines",
                line={"color": look.quiet, "width": 1},
                hoverinfo="skip",
            )
            fig.add_annotation(
                x=(0 if side < 0 else 1) + side * LABEL_X,
                y=at,
                xanchor="right" if side < 0 else "left",
                text=text,
                showarrow=False,
                font={"size": 14, "color": look.ink},
            )
    _draw_heads(fig, years, look)
    fig.update_xaxes(range=[-0.95, 2.05], visible=False)
    fig.update_yaxes(range=[low, high], visible=False)
    return fig


def spread(values: Sequence[float], *, least: float, low: float, high: float) -> list[float]:
    """Places for labels: in the order of the values, at least `least` apart, as near to them as that allows, within
    low … high where there is room. Neighbours that push each other share the difference."""
    order = sorted(range(len(values)), key=lambda at: (values[at], at))
    blocks: list[list[float]] = []  # [sum of wished starts, members]
    for place, at in enumerate(order):
        blocks.append([values[at] - place * least, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, members = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += members
    top = high - (len(values) - 1) * least
    result, place = [0.0] * len(values), 0
    for total, members in blocks:
        start = max(low, min(total / members, top))
        for _ in range(int(members)):
            result[order[place]] = start + place * least
            place += 1
    return result


def _range(frame: pd.DataFrame) -> tuple[float, float]:
    scores = pd.concat([frame["score_before"], frame["score_now"]])
    if scores.empty:
        return 0.0, 100.0
    room = max((scores.max() - scores.min()) * 0.04, 0.5)
    return float(scores.min() - room), float(scores.max() + room)


def move_colour(moved: float, look: Look) -> str:
    """The colour of gains or losses, or grey where nothing moved."""
    return look.gain if moved > 0 else look.loss if moved < 0 else look.quiet


def _moved_text(moved: float, colour: str, decimals: int) -> str:
    text = signed(moved, decimals) if moved else "持平"
    arrow = "▲ " if moved > 0 else "▼ " if moved < 0 else ""
    return f'<span style="font-size:13px;color:{colour}">{arrow}{text}</span>'


def _draw_heads(fig: Figure, years: tuple[int, int], look: Look) -> None:
    for x, year in zip((0, 1), years, strict=True):
        fig.add_shape(
            type="line", x0=x, x1=x, y0=0, y1=1, yref="paper", line={"color": look.line, "width": 1}, layer="below"
        )  # fmt: skip
        fig.add_annotation(
            x=x,
            y=1,
            yref="paper",
            yanchor="bottom",
            yshift=10,
            text=f"<b>{year} 年</b>",
            font={"size": 15, "color": look.ink},
            showarrow=False,
        )
    legend = "　".join(
        f'<span style="color:{colour}">{mark}</span> {text}'
        for colour, mark, text in (
            (look.gain, "▲", "上升"),
            (look.loss, "▼", "下降"),
            (look.muted, "—", "持平"),
        )
    )
    fig.add_annotation(
        x=0.5,
        y=0,
        yref="paper",
        yanchor="top",
        yshift=-8,
        text=legend,
        font={"size": SMALL_PX, "color": look.muted},
        showarrow=False,
    )


def _hover(row, years: tuple[int, int], moved: float, decimals: int) -> str:
    lines = [f"<b>{plain(row.name)}</b>"]
    for year, score, rank in (
        (years[0], row.score_before, row.rank_before),
        (years[1], row.score_now, row.rank_now),
    ):
        place = "" if is_missing(rank) else f"　第 {int(rank)} 位"
        lines.append(f"{year} 年　{number(score, decimals)} 分{place}")
    lines.append(f"变化 {signed(moved, decimals)} 分")
    return "<br>".join(lines)
