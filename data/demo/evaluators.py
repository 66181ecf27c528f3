"""What the demo's evaluators decide on answers, and what competent bodies find (Art. 37, 38, 40, 41)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from data.demo.answers import DemoAnswer, draw
from data.demo.finding_courses import course_of
from data.layout import is_fraction
from data.model import FindingEvent, Review, Stage, Unit
from data.regions import regions_by_code
from scoring.scheme import NO, NOT_HELD, Finding, Indicator, Scheme

STAGE_OF_LEVEL: dict[str, Stage] = {
    "county": "county",
    "zone": "county",
    "prefecture": "prefecture",
    "province": "province",
}
NA_ACCEPTED = 0.75
NA_DECIDED = {
    True: 1.0,
    False: 0.8,
}  # share of pending 不适用 that is decided, by whether the cycle is finished
CHECKED = {True: 0.55, False: 0.3}  # share of the other answers that is checked
LOWERED = 0.12  # share of checked answers that do not stand
UNITS_WITH_FINDING, OVERDUE, AGGRAVATED, UNCONFIRMED = 0.06, 0.25, 0.1, 0.1
UNITS_WITH_BONUS = 0.03
UNITS_PER_VETO = 250


def reviews_of(
    unit: Unit,
    *,
    scheme: Scheme,
    answers: Mapping[str, DemoAnswer],
    cycle: int,
    seed: int,
    is_finished: bool,
) -> Iterator[Review]:
    """The stage values of one unit that has submitted: 不适用 claims first of all, and a sample of the rest."""
    stage = STAGE_OF_LEVEL[regions_by_code()[unit.region].level]
    for answer in answers.values():
        indicator = scheme.by_id[answer.indicator]
        chance = draw(seed, "review", unit.code, answer.indicator, cycle)
        value = _decision(indicator, answer, chance, is_finished=is_finished)
        if value is not None:
            yield Review(unit=unit.code, indicator=indicator.id, stage=stage, **value)


def _decision(
    indicator: Indicator, answer: DemoAnswer, chance: random.Random, *, is_finished: bool
) -> dict[str, Any] | None:
    if answer.is_na:
        if indicator.na != "review" or chance.random() > NA_DECIDED[is_finished]:
            return None
        if chance.random() < NA_ACCEPTED:
            return {"state": "na", "act": "accept_na", "reason": "情况属实，同意不适用"}
        reason = "该单位有此项职责，不适用理由不成立"
        return {"state": "answered", "act": "refuse_na", "reason": reason} | _nothing_done(indicator)
    if chance.random() > CHECKED[is_finished]:
        return None
    if chance.random() < LOWERED:
        reason = "佐证材料不足以证明所填情况"
        return {"state": "answered", "act": "change", "reason": reason} | _lowered(indicator, answer)
    return {"state": "answered", "reason": "已核对佐证材料", **answer.value}


def _nothing_done(indicator: Indicator) -> dict[str, Any]:
    if is_fraction(indicator):
        return {"numerator": 0, "denominator": 1}
    if indicator.choices:
        return {"choice": min(indicator.choices, key=indicator.choices.get)}
    return {"number": 0}


def _lowered(indicator: Indicator, answer: DemoAnswer) -> dict[str, Any]:
    value = answer.value
    match indicator.type:
        case "yes_no":
            return {"choice": NO}
        case "date":
            return {"choice": NOT_HELD}
        case "level":
            steps = sorted(indicator.levels, key=lambda level: level.value)
            at = [level.name for level in steps].index(value["choice"])
            return {"choice": steps[max(0, at - 1)].name}
        case "ratio" if is_fraction(indicator):
            return {"numerator": value["numerator"] * 2 // 3, "denominator": value["denominator"]}
        case "ratio":
            return {"number": round(value["number"] * 0.8, 2)}
        case _:
            return {"number": max(0, value["number"] - 1)}


def findings_of(units: Sequence[Unit], *, scheme: Scheme, cycle: int, seed: int) -> list[FindingEvent]:
    """Confirmed findings under Art. 40, a few overdue or aggravated, two or three vetoes, a few commendations.

    Every step of a finding is an event; the newest of its key is what stands.
    """
    by_kind = {
        kind: [f for f in scheme.findings if f.kind == kind] for kind in ("deduction", "veto", "bonus")
    }
    events = []
    for unit in units:
        chance = draw(seed, "finding", unit.code, cycle)
        if chance.random() < UNITS_WITH_FINDING:
            articles_40 = [f for f in by_kind["deduction"] if f.place.article == 40]
            finding = chance.choice(articles_40)
            states = {
                "is_confirmed": chance.random() > UNCONFIRMED,
                "is_overdue": chance.random() < OVERDUE,
                "is_aggravated": chance.random() < AGGRAVATED,
            }
            event = _event(unit, finding, cycle=cycle, chance=chance, **states)
            events += course_of(event, finding, scheme=scheme, unit=unit, cycle=cycle, seed=seed)
        if chance.random() < UNITS_WITH_BONUS:
            finding = chance.choice(by_kind["bonus"])
            event = _event(unit, finding, cycle=cycle, chance=chance)
            events += course_of(event, finding, scheme=scheme, unit=unit, cycle=cycle, seed=seed)
    by_chance = sorted(units, key=lambda unit: draw(seed, "veto", unit.code, cycle).random())
    for unit in by_chance[: max(1, len(units) // UNITS_PER_VETO)]:
        chance = draw(seed, "which veto", unit.code, cycle)
        finding = chance.choice(by_kind["veto"])
        event = _event(unit, finding, cycle=cycle, chance=chance)
        events += course_of(event, finding, scheme=scheme, unit=unit, cycle=cycle, seed=seed)
    return events


def _event(
    unit: Unit, finding: Finding, *, cycle: int, chance: random.Random, **states: bool
) -> FindingEvent:
    words = {"deduction": "责改", "veto": "认定", "bonus": "表彰"}[finding.kind]
    return FindingEvent(
        key=f"{cycle}-{finding.id}-{unit.code}",
        unit=unit.code,
        finding=finding.id,
        on_date=date(cycle, chance.randrange(2, 11), chance.randrange(1, 28)),
        document=f"示例{words}〔{cycle}〕{chance.randrange(1, 90)}号",
        **states,
    )
