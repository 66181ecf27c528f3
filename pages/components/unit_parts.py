"""Sentences and rows about one unit, made from what data/queries.py answers; no widget, nothing of Streamlit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reporting.feedback_sentences import aggravations
from reporting.rows import records_of, rows_of
from reporting.unit_sums import printed_losses
from scoring.rounding import round_half_up, round_parts

STATE_TONES = {
    "已填报": "plain",
    "0 分": "fail",
    "未填": "none",
    "不适用": "none",
    "不适用待核": "pass",
}
WEIGHT_DECIMALS = 2  # of effective weights, shown as per cent of the unit's whole


def terms_as_shown(terms: pd.DataFrame, *, base: float, decimals: int) -> pd.DataFrame:
    """`unit_terms` with the columns of the table that adds up, parts rounded by largest remainder.

    Adds weight_pct (ω in %, adding to 100), earned (100·ω·x, adding to the rounded base), lost (adding to 100 − base),
    shown_state (已填报, 0 分, 未填, 不适用, 不适用待核), where (sheet!cell) and source (who set the value that counts).
    """
    weights = terms["effective_weight"].tolist()
    gaps = terms["gap"].tolist()
    printed_base = round_half_up(base, decimals)
    earned = [100 * weight - gap for weight, gap in zip(weights, gaps, strict=True)]
    is_zero = (terms["state"] == "answered") & (terms["attainment"] == 0)
    return terms.assign(
        weight_pct=round_parts([100 * w for w in weights], total=100, decimals=WEIGHT_DECIMALS),
        earned=round_parts(earned, total=printed_base, decimals=decimals),
        lost=printed_losses(gaps, base=base, decimals=decimals),
        shown_state=terms["state_name"].where(~is_zero, "0 分"),
        where=[
            f"{s}!{c}" if isinstance(s, str) and s else ""
            for s, c in zip(terms["sheet"], terms["cell"], strict=True)
        ],
        source=[_source(row) for row in records_of(terms)],
        said=[_said(row) for row in records_of(terms)],
    )


def with_repeats(terms: pd.DataFrame, repeats: pd.DataFrame) -> pd.DataFrame:
    """The terms with repeat (重复, or empty) and repeat_note: what `unit_repeats` says that the indicator had last year."""
    said = {} if repeats.empty else repeats.groupby("indicator", sort=False)["said"].agg("；".join).to_dict()
    return terms.assign(
        repeat=["重复" if indicator in said else "" for indicator in terms["indicator"]],
        repeat_note=[said.get(indicator, "") for indicator in terms["indicator"]],
    )


def state_counts(terms: pd.DataFrame) -> dict[str, int]:
    """How many indicators stand in each state, in a fixed order, states without any left out."""
    counts = terms["shown_state"].value_counts()
    return {state: int(counts[state]) for state in STATE_TONES if state in counts}


def finding_sentence(summary: Mapping[str, Any], terms: pd.DataFrame | None) -> str:
    """What the screen says first about a unit: score, grade, rank, and the indicators that cost most."""
    if summary["state"] == "not_submitted":
        return "本年度尚未提交自评表，没有得分；在所属地区按方案规定计算。"
    if summary["state"] == "refused":
        return "本年度提交的自评表已退回，尚无有效填报，没有得分。"
    if summary["score"] is None:
        return f"{summary['state_name']}，没有得分。"
    text = f"得分 {summary['score']:.2f}，{summary['grade_name']}"
    if summary["state"] == "not_comparable":
        text += f"（不适用占 {summary['na_share']:.0%}，不与同类单位比较）"
    if summary["rank"] is not None:
        text += f"，在全省 {summary['peers']:,} 家{summary['category_name']}中列第 {summary['rank']:,} 位"
    lost = [] if terms is None else [row for row in rows_of(terms) if row.gap > 0]
    if lost:
        worst = sorted(lost, key=lambda row: -row.gap)[:2]
        text += "；失分最多：" + "、".join(f"{row.title}（{row.lost:.2f} 分）" for row in worst)
    return text + "。"


def grade_note(row: Mapping[str, Any]) -> str:
    """Why the grade is not simply the score's, in a few words; empty where it is."""
    match row["grade_reason"]:
        case "veto":
            return "一票否决"
        case "ceiling":
            return f"按得分为{row['by_score_name']}，名次在比例上限之外"
        case "manual":
            return f"按得分为{row['by_score_name']}，省级另定"
        case _:
            return "与上限末位同分，一并保留" if row["is_at_cut"] else ""


def change_sentence(row: Mapping[str, Any]) -> str:
    """One finding as the rule that changed the score: place, document, date."""
    extra = aggravations(row)
    when = (
        f"，{row['on_date']:%Y-%m-%d}"
        if row["on_date"] is not None and row["on_date"] == row["on_date"]
        else ""
    )
    return f"{row['place']}：{row['name']}（{row['document']}{when}）" + (f"；{extra}" if extra else "")


def ordered_said(row: Mapping[str, Any]) -> str:
    """What was ordered of the unit and to which position, in small print; empty where nothing was."""
    to = f"（{row['addressee']}）" if row["addressee"] else ""
    return f"{row['ordered']}{to}" if row["ordered"] else ""


def deadline_said(row: Mapping[str, Any]) -> str:
    """The deadline of what was ordered and the last step's day; empty for what has neither."""
    day = {name: None if pd.isna(row[name]) else f"{row[name]:%Y-%m-%d}" for name in ("deadline", "step_on")}
    if row["state"] == "ordered" and day["deadline"]:
        return f"期限 {day['deadline']}"
    return day["step_on"] or ""


def _source(row: Mapping[str, Any]) -> str:
    return row["stage_name"] + (f"：{row['review_reason']}" if row["review_reason"] else "")


def _said(row: Mapping[str, Any]) -> str:
    if row["na_reason"]:
        return f"{row['answer'] or '不适用'}；理由：{row['na_reason']}"
    return row["answer"]
