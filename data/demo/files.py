"""When the demo's units send which workbook, and how a wrong one goes wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from data.demo.answers import answers_of, draw
from data.fill import fill_workbook
from data.layout import is_fraction
from data.model import Unit
from data.regions import region_path
from data.template import build_template
from scoring.scheme import NOT_APPLICABLE, Scheme

NEVER, NEVER_IN_LAGGING_COUNTY, LAGGING_COUNTIES = 0.03, 0.25, 0.1
WRONG_FIRST, CORRECTED, LATE, SENT_AGAIN = 0.03, 0.85, 0.04, 0.04
NEWER_IS_BETTER_BY = 0.05  # how much more of its duties a unit claims in a workbook it sends again

Fault = Literal["vague-words", "numerator", "evidence", "blank", "na", "last-year", "cut-off", "not-excel"]
FAULTS: tuple[Fault, ...] = Fault.__args__


@dataclass(frozen=True)
class Sending:
    """One workbook a unit sends: when, with which fault, and how much better than its first version it is."""

    unit: Unit
    cycle: int
    at: datetime
    fault: Fault | None = None
    lift: float = 0.0


def sendings_of(unit: Unit, *, cycle: int, opens_on: date, deadline: datetime, seed: int) -> list[Sending]:
    """What a unit sends in a cycle, in order of time; nothing, once, or a second time."""
    chance = draw(seed, "sending", unit.code, cycle)
    is_lagging = draw(seed, "lagging", unit.region).random() < LAGGING_COUNTIES
    if chance.random() < (NEVER_IN_LAGGING_COUNTY if is_lagging else NEVER):
        return []
    days = (deadline.date() - opens_on).days
    day = opens_on + timedelta(days=round(chance.betavariate(2.2, 1.4) * (days - 1)))
    if (fate := chance.random()) < LATE:
        day = deadline.date() + timedelta(days=chance.randrange(1, 13))
    first = _office_hour(day, chance)
    if fate < LATE:
        return [Sending(unit, cycle, first)]
    if fate < LATE + SENT_AGAIN:
        later = min(
            first + timedelta(days=chance.randrange(2, 10)),
            deadline - timedelta(hours=chance.randrange(1, 9)),
        )
        return [Sending(unit, cycle, first), Sending(unit, cycle, max(first, later), lift=NEWER_IS_BETTER_BY)]
    if fate < LATE + SENT_AGAIN + WRONG_FIRST:
        wrong = Sending(unit, cycle, first, fault=chance.choice(FAULTS))
        mended = Sending(unit, cycle, first + timedelta(days=chance.randrange(1, 7), minutes=95))
        return [wrong, mended] if chance.random() < CORRECTED else [wrong]
    return [Sending(unit, cycle, first)]


def make_file(
    sending: Sending, *, scheme: Scheme, deadline: datetime, first_cycle: int, seed: int
) -> tuple[str, bytes]:
    """The file as it arrives: its name and its bytes."""
    unit, cycle, fault = sending.unit, sending.cycle, sending.fault
    answers = answers_of(
        unit, scheme=scheme, cycle=cycle, first_cycle=first_cycle, seed=seed, lift=sending.lift
    )
    cells = {indicator: dict(answer.cells) for indicator, answer in answers.items()}
    if fault:
        _spoil(cells, fault, scheme)
    template = build_template(
        scheme,
        cycle=cycle - (fault == "last-year"),
        unit=unit,
        region_path=region_path(unit.region),
        deadline=deadline,
    )
    content = fill_workbook(template, cells)
    if fault == "cut-off":
        content = content[: len(content) * 2 // 3]
    if fault == "not-excel":
        content = "%PDF-1.7\n% 扫描件\n".encode() + content[:4000]
    name = draw(seed, "file name", unit.code, cycle).choice(
        (
            "{name}自评表.xlsx",
            "{name}{cycle}年自评表（盖章版）.xlsx",
            "自评表-{name}.xlsx",
            "{cycle}自评表_{code}.xlsx",
        )
    )
    return name.format(name=unit.name, cycle=cycle, code=unit.code), content


def _office_hour(day: date, chance) -> datetime:
    if day.weekday() >= 5:
        day -= timedelta(days=day.weekday() - 4)
    return datetime(
        day.year, day.month, day.day, chance.randrange(8, 18), chance.randrange(60), chance.randrange(60)
    )


def _spoil(cells: dict[str, dict[str, Any]], fault: Fault, scheme: Scheme) -> None:
    """Put the fault into the answers; faults of the whole file are put in by `make_file`."""
    indicators = [scheme.by_id[key] for key in cells]
    choices = [i.id for i in indicators if i.type in ("yes_no", "level")]
    match fault:
        case "vague-words":
            for key, words in zip(choices, ("大概有", "基本落实了吧"), strict=False):
                cells[key]["value"] = words
        case "numerator":
            fractions = [i.id for i in indicators if is_fraction(i)]
            for key in fractions[:2]:
                cells[key] |= {"numerator": 30, "denominator": 20}
            if not fractions:
                cells[choices[0]]["value"] = "30/20"
        case "evidence":
            for key in choices[1:5]:
                cells[key].pop("evidence", None)
        case "blank":
            for key in list(cells)[2:7]:
                cells[key] = {}
        case "na":
            for key in [i.id for i in indicators if i.na == "never" and i.type != "ratio"][:2]:
                cells[key] = {"value": NOT_APPLICABLE}
        case _:
            pass
