"""Writes a deck (reporting/deck_spec.py) as pptx on a master: native charts and tables, no picture, no notes."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from reporting.deck_fit import plain_line
from reporting.deck_master import (
    CONCLUSION,
    CONTENT,
    COVER,
    FACTS,
    FOOTER,
    NUMBER,
    TITLE,
    Box,
    Master,
    open_master,
)
from reporting.deck_package import repack
from reporting.deck_spec import Bars, Cards, Cover, Deck, Lines, Placed, Slide, Table, TileMap
from reporting.pptx_charts import add_bars
from reporting.pptx_shapes import add_cards, add_lines, add_tile_map
from reporting.pptx_tables import add_table
from reporting.pptx_text import add_placeholder

DRAW = {Bars: add_bars, Table: add_table, Cards: add_cards, TileMap: add_tile_map, Lines: add_lines}


def write_deck(deck: Deck, *, template: Path, progress: Callable[[int, int], None] | None = None) -> bytes:
    """The deck as a file; `progress` hears how many of how many slides are made. Raises TemplateFault."""
    master = open_master(template)
    for done, slide in enumerate(deck.slides, start=1):
        if isinstance(slide, Cover):
            _add_cover(master, slide)
        else:
            _add_slide(master, slide, stamp=deck.stamp, number=done)
        if progress:
            progress(done, len(deck.slides))
    properties = master.document.core_properties
    properties.title, properties.subject = deck.title, deck.stamp
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = deck.made
    stream = io.BytesIO()
    master.document.save(stream)
    return repack(stream.getvalue())


def _add_cover(master: Master, cover: Cover) -> None:
    drawn = _blank(master, COVER)
    places = master.places[COVER]
    add_placeholder(drawn, places[TITLE], [cover.whose, cover.subject])
    add_placeholder(drawn, places[CONCLUSION], [cover.conclusion])
    add_placeholder(drawn, places[FACTS], list(cover.facts))


def _add_slide(master: Master, slide: Slide, *, stamp: str, number: int) -> None:
    drawn = _blank(master, CONTENT)
    places = master.places[CONTENT]
    add_placeholder(drawn, places[TITLE], [slide.title])
    add_placeholder(drawn, places[CONCLUSION], [slide.conclusion])
    for placed in slide.blocks:
        DRAW[type(placed.block)](drawn.shapes, _box(master.body, placed), placed.block, scale=master.scale)
    for shape in drawn.shapes:
        if shape.has_chart or shape.has_table:  # for who hears the slide read aloud
            shape._element.xpath("./p:nvGraphicFramePr/p:cNvPr")[0].set(
                "descr", plain_line(f"{slide.title}：{slide.conclusion}")
            )
    add_placeholder(drawn, places[FOOTER], [stamp])
    add_placeholder(drawn, places[NUMBER], [str(number)], is_number=True)


def _blank(master: Master, name: str):
    """A slide of the layout without what python-pptx puts on it: not every placeholder, and not by the layout's names."""
    drawn = master.document.slides.add_slide(master.cover if name == COVER else master.content)
    for shape in list(drawn.shapes):
        shape._element.getparent().remove(shape._element)
    return drawn


def _box(body: Box, placed: Placed) -> Box:
    left, top = body.left + int(placed.left * body.width), body.top + int(placed.top * body.height)
    return Box(
        left,
        top,
        body.left + int(placed.right * body.width) - left,
        body.top + int(placed.bottom * body.height) - top,
    )
