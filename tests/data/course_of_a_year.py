"""A cycle of the small scheme with periods and ceilings, and shorthands for who acts in it; units come in case by case."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from data.course.recording import record_reviews
from data.model import Actor, Answer, Review, Scope, Stage, Unit
from data.scoped import ScopedStore
from data.store import Store
from tests.data.small import SCHEME_PATH
from tests.scoring.registers import hand_in

CYCLE = 2026
OBJECTION_DAYS = 7
COUNTY, PREFECTURE, PROVINCE, ELSEWHERE = "230102", "230100", "230000", "230200"
REGIONS = {"county": COUNTY, "prefecture": PREFECTURE, "province": PROVINCE}
ADDED = f"""
[periods]
county = 15
prefecture = 10
province = 10
objection = {OBJECTION_DAYS}
rectification = 30

[[findings]]
id = "V41-5"
kind = "veto"
name = "示例否决事项"
place = {{ article = 41 }}
"""
CEILINGS = "ceilings = { unit = 0.2, county = 0.5, prefecture = 0.3 }"
# Everything that applies to an organ, at full marks.
FULL = {
    "T19-01": {"choice": "是"},
    "T19-02": {"choice": "全面落实"},
    "T19-03": {"numerator": 10, "denominator": 10},
    "T19-04": {"number": 1.0},
    "T19-05": {"number": 100},
    "T24-01": {"on_date": date(CYCLE, 4, 15)},
}
OWN = {"T19-01": {"choice": "是"}, "T19-02": {"state": "na", "na_reason": "没有此项职责"}}
_numbers = itertools.count(1)


def open_year(home: Path, *, has_periods: bool = True, added: str = "") -> Store:
    """A new store with the cycle open and nobody registered; `added`: more of its scheme."""
    text = SCHEME_PATH.read_text("utf-8").replace("min_score = 60\n", f"min_score = 60\n{CEILINGS}\n")
    scheme = home.parent / f"{home.name}.toml"
    scheme.write_text(text + (ADDED if has_periods else "") + added, "utf-8")
    store = Store.open(home)
    store.open_cycle(
        cycle=CYCLE,
        scheme_path=scheme,
        opens_on=date(CYCLE, 3, 1),
        deadline=datetime(CYCLE, 11, 30, 18),
    )
    return store


def new_unit(
    store: Store, *, region: str = COUNTY, category: str = "organ", own: Mapping[str, Mapping] = OWN
) -> str:
    """A unit of its own that has handed in these answers; returns its code."""
    code = f"U{next(_numbers):05d}"
    unit = Unit(code, f"示例单位{code}", region, category)
    store.register_units(cycle=CYCLE, units=[unit])
    answer(store, code, own)
    return code


def answer(store: Store, unit: str, own: Mapping[str, Mapping] = OWN) -> None:
    """One more workbook of the unit with these answers."""
    answers = [
        Answer(
            indicator=indicator,
            text=str(values.get("choice", "")),
            sheet="自评表",
            cell="E6",
            **({"state": "answered"} | dict(values)),
        )
        for indicator, values in own.items()
    ]
    hand_in(store, CYCLE, unit, answers)


def rule(
    store: Store,
    unit: str,
    indicator: str = "T19-01",
    *,
    stage: Stage = "county",
    days_ago: int = 0,
    act: str | None = "change",
    **value,
) -> None:
    """An evaluator's value at a stage, so many days ago; by default 否."""
    fields = {"state": "answered", "reason": "材料不足"} | (value or {"choice": "否"})
    at = datetime.now() - timedelta(days=days_ago)
    ruling = Review(unit=unit, indicator=indicator, stage=stage, act=act, **fields)
    record_reviews(store, cycle=CYCLE, reviews=[ruling], at=at)


def set_stage(store: Store, *, stage: Stage, region: str, state: str = "closed", days_ago: int = 0) -> None:
    """A stage that was closed, or opened again, so many days ago."""
    with store.write() as transaction:
        seq = transaction.record("stage", cycle=CYCLE, detail=f"{region} {stage} {state}")
        row = {"seq": seq, "cycle": CYCLE, "region": region, "stage": stage, "state": state, "reason": ""}
        at = transaction.at - timedelta(days=days_ago)
        transaction.add("stage_event", row | {"account": "x", "role": "province", "recorded_at": at})


def publish(store: Store) -> None:
    """The cycle published just now."""
    with store.write() as transaction:
        seq = transaction.record("publication", cycle=CYCLE, detail="1")
        row = {
            "seq": seq,
            "cycle": CYCLE,
            "number": "示例1",
            "scheme_id": "small",
            "version": "3",
            "data_version": seq,
            "program": "",
            "sha256": "",
            "reason": "年度公布",
            "account": "secret-post",
            "role": "province",
            "published_at": transaction.at,
        }
        transaction.add("publication", row)


def as_unit(store: Store, unit: str) -> ScopedStore:
    """The store as the unit's own account sees it."""
    region = store.unit(cycle=CYCLE, code=unit).region
    return store.seen_by(Scope(region, unit=unit), actor=Actor(unit, "unit", "10.0.0.1"))


def as_level(store: Store, role: str, region: str | None = None) -> ScopedStore:
    """The store as an account of a role sees it, by default in the regions of COUNTY."""
    where = region or REGIONS.get(role, PROVINCE)
    return store.seen_by(Scope(where), actor=Actor(f"secret-{role}", role, "10.0.0.2"))
