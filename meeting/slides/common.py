"""What the slides have in common: that they are drawn later, names of regions, values as they are printed, pages, highlighted rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data import queries
from data.regions import regions_by_code
from meeting.material import Material
from reporting.deck_spec import Bars, Cell, Cover, Lines, Placed, Slide, Table
from reporting.palette import LIGHT, text_on
from reporting.theme import is_missing

ROWS_PER_SLIDE = 21  # regions that can still be read from the back of a room
SHARE_FORMAT = "0.0%"
COUNT_FORMAT = "0;;"  # a part of nothing has no number
MOST_BARS = 20  # of the regions that stand out, where a slide does not show all
EDGES = 0.5, 0.53  # of the area under the conclusion, where a chart ends and its table begins
ABOVE_REMARK, REMARK_AT = 0.94, 0.95
LEFT, RIGHT = {"right": EDGES[0]}, {"left": EDGES[1]}  # where nothing stands below them
HEADROOM = 1.18  # of an axis, for the numbers beside the longest bar


@dataclass(frozen=True)
class Planned:
    """A slide that the deck will have: its title, and what draws it."""

    title: str
    draw: Callable[[], Slide | Cover]


def planned(title: str, tell: Callable[[], tuple[str, tuple[Placed, ...]]]) -> Planned:
    """A slide whose conclusion and blocks `tell` gives when it is drawn."""
    return Planned(title, lambda: Slide(title, *tell()))


def region_names(material: Material, rows: pd.DataFrame) -> list[str]:
    """Names of compared regions, told apart."""
    return list(material.told_apart(rows, between=" ")["name"])


def still_open(material: Material, sentence: str) -> str:
    """The sentence with its full stop; before the deadline it says that the numbers still move."""
    return f"{sentence}；截止前仍会变动。" if material.is_before_deadline else f"{sentence}。"


@dataclass(frozen=True)
class Peers:
    """The ranks of the level's regions that the reader sees, and whether these are all of the province: ranks count there,
    but an evaluator of one prefecture does not see the counties of the others."""

    ranks: pd.Series
    is_whole: bool

    def place(self, rank: Any) -> dict[str, Any]:
        """How many regions are ranked (None where the reader does not see all) and how many have this rank."""
        return {
            "ranked": len(self.ranks) if self.is_whole else None,
            "tied": int((self.ranks == rank).sum()),
        }


def peers_of(material: Material) -> Peers:
    """queries.region_scores of all regions of the level."""
    rows = material.ask(queries.region_scores, level=material.level)
    levels = ("county", "zone") if material.level == "county" else (material.level,)
    every = sum(region.level in levels for region in regions_by_code().values())
    return Peers(rows["rank"].dropna(), len(rows) == every)


def pages(rows: pd.DataFrame, size: int = ROWS_PER_SLIDE) -> Iterator[tuple[pd.DataFrame, str]]:
    """The rows in as few pages as needed, all about as long, each with what its title ends with: （1/6）."""
    count = max(-(-len(rows) // size), 1)
    each = -(-len(rows) // count)
    for at in range(count):
        mark = f"（{at + 1}/{count}）" if count > 1 else ""
        yield rows.iloc[at * each : (at + 1) * each], mark


def beside(
    chart: Bars, table: Table, *, remark: str = "", edges: tuple[float, float] = EDGES, top: float = 0.0
) -> tuple[Placed, ...]:
    """A chart and its table from `top` down, with a small remark below them; `edges`: where the one ends and the other
    begins."""
    ends, begins = edges
    blocks = (
        Placed(chart, right=ends, top=top, bottom=ABOVE_REMARK),
        Placed(table, left=begins, top=top, bottom=ABOVE_REMARK),
    )
    return (*blocks, Placed(Lines((remark,), is_remark=True), top=REMARK_AT)) if remark else blocks


def as_printed(value: Any, decimals: int) -> float | None:
    """A number as `reporting.theme.number` prints it, for a chart's workbook."""
    return None if is_missing(value) else float(f"{value:.{decimals}f}")


def share_as_printed(value: Any, decimals: int = 1) -> float | None:
    """0–1 as `reporting.theme.percent` prints it, for a chart's workbook."""
    return None if is_missing(value) else round(float(f"{value:.{decimals}%}"[:-1]) / 100, decimals + 2)


def points_format(decimals: int) -> str:
    """The number format of scores."""
    return "0." + "0" * decimals if decimals else "0"


def signed_format(decimals: int) -> str:
    """The number format of points given and taken, with a true minus sign."""
    plain = points_format(decimals)
    return f'"+"{plain};"−"{plain};{plain}'


def grade_cell(grade: Any, name: Any) -> Cell:
    """A grade on its colour, or a dash."""
    if is_missing(name):
        return Cell("—", ink=LIGHT.muted)
    colour = LIGHT.grade(grade)
    return Cell(str(name), fill=colour, ink=text_on(colour), is_bold=True)


def name_cell(name: str, *, is_chosen: bool) -> Cell:
    """A region's name; the one that the deck is about stands out among its siblings."""
    return Cell(name, fill=LIGHT.tint if is_chosen else None, is_bold=is_chosen)


def headroom(values: Sequence[float | None]) -> float | None:
    """Where an axis of bars ends so that their numbers fit beside them."""
    known = [value for value in values if value is not None]
    return max(known) * HEADROOM if known and max(known) > 0 else 1.0


def signed_axis(values: Sequence[float | None]) -> tuple[float, float]:
    """Both ends of an axis of bars that go either way."""
    known = [0.0, *(value for value in values if value is not None)]
    low, high = min(known), max(known)
    room = 0.2 * (high - low or 1.0)
    return (low - room if low < 0 else 0.0), high + room
