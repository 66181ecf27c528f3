"""How far each dimension is fulfilled, against a mean, as a radar."""

from __future__ import annotations

import pandas as pd

from reporting.drawn import drawn_once
from reporting.figure import Figure
from reporting.palette import Look
from reporting.rows import rows_of
from reporting.theme import SMALL_PX, new_figure, percent, plain

HEIGHT_PX = 480


@drawn_once
def draw_radar(
    frame: pd.DataFrame, *, look: Look, name: str, mean_name: str, mean: str = "category_mean"
) -> Figure:
    """queries.unit_dimensions or region_dimensions: attainment (0–1) per dimension, filled, over a dashed mean.

    `mean` is the column of the mean ("category_mean" or "province_mean"), the names are the legend's. A dimension that
    does not apply (no attainment) is left out.
    """
    known = frame[frame["attainment"].notna()]
    labels = [_wrap(plain(label)) for label in known["dimension_name"]]
    fig = new_figure(look, height=HEIGHT_PX, margin=(100, 100, 96, 44))
    if known.empty:
        return fig
    for column, title, is_mean in ((mean, mean_name, True), ("attainment", name, False)):
        values = known[column].astype(float).tolist()
        fig.add_scatterpolar(
            r=[*values, values[0]],
            theta=[*labels, labels[0]],
            name=plain(title),
            mode="lines+markers",
            fill=None if is_mean else "toself",
            fillcolor=_veil(look.accent),
            line={
                "color": look.muted if is_mean else look.accent,
                "dash": "dash" if is_mean else "solid",
                "width": 2 if is_mean else 3,
            },
            marker={"size": 5 if is_mean else 8},
            hovertext=[
                f"<b>{plain(row.dimension_name)}</b><br>{plain(name)} {percent(row.attainment)}"
                f"<br>{plain(mean_name)} {percent(getattr(row, mean))}"
                for row in [*rows_of(known), *rows_of(known.head(1))]
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    fig.update_layout(
        showlegend=True,
        legend={"x": 0.5, "xanchor": "center", "y": 1.16, "yanchor": "bottom", "traceorder": "reversed"},
        polar={
            "bgcolor": look.paper,
            "angularaxis": {
                "direction": "clockwise",
                "rotation": 90,
                "gridcolor": look.line,
                "linecolor": look.line,
                "tickfont": {"size": 14, "color": look.ink},
            },
            "radialaxis": {
                "range": [0, 1],
                "tickvals": [0.25, 0.5, 0.75, 1],
                "ticktext": ["25%", "50%", "75%", "100%"],
                "tickfont": {"size": SMALL_PX, "color": look.muted},
                "gridcolor": look.line,
                "showline": False,
                "angle": 90,
                "tickangle": 90,
            },
        },
    )
    return fig


def _wrap(label: str, width: int = 6) -> str:
    if len(label) <= width:
        return label
    half = (len(label) + 1) // 2
    return f"{label[:half]}<br>{label[half:]}"


def _veil(colour: str, share: float = 0.22) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"
