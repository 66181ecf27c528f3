"""What the values of a scheme are called on screens, in its workbook and in the list of differences."""

from __future__ import annotations

TYPES = {"yes_no": "是否", "level": "分级", "ratio": "比率", "count": "次数", "date": "日期"}
NA_RULES = {"never": "不得", "review": "经核准", "free": "可以"}
FINDING_KINDS = {"deduction": "扣分", "veto": "一票否决", "bonus": "加分"}
COURSES = {
    "rectification": "整改",
    "accountability": "问责",
    "education": "教育提醒",
    "penalty": "处罚",
    "commendation": "表彰",
}


def number_text(value: float) -> str:
    """1.5 → 1.5, 1.0 → 1: a number of the scheme as its file writes it."""
    return f"{value:.10g}"
