"""Figures of 自评可信度: self-inflation by region and category, and how often each sign speaks."""

from __future__ import annotations

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look, ramp_colour, text_on
from reporting.rows import rows_of
from reporting.theme import (
    SMALL_PX,
    in_lines,
    is_missing,
    new_figure,
    number,
    percent,
    plain,
    rows_height,
    signed,
    small,
)

ROW_PX, DENSE_ROW_PX = 38, 27
COUNT_ROW_PX, COUNT_LINES_PX = 34, 40  # names of one line, and of two
FEW_ROWS = 20
HEAD_PX, HEAD_LINE_PX = 56, 17  # of heads of three lines, and of each line more
HEAD_CHARACTERS, HEAD_LINES = 5, 4  # the longest name of the shipped schemes, whole
CELL_GAP = 2
# Of a bar's name: beside it stands a text, and half a screen of 1440 holds all
LINE_CHARACTERS, MOST_LINES = 12, 2
PALEST = 0.06
ALL = "all"


@drawn_once
def draw_inflation_map(
    frame: pd.DataFrame, *, look: Look, decimals: int, chosen: str | None = None
) -> Figure:
    """queries.inflation_by_region: a row per region, a column per category; darker is a larger self-inflation, none where
    too few were verified. A click gives the region's code as customdata."""
    rows = frame.drop_duplicates("code")
    columns = frame[frame["category"] != ALL].drop_duplicates("category")[["category", "category_name"]]
    keys = [ALL, *columns["category"]]
    heads = ["全部<br>类别", *(_head(name) for name in columns["category_name"])]
    at_row = {code: at for at, code in enumerate(rows["code"])}
    at_column = {key: at for at, key in enumerate(keys)}
    is_dense = len(rows) > FEW_ROWS
    head_px = HEAD_PX + HEAD_LINE_PX * max(max(head.count("<br>") for head in heads) - 2, 0)
    fig = new_figure(
        look,
        height=rows_height(len(rows), row=DENSE_ROW_PX if is_dense else ROW_PX, extra=head_px + 8),
        margin=(4, 4, head_px, 4),
    )
    most = max([value for value in frame["inflation"] if not is_missing(value)], default=0.0)
    fills = [_fill(value, most, look) for value in frame["inflation"]]
    fig.add_bar(
        x=[at_column[key] for key in frame["category"]],
        y=[1.0] * len(frame),
        base=[at_row[code] - 0.5 for code in frame["code"]],
        width=1.0,
        marker={"color": fills, "line": {"color": look.paper, "width": CELL_GAP}},
        text=[
            "·" if is_missing(row.inflation) else signed(row.inflation, decimals) for row in rows_of(frame)
        ],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont={"size": 12 if is_dense else 14, "color": [text_on(fill) for fill in fills]},
        customdata=frame["code"],
        hovertext=[_hover(row, decimals) for row in rows_of(frame)],
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    fig.update_layout(bargap=0, barmode="overlay")
    fig.update_xaxes(
        side="top",
        tickmode="array",
        tickvals=list(range(len(heads))),
        ticktext=heads,
        tickangle=0,
        tickfont={"size": SMALL_PX, "color": look.ink},
        range=[-0.5, len(heads) - 0.5],
        automargin=False,
    )
    fig.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(rows))),
        ticktext=[
            f"<b>{plain(name)}</b> " if code == chosen else f"{plain(name)} "
            for code, name in zip(rows["code"], rows["name"], strict=True)
        ],
        tickfont={"size": 13 if is_dense else 14},
        range=[len(rows) - 0.5, -0.5],
    )
    return fig


@drawn_once
def draw_inflation_bars(
    frame: pd.DataFrame, *, look: Look, decimals: int, chosen: str | None = None
) -> Figure:
    """queries.inflation_by_region, one row per region in the order given: mean self-inflation as a bar from zero, and beside it
    how many units and which share of their points were verified. A click gives the region's code as customdata."""
    rows = len(frame)
    row_px = DENSE_ROW_PX if rows > FEW_ROWS else ROW_PX
    fig = new_figure(look, height=rows_height(rows, row=row_px, extra=20, least=90), margin=(4, 215, 4, 8))
    values = frame["inflation"].astype(float)
    known = values.dropna()
    fig.add_bar(
        orientation="h",
        y=list(range(rows)),
        x=values.fillna(0.0),
        width=0.6,
        marker={
            "color": [
                look.accent if code == chosen else look.loss if value > 0 else look.gain
                for code, value in zip(frame["code"], values, strict=True)
            ],
            "cornerradius": 3,
        },
        customdata=frame["code"],
        hovertext=[_hover(row, decimals) for row in rows_of(frame)],
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    most = max(known.max() if len(known) else 0.0, 0.0)
    least = min(known.min() if len(known) else 0.0, 0.0)
    room = (most - least) or 1.0
    fig.add_scatter(
        x=[max(value, 0.0) if value == value else 0.0 for value in values],
        y=list(range(rows)),
        mode="text",
        text=[
            "\u2002"
            + (
                f"<b>{signed(row.inflation, decimals)}</b>　"
                + small(
                    f"已核 {row.verified}/{row.submitted} 家，分值 {percent(row.verified_share, 0)}", look, 13
                )
                if not is_missing(row.inflation)
                else small(f"已核 {row.verified} 家，过少不显示", look, 13)
            )
            for row in rows_of(frame)
        ],
        textposition="middle right",
        textfont={"size": 14},
        cliponaxis=False,
        hoverinfo="skip",
    )
    fig.update_xaxes(range=[least, most + room * 0.05], visible=False)
    _name(fig, frame["name"], look)
    return fig


@drawn_once
def draw_inflation_spread(frame: pd.DataFrame, *, look: Look, decimals: int) -> Figure:
    """queries.inflation_by_region of one region by category: the middle half of the verified units as a range, the median as a
    dot. Categories of which too few were verified have no range."""
    rows = len(frame)
    fig = new_figure(look, height=rows_height(rows, row=44, extra=44, least=110), margin=(4, 24, 8, 30))
    known = frame["median"].notna()
    places = [at for at, is_known in enumerate(known) if is_known]
    shown = frame[known]
    fig.add_bar(
        orientation="h",
        y=places,
        base=shown["low"].astype(float),
        x=(shown["high"] - shown["low"]).astype(float),
        width=0.36,
        marker={"color": look.loss_quiet, "cornerradius": 5},
        hovertext=[_hover(row, decimals) for row in rows_of(shown)],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    fig.add_scatter(
        x=shown["median"].astype(float),
        y=places,
        mode="markers+text",
        marker={"size": 12, "color": look.loss, "line": {"color": look.paper, "width": 2}},
        text=[number(value, decimals) for value in shown["median"]],
        textposition="top center",
        textfont={"size": SMALL_PX, "color": look.ink},
        cliponaxis=False,
        hoverinfo="skip",
    )
    empty = [at for at in range(rows) if at not in places]
    fig.add_scatter(
        x=[0.0] * len(empty),
        y=empty,
        mode="text",
        text=[f"已核 {frame['verified'].iloc[at]} 家，过少不显示" for at in empty],
        textposition="middle right",
        textfont={"size": SMALL_PX, "color": look.muted},
        hoverinfo="skip",
    )
    low = min([0.0, *shown["low"].astype(float)])
    high = max([1.0, *shown["high"].astype(float)])
    fig.update_xaxes(
        range=[low - 0.02 * (high - low), high * 1.05],
        tickfont={"size": SMALL_PX, "color": look.muted},
        showgrid=True,
        gridcolor=look.line,
        nticks=6,
        zeroline=True,
        zerolinecolor=look.muted,
    )
    _name(fig, frame["category_name"], look)
    return fig


@drawn_once
def draw_sign_counts(
    frame: pd.DataFrame, *, look: Look, label: str, value: str, note: str, key: str, chosen: str | None = None
) -> Figure:
    """One bar per row in the order given: the count `value` under the name `label`, with the text of `note` beside it.

    A click gives the row's `key` as customdata; the chosen one stands out. A name may say by a line break where it is to be
    broken.
    """
    rows = len(frame)
    is_high = frame[label].str.len().gt(LINE_CHARACTERS).any()
    row_px = COUNT_LINES_PX if is_high else COUNT_ROW_PX
    fig = new_figure(look, height=rows_height(rows, row=row_px, extra=16, least=90), margin=(4, 215, 4, 8))
    if not rows:
        return fig
    chosen = chosen if chosen in set(frame[key]) else None
    fig.add_bar(
        orientation="h",
        y=list(range(rows)),
        x=frame[value].astype(float),
        width=0.6,
        marker={
            "color": [look.loss if chosen in (each, None) else look.loss_quiet for each in frame[key]],
            "cornerradius": 3,
        },
        text=[
            f"<b>{count:,}</b>　{small(plain(text), look, 13)}"
            for count, text in zip(frame[value], frame[note], strict=True)
        ],
        textposition="outside",
        cliponaxis=False,
        constraintext="none",
        customdata=frame[key],
        hovertext=[
            f"<b>{plain(name)}</b><br>{count:,}　{plain(text)}"
            for name, count, text in zip(frame[label], frame[value], frame[note], strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    fig.update_xaxes(range=[0, max(frame[value].max(), 1)], visible=False)
    _name(fig, frame[label], look)
    return fig


def _name(fig: Figure, names: pd.Series, look: Look) -> None:
    fig.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=[in_lines(name, LINE_CHARACTERS, most=MOST_LINES) for name in names],
        tickfont={"size": 13, "color": look.ink},
        range=[len(names) - 0.5, -0.5],
    )


def _head(name: str) -> str:
    lines = [name[at : at + HEAD_CHARACTERS] for at in range(0, len(name), HEAD_CHARACTERS)][:HEAD_LINES]
    if len(name) > HEAD_LINES * HEAD_CHARACTERS:
        lines[-1] = lines[-1][:-1] + "…"
    return "<br>".join(plain(line) for line in lines)


def _fill(value, most: float, look: Look) -> str:
    if is_missing(value):
        return look.tint
    return ramp_colour(look, PALEST + (1 - PALEST) * max(value, 0.0) / most if most > 0 else PALEST)


def _hover(row, decimals: int) -> str:
    head = f"<b>{plain(row.name)}</b> · {plain(row.category_name)}<br>已核 {row.verified} 家（提交 {row.submitted} 家）"
    if is_missing(row.inflation):
        return f"{head}<br>已核单位过少，不显示自评偏差"
    return (
        f"{head}，已核分值 {percent(row.verified_share)}<br>平均自评偏差 {signed(row.inflation, decimals)} 分"
        f"<br>中间一半单位 {number(row.low, decimals)} 至 {number(row.high, decimals)}，中位 {number(row.median, decimals)}"
    )
