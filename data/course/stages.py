"""The stages of a year's review, region by region: closing, reopening, and until when each should be done (Art. 18).

A county (or zone) has 初审, a prefecture 复核, the province 终评; `procedure.machines.STAGE` says who may do what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from data.course.acting import (
    STAGE_NAMES,
    STAGE_OF_LEVEL,
    STAGES,
    acted,
    hands_at,
    hands_over,
    refuse,
)
from data.course.texts import check_text
from data.model import Stage
from data.regions import PROVINCE, regions_by_code
from data.scoped import ScopedStore
from data.store import Store
from data.transaction import Transaction
from procedure.machine import MoveError
from procedure.machines import STAGE

WHOSE_STAGE: dict[Stage, str] = {"county": "县（市、区）", "prefecture": "市（地）", "province": "全省"}


@dataclass(frozen=True)
class StageDue:
    """Until when a stage should be done: as the province set it, else by the scheme's days; None where neither says."""

    stage: Stage
    due_on: date | None
    is_set: bool


def stage_of(region: str) -> Stage:
    """The stage that a region itself has. Raises StoreError for a code that is none."""
    if region not in regions_by_code():
        raise refuse(f"没有地区 {region}：请核对 6 位行政区划代码")
    return STAGE_OF_LEVEL[regions_by_code()[region].level]


def stage_state(store: Store | ScopedStore, *, cycle: int, region: str, stage: Stage) -> str:
    """Whether the stage of a region is `open` or `closed`; one that was never closed is open."""
    found = store.rows(
        "select state from current_stage where cycle = $cycle and region = $region and stage = $stage",
        cycle=cycle,
        region=region,
        stage=stage,
    )
    return found[0][0] if found else "open"


def close_stage(
    store: Store | ScopedStore, *, cycle: int, region: str, stage: Stage, reason: str = ""
) -> None:
    """Close the stage of one region. Raises StoreError where it is closed already, or not this reader's to close."""
    close_stages(store, cycle=cycle, regions=[region], stage=stage, reason=reason)


def close_stages(
    store: Store | ScopedStore, *, cycle: int, regions: Sequence[str], stage: Stage, reason: str = ""
) -> None:
    """Close the same stage of several regions, all or none. Raises StoreError naming every region that cannot be."""
    _move(store, "close", cycle=cycle, regions=regions, stage=stage, reason=reason)


def reopen_stage(
    store: Store | ScopedStore, *, cycle: int, region: str, stage: Stage, reason: str = ""
) -> None:
    """Open a closed stage again, by the level above and with a reason. Raises StoreError."""
    _move(store, "reopen", cycle=cycle, regions=[region], stage=stage, reason=reason)


def stage_dues(store: Store | ScopedStore, *, cycle: int) -> dict[Stage, StageDue]:
    """The due date of every stage: the newest that the province set, else the cycle's deadline and the scheme's days.

    The scheme's periods follow one upon the other: a prefecture's begins when its counties' ends.
    """
    set_on = dict(store.rows("select stage, due_on from current_stage_due where cycle = $cycle", cycle=cycle))
    periods, day = store.scheme(cycle).periods, store.cycle(cycle).deadline.date()
    dues = {}
    for stage in STAGES:
        by_scheme = None
        if periods:
            day += timedelta(days=getattr(periods, stage))
            by_scheme = day
        dues[stage] = StageDue(stage, set_on.get(stage, by_scheme), stage in set_on)
    return dues


def set_stage_due(store: Store | ScopedStore, *, cycle: int, stage: Stage, due_on: date) -> None:
    """Say until when a stage should be done in the whole province. Raises StoreError unless the province does.

    Not before the cycle's deadline, and no stage before the one that it follows on.
    """
    if "province" not in hands_over(store, region=PROVINCE, unit=""):
        raise refuse("审核环节的期限只能由省级考核人员规定")
    with store.write() as transaction:
        deadline = store.cycle(cycle).deadline.date()
        if due_on < deadline:
            raise refuse(
                f"{STAGE_NAMES[stage]}的期限 {due_on} 早于填报截止 {deadline}：请改为截止当日或以后的日期"
            )
        for other, due in stage_dues(store, cycle=cycle).items():
            if due.due_on is None or other == stage:
                continue
            is_later = STAGES.index(other) > STAGES.index(stage)
            if (due.due_on < due_on) if is_later else (due.due_on > due_on):
                order = "晚于" if is_later else "早于"
                raise refuse(
                    f"{STAGE_NAMES[stage]}的期限 {due_on} {order}{STAGE_NAMES[other]}的期限 {due.due_on}："
                    f"请先更改{STAGE_NAMES[other]}的期限"
                )
        transaction.audit("stage", object=f"{STAGE_NAMES[stage]}期限", detail=f"{due_on}", cycle=cycle)
        seq = transaction.record("stage", cycle=cycle, detail=f"{stage} due {due_on}")
        row = {"seq": seq, "cycle": cycle, "stage": stage, "due_on": due_on}
        transaction.add("stage_due", row | acted(transaction))


def _move(
    store: Store | ScopedStore, move: str, *, cycle: int, regions: Sequence[str], stage: Stage, reason: str
) -> None:
    reason = " ".join(reason.split())
    _check(regions, stage=stage, reason=reason)
    with store.write() as transaction:
        store.cycle(cycle)
        states = {region: stage_state(store, cycle=cycle, region=region, stage=stage) for region in regions}
        faults = []
        for region, state in states.items():
            try:
                states[region] = STAGE.after(
                    state,
                    move,
                    hands=hands_at(store, region=region, stage=stage),
                    given={"reason"} if reason else (),
                )
            except MoveError as error:
                faults.append(f"{regions_by_code()[region].name}：{error}")
        if faults:
            raise refuse("；".join(faults))
        names = "、".join(regions_by_code()[region].name for region in states)
        done = f"{STAGE.move_names[move]}{STAGE_NAMES[stage]}"
        transaction.audit("stage", object=f"{len(states)} 个地区", detail=f"{done}：{names}", cycle=cycle)
        for region, state in states.items():
            _add(transaction, cycle=cycle, region=region, stage=stage, state=state, reason=reason)


def _add(transaction: Transaction, *, cycle: int, region: str, stage: Stage, state: str, reason: str) -> None:
    seq = transaction.record("stage", cycle=cycle, detail=f"{region} {stage} {state}")
    row = {
        "seq": seq,
        "cycle": cycle,
        "region": region,
        "stage": stage,
        "state": state,
        "reason": reason,
    }
    transaction.add("stage_event", row | acted(transaction))


def _check(regions: Sequence[str], *, stage: Stage, reason: str) -> None:
    if stage not in STAGES:
        raise refuse(f"没有环节 {stage}：请选{'、'.join(STAGE_NAMES.values())}")
    if not regions:
        raise refuse("没有选地区：请至少选一个")
    strange = [regions_by_code()[region].name for region in regions if stage_of(region) != stage]
    if strange:
        raise refuse(f"{'、'.join(strange)}没有{STAGE_NAMES[stage]}：这一环节属于{WHOSE_STAGE[stage]}")
    check_text(reason)
