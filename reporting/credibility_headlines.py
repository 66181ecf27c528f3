"""What the figures of 自评可信度 show, in one sentence each; none of them calls anything a fault."""

from __future__ import annotations

import pandas as pd

from reporting.theme import is_missing, number, percent

REFERENCE = "供核查参考，不等于填报有误"


def say_signs(signs: pd.DataFrame, *, name: str, submitted: int) -> str:
    """How many units have a sign, and how many of them several (queries.credibility_signs)."""
    if signs.empty:
        return f"{name}已提交的 {submitted:,} 家单位没有需要提示的填报"
    several = int((signs["signs"] > 1).sum())
    return (
        f"{name}已提交 {submitted:,} 家单位，{len(signs):,} 家有一类以上提示，其中 {several:,} 家有两类以上"
    )


def say_inflation(total: pd.DataFrame, *, name: str, decimals: int) -> str:
    """The region's mean self-inflation with what was verified (queries.inflation_by_region, its row of all categories)."""
    if total.empty:
        return f"{name}还没有提交的单位"
    row = total.iloc[0]
    if is_missing(row["inflation"]):
        return f"{name}已核 {row['verified']:,} 家单位，过少，不显示自评偏差"
    word = "高" if row["inflation"] >= 0 else "低"
    return (
        f"{name}已核 {row['verified']:,} 家（提交 {row['submitted']:,} 家），已核单位平均核定分值 "
        f"{percent(row['verified_share'])}，自评平均比核定{word} {number(abs(row['inflation']), decimals)} 分"
    )


def say_overstated(rows: pd.DataFrame) -> str:
    """Which indicator was lowered most often (queries.overstated)."""
    lowered = rows[rows["lowered"] > 0]
    if lowered.empty:
        return "核定中没有调低的指标"
    first = lowered.iloc[0]
    return f"调低最多：{first['title']}，核定 {first['rulings']:,} 次，调低 {first['lowered']:,} 次"


def say_unlikely(counts: pd.DataFrame, hits: pd.DataFrame) -> str:
    """How many units meet a rule, and the most frequent rule (queries.unlikely_counts, unlikely_answers)."""
    if hits.empty:
        return f"共 {len(counts)} 条规则，没有单位同时符合两个条件"
    most = counts.loc[counts["units"].idxmax()]
    return (
        f"共 {len(counts)} 条规则，{hits['code'].nunique():,} 家单位同时符合某条的两个条件；"
        f"最多：{most['rule_name']}，{most['units']:,} 家"
    )


def say_copied(groups: pd.DataFrame) -> str:
    """How many texts are shared, and the most shared one (queries.copied_groups)."""
    if groups.empty:
        return "没有逐字相同的佐证"
    first = groups.iloc[0]
    return f"{len(groups):,} 处佐证文字逐字相同；最多：{first['title']}，{first['units']:,} 家单位、{first['regions']} 个地区"


def say_patterns(patterns: pd.DataFrame) -> str:
    """How many units answer all alike, and how many sheets are the same (queries.answer_patterns)."""
    uniform, same = int(patterns["is_uniform"].sum()), int((patterns["twins"] > 0).sum())
    return f"{len(patterns):,} 家单位中，{uniform:,} 家分档、是否类填报得分率全部相同；{same:,} 家与同类其他单位整表相同"
