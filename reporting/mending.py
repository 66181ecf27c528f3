"""What mending gives: a bar per indicator, by what each unit's mending adds or by what all of them add."""

from __future__ import annotations

import math

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look
from reporting.rows import rows_of
from reporting.theme import new_figure, number, plain, rows_height, small

ROW_PX = 48
SHOWN = 12
DIGITS = 3  # that a label shows of the largest bar


@drawn_once
def draw_mending(frame: pd.DataFrame, *, look: Look, by: str, decimals: int, most: int = SHOWN) -> Figure:
    """The first `most` rows of queries.mending by "gain_per_unit" or "gain", the largest first.

    Beside each bar stands its points and the other measure. A click gives the indicator's id as customdata.
    """
    shown = frame[frame["gain"] > 0].sort_values([by, "key"], ascending=[False, True]).head(most)
    fig = new_figure(look, height=rows_height(len(shown), row=ROW_PX, extra=20), margin=(4, 210, 4, 8))
    if shown.empty:
        return fig
    digits = digits_of(shown["gain_per_unit"].max(), least=decimals)
    fig.add_bar(
        orientation="h",
        y=list(range(len(shown))),
        x=shown[by],
        width=0.56,
        marker={"color": look.gain, "cornerradius": 3},
        text=[_text(row, by, digits, decimals, look) for row in rows_of(shown)],
        textposition="outside",
        cliponaxis=False,
        constraintext="none",
        customdata=shown["key"],
        hovertext=[_hover(row, digits, decimals) for row in rows_of(shown)],
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    fig.update_xaxes(range=[0, shown[by].max()], visible=False)
    fig.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(shown))),
        ticktext=[f"{plain(row.label)} <br>{small(plain(row.place), look)} " for row in rows_of(shown)],
        range=[len(shown) - 0.5, -0.5],
    )
    return fig


def digits_of(largest: float, *, least: int) -> int:
    """Decimals at which the largest of some numbers shows DIGITS of its digits, at least `least`."""
    if not largest > 0:
        return least
    return max(least, DIGITS - 1 - math.floor(math.log10(largest)))


def _text(row, by: str, digits: int, decimals: int, look: Look) -> str:
    each, all_of_them = number(row.gain_per_unit, digits), number(row.gain, decimals)
    if by == "gain":
        return f"<b>+{all_of_them}</b> {small(f'{row.units_gain} 家，每家 {each}', look, 13)}"
    return f"<b>+{each}</b> {small(f'共 {row.units_gain} 家，合计 {all_of_them}', look, 13)}"


def _hover(row, digits: int, decimals: int) -> str:
    return (
        f"<b>{plain(row.label)}</b><br>{plain(row.place)}<br>{row.units_short} 家未得满分，补齐后 {row.units_gain} 家得分上升"
        f"<br>合计 +{number(row.gain, decimals)} 分，每家 +{number(row.gain_per_unit, digits)} 分"
        f"<br>只补这一项，本地区得分为 {number(row.score_after, decimals)} 分"
    )
