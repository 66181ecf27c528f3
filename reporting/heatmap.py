"""Regions against dimensions or articles, the value written in every cell."""

from __future__ import annotations

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look, ramp_colour, text_on
from reporting.rows import rows_of
from reporting.theme import SMALL_PX, is_missing, new_figure, number, percent, plain, rows_height

FEW_ROWS = 20
ROW_PX, DENSE_ROW_PX = 38, 27
NARROW_COLUMNS = 12  # more columns than this get short values and smaller text
HEAD_PX = {"dimension": 56, "article": 32}
CELL_GAP = 2  # pixels
PALEST = 0.06  # where on the ramp the best cell stands
HEAD_CHARACTERS = 4  # of a column head's line


@drawn_once
def draw_heat_map(
    matrix: pd.DataFrame,
    *,
    look: Look,
    by: str,
    measure: str,
    decimals: int,
    regions: pd.DataFrame,
    grouped: bool = False,
    chosen: str | None = None,
) -> Figure:
    """queries.gap_matrix: one row per region, one column per dimension or article; darker means more is lost.

    `measure`: "attainment" (0–1) or "gap" (points); shades run from the best cell to the worst.
    `regions`: code, name, parent_name of the rows in the order wanted; one without values is marked as such. `grouped`:
    rows of one parent stand together under its name, with the column heads repeated, so that a tall map stays readable.
    A click gives (code, key) as customdata.
    """
    columns = _columns(matrix, by)
    lines = _lines(regions, grouped)
    place = {code: at for at, (code, _) in enumerate(lines) if code}
    column = {key: at for at, key in enumerate(columns["key"])}
    heads = [_head(label, by) for label in columns["label"]]
    is_dense = len(place) > FEW_ROWS
    row_px = DENSE_ROW_PX if is_dense else ROW_PX
    fig = new_figure(
        look, height=rows_height(len(lines), row=row_px, extra=HEAD_PX[by] + 8), margin=(4, 4, HEAD_PX[by], 4)
    )
    shown = matrix[matrix["code"].isin(place)]
    shares = _shares(shown, measure)
    fills = [look.paper if is_missing(s) else ramp_colour(look, s) for s in shares]
    text_px = 12 if len(column) > NARROW_COLUMNS or is_dense else 15
    fig.add_bar(
        x=[column[key] for key in shown["key"]],
        y=[1.0] * len(shown),
        base=[place[code] - 0.5 for code in shown["code"]],
        width=1.0,
        marker={"color": fills, "line": {"color": look.paper, "width": CELL_GAP}},
        text=[_cell(row, measure, decimals, len(column)) for row in rows_of(shown)],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont={"size": text_px, "color": [text_on(fill) for fill in fills]},
        customdata=list(zip(shown["code"], shown["key"], strict=True)),
        hovertext=[_hover(row, decimals, by) for row in rows_of(shown)],
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
        tickfont={"size": SMALL_PX if len(column) > NARROW_COLUMNS else SMALL_PX + 1, "color": look.ink},
        range=[-0.5, len(heads) - 0.5],
        automargin=False,
    )
    fig.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(lines))),
        ticktext=[_row_name(code, text, chosen) for code, text in lines],
        tickfont={"size": 13 if is_dense else 14},
        range=[len(lines) - 0.5, -0.5],
    )
    _write_rows(fig, lines, heads, look, known=set(shown["code"]))
    return fig


def _columns(matrix: pd.DataFrame, by: str) -> pd.DataFrame:
    """key, label in the scheme's order: the region that has most of them goes first, articles by their number."""
    counts = matrix.groupby("code")["key"].transform("count")
    columns = matrix.assign(counts=counts).sort_values("counts", ascending=False, kind="stable")
    columns = columns.drop_duplicates("key")[["key", "label"]]
    return columns.sort_values("key", key=lambda keys: keys.astype(int)) if by == "article" else columns


def _lines(regions: pd.DataFrame, grouped: bool) -> list[tuple[str | None, str]]:
    """(code, name) of every line from the top; a heading has no code."""
    if not grouped:
        return list(zip(regions["code"], regions["name"], strict=True))
    lines: list[tuple[str | None, str]] = []
    for heading, below in regions.groupby("parent_name", sort=False):
        lines.append((None, heading))
        lines += zip(below["code"], below["name"], strict=True)
    return lines


def _shares(shown: pd.DataFrame, measure: str) -> list[float]:
    values = shown[measure].astype(float)
    lost = 1 - values if measure == "attainment" else values
    best, worst = lost.min(), lost.max()
    if not worst > best:
        return list(lost * 0.0)
    return list(PALEST + (1 - PALEST) * (lost - best) / (worst - best))


def _cell(row, measure: str, decimals: int, columns: int) -> str:
    value = getattr(row, measure)
    if is_missing(value):
        return ""
    if measure == "gap":
        return number(value, decimals)
    return f"{value * 100:.0f}" if columns > NARROW_COLUMNS else percent(value)


def _head(label: str, by: str) -> str:
    if by == "article":
        return plain(label.removeprefix("第"))
    if len(label) <= HEAD_CHARACTERS:
        return plain(label)
    return f"{plain(label[:HEAD_CHARACTERS])}<br>{plain(label[HEAD_CHARACTERS:])}"


def _row_name(code: str | None, text: str, chosen: str | None) -> str:
    return f"<b>{plain(text)}</b> " if code is None or code == chosen else f"{plain(text)} "


def _write_rows(
    fig: Figure, lines: list[tuple[str | None, str]], heads: list[str], look: Look, *, known: set[str]
) -> None:
    """The column heads again above each group but the first, and a word in rows without values; one trace, for speed."""
    again = [at for at, (code, _) in enumerate(lines) if code is None and at]
    empty = [at for at, (code, _) in enumerate(lines) if code and code not in known]
    fig.add_scatter(
        x=[*list(range(len(heads))) * len(again), *[-0.4] * len(empty)],
        y=[*(at for at in again for _ in heads), *empty],
        mode="text",
        text=[*[head.replace("<br>", "") for head in heads] * len(again), *["没有已评分的单位"] * len(empty)],
        textposition=["middle center"] * len(heads) * len(again) + ["middle right"] * len(empty),
        textfont={"size": SMALL_PX - 1, "color": look.muted},
        hoverinfo="skip",
    )


def _hover(row, decimals: int, by: str) -> str:
    label = plain(row.label)
    return (
        f"<b>{plain(row.name)}</b> · {label}<br>得分率 {percent(row.attainment)}"
        f"<br>失分 {number(row.gap, decimals)} 分" + ("<br>点击查看条文" if by == "article" else "")
    )
