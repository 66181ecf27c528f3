"""What a workbook holds, said without any file format: sheets of one table each, their columns, and charts over the cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

Kind = Literal[
    "text",
    "label",
    "code",
    "flag",
    "count",
    "score",
    "exact",
    "points",
    "signed",
    "percent",
    "date",
    "time",
    "link",
]
Paint = Literal["attainment", "loss", "bars", "grades", "signs"]


@dataclass(frozen=True)
class Column:
    """One column: header, kind of value, width in characters (None: as wide as its values), how it is painted.

    `score` has the scheme's decimals, `exact` and `points` are unrounded and show four and three, `signed` shows the
    scheme's with a sign; `percent` is 0–1; a `label` is a word or two, in the middle of its cell; `link` names another sheet. `has_sum`: it is added up in the closing row.
    `meaning` explains it on the sheet of methods. `is_upright`: the header stands upright over a narrow column.
    """

    title: str
    kind: Kind = "text"
    width: float | None = None
    paint: Paint | None = None
    has_sum: bool = False
    meaning: str = ""
    is_upright: bool = False


@dataclass(frozen=True)
class Series:
    """One series of a chart: the column its values stand in, its colour (None: an invisible base to stack on), and the
    number format of the labels at its points ("" for none). `texts`: the labels themselves instead, one for
    each row ("" for none); they stand at the end of an invisible base, so before the bar."""

    column: str
    colour: str | None
    labels: str = ""
    texts: Sequence[str] = ()


@dataclass(frozen=True)
class Chart:
    """A native chart over rows `first` to `first` + `count` of a sheet's table (all where None); names in `category`.

    Pieces of a long chart have one title and a `piece` each, as （一）. `kind`: bars beside each other or stacked, lying. `low` and `high` end the axis of values, whose format is `scale`.
    `has_closing_row`: the closing row is the last bar.
    """

    title: str
    category: str
    series: Sequence[Series]
    piece: str = ""
    kind: Literal["clustered", "stacked", "percent_stacked"] = "clustered"
    first: int = 0
    count: int | None = None
    low: float | None = None
    high: float | None = None
    scale: str = "0"
    has_legend: bool = False
    has_closing_row: bool = False


@dataclass(frozen=True)
class Sheet:
    """One table with a heading. `columns`: column of `rows` → how it is shown; `frozen`: so many first columns stay.

    `helpers` are columns that charts alone need; they stand hidden to the right. `closing`: the texts and values of a
    closing row (sums come by themselves); `sums_follow_filter`: they count what a filter leaves.
    """

    name: str
    title: str
    columns: Mapping[str, Column]
    rows: pd.DataFrame
    notes: Sequence[str] = ()
    frozen: int = 1
    closing: Mapping[str, Any] | None = None
    sums_follow_filter: bool = True
    helpers: Mapping[str, Column] = field(default_factory=dict)
    charts: Sequence[Chart] = ()
    paper: Literal["A4", "A3"] = "A4"
    print_to: str | None = (
        None  # the last column that prints; the ones after it would make the print too small to read
    )
    decimals: int | None = None  # of its scores and signed points; None: the scheme's
    is_steps: bool = False  # the first and the closing row are scores, those between them signed points
    is_form: bool = False  # the heading stands in the middle, as on a form
