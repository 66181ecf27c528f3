"""Draws the shipped master of the deck: `python -m reporting.deck_template` writes it anew, always the same bytes.

An office may put its own in its place (reporting/deck_master.py says what it must have).
"""

from __future__ import annotations

import io
import re
from datetime import datetime

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.util import Emu, Inches

from reporting.deck_master import CONCLUSION, CONTENT, COVER, DECK, FACTS, FOOTER, NUMBER, TITLE, leave_out
from reporting.deck_package import repack
from reporting.office_template import SHIPPED
from reporting.palette import LIGHT

LATIN, EAST_ASIAN = (
    "Arial",
    "微软雅黑",
)  # every system has the first or its metrics, so digits stand in columns
WIDTH, HEIGHT = 13.333, 7.5  # inches
MADE = datetime(2026, 1, 1)  # of the file's properties: the same program writes the same file
NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
THEME_COLOURS = {
    "dk1": LIGHT.ink,
    "lt1": LIGHT.paper,
    "dk2": LIGHT.accent,
    "lt2": LIGHT.tint,
    "accent1": LIGHT.accent,
    "accent2": LIGHT.gain,
    "accent3": LIGHT.grades["pass"],
    "accent4": LIGHT.loss,
    "accent5": LIGHT.grades["fail"],
    "accent6": LIGHT.quiet,
    "hlink": LIGHT.accent,
    "folHlink": LIGHT.muted,
}


def build() -> bytes:
    """The template as a file without slides, with the layouts 封面 and 内容."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(12192000), Inches(HEIGHT)  # what PowerPoint calls wide
    deck.element.xpath("./p:sldSz")[0].attrib.pop("type")  # of the 4:3 that python-pptx begins with
    leave_out(deck.part.package, RT.EXTENDED_PROPERTIES, RT.THUMBNAIL)
    leave_out(deck.part, RT.PRINTER_SETTINGS)
    master = deck.slide_master
    for layout in list(deck.slide_layouts)[2:]:
        deck.slide_layouts.remove(layout)
    _set_theme(master.part.part_related_by(RT.THEME))
    _set_shapes(master, _master_shapes())
    cover, content = deck.slide_layouts
    cover.name, content.name = COVER, CONTENT
    _set_shapes(cover, _cover_shapes())
    _set_shapes(content, _content_shapes())
    properties = deck.core_properties
    properties.title, properties.author, properties.last_modified_by = DECK.removesuffix(".pptx"), "", ""
    properties.created = properties.modified = MADE
    stream = io.BytesIO()
    deck.save(stream)
    return repack(stream.getvalue())


def _set_theme(part) -> None:
    """Fonts and colours of the theme, so that what an office adds by hand matches."""
    text = part.blob.decode("utf-8")
    for name, colour in THEME_COLOURS.items():
        text = re.sub(
            rf"<a:{name}>.*?</a:{name}>", f'<a:{name}><a:srgbClr val="{colour[1:]}"/></a:{name}>', text
        )
    for kind in ("majorFont", "minorFont"):
        fonts = f'<a:latin typeface="{LATIN}"/><a:ea typeface="{EAST_ASIAN}"/><a:cs typeface=""/>'
        fonts += f'<a:font script="Hans" typeface="{EAST_ASIAN}"/>'
        text = re.sub(rf"<a:{kind}>.*?</a:{kind}>", f"<a:{kind}>{fonts}</a:{kind}>", text, flags=re.DOTALL)
    part._blob = text.encode("utf-8")


def _set_shapes(holder, shapes: list[str]) -> None:
    tree = holder.shapes._spTree
    for shape in list(tree)[2:]:  # the first two describe the group itself
        tree.remove(shape)
    for at, shape in enumerate(shapes, start=2):
        tree.append(parse_xml(shape.replace("<p:sp>", f"<p:sp {NAMESPACES}>", 1).replace("ID", str(at), 1)))


def _master_shapes() -> list[str]:
    return [
        _placeholder(TITLE, 'type="title"', (0.75, 0.32, 11.85, 0.72), 28, bold=True),
        _placeholder(CONCLUSION, 'type="body" idx="1"', (0.75, 1.04, 11.85, 0.66), 18),
        _placeholder(FOOTER, 'type="ftr" idx="3" sz="quarter"', (0.75, 7.03, 10.7, 0.32), 11),
        _placeholder(NUMBER, 'type="sldNum" idx="4" sz="quarter"', (11.6, 7.03, 1.0, 0.32), 11),
    ]


def _content_shapes() -> list[str]:
    return [
        _rectangle("标识", (0.5, 0.42, 0.09, 0.52), LIGHT.accent),
        _rectangle("页脚线", (0.75, 7.0, 11.85, 0.012), LIGHT.line),
        _placeholder(TITLE, 'type="title"', (0.75, 0.32, 11.85, 0.72), 28, bold=True),
        _placeholder(
            CONCLUSION, 'type="body" idx="1"', (0.75, 1.04, 11.85, 0.66), 18, colour=LIGHT.accent
        ),
        _placeholder(
            FOOTER, 'type="ftr" idx="11" sz="quarter"', (0.75, 7.03, 10.7, 0.32), 11, colour=LIGHT.muted
        ),
        _placeholder(
            NUMBER, 'type="sldNum" idx="12" sz="quarter"', (11.6, 7.03, 1.0, 0.32), 11, colour=LIGHT.muted, align="r"
        ),
    ]  # fmt: skip


def _cover_shapes() -> list[str]:
    return [
        _rectangle("底色", (0, 0, WIDTH, 4.75), LIGHT.accent),
        _placeholder(
            TITLE, 'type="ctrTitle"', (0.9, 1.0, 11.5, 1.9), 42, bold=True, colour=LIGHT.paper, anchor="b"
        ),
        _placeholder(
            CONCLUSION, 'type="subTitle" idx="1"', (0.9, 3.1, 11.5, 1.2), 24, colour=LIGHT.paper, anchor="t"
        ),
        _placeholder(FACTS, 'type="body" idx="13"', (0.9, 5.0, 11.5, 2.0), 18, colour=LIGHT.ink, anchor="t"),
    ]


def _placeholder(
    name: str,
    kind: str,
    box: tuple[float, float, float, float],
    size: int,
    *,
    bold: bool = False,
    colour: str = LIGHT.ink,
    align: str = "l",
    anchor: str = "ctr",
) -> str:
    return f"""<p:sp><p:nvSpPr><p:cNvPr id="ID" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>
<p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr><p:spPr>{_place(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>
<p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}" vert="horz"><a:normAutofit/></a:bodyPr>
<a:lstStyle><a:lvl1pPr marL="0" indent="0" algn="{align}"><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>
<a:defRPr sz="{size * 100}" b="{int(bold)}" lang="zh-CN"><a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill>
<a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/></a:defRPr></a:lvl1pPr></a:lstStyle>
<a:p><a:r><a:rPr lang="zh-CN"/><a:t>{name}</a:t></a:r></a:p></p:txBody></p:sp>"""


def _rectangle(name: str, box: tuple[float, float, float, float], colour: str) -> str:
    return f"""<p:sp><p:nvSpPr><p:cNvPr id="ID" name="{name}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>
<p:spPr>{_place(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill>
<a:ln><a:noFill/></a:ln></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="zh-CN"/></a:p></p:txBody></p:sp>"""


def _place(box: tuple[float, float, float, float]) -> str:
    left, top, width, height = (int(Inches(part)) for part in box)
    return f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'


if __name__ == "__main__":
    (SHIPPED / DECK).write_bytes(build())
