"""The 通报 as a paper: its page, fonts and headings, chosen parts, an office's own template, and its printed pages."""

from __future__ import annotations

import re
import subprocess

import docx
import pytest
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt

from meeting.bulletin import KIND, PARTS
from meeting.material import gather
from reporting.bulletin import BULLETIN
from reporting.office_template import SHIPPED, TemplateFault
from tests import libreoffice
from tests.meeting.conftest import LIVE, NOW
from tests.meeting.documents import opened, paragraphs, tables, whole_text

LINES, CHARACTERS = 22, 28
TWIPS_OF_A_POINT, TWIPS_OF_A_MM = 20, 1440 / 25.4


@pytest.fixture(scope="module")
def content(meeting_store, tmp_path_factory) -> bytes:
    """The province's paper with every part."""
    with gather(meeting_store, cycle=LIVE, now=NOW) as made:
        return KIND.build(made, parts=PARTS, home=tmp_path_factory.mktemp("bulletin"))


def fonts_of(paragraph) -> set[tuple[str, float]]:
    """East Asian font and size of the runs that hold text."""
    normal = paragraph.part.document.styles["Normal"]
    own = normal.element.rPr.rFonts.get(qn("w:eastAsia"))
    found = set()
    for run in paragraph.runs:
        if run.text.strip():
            fonts = run._element.rPr.rFonts if run._element.rPr is not None else None
            font = fonts.get(qn("w:eastAsia")) if fonts is not None else own
            found.add((font, (run.font.size or normal.font.size).pt))
    return found


def test_the_page_is_that_of_an_official_paper(content):
    document = opened(content)
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    pitch = int(grid.get(qn("w:linePitch")))
    height = (297 - 37 - 35) * TWIPS_OF_A_MM
    assert int(height // pitch) == LINES
    character = 16 + int(grid.get(qn("w:charSpace"))) / 4096
    assert int((210 - 28 - 26) * TWIPS_OF_A_MM / TWIPS_OF_A_POINT // character) == CHARACTERS
    normal = document.styles["Normal"]
    assert grid.get(qn("w:type")) == "linesAndChars"
    assert normal.paragraph_format.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    assert normal.font.size == Pt(16) and normal.paragraph_format.line_spacing.twips == pitch


def test_title_body_and_heading_levels_have_their_fonts(content):
    document = opened(content)
    by_text = {paragraph.text: paragraph for paragraph in document.paragraphs if paragraph.text.strip()}
    title = next(p for text, p in by_text.items() if text.startswith("关于黑龙江省2026年度"))
    assert fonts_of(title) == {("方正小标宋简体", 22.0)}
    levels = {
        r"[一二三四五六七八九十]+、": ("黑体", 16.0),
        r"（[一二三四五六七八九十]+）": ("楷体_GB2312", 16.0),
        r"根据《黑龙江省反间谍安全防范条例》第十八条": ("仿宋_GB2312", 16.0),
    }
    for start, font in levels.items():
        found = [fonts_of(p) for text, p in by_text.items() if re.match(start, text)]
        assert found and all(fonts == {font} for fonts in found), start


def test_pages_are_numbered_outside_as_the_standard_says(content):
    section = opened(content).sections[0]
    assert opened(content).settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        number = next(p for p in footer.paragraphs if "—" in p.text)
        codes = [node.text for node in number._element.iter(qn("w:instrText"))]
        assert [code.strip() for code in codes] == ["PAGE"]
        assert number.text.replace(" ", "").replace("\u3000", "").startswith("—")
        justified = number._element.pPr.find(qn("w:jc")).get(qn("w:val"))
        assert justified in ({"right", "end"} if side == "right" else {"left", "start"})


def test_tables_repeat_their_heading_and_rows_stay_whole(content):
    document = opened(content)
    assert len(document.tables) > 4
    for table in document.tables:
        head = table.rows[0]._tr.trPr
        assert head.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_sections_and_tables_are_numbered_without_a_gap(material, tmp_path):
    content = KIND.build(material, parts=PARTS, home=tmp_path)
    texts = paragraphs(content)
    heads = [text.split("、")[0] for text in texts if re.match(r"[一二三四五六七八九十]+、", text)]
    assert heads == list("一二三四五六七八九十")[: len(heads)]
    captions = [int(n) for text in texts for n in re.findall(r"^表\s*(\d+)", text)]
    assert captions == list(range(1, len(captions) + 1))
    for number in captions:
        assert f"详见表{number}" in "".join(texts)


def test_the_outline_is_what_the_paper_holds(material, tmp_path):
    content = KIND.build(material, parts=PARTS, home=tmp_path)
    heads = [text for text in paragraphs(content) if re.match(r"[一二三四五六七八九十]+、", text)]
    lines = KIND.outline(material, PARTS)
    assert [line.split("：")[0] for line in lines][: len(heads)] == heads
    said = [int(n) for line in lines for n in re.findall(r"（(\d+) 行）", line)]
    attached = len(said) - sum(1 for text in paragraphs(content) if re.match(r"^表\s*\d+", text))
    assert attached in (0, 1)
    held = [len(table) - 1 for table in tables(content)]
    assert sorted(said) == sorted(held)


def test_only_chosen_parts_are_made_and_each_is_told(meeting_store, tmp_path):
    heard = []
    with gather(meeting_store, cycle=LIVE, now=NOW) as made:
        content = KIND.build(
            made, parts=["gaps", "self"], home=tmp_path, progress=lambda *at: heard.append(at)
        )
    assert heard == [(1, 2), (2, 2)]
    heads = [text for text in paragraphs(content) if re.match(r"[一二三四五六七八九十]+、", text)]
    assert heads == ["一、主要差距", "二、自评与核定"]
    assert "示例权重" in whole_text(content)  # the method is attached to every one


def test_every_page_says_where_its_numbers_come_from_and_no_author_is_named(material, tmp_path):
    document = opened(KIND.build(material, parts=PARTS, home=tmp_path))
    section = document.sections[0]
    for footer in (section.footer, section.even_page_footer):
        foot = "".join(paragraph.text for paragraph in footer.paragraphs)
        assert material.stamp in foot and str(material.cycle) in foot
        assert ("第 2025-1 号公布" if material.publication else "实时数据") in foot
    assert (document.core_properties.author, document.core_properties.last_modified_by) == ("", "")
    assert "演示数据" in document.paragraphs[0].text


def test_the_same_data_make_the_same_bytes(meeting_store, tmp_path):
    with gather(meeting_store, cycle=LIVE, now=NOW) as made:
        assert KIND.build(made, parts=PARTS, home=tmp_path) == KIND.build(made, parts=PARTS, home=tmp_path)


def test_hostile_names_are_text(meeting_store, tmp_path):
    hostile = ['=HYPERLINK("http://x","y")', "<b>&{{ 1+1 }}{% if %}", "名" * 60]
    with gather(meeting_store, cycle=LIVE, now=NOW) as made:
        regions = made.regions.copy()
        regions.loc[: len(hostile) - 1, "name"] = hostile
        made.__dict__["regions"] = regions
        findings = made.findings.copy()
        findings.loc[findings.index[0], ["kind", "kind_name", "unit_name"]] = [
            "veto",
            "一票否决",
            hostile[1] * 3,
        ]
        made.__dict__["findings"] = findings
        text = whole_text(KIND.build(made, parts=PARTS, home=tmp_path))
    assert all(name in text for name in hostile)
    assert f"{hostile[1] * 3}（" in text


@pytest.fixture
def own(tmp_path):
    """The place of the office's template."""
    path = tmp_path / "templates" / BULLETIN
    path.parent.mkdir()
    return path


def test_an_office_writes_by_its_own_template(meeting_store, tmp_path, own):
    document = docx.Document(str(SHIPPED / BULLETIN))
    document.paragraphs[0].insert_paragraph_before("示例省考核主管部门文件")
    document.save(str(own))
    with gather(meeting_store, cycle=LIVE, now=NOW) as made:
        assert paragraphs(KIND.build(made, parts=PARTS, home=tmp_path))[0] == "示例省考核主管部门文件"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ 标题 }} {{ 日期 }} {{ 来源 }}", "缺少占位符 {{ 方法 }}"),
        ("{{ 标题 }} {{ 日期 }} {{ 来源 }} {{ 方法.标题 }} {{ 局长 }}", "不认识的占位符 {{ 局长 }}"),
        ("{{ 标题 }} {{ 日期 }} {{ 来源 }} {{ 方法.标题 }} {% if %}", "写法有误"),
    ],
)
def test_a_fault_of_the_offices_template_is_named(meeting_store, tmp_path, own, text, said):
    document = docx.Document()
    document.add_paragraph(text)
    document.save(str(own))
    with gather(meeting_store, cycle=LIVE, now=NOW) as made, pytest.raises(TemplateFault) as caught:
        KIND.build(made, parts=PARTS, home=tmp_path)
    assert said in str(caught.value) and str(own) in str(caught.value)


@pytest.mark.libreoffice
@pytest.mark.skipif(libreoffice.SOFFICE is None, reason="LibreOffice is not installed")
def test_the_paper_prints_its_pages_with_22_lines(content, tmp_path):
    (tmp_path / "通报.docx").write_bytes(content)
    pdf = libreoffice.to_pdf(tmp_path / "通报.docx", tmp_path)
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = text.split("\f")[:-1]
    assert len(pages) > 5
    for number, page in enumerate(pages, start=1):
        assert re.search(rf"—\s*{number}\s*—", page) and "演示数据" in page
    solid = "".join(text.split())
    assert "关于黑龙江省2026年度" in solid and "考核方法和数据说明" in solid


@pytest.mark.libreoffice
@pytest.mark.skipif(libreoffice.SOFFICE is None, reason="LibreOffice is not installed")
def test_a_full_page_has_22_lines_of_28_characters(content, tmp_path):
    document = opened(content)
    body = next(
        p for p in document.paragraphs if p.text.startswith("根据《黑龙江省反间谍安全防范条例》第十八条")
    )
    body.runs[0].text = "国" * (LINES * CHARACTERS * 4)
    for run in body.runs[1:]:
        run.text = ""
    document.save(str(tmp_path / "满页.docx"))
    pdf = libreoffice.to_pdf(tmp_path / "满页.docx", tmp_path)
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True
    ).stdout
    lines = [[line.strip() for line in page.splitlines() if "国国" in line] for page in text.split("\f")]
    full = [page for page in lines if len(page) >= LINES - 1]
    assert full and all(len(page) == LINES for page in full[1:])
    assert {len(line.replace(" ", "")) for page in full[1:-1] for line in page} == {CHARACTERS}
