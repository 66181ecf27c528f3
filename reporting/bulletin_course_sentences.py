"""What a 通报 says about findings and rectification, and what it asks for until when: computed from the screens' frames."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from reporting.bulletin_sentences import NAMES_LISTED, points
from reporting.notices import chinese_day
from reporting.rows import rows_of
from reporting.theme import number, percent
from scoring.scheme import Scheme

DAYS_LISTED = 5  # nearest deadlines that are named
OPEN_TASKS = ("issued", "rejected")  # wait for the unit; as the board's 待整改


def say_findings(findings: pd.DataFrame, *, name: str) -> str:
    """How many findings stand in the region, of which kind, and what they take and give (queries.findings)."""
    kinds = findings["kind"].value_counts()
    parts = []
    if count := kinds.get("deduction", 0):
        applied = findings.loc[findings["kind"] == "deduction", "applied"].sum()
        parts.append(f"扣分事项{count}件（各单位扣分合计{points(applied, 1)}分）")
    if count := kinds.get("veto", 0):
        parts.append(f"一票否决{count}件")
    if count := kinds.get("bonus", 0):
        applied = findings.loc[findings["kind"] == "bonus", "applied"].sum()
        parts.append(f"加分事项{count}件（各单位加分合计{points(applied, 1)}分，计入得分时另按方案封顶）")
    return f"{name}现行有效的认定事项{len(findings)}件，涉及{findings['unit'].nunique()}家单位：{'，'.join(parts)}。"


def say_finding_effect(summary: Mapping[str, Any], *, name: str, decimals: int) -> str:
    """What deductions, vetoes and bonuses do to the region's score (parts of queries.region_summary)."""
    parts = [
        f"{label}使{name}得分{how}{points(summary[cause], decimals)}分"
        for cause, label, how in (
            ("deductions", "扣分", "减少"),
            ("veto", "一票否决", "减少"),
            ("bonus", "加分", "增加"),
        )
        if summary.get(cause)
    ]
    return f"{'，'.join(parts)}。" if parts else ""


def say_finding_states(findings: pd.DataFrame) -> str:
    """How far the deductions and vetoes are, and how many are late."""
    rows = findings[findings["kind"] != "bonus"]
    if rows.empty:
        return ""
    states = "、".join(f"{state}{count}件" for state, count in rows["state_name"].value_counts().items())
    late = int((rows["is_overdue"].astype(bool) | rows["is_past"].astype(bool)).sum())
    return f"扣分和一票否决事项的办理：{states}。" + (f"其中逾期{late}件。" if late else "")


def say_tasks(summary: Mapping[str, Any], *, name: str) -> str:
    """How many rectification tasks were given out and closed, and how many wait or are late (queries.task_summary)."""
    text = (
        f"{name}下达整改任务{summary['given_out']}项（不含已撤销），已销号{summary['done']}项，"
        f"销号率{percent(summary['closing_rate'])}；待整改{summary['waiting']}项，待复查{summary['answered']}项，"
        f"逾期未报送{summary['overdue']}项。"
    )
    if summary["done"]:
        text += (
            f"已销号的任务中按期报送的占{percent(summary['in_time_rate'])}，"
            f"从下达到销号的天数中位数为{number(summary['median_days'], 1)}天。"
        )
    return text


def say_slow_regions(rates: pd.DataFrame, *, name: str, rate: float) -> str:
    """Which regions closed a smaller share of their tasks than the whole did (queries.task_rates)."""
    slow = rates[(rates["given_out"] > 0) & (rates["closing_rate"] < rate)].sort_values("closing_rate")
    if slow.empty:
        return ""
    return f"销号率低于{name}（{percent(rate)}）的{len(slow)}个：{_with_rates(slow, 'closing_rate')}。"


# ---- what is asked


def ask_missing(regions: pd.DataFrame, *, missing: int, deadline: date, is_open: bool) -> str:
    """That units which handed in nothing do so, and where they are; "" where all did."""
    if not missing:
        return ""
    rows = regions.assign(missing=regions["registered"] - regions["submitted"])
    rows = rows[rows["missing"] > 0].sort_values(["missing", "code"], ascending=[False, True])
    where = "、".join(f"{row.name}{row.missing}家" for row in rows_of(rows.head(NAMES_LISTED)))
    more = f"等{len(rows)}地" if len(rows) > NAMES_LISTED else ""
    until = (
        f"请督促其在{chinese_day(deadline)}截止前提交"
        if is_open
        else f"填报已于{chinese_day(deadline)}截止，请督促其尽快补交"
    )
    return f"尚有{missing}家单位未提交自评表（{where}{more}）。{until}。"


def ask_slow(regions: pd.DataFrame, *, name: str, rate: float) -> str:
    """Which regions hand in less than the whole; "" where none does."""
    slow = regions[regions["submission_rate"] < rate].sort_values(["submission_rate", "code"])
    if slow.empty:
        return ""
    return f"提交率低于{name}（{percent(rate)}）的{len(slow)}个地区（{_with_rates(slow, 'submission_rate')}）应当逐家核对未提交的单位。"


def ask_overdue(tasks: pd.DataFrame) -> str:
    """That answers which are late come at once, with the oldest deadline; "" where none is late (queries.tasks)."""
    late = tasks[tasks["is_overdue"].astype(bool)]
    if late.empty:
        return ""
    return (
        f"有{len(late)}项整改任务已过期限而未报送，涉及{late['unit'].nunique()}家单位，"
        f"最早的期限为{_day(late['deadline'].min())}，请立即督促整改并报送整改情况。"
    )


def nearest_deadlines(tasks: pd.DataFrame) -> tuple[str, list[str]]:
    """How many tasks still wait within their time, and the nearest days with how many fall due on each; ("", []) if none."""
    waiting = tasks[tasks["state"].isin(OPEN_TASKS) & ~tasks["is_overdue"].astype(bool)]
    if waiting.empty:
        return "", []
    days = waiting.groupby("deadline").agg(tasks=("task", "size"), units=("unit", "nunique")).sort_index()
    lines = [
        f"{_day(day)}到期{row.tasks}项，涉及{row.units}家单位；"
        for day, row in zip(days.index[:DAYS_LISTED], rows_of(days.head(DAYS_LISTED)), strict=True)
    ]
    if len(days) > DAYS_LISTED:
        rest = int(days["tasks"].iloc[DAYS_LISTED:].sum())
        lines.append(f"其余{rest}项最迟于{_day(days.index[-1])}到期；")
    lines[-1] = f"{lines[-1][:-1]}。"
    return f"尚有{len(waiting)}项整改任务在期限以内待整改，请督促有关单位按下列期限完成并报送：", lines


def ask_findings(findings: pd.DataFrame) -> str:
    """Until when what was ordered has to be corrected: those still in time, and those past; "" where nothing is open."""
    rows = findings[findings["state"] == "ordered"]
    if rows.empty:
        return ""
    past = rows[rows["is_past"].astype(bool)]
    ahead = rows[rows["days_left"].notna() & ~rows["is_past"].astype(bool)]
    text = f"责令限期改正、尚未改正的认定事项{len(rows)}件"
    if len(ahead):
        text += f"，其中{len(ahead)}件在期限以内，最近的期限为{_day(ahead['deadline'].min())}"
    if len(past):
        text += f"，{len(past)}件已过期限"
    return f"{text}，请有关地区督促改正。"


def ask_gaps(gaps: pd.DataFrame, *, most: int = 3) -> str:
    """For which indicators evidence is to be put in order, as they cost most; "" where nothing is lost."""
    rows = gaps[gaps["gap"] > 0].head(most)
    if rows.empty:
        return ""
    named = "、".join(f"{row.label}（{row.place}）" for row in rows_of(rows))
    return f"请对照失分最多的指标{named}，逐单位核对未得满分的原因，按方案要求的佐证材料补齐。"


def ask_periods(scheme: Scheme, *, is_published: bool) -> list[tuple[str, str]]:
    """The scheme's periods for rectification and objection, as (what, sentence); nothing where it names none."""
    if scheme.periods is None:
        return []
    asked = [
        (
            "整改期限。",
            f"按照考核方案，责令改正和下达整改任务以后应当在{scheme.periods.rectification}日内完成整改，另定期限的从其期限。",
        )
    ]
    if not is_published:
        asked.append(
            (
                "异议。",
                f"单位对被调整的核定有异议的，自核定之日和该级审核关闭之日中较晚的一日起{scheme.periods.objection}日内可以提出一次；"
                "结果公布后不再受理。",
            )
        )
    return asked


def _with_rates(rows: pd.DataFrame, column: str) -> str:
    parts = [f"{row['name']}{percent(row[column])}" for row in rows.head(NAMES_LISTED).to_dict("records")]
    more = f"等{len(rows)}地" if len(rows) > NAMES_LISTED else ""
    return "、".join(parts) + more


def _day(value: Any) -> str:
    return chinese_day(value)
