"""Blocks made of shapes: large numbers, the tile map, paragraphs."""

from __future__ import annotations

from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml.ns import qn
from pptx.util import Emu

from reporting.deck_fit import EMU_PER_PT, LINE, cut_text, fit_text, height_pt, plain_line
from reporting.deck_master import Box
from reporting.deck_spec import Card, Cards, Lines, Tile, TileMap
from reporting.palette import LIGHT, text_on
from reporting.pptx_text import add_text, colour_of, set_plain_frame, write_paragraph

CARD_GAP, CARD_PAD = 0.025, 0.08  # shares of the block's, the card's width
TILE_GAP = 0.06  # of a tile
LEGEND_ROW_PT, LEGEND_PT = 26.0, 14.0
REMARK_PT, TEXT_PT, LEAST_PT = 12.0, 18.0, 11.0
BETWEEN = 0.5  # of the size, between paragraphs


def add_cards(shapes, box: Box, cards: Cards, *, scale: float) -> None:
    """Large numbers, row by row."""
    rows = -(-len(cards.cards) // cards.per_row)
    gap = int(CARD_GAP * box.width)
    width = (box.width - gap * (cards.per_row - 1)) // cards.per_row
    height = (box.height - gap * (rows - 1)) // rows
    for at, card in enumerate(cards.cards):
        row, column = divmod(at, cards.per_row)
        place = Box(box.left + column * (width + gap), box.top + row * (height + gap), width, height)
        _add_card(shapes, place, card, scale)


def _add_card(shapes, box: Box, card: Card, scale: float) -> None:
    _add_area(shapes, MSO_SHAPE.RECTANGLE, box, LIGHT.tint)
    _add_area(
        shapes, MSO_SHAPE.RECTANGLE, Box(box.left, box.top, int(box.width * 0.018), box.height), card.colour or LIGHT.quiet
    )  # fmt: skip
    pad = int(CARD_PAD * box.width)
    for text, top, bottom, size, colour, is_bold, anchor in (
        (card.title, 0.08, 0.28, 16, LIGHT.muted, False, "middle"),
        (f"{card.value} {card.unit}".strip(), 0.28, 0.68, 40, LIGHT.ink, True, "middle"),
        (card.note, 0.70, 0.95, 13, LIGHT.muted, False, "top"),
    ):
        if text:
            place = Box(
                box.left + pad,
                box.top + int(top * box.height),
                box.width - 2 * pad,
                int((bottom - top) * box.height),
            )
            add_text(
                shapes, place, text, size=size * scale, colour=colour, is_bold=is_bold, anchor=anchor, least=9 * scale
            )  # fmt: skip


def add_tile_map(shapes, box: Box, tiles: TileMap, *, scale: float) -> None:
    """Tiles as rounded rectangles, a little wider than high, centred in their place."""
    height = box.height / tiles.rows
    width = min(box.width / tiles.columns, height * 1.75)
    left = box.left + (box.width - width * tiles.columns) / 2
    for tile in tiles.tiles:
        place = Box(
            int(left + tile.column * width),
            int(box.top + tile.row * height),
            int(width * (1 - TILE_GAP)),
            int(height * (1 - TILE_GAP)),
        )
        _add_tile(shapes, place, tile, scale)
    at = Box(int(left + tiles.legend_at[0] * width), int(box.top + tiles.legend_at[1] * height), 0, 0)
    for row, (colour, words) in enumerate(tiles.legend):
        top = at.top + int(row * LEGEND_ROW_PT * scale * EMU_PER_PT)
        side = int(LEGEND_PT * scale * EMU_PER_PT)
        if colour:
            _add_area(shapes, MSO_SHAPE.RECTANGLE, Box(at.left, top, side, side), colour)
        indent = int(1.6 * side) if colour else 0
        room = int(left + width * tiles.columns) - at.left - indent
        add_text(
            shapes, Box(at.left + indent, top, room, int(side * LINE)), words, size=LEGEND_PT * scale, colour=LIGHT.muted
        )  # fmt: skip


def _add_tile(shapes, box: Box, tile: Tile, scale: float) -> None:
    shape = _add_area(shapes, MSO_SHAPE.ROUNDED_RECTANGLE, box, tile.fill)
    shape.adjustments[0] = 0.06
    shape.name = "方块"
    ink = text_on(tile.fill)
    frame = shape.text_frame
    set_plain_frame(frame)
    room = box.width / EMU_PER_PT
    for at, (text, size, is_bold) in enumerate(
        ((tile.name, 16, False), (tile.value, 26, True), (tile.note, 13, False))
    ):
        text, fitted = fit_text(
            text, width_pt=room, height=size * scale * LINE, size=size * scale, least=9 * scale
        )
        write_paragraph(
            frame, text, size=fitted, colour=ink, is_bold=is_bold, align="center", is_first=not at
        )


def add_lines(shapes, box: Box, lines: Lines, *, scale: float) -> None:
    """Paragraphs, shrunk until all of them fit; what still does not is cut, and what has no line is left out."""
    texts = [plain_line(text) for text in lines.texts]
    size = (REMARK_PT if lines.is_remark else TEXT_PT) * scale
    least = min(LEAST_PT * scale, size)
    width, height = box.width / EMU_PER_PT, box.height / EMU_PER_PT
    while size > least and _paragraphs_pt(texts, width, size) > height:
        size = max(size - scale, least)
    shape = shapes.add_textbox(*map(Emu, (box.left, box.top, box.width, box.height)))
    shape.name = "文字"
    frame = shape.text_frame
    set_plain_frame(frame)
    if _paragraphs_pt(texts, width, size) > height:
        texts = texts[: max(int(height / (size * (LINE + BETWEEN))), 1)]
        most = max(int((height / len(texts) - size * BETWEEN) / (size * LINE)), 1)
        texts = [cut_text(text, width_pt=width, size=size, lines=most) for text in texts]
    for at, text in enumerate(texts):
        write_paragraph(
            frame,
            text,
            size=size,
            colour=LIGHT.muted if lines.is_remark else LIGHT.ink,
            is_first=not at,
            space_after=0.0 if lines.is_remark else round(size * BETWEEN, 2),
        )


def _paragraphs_pt(texts: list[str], width: float, size: float) -> float:
    return sum(height_pt(text, width_pt=width, size=size) + size * BETWEEN for text in texts)


def _add_area(shapes, kind, box: Box, colour: str):
    shape = shapes.add_shape(kind, *map(Emu, (box.left, box.top, box.width, box.height)))
    shape.name = "色块"
    shape._element.remove(shape._element.find(qn("p:style")))  # of a theme: shadows and outlines
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour_of(colour)
    shape.line.fill.background()
    return shape
