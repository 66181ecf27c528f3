"""Draws the shipped template of 整改通知书: `python -m reporting.notice_template` writes it anew.

Page, fonts and sizes follow the layout of official letters (GB/T 9704-2012): margins 37/35/28/26 mm, title 小标宋 2号, body
仿宋 3号, headings 黑体 3号, 28 points a line. Placeholders: reporting/notices.py.
"""

from __future__ import annotations

from datetime import datetime

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from reporting.to_docx import NOTICE, SHIPPED

TITLE_FONT, BODY_FONT, HEADING_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体"
SECOND, THIRD, FOURTH = Pt(22), Pt(16), Pt(14)  # 2号, 3号, 4号
LINE = Pt(28)
MADE = datetime(2026, 1, 1)  # of the file's properties: the same program writes the same file


def build() -> Document:
    """The template as a document."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    _page_number(section.footer.paragraphs[0])
    normal = document.styles["Normal"]
    normal.font.size = THIRD
    _set_font(normal.element.get_or_add_rPr(), BODY_FONT)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.line_spacing_rule, normal.paragraph_format.line_spacing = (
        WD_LINE_SPACING.EXACTLY,
        LINE,
    )

    _add(document, "{%p if 演示 %}")
    mark = _add(document, "{{ 演示 }}", font=HEADING_FONT, size=FOURTH, align="center")
    mark.runs[0].font.color.rgb = RGBColor(0xC0, 0x00, 0x00)
    _add(document, "{%p endif %}")
    title = _add(document, "整改通知书", font=TITLE_FONT, size=SECOND, align="center")
    title.paragraph_format.line_spacing = Pt(36)
    _add(document, "{%p if 文号 %}")
    _add(document, "{{ 文号 }}", align="center")
    _add(document, "{%p endif %}")
    _add(document, "")
    _add(document, "{{ 单位 }}：")
    _add(
        document,
        "根据{{ 条例 }}和{{ 年度 }}年度反间谍安全防范责任落实考核情况，你单位有下列{{ 项数 }}项问题须限期整改。",
        indent=True,
    )
    _add(document, "{%p for 任务 in 任务清单 %}")
    heading = _add(document, "{{ 任务.序号 }}、{{ 任务.事项 }}", font=HEADING_FONT, indent=True)
    heading.paragraph_format.keep_with_next = True
    _add_labelled(document, "发现的问题", "{{ 任务.问题 }}")
    _add(document, "{%p if 任务.依据 %}")
    _add_labelled(document, "依据", "{{ 任务.依据 }}。")
    _add(document, "{%p endif %}")
    _add_labelled(document, "整改要求", "{{ 任务.要求 }}")
    _add_labelled(document, "须报送的证明材料", "{{ 任务.证明 }}")
    _add_labelled(document, "整改期限", "{{ 任务.期限 }}（任务编号 {{ 任务.编号 }}）。")
    _add(document, "{%p endfor %}")
    closing = _add(
        document,
        "请于期限届满前完成整改，填写《整改情况报告表》，连同证明材料的名称、文号和日期一并报送。报送的材料不得含有个人信息和国家秘密。",
        indent=True,
    )
    closing.paragraph_format.keep_with_next = True
    for text in ("", "{{ 机关 }}"):
        line = _add(document, text, align="right")
        line.paragraph_format.keep_with_next = True
    _add(document, "{{ 日期 }}", align="right")
    for paragraph in document.paragraphs[-2:]:
        paragraph.paragraph_format.right_indent = Pt(32)
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "", "整改通知书", ""
    properties.created = properties.modified = MADE
    return document


def _add_labelled(document: Document, label: str, text: str) -> None:
    paragraph = _add(document, f"{label}：", indent=True)
    paragraph.runs[0].bold = True
    _set_font(paragraph.add_run(text)._element.get_or_add_rPr(), BODY_FONT)


def _add(
    document: Document,
    text: str,
    *,
    font: str = BODY_FONT,
    size: Pt = THIRD,
    align: str = "",
    indent: bool = False,
) -> Paragraph:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size = size
    _set_font(run._element.get_or_add_rPr(), font)
    if align:
        paragraph.alignment = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}[align]
    else:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(32)  # two characters
    return paragraph


def _set_font(properties, name: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)


def _page_number(paragraph: Paragraph) -> None:
    """— 1 —, 4号, centred."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("text", "— "), ("begin", ""), ("code", "PAGE"), ("end", ""), ("text", " —")):
        run = paragraph.add_run(text if kind == "text" else "")
        run.font.size = FOURTH
        _set_font(run._element.get_or_add_rPr(), "宋体")
        if kind == "code":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._element.append(code)
        elif kind != "text":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._element.append(mark)


if __name__ == "__main__":
    SHIPPED.mkdir(exist_ok=True)
    build().save(str(SHIPPED / NOTICE))
