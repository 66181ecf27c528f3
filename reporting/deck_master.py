"""Opens the master that a deck is drawn on, the shipped one or an office's own, and says what an office's lacks.

A master is a pptx file of 16:9 (of any size; what is drawn grows and shrinks with it) with two layouts, 封面 and 内容,
whose placeholders have the names below; names are given in PowerPoint or WPS under 视图—幻灯片母版, in the selection pane.
Slides that the file has are dropped.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from pptx import Presentation
from pptx.exc import PackageNotFoundError
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.presentation import Presentation as Document
from pptx.slide import SlideLayout

from reporting.deck_fit import EMU_PER_PT
from reporting.office_template import TemplateFault

DECK = "会议幻灯片.pptx"
COVER, CONTENT = "封面", "内容"
TITLE, CONCLUSION, FACTS, FOOTER, NUMBER = "标题", "结论", "说明", "页脚", "页码"
REQUIRED = {COVER: (TITLE, CONCLUSION, FACTS), CONTENT: (TITLE, CONCLUSION, FOOTER, NUMBER)}
DRAWN_WIDTH = 13.333 * 72  # points: the width that sizes of text are meant for
SHAPE, SHAPE_SLACK = 16 / 9, 0.02
LEAST_BODY = (
    0.65  # of the slide's height, between the conclusion and the footer: what the longest tables need
)
INSETS = {"lIns": 91440, "tIns": 45720, "rIns": 91440, "bIns": 45720}  # where the file says nothing
GAP = 0.013  # of the slide's height, above and below what is drawn
DEFAULT_SIZE = 18.0


@dataclass(frozen=True)
class Box:
    """A place on the slide, in EMU."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class Place:
    """A placeholder of a layout: what names it in the file, its place, the room for text inside and the text's size."""

    name: str
    kind: str
    index: str | None
    box: Box
    width_pt: float
    height_pt: float
    size: float


@dataclass(frozen=True)
class Master:
    """An opened master without slides. `scale`: of text sizes, 1 for a slide 13.333 inches wide."""

    document: Document
    cover: SlideLayout
    content: SlideLayout
    places: dict[str, dict[str, Place]]
    body: Box
    scale: float


def open_master(template: Path) -> Master:
    """The master in a file. Raises TemplateFault."""
    try:
        document = Presentation(str(template))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise TemplateFault(
            f"打不开模板 {template}：请用 PowerPoint 或 WPS 另存为 pptx，或删去它以使用自带的模板"
        ) from error
    width, height = document.slide_width or 0, document.slide_height or 1
    faults = []
    if abs(width / height - SHAPE) > SHAPE_SLACK:
        faults.append("幻灯片不是 16:9，请在“设计—幻灯片大小”中改为宽屏（16:9），大小不限")
    layouts = {layout.name: layout for layout in document.slide_layouts}
    for name, needed in REQUIRED.items():
        if name not in layouts:
            faults.append(f"没有名为“{name}”的版式")
            continue
        present = {shape.name for shape in layouts[name].placeholders}
        faults += [f"版式“{name}”缺少名为“{each}”的占位符" for each in needed if each not in present]
    _raise(template, faults)
    places = {name: _places(layouts[name], needed) for name, needed in REQUIRED.items()}
    body = _body(places[CONTENT], width, height)
    if body.height < LEAST_BODY * height:
        _raise(template, ["版式“内容”的“结论”与“页脚”之间放不下图表，请留出幻灯片高度的 65% 以上"])
    _drop_slides(document)
    leave_out(document.part.package, RT.EXTENDED_PROPERTIES, RT.THUMBNAIL)
    scale = width / EMU_PER_PT / DRAWN_WIDTH
    return Master(document, layouts[COVER], layouts[CONTENT], places, body, scale)


def leave_out(holder, *kinds: str) -> None:
    """Drops the relationships of these kinds from a part or package: what they lead to is not written."""
    relationships = holder._rels
    for key in [key for key, related in relationships.items() if related.reltype in kinds]:
        relationships.pop(key)


def _raise(template: Path, faults: list[str]) -> None:
    if faults:
        raise TemplateFault(
            f"模板 {template}：{'；'.join(faults)}。请对照自带的模板改正（视图—幻灯片母版），或删去它以使用自带的模板"
        )


def _places(layout: SlideLayout, names: tuple[str, ...]) -> dict[str, Place]:
    found = {}
    for shape in layout.placeholders:
        if shape.name in names:
            ph = shape._element.xpath("./p:nvSpPr/p:nvPr/p:ph")[0]
            box = Box(shape.left, shape.top, shape.width, shape.height)
            left, top, right, bottom = (_inset(shape, name) for name in INSETS)
            found[shape.name] = Place(
                name=shape.name,
                kind=ph.get("type", "obj"),
                index=ph.get("idx"),
                box=box,
                width_pt=(box.width - left - right) / EMU_PER_PT,
                height_pt=(box.height - top - bottom) / EMU_PER_PT,
                size=_size(shape, layout),
            )
    return found


def _inset(shape, name: str) -> int:
    return int(shape._element.xpath("./p:txBody/a:bodyPr")[0].get(name, INSETS[name]))


def _size(shape, layout: SlideLayout) -> float:
    """The size of the placeholder's text: its own, else the master's for the kind of text."""
    own = shape._element.xpath("./p:txBody/a:lstStyle/a:lvl1pPr/a:defRPr/@sz")
    style = "titleStyle" if "itle" in str(shape.placeholder_format.type).title() else "bodyStyle"
    master = layout.slide_master._element.xpath(f"./p:txStyles/p:{style}/a:lvl1pPr/a:defRPr/@sz")
    sizes = [*own, *master]
    return int(sizes[0]) / 100 if sizes else DEFAULT_SIZE


def _body(places: dict[str, Place], width: int, height: int) -> Box:
    """What lies between the conclusion and the footer, as wide as the title."""
    title, above, below = places[TITLE].box, places[CONCLUSION].box, places[FOOTER].box
    gap = int(GAP * height)
    top = above.top + above.height + gap
    return Box(title.left, top, min(title.width, width - title.left), below.top - gap - top)


def _drop_slides(document: Document) -> None:
    listed = document.slides._sldIdLst
    for slide in list(listed):
        document.part.drop_rel(slide.rId)
        listed.remove(slide)
    # what lists slides besides: sections and custom shows
    for tag in ("p:extLst", "p:custShowLst"):
        for element in document.element.xpath(f"./{tag}"):
            document.element.remove(element)
