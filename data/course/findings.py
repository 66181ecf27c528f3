"""Findings, vetoes and commendations from their record to their end (Art. 37, 38, 40–43), each by the machine of its kind.

Which machine a finding takes stands in its scheme entry (procedure/machines.py); every step is a row with the finding's
whole new state, from which the score follows. A unit is named, and at most a position in it, never a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from data.course.acting import hands_over, moved, out_of_hand, refuse, registered_unit
from data.course.recording import add_finding
from data.course.texts import check_text
from data.failures import UNTOUCHED
from data.model import FindingEvent, Unit
from data.scoped import ScopedStore
from data.store import Store, StoreError
from data.transaction import Transaction
from procedure.machine import Machine, Need
from procedure.machines import FINDINGS, RECTIFICATION
from scoring.scheme import Finding, Place, Scheme

# To whom an order or a talk is addressed: positions, as Art. 40 speaks of 相关负责人 without a name.
POSITIONS = ("主要负责人", "分管负责人", "承办部门负责人")
# One fact may answer to both places (scheme, 认定事项): it is recorded once, under the heavier one.
SAME_FACT = (
    (Place(article=42), Place(article=41, paragraph=1, item=4)),
    (Place(article=43), Place(article=41, paragraph=1, item=1)),
    (Place(article=40, item=4), Place(article=41, paragraph=1, item=3)),
)
COLUMNS = tuple(field.name for field in fields(FindingEvent) if field.name != "reason")


@dataclass(frozen=True)
class Given:
    """What comes with a step: its date, document, new deadline, reason; what is ordered, and to which position."""

    on_date: date | None = None
    document: str = ""
    deadline: date | None = None
    reason: str = ""
    ordered: str = ""
    addressee: str = ""

    @property
    def needs(self) -> set[Need]:
        """Which of a move's needs this meets."""
        met: dict[Need, Any] = {
            "date": self.on_date,
            "document": self.document,
            "deadline": self.deadline,
            "reason": self.reason,
        }
        return {need for need, value in met.items() if value}


def machine_of(scheme: Scheme, finding: str) -> Machine:
    """The course of a scheme's finding. Raises StoreError where the scheme has no such finding."""
    return FINDINGS[_entry(scheme, finding).machine]


def first_move(machine: Machine) -> str:
    """The id of the move that begins a course."""
    return next(move.id for move in machine.moves if move.begins)


def orders(machine: Machine) -> bool:
    """Whether a course begins with an order that has a deadline."""
    return "deadline" in machine.move(first_move(machine)).needs


def state_of(event: FindingEvent, machine: Machine) -> str:
    """Where a finding stands; one that an older program recorded stands where it was ordered, overdue or revoked."""
    return state_of_row(event.state, machine, is_confirmed=event.is_confirmed, is_overdue=event.is_overdue)


def state_of_row(state: str | None, machine: Machine, *, is_confirmed: bool, is_overdue: bool) -> str:
    """`state_of` for what a row holds."""
    if isinstance(state, str) and state:
        return state
    if not is_confirmed:
        return "revoked"
    if machine is RECTIFICATION and is_overdue:
        return "overdue"
    return machine.move(first_move(machine)).target


def open_finding(
    store: Store | ScopedStore,
    *,
    cycle: int,
    unit: str,
    finding: str,
    on_date: date,
    document: str,
    indicator: str | None = None,
    deadline: date | None = None,
    ordered: str = "",
    addressee: str = "",
    is_aggravated: bool = False,
    note: str = "",
) -> str:
    """Record what a competent body found of a unit; returns the finding's key, like 2026-F40-1-<unit>-1.

    Raises StoreError where the unit is not in the reader's scope, something needed is missing or wrong, or the very same
    finding (entry, document and date) stands already.
    """
    scheme = store.scheme(cycle)
    entry = _entry(scheme, finding)
    machine = FINDINGS[entry.machine]
    move = first_move(machine)
    given = _tidy(Given(on_date, document, deadline, ordered=ordered, addressee=addressee))
    note = _typed("说明", note)
    with store.write() as transaction:
        who = registered_unit(store, cycle=cycle, unit=unit)
        state = _after(store, machine, None, move, who=who, given=given)
        _check_day(given.on_date, after=None, today=transaction.at.date())
        if not orders(machine):
            given = replace(given, deadline=None)
        elif given.deadline < given.on_date:
            raise refuse(
                f"改正期限 {given.deadline} 早于责令日期 {given.on_date}：请改为责令当日或以后的日期"
            )
        if indicator is not None and indicator not in {
            i.id for i in scheme.indicators_for(category=who.category, tags=who.tags)
        }:
            raise refuse(f"{who.name}没有指标 {indicator}：请从该单位的指标中选，或者不选")
        if is_aggravated and entry.kind != "deduction":
            raise refuse("从重情节（第四十一条第二款）只用于扣分事项")
        kept = [event for event in _events(store, cycle=cycle, unit=unit) if event.finding == finding]
        for event in kept:
            if (event.on_date, event.document) == (given.on_date, given.document) and event.is_confirmed:
                raise refuse(f"同一事项、同一文号、同一日期已经登记（{event.key}）：请核对，不要重复登记")
        event = FindingEvent(
            key=f"{cycle}-{finding}-{unit}-{len(kept) + 1}",
            unit=unit,
            finding=finding,
            on_date=given.on_date,
            document=given.document,
            is_aggravated=is_aggravated,
            note=note,
            indicator=indicator,
            move=move,
            state=state,
            deadline=given.deadline,
            ordered=given.ordered,
            addressee=given.addressee,
            step_on=given.on_date,
            step_document=given.document,
        )
        _record(transaction, event, cycle=cycle, unit=who, entry=entry, machine=machine)
    return event.key


def move_finding(
    store: Store | ScopedStore, *, cycle: int, key: str, move: str, given: Given | None = None
) -> str:
    """Take one step with a finding and return its state then. Raises StoreError as `add_step`."""
    with store.write() as transaction:
        return add_step(store, transaction, cycle=cycle, key=key, move=move, given=given)


def add_step(
    store: Store | ScopedStore,
    transaction: Transaction,
    *,
    cycle: int,
    key: str,
    move: str,
    given: Given | None = None,
) -> str:
    """The same inside another's transaction: whoever passes a rectification task corrects its finding with it.

    A correction dated after the deadline is one that came late: the lapse is recorded on the day after the deadline, then
    the late correction. Raises StoreError where the step cannot be made, by whom, or with what is given.
    """
    given = _tidy(given or Given())
    events = _events(store, cycle=cycle, keys=[key])
    if not events:
        raise out_of_hand(f"{cycle} 年度没有认定事项 {key}，或者它不在您的管辖范围")
    event = events[0]
    scheme = store.scheme(cycle)
    machine = machine_of(scheme, event.finding)
    steps = [(move, given)]
    if move == "correct" and _is_late(event, given.on_date) and state_of(event, machine) == "ordered":
        lapsed_on = max(event.deadline + timedelta(days=1), event.step_on or event.on_date)
        steps = [("lapse", Given(lapsed_on)), ("correct_late", given)]
    who = registered_unit(store, cycle=cycle, unit=event.unit)
    return _take(store, transaction, event, cycle=cycle, scheme=scheme, steps=steps, who=who).state


def correct_if_open(
    store: Store | ScopedStore, transaction: Transaction, *, cycle: int, key: str, done_on: date, reason: str
) -> None:
    """Where a finding is still to be corrected, say that it was, in time or late; else nothing.

    It was corrected on the day it was done, but not before the last step that was recorded of it.
    """
    for event in _events(store, cycle=cycle, keys=[key]):
        machine = machine_of(store.scheme(cycle), event.finding)
        state = state_of(event, machine)
        move = next(
            (
                m
                for m in ("correct", "correct_late")
                if m in machine.move_names and state in machine.move(m).sources
            ),
            None,
        )
        if move:
            day = max(done_on, event.step_on or event.on_date)
            add_step(store, transaction, cycle=cycle, key=key, move=move, given=Given(day, reason=reason))


def lapse_findings(store: Store | ScopedStore, *, cycle: int, keys: Sequence[str], on_date: date) -> int:
    """Say of many findings at once that their deadline passed without a correction, all or none; returns how many.

    Raises StoreError naming every finding of which it cannot be said.
    """
    if not keys:
        raise refuse("没有选认定事项：请至少选一项")
    with store.write() as transaction:
        units = store.units(cycle=cycle)
        events = {event.key: event for event in _events(store, cycle=cycle, keys=keys)}
        scheme = store.scheme(cycle)
        faults = []
        for key in dict.fromkeys(keys):
            event = events.get(key)
            if event is None:
                faults.append(f"{key}：没有这一事项，或者它不在您的管辖范围")
                continue
            try:
                _take(
                    store,
                    transaction,
                    event,
                    cycle=cycle,
                    scheme=scheme,
                    steps=[("lapse", Given(on_date))],
                    who=units[event.unit],
                )
            except StoreError as error:
                faults.append(f"{key}：{str(error).removesuffix(f'。{UNTOUCHED}')}")
        if faults:
            raise refuse("；".join(faults))
    return len(events)


def same_fact(scheme: Scheme, finding: str) -> tuple[str, ...]:
    """The scheme's other findings that may describe the same fact as this one (one fact is recorded once)."""
    place = _entry(scheme, finding).place
    others = [
        other
        for pair in SAME_FACT
        for one, other in (pair, pair[::-1])
        if (one.article, one.item) == (place.article, place.item)
    ]
    return tuple(
        entry.id
        for entry in scheme.findings
        if any((entry.place.article, entry.place.item) == (other.article, other.item) for other in others)
    )


def _take(
    store: Store | ScopedStore,
    transaction: Transaction,
    event: FindingEvent,
    *,
    cycle: int,
    scheme: Scheme,
    steps: Sequence[tuple[str, Given]],
    who: Unit,
) -> FindingEvent:
    """Take steps one after the other, each recorded; returns the finding then."""
    entry = _entry(scheme, event.finding)
    machine = FINDINGS[entry.machine]
    for move, given in steps:
        event = _stepped(store, event, machine, move, who=who, given=given, today=transaction.at.date())
        _record(transaction, event, cycle=cycle, unit=who, entry=entry, machine=machine, reason=given.reason)
    return event


def _stepped(
    store: Store | ScopedStore,
    event: FindingEvent,
    machine: Machine,
    move: str,
    *,
    who: Unit,
    given: Given,
    today: date,
) -> FindingEvent:
    """The finding after one step."""
    before = state_of(event, machine)
    state = _after(store, machine, before, move, who=who, given=given)
    day = given.on_date or today
    _check_day(day, after=event.step_on or event.on_date, today=today)
    if move == "extend":
        _check_extension(event, given, day)
    if move == "lapse" and event.deadline and day <= event.deadline:
        raise refuse(
            f"改正期限是 {event.deadline}，{day} 还没有逾期：请在 {event.deadline + timedelta(days=1)} 及以后认定"
        )
    return replace(
        event,
        move=move,
        state=state,
        is_confirmed=state != "revoked",
        is_overdue=event.is_overdue or move == "lapse",
        deadline=given.deadline if move == "extend" else event.deadline,
        ordered=given.ordered or event.ordered,
        addressee=given.addressee or event.addressee,
        step_on=day,
        step_document=given.document,
    )


def _check_extension(event: FindingEvent, given: Given, day: date) -> None:
    if event.deadline and day > event.deadline:
        raise refuse(f"改正期限 {event.deadline} 已过，{day} 不能再延长：请登记改正，或者认定逾期")
    least = event.deadline or event.on_date
    if given.deadline <= least:
        raise refuse(f"新的期限 {given.deadline} 不晚于{'原期限' if event.deadline else '责令日期'} {least}")


def _check_day(day: date, *, after: date | None, today: date) -> None:
    if day > today:
        raise refuse(f"日期 {day} 在今天（{today}）以后：请填文件或者办理的实际日期")
    if after and day < after:
        raise refuse(f"日期 {day} 早于上一步的日期 {after}：各步的日期须依次")


def _is_late(event: FindingEvent, day: date | None) -> bool:
    return bool(event.deadline and day and day > event.deadline)


def _tidy(given: Given) -> Given:
    """Without surrounding blanks. Raises StoreError for personal data, a text too long, or a position that is none."""
    addressee = given.addressee.strip()
    if addressee and addressee not in POSITIONS:
        raise refuse(f"“对象”只能是职务：{'、'.join(POSITIONS)}；不能写个人姓名")
    return replace(
        given,
        document=_typed("文号", given.document),
        reason=_typed("理由", given.reason),
        ordered=_typed("责令内容", given.ordered),
        addressee=addressee,
    )


def _typed(what: str, text: str) -> str:
    text = " ".join(text.split())
    check_text(text, what=what)
    return text


def _entry(scheme: Scheme, finding: str) -> Finding:
    for entry in scheme.findings:
        if entry.id == finding:
            return entry
    raise refuse(f"方案中没有认定事项 {finding}")


def _after(
    store: Store | ScopedStore,
    machine: Machine,
    state: str | None,
    move: str,
    *,
    who: Unit,
    given: Given,
) -> str:
    hands = hands_over(store, region=who.region, unit=who.code)
    return moved(machine, state, move, hands=hands, given=given.needs)


def _events(
    store: Store | ScopedStore, *, cycle: int, unit: str | None = None, keys: Sequence[str] | None = None
) -> list[FindingEvent]:
    """The newest event of each finding of a unit, or of these keys; revoked ones too."""
    rows = store.rows(
        f"select {', '.join(COLUMNS)} from finding_event where cycle = $cycle "
        "and ($unit is null or unit = $unit) and ($keys is null or list_contains($keys::varchar[], key)) "
        "qualify row_number() over (partition by key order by seq desc) = 1",
        cycle=cycle,
        unit=unit,
        keys=None if keys is None else list(keys),
    )
    texts = ("note", "ordered", "addressee", "step_document")  # null where an older program wrote them
    events = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    return [FindingEvent(**event | {name: event[name] or "" for name in texts}) for event in events]


def _record(
    transaction: Transaction,
    event: FindingEvent,
    *,
    cycle: int,
    unit: Unit,
    entry: Finding,
    machine: Machine,
    reason: str = "",
) -> None:
    transaction.audit(
        "finding",
        object=f"{unit.name}（{unit.code}）{entry.name}",
        detail=machine.move_names[event.move],
        cycle=cycle,
    )
    add_finding(transaction, cycle=cycle, finding=replace(event, reason=reason))
