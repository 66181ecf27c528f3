"""What the pictures say that no other file says: closing of tasks, grades before and after the rules, severity, one unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reporting.theme import is_missing, percent


def say_closing(summary: Mapping[str, Any], *, name: str) -> str:
    """How many tasks were given out, done and are overdue (queries.task_summary)."""
    text = f"{name}下达整改任务 {summary['given_out']} 项，已销号 {summary['done']} 项"
    if not is_missing(summary["closing_rate"]):
        text += f"，销号率 {percent(summary['closing_rate'])}"
    return f"{text}；逾期未报送 {summary['overdue']} 项"


def say_steps(steps: pd.DataFrame) -> str:
    """How many have the best grade by the score and in the end, level by level (queries.grade_steps)."""
    best = steps.drop_duplicates("code")
    counts = dict(zip(best["code"], best["units"], strict=True))
    texts = []
    for code, name in zip(best["code"], best["name"], strict=True):
        level, step = code.split("-")
        if step == "score":
            texts.append(
                f"{name.removesuffix('按得分')} {counts[code]} 个、最终 {counts[f'{level}-final']} 个"
            )
    return f"按得分为{best['grade_name'].iloc[0]}的：{'；'.join(texts)}"


def say_severity(rows: pd.DataFrame) -> str:
    """How many posts lower clearly more or less than comparable ones (queries.severity with a difference)."""
    apart = rows[rows["is_apart"]]
    more, less = int((apart["difference"] > 0).sum()), int((apart["difference"] < 0).sum())
    return (
        f"{len(rows)} 个岗位可比：下调明显较多的 {more} 个，明显较少的 {less} 个。"
        "所列是差异，不是差错；岗位是机构或岗位，不是个人；线段为 95% 区间"
    )


def say_dimensions(dimensions: pd.DataFrame) -> str:
    """The dimension with the lowest attainment beside its category's mean (queries.unit_dimensions); "" where none has one."""
    known = dimensions[dimensions["attainment"].notna()]
    if known.empty:
        return ""
    row = known.loc[known["attainment"].astype(float).idxmin()]
    return (
        f"得分率最低的维度：{row['dimension_name']}，{percent(row['attainment'])}"
        f"（同类平均 {percent(row['category_mean'])}）"
    )
