"""What people write into the course of a year: short, and about institutions only."""

from __future__ import annotations

from data.course.acting import refuse
from data.personal_data import find_personal_data

LONGEST_TEXT = 500  # characters; longer is a pasted document


def check_text(text: str, *, what: str = "理由") -> None:
    """Raises StoreError where a reason or message is too long, or holds what looks like a person's data (SCORING.md)."""
    if len(text) > LONGEST_TEXT:
        raise refuse(f"{what}有 {len(text)} 字，最多 {LONGEST_TEXT} 字：请写得简短些，附件另行报送")
    if kind := find_personal_data(text):
        raise refuse(f"{what}中疑似含有{kind}：本系统只评机构，请删去个人信息")
