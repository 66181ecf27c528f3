"""The province as 13 tiles of equal size in their rough places: no boundary, so nothing that needs a map approval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look, blend, text_on
from reporting.rows import rows_of
from reporting.theme import NOTHING, SMALL_PX, is_missing, new_figure, number, percent, plain
from scoring.scheme import Grade

# code → (column from the west, row from the north)
TILES = {
    "232700": (0, 0),  # 大兴安岭
    "231100": (1, 0),  # 黑河
    "230700": (2, 1),  # 伊春
    "230400": (3, 1),  # 鹤岗
    "230200": (0, 1),  # 齐齐哈尔
    "231200": (1, 1),  # 绥化
    "230800": (4, 1),  # 佳木斯
    "230600": (0, 2),  # 大庆
    "230100": (1, 2),  # 哈尔滨
    "230900": (2, 2),  # 七台河
    "230500": (3, 2),  # 双鸭山
    "231000": (2, 3),  # 牡丹江
    "230300": (3, 3),  # 鸡西
}
COLUMNS, ROWS = 5, 4
TILE_PX = 118
LINE_PX = 19  # the font size that Plotly spaces a tile's lines by
GAP = 0.06  # of a tile, between tiles
PALEST = 0.15  # of the way from the quietest shade to the darkest, where a submission rate of 0 stands
LEGEND_AT = (2 - 0.42, ROWS - 0.16)  # the north-east corner, where no tile is


@drawn_once
def draw_tile_map(
    scores: pd.DataFrame,
    *,
    look: Look,
    decimals: int,
    grades: Sequence[Grade],
    leads: str = "score",
    chosen: str | None = None,
) -> Figure:
    """One tile per prefecture of queries.region_scores: name, value, grade; coloured by grade.

    `grades`: the scheme's, for the legend. `leads`: "score", or "submission_rate" before the deadline, when tiles are shaded by the rate and no grade is shown.
    A click on a tile gives its region code as customdata. Prefectures without a tile are left out.
    """
    placed = scores[scores["code"].isin(TILES)]
    fig = new_figure(look, height=ROWS * TILE_PX + 16, margin=(0, 0, 8, 8))
    listed = rows_of(placed)
    fills = [tile_colour(row, look=look, leads=leads) for row in listed]
    side = 1 - GAP
    fig.add_bar(
        x=[TILES[code][0] for code in placed["code"]],
        y=[side] * len(placed),
        base=[ROWS - 1 - TILES[code][1] + GAP / 2 for code in placed["code"]],
        width=side,
        marker={
            "color": fills,
            "cornerradius": 6,
            "line": {
                "color": [look.ink if code == chosen else look.paper for code in placed["code"]],
                "width": [3 if code == chosen else 0 for code in placed["code"]],
            },
        },
        text=[_tile_text(row, decimals, leads) for row in listed],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont={"color": [text_on(fill) for fill in fills], "size": LINE_PX},
        customdata=placed["code"],
        hovertext=[_hover(row, decimals) for row in listed],
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    fig.update_xaxes(range=[-0.5, COLUMNS - 0.5], visible=False)
    fig.update_yaxes(range=[0, ROWS], visible=False)
    fig.add_annotation(
        x=LEGEND_AT[0],
        y=LEGEND_AT[1],
        text=_legend(look, grades, leads),
        showarrow=False,
        align="left",
        xanchor="left",
        yanchor="top",
        font={"size": SMALL_PX + 1, "color": look.muted},
    )
    return fig


def _legend(look: Look, grades: Sequence[Grade], leads: str) -> str:
    if leads != "score":
        return "颜色越深，提交率越高<br>截止前不显示名次"
    return "<br>".join(
        f"{_square(colour)} {plain(words)}" for colour, words in grade_legend(grades, look=look)
    )


def grade_legend(grades: Sequence[Grade], *, look: Look) -> list[tuple[str, str]]:
    """Colour and words of each of the scheme's grades, best first: 优秀　90 分及以上."""
    words = [f"{grade.name}　{grade.min_score:g} 分及以上" for grade in grades[:-1]]
    words.append(f"{grades[-1].name}　{grades[-2].min_score:g} 分以下")
    return [(look.grade(grade.id), text) for grade, text in zip(grades, words, strict=True)]


def _square(colour: str) -> str:
    return f'<span style="color:{colour}">■</span>'


def tile_colour(row: Any, *, look: Look, leads: str) -> str:
    """The grade's colour; where the submission rate leads, a shade that is darker the higher it is."""
    if leads == "score":
        return look.grade(row.grade)
    if is_missing(row.submission_rate):
        return look.grade(None)
    return blend(look.tint, look.accent, PALEST + (1 - PALEST) * row.submission_rate)


def tile_words(row: Any, *, decimals: int, leads: str) -> tuple[str, str, str]:
    """Name, value and the line below them, of a row of queries.region_scores."""
    name = short_name(row.name)
    if leads != "score":
        return name, percent(row.submission_rate), f"已提交 {row.submitted}/{row.registered}"
    below = "无得分" if is_missing(row.grade_name) else row.grade_name
    if not is_missing(row.rank):
        below += f" · 第 {row.rank}"
    return name, number(row.score, decimals), below


def _tile_text(row, decimals: int, leads: str) -> str:
    name, value, below = map(plain, tile_words(row, decimals=decimals, leads=leads))
    return (
        f'<span style="font-size:15px">{name}</span><br>'
        f'<span style="font-size:24px"><b>{value}</b></span><br>'
        f'<span style="font-size:13px">{below}</span>'
    )


def _hover(row, decimals: int) -> str:
    rank = NOTHING if is_missing(row.rank) else f"第 {row.rank} 位"
    grade = NOTHING if is_missing(row.grade_name) else plain(row.grade_name)
    return (
        f"<b>{plain(row.name)}</b><br>得分 {number(row.score, decimals)}　{grade}　{rank}"
        f"<br>得分区间 {number(row.low, decimals)} 至 {number(row.high, decimals)}"
        f"<br>提交率 {percent(row.submission_rate)}（{row.submitted}/{row.registered}）<br>点击查看该市（地）"
    )


def short_name(name: str) -> str:
    """哈尔滨市 → 哈尔滨, 大兴安岭地区 → 大兴安岭: what a tile has room for."""
    for ending in ("地区", "市"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name
