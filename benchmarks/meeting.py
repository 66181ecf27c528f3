"""Files for a meeting: a deck, a deck with a page for every county, result sheets of six hundred units.

Beside them: python-pptx and docxtpl used plainly on numbers that are at hand already, and zipping the finished parts.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from docxtpl import DocxTemplate
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from benchmarks.measure import FLOOR, OURS, PEER, Case, Contestant
from benchmarks.registers import copy_of
from benchmarks.templates import write_zip
from data.demo import build_demo_home
from data.store import Store
from meeting.export import KINDS, export
from meeting.material import gather

YEAR, NOW = 2026, datetime(2026, 11, 25, 12)
UNITS, PLAIN_SHEETS = 600, 20
BLANK = 6  # python-pptx's layout without placeholders


def prepare(folder: Path, *, kind: str, level: str | None) -> None:
    copy_of(_make, folder)
    _ours(folder, kind=kind, level=level)()


def _make(folder: Path) -> None:
    build_demo_home(folder / "home", units=UNITS, years=(YEAR,), seed=7)


def _anything(_action: str) -> bool:
    return True


def _ours(folder: Path, *, kind: str, level: str | None) -> Callable[[], object]:
    store = Store.open(folder / "home")
    parts = list(KINDS[kind].parts) if level == "county" else None

    def run() -> None:
        with gather(store, cycle=YEAR, level=level, now=NOW) as material:
            made = export(material, kind=kind, home=folder / "home", may=_anything, parts=parts)
        (folder / "made").write_bytes(made.content)

    return run


def _plain_deck(folder: Path, *, slides: int) -> Callable[[], object]:
    """As many slides with one native chart each, by python-pptx alone."""
    names = [f"示例地区{number}" for number in range(13)]

    def run() -> None:
        deck = Presentation()
        for number in range(slides):
            slide = deck.slides.add_slide(deck.slide_layouts[BLANK])
            data = CategoryChartData()
            data.categories = names
            data.add_series("得分", [60 + (number + at) % 40 for at in range(len(names))])
            slide.shapes.add_chart(
                XL_CHART_TYPE.BAR_CLUSTERED, Inches(1), Inches(1), Inches(8), Inches(5), data
            )
        deck.save(folder / "peer.pptx")

    return run


def _plain_sheets(folder: Path) -> Callable[[], object]:
    """docxtpl filling a finished sheet anew for each unit, a template that says nothing but itself."""
    with zipfile.ZipFile(folder / "made") as archive:
        sheet = archive.read(next(name for name in archive.namelist() if name.endswith(".docx")))

    def run() -> None:
        for _ in range(PLAIN_SHEETS):
            document = DocxTemplate(io.BytesIO(sheet))
            document.render({})
            document.save(folder / "peer.docx")

    return run


def _zipped(folder: Path) -> Callable[[], object]:
    with zipfile.ZipFile(folder / "made") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return lambda: write_zip(folder / "floor.zip", parts)


def _case(name: str, *, kind: str, level: str | None, items: int, item: str, peer: Contestant) -> Case:
    return Case(
        name=name,
        item=item,
        prepare=partial(prepare, kind=kind, level=level),
        contestants={
            OURS: Contestant(partial(_ours, kind=kind, level=level), items),
            PEER: peer,
            FLOOR: Contestant(_zipped, items),
        },
        runs=2,
    )


SLIDES, COUNTY_SLIDES = 20, 140
CASES = (
    _case(
        "deck", kind="pptx", level=None, items=1, item="deck",
        peer=Contestant(partial(_plain_deck, slides=SLIDES), 1),
    ),
    _case(
        "deck with a page for every county", kind="pptx", level="county", items=1, item="deck",
        peer=Contestant(partial(_plain_deck, slides=COUNTY_SLIDES), 1),
    ),
    _case(
        "result sheets", kind="feedback", level=None, items=UNITS, item="unit",
        peer=Contestant(_plain_sheets, PLAIN_SHEETS),
    ),
)  # fmt: skip
SMALL = ()
