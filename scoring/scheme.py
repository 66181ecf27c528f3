"""The assessment scheme as checked data: systems, dimensions, indicators, grades, findings and rules.

A scheme is one TOML file (see ``schemes/``). It follows 《黑龙江省反间谍安全防范条例》: every indicator, finding,
veto and bonus carries the article it stands on; the regulation gives duties, not weights, so all weights are data.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from scoring.entries import (
    ALL,
    NO,
    NOT_APPLICABLE,
    NOT_HELD,
    SUM_TOLERANCE,
    YES,
    Aggravation,
    Applies,
    Category,
    Dimension,
    Finding,
    Grade,
    Indicator,
    Level,
    Model,
    Periods,
    Place,
    Rules,
    Sampling,
    System,
    Tag,
    UncoveredArticle,
    Window,
    chinese_number,
)
from scoring.error_texts import describe_errors
from scoring.unlikely import Unlikely, unlikely_faults

# The entries are read through the scheme: who imports Scheme finds its parts here.
__all__ = [
    "ALL",
    "COMPOSITE",
    "DEFAULT_SCHEME",
    "NO",
    "NOT_APPLICABLE",
    "NOT_HELD",
    "SCHEMES",
    "YES",
    "Aggravation",
    "Applies",
    "Category",
    "Dimension",
    "Finding",
    "Grade",
    "Indicator",
    "Level",
    "Model",
    "Periods",
    "Place",
    "Rules",
    "Sampling",
    "Scheme",
    "SchemeError",
    "System",
    "Tag",
    "UncoveredArticle",
    "Unlikely",
    "Window",
    "chinese_number",
    "digest_text",
    "load_scheme",
    "parse_scheme",
    "shipped_schemes",
]

SCHEMES = Path(__file__).parent / "schemes"
DEFAULT_SCHEME = "heilongjiang-2026"
COMPOSITE = "composite"  # the basis in which both systems count with their weights
UNREFERENCED = ("indicators", "findings", "uncovered", "unlikely")  # entries that can be left out of a check


class SchemeError(ValueError):
    """A scheme file that cannot be used; its text names every culprit, in Chinese."""


class Scheme(Model):
    """A whole assessment scheme; `id` and `version` name it for ever, another content is another version."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    version: str
    title: str
    regulation: str
    weights_note: str
    rules: Rules
    aggravation: Aggravation
    systems: Annotated[tuple[System, ...], Field(min_length=1)]
    dimensions: tuple[Dimension, ...]
    categories: tuple[Category, ...]
    tags: tuple[Tag, ...]
    grades: tuple[Grade, ...]
    indicators: tuple[Indicator, ...]
    findings: tuple[Finding, ...] = ()
    uncovered: tuple[UncoveredArticle, ...] = ()
    periods: Periods | None = None
    sampling: Sampling | None = None
    unlikely: tuple[Unlikely, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Indicator]:
        """Indicators by id."""
        return {indicator.id: indicator for indicator in self.indicators}

    @property
    def bases(self) -> tuple[str, ...]:
        """The bases a score exists in: composite first, then each system alone."""
        return (COMPOSITE, *(system.id for system in self.systems))

    def indicators_for(self, *, category: str, tags: Iterable[str]) -> tuple[Indicator, ...]:
        """The indicators that apply to a unit, in the scheme's order."""
        tags = tuple(tags)
        return tuple([i for i in self.indicators if i.applies.matches(category=category, tags=tags)])

    def mended_by(self, day: date) -> date | None:
        """Until when what is ordered on a day should be mended, by the scheme's days; None where it names none."""
        return day + timedelta(days=self.periods.rectification) if self.periods else None

    def category(self, key: str) -> Category | None:
        """A category by id or by its Chinese name, or None."""
        return next((c for c in self.categories if key in (c.id, c.name)), None)

    def tag(self, key: str) -> Tag | None:
        """A function tag by id or by its Chinese name, or None."""
        return next((t for t in self.tags if key in (t.id, t.name)), None)

    @model_validator(mode="after")
    def _is_consistent(self):
        culprits = [
            *self._duplicates(),
            *self._unknown_references(),
            *self._grade_faults(),
            *self._weight_faults(),
            *self._coverage_faults(),
            *unlikely_faults(self.unlikely, self.by_id),
        ]
        if culprits:
            raise ValueError("；".join(culprits))
        return self

    def _duplicates(self) -> Iterable[str]:
        for what, entries in {
            "责任制": self.systems,
            "维度": self.dimensions,
            "类别": self.categories,
            "标签": self.tags,
            "等次": self.grades,
            "指标": self.indicators,
            "认定事项": self.findings,
            "不易并存规则": self.unlikely,
        }.items():
            for key, times in Counter(entry.id for entry in entries).items():
                if times > 1:
                    yield f"{what}编号 {key} 重复 {times} 次"
            if what in ("类别", "标签", "维度"):
                for name, times in Counter(entry.name for entry in entries).items():
                    if times > 1:
                        yield f"{what}名称 {name} 重复 {times} 次"

    def _unknown_references(self) -> Iterable[str]:
        systems = {s.id for s in self.systems}
        dimensions = {d.id for d in self.dimensions}
        categories = {c.id for c in self.categories} | {ALL}
        tags = {t.id for t in self.tags}
        for category in self.categories:
            for tag in sorted(set(category.expects_one_of) - tags):
                yield f"类别 {category.id}：没有标签 {tag}"
        for indicator in self.indicators:
            if indicator.dimension not in dimensions:
                yield f"指标 {indicator.id}：没有维度 {indicator.dimension}"
            for system in set(indicator.shares) - systems:
                yield f"指标 {indicator.id}：没有责任制 {system}"
            for category in set(indicator.applies.categories) - categories:
                yield f"指标 {indicator.id}：没有类别 {category}"
            for tag in set(indicator.applies.tags) - tags:
                yield f"指标 {indicator.id}：没有标签 {tag}"
            if not indicator.applies.categories and not indicator.applies.tags:
                yield f"指标 {indicator.id}：没有适用对象"

    def _grade_faults(self) -> Iterable[str]:
        floors = [grade.min_score for grade in self.grades]
        if floors != sorted(set(floors), reverse=True) or not floors or floors[-1] != 0:
            yield "等次须从高到低排列，最低一等 min_score 为 0"
        for grade in self.grades[1:]:
            if grade.ceilings:
                yield f"等次 {grade.id}：只有最高一等可以写比例上限 ceilings"

    def _weight_faults(self) -> Iterable[str]:
        total = sum(system.weight for system in self.systems)
        if abs(total - 1) > SUM_TOLERANCE:
            yield f"责任制权重之和应为 1，现为 {total:g}"

    def _coverage_faults(self) -> Iterable[str]:
        covered = {entry.place.article for entry in (*self.indicators, *self.findings)}
        for article, times in Counter(entry.article for entry in self.uncovered).items():
            if times > 1:
                yield f"uncovered：第 {article} 条重复 {times} 次"
            if article in covered:
                yield f"uncovered：第 {article} 条已有指标或者认定事项"


def load_scheme(path: Path | str) -> Scheme:
    """Read and check one scheme file.

    Raises SchemeError naming every culprit (file, field, what is wrong) when it is not a valid scheme.
    """
    name = Path(path).name
    try:
        return parse_scheme(Path(path).read_text("utf-8"), name=name)
    except UnicodeDecodeError as error:
        raise SchemeError(f"{name}：不是 UTF-8 编码的文本") from error


def parse_scheme(text: str, *, name: str) -> Scheme:
    """Check a scheme given as TOML text; `name` is used in error messages. Raises SchemeError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SchemeError(f"{name}：不是有效的 TOML：{error}") from error
    try:
        return Scheme.model_validate(data)
    except ValidationError as error:
        lines = describe_errors(error, data) + _faults_between_entries(error, data)
        raise SchemeError(f"{name} 有 {len(lines)} 处错误：\n" + "\n".join(lines)) from error


def _faults_between_entries(error: ValidationError, data: dict) -> list[str]:
    # A faulty entry keeps pydantic from comparing the entries with each other; without the faulty ones it does.
    faulty = {fault["loc"][:2] for fault in error.errors() if len(fault["loc"]) > 1}
    if not faulty or any(kind not in UNREFERENCED for kind, _ in faulty):
        return []
    sound = {
        key: [entry for n, entry in enumerate(value) if (key, n) not in faulty]
        if key in UNREFERENCED
        else value
        for key, value in data.items()
    }
    if any(kind == "indicators" for kind, _ in faulty):
        sound.pop("unlikely", None)  # they name indicators, and would miss the faulty ones
    try:
        Scheme.model_validate(sound)
    except ValidationError as second:
        return describe_errors(second, sound) if any(not e["loc"] for e in second.errors()) else []
    return []


def digest_text(text: str) -> str:
    """SHA-256 of a scheme's text, by which an edit in place is noticed."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def shipped_schemes() -> dict[str, Path]:
    """The scheme files that come with the product, by scheme id."""
    return {path.stem: path for path in sorted(SCHEMES.glob("*.toml"))}
