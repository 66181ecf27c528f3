"""Draws the shipped template of the 通报: `python -m reporting.bulletin_template` writes it anew.

The layout is that of GB/T 9704-2012 (reporting/official_page.py): 22 lines of 28 characters, headings 一、黑体, （一）楷体,
1. 仿宋 bold, （1）仿宋; page numbers at the outer side. Placeholders: reporting/bulletin.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.shared import Mm, Pt

from reporting.bulletin import BULLETIN
from reporting.office_template import SHIPPED
from reporting.official_page import (
    FIFTH,
    FOURTH,
    HEADING_FONT,
    PITCH,
    SECOND,
    SMALL_FIFTH,
    SMALL_FOURTH,
    SUBHEADING_FONT,
    TITLE_FONT,
    Column,
    add_demo_mark,
    add_line,
    add_page_number,
    add_run,
    add_table,
    add_texts,
    new_document,
    set_grid,
    set_properties,
)

RANKED = [
    Column("名次", "{{ 行.名次 }}", 14),
    Column("地区", "{{ 行.地区 }}", 34),
    Column("登记（家）", "{{ 行.登记 }}", 16),
    Column("提交率", "{{ 行.提交率 }}", 18),
    Column("得分", "{{ 行.得分 }}", 17),
    Column("{{ 表.责任制名称 }}", "{{ 行.责任制 }}", 40),
    Column("等次", "{{ 行.等次 }}", 17),
]
PROGRESS = [
    Column("序号", "{{ 行.序号 }}", 16),
    Column("地区", "{{ 行.地区 }}", 50),
    Column("登记（家）", "{{ 行.登记 }}", 20),
    Column("已提交（家）", "{{ 行.已提交 }}", 22),
    Column("提交率", "{{ 行.提交率 }}", 20),
    Column("得分可能区间", "{{ 行.区间 }}", 28),
]
TABLES = {
    "总体": [
        Column("等次", "{{ 行.等次 }}", 50),
        Column("单位（家）", "{{ 行.单位 }}", 50),
        Column("占登记单位", "{{ 行.占比 }}", 50),
    ],
    "升降": [
        Column("地区", "{{ 行.地区 }}", 44),
        Column("{{ 升降.上年 }}年度得分", "{{ 行.上年得分 }}", 24),
        Column("{{ 升降.本年 }}年度得分", "{{ 行.本年得分 }}", 24),
        Column("变化", "{{ 行.变化 }}", 20),
        Column("{{ 升降.上年 }}年度名次", "{{ 行.上年名次 }}", 22),
        Column("{{ 升降.本年 }}年度名次", "{{ 行.本年名次 }}", 22),
    ],
    "差距": [
        Column("序号", "{{ 行.序号 }}", 12),
        Column("指标", "{{ 行.指标 }}", 37, "left"),
        Column("依据", "{{ 行.依据 }}", 39, "left"),
        Column("失分", "{{ 行.失分 }}", 15),
        Column("得分率", "{{ 行.得分率 }}", 16),
        Column("未得满分（家）", "{{ 行.未得满分 }}", 19),
        Column("占比", "{{ 行.占比 }}", 18),
    ],
    "自评": [
        Column("地区", "{{ 行.地区 }}", 54),
        Column("自评得分", "{{ 行.自评得分 }}", 34),
        Column("自评偏差", "{{ 行.偏差 }}", 34),
        Column("核定比例", "{{ 行.核定比例 }}", 34),
    ],
    "认定": [
        Column("类型", "{{ 行.类型 }}", 20),
        Column("认定事项", "{{ 行.事项 }}", 50, "left"),
        Column("依据", "{{ 行.依据 }}", 38, "left"),
        Column("件数", "{{ 行.件数 }}", 12),
        Column("单位（家）", "{{ 行.单位 }}", 16),
        Column("计入分值", "{{ 行.分值 }}", 20),
    ],
    "整改": [
        Column("地区", "{{ 行.地区 }}", 44),
        Column("下达", "{{ 行.下达 }}", 18),
        Column("已销号", "{{ 行.已销号 }}", 18),
        Column("销号率", "{{ 行.销号率 }}", 22),
        Column("待复查", "{{ 行.待复查 }}", 18),
        Column("待整改", "{{ 行.待整改 }}", 18),
        Column("逾期", "{{ 行.逾期 }}", 18),
    ],
}  # fmt: skip


def build() -> Any:
    """The template as a document."""
    document = new_document(line=PITCH)
    set_grid(document)
    _add_feet(document)
    _add_head(document)
    for name in ("总体", "排名", "进度", "升降", "差距", "自评", "认定", "整改"):
        _add_section(document, name)
    _add_demands(document)
    _add_end(document)
    _add_attachments(document)
    set_properties(document, title="通报")
    return document


def _add_head(document: Any) -> None:
    add_demo_mark(document, size=FOURTH)
    add_line(document, "{{ 文号 }}", align="center")
    add_line(document, "")
    add_line(document, "{{ 标题 }}", font=TITLE_FONT, size=SECOND, align="center")
    add_line(document, "")
    add_line(document, "{{ 主送 }}：")
    add_texts(document, "导语", one="段")


def _add_section(document: Any, name: str) -> None:
    add_line(document, f"{{%p if {name} %}}")
    _add_heading(document, name)
    add_line(document, f"{{%p for 小节 in {name}.小节 %}}")
    add_line(document, "{%p if 小节.标题 %}")
    part = add_line(document, "（{{ 小节.序号 }}）{{ 小节.标题 }}", font=SUBHEADING_FONT, indent=True)
    part.paragraph_format.keep_with_next = True
    add_line(document, "{%p endif %}")
    add_texts(document, "小节.段落", one="段")
    add_line(document, "{%p endfor %}")
    if name == "认定":
        add_line(document, "{%p for 件 in 认定.否决 %}")
        add_line(document, "（{{ 件.序号 }}）{{ 件.内容 }}", indent=True)
        add_line(document, "{%p endfor %}")
    columns = {"排名": _of(RANKED, "排名"), "进度": PROGRESS}.get(name) or TABLES[name]
    add_line(document, f"{{%p if {name}.行 %}}")
    _add_table(document, name, columns, each=f"行 in {name}.行")
    add_line(document, "{%p endif %}")
    add_line(document, "{%p endif %}")


def _add_demands(document: Any) -> None:
    add_line(document, "{%p if 要求 %}")
    _add_heading(document, "要求")
    add_line(document, "{%p for 项 in 要求.项 %}")
    line = add_line(document, "{{ 项.序号 }}. {{ 项.要点 }}", indent=True, bold=True)
    add_run(line, "{{ 项.内容 }}")
    add_line(document, "{%p for 目 in 项.目 %}")
    add_line(document, "（{{ 目.序号 }}）{{ 目.内容 }}", indent=True)
    add_line(document, "{%p endfor %}")
    add_line(document, "{%p endfor %}")
    add_line(document, "{%p endif %}")


def _add_end(document: Any) -> None:
    add_line(document, "")
    add_line(document, "{%p for 件 in 附件 %}")
    add_line(document, "{{ 件 }}", indent=True)
    add_line(document, "{%p endfor %}")
    for text in ("", "{{ 机关 }}", "{{ 日期 }}"):
        line = add_line(document, text, align="right")
        line.paragraph_format.right_indent = Pt(64)  # four characters
        line.paragraph_format.keep_with_next = text != "{{ 日期 }}"


def _add_attachments(document: Any) -> None:
    add_line(document, "{%p if 附表 %}")
    _add_attachment_head(document, "附表.附件号", "附表.表题")
    for rows, columns in (("名次", _of(RANKED, "附表")), ("进度", PROGRESS)):
        add_line(document, f"{{%p if 附表.{rows} %}}")
        add_table(document, columns, each=f"行 in 附表.{rows}")
        add_line(document, "{%p endif %}")
    add_line(document, "{%p endif %}")
    _add_attachment_head(document, "方法.附件号", "方法.标题")
    add_texts(document, "方法.段落", one="段")


def _add_attachment_head(document: Any, number: str, title: str) -> None:
    first = add_line(document, f"{{{{ {number} }}}}", font=HEADING_FONT, align="left")
    first.paragraph_format.page_break_before = True
    add_line(document, "")
    add_line(document, f"{{{{ {title} }}}}", font=TITLE_FONT, size=SECOND, align="center")
    add_line(document, "")


def _add_heading(document: Any, name: str) -> None:
    text = f"{{{{ {name}.序号 }}}}、{{{{ {name}.标题 }}}}"
    add_line(document, text, font=HEADING_FONT, indent=True).paragraph_format.keep_with_next = True


def _add_table(document: Any, name: str, columns: Sequence[Column], *, each: str) -> None:
    title = add_line(
        document,
        f"表{{{{ {name}.表号 }}}}　{{{{ {name}.表题 }}}}",
        font=HEADING_FONT,
        size=SMALL_FOURTH,
        align="center",
    )
    title.paragraph_format.keep_with_next = True
    add_table(document, columns, each=each, is_kept=name == "总体")
    # Text after a table would stand at its border.
    add_line(document, "", size=FIFTH).paragraph_format.line_spacing = Pt(12)


def _of(columns: Sequence[Column], name: str) -> list[Column]:
    """The columns of a table that stands in more than one place, with the name of where it stands."""
    return [column._replace(heading=column.heading.replace("表.", f"{name}.")) for column in columns]


def _add_feet(document: Any) -> None:
    """Page number at the outer side, one character from the margin; below it where the numbers come from."""
    section = document.sections[0]
    section.footer_distance = Mm(16)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        number = footer.paragraphs[0]
        add_page_number(number, align=align)
        number.paragraph_format.line_spacing = Pt(20)
        if align == "right":
            number.paragraph_format.right_indent = FOURTH
        else:
            number.paragraph_format.left_indent = FOURTH
        source = add_line(footer, "{{ 来源 }}", size=SMALL_FIFTH, align="center")
        source.paragraph_format.line_spacing = Pt(12)


if __name__ == "__main__":
    SHIPPED.mkdir(exist_ok=True)
    build().save(str(SHIPPED / BULLETIN))
