"""What two versions of a scheme differ in, line by line: entry, field, before, now, and what the difference changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel

from scoring.scheme import Indicator, Place, Scheme, Window
from scoring.scheme_tables import CEILINGS, MISSING_RULES, applies_words
from scoring.unlikely import Condition
from scoring.words import COURSES, FINDING_KINDS, NA_RULES, TYPES, number_text

Affects = Literal["得分", "等次", "文字", "流程"]
KINDS = {
    "systems": "责任制", "dimensions": "维度", "categories": "类别", "tags": "标签", "grades": "等次",
    "indicators": "指标", "findings": "认定事项", "uncovered": "无指标条文",
    "unlikely": "不易并存规则",
}  # fmt: skip
PARTS = {"rules": "规则", "aggravation": "从重", "periods": "期限", "sampling": "抽查"}
TOP = {"id": "方案编号", "title": "标题", "regulation": "条例", "weights_note": "权重说明"}
FIELDS = {
    "name": "名称", "weight": "权重", "title": "名称", "question": "填报问题", "criterion": "评分标准", "place": "条款",
    "dimension": "维度", "type": "类型", "points": "分值", "shares": "责任制分配", "applies": "适用对象", "na": "不适用",
    "evidence": "佐证材料", "evidence_required": "须附佐证", "check": "核查办法", "levels": "分级", "target": "目标值",
    "measure": "计量单位", "numerator": "分子", "denominator": "分母", "input": "填法", "window": "时间范围",
    "min_score": "得分下限", "ceilings": "比例上限", "kind": "类型", "consequence": "后果", "course": "办理程序",
    "articles": "条文", "first": "第一项填报", "second": "第二项填报", "why": "说明", "description": "说明", "expects_one_of": "应有标签", "factor": "倍数", "reason": "原因",
    "decimals": "得分小数位", "missing": "未提交单位", "veto_cap": "一票否决封顶分", "bonus_cap": "加分上限",
    "overdue_factor": "逾期未改正倍数", "na_floor": "可比下限", "min_group": "排名最少单位数", "county": "初审（天）",
    "prefecture": "复核（天）", "province": "终评（天）", "objection": "异议（天）", "rectification": "整改（天）",
    "random_share": "随机比例", "top_share": "高分比例", "jump": "跃升（分）", "inflation": "自评偏差（分）", "rare": "少见比例",
    "unusual": "少见答案个数", "copied": "相同佐证处数", "evidence_length": "相同佐证最少字数",
}  # fmt: skip
SCORING = {
    "weight", "type", "points", "shares", "applies", "na", "levels", "target", "input", "window", "factor", "decimals",
    "missing", "veto_cap", "bonus_cap", "overdue_factor", "na_floor", "kind", "dimension",
}  # fmt: skip
# What an entry changes that only one version has: an unused dimension or tag changes nothing by itself, and where it is
# used, the indicators have lines of their own.
WHOLE: dict[str, Affects] = {
    "uncovered": "文字",
    "unlikely": "流程",
    "dimensions": "文字",
    "tags": "文字",
    "grades": "等次",
}
INPUTS = {"fraction": "分子、分母", "percent": "百分比"}
GRADING = {"min_score", "ceilings", "min_group"}
NOTHING = ""


@dataclass(frozen=True)
class Difference:
    """One line: kind of entry, its id and title, the field, both values in words, and what it changes."""

    kind: str
    id: str
    title: str
    field: str
    before: str
    now: str
    affects: Affects


def differences(before: Scheme, now: Scheme) -> list[Difference]:
    """One row per field in which two versions differ, or per entry that only one of them has; the version is none."""
    spoken = _Words(before), _Words(now)
    return [*_top(before, now), *_parts(before, now, spoken), *_entries(before, now, spoken)]


def _top(before: Scheme, now: Scheme) -> Iterator[Difference]:
    for field, title in TOP.items():
        old, new = getattr(before, field), getattr(now, field)
        if old != new:
            yield Difference("方案", NOTHING, NOTHING, title, old, new, "文字")


def _parts(before: Scheme, now: Scheme, spoken: Spoken) -> Iterator[Difference]:
    for part, kind in PARTS.items():
        about = Difference(kind, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, "文字")
        yield from _fields(about, getattr(before, part), getattr(now, part), part, spoken)


def _entries(before: Scheme, now: Scheme, spoken: Spoken) -> Iterator[Difference]:
    for part, kind in KINDS.items():
        old = {_key(entry): entry for entry in getattr(before, part)}
        new = {_key(entry): entry for entry in getattr(now, part)}
        for key in [*old, *(key for key in new if key not in old)]:
            affects = WHOLE.get(part, "得分")
            if key not in new:
                yield Difference(kind, key, _title(old[key]), "整项", "有", "删除", affects)
            elif key not in old:
                yield Difference(kind, key, _title(new[key]), "整项", "无", "新增", affects)
            else:
                about = Difference(kind, key, _title(new[key]), NOTHING, NOTHING, NOTHING, "文字")
                yield from _fields(about, old[key], new[key], part, spoken)
        common = [key for key in old if key in new]
        if common != [key for key in new if key in old]:
            yield Difference(kind, NOTHING, NOTHING, "顺序", "原顺序", "新顺序", "文字")


def _fields(
    about: Difference, old: BaseModel | None, new: BaseModel | None, part: str, spoken: Spoken
) -> Iterator[Difference]:
    one, other = (dict(each) if each is not None else {} for each in (old, new))
    for field in dict.fromkeys([*one, *other]):
        if one.get(field) != other.get(field):
            yield replace(
                about,
                field=FIELDS.get(field, field),
                before=spoken[0].say(field, one.get(field), old),
                now=spoken[1].say(field, other.get(field), new),
                affects=_affects(field, part),
            )


def _affects(field: str, part: str) -> Affects:
    if part in ("periods", "sampling", "unlikely") or field == "course":
        return "流程"
    if field in GRADING:
        return "等次"
    if field in SCORING:
        return "得分"
    return "文字"


def _key(entry: Any) -> str:
    return str(getattr(entry, "id", None) or entry.article)


def _title(entry: Any) -> str:
    return getattr(entry, "title", None) or getattr(entry, "name", NOTHING)


class _Words:
    """Values of one version in words: its own names for systems, dimensions and whom an indicator concerns."""

    def __init__(self, scheme: Scheme):
        self.scheme = scheme
        self.systems = {s.id: s.name for s in scheme.systems}
        self.dimensions = {d.id: d.name for d in scheme.dimensions}
        self.tags = {t.id: t.name for t in scheme.tags}

    def say(self, field: str, value: Any, entry: BaseModel | None) -> str:
        if value is None:
            return NOTHING
        if field == "applies" and isinstance(entry, Indicator):
            return "、".join(applies_words(entry, self.scheme))
        if field == "shares":
            return "、".join(
                f"{self.systems.get(key, key)} {number_text(share)}" for key, share in value.items()
            )
        if field == "ceilings":
            return "、".join(f"{CEILINGS[key]} {number_text(share)}" for key, share in value.items())
        if field == "levels":
            return "、".join(f"{level.name} {number_text(level.value)}" for level in value)
        if field == "expects_one_of":
            return "、".join(self.tags.get(key, key) for key in value)
        if isinstance(value, Condition) and value.indicator in self.scheme.by_id:
            return value.describe(self.scheme.by_id[value.indicator])
        words = {"dimension": self.dimensions, "na": NA_RULES, "missing": MISSING_RULES, "type": TYPES}
        words |= {"kind": FINDING_KINDS, "input": INPUTS, "course": COURSES}
        return words[field].get(value, value) if field in words else _plain(value)


Spoken = tuple[_Words, _Words]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, Place):
        return value.label
    if isinstance(value, Window):
        return "当年内" if value.span == "year" else f"含 {value.month} 月 {value.day} 日的一周"
    if isinstance(value, tuple):
        return "、".join(_plain(each) for each in value)
    return str(value)
