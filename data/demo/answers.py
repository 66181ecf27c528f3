"""What the demo province's units answer: how good each unit is, and how people type it.

Every draw has its own random source, named after what is drawn (seed, unit, indicator, year), so that one unit's
answers do not depend on how many others there are.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from data.layout import is_fraction
from data.model import Unit
from data.regions import prefecture_of
from scoring.scheme import NO, NOT_APPLICABLE, NOT_HELD, YES, Indicator, Scheme

TYPICAL_ATTAINMENT = 0.77
YEARLY_GAIN = 0.035
PREFECTURE_SPREAD, COUNTY_SPREAD, UNIT_SPREAD = 0.05, 0.03, 0.07
DIMENSION_SPREAD = 0.07  # what a prefecture is strong or weak in
DIFFICULTY_SPREAD, ANSWER_SPREAD = 0.07, 0.12
SAME_AS_LAST_YEAR = 0.7  # share of answers that come from the same draw every year
NA_CLAIMS = {"never": 0.0, "review": 0.04, "free": 0.15}  # share of 不适用 by the scheme's rule
CATEGORY_LEAD = {
    "key_unit": 0.06,
    "government": 0.03,
    "party_school": 0.03,
    "committee": -0.05,
    "other": -0.08,
}
FULL_WIDTH = str.maketrans("0123456789%", "０１２３４５６７８９％")

TRAVELLING_UNITS = 0.6  # share of units that sent anybody abroad in a year
TRAVEL = re.compile("行前|承诺书|境外管理|团组安全|归国|出国学习")
NA_REASONS = (
    (TRAVEL, "本年度未组织因公出国（境）团组"),
    (re.compile("招录"), "本年度无此类岗位招录"),
    (re.compile("隐患"), "本年度未发现安全隐患"),
    (re.compile("涉外"), "本年度未开展涉外交流合作活动"),
    (re.compile("刊播"), "本年度未收到公益广告"),
    (re.compile(""), "本年度无此类事项"),
)
EVIDENCE = (
    "《示例单位{title}实施办法》（示例发〔{year}〕{number}号）",
    "示例办发〔{year}〕{number}号文件第三部分",
    "{title}台账（{year}年），共{number}页",
    "{year}年{month}月党组会议纪要（示例党纪〔{year}〕{number}号）",
    "活动通知、签到表、现场照片，存档号 SL-{year}-{number:03d}",
)


@dataclass(frozen=True)
class DemoAnswer:
    """One answer: `cells` as typed, by column of the self-assessment sheet; `value` what they mean, as in `Review`.

    `value` is empty for a claimed 不适用.
    """

    indicator: str
    cells: Mapping[str, Any]
    value: Mapping[str, Any]

    @property
    def is_na(self) -> bool:
        """Whether 不适用 is claimed."""
        return not self.value


def draw(*name: object) -> random.Random:
    """A random source of its own for whatever is named; the same name gives the same draws everywhere."""
    return random.Random("|".join(map(str, name)))


def quality(unit: Unit, *, years_on: int, seed: int) -> float:
    """How much of its duties a unit tends to fulfil (about 0.5–1), `years_on` years after the demo's first one."""
    prefecture = prefecture_of(unit.region)
    return (
        TYPICAL_ATTAINMENT
        + draw(seed, "prefecture", prefecture).gauss(0, PREFECTURE_SPREAD)
        + draw(seed, "county", unit.region).gauss(0, COUNTY_SPREAD)
        + draw(seed, "unit", unit.code).gauss(0, UNIT_SPREAD)
        + CATEGORY_LEAD.get(unit.category, 0.0)
        + years_on * (YEARLY_GAIN + draw(seed, "gain", prefecture).gauss(0, 0.015))
    )


def answers_of(
    unit: Unit, *, scheme: Scheme, cycle: int, first_cycle: int, seed: int, lift: float = 0.0
) -> dict[str, DemoAnswer]:
    """The unit's answers to all its indicators, by indicator; `lift` makes a re-sent workbook a little better."""
    level = quality(unit, years_on=cycle - first_cycle, seed=seed) + lift
    return {
        indicator.id: _answer(unit, indicator, level=level, cycle=cycle, seed=seed)
        for indicator in scheme.indicators_for(category=unit.category, tags=unit.tags)
    }


def _answer(unit: Unit, indicator: Indicator, *, level: float, cycle: int, seed: int) -> DemoAnswer:
    lasting = draw(seed, unit.code, indicator.id)
    fresh = draw(seed, unit.code, indicator.id, cycle)
    if _is_na(unit, indicator, lasting=lasting, cycle=cycle, seed=seed):
        return _claim_na(indicator)
    luck = lasting if fresh.random() < SAME_AS_LAST_YEAR else fresh
    difficulty = draw(seed, "difficulty", indicator.id).gauss(0, DIFFICULTY_SPREAD)
    strength = draw(seed, "strength", prefecture_of(unit.region), indicator.dimension).gauss(
        0, DIMENSION_SPREAD
    )
    chance = min(max(level + strength - difficulty, 0.02), 1.0)
    value, cells = _TYPED[indicator.type](indicator, chance, luck, fresh, cycle)
    cells["evidence"] = fresh.choice(EVIDENCE).format(
        title=indicator.title, year=cycle, month=fresh.randrange(1, 8), number=fresh.randrange(1, 1000)
    )
    if fresh.random() < 0.03:
        cells["note"] = fresh.choice(("详见档案", "已报主管部门", "正在完善，年底前完成", "与上年相同"))
    return DemoAnswer(indicator.id, cells, value)


def _is_na(unit: Unit, indicator: Indicator, *, lasting: random.Random, cycle: int, seed: int) -> bool:
    if indicator.na == "free" and TRAVEL.search(indicator.title):
        return draw(seed, "travel", unit.code, cycle).random() > TRAVELLING_UNITS
    return lasting.random() < NA_CLAIMS[indicator.na]


def _claim_na(indicator: Indicator) -> DemoAnswer:
    cells = {"numerator": 0, "denominator": 0} if is_fraction(indicator) else {"value": NOT_APPLICABLE}
    reason = next(text for pattern, text in NA_REASONS if pattern.search(indicator.title))
    return DemoAnswer(indicator.id, cells | {"na_reason": reason}, value={})


def _yes_no(indicator, chance, luck, fresh, cycle):
    if luck.random() < chance:
        return {"choice": YES}, {"value": _spelled(fresh, YES, ("√", "有", "已建立", " 是", "是\n"))}
    return {"choice": NO}, {"value": _spelled(fresh, NO, ("×", "没有建立", "否 "))}


def _level(indicator, chance, luck, fresh, cycle):
    wanted = chance + luck.gauss(0.03, ANSWER_SPREAD)
    name = min(indicator.levels, key=lambda level: abs(level.value - wanted)).name
    return {"choice": name}, {"value": _spelled(fresh, name, (f" {name}", f"{name}　"))}


def _ratio(indicator, chance, luck, fresh, cycle):
    share = min(max(chance + luck.gauss(0.06, ANSWER_SPREAD), 0.0), 1.0)
    if not is_fraction(indicator):
        percent = round(share * 100)
        spellings = (f"{percent}%", str(percent), f"{percent}%".translate(FULL_WIDTH), f" {percent}% ")
        return {"number": percent / 100}, {"value": _spelled(fresh, percent / 100, spellings, usual=0.5)}
    whole = luck.choice((4, 6, 8, 12, 15, 20, 24, 36, 48, 60))
    part = round(share * whole)
    cells = {"numerator": _number(fresh, part), "denominator": _number(fresh, whole)}
    return {"numerator": part, "denominator": whole}, cells


def _count(indicator, chance, luck, fresh, cycle):
    done = max(0, round(indicator.target * (chance + luck.gauss(0.1, 0.25))))
    return {"number": done}, {"value": _number(fresh, done)}


def _date(indicator, chance, luck, fresh, cycle):
    first, last = indicator.window.dates(cycle)
    if luck.random() < chance + 0.05:
        day = first + timedelta(days=luck.randrange((last - first).days + 1))
    elif indicator.window.span == "year" or luck.random() < 0.4:
        return {"choice": NOT_HELD}, {"value": NOT_HELD}
    else:
        day = last + timedelta(days=luck.randrange(2, 30))
    return {"on_date": day}, {"value": _typed_date(fresh, day)}


_TYPED = {"yes_no": _yes_no, "level": _level, "ratio": _ratio, "count": _count, "date": _date}


def _typed_date(fresh: random.Random, day: date) -> Any:
    spellings = (f"{day.year}年{day.month}月{day.day}日", f"{day:%Y-%m-%d}", f"{day:%Y%m%d}")
    return _spelled(fresh, day, spellings, usual=0.5)


def _number(fresh: random.Random, number: int) -> Any:
    return _spelled(fresh, number, (str(number), str(number).translate(FULL_WIDTH), f" {number}"), usual=0.85)


def _spelled(fresh: random.Random, usual_value: Any, others: tuple, *, usual: float = 0.8) -> Any:
    return usual_value if fresh.random() < usual else fresh.choice(others)
