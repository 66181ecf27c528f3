"""Reads a deck back: what stands on its slides, the numbers of its charts, and how much room its texts would take.

The extents are estimated here anew, character by character, not with the writer's own arithmetic.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile

import openpyxl
from pptx import Presentation

EMU_PER_PT = 12700


def read_deck(blob: bytes):
    return Presentation(io.BytesIO(blob))


def named(slide, name: str) -> str:
    """The text of the placeholder with a name; its paragraphs as one."""
    texts = [shape.text_frame.text for shape in slide.placeholders if shape.name == name]
    assert len(texts) == 1, (name, texts)
    return texts[0].replace("\n", "")


def titles(deck) -> list[str]:
    return [named(slide, "标题") for slide in deck.slides]


def slide_called(deck, title: str):
    return next(slide for slide in deck.slides if named(slide, "标题") == title)


def tables(slide) -> list[list[list[str]]]:
    return [
        [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
        for shape in slide.shapes
        if shape.has_table
    ]


def charts(slide) -> list:
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def chart_values(chart) -> dict[str, dict[str, float | None]]:
    """Series → category → value, as the program that opens the file first shows them."""
    plot = chart.plots[0]
    names = list(plot.categories)
    assert len(set(names)) == len(names)
    return {series.name: dict(zip(names, series.values, strict=True)) for series in plot.series}


def workbook_values(chart) -> dict[str, dict[str, float | None]]:
    """The same from the embedded workbook, as it is edited; and nothing in it is a formula or a link."""
    book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    sheet = book["Sheet1"]
    assert not any(cell.data_type == "f" or cell.hyperlink for row in sheet.iter_rows() for cell in row)
    heads = [cell.value for cell in sheet[1]][1:]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    return {head: {row[0]: row[at] for row in rows} for at, head in enumerate(heads, start=1)}


def texts(slide) -> str:
    """Every text of a slide outside its charts."""
    parts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    parts += [text for table in tables(slide) for row in table for text in row]
    return "\n".join(parts)


def width_em(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(each) in "WFA" else 0.55 for each in text)


def lines_needed(text: str, *, width_pt: float, size: float) -> int:
    """Lines that the text takes at least, when every line is filled to its end."""
    lines, used = 1, 0.0
    for each in text:
        wide = width_em(each) * size
        if used + wide > width_pt + 0.01:
            lines, used = lines + 1, 0.0
        used += wide
    return lines


def frame_height(frame, *, width_pt: float) -> float:
    """Points that the paragraphs of a frame take, by the sizes and line spacings written in the file."""
    height = 0.0
    for paragraph in frame.paragraphs:
        spacing = paragraph.line_spacing
        assert spacing is not None and hasattr(spacing, "pt"), "a line without a fixed height"
        sizes = [run.font.size.pt for run in paragraph.runs]
        if paragraph._p.xpath("./a:fld"):
            sizes = [size / 100 for size in map(int, paragraph._p.xpath("./a:fld/a:rPr/@sz"))]
        size = max(sizes, default=1.0)
        height += lines_needed(paragraph.text, width_pt=width_pt, size=size) * spacing.pt
        height += paragraph.space_after.pt if paragraph.space_after else 0.0
    return height


def overflows(deck) -> list[str]:
    """What does not fit: texts beyond their shapes, rows lower than their texts, shapes beyond the slide or its footer."""
    found = []
    for number, slide in enumerate(deck.slides, start=1):
        footers = [shape.top for shape in slide.placeholders if shape.name == "页脚"]
        floor = footers[0] if footers else deck.slide_height
        for shape in slide.shapes:
            where = f"{number} {shape.name}"
            is_foot = shape.name in ("页脚", "页码")
            bottom = shape.top + shape.height
            if shape.left < 0 or shape.left + shape.width > deck.slide_width:
                found.append(f"{where}: beside the slide")
            if bottom > (deck.slide_height if is_foot else floor):
                found.append(f"{where}: below the footer")
            if shape.has_text_frame:
                found += _overflow(shape, where)
            if shape.has_table:
                found += _tight_rows(shape, where)
    return found


def _overflow(shape, where: str) -> list[str]:
    frame = shape.text_frame
    room = (shape.width - frame.margin_left - frame.margin_right) / EMU_PER_PT
    height = (shape.height - frame.margin_top - frame.margin_bottom) / EMU_PER_PT
    if shape.is_placeholder:  # whose margins are the layout's
        room, height = shape.width / EMU_PER_PT, shape.height / EMU_PER_PT
    if not frame.text:
        return []
    needed = frame_height(frame, width_pt=room)
    return [f"{where}: {needed:.0f} > {height:.0f} pt: {frame.text[:20]}"] if needed > height + 0.1 else []


def _tight_rows(shape, where: str) -> list[str]:
    found = []
    table = shape.table
    if sum(row.height for row in table.rows) > shape.height + len(table.rows):
        found.append(f"{where}: rows higher than the table")
    for row in table.rows:
        for cell, column in zip(row.cells, table.columns, strict=True):
            room = (column.width - cell.margin_left - cell.margin_right) / EMU_PER_PT
            height = (row.height - cell.margin_top - cell.margin_bottom) / EMU_PER_PT
            if frame_height(cell.text_frame, width_pt=room) > height + 0.1:
                found.append(f"{where}: {cell.text_frame.text[:20]}")
    return found


def parts_of(blob: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(blob)) as packed:
        assert packed.testzip() is None
        return packed.namelist()
