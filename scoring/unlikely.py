"""Answers that are unlikely together: pairs of conditions on a unit's own answers, which a scheme lists as data.

A rule says what deserves a look, never what is wrong: it changes no score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, model_validator

from scoring.entries import ALL, Indicator, Model

Says = Literal["yes", "no", "zero", "some", "full", "at_least", "at_most", "dated", "not_held", "na"]

# What an answer is measured by: a count by its number, a ratio by its share, a level by its value, 是 and a date given by 1,
# 否 and 未开展 by 0. Which words fit which type:
FITTING: Mapping[str, tuple[str, ...]] = {
    "yes_no": ("yes", "no", "na"),
    "level": ("zero", "some", "full", "at_least", "at_most", "na"),
    "ratio": ("zero", "some", "full", "at_least", "at_most", "na"),
    "count": ("zero", "some", "at_least", "at_most", "na"),
    "date": ("dated", "not_held", "na"),
}
TYPES = {"yes_no": "是否", "level": "分档", "ratio": "比率", "count": "数量", "date": "日期"}
BOUNDED = ("at_least", "at_most")
FULL = 1.0


@dataclass(frozen=True)
class Range:
    """Which measured values a condition holds for (None: no bound), or, with `is_na`, that 不适用 is claimed."""

    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    is_na: bool = False


RANGES = {
    "yes": Range(at_least=FULL),
    "full": Range(at_least=FULL),
    "dated": Range(at_least=FULL),
    "no": Range(at_most=0.0),
    "zero": Range(at_most=0.0),
    "not_held": Range(at_most=0.0),
    "some": Range(above=0.0),
    "na": Range(is_na=True),
}


class Condition(Model):
    """What one answer says: `level` names the step of a `level` indicator, `value` the number or share of the others."""

    indicator: str
    says: Says
    level: str | None = None
    value: Annotated[float, Field(ge=0)] | None = None

    def range(self, indicator: Indicator) -> Range:
        """The measured values that it holds for, where it fits the indicator (`faults`)."""
        if self.says not in BOUNDED:
            return RANGES[self.says]
        bound = indicator.choices[self.level] if self.level is not None else self.value
        return Range(at_least=bound) if self.says == "at_least" else Range(at_most=bound)

    def faults(self, indicator: Indicator) -> Iterable[str]:
        """In Chinese, what keeps it from fitting the indicator's type."""
        fitting = FITTING[indicator.type]
        if self.says not in fitting:
            yield f'says = "{self.says}" 不适合{TYPES[indicator.type]}指标 {indicator.id}，可用：{"、".join(fitting)}'
            return
        if self.says == "na" and indicator.na == "never":
            yield f'指标 {indicator.id} 不得申报不适用，不能写 says = "na"'
        wanted = None if self.says not in BOUNDED else "level" if indicator.type == "level" else "value"
        for field in ("level", "value"):
            if field == wanted and getattr(self, field) is None:
                yield f'says = "{self.says}" 缺少 {field}'
            if field != wanted and getattr(self, field) is not None:
                yield f'{field} 与 says = "{self.says}"、{TYPES[indicator.type]}指标 {indicator.id} 不符'
        if wanted == "level" and self.level is not None and self.level not in indicator.choices:
            yield f"指标 {indicator.id} 没有“{self.level}”一档，可用：{'、'.join(indicator.choices)}"

    def describe(self, indicator: Indicator) -> str:
        """In words, e.g. “教育培训覆盖率”为 0."""
        bound = self.level if self.level is not None else _number(self.value, indicator)
        words = {
            "yes": "填“是”",
            "no": "填“否”",
            "zero": f"为“{_named(indicator, 0.0)}”" if indicator.type == "level" else "为 0",
            "some": f"高于“{_named(indicator, 0.0)}”" if indicator.type == "level" else "大于 0",
            "full": f"为“{_named(indicator, FULL)}”" if indicator.type == "level" else "达到 100%",
            "at_least": f"为“{bound}”以上" if self.level is not None else f"不低于 {bound}",
            "at_most": f"为“{bound}”以下" if self.level is not None else f"不高于 {bound}",
            "dated": "填了日期",
            "not_held": "填“未开展”",
            "na": "申报不适用",
        }
        return f"“{indicator.title}”{words[self.says]}"


class Unlikely(Model):
    """Two answers of one unit that are unlikely together, and why, in words an evaluator can read out."""

    id: Annotated[str, Field(pattern=r"^U\d{2}$")]
    name: Annotated[str, Field(max_length=24)]
    first: Condition
    second: Condition
    why: str

    @property
    def conditions(self) -> tuple[Condition, Condition]:
        """Both conditions, in the order of the rule."""
        return self.first, self.second

    @model_validator(mode="after")
    def _asks_two_indicators(self):
        if self.first.indicator == self.second.indicator:
            raise ValueError(f"first 和 second 是同一项指标 {self.first.indicator}，应为两项")
        return self


def unlikely_faults(rules: Iterable[Unlikely], indicators: Mapping[str, Indicator]) -> Iterable[str]:
    """What keeps rules from fitting the scheme's indicators, each with the rule's id and field, in Chinese."""
    for rule in rules:
        known = True
        for field in ("first", "second"):
            condition = getattr(rule, field)
            if condition.indicator not in indicators:
                known = False
                yield f"unlikely[{rule.id}].{field}.indicator：没有指标 {condition.indicator}"
            else:
                for fault in condition.faults(indicators[condition.indicator]):
                    yield f"unlikely[{rule.id}].{field}：{fault}"
        if known and not _can_meet(*(indicators[c.indicator] for c in rule.conditions)):
            both = "和".join(c.indicator for c in rule.conditions)
            yield f"unlikely[{rule.id}]：没有单位同时填报指标 {both}，这条规则不会生效，请核对两项的适用对象"


def _can_meet(first: Indicator, second: Indicator) -> bool:
    """Whether a unit can be asked both: tags combine with any category, two categories do not combine."""
    if first.applies.tags or second.applies.tags:
        return True
    ours, theirs = set(first.applies.categories), set(second.applies.categories)
    return ALL in ours | theirs or bool(ours & theirs)


def _named(indicator: Indicator, value: float) -> str:
    return next((name for name, each in indicator.choices.items() if each == value), f"{value:g}")


def _number(value: float | None, indicator: Indicator) -> str:
    if value is None:
        return ""
    return f"{value:.0%}" if indicator.type == "ratio" else f"{value:g}"
