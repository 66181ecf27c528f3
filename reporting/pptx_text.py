"""Text on slides: fitted to its room, in the theme's fonts, with line spacing that every program keeps to."""

from __future__ import annotations

from xml.sax.saxutils import escape

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.text.text import Font, TextFrame
from pptx.util import Emu, Pt

from reporting.deck_fit import EMU_PER_PT, LINE, fit_text
from reporting.deck_master import Box, Place

ALIGN = {"left": "l", "center": "ctr", "right": "r"}
ANCHOR = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM}
LEAST_SHARE = 0.6  # of its size, that text shrinks to before it is cut


def colour_of(code: str) -> RGBColor:
    """#rrggbb as python-pptx wants it."""
    return RGBColor.from_string(code[1:].upper())


def set_fonts(properties) -> None:
    """The theme's Latin and East Asian fonts on run properties, so that programs fall back within each script."""
    for tag, face in (("a:latin", "+mn-lt"), ("a:ea", "+mn-ea")):
        if properties.find(qn(tag)) is None:
            properties.append(parse_xml(f'<{tag} {nsdecls("a")} typeface="{face}"/>'))


def style_font(font: Font, *, size: float, colour: str | None = None, is_bold: bool | None = None) -> None:
    """Size, colour and weight of a run or of a chart's text."""
    font.size = Pt(size)
    if is_bold is not None:
        font.bold = is_bold
    if colour:
        font.color.rgb = colour_of(colour)
    set_fonts(font._rPr)


def set_plain_frame(frame: TextFrame) -> None:
    """Wraps, keeps its size whatever it holds, and has no margins."""
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0


def write_paragraph(
    frame: TextFrame,
    text: str,
    *,
    size: float,
    colour: str | None = None,
    is_bold: bool | None = None,
    align: str | None = None,
    is_first: bool = True,
    space_after: float = 0.0,
) -> None:
    """One paragraph of one run; the first replaces what the frame held."""
    body = frame._txBody
    if is_first:
        for old in body.findall(qn("a:p")):
            body.remove(old)
    body.append(
        parse_xml(
            paragraph_xml(
                text, size=size, colour=colour, is_bold=is_bold, align=align, space_after=space_after
            )
        )
    )


def paragraph_xml(
    text: str,
    *,
    size: float,
    colour: str | None = None,
    is_bold: bool | None = None,
    align: str | None = None,
    space_after: float = 0.0,
) -> str:
    """The paragraph as DrawingML: a deck has thousands, which python-pptx would put together piece by piece."""
    points = int(size * 100)
    bold = "" if is_bold is None else f' b="{int(is_bold)}"'
    side = f' algn="{ALIGN[align]}"' if align else ""
    fill = f'<a:solidFill><a:srgbClr val="{colour[1:].upper()}"/></a:solidFill>' if colour else ""
    run = (
        f'<a:r><a:rPr lang="zh-CN" sz="{points}"{bold}>{fill}<a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/></a:rPr>'
        f"<a:t>{escape(text)}</a:t></a:r>"
    )
    # without a run programs give the line a size of their own
    return (
        f'<a:p {nsdecls("a")}><a:pPr{side}><a:lnSpc><a:spcPts val="{int(size * LINE * 100)}"/></a:lnSpc>'
        f'<a:spcBef><a:spcPts val="0"/></a:spcBef><a:spcAft><a:spcPts val="{int(space_after * 100)}"/></a:spcAft></a:pPr>'
        f'{run if text else ""}<a:endParaRPr lang="zh-CN" sz="{points}"/></a:p>'
    )


def add_text(
    shapes,
    box: Box,
    text: str,
    *,
    size: float,
    colour: str | None = None,
    is_bold: bool = False,
    align: str = "left",
    anchor: str = "top",
    least: float | None = None,
) -> None:
    """A text box whose text is shrunk, wrapped and cut so that it stays within."""
    shape = shapes.add_textbox(*map(Emu, (box.left, box.top, box.width, box.height)))
    shape.name = "文字"
    fill_text(
        shape.text_frame, box, text, size=size, colour=colour, is_bold=is_bold, align=align, anchor=anchor, least=least
    )  # fmt: skip


def fill_text(
    frame: TextFrame,
    box: Box,
    text: str,
    *,
    size: float,
    colour: str | None = None,
    is_bold: bool = False,
    align: str = "left",
    anchor: str = "top",
    least: float | None = None,
) -> None:
    """The same in the frame of a shape that is there, which gets no margins."""
    set_plain_frame(frame)
    frame.vertical_anchor = ANCHOR[anchor]
    text, size = fit_text(
        text,
        width_pt=box.width / EMU_PER_PT,
        height=box.height / EMU_PER_PT,
        size=size,
        least=least or size * LEAST_SHARE,
    )
    write_paragraph(frame, text, size=size, colour=colour, is_bold=is_bold, align=align)


def add_placeholder(slide, place: Place, texts: list[str], *, is_number: bool = False) -> None:
    """One of the layout's placeholders on a slide, filled; its place, colour and alignment stay the layout's.

    Several texts are paragraphs that share the room. `is_number`: a field that counts the slides.
    """
    index = f' idx="{place.index}"' if place.index else ""
    tree = slide.shapes._spTree
    tree.append(
        parse_xml(
            f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{len(tree)}" name="{place.name}"/>'
            '<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
            f'<p:nvPr><p:ph type="{place.kind}"{index}/></p:nvPr></p:nvSpPr><p:spPr/>'
            "<p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody></p:sp>"
        )
    )
    frame = slide.shapes[-1].text_frame
    room = place.height_pt / len(texts)
    fitted = [
        fit_text(
            text,
            width_pt=place.width_pt,
            height=max(room, place.size * LINE),
            size=place.size,
            least=place.size * LEAST_SHARE,
        )
        for text in texts
    ]
    size = min([room / LINE, *(size for _, size in fitted)])
    for at, (text, _) in enumerate(fitted):
        write_paragraph(frame, text, size=size, is_first=not at)
    if is_number:
        run = frame.paragraphs[0]._p.find(qn("a:r"))
        run.tag = qn("a:fld")
        run.set("id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}")
        run.set("type", "slidenum")
