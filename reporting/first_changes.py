"""How far each weight may move alone before two regions change places."""

from __future__ import annotations

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look
from reporting.rank_marks import say_above
from reporting.rows import rows_of
from reporting.theme import (
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

WEIGHTS_SHOWN = 20
LONGEST_NAME = 15
STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
MOST_FACTOR = 3  # as far as one weight was moved; beyond it nothing is known
KIND_NAMES = {"system": "责任制", "dimension": "维度", "indicator": "指标"}


@drawn_once
def draw_first_changes(frame: pd.DataFrame, *, look: Look) -> Figure:
    """queries.first_changes as one row per weight, nearest first: how far it may move before two regions change places.

    The scale is the change of the weight, 0 being the scheme's own, as wide as the nearest changes need; a bar without a
    triangle at its end runs beyond it. Up to WEIGHTS_SHOWN rows.
    """
    shown = frame.head(WEIGHTS_SHOWN)
    rows = len(shown)
    low, high, step = _span(shown["change"])
    fig = new_figure(look, height=rows_height(rows, row=32, extra=92, least=150), margin=(4, 20, 36, 44))
    for place, row in enumerate(rows_of(shown)):
        ends = [None if is_missing(end) else float(end) - 1 for end in (row.down, row.up)]
        fig.add_scatter(
            x=[
                max(low, low if ends[0] is None else ends[0]),
                min(high, high if ends[1] is None else ends[1]),
            ],
            y=[place, place],
            mode="lines",
            line={"color": look.quiet, "width": 9},
            hoverinfo="skip",
        )
    for column, symbol in (("down", "triangle-left"), ("up", "triangle-right")):
        change = shown[column].astype(float) - 1
        is_shown = change.notna() & (change >= low) & (change <= high)
        fig.add_scatter(
            x=change[is_shown],
            y=[place for place, each in enumerate(is_shown) if each],
            mode="markers",
            name=column,
            marker={
                "symbol": symbol,
                "size": 14,
                "color": look.loss,
                "line": {"color": look.paper, "width": 1.5},
            },
            hovertext=[_change_hover(row, getattr(row, column)) for row in rows_of(shown[is_shown])],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    fig.add_shape(
        type="line", x0=0, x1=0, y0=0, y1=1, yref="paper", line={"color": look.ink, "width": 1.5, "dash": "dot"},
    )  # fmt: skip
    ticks = [step * n for n in range(round(low / step), round(high / step) + 1)]
    fig.update_xaxes(
        **dotted_scale(
            look,
            "该项权重的变动，其他权重不变",
            range=[low - step * 0.2, high + step * 0.2],
            tickvals=ticks,
            ticktext=[
                "现权重" if not round(tick, 9) else f"{signed(tick * 100, _decimals(step))}%"
                for tick in ticks
            ],
        )
    )
    fig.update_yaxes(
        tickmode="array",
        tickvals=list(range(rows)),
        ticktext=[
            f"{plain(shorten(row.title, LONGEST_NAME))} {small(KIND_NAMES.get(row.kind, row.kind), look)} "
            for row in rows_of(shown)
        ],
        range=[rows - 0.4, -0.6],
    )
    say_above(fig, "灰条之内次序不变；三角处开始有两个地区互换位次", look)
    return fig


def _span(changes: pd.Series) -> tuple[float, float, float]:
    """From where to where a scale of changes runs, and the distance of its ticks; at most from −100% to +200%."""
    far = changes.abs().max() * 1.3
    far = 2.0 if is_missing(far) else max(far, STEPS[0])
    step = next((step for step in STEPS if step * 4 >= far), STEPS[-1])
    reach = step * max(1, round(far / step + 0.499))
    return max(-1.0, -reach), min(float(MOST_FACTOR - 1), reach), step


def _decimals(step: float) -> int:
    return 0 if step >= 0.01 else 1


def _change_hover(row, factor: float) -> str:
    text = f"<b>{plain(row.title)}</b><br>权重乘以 {number(factor, 3)} 时开始有地区互换位次"
    is_nearest = abs(abs(factor - 1) - abs(row.change)) < 1e-9
    pair = (
        f"<br>{plain(row.above_name)} 与 {plain(row.below_name)}"
        if is_nearest and not is_missing(row.above)
        else ""
    )
    return text + pair
