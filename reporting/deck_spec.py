"""What a deck holds, as data: slides with a title, a conclusion and blocks; reporting/to_pptx.py draws it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Series:
    """One series of a chart. `colour` None: not drawn, the base that others stand on. `labels`: number format of its data
    labels, "" for none. `point_colours`: one per category where they differ."""

    name: str
    values: tuple[float | None, ...]
    colour: str | None
    labels: str = ""
    point_colours: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bars:
    """A native chart of horizontal bars, the first category on top; values as printed. `low` and `high` end the axis of
    values, None where the program that shows it may choose. `is_crowded`: parts stand side by side, so those that are too
    narrow for their number have none. `is_steps`: a row is one part on a base, whose number stands before it where it is
    too narrow."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    stacking: Literal["none", "stacked", "full"] = "none"
    low: float | None = 0.0
    high: float | None = None
    has_legend: bool = False
    is_crowded: bool = False
    is_steps: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell of a table; without colours it is plain."""

    text: str
    fill: str | None = None
    ink: str | None = None
    is_bold: bool = False


@dataclass(frozen=True)
class Column:
    """One column of a table: its head, its share of the width, and how its cells stand."""

    title: str
    weight: float
    align: Align = "left"


@dataclass(frozen=True)
class Table:
    """A native table; a cell's text may take up to `lines` lines, and is cut after them."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell | str, ...], ...]
    lines: int = 1


@dataclass(frozen=True)
class Card:
    """One large number with its title above and a note below."""

    title: str
    value: str
    unit: str = ""
    note: str = ""
    colour: str | None = None


@dataclass(frozen=True)
class Cards:
    """Large numbers in rows of so many."""

    cards: tuple[Card, ...]
    per_row: int


@dataclass(frozen=True)
class Tile:
    """One tile of a tile map, `column` from the west and `row` from the north."""

    column: int
    row: int
    name: str
    value: str
    note: str
    fill: str


@dataclass(frozen=True)
class TileMap:
    """Tiles in their rough places, and what their colours mean (colour, words) in the free corner `legend_at`."""

    tiles: tuple[Tile, ...]
    columns: int
    rows: int
    legend: tuple[tuple[str, str], ...]
    legend_at: tuple[float, float]


@dataclass(frozen=True)
class Lines:
    """Paragraphs of plain text; a small quiet one is a remark."""

    texts: tuple[str, ...]
    is_remark: bool = False


Block = Bars | Table | Cards | TileMap | Lines


@dataclass(frozen=True)
class Placed:
    """A block and where it stands, in shares of the area between the conclusion and the footer."""

    block: Block
    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0


@dataclass(frozen=True)
class Slide:
    """One slide: its title, one sentence that concludes, and its blocks."""

    title: str
    conclusion: str
    blocks: tuple[Placed, ...] = ()


@dataclass(frozen=True)
class Cover:
    """The first slide: whose and which year's, of what, the conclusion of the whole, and in lines of when the numbers are."""

    whose: str
    subject: str
    conclusion: str
    facts: tuple[str, ...]

    @property
    def title(self) -> str:
        """Both lines of the title as one."""
        return f"{self.whose}{self.subject}"


@dataclass(frozen=True)
class Deck:
    """A whole deck; `stamp` stands at the foot of every slide, `made` is written into the file's properties."""

    title: str
    stamp: str
    made: datetime
    slides: tuple[Slide | Cover, ...] = field(default=())
