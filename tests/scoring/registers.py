"""Random schemes and registers for Hypothesis, and the way into a real store for them."""

from __future__ import annotations

import itertools
import json
from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st

from data.course.grades import add_grade
from data.course.recording import record_findings, record_reviews
from data.examine import Examined
from data.intake import keep_examined
from data.model import Answer, FindingEvent, Review, Unit
from data.store import Store
from scoring.scheme import NO, NOT_HELD, YES, parse_scheme
from tests.scoring.naive import Register

REGIONS = ("230102", "230103", "230100", "230202", "230602", "230000")
SYSTEMS = ("national_security", "peaceful_province", "another")
WEIGHTS = {2: (0.6, 0.4), 3: (0.5, 0.3, 0.2)}
CATEGORIES = ("organ", "school")
TAGS = ("liaison", "media")
DEADLINE = datetime(2026, 10, 31, 23, 59, 59)
_numbers = itertools.count(1)


def to_toml(value) -> str:
    """A plain value as TOML inline text."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {to_toml(v)}" for k, v in value.items() if v is not None) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(to_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def scheme_text(fields: dict) -> str:
    """A whole scheme file from plain values."""
    return "\n".join(f"{key} = {to_toml(value)}" for key, value in fields.items())


@st.composite
def indicators(draw, number: int, *, systems: int):
    kind = draw(st.sampled_from(["yes_no", "level", "ratio", "count", "date"]))
    share = draw(st.sampled_from([0.0, 0.3, 0.5, 1.0]))
    third = draw(st.sampled_from([0.0, 0.5, 1.0])) if systems > 2 else 0.0
    applies = draw(st.sampled_from([{"categories": ["all"]}, {"categories": ["organ"]}, {"tags": ["media"]}]))
    extra = {
        "yes_no": {},
        "level": {
            "levels": [
                {"name": "无", "value": 0.0},
                {"name": "部分", "value": 0.4},
                {"name": "全部", "value": 1.0},
            ]
        },
        "ratio": {"numerator": "已办", "denominator": "应办"},
        "count": {"target": draw(st.sampled_from([1, 4]))},
        "date": {"window": {"span": "week", "month": 4, "day": 15}},
    }[kind]
    return {
        "id": f"T19-{number:02d}",
        "title": f"指标{number}",
        "question": "问",
        "criterion": "准",
        "place": {"article": 19},
        "dimension": draw(st.sampled_from(["one", "two"])),
        "type": kind,
        "points": draw(st.sampled_from([1, 2.5, 10])),
        "shares": dict(
            zip(SYSTEMS[:systems], (share * (1 - third), (1 - share) * (1 - third), third), strict=False)
        ),
        "applies": applies,
        "na": draw(st.sampled_from(["never", "review", "free"])),
        "evidence": "据",
        "check": "查",
        **extra,
    }


@st.composite
def ceilings(draw):
    """No ceiling, or one for some of the levels; 0.3 of 10 must be 3, 0.1 of a few must be none."""
    return {
        level: draw(st.sampled_from([0.1, 0.3, 0.5, 1.0]))
        for level in ("unit", "county", "prefecture")
        if draw(st.booleans())
    }


@st.composite
def schemes(draw, decimals: tuple[int, ...] = (0, 2)):
    """A valid scheme of one to five indicators under two systems or three, with findings of every kind."""
    number = next(_numbers)
    systems = draw(st.integers(2, len(SYSTEMS)))
    count = draw(st.integers(1, 5))
    return {
        "id": "random",
        "version": str(number),
        "title": "随机",
        "regulation": "heilongjiang",
        "weights_note": "示例权重，须由考核主管部门核定",
        "rules": {
            "decimals": draw(st.sampled_from(decimals)),
            "missing": draw(st.sampled_from(["zero", "exclude"])),
            "veto_cap": draw(st.sampled_from([59.0, 80.0])),
            "bonus_cap": 5.0,
            "overdue_factor": 1.5,
            "na_floor": 0.6,
            "min_group": draw(st.sampled_from([1, 3])),
        },
        "aggravation": {"place": {"article": 41}, "name": "从重", "factor": 2.0},
        "systems": [
            {"id": system, "name": name, "weight": weight}
            for system, name, weight in zip(
                SYSTEMS, ("国家安全责任制", "平安建设责任制", "另一责任制"), WEIGHTS[systems], strict=False
            )
        ],
        "dimensions": [{"id": "one", "name": "一"}, {"id": "two", "name": "二"}],
        "categories": [
            {"id": c, "name": c, "weight": draw(st.sampled_from([1.0, 2.0])), "articles": [19]}
            for c in CATEGORIES
        ],
        "tags": [{"id": t, "name": t, "place": {"article": 17}} for t in TAGS],
        "grades": [
            {
                "id": "good",
                "name": "良好",
                "min_score": draw(st.sampled_from([10.0, 75.0])),
                "ceilings": draw(ceilings()),
            },
            *draw(st.sampled_from([[], [{"id": "pass", "name": "合格", "min_score": 5.0}]])),
            {"id": "fail", "name": "不合格", "min_score": 0.0},
        ],
        "indicators": [draw(indicators(number, systems=systems)) for number in range(1, count + 1)],
        "findings": [
            {"id": "F40-1", "kind": "deduction", "name": "扣", "place": {"article": 40}, "points": 3.0},
            {"id": "F40-2", "kind": "deduction", "name": "重扣", "place": {"article": 40}, "points": 60.0},
            {"id": "V41-5", "kind": "veto", "name": "否", "place": {"article": 41}},
            {"id": "B37-1", "kind": "bonus", "name": "加", "place": {"article": 37}, "points": 4.0},
        ],
        "uncovered": [],
    }


def values_of(draw, indicator, *, year: int, may_be_na: bool) -> dict:
    """The value fields of an answer or review, as the checks would let them through."""
    if may_be_na and draw(st.integers(0, 4)) == 0:
        return {"state": "na"}
    if indicator.type == "count":
        return {"state": "answered", "number": float(draw(st.integers(0, 6)))}
    if indicator.type == "ratio":
        if draw(st.booleans()):
            return {"state": "answered", "number": draw(st.sampled_from([0.0, 1 / 3, 1.0]))}
        whole = draw(st.integers(1, 9))
        return {
            "state": "answered",
            "numerator": float(draw(st.integers(0, whole))),
            "denominator": float(whole),
        }
    if indicator.type == "date" and draw(st.booleans()):
        return {"state": "answered", "on_date": date(year, 4, 10) + timedelta(days=draw(st.integers(0, 12)))}
    choices = {"yes_no": [YES, NO], "date": [NOT_HELD]}.get(indicator.type) or list(indicator.choices)
    return {"state": "answered", "choice": draw(st.sampled_from(choices))}


@st.composite
def registers(draw, decimals: tuple[int, ...] = (0, 2)):
    """A random register: units, answers, reviews and findings, as they stand after checking; scores of one of these decimals.

    Every example has a cycle of its own, so that all of them fit into one store.
    """
    year = 1999 + next(_numbers)
    fields = draw(schemes(decimals))
    scheme = parse_scheme(scheme_text(fields), name="random")
    units = {}
    for number in range(draw(st.integers(1, 7))):
        code = f"U{number}"
        tags = tuple(draw(st.lists(st.sampled_from(TAGS), unique=True, max_size=2)))
        units[code] = Unit(
            code, f"示例{number}", draw(st.sampled_from(REGIONS)), draw(st.sampled_from(CATEGORIES)), tags
        )
    register = Register(scheme=scheme, cycle=year, units=units)
    for code, unit in units.items():
        applicable = scheme.indicators_for(category=unit.category, tags=unit.tags)
        if not applicable or draw(st.integers(0, 4)) == 0:
            continue
        register.answers[code] = {
            i.id: Answer(
                indicator=i.id,
                text="",
                sheet="自评表",
                cell=f"E{row}",
                **values_of(draw, i, year=year, may_be_na=i.na != "never"),
            )
            for row, i in enumerate(applicable, start=7)
        }
        for i in applicable:
            for stage in ("county", "prefecture", "province"):
                if draw(st.integers(0, 5)) == 0:
                    value = values_of(draw, i, year=year, may_be_na=i.na != "never")
                    register.reviews.append(
                        Review(unit=code, indicator=i.id, stage=stage, reason="核", **value)
                    )
        for kind in ("F40-1", "F40-2", "V41-5", "B37-1", "B37-1"):
            if draw(st.integers(0, 5)) == 0:
                register.findings.append(
                    FindingEvent(
                        key=f"k{len(register.findings)}",
                        unit=code,
                        finding=kind,
                        on_date=date(2026, 6, 1),
                        document="示例文号",
                        is_overdue=draw(st.booleans()),
                        is_aggravated=draw(st.booleans()),
                    )
                )
    for code in (*units, *REGIONS):
        for grade in draw(st.lists(st.sampled_from([None, *(g.id for g in scheme.grades)]), max_size=2)):
            if draw(st.integers(0, 3)) == 0:
                register.grades.append(("unit" if code in units else "region", code, grade))
    return fields, register


def hand_in(store: Store, cycle: int, unit: str, answers) -> None:
    """Keep one unit's checked answers as a submission, the way an accepted file is kept."""
    file = Examined(
        filename=f"{unit}.xlsx",
        content=f"{cycle} {unit} {next(_numbers)}".encode(),
        sha256=f"{cycle}-{unit}-{next(_numbers)}",
        unit=unit,
        template_version="1",
        answers=tuple(answers),
        problems=(),
        received_at=datetime(2026, 9, 1),
    )
    keep_examined(store, cycle=cycle, examined=[file], as_of=store.context_version(cycle))


def load(store: Store, folder: Path, fields: dict, register: Register, *, order=None) -> int:
    """Put a random register into a store as one cycle of its own, handing in in the given order; returns the cycle."""
    cycle = register.cycle
    path = folder / f"{cycle}.toml"
    path.write_text(scheme_text(fields), "utf-8")
    store.open_cycle(cycle=cycle, scheme_path=path, opens_on=date(2026, 1, 1), deadline=DEADLINE)
    store.register_units(cycle=cycle, units=list(register.units.values()))
    for unit in order or register.answers:
        hand_in(store, cycle, unit, register.answers[unit].values())
    record_reviews(store, cycle=cycle, reviews=register.reviews)
    record_findings(store, cycle=cycle, findings=register.findings)
    record_grades(store, cycle, register.grades)
    return cycle


def record_grades(store: Store, cycle: int, grades) -> None:
    """Grades as the province set them, whether or not `set_grade` would let them: a veto or an empty region may come later."""
    with store.write() as transaction:
        for subject, code, grade in grades:
            add_grade(transaction, cycle=cycle, subject=subject, code=code, grade=grade, reason="示例理由")
