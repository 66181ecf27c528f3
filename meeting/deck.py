"""会议幻灯片: a deck of native charts and tables, made of the parts that are chosen (meeting/slides, reporting/to_pptx.py)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from meeting.kinds import Kind
from meeting.material import Material, Progress
from meeting.slides.common import Planned
from meeting.slides.course import change, findings, tasks
from meeting.slides.each import each
from meeting.slides.losses import costliest, dimensions, heat, inflation, waterfall
from meeting.slides.method import method
from meeting.slides.spread import grades, submissions
from meeting.slides.standing import SUBJECT, cover, numbers, ranking, tiles
from reporting.deck_master import DECK
from reporting.deck_spec import Cover, Deck, Slide
from reporting.office_template import template_of
from reporting.to_pptx import write_deck

Part = Callable[[Material], list[Planned]]
PARTS: dict[str, tuple[str, Part]] = {
    "cover": ("封面", cover),
    "numbers": ("年度数字", numbers),
    "ranking": ("地区排名", ranking),
    "tiles": ("市（地）方块图", tiles),
    "grades": ("等次分布", grades),
    "submissions": ("提交与时限", submissions),
    "dimensions": ("各维度得分率", dimensions),
    "heat": ("地区与维度对照表", heat),
    "costliest": ("失分最多的指标", costliest),
    "waterfall": ("从满分到得分", waterfall),
    "inflation": ("自评与核定", inflation),
    "change": ("与上年相比", change),
    "tasks": ("整改督办", tasks),
    "findings": ("扣分、否决与加分", findings),
    "each": ("各地区单页", each),
    "method": ("数据与方法", method),
}


def slides_of(material: Material, parts: Collection[str]) -> list[Slide | Cover]:
    """The slides of the chosen parts in the deck's order; a part with nothing to show has none."""
    return [slide.draw() for slide in _planned(material, parts)]


def _planned(material: Material, parts: Collection[str]) -> Iterator[Planned]:
    for id, (_, part) in PARTS.items():
        if id in parts:
            yield from part(material)


def outline(material: Material, parts: Collection[str]) -> list[str]:
    """The titles of the slides, in order."""
    return [slide.title for slide in _planned(material, parts)]


def build(
    material: Material, *, parts: Collection[str], home: Path, progress: Progress | None = None
) -> bytes:
    """The deck; `progress` hears of every slide. Raises TemplateFault where an office's own master cannot be used."""
    deck = Deck(
        title=f"{material.full_name}{material.cycle} 年度{SUBJECT}",
        stamp=material.stamp,
        made=material.as_of,
        slides=tuple(slides_of(material, parts)),
    )
    return write_deck(deck, template=template_of(home, DECK), progress=progress)


KIND = Kind(
    id="pptx",
    title="会议幻灯片",
    extension="pptx",
    mime="application/vnd.openxmlformats-officedocument.presentationml.presentation",
    about="16:9 幻灯片，图表和表格都可以在 PowerPoint、WPS 中修改",
    parts={id: title for id, (title, _) in PARTS.items()},
    outline=outline,
    build=build,
    on_demand=("each",),
    template=DECK,
)
