"""The province as 13 tiles of equal size in their rough places: no boundary, so nothing that needs a map approval."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from reporting.palette import Look, text_on
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
LEGEND_AT = (2 - 0.42, ROWS - 0.16)  # the north-east corner, where no tile is


def draw_tile_map(
    scores: pd.DataFrame,
    *,
    look: Look,
    decimals: int,
    grades: Sequence[Grade],
    leads: str = "score",
    chosen: str | None = None,
) -> go.Figure:
    """One tile per prefecture of queries.region_scores: name, value, grade; coloured by grade.

    `grades`: the scheme's, for the legend. `leads`: "score", or "submission_rate" before the deadline, when tiles are shaded by the rate and no grade is shown.
    A click on a tile gives its region code as customdata. Prefectures without a tile are left out.
    """
    placed = scores[scores["code"].isin(TILES)]
    fig = new_figure(look, height=ROWS * TILE_PX + 16, margin=(0, 0, 8, 8))
    fills = [_fill(row, look, leads) for row in placed.itertuples()]
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
        text=[_tile_text(row, decimals, leads) for row in placed.itertuples()],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont={"color": [text_on(fill) for fill in fills], "size": LINE_PX},
        customdata=placed["code"],
        hovertext=[_hover(row, decimals) for row in placed.itertuples()],
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
    lines = [f"{_square(look.grade(g.id))} {plain(g.name)}　{g.min_score:g} 分及以上" for g in grades[:-1]]
    lines.append(
        f"{_square(look.grade(grades[-1].id))} {plain(grades[-1].name)}　{grades[-2].min_score:g} 分以下"
    )
    return "<br>".join(lines)


def _square(colour: str) -> str:
    return f'<span style="color:{colour}">■</span>'


def _fill(row, look: Look, leads: str) -> str:
    if leads == "score":
        return look.grade(row.grade)
    if is_missing(row.submission_rate):
        return look.grade(None)
    return _blend(look.tint, look.accent, 0.15 + 0.85 * row.submission_rate)


def _blend(low: str, high: str, share: float) -> str:
    pairs = ((int(low[at : at + 2], 16), int(high[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _tile_text(row, decimals: int, leads: str) -> str:
    name = plain(short_name(row.name))
    if leads == "score":
        value = number(row.score, decimals)
        below = "无得分" if is_missing(row.grade_name) else plain(row.grade_name)
        if not is_missing(row.rank):
            below += f" · 第 {row.rank}"
    else:
        value, below = percent(row.submission_rate), f"已提交 {row.submitted}/{row.registered}"
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
