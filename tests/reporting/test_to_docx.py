"""整改通知书 read back: every value stands there, the layout is that of a letter, and a template's faults are named."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import docx
import pandas as pd
import pytest
from docx.shared import Pt

from reporting.notice_template import build
from reporting.notices import chinese_day, context_of, notices_of
from reporting.office_template import TemplateFault
from reporting.to_docx import NOTICE, check_template, template_of, write_notice, zip_notices

DAY = date(2026, 12, 1)


def rows(**changes) -> pd.DataFrame:
    row = {
        "task": "ZG2026-00001",
        "unit": "11230100000000001X",
        "name": "示例 <教育> & 局",
        "office": "哈尔滨市道里区",
        "title": "人民防线组织",
        "found": "没有成立组织",
        "place": "第十九条第一款第（一）项",
        "required": "成立人民防线组织。",
        "proof": "成立文件文号、日期",
        "deadline": date(2026, 12, 31),
        "document": "示例〔2026〕7号",
    } | changes
    second = {"task": "ZG2026-00002", "title": "隐患{{ 7*7 }}", "place": "", "found": ""}
    other = {"task": "ZG2026-00003", "unit": "11230100000000002X", "name": "示例第二局", "document": ""}
    return pd.DataFrame([row, row | second, row | other])


def text_of(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


@pytest.fixture
def template(tmp_path):
    return template_of(tmp_path)


def test_every_value_of_a_notice_stands_in_it(template):
    notice, _ = notices_of(rows(), cycle=2026, day=DAY, is_demo=True)
    text = text_of(write_notice(notice, template=template))

    def values(part) -> list[str]:
        if isinstance(part, list):
            return [value for item in part for value in values(item)]
        return (
            [value for each in part.values() for value in values(each)] if isinstance(part, dict) else [part]
        )

    assert all(value in text for value in values(context_of(notice)))
    assert "演示数据" in text and "考核主管部门" in text and "2026年12月1日" in text and "2项问题" in text
    assert (
        "{" not in text.replace("隐患{{ 7*7 }}", "") and "49" not in text
    )  # what people typed is no template


def test_what_is_empty_leaves_no_line(template):
    _, notice = notices_of(rows(), cycle=2026, day=DAY)
    text = text_of(write_notice(notice, template=template))
    assert "演示" not in text and "〔" not in text.split("示例第二局")[0]
    single = notices_of(rows(place="").head(1), cycle=2026, day=DAY)[0]
    assert "依据：" not in text_of(write_notice(single, template=template))


def test_one_notice_a_unit_or_one_a_task():
    by_unit = notices_of(rows(), cycle=2026, day=DAY)
    assert [len(notice.items) for notice in by_unit] == [2, 1]
    by_task = notices_of(rows(), cycle=2026, day=DAY, by_unit=False)
    assert [notice.items[0].task for notice in by_task] == ["ZG2026-00001", "ZG2026-00002", "ZG2026-00003"]
    assert [item.number for item in by_unit[0].items] == ["一", "二"]


def test_the_page_is_that_of_an_official_letter(template):
    notice = notices_of(rows(), cycle=2026, day=DAY)[0]
    document = docx.Document(io.BytesIO(write_notice(notice, template=template)))
    section = document.sections[0]
    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    title = next(p for p in document.paragraphs if p.text == "整改通知书")
    assert title.runs[0].font.size == Pt(22) and "小标宋" in title._p.xml
    body = next(p for p in document.paragraphs if "须限期整改" in p.text)
    assert body.runs[0].font.size == Pt(16) and "仿宋" in body._p.xml
    assert document.core_properties.author == ""


def test_many_notices_make_a_zip_with_progress(template):
    made, heard = notices_of(rows(), cycle=2026, day=DAY), []
    with zipfile.ZipFile(io.BytesIO(zip_notices(made, template=template, progress=heard.append))) as archive:
        assert archive.namelist() == [notice.file_name for notice in made]
        assert "示例第二局" in text_of(archive.read(made[1].file_name))
    assert heard == [1, 2]
    assert "<" not in made[0].file_name and "/" not in made[0].file_name


def test_an_offices_own_template_is_used_where_it_is(tmp_path):
    own = tmp_path / "templates" / NOTICE
    own.parent.mkdir()
    document = docx.Document()
    document.add_paragraph("本机关通知 {{ 单位 }} {{ 日期 }}")
    document.add_paragraph("{%p for 任务 in 任务清单 %}")
    document.add_paragraph("{{ 任务.事项 }} {{ 任务.要求 }} {{ 任务.证明 }} {{ 任务.期限 }}")
    document.add_paragraph("{%p endfor %}")
    document.save(own)
    assert template_of(tmp_path) == own
    notice = notices_of(rows(), cycle=2026, day=DAY)[1]
    assert text_of(write_notice(notice, template=own)).startswith("本机关通知 示例第二局 2026年12月1日")


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["{{ 单位 }}"], "缺少占位符 {{ 日期 }}；缺少占位符 {{ 任务清单 }}"),
        (["{{ 单位 }} {{ 日期 }} {{ 局长 }}", "{% for 任务 in 任务清单 %}{% endfor %}"], "不认识的占位符 {{ 局长 }}"),
        (["{{ 单位 }} {{ 日期 }}", "{% for 任务 in 任务清单 %}{{ 任务.事项 }}{% endfor %}"], "缺少占位符 {{ 任务.要求 }}"),
        (
            [
                "{{ 单位 }} {{ 日期 }}",
                "{% for 任务 in 任务清单 %}{{ 任务.事项 }}{{ 任务.要求 }}{{ 任务.证明 }}{{ 任务.期限 }}{{ 任务.人 }}{% endfor %}",
            ],
            "不认识的占位符“人”",
        ),
        (["{{ 单位 "], "写法有误"),
        (["{{ 单位.__class__.__mro__ }} {{ 日期 }} {{ 任务清单 }}"], "任务.事项"),
    ],
)  # fmt: skip
def test_a_templates_fault_is_named(tmp_path, texts, said):
    path = tmp_path / NOTICE
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    document.save(path)
    with pytest.raises(TemplateFault) as caught:
        check_template(path)
    assert said in str(caught.value) and str(path) in str(caught.value)


def test_what_is_no_docx_is_said(tmp_path):
    path = tmp_path / NOTICE
    path.write_bytes(b"not a document")
    with pytest.raises(TemplateFault, match="打不开模板"):
        check_template(path)


def test_the_shipped_template_is_what_the_script_draws(template):
    check_template(template)
    shipped, drawn = docx.Document(str(template)), build()
    assert [p._p.xml for p in shipped.paragraphs] == [p._p.xml for p in drawn.paragraphs]
    assert chinese_day(DAY) == "2026年12月1日"
