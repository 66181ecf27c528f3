"""What the template of a unit's 结果反馈单 may say, and the filler for many of them; computed in meeting/feedback_sheets.py."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reporting.docx_form import Filler, Form, filler
from reporting.office_template import template_of

FEEDBACK = "结果反馈单.docx"


def _rows(*columns: str) -> list[dict[str, str]]:
    return [dict.fromkeys(columns, "示例")]


EXAMPLE: Mapping[str, Any] = {
    "演示": "示例",
    "年度": "2026",
    "单位": "示例",
    "代码": "示例",
    "地区": "示例",
    "类别": "示例",
    "标签": "示例",
    "提交": "示例",
    "有得分": True,
    "说明": ["示例"],
    "得分": "示例",
    "等次": "示例",
    "等次说明": "示例",
    "名次": "示例",
    "自评得分": "示例",
    "自评偏差": "示例",
    "核定比例": "示例",
    "责任制": _rows("名称", "权重", "得分"),
    "由来": _rows("项目", "分"),
    "维度": _rows("维度", "得分率", "同类平均", "相差"),
    "失分": _rows(
        "序号", "指标", "依据", "填报", "得分率", "环节", "核定理由", "失分", "改进", "核查", "标准"
    ),
    "失分合计": "示例",
    "基础分": "示例",
    "认定": _rows("类型", "事项", "依据", "文号", "日期", "办理", "期限", "分值"),
    "任务": _rows("编号", "事项", "要求", "证明", "期限", "状态"),
    "核定变动": _rows("指标", "依据", "自评", "核定", "环节", "理由", "异议"),
    "下一步": ["示例"],
    "机关": "示例",
    "日期": "示例",
    "权重说明": "示例",
    "来源": "示例",
}
FORM = Form(
    FEEDBACK,
    EXAMPLE,
    required=("单位", "说明", "失分", "权重说明", "来源"),
    each={
        "失分": ("行", ("指标", "失分")),
        "维度": ("行", ()),
        "认定": ("行", ()),
        "任务": ("行", ()),
        "核定变动": ("行", ()),
        "责任制": ("行", ()),
        "由来": ("行", ()),
    },
)


def feedback_filler(home: Path) -> Filler:
    """The template of the result sheet, the office's own where it has one, checked. Raises TemplateFault."""
    return filler(template_of(home, FEEDBACK), FORM)
