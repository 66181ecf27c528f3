"""Articles in two years: one dot per year on a scale of attainment, only over what both years asked alike."""

from __future__ import annotations

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look
from reporting.rows import rows_of
from reporting.theme import new_figure, percent, plain, rows_height, small
from reporting.two_dots import draw_two_dots

ROW_PX = 30
ROOM = 0.17  # of the shown scale, for the numbers beside the dots


@drawn_once
def draw_dumbbell(frame: pd.DataFrame, *, years: tuple[int, int], look: Look) -> Figure:
    """queries.comparable_attainments, the largest gain first; articles of which nothing compares are left out.

    An article of which only a part compares says so beside its name.
    """
    shown = frame[frame["change"].notna()].sort_values(["change", "article"], ascending=[False, True])
    shown = shown.reset_index(drop=True)
    fig = new_figure(look, height=rows_height(len(shown), row=ROW_PX, extra=80), margin=(4, 12, 34, 40))
    draw_two_dots(
        fig,
        shown,
        columns=("before", "now"),
        names=(f"{years[0]} 年", f"{years[1]} 年"),
        key="article",
        hovers=[_hover(row, years) for row in rows_of(shown)],
        ticks=[_tick(row, look) for row in rows_of(shown)],
        room=ROOM,
        look=look,
    )
    return fig


def _tick(row, look: Look) -> str:
    return f"{plain(row.label)} {small('部分可比', look)} " if row.note else f"{plain(row.label)} "


def _hover(row, years: tuple[int, int]) -> str:
    note = f"<br>不可比：{plain(row.note)}" if row.note else ""
    return (
        f"<b>{plain(row.label)}</b>（{row.alike} 项可比）<br>{years[0]} 年 {percent(row.before)}<br>"
        f"{years[1]} 年 {percent(row.now)}{note}"
    )
