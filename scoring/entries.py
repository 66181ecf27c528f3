"""The entries of an assessment scheme: systems, dimensions, categories, indicators, findings and rules.

Each entry checks itself; what holds between entries is checked by the scheme (``scheme.py``).
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

SUM_TOLERANCE = 1e-9  # decimals like 0.7 + 0.3 must sum to 1, but for binary rounding

IndicatorType = Literal["yes_no", "level", "ratio", "count", "date"]
NaRule = Literal["never", "review", "free"]

YES, NO = "是", "否"
NOT_HELD = "未开展"  # the answer to a `date` indicator whose activity did not take place
NOT_APPLICABLE = "不适用"
ALL = "all"
COMMON_YEAR = 2023  # not a leap year: a window must exist in every year
Course = Literal["rectification", "accountability", "education", "penalty", "commendation"]
USUAL_COURSES: dict[str, Course] = {
    "deduction": "rectification",
    "veto": "accountability",
    "bonus": "commendation",
}
FINDING_LETTERS = {"deduction": "F", "veto": "V", "bonus": "B"}


class Model(BaseModel):
    """Base of all scheme entries: immutable, and an unknown key is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(Model):
    """Where in the regulation an entry stands: article, and paragraph (款) and item (项) where it has them."""

    article: Annotated[int, Field(ge=1, le=999)]
    paragraph: Annotated[int, Field(ge=1)] | None = None
    item: Annotated[int, Field(ge=1)] | None = None

    @property
    def label(self) -> str:
        """As lawyers cite it: 第十九条第一款第（一）项."""
        text = f"第{chinese_number(self.article)}条"
        if self.paragraph:
            text += f"第{chinese_number(self.paragraph)}款"
        if self.item:
            text += f"第（{chinese_number(self.item)}）项"
        return text


class System(Model):
    """One of the two responsibility systems of Art. 18, with its weight in the composite score."""

    id: str
    name: str
    weight: Annotated[float, Field(gt=0)]


class Dimension(Model):
    """A group of indicators, for radar and heat map."""

    id: str
    name: str


class Category(Model):
    """A kind of unit: decides which duties apply; `weight` is its weight c(u) in a region's score.

    `expects_one_of` names tags of which such a unit has at least one (a school is 小学 or 中学): without any of them it
    would not be asked some of its duties, so the register warns.
    """

    id: str
    name: str
    weight: Annotated[float, Field(gt=0)] = 1.0
    articles: tuple[int, ...]
    description: str = ""
    expects_one_of: tuple[str, ...] = ()


class Tag(Model):
    """A function of a unit (e.g. 教育行政部门) that brings duties of its own."""

    id: str
    name: str
    place: Place


class Grade(Model):
    """A grade and the lowest published score that still earns it.

    `ceilings`: the largest share of a level that may have it (best grade only): of the units of a category, of the
    counties, of the prefectures of the province. Who stands beyond it gets the next grade; ties at the cut keep it.
    """

    id: str
    name: str
    min_score: Annotated[float, Field(ge=0, le=100)]
    ceilings: dict[Literal["unit", "county", "prefecture"], Annotated[float, Field(gt=0, le=1)]] = {}


class Level(Model):
    """One named step of a `level` indicator and the attainment it stands for."""

    name: str
    value: Annotated[float, Field(ge=0, le=1)]


class Window(Model):
    """When a dated activity counts: the whole week (Monday to Sunday) that contains month/day, or the whole year."""

    span: Literal["week", "year"]
    month: Annotated[int, Field(ge=1, le=12)] | None = None
    day: Annotated[int, Field(ge=1, le=31)] | None = None

    def dates(self, year: int) -> tuple[date, date]:
        """First and last day of the window in the given year, both inside it."""
        if self.span == "year":
            return date(year, 1, 1), date(year, 12, 31)
        anchor = date(year, self.month, self.day)
        monday = anchor - timedelta(days=anchor.weekday())
        return monday, monday + timedelta(days=6)

    @model_validator(mode="after")
    def _week_needs_a_day(self):
        if self.span == "week" and not (self.month and self.day):
            raise ValueError("window.span 为 week 时须写明 month 和 day")
        if self.month and self.day and self.day > monthrange(COMMON_YEAR, self.month)[1]:
            raise ValueError(f"window：不是每年都有 {self.month} 月 {self.day} 日")
        return self


class Applies(Model):
    """Whom an indicator concerns: units of one of the categories, or with one of the tags (either suffices)."""

    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def matches(self, *, category: str, tags: Iterable[str]) -> bool:
        """Whether a unit of this category with these tags has the duty."""
        categories = self.categories
        return category in categories or ALL in categories or not set(self.tags).isdisjoint(tags)


class Indicator(Model):
    """One question of the self-assessment, tied to its place in the regulation."""

    id: Annotated[str, Field(pattern=r"^T\d{2}-\d{2}$")]
    title: Annotated[str, Field(max_length=18)]
    question: str
    criterion: str
    place: Place
    dimension: str
    type: IndicatorType
    points: Annotated[float, Field(gt=0)]
    shares: dict[str, Annotated[float, Field(ge=0, le=1)]]
    applies: Applies
    na: NaRule
    evidence: str
    evidence_required: bool = True
    check: str
    levels: tuple[Level, ...] = ()
    target: Annotated[float, Field(gt=0)] | None = None
    measure: str = ""
    numerator: str = ""
    denominator: str = ""
    input: Literal["fraction", "percent"] = "fraction"
    window: Window | None = None

    @property
    def choices(self) -> dict[str, float]:
        """Named answers and the attainment each stands for; empty for numbers. For `date` only 未开展 is named."""
        if self.type == "yes_no":
            return {YES: 1.0, NO: 0.0}
        if self.type == "date":
            return {NOT_HELD: 0.0}
        return {level.name: level.value for level in self.levels}

    @model_validator(mode="after")
    def _is_consistent(self):
        culprits = [*self._type_faults(), *self._level_faults()]
        if not self.id.startswith(f"T{self.place.article:02d}-"):
            culprits.append(f"编号应以 T{self.place.article:02d}- 开头，与所在条文一致")
        if abs(sum(self.shares.values()) - 1) > SUM_TOLERANCE:
            culprits.append(f"shares 之和应为 1，现为 {sum(self.shares.values()):g}")
        if culprits:
            raise ValueError("；".join(f"指标 {self.id}：{culprit}" for culprit in culprits))
        return self

    def _type_faults(self) -> Iterable[str]:
        fields = {"levels": "level", "target": "count", "window": "date"}
        for field, kind in fields.items():
            if self.type == kind and not getattr(self, field):
                yield f"类型 {kind} 缺少 {field}"
            if self.type != kind and getattr(self, field):
                yield f"{field} 与类型 {self.type} 不符"
        if self.type == "ratio":
            if self.input == "fraction" and not (self.numerator and self.denominator):
                yield "比率须写明 numerator 和 denominator"
        elif self.numerator or self.denominator or self.input == "percent":
            yield f"numerator、denominator、input 与类型 {self.type} 不符"

    def _level_faults(self) -> Iterable[str]:
        if not self.levels:
            return
        values = [level.value for level in self.levels]
        if min(values) != 0 or max(values) != 1:
            yield "levels 须从 0 到 1"
        for name, times in Counter(level.name for level in self.levels).items():
            if times > 1:
                yield f"levels 名称 {name} 重复 {times} 次"
            if name == NOT_APPLICABLE:
                yield f"levels 名称不得为“{NOT_APPLICABLE}”"


class Finding(Model):
    """Something a competent body found that changes a score: a deduction, a veto or a bonus (points ≥ 0)."""

    id: Annotated[str, Field(pattern=r"^[FVB]\d{2}-\d{1,2}$")]
    kind: Literal["deduction", "veto", "bonus"]
    name: str
    place: Place
    points: Annotated[float, Field(ge=0)] = 0.0
    consequence: str = ""
    course: Course | None = None

    @property
    def machine(self) -> Course:
        """The course it takes (procedure/machines.py): as the scheme says, else the usual one of its kind."""
        return self.course or USUAL_COURSES[self.kind]

    @model_validator(mode="after")
    def _id_names_kind_and_article(self):
        start = f"{FINDING_LETTERS[self.kind]}{self.place.article:02d}-"
        if not self.id.startswith(start):
            raise ValueError(f"认定事项 {self.id}：编号应以 {start} 开头，与类型和所在条文一致")
        return self


class Aggravation(Model):
    """A circumstance that multiplies a deduction (Art. 41, last paragraph)."""

    place: Place
    name: str
    factor: Annotated[float, Field(ge=1)]


class Rules(Model):
    """How scores are put together; scores in points 0–100, shares and factors as plain numbers."""

    decimals: Annotated[int, Field(ge=0, le=6)]
    missing: Literal["zero", "exclude"]
    veto_cap: Annotated[float, Field(ge=0, le=100)]
    bonus_cap: Annotated[float, Field(ge=0)]
    overdue_factor: Annotated[float, Field(ge=1)]
    na_floor: Annotated[float, Field(ge=0, le=1)]
    min_group: Annotated[int, Field(ge=1)]


class Periods(Model):
    """How many days each part of the year's course lasts: the stages one after the other from the deadline on, an
    objection after the ruling, a rectification after its order."""

    county: Annotated[int, Field(ge=1)]
    prefecture: Annotated[int, Field(ge=1)]
    province: Annotated[int, Field(ge=1)]
    objection: Annotated[int, Field(ge=1)]
    rectification: Annotated[int, Field(ge=1)]


class Sampling(Model):
    """Who is checked (抽查): shares of the units of a region by rule and by chance, and from where on a rule speaks."""

    random_share: Annotated[float, Field(ge=0, le=1)]  # of the units drawn from, by chance
    top_share: Annotated[float, Field(ge=0, le=1)]  # of each category, the highest self-scores
    jump: Annotated[float, Field(ge=0)]  # points of self-score above last year's score
    inflation: Annotated[float, Field(ge=0)]  # points of self-inflation in an earlier year
    rare: Annotated[float, Field(ge=0, le=1)]  # share of its category under which an answer is unusual
    unusual: Annotated[int, Field(ge=1)]  # so many unusual answers
    copied: Annotated[int, Field(ge=1)]  # so many evidence texts that stand word for word elsewhere
    evidence_length: Annotated[int, Field(ge=1)]  # characters from which on equal texts are no accident


class UncoveredArticle(Model):
    """An article that is no assessed unit's duty, and why it has no indicator."""

    article: int
    reason: str


def chinese_number(number: int) -> str:
    """1 → 一, 19 → 十九, 123 → 一百二十三 (1 to 999)."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")
