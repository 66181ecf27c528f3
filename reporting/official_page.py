"""What templates of official papers share: the page of GB/T 9704-2012, its fonts and sizes, lines, tables and page numbers.

A4, margins 37/35/28/26 mm, body 仿宋 3号, 22 lines of 28 characters on a page. Used by the programs that draw the shipped
templates; an office changes the drawn file in Word or WPS, not this.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor, Twips
from docx.text.paragraph import Paragraph

TITLE_FONT, BODY_FONT, HEADING_FONT, SUBHEADING_FONT, NUMBER_FONT = (
    "方正小标宋简体",
    "仿宋_GB2312",
    "黑体",
    "楷体_GB2312",
    "宋体",
)
SECOND, THIRD, FOURTH, SMALL_FOURTH, FIFTH, SMALL_FIFTH = (
    Pt(22),
    Pt(16),
    Pt(14),
    Pt(12),
    Pt(10.5),
    Pt(9),
)  # 2号, 3号, 4号, 小四, 5号, 小五
LINES, CHARACTERS = 22, 28  # of a page, of a line
# The type area is 225 × 156 mm, 12,756 × 8,845 twips: so many for one of its lines, rounded down so that 22 stay on a page.
PITCH = Twips(579)
# 28 characters of 16 pt are 448 pt, the line has 442: so much less for each, in 1/4096 pt as w:docGrid counts, and in
# 1/20 pt as w:spacing does. The grid is what Word's and WPS's page setup shows; the spacing holds where no grid is known.
GRID_TIGHTER, TIGHTER = -860, -6
KEPT_STYLES = {
    "Normal",
    "Header",
    "Footer",
    "Table Grid",
    "Normal Table",
    "Default Paragraph Font",
    "No List",
}
SPARE_PARTS = ("stylesWithEffects", "thumbnail", "customXml")
MADE = datetime(2026, 1, 1)  # of the file's properties: the same program writes the same file
ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


class Column(NamedTuple):
    """A column of a table in a template: its heading, the placeholder in it, its width in mm."""

    heading: str
    text: str
    width: float
    align: str = "center"


def new_document(*, line: Pt, size: Pt = THIRD) -> Any:
    """An empty document on the official page, its body in 仿宋 with lines of one height."""
    document = Document()
    _slim(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    normal = document.styles["Normal"]
    normal.font.size = size
    set_font(normal.element.get_or_add_rPr(), BODY_FONT)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = line
    return document


def set_grid(document: Any) -> None:
    """22 lines of 28 characters a page, as Word and WPS keep them."""
    for found in document.sections[0]._sectPr.findall(qn("w:docGrid")):
        document.sections[0]._sectPr.remove(found)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(int(PITCH.twips)))
    grid.set(qn("w:charSpace"), str(GRID_TIGHTER))
    document.sections[0]._sectPr.append(grid)
    normal = document.styles["Normal"].element
    # Lines have their exact pitch and characters their spacing already; a program that snapped them too would do it twice.
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    normal.get_or_add_pPr().insert_element_before(snap, "w:spacing", "w:ind", "w:jc", "w:rPr")
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(TIGHTER))
    normal.get_or_add_rPr().insert_element_before(
        spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang"
    )


def set_properties(document: Any, *, title: str) -> None:
    """Title, and no author: who drew the template is nobody's matter."""
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "", title, ""
    properties.created = properties.modified = MADE


def _slim(document: Any) -> None:
    """Takes out what python-docx brings and no paper needs: a picture, themes of styles, nine tenths of the file."""
    for part in (document.part, document.part.package):
        for key in [key for key, rel in part.rels.items() if rel.reltype.endswith(SPARE_PARTS)]:
            del part.rels[key]
    styles = document.styles.element
    for style in list(styles.style_lst):
        if style.name_val.title() not in {name.title() for name in KEPT_STYLES}:
            styles.remove(style)


def add_line(
    place: Any,
    text: str,
    *,
    font: str = BODY_FONT,
    size: Pt = THIRD,
    align: str = "",
    indent: bool = False,
    bold: bool = False,
) -> Paragraph:
    """A paragraph in a document or cell; `indent` by two characters, `align` "" sets it from margin to margin."""
    paragraph = place.add_paragraph()
    add_run(paragraph, text, font=font, size=size, bold=bold)
    paragraph.alignment = ALIGN[align]
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(2 * size.pt)
    return paragraph


def add_demo_mark(document: Any, *, size: Pt) -> None:
    """The placeholder that says of a demo that it is one, in red; nothing where it is empty."""
    add_line(document, "{%p if 演示 %}")
    mark = add_line(document, "{{ 演示 }}", font=HEADING_FONT, size=size, align="center")
    mark.runs[0].font.color.rgb = RGBColor(0xC0, 0x00, 0x00)
    add_line(document, "{%p endif %}")


def add_texts(document: Any, several: str, *, one: str, size: Pt = THIRD) -> None:
    """A paragraph for every text of a list, `one` being its name in the loop."""
    add_line(document, f"{{%p for {one} in {several} %}}")
    add_line(document, f"{{{{ {one} }}}}", size=size, indent=True)
    add_line(document, "{%p endfor %}")


def add_run(
    paragraph: Paragraph, text: str, *, font: str = BODY_FONT, size: Pt = THIRD, bold: bool = False
) -> Any:
    """Text in a font of its own at the end of a paragraph."""
    run = paragraph.add_run(text)
    run.font.size = size
    if bold:
        run.bold = True
    set_font(run._element.get_or_add_rPr(), font)
    return run


def set_font(properties: Any, name: str) -> None:
    """One font for every script of a run or style."""
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)


def add_page_number(paragraph: Paragraph, *, align: str = "center") -> None:
    """— 1 —, 4号; at the side one character away from the margin."""
    paragraph.alignment = ALIGN[align]
    for kind, text in (("text", "— "), ("begin", ""), ("code", "PAGE"), ("end", ""), ("text", " —")):
        run = paragraph.add_run(text if kind == "text" else "")
        run.font.size = FOURTH
        set_font(run._element.get_or_add_rPr(), NUMBER_FONT)
        if kind == "code":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._element.append(code)
        elif kind != "text":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._element.append(mark)


def add_table(
    document: Any,
    columns: Sequence[Column],
    *,
    each: str,
    size: Pt = FIFTH,
    line: Pt | None = None,
    is_kept: bool = False,
) -> Any:
    """A table that a template repeats a row of: `each` is the loop, as `行 in 排名.行`. Its heading stands on every page and
    no row is split; a short one `is_kept` on one page."""
    table = document.add_table(rows=0, cols=len(columns), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    line = line or Pt(size.pt * 1.5)
    heading = _add_row(table, [column.heading for column in columns], columns, HEADING_FONT, size, line)
    repeated = OxmlElement("w:tblHeader")
    heading._tr.get_or_add_trPr().append(repeated)
    _add_row(table, [f"{{%tr for {each} %}}", *[""] * (len(columns) - 1)], columns, BODY_FONT, size, line)
    _add_row(table, [column.text for column in columns], columns, BODY_FONT, size, line)
    _add_row(table, ["{%tr endfor %}", *[""] * (len(columns) - 1)], columns, BODY_FONT, size, line)
    if is_kept:
        for row in table.rows:
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
    for column, grid in zip(columns, table._tbl.tblGrid.gridCol_lst, strict=True):
        grid.w = Mm(column.width)
    return table


def _add_row(
    table: Any, texts: Sequence[str], columns: Sequence[Column], font: str, size: Pt, line: Pt
) -> Any:
    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, text, column in zip(row.cells, texts, columns, strict=True):
        cell.width = Mm(column.width)
        cell.vertical_alignment = 1
        paragraph = cell.paragraphs[0]
        add_run(paragraph, text, font=font, size=size)
        paragraph.alignment = ALIGN["center" if font == HEADING_FONT else column.align]
        paragraph.paragraph_format.line_spacing = line
        snap = OxmlElement("w:snapToGrid")
        snap.set(qn("w:val"), "0")
        # Word wants a paragraph's properties in the order of its schema.
        paragraph._p.get_or_add_pPr().insert_element_before(snap, "w:spacing", "w:ind", "w:jc", "w:rPr")
    return row
