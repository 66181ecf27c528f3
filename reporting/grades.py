"""How units spread over the grades, region by region, and how workbooks came in against the deadline."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look, text_on
from reporting.rows import rows_of
from reporting.theme import SMALL_PX, new_figure, percent, plain, rows_height

ROW_PX = 34
LEAST_LABELLED = 0.045  # a narrower part has no room for its number
CURVE_PX = 470
TOP_OF_AXIS = 1.1  # room above 100 % for the final share


@drawn_once
def draw_grade_shares(frame: pd.DataFrame, *, look: Look, measure: str = "家") -> Figure:
    """queries.grade_shares as one bar of 100 % per region, split by grade, with the number of units in each part.

    `measure` is the measure word of what is counted.
    """
    regions = frame[["code", "name"]].drop_duplicates("code").reset_index(drop=True)
    place = {code: at for at, code in enumerate(regions["code"])}
    fig = new_figure(look, height=rows_height(len(regions), row=ROW_PX, extra=48), margin=(4, 8, 38, 8))
    for (grade, name), part in frame.groupby(["grade", "grade_name"], sort=False):
        colour = look.grade(grade)
        fig.add_bar(
            orientation="h",
            name=plain(name),
            y=[place[code] for code in part["code"]],
            x=part["share"].astype(float).fillna(0.0),
            marker={"color": colour, "line": {"color": look.paper, "width": 1}},
            text=[
                f"{units}" if share >= LEAST_LABELLED else ""
                for units, share in zip(part["units"], part["share"], strict=True)
            ],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            constraintext="none",
            textfont={"color": text_on(colour), "size": 13},
            customdata=part["code"],
            hovertext=[
                f"<b>{plain(row.name)}</b><br>{plain(name)} {row.units} {measure}，占 {percent(row.share)}"
                for row in rows_of(part)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    fig.update_layout(barmode="stack", showlegend=True, legend={"font": {"size": SMALL_PX + 1}}, bargap=0.22)
    fig.update_xaxes(range=[0, 1], visible=False)
    fig.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(regions))),
        ticktext=[f"{plain(name)} " for name in regions["name"]],
        range=[len(regions) - 0.5, -0.5],
    )
    return fig


@drawn_once
def draw_submissions(days: pd.DataFrame, *, registered: int, deadline: datetime, look: Look) -> Figure:
    """Share of the registered units whose counting workbook had come in by each day (queries.submission_days), and the
    deadline.

    Empty (axes only) where nothing came in.
    """
    fig = new_figure(look, height=CURVE_PX, margin=(8, 40, 40, 8))
    counts = days.set_index("day")["units"]
    if len(counts):
        share = counts.cumsum() / registered
        dates = pd.DatetimeIndex([counts.index[0] - pd.Timedelta(days=1), *counts.index])
        fig.add_scatter(
            x=dates,
            y=[0.0, *share],
            mode="lines",
            line={"color": look.accent, "width": 3, "shape": "hv"},
            fill="tozeroy",
            fillcolor=look.tint,
            hovertext=[
                f"<b>{day:%Y-%m-%d}</b><br>累计提交 {percent(s)}"
                for day, s in zip(dates, [0.0, *share], strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
        fig.add_annotation(
            x=dates[-1],
            y=share.iloc[-1],
            text=f"<b>{percent(share.iloc[-1])}</b>",
            showarrow=False,
            xanchor="right",
            yanchor="bottom",
            yshift=4,
            bgcolor=look.paper,
            font={"size": 20, "color": look.accent},
        )
    end = pd.Timestamp(deadline).tz_localize(None)
    is_over = bool((counts.index > end).any())
    on_time = days["on_time"].sum() / max(registered, 1)
    fig.add_shape(
        type="line", x0=end, x1=end, y0=0, y1=1, line={"color": look.loss, "width": 2, "dash": "dash"}
    )
    fig.add_annotation(
        x=end,
        y=0,
        xanchor="right",
        yanchor="bottom",
        xshift=-6,
        yshift=6,
        align="right",
        text=f"<b>截止 {end:%m-%d}</b>" + (f"<br>此前提交 {percent(on_time)}" if is_over else ""),
        showarrow=False,
        font={"color": look.loss, "size": 14},
    )
    fig.update_xaxes(tickformat="%m-%d", nticks=7, tickfont={"size": SMALL_PX, "color": look.muted})
    fig.update_yaxes(
        range=[0, TOP_OF_AXIS],
        tickformat=".0%",
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        showgrid=True,
        gridcolor=look.line,
        tickfont={"size": SMALL_PX, "color": look.muted},
    )
    return fig
