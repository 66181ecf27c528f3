"""通报: the circular on a year's assessment as a docx in the layout of official papers, every number the screens' own."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from meeting import bulletin_course as course
from meeting import bulletin_sections as sections
from meeting.bulletin_sections import MOST_IN_TEXT, Section
from meeting.kinds import Kind
from meeting.material import Material, Progress
from reporting.bulletin import BULLETIN, write_bulletin
from reporting.notices import OFFICE, REGULATION, chinese_day
from reporting.theme import DEMO_MARK
from scoring.scheme import chinese_number

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NUMBER = "〔　　〕　号"  # the office gives it when the paper is signed
# Part → its sections in the template, by the name that they have there; the order is the paper's.
PARTS: dict[str, tuple[str, dict[str, Callable[[Material], Section]]]] = {
    "overall": ("总体情况", {"总体": sections.overall}),
    "ranking": ("地区名次（截止前为填报进展）", {"排名": sections.ranking, "进度": sections.progress}),
    "moves": ("与上年相比的升降", {"升降": sections.moves}),
    "gaps": ("主要差距", {"差距": sections.gaps}),
    "self": ("自评与核定", {"自评": sections.self_assessment}),
    "findings": ("认定事项", {"认定": course.findings}),
    "rectification": ("整改情况", {"整改": course.rectification}),
    "demands": ("下一步要求", {"要求": course.demands}),
}


def build(
    material: Material, *, parts: Collection[str], home: Path, progress: Progress | None = None
) -> bytes:
    """The 通报 as docx, by the office's own template where it has one. Raises TemplateFault."""
    return write_bulletin(context_of(material, parts, progress=progress), home=home)


def outline(material: Material, parts: Collection[str]) -> list[str]:
    """One line per section with its parts and table, then the attachments."""
    context = context_of(material, parts)
    lines = []
    for name in _section_names():
        if made := context[name]:
            inside = [part["标题"] for part in made["小节"] if part["标题"]]
            inside += [item["要点"].rstrip("。") for item in made.get("项", [])]
            if made["行"]:
                inside.append(f"表{made['表号']} {made['表题']}（{len(made['行'])} 行）")
            lines.append(f"{made['序号']}、{made['标题']}" + (f"：{'；'.join(inside)}" if inside else ""))
    if table := context["附表"]:
        lines.append(f"{table['附件号']}：{table['表题']}（{len(table['名次'] or table['进度'])} 行）")
    return [*lines, f"{context['方法']['附件号']}：{context['方法']['标题']}"]


def context_of(
    material: Material, parts: Collection[str], *, progress: Progress | None = None
) -> dict[str, Any]:
    """What the template is filled with (reporting/bulletin.py): chosen sections, numbered in their order."""
    context: dict[str, Any] = {name: {} for name in _section_names()}
    chosen = [part for part in PARTS if part in parts]
    for done, part in enumerate(chosen, start=1):
        for name, made in PARTS[part][1].items():
            context[name] = made(material)
        if progress:
            progress(done, len(chosen))
    method = course.method(material)
    attached = _attach(context)
    _number(context)
    titles = [each["表题"] for each in attached] + [method["标题"]]
    for at, each in enumerate([*attached, method], start=1):
        each["附件号"] = f"附件{at if len(titles) > 1 else ''}"
    return {
        **context,
        "演示": DEMO_MARK if material.is_demo else "",
        "文号": NUMBER,
        "标题": _title(material),
        "主送": _addressee(material),
        "导语": [_opening(material)],
        "附件": _attachment_lines(titles),
        "机关": f"{material.full_name}{OFFICE}",
        "日期": chinese_day(material.today),
        "附表": attached[0] if attached else {},
        "方法": method,
        "来源": material.stamp,
    }


def _attach(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The ranking or progress that is too long for the text, taken out of it."""
    for name, rows in (("排名", "名次"), ("进度", "进度")):
        made = context[name]
        if made and len(made["行"]) > MOST_IN_TEXT:
            moved = {"表题": made["表题"], "责任制名称": made.get("责任制名称", ""), "名次": [], "进度": []}
            moved[rows] = made["行"]
            made["行"] = []
            made["小节"][0]["段落"][0] += "全部地区见附件1。"
            return [moved]
    return []


def _number(context: dict[str, Any]) -> None:
    """Sections 一、二、…, their parts （一）（二）…, tables 1, 2, …, which the text refers to."""
    shown = [context[name] for name in _section_names() if context[name]]
    tables = 0
    for at, made in enumerate(shown, start=1):
        made["序号"] = chinese_number(at)
        for n, part in enumerate(made["小节"], start=1):
            part["序号"] = chinese_number(n)
        made["表号"] = ""
        if made["行"]:
            tables += 1
            made["表号"] = str(tables)
            made["小节"][made["表在"]]["段落"][0] += f"详见表{tables}。"


def _section_names() -> list[str]:
    return [name for _, made in PARTS.values() for name in made]


def _title(material: Material) -> str:
    """In lines that break between words, as no program would break them."""
    lines = [f"关于{material.full_name}{material.cycle}年度"]
    if material.is_before_deadline:
        lines += ["反间谍安全防范责任落实考核", "填报进展情况的通报"]
    else:
        lines += ["反间谍安全防范责任落实考核情况的通报"]
    return "\n".join(lines)


def _addressee(material: Material) -> str:
    if material.region is None:
        return f"各市（地）{OFFICE}"
    return f"各县（市、区）{OFFICE}" if material.parent == material.region else "各有关单位"


def _opening(material: Material) -> str:
    if made := material.publication:
        data = f"考核结果已作为第{made.number}号公布，本通报的数据以该次公布为准。"
    else:
        data = f"本通报的数据为截至{material.now:%Y}年{material.now.month}月{material.now.day}日{material.now:%H}时{material.now:%M}分的实时数据。"
    state = "正在进行" if material.is_before_deadline else "已经开展"
    return (
        f"根据{REGULATION}第十八条和《{material.scheme.title}》，{material.full_name}{material.cycle}年度"
        f"反间谍安全防范责任落实情况的考核{state}。{data}现将有关情况通报如下。"
    )


def _attachment_lines(titles: list[str]) -> list[str]:
    if len(titles) == 1:
        return [f"附件：{titles[0]}"]
    return [f"{'附件：' if at == 1 else '　　　'}{at}. {title}" for at, title in enumerate(titles, start=1)]


KIND = Kind(
    id="docx",
    title="通报",
    extension="docx",
    mime=MIME,
    about="按公文格式（GB/T 9704-2012）排版的考核情况通报，每个数字与页面一致；可换用本机关的模板。",
    parts={part: title for part, (title, _) in PARTS.items()},
    outline=outline,
    build=build,
    template=BULLETIN,
)
