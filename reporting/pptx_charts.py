"""Native bar charts: a PowerPoint chart with its numbers in an embedded workbook, to be edited in PowerPoint or WPS."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt
from xlsxwriter import Workbook

from reporting.deck_fit import EMU_PER_PT, SLACK, cut_middle, cut_text, plain_line, width_em
from reporting.deck_master import Box
from reporting.deck_spec import Bars, Series
from reporting.palette import LIGHT, text_on
from reporting.pptx_text import colour_of, style_font

TYPES = {
    "none": XL_CHART_TYPE.BAR_CLUSTERED,
    "stacked": XL_CHART_TYPE.BAR_STACKED,
    "full": XL_CHART_TYPE.BAR_STACKED_100,
}
LARGEST, READABLE, SMALLEST, LEAST_LABEL = 14.0, 11.0, 9.0, 8.0  # points
ROW_SHARE = 0.56  # of a category's height that its text may take
LABEL_SHARE = 0.42  # of the chart's width that names of categories may take
PLOT_SHARE = 0.75  # of the chart's width, that its bars have
LABEL_ROOM_EM = 0.2  # beside a number within its part
# what a number's own label says again, since it takes nothing over from those of its series
OF_A_LABEL = (
    "c:numFmt", "c:spPr", "c:txPr", "c:dLblPos", "c:showLegendKey", "c:showVal", "c:showCatName", "c:showSerName",
    "c:showPercent", "c:showBubbleSize",
)  # fmt: skip
# else LibreOffice draws a line from a moved number to its part
NO_LINES = (
    f'<c:extLst {nsdecls("c")}><c:ext uri="{{CE6537A1-D6FC-4f65-9D91-7224C49458BB}}" '
    'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart"><c15:showLeaderLines val="0"/></c:ext></c:extLst>'
)
NUMBER = re.compile(r"0(?:\.(0+))?")  # of a number format: the digits
GAP_WIDTH = 40  # per cent of a bar
FIRST_DAY = datetime(2026, 1, 1)  # of the workbook's properties: the same numbers give the same bytes
# a name is never a formula or a link, whatever it begins with
AS_TEXT = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class _Writer(CategoryWorkbookWriter):
    @contextmanager
    def _open_worksheet(self, xlsx_file):
        workbook = Workbook(xlsx_file, AS_TEXT)
        workbook.set_properties({"created": FIRST_DAY})
        yield workbook, workbook.add_worksheet("Sheet1")
        workbook.close()


class _Data(CategoryChartData):
    _workbook_writer = property(_Writer)


def add_bars(shapes, box: Box, bars: Bars, *, scale: float) -> None:
    """The chart in its place."""
    rows = max(len(bars.categories), 1)
    room = box.height / EMU_PER_PT * (0.9 if bars.has_legend else 1.0) / rows
    size = min(max(room * ROW_SHARE, SMALLEST * scale), LARGEST * scale)
    data = _Data(number_format="General")
    width = LABEL_SHARE * box.width / EMU_PER_PT
    names = [plain_line(name) for name in bars.categories]
    longest = max(map(width_em, names), default=0.0) or 1.0
    size = max(min(size, width * SLACK / longest), min(size, READABLE * scale))
    data.categories = _distinct(names, width=width, size=size)
    for series in bars.series:
        data.add_series(plain_line(series.name), series.values, number_format=series.labels or "General")
    frame = shapes.add_chart(
        TYPES[bars.stacking], *map(Emu, (box.left, box.top, box.width, box.height)), data
    )
    frame.name = "图表"
    chart = frame.chart
    style_font(chart.font, size=size, colour=LIGHT.ink)
    chart.has_title = False
    _set_axes(chart, bars)
    plot = chart.plots[0]
    plot.gap_width, plot.vary_by_categories = GAP_WIDTH, False
    plot.overlap = 0 if bars.stacking == "none" else 100
    beside = len(bars.series) if bars.stacking == "none" else 1
    label = min(size, max(room / (beside + GAP_WIDTH / 100), LEAST_LABEL * scale))
    for drawn, series in zip(plot.series, bars.series, strict=True):
        _style_series(drawn, series, is_stacked=bars.stacking != "none", size=label)
        if bars.is_crowded:
            _drop_labels(drawn, series, bars, width=PLOT_SHARE * box.width / EMU_PER_PT, size=label)
        if bars.is_steps and series.labels:
            _move_labels(drawn, series, bars, width=box.width / EMU_PER_PT, size=label)
    chart.has_legend = bars.has_legend
    if bars.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        style_font(chart.legend.font, size=max(size, SMALLEST * scale + 2), colour=LIGHT.ink)


def _distinct(names: list[str], *, width: float, size: float) -> list[str]:
    """The names cut to the room they have, so that no two of them become the same."""
    cut = [cut_text(name, width_pt=width, size=size) for name in names]
    counts = Counter(cut)
    cut = [
        cut_middle(name, width_pt=width, size=size) if counts[short] > 1 else short
        for name, short in zip(names, cut, strict=True)
    ]
    shown: list[str] = []
    for name in cut:
        times = cut[: len(shown)].count(name)
        shown.append(f"{name} {times + 1}" if times else name)
    return shown


def _set_axes(chart: Chart, bars: Bars) -> None:
    names, values = chart.category_axis, chart.value_axis
    names.reverse_order = True  # the first on top, as in the table beside it
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.has_major_gridlines = False
    names.format.line.color.rgb = colour_of(LIGHT.line)
    names.format.line.width = Pt(0.75)
    values.visible = values.has_major_gridlines = False
    if bars.low is not None:
        values.minimum_scale = bars.low
    if bars.high is not None:
        values.maximum_scale = bars.high


def _style_series(drawn, series: Series, *, is_stacked: bool, size: float) -> None:
    drawn.invert_if_negative = False
    if series.colour is None:
        drawn.format.fill.background()
        drawn.format.line.fill.background()
        return
    drawn.format.fill.solid()
    drawn.format.fill.fore_color.rgb = colour_of(series.colour)
    for at, colour in enumerate(series.point_colours):
        if colour != series.colour:
            fill = drawn.points[at].format.fill
            fill.solid()
            fill.fore_color.rgb = colour_of(colour)
    if series.labels:
        labels = drawn.data_labels
        labels.show_value = True
        labels.number_format, labels.number_format_is_linked = series.labels, False
        labels.position = XL_LABEL_POSITION.CENTER if is_stacked else XL_LABEL_POSITION.OUTSIDE_END
        style_font(labels.font, size=size, colour=text_on(series.colour) if is_stacked else LIGHT.ink)


def _drop_labels(drawn, series: Series, bars: Bars, *, width: float, size: float) -> None:
    """Takes the numbers from parts that are narrower than them, where they would run into their neighbours'."""
    totals = [sum(values) for values in zip(*(each.values for each in bars.series), strict=True)]
    longest = max(totals, default=0.0)
    for at, (value, total) in enumerate(zip(series.values, totals, strict=True)):
        whole = total if bars.stacking == "full" else longest
        room = width * value / whole if whole else 0.0
        if value and room < (width_em(f"{value:g}") + LABEL_ROOM_EM) * size:
            dropped = f'<c:dLbl {nsdecls("c")}><c:idx val="{at}"/><c:delete val="1"/></c:dLbl>'
            labels = drawn.data_labels._element
            labels.insert(len(labels.findall(qn("c:dLbl"))), parse_xml(dropped))


def _move_labels(drawn, series: Series, bars: Bars, *, width: float, size: float) -> None:
    """Puts the numbers of parts that are narrower than them before their parts: through the middle of one went its edge."""
    high = max(map(sum, zip(*([v or 0 for v in each.values] for each in bars.series), strict=True)))
    span = (high if bars.high is None else bars.high) - (bars.low or 0)
    labels = drawn.data_labels._element
    for at, value in enumerate(series.values):
        part = PLOT_SHARE * width * (value or 0) / span if span else 0.0
        text = width_em(_as_labelled(value or 0, series.labels)) * size
        if value is None or part >= text + LABEL_ROOM_EM * size:
            continue
        aside = ((part + text) / 2 + LABEL_ROOM_EM * size) / width
        moved = parse_xml(
            f'<c:dLbl {nsdecls("c")}><c:idx val="{at}"/><c:layout><c:manualLayout><c:x val="{-aside:.4f}"/>'
            '<c:y val="0"/></c:manualLayout></c:layout></c:dLbl>'
        )
        for tag in OF_A_LABEL:
            moved.extend(deepcopy(each) for each in labels.findall(qn(tag)))
        labels.insert(len(labels.findall(qn("c:dLbl"))), moved)
    labels.append(parse_xml(NO_LINES))


def _as_labelled(value: float, form: str) -> str:
    """A number as its label shows it: 1.5 as −1.50 in the format "−"0.00."""
    first = form.split(";")[0].replace('"', "")
    return NUMBER.sub(lambda digits: f"{value:.{len(digits[1] or '')}f}", first, count=1)
