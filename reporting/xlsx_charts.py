"""Native charts over the cells of a workbook: they can be edited in Excel and WPS, and follow a filter of their table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import xlsxwriter

from reporting.palette import LIGHT, text_on
from reporting.xlsx_spec import Chart, Series, Sheet

FONT = "微软雅黑"
CHART_PX, BAR_PX, HEAD_PX, LEAST_PX = 900, 24, 90, 260
PAGE_PX, PAGE_TALL_PX = 1000, 760  # a chart of its own fills an A4 page lying


@dataclass(frozen=True)
class Place:
    """Where a table came to stand: its sheet's name, first and last row, the closing row or None, column → position."""

    name: str
    first: int
    last: int
    closing: int | None
    columns: dict[str, int]


def build_chart(book: xlsxwriter.Workbook, sheet: Sheet, chart: Chart, place: Place) -> Any:
    """The chart as an object that a worksheet takes in; `place` is that of the sheet's table."""
    options = {"type": "bar"} | ({} if chart.kind == "clustered" else {"subtype": chart.kind})
    made = book.add_chart(options)
    first = place.first + chart.first
    last = chart_last_row(sheet, chart, place)
    for series in chart.series:
        at = place.columns[series.column]
        made.add_series(
            {
                "name": _named(sheet, series.column),
                "categories": [
                    place.name,
                    first,
                    place.columns[chart.category],
                    last,
                    place.columns[chart.category],
                ],
                "values": [place.name, first, at, last, at],
                "gap": 45,
                **({"overlap": 100} if chart.kind != "clustered" else {}),
                **_look(series.colour),
                **_labels(series, is_stacked=chart.kind != "clustered"),
            }
        )
    text = {"name": FONT, "size": 9, "color": LIGHT.ink}
    made.set_title(
        {"name": chart.title + chart.piece, "name_font": {"name": FONT, "size": 12, "bold": True, "color": LIGHT.ink}, "overlay": False}
    )  # fmt: skip
    made.set_y_axis(
        {
            "reverse": True,
            "interval_unit": 1,
            "num_font": text,
            "line": {"color": LIGHT.quiet},
            "major_tick_mark": "none",
        }
    )
    made.set_x_axis(
        {
            "num_font": text,
            "num_format": chart.scale,
            "label_position": "high",  # the order runs from the top, which would put the axis there too
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": LIGHT.line, "width": 0.5}},
            **({} if chart.low is None else {"min": chart.low}),
            **({} if chart.high is None else {"max": chart.high}),
        }
    )
    made.set_legend({"position": "bottom", "font": text} if chart.has_legend else {"none": True})
    made.set_chartarea({"border": {"color": LIGHT.line}})
    if sheet.helpers:
        made.show_hidden_data()
    return made


def chart_last_row(sheet: Sheet, chart: Chart, place: Place) -> int:
    """The last row that a chart shows."""
    if chart.has_closing_row and place.closing is not None:
        return place.closing
    count = len(sheet.rows) - chart.first if chart.count is None else chart.count
    return min(place.first + chart.first + count - 1, place.last)


def chart_height(sheet: Sheet, chart: Chart, place: Place) -> int:
    """Pixels for a chart below its table."""
    bars = chart_last_row(sheet, chart, place) - place.first - chart.first + 1
    if chart.kind == "clustered":
        bars *= max(len(chart.series) * 0.75, 1)
    return max(int(bars * BAR_PX) + HEAD_PX, LEAST_PX)


def _named(sheet: Sheet, column: str) -> str:
    return {**sheet.columns, **sheet.helpers}[column].title.replace("\n", " ")


def _look(colour: str | None) -> dict:
    if colour is None:
        return {"fill": {"none": True}, "border": {"none": True}}
    return {"fill": {"color": colour}, "border": {"none": True}}


def _labels(series: Series, *, is_stacked: bool) -> dict:
    font = {"name": FONT, "size": 9, "color": LIGHT.ink}
    if series.texts:
        # as plain text: not every office program reads a label from a cell
        custom = [{"value": text, "font": font} if text else {"delete": True} for text in series.texts]
        return {"data_labels": {"value": True, "position": "inside_end", "custom": custom, "font": font}}
    if not series.labels:
        return {}
    form = {"value": True, "num_format": series.labels}
    if is_stacked and series.colour:
        inside = {"position": "inside_end", "font": {**font, "color": text_on(series.colour)}}
        return {"data_labels": {**form, **inside}}
    return {"data_labels": {**form, "font": font}}
