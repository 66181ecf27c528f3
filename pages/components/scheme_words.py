"""A scheme's entries in the words of the screen, and as rows of its tables."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from scoring.scheme import ALL, Indicator, Scheme
from scoring.words import COURSES, FINDING_KINDS, NA_RULES, TYPES, number_text

CEILINGS = {"unit": "单位（同类别）", "county": "县（市、区）", "prefecture": "市（地）"}
MISSING_RULES = {"zero": "按 0 分计入地区得分", "exclude": "不计入地区得分"}


def applies_text(indicator: Indicator, scheme: Scheme) -> str:
    """Whom an indicator concerns, by names: categories, then function tags."""
    names = [
        "全部类别" if key == ALL else (found.name if (found := scheme.category(key)) else key)
        for key in indicator.applies.categories
    ]
    names += [found.name if (found := scheme.tag(key)) else key for key in indicator.applies.tags]
    return "、".join(names)


def shares_text(indicator: Indicator, scheme: Scheme) -> str:
    """How its points are split over the systems: 国家安全责任制 70%、平安建设责任制 30%."""
    names = {system.id: system.name for system in scheme.systems}
    return "、".join(f"{names.get(key, key)} {share:.0%}" for key, share in indicator.shares.items())


def standard_text(indicator: Indicator) -> str:
    """How an answer becomes an attainment: its steps, target, window, or fraction."""
    if indicator.type == "level":
        return "；".join(f"{level.name} {number_text(level.value)}" for level in indicator.levels)
    if indicator.type == "count":
        return f"达到 {number_text(indicator.target or 0)}{indicator.measure} 得满分"
    if indicator.type == "ratio":
        fraction = f"{indicator.numerator} ÷ {indicator.denominator}"
        return "填百分比" if indicator.input == "percent" else fraction
    if indicator.type == "date" and indicator.window:
        window = indicator.window
        return "当年内" if window.span == "year" else f"含 {window.month} 月 {window.day} 日的一周内"
    return "是 1；否 0"


def indicator_rows(scheme: Scheme, indicators: Iterable[Indicator]) -> pd.DataFrame:
    """One row per indicator: everything the scheme says about it, in words."""
    dimensions = {dimension.id: dimension.name for dimension in scheme.dimensions}
    rows = [
        {
            "id": i.id,
            "title": i.title,
            "question": i.question,
            "criterion": i.criterion,
            "article": i.place.article,
            "place": i.place.label,
            "dimension": dimensions.get(i.dimension, i.dimension),
            "type": TYPES[i.type],
            "standard": standard_text(i),
            "points": i.points,
            "shares": shares_text(i, scheme),
            "applies": applies_text(i, scheme),
            "na": NA_RULES[i.na],
            "evidence": i.evidence if i.evidence_required else f"{i.evidence}（可不附）",
            "check": i.check,
        }
        for i in indicators
    ]
    return pd.DataFrame(rows, columns=list(INDICATOR_TITLES))


# Column of `indicator_rows` → its header in a download.
INDICATOR_TITLES = {
    "id": "编号",
    "title": "指标",
    "question": "填报问题",
    "criterion": "评分标准",
    "article": "条",
    "place": "条款",
    "dimension": "维度",
    "type": "类型",
    "standard": "得分方法",
    "points": "分值",
    "shares": "责任制分配",
    "applies": "适用对象",
    "na": "不适用",
    "evidence": "佐证材料",
    "check": "核查办法",
}


def finding_rows(scheme: Scheme) -> pd.DataFrame:
    """One row per finding: id, kind, name, place, article, points (None for a veto), consequence, course."""
    return pd.DataFrame(
        [
            {
                "id": f.id,
                "kind": FINDING_KINDS[f.kind],
                "name": f.name,
                "article": f.place.article,
                "place": f.place.label,
                "points": None if f.kind == "veto" else f.points,
                "consequence": f.consequence,
                "course": COURSES[f.machine],
            }
            for f in scheme.findings
        ],
        columns=["id", "kind", "name", "article", "place", "points", "consequence", "course"],
    )


def rule_rows(scheme: Scheme) -> pd.DataFrame:
    """One row per rule of the scheme that has a number or a choice: name, value as text, what it means."""
    rules = scheme.rules
    rows = [
        ("得分小数位", str(rules.decimals), "公布的得分四舍五入到这一位，名次由公布的得分排定"),
        ("未提交单位", MISSING_RULES[rules.missing], "截止后仍未提交的单位怎样进入地区得分"),
        ("一票否决封顶分", number_text(rules.veto_cap), "有一票否决的单位得分不超过此分，并列最低等次"),
        ("加分上限", number_text(rules.bonus_cap), "一个单位加分合计的上限"),
        ("逾期未改正倍数", number_text(rules.overdue_factor), "整改逾期的扣分乘以此数"),
        ("从重倍数", number_text(scheme.aggravation.factor), f"{scheme.aggravation.place.label}：{scheme.aggravation.name}"),
        ("可比下限", f"{rules.na_floor:.0%}", "适用分值低于此比例的单位，得分标为不可比"),
        ("排名最少单位数", str(rules.min_group), "同类单位少于此数只列得分，不排名"),
    ]  # fmt: skip
    if scheme.periods:
        names = {
            "county": "初审",
            "prefecture": "复核",
            "province": "终评",
            "objection": "提出异议",
            "rectification": "整改",
        }
        rows += [
            (f"{name}期限", f"{getattr(scheme.periods, key)} 天", "自上一环节结束（或通知、责令）之日起")
            for key, name in names.items()
        ]
    return pd.DataFrame(rows, columns=["name", "value", "meaning"])
