"""What the template of a 通报 may say, and filling it: the sections are computed in meeting/, their layout is the template's.

A section is {} where it is left out, so that a template asks `{%p if 排名 %}`. Every number in it is text already.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reporting.docx_form import Form, filler
from reporting.office_template import template_of

BULLETIN = "通报.docx"


def section(*columns: str, **more: Any) -> dict[str, Any]:
    """A section as the template's example has it; `columns` of the rows of its table."""
    made = {"序号": "一", "标题": "示例", "小节": [{"序号": "一", "标题": "示例", "段落": ["示例"]}]}
    if columns:
        made |= {"表号": "1", "表题": "示例", "行": [dict.fromkeys(columns, "示例")]}
    return {**made, **more}


RANKED = ("名次", "地区", "登记", "提交率", "按时率", "得分", "责任制", "等次", "等次由来")
PROGRESS = ("序号", "地区", "登记", "已提交", "提交率", "区间")
EXAMPLE: Mapping[str, Any] = {
    "演示": "示例",
    "文号": "示例",
    "标题": "示例",
    "主送": "示例",
    "导语": ["示例"],
    "总体": section("等次", "单位", "占比"),
    "排名": section(*RANKED, 责任制名称="示例"),
    "进度": section(*PROGRESS),
    "升降": section("地区", "上年得分", "本年得分", "变化", "上年名次", "本年名次", 上年="2025", 本年="2026"),
    "差距": section("序号", "指标", "依据", "失分", "得分率", "未得满分", "占比"),
    "自评": section("地区", "自评得分", "偏差", "核定比例"),
    "认定": section("类型", "事项", "依据", "件数", "单位", "分值", 否决=[{"序号": "1", "内容": "示例"}]),
    "整改": section("地区", "下达", "已销号", "销号率", "待复查", "待整改", "逾期"),
    "要求": section(
        项=[{"序号": "1", "要点": "示例", "内容": "示例", "目": [{"序号": "1", "内容": "示例"}]}]
    ),
    "附件": ["示例"],
    "机关": "示例",
    "日期": "示例",
    "附表": {
        "附件号": "附件1",
        "表题": "示例",
        "责任制名称": "示例",
        "名次": [dict.fromkeys(RANKED, "示例")],
        "进度": [dict.fromkeys(PROGRESS, "示例")],
    },
    "方法": {"附件号": "附件2", "标题": "示例", "段落": ["示例"]},
    "来源": "示例",
}
FORM = Form(BULLETIN, EXAMPLE, required=("标题", "日期", "来源", "方法"))


def write_bulletin(context: Mapping[str, Any], *, home: Path) -> bytes:
    """The 通报 as docx, by the office's own template where it has one. Raises TemplateFault."""
    return filler(template_of(home, BULLETIN), FORM).fill(context, title=context["标题"].replace("\n", ""))
