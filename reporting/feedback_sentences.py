"""What a unit's result sheet says in words: how it stands, why its grade is what it is, what mends a gap, what is due when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from reporting.bulletin_sentences import moment_said
from reporting.notices import chinese_day
from reporting.theme import is_missing, number, percent
from scoring.scheme import Indicator, Scheme

COSTLIEST_SAID = 3
RATIO_TARGET = "比率达到100%"


def say_standing(row: Mapping[str, Any], *, decimals: int, lost: float, is_open: bool) -> str:
    """Score, grade, place among its like, and what the indicators cost; before the deadline without place and grade."""
    score = number(row["score"], decimals)
    if is_open:
        text = f"目前得分{score}分，截止前仍会变动，不评等次、不排名次"
    else:
        text = f"得分{score}分，等次为{row['grade_name']}"
        if why := grade_why(row):
            text += f"（{why}）"
        text += f"，{place_said(row)}"
    if row["state"] == "not_comparable":
        text += f"；不适用的分值占{percent(row['na_share'], 0)}，不与同类单位比较"
    return f"{text}。指标共失{number(lost, decimals)}分。"


def place_said(row: Mapping[str, Any]) -> str:
    """在全省45家机关中列第3位, or why there is no place."""
    if is_missing(row["rank"]):
        why = "不可比" if row["state"] == "not_comparable" else "同类单位过少"
        return f"{why}，不排名次"
    return f"在全省{row['peers']:.0f}家{row['category_name']}中列第{row['rank']:.0f}位"


def grade_why(row: Mapping[str, Any]) -> str:
    """Why the grade is not simply the score's; empty where it is."""
    match row["grade_reason"]:
        case "veto":
            return "一票否决，等次为最低一等"
        case "ceiling":
            return f"按得分为{row['by_score_name']}，名次在比例上限之外"
        case "manual":
            document = f"，{row['grade_document']}" if row["grade_document"] else ""
            return f"按得分为{row['by_score_name']}，省级另定：{row['grade_note']}{document}"
        case _:
            return "与上限末位同分，一并保留" if row["is_at_cut"] else ""


def say_without_score(
    row: Mapping[str, Any], *, scheme: Scheme, deadline: datetime, is_open: bool
) -> list[str]:
    """Why a unit has no score, what that means for it and its region, and what it has to do until when."""
    counted = "计0分" if scheme.rules.missing == "zero" else "不计入"
    until = moment_said(deadline)
    when = f"请于{until}截止前提交" if is_open else f"填报已于{until}截止，请尽快补交"
    match row["state"]:
        case "not_submitted":
            what = "你单位本年度尚未提交自评表，没有得分，不参加同类单位排名。"
            todo = f"请向考核主管部门领取或者在系统“自评填报”下载本单位的自评表，填好后提交；{when}。"
        case "refused":
            what = "你单位本年度提交的自评表未通过检查，已退回，尚无有效填报，没有得分，不参加同类单位排名。"
            todo = f"请在系统“自评填报”查看退回文件中标出的单元格，逐处改正后重新提交；{when}。"
        case _:
            return [
                f"你单位{row['state_name']}，没有得分。",
                "请与考核主管部门核对名册中的类别和职能标签，更正后重新计分。",
            ]
    return [
        what,
        f"截止后仍未提交的，在所属地区得分中{counted}。" if is_open else f"所属地区得分中，你单位{counted}。",
        todo,
    ]


def what_mends(indicator: Indicator | None) -> str:
    """What full marks ask for: the target where there is one, and the evidence."""
    if indicator is None:
        return ""
    match indicator.type:
        case "count":
            target = f"达到{indicator.target:g}{indicator.measure}"
        case "ratio":
            target = RATIO_TARGET
        case "level":
            target = f"达到“{max(indicator.levels, key=lambda level: level.value).name}”"
        case "yes_no":
            target = "应为“是”"
        case _:
            target = "在规定的时间内开展"
    return f"{target}；佐证材料：{indicator.evidence}"


def say_next(
    *,
    tasks: Sequence[Mapping[str, Any]],
    rulings: Sequence[Mapping[str, Any]],
    findings: Sequence[Mapping[str, Any]],
    gaps: Sequence[Mapping[str, Any]],
) -> list[str]:
    """What the unit has to do or may do, until when: open tasks, orders, objections, the costliest indicators."""
    texts = []
    waiting = [task for task in tasks if task["state"] in ("issued", "rejected")]
    if waiting:
        late = sum(bool(task["is_overdue"]) for task in waiting)
        days = [task["deadline"] for task in waiting if not task["is_overdue"]]
        text = f"有{len(waiting)}项整改任务待报送"
        text += f"，其中{late}项已逾期，请立即完成并报送" if late else ""
        text += f"，最近的期限为{chinese_day(min(days))}" if days else ""
        texts.append(f"{text}。")
    ordered = [row for row in findings if row["state"] == "ordered"]
    if ordered:
        days = [row["deadline"] for row in ordered if not is_missing(row["deadline"])]
        until = f"，期限为{chinese_day(min(days))}" if days else ""
        texts.append(f"有{len(ordered)}件责令限期改正的事项尚未改正{until}。")
    may = [row for row in rulings if row["may_object"]]
    if may:
        days = [row["last_day"] for row in may if not is_missing(row["last_day"])]
        until = (
            f"，最早截止的一项在{chinese_day(min(days))}以前" if days else "，在该级审核关闭以前随时可以提出"
        )
        texts.append(
            f"有{len(may)}项核定与自评不同，有异议的可以在系统“单位详情”逐项提出，每项一次{until}；由上一级决定。"
        )
    if gaps:
        named = "、".join(gap["title"] for gap in gaps[:COSTLIEST_SAID])
        texts.append(f"失分最多的指标：{named}。请对照下表逐项补齐。")
    return texts


def finding_said(row: Mapping[str, Any]) -> str:
    """The finding's name, with what made it weigh more."""
    extra = aggravations(row)
    return row["finding_name"] + (f"（{extra}）" if extra else "")


def aggravations(row: Mapping[str, Any]) -> str:
    """What makes a finding weigh more: 逾期未整改、从重; empty where nothing does."""
    holding = (("逾期未整改", row["is_overdue"]), ("从重", row["is_aggravated"]))
    return "、".join(text for text, holds in holding if holds)


def day_or_dash(day: date | Any) -> str:
    """2026-12-01, or a dash."""
    return "—" if is_missing(day) else f"{day:%Y-%m-%d}"
