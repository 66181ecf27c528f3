"""Draws the shipped template of 结果反馈单: `python -m reporting.feedback_template` writes it anew.

One or two pages A4 for one unit, with tables in 小五; fonts as in official papers. Placeholders: reporting/feedback.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Mm, Pt

from reporting.feedback import FEEDBACK
from reporting.office_template import SHIPPED
from reporting.official_page import (
    FIFTH,
    HEADING_FONT,
    SECOND,
    SMALL_FIFTH,
    SMALL_FOURTH,
    TITLE_FONT,
    Column,
    add_demo_mark,
    add_line,
    add_page_number,
    add_run,
    add_table,
    add_texts,
    new_document,
    set_properties,
)

HEAD = (
    ("单位", "{{ 单位 }}", "统一社会信用代码", "{{ 代码 }}"),
    ("所在地区", "{{ 地区 }}", "单位类别", "{{ 类别 }}"),
    ("职能标签", "{{ 标签 }}", "提交时间", "{{ 提交 }}"),
)
RESULT = (
    ("得分", "{{ 得分 }}", "等次", "{{ 等次 }}"),
    ("类别内名次", "{{ 名次 }}", "等次说明", "{{ 等次说明 }}"),
    ("自评得分", "{{ 自评得分 }}", "自评偏差", "{{ 自评偏差 }}（已核定 {{ 核定比例 }}）"),
)
SYSTEMS = (
    "责任制得分（不含扣分、加分）：{% for 行 in 责任制 %}{{ 行.名称 }}（权重 {{ 行.权重 }}）{{ 行.得分 }}"
    "{% if not loop.last %}，{% endif %}{% endfor %}"
)
STEPS = (
    "得分由来：{% for 行 in 由来 %}{{ 行.项目 }} {{ 行.分 }}{% if not loop.last %} → {% endif %}{% endfor %}"
)
DIMENSIONS = [
    Column("考核维度", "{{ 行.维度 }}", 65),
    Column("本单位得分率", "{{ 行.得分率 }}", 35),
    Column("同类平均", "{{ 行.同类平均 }}", 35),
    Column("相差（百分点）", "{{ 行.相差 }}", 35),
]
GAPS = [
    Column("序号", "{{ 行.序号 }}", 8),
    Column("指标", "{{ 行.指标 }}", 29, "left"),
    Column("依据", "{{ 行.依据 }}", 25, "left"),
    Column("填报值", "{{ 行.填报 }}", 26, "left"),
    Column("得分率（取值环节）", "{{ 行.得分率 }}（{{ 行.环节 }}）", 18),
    Column("失分", "{{ 行.失分 }}", 14),
    Column("怎样补齐", "{{ 行.改进 }}", 50, "left"),
]
FINDINGS = [
    Column("类型", "{{ 行.类型 }}", 18),
    Column("事项", "{{ 行.事项 }}", 48, "left"),
    Column("依据", "{{ 行.依据 }}", 32, "left"),
    Column("文号、日期", "{{ 行.文号 }} {{ 行.日期 }}", 32, "left"),
    Column("办理", "{{ 行.办理 }} {{ 行.期限 }}", 20),
    Column("计入分值", "{{ 行.分值 }}", 20),
]
TASKS = [
    Column("编号", "{{ 行.编号 }}", 26),
    Column("事项", "{{ 行.事项 }}", 34, "left"),
    Column("整改要求", "{{ 行.要求 }}", 50, "left"),
    Column("应报证明材料", "{{ 行.证明 }}", 28, "left"),
    Column("期限", "{{ 行.期限 }}", 18),
    Column("状态", "{{ 行.状态 }}", 14),
]
RULINGS = [
    Column("指标", "{{ 行.指标 }}", 30, "left"),
    Column("自评", "{{ 行.自评 }}", 26, "left"),
    Column("核定", "{{ 行.核定 }}", 26, "left"),
    Column("环节", "{{ 行.环节 }}", 18),
    Column("核定理由", "{{ 行.理由 }}", 34, "left"),
    Column("异议期限与办理", "{{ 行.异议 }}", 36, "left"),
]


def build() -> Any:
    """The template as a document."""
    document = new_document(line=Pt(18), size=FIFTH)
    section = document.sections[0]
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin = section.right_margin = Mm(20)
    section.footer_distance = Mm(9)
    _add_foot(section.footer)
    add_demo_mark(document, size=FIFTH)
    title = add_line(document, "{{ 年度 }}年度考核结果反馈单", font=TITLE_FONT, size=SECOND, align="center")
    title.paragraph_format.line_spacing = Pt(34)
    _add_facts(document, HEAD)
    add_texts(document, "说明", one="句", size=FIFTH)
    add_line(document, "{%p if 有得分 %}")
    _add_facts(document, RESULT)
    for text in (SYSTEMS, STEPS):
        add_line(document, text, size=FIFTH, align="left")
    add_line(document, "{%p endif %}")
    add_line(document, "{%p if 下一步 %}")
    _add_heading(document, "须办理和可以办理的事项")
    add_texts(document, "下一步", one="句", size=FIFTH)
    add_line(document, "{%p endif %}")
    for name, columns, heading in (
        ("维度", DIMENSIONS, "各维度得分率与全省同类单位平均"),
        ("失分", GAPS, "未得满分的指标（共失 {{ 失分合计 }} 分，基础分 {{ 基础分 }} 分）"),
        ("认定", FINDINGS, "扣分、一票否决与加分"),
        ("任务", TASKS, "未办结的整改任务"),
        ("核定变动", RULINGS, "核定变动与异议"),
    ):
        add_line(document, f"{{%p if {name} %}}")
        _add_heading(document, heading)
        add_table(document, columns, each=f"行 in {name}", size=SMALL_FIFTH, line=Pt(12))
        add_line(document, "{%p endif %}")
    _add_gap(document)
    add_line(document, "{{ 权重说明 }}", size=SMALL_FIFTH, align="left")
    for text in ("{{ 机关 }}", "{{ 日期 }}"):
        line = add_line(document, text, size=FIFTH, align="right")
        line.paragraph_format.keep_with_next = text != "{{ 日期 }}"
    set_properties(document, title="结果反馈单")
    return document


def _add_facts(document: Any, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=0, cols=4, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    widths = (26, 58, 36, 50)
    for texts in rows:
        for at, (cell, text) in enumerate(zip(table.add_row().cells, texts, strict=True)):
            cell.width = Mm(widths[at])
            paragraph = cell.paragraphs[0]
            add_run(paragraph, text, size=FIFTH, **({} if at % 2 else {"font": HEADING_FONT}))
            paragraph.paragraph_format.line_spacing = Pt(16)
    for width, grid in zip(widths, table._tbl.tblGrid.gridCol_lst, strict=True):
        grid.w = Mm(width)


def _add_heading(document: Any, text: str) -> None:
    line = add_line(document, text, font=HEADING_FONT, size=SMALL_FOURTH, align="left")
    line.paragraph_format.space_before = Pt(4)
    line.paragraph_format.keep_with_next = True


def _add_gap(document: Any) -> None:
    """A thin line between two tables, which would grow together without it."""
    add_line(document, "", size=SMALL_FIFTH).paragraph_format.line_spacing = Pt(6)


def _add_foot(footer: Any) -> None:
    source = footer.paragraphs[0]
    add_run(source, "{{ 来源 }}", size=SMALL_FIFTH)
    source.alignment = 1
    source.paragraph_format.line_spacing = Pt(12)
    number = footer.add_paragraph()
    add_page_number(number)
    number.paragraph_format.line_spacing = Pt(14)


if __name__ == "__main__":
    SHIPPED.mkdir(exist_ok=True)
    build().save(str(SHIPPED / FEEDBACK))
