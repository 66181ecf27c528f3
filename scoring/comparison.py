"""What two schemes ask alike and what they do not: which figures of two years may be compared, and which may not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from scoring.entries import Dimension, Indicator, Rules
from scoring.scheme import Scheme

Presence = Literal["both", "before", "now"]
TYPE_NAMES = {"yes_no": "是否", "level": "分档", "ratio": "比率", "count": "计数", "date": "日期"}
MISSING_NAMES = {"zero": "计 0 分", "exclude": "不计入"}


@dataclass(frozen=True)
class IndicatorComparison:
    """One indicator of either scheme. `asked`: what is asked or how attainment follows from an answer differs, in
    words; `weighed`: only what it is worth differs. Its attainments compare where both have it and `asked` is empty."""

    id: str
    title: str
    article: int
    dimension: str
    presence: Presence
    asked: tuple[str, ...] = ()
    weighed: tuple[str, ...] = ()

    @property
    def is_comparable(self) -> bool:
        """Whether its attainments of the two years mean the same."""
        return self.presence == "both" and not self.asked


@dataclass(frozen=True)
class SchemeComparison:
    """Two schemes side by side; `rules`: what else differs (weights, thresholds, findings), in words.

    Indicators stand in the order of their ids, which is that of the regulation.
    """

    is_same: bool
    indicators: tuple[IndicatorComparison, ...]
    rules: tuple[str, ...]

    @property
    def by_id(self) -> dict[str, IndicatorComparison]:
        """Indicators by id."""
        return {entry.id: entry for entry in self.indicators}

    def article_presence(self, article: int) -> Presence:
        """In which of the two schemes the article has indicators."""
        found = {entry.presence for entry in self.indicators if entry.article == article}
        return found.pop() if len(found) == 1 else "both"

    def is_comparable(self, article: int) -> bool:
        """Whether every indicator of the article is asked alike in both years."""
        return all(entry.is_comparable for entry in self.indicators if entry.article == article)

    @property
    def articles(self) -> tuple[int, ...]:
        """The articles that have indicators in either scheme."""
        return tuple(sorted({entry.article for entry in self.indicators}))


def compare_schemes(before: Scheme, now: Scheme) -> SchemeComparison:
    """What differs from one scheme to the next."""
    is_same = (before.id, before.version) == (now.id, now.version)
    ids = sorted({**before.by_id, **now.by_id})
    return SchemeComparison(
        is_same=is_same,
        indicators=tuple(_compare(before.by_id.get(key), now.by_id.get(key)) for key in ids),
        rules=() if is_same else tuple(_rules(before, now)),
    )


def dimensions_of(before: Scheme, now: Scheme) -> tuple[Dimension, ...]:
    """The dimensions of both schemes, the newer one's first and under its names."""
    known = {dimension.id for dimension in now.dimensions}
    return (*now.dimensions, *(d for d in before.dimensions if d.id not in known))


def _compare(before: Indicator | None, now: Indicator | None) -> IndicatorComparison:
    entry = now or before
    presence: Presence = "both" if before and now else "now" if now else "before"
    return IndicatorComparison(
        id=entry.id,
        title=entry.title,
        article=entry.place.article,
        dimension=entry.dimension,
        presence=presence,
        asked=tuple(_asked(before, now)) if before and now else (),
        weighed=tuple(_weighed(before, now)) if before and now else (),
    )


def _asked(before: Indicator, now: Indicator) -> Iterable[str]:
    if before.type != now.type:
        yield f"题型由{TYPE_NAMES[before.type]}改为{TYPE_NAMES[now.type]}"
    elif before.target != now.target:
        yield f"目标由 {before.target:g} {before.measure}改为 {now.target:g} {now.measure}"
    elif before.choices != now.choices:
        yield _levels(before.choices, now.choices)
    elif before.window != now.window:
        yield "计分的日期范围不同"
    elif (before.numerator, before.denominator) != (now.numerator, now.denominator):
        yield "比率的口径不同"
    if before.na != now.na:
        yield "不适用的规定不同"
    if before.applies != now.applies:
        yield "适用的单位不同"
    if before.place.article != now.place.article:
        yield f"所依条文由第 {before.place.article} 条改为第 {now.place.article} 条"


def _weighed(before: Indicator, now: Indicator) -> Iterable[str]:
    if before.points != now.points:
        yield f"分值由 {before.points:g} 改为 {now.points:g}"
    if _present(before.shares) != _present(now.shares):
        yield "在两个责任制间的分配不同"
    if before.dimension != now.dimension:
        yield "所属维度不同"


def _present(shares: dict[str, float]) -> dict[str, float]:
    return {system: share for system, share in shares.items() if share}


def _levels(before: dict[str, float], now: dict[str, float]) -> str:
    gone, new = before.items() - now.items(), now.items() - before.items()
    texts = [
        f"{word}{'、'.join(f'{name} {value:g}' for name, value in sorted(levels, key=lambda level: level[1]))}"
        for word, levels in (("取消", gone), ("改设", new))
        if levels
    ]
    return f"档次不同：{'，'.join(texts)}"


def _rules(before: Scheme, now: Scheme) -> Iterable[str]:
    weights = [{system.name: system.weight for system in scheme.systems} for scheme in (before, now)]
    if weights[0] != weights[1]:
        yield f"责任制权重由{_shares(weights[0])}改为{_shares(weights[1])}"
    grades = [{grade.name: grade.min_score for grade in scheme.grades} for scheme in (before, now)]
    if grades[0] != grades[1]:
        yield f"等次分数线由{_thresholds(grades[0])}改为{_thresholds(grades[1])}"
    if [g.ceilings for g in before.grades] != [g.ceilings for g in now.grades]:
        yield "最高等次的比例上限不同"
    units = [{category.id: category.weight for category in scheme.categories} for scheme in (before, now)]
    if units[0] != units[1]:
        yield "单位类别的权重不同"
    yield from _scoring_rules(before.rules, now.rules)
    if before.aggravation.factor != now.aggravation.factor:
        yield f"从重倍数由 {before.aggravation.factor:g} 改为 {now.aggravation.factor:g}"
    points = [{finding.id: (finding.name, finding.points) for finding in s.findings} for s in (before, now)]
    for key in sorted(points[0].keys() & points[1].keys()):
        (_, one), (name, other) = points[0][key], points[1][key]
        if one != other:
            yield f"“{name}”的分值由 {one:g} 改为 {other:g}"
    for key in sorted(points[0].keys() ^ points[1].keys()):
        name, _ = points[0].get(key) or points[1][key]
        yield f"认定事项“{name}”只在{'后' if key in points[1] else '前'}一年的方案中"


def _scoring_rules(before: Rules, now: Rules) -> Iterable[str]:
    for field, name in (
        ("veto_cap", "一票否决的封顶分"),
        ("bonus_cap", "加分上限"),
        ("overdue_factor", "逾期倍数"),
        ("na_floor", "可比所需的适用分值比例"),
        ("min_group", "排名所需的最少单位数"),
        ("decimals", "公布的小数位数"),
    ):
        one, other = getattr(before, field), getattr(now, field)
        if one != other:
            yield f"{name}由 {one:g} 改为 {other:g}"
    if before.missing != now.missing:
        yield f"未提交的单位由{MISSING_NAMES[before.missing]}改为{MISSING_NAMES[now.missing]}"


def _shares(weights: dict[str, float]) -> str:
    return "、".join(f"{name} {weight:.0%}" for name, weight in weights.items())


def _thresholds(grades: dict[str, float]) -> str:
    return "、".join(f"{name} {score:g}" for name, score in grades.items())
