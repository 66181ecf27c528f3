"""Objections of units to rulings that changed their values, and the decisions on them (procedure/machines.py, OBJECTION).

A ruling may be objected to while its stage is open, and then for as many days as the scheme says, counted from the ruling
or from the closing of the stage, whichever is later; never after the cycle was published.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal

from data.course.acting import (
    STAGE_NAMES,
    STAGES,
    acted,
    hands_at,
    hands_over,
    moved,
    out_of_hand,
    own_stage,
    refuse,
    registered_unit,
)
from data.course.recording import add_review
from data.course.ruled_value import FIELDS, fault_of_value
from data.course.texts import check_text
from data.model import AnswerState, Review, Stage, Unit
from data.scoped import ScopedStore
from data.store import Store
from data.transaction import Transaction
from procedure.machine import Hand, Need
from procedure.machines import OBJECTION
from scoring.scheme import Scheme

NO_PERIOD = "考核方案没有写明提出异议的期限（periods.objection），不能受理异议：请在方案的新版本中写明"


def last_day(scheme: Scheme, *, ruled_at: datetime, closed_at: datetime | None) -> date | None:
    """The last day on which a ruling may be objected to; None while its stage is open. The scheme must have periods."""
    if closed_at is None:
        return None
    return max(ruled_at, closed_at).date() + timedelta(days=scheme.periods.objection)


def why_not(
    scheme: Scheme,
    *,
    stage: Stage,
    ruled_at: datetime,
    closed_at: datetime | None,
    published_at: datetime | None,
    today: date,
) -> str:
    """Why a ruling may not be objected to any more, and until when it could have been; empty where it may."""
    if scheme.periods is None:
        return NO_PERIOD
    last = last_day(scheme, ruled_at=ruled_at, closed_at=closed_at)
    if published_at is not None:
        until = "公布以前" if last is None else f"{min(last, published_at.date()):%Y-%m-%d} 以前"
        return f"本年度结果已于 {published_at:%Y-%m-%d} 公布，不再受理异议（可在{until}提出）"
    if last is not None and today > last:
        return (
            f"提出异议的期限已过：{ruled_at:%Y-%m-%d} 核定，{STAGE_NAMES[stage]}于 {closed_at:%Y-%m-%d} 关闭，"
            f"最迟可在 {last:%Y-%m-%d} 提出"
        )
    return ""


def file_objection(store: Store | ScopedStore, *, cycle: int, unit: str, indicator: str, reason: str) -> str:
    """Object to the ruling that stands on an indicator of the unit's newest workbook; returns the objection's key.

    Raises StoreError where it is not the unit's hand, nothing was changed, it was objected to before, the period is over
    or the cycle is published.
    """
    scheme = store.scheme(cycle)
    asked = scheme.by_id.get(indicator)
    if asked is None:
        raise refuse(f"方案中没有指标 {indicator}")
    store.refresh(cycle)  # a ruling's x follows from it and its submission, which are looked at again below
    changed = _changed_ruling(store, cycle=cycle, unit=unit, indicator=indicator)
    with store.write() as transaction:
        who = registered_unit(store, cycle=cycle, unit=unit)
        before = _current(store, cycle=cycle, objection=key_of(unit, indicator))
        state = before["state"] if before else None
        _after(state, "file", hands=_unit_hands(store, who), reason=reason)
        if changed is None:
            raise refuse(f"“{asked.title}”现在没有被调整的核定，不需要提出异议")
        if _ruling(store, cycle=cycle, unit=unit, indicator=indicator) != (changed["seq"], changed["stage"]):
            raise refuse(f"“{asked.title}”刚刚另有核定或者重新填报，请刷新后再办")
        bar = why_not(
            scheme,
            stage=changed["stage"],
            ruled_at=changed["recorded_at"],
            closed_at=changed["closed_at"],
            published_at=_published_at(store, cycle=cycle),
            today=transaction.at.date(),
        )
        if bar:
            raise refuse(bar)
        event = {
            "objection": key_of(unit, indicator),
            "unit": unit,
            "indicator": indicator,
            "submission": changed["submission"],
            "stage": changed["stage"],
            "ruled_seq": changed["seq"],
        }
        _record(
            transaction, cycle=cycle, event=event, move="file", state="filed", reason=reason, name=who.name
        )
    return event["objection"]


def withdraw_objection(store: Store | ScopedStore, *, cycle: int, objection: str, reason: str = "") -> None:
    """Take an undecided objection back. Raises StoreError where there is none, or it is not the unit's hand."""
    with store.write() as transaction:
        event, who = _found(store, cycle=cycle, objection=objection)
        state = _after(event["state"], "withdraw", hands=_unit_hands(store, who), reason=reason)
        _record(
            transaction, cycle=cycle, event=event, move="withdraw", state=state, reason=reason, name=who.name
        )


def decide_objection(
    store: Store | ScopedStore,
    *,
    cycle: int,
    objection: str,
    move: Literal["uphold", "grant"],
    reason: str,
    ruling: int | None,
    state: AnswerState = "answered",
    **value: Any,
) -> None:
    """Uphold the ruling that is objected to, or grant the objection with another value, ruled at the decider's stage.

    `ruling` is the seq of the ruling that stood on the decider's screen (None: none stood any more): where another one
    stands by now, nothing is decided. `state` and `value` are the fields of `Review` that carry the new value.
    Raises StoreError, also where somebody below the stage above would decide.
    """
    scheme = store.scheme(cycle)
    with store.write() as transaction:
        event, who = _found(store, cycle=cycle, objection=objection)
        asked = scheme.by_id[event["indicator"]]
        seq, stage = _ruling(store, cycle=cycle, unit=event["unit"], indicator=event["indicator"]) or (
            None,
            None,
        )
        hands = hands_at(store, region=who.region, stage=deciding_about(event["stage"], stage))
        given = {field: value.get(field) for field in FIELDS}
        has_value = state == "na" or any(content is not None for content in given.values())
        after = _after(event["state"], move, hands=hands, reason=reason, has_value=has_value)
        if seq != ruling:
            by = f"{STAGE_NAMES[stage]}又核定了该项" if stage else "单位重新填报，原核定不再有效"
            raise refuse(f"{by}：请刷新，看过现在的情况后再决定")
        if move == "grant":
            if fault := fault_of_value(asked, cycle=cycle, state=state, value=given):
                raise refuse(fault)
            _rule(store, transaction, cycle=cycle, event=event, reason=reason, state=state, value=given)
        _record(transaction, cycle=cycle, event=event, move=move, state=after, reason=reason, name=who.name)


def key_of(unit: str, indicator: str) -> str:
    """The key of a unit's objection to an indicator: there is one in a cycle."""
    return f"{unit}-{indicator}"


def deciding_about(filed: Stage, now: Stage | None) -> Stage:
    """The stage above which an objection is decided: that of the ruling objected to, or of a later one further up."""
    return max((filed, now or filed), key=STAGES.index)


def _unit_hands(store: Store | ScopedStore, unit: Unit) -> set[Hand]:
    """Whose hand somebody has in a unit's own matter; an administrator acts for a unit that has no account."""
    hands = hands_over(store, region=unit.region, unit=unit.code)
    is_administrator = not isinstance(store, ScopedStore) or (
        store.actor.role == "administrator" and store.scope.unit is None
    )
    if is_administrator and not store.whole.rows(
        "select 1 from current_account where unit = $unit and not is_disabled limit 1", unit=unit.code
    ):
        hands = {*hands, "unit"}
    return hands


def _after(state: str | None, move: str, *, hands: set[Hand], reason: str, has_value: bool = False) -> str:
    check_text(reason)
    given: list[Need] = ["reason"] if reason.strip() else []
    if has_value:
        given.append("value")
    return moved(OBJECTION, state, move, hands=hands, given=given)


def _current(store: Store | ScopedStore, *, cycle: int, objection: str) -> dict[str, Any] | None:
    columns = ("objection", "unit", "indicator", "submission", "stage", "ruled_seq", "state")
    rows = store.rows(
        f"select {', '.join(columns)} from current_objection where cycle = $cycle and objection = $objection",
        cycle=cycle,
        objection=objection,
    )
    return dict(zip(columns, rows[0], strict=True)) if rows else None


def _found(store: Store | ScopedStore, *, cycle: int, objection: str) -> tuple[dict[str, Any], Unit]:
    event = _current(store, cycle=cycle, objection=objection)
    if event is None:
        raise out_of_hand(f"{cycle} 年度没有异议 {objection}，或者它不在您的管辖范围")
    return event, registered_unit(store, cycle=cycle, unit=event["unit"])


def _changed_ruling(
    store: Store | ScopedStore, *, cycle: int, unit: str, indicator: str
) -> dict[str, Any] | None:
    columns = ("seq", "stage", "submission", "recorded_at", "closed_at")
    rows = store.rows(
        f"select {', '.join(columns)} from changed_ruling "
        "where cycle = $cycle and unit = $unit and indicator = $indicator",
        cycle=cycle,
        unit=unit,
        indicator=indicator,
    )
    return dict(zip(columns, rows[0], strict=True)) if rows else None


def _ruling(store: Store | ScopedStore, *, cycle: int, unit: str, indicator: str) -> tuple[int, Stage] | None:
    """Seq and stage of the ruling that stands on an indicator of the newest workbook, or None."""
    rows = store.rows(
        "select seq, stage from current_review where cycle = $cycle and unit = $unit and indicator = $indicator",
        cycle=cycle,
        unit=unit,
        indicator=indicator,
    )
    return rows[0] if rows else None


def _published_at(store: Store | ScopedStore, *, cycle: int) -> datetime | None:
    return store.rows("select min(published_at) from publication where cycle = $cycle", cycle=cycle)[0][0]


def _rule(
    store: Store | ScopedStore,
    transaction: Transaction,
    *,
    cycle: int,
    event: dict[str, Any],
    reason: str,
    state: AnswerState,
    value: dict[str, Any],
) -> None:
    """Record the value that an objection was granted with, on the unit's newest workbook."""
    where = {"cycle": cycle, "unit": event["unit"], "indicator": event["indicator"]}
    fields = ", ".join(FIELDS)
    now = store.rows(
        f"select state, {fields} from current_review "
        "where cycle = $cycle and unit = $unit and indicator = $indicator",
        **where,
    )
    submission, *own = store.rows(
        f"select submission, state, {fields} from current_submission left join "
        "(select * from answer where indicator = $indicator) as answer using (submission) "
        "where cycle = $cycle and unit = $unit",
        **where,
    )[0]
    new = (state, *value.values())
    if now == [new]:
        raise refuse("新的核定值与现在的相同：维持原核定的，请选“维持”")
    review = Review(
        unit=event["unit"],
        indicator=event["indicator"],
        stage=own_stage(store),
        state=state,
        reason=reason.strip(),
        act=_act(new, tuple(own)),
        **value,
    )
    add_review(transaction, cycle=cycle, submission=submission, review=review)


def _act(new: tuple, own: tuple) -> str:
    """The move of the ruling (RULING) that a granted value makes, against the unit's own."""
    if new[0] == "na":
        return "accept_na"
    if own[0] == "na":
        return "refuse_na"
    return "confirm" if new == own else "change"


def _record(
    transaction: Transaction,
    *,
    cycle: int,
    event: dict[str, Any],
    move: str,
    state: str,
    reason: str,
    name: str,
) -> None:
    transaction.audit(
        "objection",
        object=f"{name}（{event['unit']}）{event['indicator']}",
        detail=OBJECTION.move_names[move],
        cycle=cycle,
    )
    seq = transaction.record("objection", cycle=cycle, detail=f"{event['objection']} {move}")
    row = {**event, "seq": seq, "cycle": cycle, "move": move, "state": state, "reason": reason.strip()}
    transaction.add("objection_event", row | acted(transaction))
