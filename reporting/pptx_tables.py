"""Native tables: rows whose heights are planned, so that a table ends above the footer in every program."""

from __future__ import annotations

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Emu

from reporting.deck_fit import EMU_PER_PT, LINE, count_lines, cut_text, plain_line
from reporting.deck_master import Box
from reporting.deck_spec import Cell, Table
from reporting.palette import LIGHT
from reporting.pptx_text import paragraph_xml

LARGEST, SMALLEST, STEP = 14.0, 9.0, 0.5  # points
SIDE_PT, ROOM_PT = 4.0, 2.0  # left and right, above and below the text of a cell
AIRY = 1.9  # of the text's height, that a row of one line may take where there is room
PLAIN_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid


def add_table(shapes, box: Box, table: Table, *, scale: float) -> None:
    """The table from the top of its place. Raises ValueError where it has more rows than the place holds at the smallest
    size: whoever makes the slides splits them."""
    rows = [[_cell(value) for value in row] for row in table.rows]
    heads = [Cell(column.title, fill=LIGHT.tint, ink=LIGHT.muted, is_bold=True) for column in table.columns]
    rows = [heads, *rows]
    whole = sum(column.weight for column in table.columns)
    widths = [int(box.width * column.weight / whole) for column in table.columns]
    size, lines = _plan(rows, widths, box.height / EMU_PER_PT, table.lines, scale)
    heights = _heights(lines, size, box.height / EMU_PER_PT, scale)
    frame = shapes.add_table(
        len(rows), len(widths), *map(Emu, (box.left, box.top, sum(widths), int(sum(heights) * EMU_PER_PT)))
    )
    frame.name = "表格"
    drawn = frame.table
    _set_plain(frame)
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = Emu(width)
    for at, (row, cells) in enumerate(zip(drawn.rows, rows, strict=True)):
        row.height = Emu(int(heights[at] * EMU_PER_PT))
        for target, cell, width, column in zip(list(row.cells), cells, widths, table.columns, strict=True):
            _write(target, cell, width=width, size=size, lines=lines[at], align=column.align, scale=scale)


def _cell(value: Cell | str) -> Cell:
    cell = value if isinstance(value, Cell) else Cell(value)
    return Cell(plain_line(cell.text), cell.fill, cell.ink, cell.is_bold)


def _plan(rows, widths, height: float, most: int, scale: float) -> tuple[float, list[int]]:
    """The size of the text and the lines of each row: the largest size at which nothing is cut, else the largest at which
    the rows fit; only where the smallest does not do, fewer lines."""
    sizes = [scale * (LARGEST - STEP * at) for at in range(int((LARGEST - SMALLEST) / STEP) + 1)]
    fits = []
    for size in sizes:
        wanted = _lines(rows, widths, size, scale)
        lines = [min(count, most) for count in wanted]
        if sum(_heights_at_least(lines, size, scale)) <= height:
            fits.append((size, lines))
            if lines == wanted:
                return size, lines
    if fits:
        return fits[0]
    size = SMALLEST * scale
    for fewer in range(most - 1, 0, -1):
        lines = [min(count, fewer) for count in _lines(rows, widths, size, scale)]
        if sum(_heights_at_least(lines, size, scale)) <= height:
            return size, lines
    raise ValueError(f"{len(rows)} rows do not fit into {height:.0f} points")


def _lines(rows, widths, size: float, scale: float) -> list[int]:
    return [
        max(
            count_lines(cell.text, width_pt=_room(width, scale), size=size)
            for cell, width in zip(row, widths, strict=True)
        )
        for row in rows
    ]


def _room(width: int, scale: float) -> float:
    return width / EMU_PER_PT - 2 * SIDE_PT * scale


def _heights_at_least(lines: list[int], size: float, scale: float) -> list[float]:
    return [count * size * LINE + 2 * ROOM_PT * scale for count in lines]


def _heights(lines: list[int], size: float, height: float, scale: float) -> list[float]:
    """What room is left makes rows airier, up to a limit."""
    least = _heights_at_least(lines, size, scale)
    room = min((height - sum(least)) / len(least), (AIRY - 1) * size * LINE)
    return [each + max(room, 0.0) for each in least]


def _write(target, cell: Cell, *, width: int, size: float, lines: int, align: str, scale: float) -> None:
    text = cut_text(cell.text, width_pt=_room(width, scale), size=size, lines=lines)
    side, above = (int(points * scale * EMU_PER_PT) for points in (SIDE_PT, ROOM_PT))
    line, fill = LIGHT.line[1:].upper(), "<a:noFill/>"
    if cell.fill:
        fill = f'<a:solidFill><a:srgbClr val="{cell.fill[1:].upper()}"/></a:solidFill>'
    paragraph = paragraph_xml(
        text, size=size, colour=cell.ink or LIGHT.ink, is_bold=cell.is_bold, align=align
    )
    drawn = parse_xml(
        f"<a:tc {nsdecls('a')}><a:txBody><a:bodyPr/><a:lstStyle/>{paragraph}</a:txBody>"
        f'<a:tcPr marL="{side}" marR="{side}" marT="{above}" marB="{above}" anchor="ctr">'
        f'<a:lnB w="6350"><a:solidFill><a:srgbClr val="{line}"/></a:solidFill></a:lnB>{fill}</a:tcPr></a:tc>'
    )
    target._tc.getparent().replace(target._tc, drawn)


def _set_plain(frame) -> None:
    properties = frame._element.graphic.graphicData.tbl.tblPr
    for flag in list(properties.attrib):
        del properties.attrib[flag]
    properties.find(f"{{{properties.nsmap['a']}}}tableStyleId").text = PLAIN_STYLE
