"""What every figure has in common: fonts, margins, axes without ornament, and the tool bar in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from reporting.figure import Figure
from reporting.palette import Look

FONT = (
    "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Micro Hei',sans-serif"
)
TEXT_PX, SMALL_PX = 14, 12
SIGN_PX = 20  # room for the line that says where a figure's numbers are from
TICKS_PX, AXIS_TITLE_PX = (
    22,
    30,
)  # what an axis at the foot takes of the margin, which Plotly widens for it unasked
NOTHING = "—"  # stands where there is no value
MINUS = "−"
DEMO_MARK = "演示数据 · 不代表任何真实单位"

# Plotly speaks English unless the words come with the figure; only the one button that is left needs them.
CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
    "displayModeBar": "hover",
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"format": "png", "scale": 2, "filename": "图表"},
    "locale": "zh-CN",
    "locales": {
        "zh-CN": {
            "dictionary": {
                "Download plot as a PNG": "下载为图片",
                "Download plot as a png": "下载为图片",
                "Download plot": "下载为图片",
                "Taking snapshot - this may take a few seconds": "正在生成图片，请稍候",
                "Snapshot succeeded": "图片已保存",
                "Sorry, there was a problem downloading your snapshot!": "图片未能保存，请重试",
            },
            "format": {
                "days": ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"],
                "shortDays": ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
                "months": [
                    f"{n}月"
                    for n in ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
                ],
                "shortMonths": [f"{n}月" for n in range(1, 13)],
                "date": "%Y-%m-%d",
            },
        }
    },
}


def chart_config(file_name: str) -> dict[str, Any]:
    """CONFIG for a chart whose picture is saved under this name; pages/components/chart_menu.js lets the reader choose its format."""
    return CONFIG | {"toImageButtonOptions": CONFIG["toImageButtonOptions"] | {"filename": file_name}}


def new_figure(look: Look, *, height: int, margin: tuple[int, int, int, int] = (8, 8, 8, 8)) -> Figure:
    """An empty figure of the look; `margin` is left, right, top, bottom in pixels, grown where labels need it."""
    left, right, top, bottom = margin
    font = {"family": FONT, "size": TEXT_PX, "color": look.ink}
    axis = {
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "fixedrange": True,
        "ticks": "",
        "automargin": True,
        "tickfont": font,
        "title": {"font": {"family": FONT, "size": SMALL_PX, "color": look.muted}},
    }
    layout = {
        "template": {},
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 0},
        "paper_bgcolor": look.paper,
        "plot_bgcolor": look.paper,
        "font": font,
        "xaxis": axis,
        "yaxis": axis,
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": look.tint,
            "bordercolor": look.line,
            "font": {"family": FONT, "size": TEXT_PX, "color": look.ink},
            "align": "left",
        },
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.0,
            "yanchor": "bottom",
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
            "font": {"family": FONT, "size": TEXT_PX, "color": look.ink},
        },
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": look.muted, "activecolor": look.accent},
        "bargap": 0.28,
    }
    return Figure(layout)


def sign_figure(figure: Figure, text: str) -> Figure:
    """A copy of the figure with a line at its foot that says where its figures come from, also in a picture of it."""
    signed_figure = figure.copy()
    below, height = figure.laid_out("margin", "b") or 0, figure.laid_out("height")
    margin = max(below, _axis_px(figure.laid_out("xaxis") or {}))
    signed_figure.update_layout(
        margin={"b": margin + SIGN_PX}, height=height + margin + SIGN_PX - below if height else None
    )
    signed_figure.add_annotation(
        text=plain(text),
        xref="paper",
        yref="paper",
        x=1,
        y=0,
        yshift=-(margin + SIGN_PX),
        xanchor="right",
        yanchor="bottom",
        showarrow=False,
        font={"family": FONT, "size": SMALL_PX},
    )
    return signed_figure


def _axis_px(axis: Mapping[str, Any]) -> int:
    """What the axis needs at the foot of its figure."""
    if axis.get("visible") is False or axis.get("showticklabels") is False or axis.get("side") == "top":
        return 0
    return TICKS_PX + (AXIS_TITLE_PX if (axis.get("title") or {}).get("text") else 0)


def is_missing(value: Any) -> bool:
    """Whether a cell holds no value."""
    return value is None or value is pd.NA or value is pd.NaT or value != value


def number(value: Any, decimals: int) -> str:
    """A score or points as printed, with a true minus sign, or a dash; what rounds to nothing has no sign."""
    return NOTHING if is_missing(value) else with_minus(f"{value:z.{decimals}f}")


def signed(value: Any, decimals: int) -> str:
    """Points taken or given, with a true minus sign, or a dash; what rounds to nothing has no sign."""
    if is_missing(value):
        return NOTHING
    text = f"{abs(value):.{decimals}f}"
    if not float(text):
        return text
    return f"{MINUS}{text}" if value < 0 else f"+{text}"


def percent(value: Any, decimals: int = 1) -> str:
    """0–1 as a percentage, with a true minus sign, or a dash; what rounds to nothing has no sign."""
    return NOTHING if is_missing(value) else with_minus(f"{value:z.{decimals}%}")


def with_minus(written: str) -> str:
    """A written number with the true minus sign, which is as wide as a plus sign, where it has a hyphen."""
    return written.replace("-", MINUS)


def plain(text: object) -> str:
    """Text from outside made safe for Plotly, which reads a subset of HTML."""
    return escape(str(text), quote=False)


def shorten(name: str, most: int) -> str:
    """A name cut to so many characters, the last of them an ellipsis."""
    return name if len(name) <= most else name[: most - 1] + "…"


def in_lines(name: str, longest: int, *, most: int | None = None) -> str:
    """Plotly markup for a name in lines of so many characters, each with the space that keeps it off what it names.

    A line break in the name begins a new line; what `most` lines do not hold is cut, the last character an ellipsis.
    """
    lines = [part[at : at + longest] for part in name.split("\n") for at in range(0, len(part), longest)]
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], shorten("".join(lines[most - 1 :]), longest)]
    return "<br>".join(f"{plain(line)} " for line in lines)


def small(text: str, look: Look, size: int = SMALL_PX) -> str:
    """Plotly markup for a quieter text."""
    return f'<span style="font-size:{size}px;color:{look.muted}">{text}</span>'


def rows_height(rows: int, *, row: int, extra: int = 24, least: int = 160) -> int:
    """Pixels for so many rows."""
    return max(rows * row + extra, least)


def dotted_scale(look: Look, title: str = "", /, **more: Any) -> dict[str, Any]:
    """A horizontal axis whose marks are dotted lines through the figure, for `update_xaxes`."""
    return {
        "showgrid": True,
        "gridcolor": look.line,
        "griddash": "dot",
        "tickfont": {"size": SMALL_PX, "color": look.muted},
        **({"title": {"text": title}} if title else {}),
        **more,
    }
