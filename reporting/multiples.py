"""Regions over all years: one small line each on a common scale, the province behind it in grey."""

from __future__ import annotations

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look
from reporting.theme import SMALL_PX, is_missing, new_figure, number, plain, shorten
from scoring.rounding import round_half_up

COLUMNS = 5
PANEL_PX, GAP_PX = 118, 44
HEAD_PX, FOOT_PX = 52, 34
GAP_X = 0.035  # share of the width between two panels
LONGEST_NAME = 10
LABEL_ROOM = 0.22  # share of a panel's height that numbers above the line need


@drawn_once
def draw_small_multiples(
    frame: pd.DataFrame,
    *,
    reference: pd.DataFrame,
    look: Look,
    decimals: int,
    reference_name: str = "全省",
    columns: int = COLUMNS,
) -> Figure:
    """queries.region_trend of several regions, one panel per region in the order of their newest score.

    `reference`: queries.region_trend of the region behind all of them. A year without a score is a gap in the line, never a zero. All
    panels have the same axes; the numbers stand at the points where there are up to three, else at both ends.
    """
    years = sorted({*frame["cycle"], *reference["cycle"]})
    order = _order(frame, years[-1] if years else None)
    rows = -(-len(order) // columns)
    plot_px = rows * PANEL_PX + max(rows - 1, 0) * GAP_PX
    fig = new_figure(look, height=HEAD_PX + plot_px + FOOT_PX, margin=(8, 8, HEAD_PX, FOOT_PX))
    low, high = _scale(frame, reference)
    names = dict(zip(frame["code"], frame["name"], strict=True))
    found = {
        (code, year): score
        for code, year, score in zip(frame["code"], frame["cycle"], frame["score"], strict=True)
    }
    behind = reference.set_index("cycle")["score"].reindex(years)
    behind_all = behind.astype(float).tolist()
    for panel, code in enumerate(order):
        x, y = _domains(panel, plot_px, columns)
        tag = "" if panel == 0 else str(panel + 1)
        x_axis = _axis(x, [years[0] - 0.35, years[-1] + 0.35], f"y{tag}") | {
            "tickvals": years,
            "ticktext": [f"{str(year)[2:]} 年" for year in years],
            "tickfont": {"size": SMALL_PX, "color": look.muted},
            "showticklabels": panel + columns >= len(order),
        }
        y_axis = _axis(y, [low, high], f"x{tag}") | {"showticklabels": False}
        fig.replace(**{f"xaxis{tag}": x_axis, f"yaxis{tag}": y_axis})
        axes = {"xaxis": f"x{tag}", "yaxis": f"y{tag}"}
        fig.add_shape(
            type="rect", xref="paper", yref="paper", x0=x[0], x1=x[1], y0=y[0], y1=y[1], fillcolor=look.tint,
            line={"width": 0}, layer="below",
        )  # fmt: skip
        scores = [found.get((code, year)) for year in years]
        fig.add_scatter(
            x=years, y=behind_all, mode="lines+markers", line={"color": look.quiet, "width": 2},
            marker={"size": 5, "color": look.quiet}, hoverinfo="skip", **axes,
        )  # fmt: skip
        colour = _colour(scores, look)
        fig.add_scatter(
            x=years,
            y=[None if is_missing(score) else float(score) for score in scores],
            mode="lines+markers+text",
            line={"color": colour, "width": 3},
            marker={"size": 9, "color": colour, "line": {"color": look.paper, "width": 1.5}},
            text=_labels(scores, decimals),
            textposition="top center",
            textfont={"size": 13, "color": look.ink},
            cliponaxis=False,
            customdata=[code] * len(years),
            hovertext=[
                _hover(names[code], year, score, reference_score, reference_name, decimals)
                for year, score, reference_score in zip(years, scores, behind.tolist(), strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            **axes,
        )
        fig.add_annotation(
            x=x[0], y=y[1], xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=2,
            text=f"<b>{plain(shorten(names[code], LONGEST_NAME))}</b>", showarrow=False,
            font={"size": 14, "color": look.ink},
        )  # fmt: skip
    fig.add_annotation(
        x=1, y=1, xref="paper", yref="paper", xanchor="right", yanchor="bottom", yshift=28, showarrow=False,
        text="　".join(
            words
            for words, holds in (
                (f"灰线：{plain(reference_name)}", not reference.empty),
                ("各图纵轴相同", len(order) > 1),
            )
            if holds
        ),
        font={"size": SMALL_PX, "color": look.muted},
    )  # fmt: skip
    return fig


def _order(frame: pd.DataFrame, newest: int | None) -> list[str]:
    scores = frame[frame["cycle"] == newest].set_index("code")["score"]
    return sorted(
        frame["code"].unique(),
        key=lambda code: (-(scores[code] if code in scores and not is_missing(scores[code]) else -1), code),
    )


def _scale(frame: pd.DataFrame, reference: pd.DataFrame) -> tuple[float, float]:
    scores = pd.concat([frame["score"], reference["score"]]).dropna().astype(float)
    if scores.empty:
        return 0.0, 100.0
    span = max(scores.max() - scores.min(), 4.0)
    return float(scores.min() - 0.12 * span), float(scores.max() + LABEL_ROOM * span * 1.5)


def _domains(panel: int, plot_px: int, columns: int) -> tuple[list[float], list[float]]:
    row, column = divmod(panel, columns)
    width = (1 - GAP_X * (columns - 1)) / columns
    left = column * (width + GAP_X)
    top = plot_px - row * (PANEL_PX + GAP_PX)
    return [left, left + width], [max(top - PANEL_PX, 0) / plot_px, top / plot_px]


def _axis(domain: list[float], span: list[float], anchor: str) -> dict:
    return {
        "domain": domain,
        "range": span,
        "anchor": anchor,
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "fixedrange": True,
        "ticks": "",
    }


def _colour(scores: list, look: Look) -> str:
    known = [score for score in scores if not is_missing(score)]
    if len(known) < 2 or known[-1] == known[-2]:
        return look.accent
    return look.gain if known[-1] > known[-2] else look.loss


def _labels(scores: list, decimals: int) -> list[str]:
    known = [at for at, score in enumerate(scores) if not is_missing(score)]
    shown = known if len(known) <= 3 else [known[0], known[-1]]
    few = min(decimals, 1)  # of the printed score, half up as that is: 66.35 reads 66.4
    return [number(round_half_up(score, few), few) if at in shown else "" for at, score in enumerate(scores)]


def _hover(name: str, year: int, score, behind, reference_name: str, decimals: int) -> str:
    own = f"<b>{plain(name)}</b>　{year} 年<br>{number(score, decimals)} 分"
    return own if is_missing(behind) else f"{own}<br>{plain(reference_name)} {number(behind, decimals)} 分"
