"""The words of the guide sheet: how the workbook is filled in, and the rules its reader follows.

The rules stated here are the ones of `data.values`; a test reads every example of the table back.
"""

from __future__ import annotations

from datetime import datetime

from scoring.regulation import RegulationError, load_regulation
from scoring.scheme import Scheme

WEIGHTS_LABEL = "示例权重，须由考核主管部门核定"

STEPS = (
    "在“自评表”中逐行填写黄色单元格，灰色单元格不用填。选中单元格会出现提示，写明条款和评分标准。",
    "“填报值”列：有下拉列表的请从列表选择；要求数字、百分比或日期的直接填写，不写单位和说明。",
    "比率类指标填“分子”“分母”两格，由系统计算比率；确无此类对象的，分子、分母都填 0，并写明不适用理由。",
    "填“不适用”的，须在“不适用理由”列写明理由；“不适用理由”为灰色的指标不得填不适用。",
    "填报值表明已开展工作的，须在“佐证材料”列写明材料名称和文号，原件留存备查，不要粘贴全文。",
    "表头上方实时显示还有几项未填。全部填好后保存，在系统“自评填报”页上传。",
    "可以调整列宽、行高、筛选、排序和隐藏行；不要增加列、合并单元格，不要改动指标编号和单位信息。",
)

# What a person may type when there is nothing to report, and what it is taken for, by kind of question.
WORD_RULES_HEADER = ("填写内容", "是 / 否", "档次", "数字、分子、分母", "百分比", "日期")
WORD_RULES = (
    ("空白", "未填，退回", "未填，退回", "未填，退回", "未填，退回", "未填，退回"),
    ("无、没有", "按“否”计", "不接受", "按 0 计并提醒", "不接受", "按“未开展”计"),
    ("0", "不接受", "不接受", "0", "0%", "不接受"),
    (
        "—、－、/、N/A、不适用、不涉及",
        "不适用（须写理由）",
        "不适用（须写理由）",
        "不适用（须写理由）",
        "不适用（须写理由）",
        "不适用（须写理由）",
    ),
)

ACCEPTED_HEADER = ("类型", "可以这样填")
ACCEPTED = (
    ("是 / 否", "是、√、有、已建立（已……）、Y 都按“是”；否、×、无、没有、未建立（未……）、N 都按“否”"),
    ("数字", "12、１２、1,200、“3次”“2人”；须为不小于 0 的整数"),
    ("百分比", "85%、85、0.85 都按 85%；只填 1 按 100% 计并提醒"),
    ("日期", "{cycle}-04-15、{cycle}/4/15、{cycle}年4月15日、{cycle}0415 或 Excel 日期；未开展的填“未开展”"),
)

NOTICES = (
    "本表只评机构、不评个人：不得填写姓名、身份证号、手机号、护照号、出行记录等个人信息，填人数或材料名称即可。",
    "不得填写国家秘密、工作秘密；佐证材料为涉密文件的，只写“存单位保密室备查”。",
    "不得填写举报人、举报内容等应当保密的信息（条例第十六条、第三十六条）。",
)

LEGEND = (
    ("open", "黄色：待填写"),
    ("filled", "绿色：已填写"),
    ("alert", "橙色：缺少不适用理由或佐证材料"),
    ("closed", "灰色：不用填写（已锁定）"),
)


def accepted(cycle: int) -> list[tuple[str, str]]:
    """The spellings that are taken, with examples of the cycle's year."""
    return [(kind, spellings.replace("{cycle}", str(cycle))) for kind, spellings in ACCEPTED]


def deadline_text(cycle: int, deadline: datetime | None) -> str:
    """When the workbook is due, as the guide says it."""
    if deadline is None:
        return f"{cycle} 年度。请在考核主管部门通知的截止时间前上传，逾期上传会记为逾期。"
    clock = "" if (deadline.hour, deadline.minute) == (0, 0) else f" {deadline:%H:%M}"
    day = f"{deadline.year} 年 {deadline.month} 月 {deadline.day} 日{clock}"
    return f"{cycle} 年度。截止时间：{day}，逾期上传会记为逾期。"


def sheet_title(scheme: Scheme) -> str:
    """The name of the self-assessment, from that of the scheme: …考核方案（示例） gives …自评表（示例）."""
    return (
        scheme.title.replace("考核方案", "自评表") if "考核方案" in scheme.title else f"{scheme.title}自评表"
    )


def basis_text(scheme: Scheme) -> str:
    """What the assessment stands on, with the label that the shipped weights carry."""
    note = scheme.weights_note.strip()
    label = note if "示例" in note else f"{WEIGHTS_LABEL}。{note}"
    return f"依据：《{_regulation_title(scheme)}》、《{scheme.title}》（第 {scheme.version} 版）。分值和权重：{label}。"


def _regulation_title(scheme: Scheme) -> str:
    try:
        return load_regulation(scheme.regulation).title
    except RegulationError:
        return scheme.regulation.strip("《》")
