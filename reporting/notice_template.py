"""Draws the shipped template of 整改通知书: `python -m reporting.notice_template` writes it anew.

Page, fonts and sizes follow the layout of official letters (reporting/official_page.py): title 小标宋 2号, body 仿宋 3号,
headings 黑体 3号, 28 points a line. Placeholders: reporting/notices.py.
"""

from __future__ import annotations

from typing import Any

from docx.shared import Pt

from reporting.office_template import SHIPPED
from reporting.official_page import (
    BODY_FONT,
    FOURTH,
    HEADING_FONT,
    SECOND,
    TITLE_FONT,
    add_demo_mark,
    add_line,
    add_page_number,
    new_document,
    set_font,
    set_properties,
)
from reporting.to_docx import NOTICE

LINE = Pt(28)


def build() -> Any:
    """The template as a document."""
    document = new_document(line=LINE)
    add_page_number(document.sections[0].footer.paragraphs[0])

    add_demo_mark(document, size=FOURTH)
    title = add_line(document, "整改通知书", font=TITLE_FONT, size=SECOND, align="center")
    title.paragraph_format.line_spacing = Pt(36)
    add_line(document, "{%p if 文号 %}")
    add_line(document, "{{ 文号 }}", align="center")
    add_line(document, "{%p endif %}")
    add_line(document, "")
    add_line(document, "{{ 单位 }}：")
    add_line(
        document,
        "根据{{ 条例 }}和{{ 年度 }}年度反间谍安全防范责任落实考核情况，你单位有下列{{ 项数 }}项问题须限期整改。",
        indent=True,
    )
    add_line(document, "{%p for 任务 in 任务清单 %}")
    heading = add_line(document, "{{ 任务.序号 }}、{{ 任务.事项 }}", font=HEADING_FONT, indent=True)
    heading.paragraph_format.keep_with_next = True
    _add_labelled(document, "发现的问题", "{{ 任务.问题 }}")
    add_line(document, "{%p if 任务.依据 %}")
    _add_labelled(document, "依据", "{{ 任务.依据 }}。")
    add_line(document, "{%p endif %}")
    _add_labelled(document, "整改要求", "{{ 任务.要求 }}")
    _add_labelled(document, "须报送的证明材料", "{{ 任务.证明 }}")
    _add_labelled(document, "整改期限", "{{ 任务.期限 }}（任务编号 {{ 任务.编号 }}）。")
    add_line(document, "{%p endfor %}")
    closing = add_line(
        document,
        "请于期限届满前完成整改，填写《整改情况报告表》，连同证明材料的名称、文号和日期一并报送。报送的材料不得含有个人信息和国家秘密。",
        indent=True,
    )
    closing.paragraph_format.keep_with_next = True
    for text in ("", "{{ 机关 }}"):
        line = add_line(document, text, align="right")
        line.paragraph_format.keep_with_next = True
    add_line(document, "{{ 日期 }}", align="right")
    for paragraph in document.paragraphs[-2:]:
        paragraph.paragraph_format.right_indent = Pt(32)
    set_properties(document, title="整改通知书")
    return document


def _add_labelled(document: Any, label: str, text: str) -> None:
    paragraph = add_line(document, f"{label}：", indent=True)
    paragraph.runs[0].bold = True
    set_font(paragraph.add_run(text)._element.get_or_add_rPr(), BODY_FONT)


if __name__ == "__main__":
    SHIPPED.mkdir(exist_ok=True)
    build().save(str(SHIPPED / NOTICE))
