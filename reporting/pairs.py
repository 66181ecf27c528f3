"""Two sides on one scale of attainment: a dot for each, a line between them, in the order of what their difference costs."""

from __future__ import annotations

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look
from reporting.rows import rows_of
from reporting.theme import (
    new_figure,
    number,
    percent,
    plain,
    rows_height,
    signed,
    small,
)
from reporting.two_dots import draw_two_dots

ROW_PX = 34
ROOM = 0.2  # of the shown scale, for the numbers beside the dots
SHOWN = 20


@drawn_once
def draw_pairs(frame: pd.DataFrame, *, names: tuple[str, str], look: Look, decimals: int) -> Figure:
    """Gaps of queries.comparison (names: the region's, the other's), the largest differences of them, best here first.

    Beside each name stand the points by which it puts the region ahead. Lines that only one side has are left out.
    """
    known = frame[
        (frame["kind"] == "gap") & frame["attainment_here"].notna() & frame["attainment_there"].notna()
    ]
    largest = known["change"].abs().nlargest(SHOWN).index
    shown = known.loc[known.index.isin(largest)].reset_index(drop=True)
    fig = new_figure(look, height=rows_height(len(shown), row=ROW_PX, extra=84), margin=(4, 12, 34, 40))
    if shown.empty:
        return fig
    draw_two_dots(
        fig,
        shown,
        columns=("attainment_there", "attainment_here"),
        names=(names[1], names[0]),
        key="key",
        hovers=[_hover(row, names, decimals) for row in rows_of(shown)],
        ticks=[f"{plain(row.label)} {small(signed(row.printed, decimals), look)} " for row in rows_of(shown)],
        room=ROOM,
        look=look,
    )
    return fig


def _hover(row, names: tuple[str, str], decimals: int) -> str:
    sides = ((names[0], row.attainment_here, row.gap_here), (names[1], row.attainment_there, row.gap_there))
    lines = [
        f"{plain(name)}　得分率 {percent(attainment)}　失分 {number(gap, decimals)}"
        for name, attainment, gap in sides
    ]
    return (
        f"<b>{plain(row.label)}</b><br>" + "<br>".join(lines) + f"<br>相差 {signed(row.printed, decimals)} 分"
    )
