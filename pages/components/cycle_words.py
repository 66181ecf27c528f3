"""What a change of a cycle will mean, in sentences for the one who makes it; rows are those of `queries.cycle_state`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from data.model import LatePolicy

KEPT = "已接收的自评表和得分都不变，操作记入操作日志。"


def say_opening(year: int, scheme: str, *, opens_on: date, deadline: datetime, late: LatePolicy) -> list[str]:
    """What opening a cycle means."""
    return [
        f"{year} 年度按方案“{scheme}”考核，方案版本此后不能更换内容。",
        f"{opens_on} 开始填报，{deadline:%Y-%m-%d %H:%M} 截止；{_late(late)}。",
        f"名册是空的，请接着导入单位名册。各页面默认显示最新年度，开设后先看到的是还没有数据的 {year} 年度。",
    ]


def say_change(
    row: Mapping[str, Any], *, opens_on: date, deadline: datetime, late: LatePolicy, now: datetime
) -> list[str]:
    """What the changed rules mean, a sentence for each; empty where nothing is changed."""
    said = []
    if opens_on != row["opens_on"].date():
        said.append(f"开始填报日期改为 {opens_on}。它只供公布和显示，不限制提前交来的文件。")
    if deadline != row["deadline"]:
        said.append(
            f"截止时间由 {row['deadline']:%Y-%m-%d %H:%M} 改为 {deadline:%Y-%m-%d %H:%M}，"
            f"还没有提交的 {row['missing']:,} 家单位适用新的时间。"
        )
        said.append(
            f"已接收的 {row['submissions']:,} 份文件是否逾期按收到时的截止时间算，不因此改变"
            f"（现有 {row['late_units']:,} 家单位记为逾期）。"
        )
        if deadline < now:
            said.append("新的截止时间已经过去，从现在起收到的文件都是逾期的。")
    if late != row["late"]:
        said.append(f"截止时间以后，{_late(late)}。{_late_before(row, late)}")
    return [*said, KEPT] if said else []


def say_closing(row: Mapping[str, Any]) -> list[str]:
    """What closing a cycle means."""
    return [
        f"从现在起，{row['cycle']} 年度不再接收任何文件，交来的一律退回并说明年度已截止。",
        f"还没有提交的 {row['missing']:,} 家单位不能再提交；已提交的 {row['submitted']:,} 家也不能再更正。",
        KEPT,
        "可以随时重新开放。",
    ]


def say_reopening(row: Mapping[str, Any]) -> list[str]:
    """What reopening a cycle means."""
    return [
        f"{row['cycle']} 年度重新接收文件：还没有提交的 {row['missing']:,} 家单位可以提交，其他单位可以更正。",
        f"截止时间仍是 {row['deadline']:%Y-%m-%d %H:%M}，以后收到的{'接收并标记逾期' if row['late'] == 'mark' else '一律退回'}。",
        f"关闭期间退回的 {row['refused_closed']:,} 份文件没有保存，须由单位重新上传。",
        KEPT,
    ]


def _late(late: LatePolicy) -> str:
    return "逾期的文件照样接收，记为逾期" if late == "mark" else "逾期的文件不接收，退回并说明原因"


def _late_before(row: Mapping[str, Any], late: LatePolicy) -> str:
    if late == "mark":
        return f"此前因逾期退回的 {row['refused_late']:,} 份文件没有保存，须由单位重新上传。"
    return (
        f"此前逾期接收的（{row['late_units']:,} 家单位）不受影响；"
        f"还没有提交的 {row['missing']:,} 家单位过了截止时间就不能再提交。"
    )
