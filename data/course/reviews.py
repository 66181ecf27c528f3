"""Ruling on single indicators, sending a workbook back, and what a re-sent one keeps: the county's 初审 and those above.

A ruling belongs to the workbook that it was made on (docs/decisions.md). What somebody else did meanwhile is never
overwritten in silence: who rules says what they have seen (docs/procedures.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from data.course.acting import (
    STAGE_NAMES,
    acted,
    hands_over,
    moved,
    out_of_hand,
    own_stage,
    refuse,
    region_of_stage,
)
from data.course.recording import add_review
from data.course.ruled_value import FIELDS, fault_of_value
from data.course.stages import stage_state
from data.course.standing import (
    Standing,
    is_ruled_above,
    is_ruled_from,
    newest_said,
    ruling_state,
    standing_of,
    value_of,
)
from data.course.texts import check_text
from data.failures import UNTOUCHED, StoreError
from data.model import Review, Stage, Unit
from data.regions import regions_by_code
from data.scoped import ScopedStore
from data.store import Store
from data.transaction import Transaction
from procedure.machines import RULING, SHEET
from scoring.scheme import Indicator, Scheme

CARRIED, AGREED = "沿用前一份的核定", "同意"
# What an evaluator looked at: (unit, indicator) → seq of the newest ruling, 0 where there was none; unit → submission.
Seen = Mapping[tuple[str, str], int]
Sheets = Mapping[str, int]


@dataclass(frozen=True)
class Ruling:
    """What an evaluator rules on one indicator: a move of the machine RULING, a reason, and the value where it needs one
    (one of choice, number, numerator and denominator, on_date, by the indicator's type, as in `data.model.Answer`)."""

    unit: str
    indicator: str
    act: str
    reason: str = ""
    choice: str | None = None
    number: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    on_date: date | None = None

    @property
    def value(self) -> dict[str, Any]:
        """The fields of the value that are given."""
        return {field: given for field in FIELDS if (given := getattr(self, field)) is not None}


class Overtaken(StoreError):
    """Somebody ruled on the same indicators since they were last looked at; `newer` are (unit, indicator, text)."""

    def __init__(self, newer: Sequence[tuple[str, str, str]]):
        self.newer = tuple(newer)
        said = "；".join(text for _, _, text in newer)
        super().__init__(f"您查看以后另有核定：{said}。{UNTOUCHED}；所写的内容仍在，请看过后再决定")


@dataclass(frozen=True)
class Confirmed:
    """What a confirmation of the rest did: how many indicators, and which claims of 不适用 still wait for a ruling."""

    confirmed: int
    pending: tuple[str, ...]


def record_rulings(
    store: Store | ScopedStore,
    *,
    cycle: int,
    rulings: Sequence[Ruling],
    seen: Seen | None = None,
    sheets: Sheets | None = None,
) -> list[int]:
    """Record rulings at the reader's own stage, all or none; returns their seqs.

    `seen` and `sheets` say what the evaluator looked at. Raises StoreError where a ruling cannot be made or the unit has
    handed in another workbook since, and Overtaken where another ruling came in since; then nothing is written.
    """
    with store.write() as transaction:
        seqs = add_rulings(store, transaction, cycle=cycle, rulings=rulings, seen=seen, sheets=sheets)
        names = "、".join(f"{r.unit} {r.indicator} {RULING.move_names[r.act]}" for r in rulings[:5])
        more = f" 等 {len(rulings)} 项" if len(rulings) > 5 else ""
        transaction.audit("review", object=f"{len(rulings)} 项", detail=f"{names}{more}", cycle=cycle)
    return seqs


def add_rulings(
    store: Store | ScopedStore,
    transaction: Transaction,
    *,
    cycle: int,
    rulings: Sequence[Ruling],
    seen: Seen | None = None,
    sheets: Sheets | None = None,
) -> list[int]:
    """`record_rulings` within an open transaction, not audited."""
    units = _reviewable(store, cycle=cycle, codes={r.unit for r in rulings})
    standing = standing_of(store, cycle=cycle, pairs=((r.unit, r.indicator) for r in rulings))
    return _add(
        store, transaction, rulings, cycle=cycle, units=units, standing=standing, seen=seen, sheets=sheets
    )


def _add(
    store: Store | ScopedStore,
    transaction: Transaction,
    rulings: Sequence[Ruling],
    *,
    cycle: int,
    units: Mapping[str, Unit],
    standing: Standing,
    seen: Seen | None = None,
    sheets: Sheets | None = None,
) -> list[int]:
    """Hold rulings against what stands and add them."""
    stage, scheme = own_stage(store), store.scheme(cycle)
    if len({(r.unit, r.indicator) for r in rulings}) < len(rulings):
        raise refuse("同一项指标一次只能核定一次")
    _check_sheets(units, standing, sheets or {})
    newer = list(_newer(rulings, standing, seen or {}, scheme=scheme))
    if newer:
        raise Overtaken(newer)
    made = []
    for ruling in rulings:
        unit, now = units[ruling.unit], standing.get((ruling.unit, ruling.indicator))
        asked = scheme.by_id.get(ruling.indicator)
        if asked is None or asked not in scheme.indicators_for(category=unit.category, tags=unit.tags):
            raise refuse(f"{unit.name}没有指标 {ruling.indicator}")
        if now is None:
            raise refuse(f"{unit.name}没有可以核定的自评表")
        made.append(
            (now.submission, _review(store, ruling, now, unit=unit, asked=asked, stage=stage, cycle=cycle))
        )
    return [add_review(transaction, cycle=cycle, submission=s, review=review) for s, review in made]


def confirm_rest(
    store: Store | ScopedStore,
    *,
    cycle: int,
    units: Sequence[str],
    seen: Seen | None = None,
    sheets: Sheets | None = None,
) -> Confirmed:
    """Confirm every indicator of the units' workbooks that nobody of this stage or above has ruled on, all or none.

    What a stage below ruled stands. Claims of 不适用 that wait for the first ruling are left, and named. Raises as
    `record_rulings` does.
    """
    with store.write() as transaction:
        registered = _reviewable(store, cycle=cycle, codes=units)
        asked = _asked(store.scheme(cycle), registered.values())
        standing = standing_of(store, cycle=cycle, pairs=((unit, i.id) for unit, i in asked))
        waiting = list(_waiting(asked, standing, stage=own_stage(store)))
        pending = tuple(indicator for indicator, ruling in waiting if ruling is None)
        rulings = [ruling for _, ruling in waiting if ruling]
        if not rulings:
            raise refuse("没有还需确认的指标" + (f"；还有 {len(pending)} 项不适用待核" if pending else ""))
        _add(
            store,
            transaction,
            rulings,
            cycle=cycle,
            units=registered,
            standing=standing,
            seen=seen,
            sheets=sheets,
        )
        names = "、".join(units[:5])
        detail = f"其余属实：{names}" + (f" 等 {len(units)} 家" if len(units) > 5 else "")
        transaction.audit("review", object=f"{len(rulings)} 项", detail=detail, cycle=cycle)
    return Confirmed(len(rulings), pending)


def carry_over(store: Store | ScopedStore, *, cycle: int, unit: str) -> int:
    """Repeat this stage's rulings on the unit's previous workbook where answer and evidence read as they did then.

    Returns how many. Raises StoreError where there is no earlier workbook or nothing to repeat.
    """
    stage = own_stage(store)
    with store.write() as transaction:
        rows = store.rows(
            "select indicator, act, reason, choice, number, numerator, denominator, on_date from carried_ruling "
            "where cycle = $cycle and unit = $unit and stage = $stage",
            cycle=cycle,
            unit=unit,
            stage=stage,
        )
        carried = [
            Ruling(unit, indicator, act, f"{reason}（{CARRIED}）" if reason else CARRIED, *value)
            for indicator, act, reason, *value in rows
        ]
        registered = _reviewable(store, cycle=cycle, codes=[unit])
        standing = standing_of(store, cycle=cycle, pairs=((r.unit, r.indicator) for r in carried))
        rulings = [r for r in carried if _is_still_right(r, standing[unit, r.indicator], stage=stage)]
        if not rulings:
            raise refuse("前一份自评表没有可以沿用的核定：填报内容没有变化的指标都已核定，或者当时没有核定")
        _add(store, transaction, rulings, cycle=cycle, units=registered, standing=standing)
        transaction.audit("review", object=f"{len(rulings)} 项", detail=f"{CARRIED}：{unit}", cycle=cycle)
    return len(rulings)


def send_back(store: Store | ScopedStore, *, cycle: int, unit: str, message: str) -> None:
    """Send a unit's workbook back to it with a message; it goes on counting until another one comes in.

    Raises StoreError where the sheet cannot be sent back now, or by this reader.
    """
    _return(store, "return", cycle=cycle, unit=unit, message=message)


def recall(store: Store | ScopedStore, *, cycle: int, unit: str, reason: str) -> None:
    """Take a return back, before the unit has sent another workbook. Raises StoreError."""
    _return(store, "recall", cycle=cycle, unit=unit, message=reason)


def sheet_state(store: Store | ScopedStore, *, cycle: int, unit: str) -> str:
    """Where a unit's workbook stands (machine SHEET): missing, submitted, reviewing or returned."""
    found = store.rows(
        "select state from sheet_state where cycle = $cycle and unit = $unit", cycle=cycle, unit=unit
    )
    return found[0][0] if found else "missing"


def _return(store: Store | ScopedStore, move: str, *, cycle: int, unit: str, message: str) -> None:
    message = message.strip()
    check_text(message, what="说明")
    with store.write() as transaction:
        registered = _in_hand(store, cycle=cycle, codes=[unit])[unit]
        moved(
            SHEET,
            sheet_state(store, cycle=cycle, unit=unit),
            move,
            hands=hands_over(store, region=registered.region, unit=unit),
            given=["reason"] if message else [],
        )
        (submission,) = store.rows(
            "select submission from current_submission where cycle = $cycle and unit = $unit",
            cycle=cycle,
            unit=unit,
        )[0]
        name = SHEET.move_names[move]
        transaction.audit(
            "return", object=f"{registered.name}（{unit}）", detail=f"{name}：{message}", cycle=cycle
        )
        seq = transaction.record("return", cycle=cycle, detail=f"{unit} {move}")
        transaction.add(
            "return_event",
            {
                "seq": seq,
                "cycle": cycle,
                "unit": unit,
                "submission": submission,
                "stage": own_stage(store),
                "state": "returned" if move == "return" else "recalled",
                "message": message,
                **acted(transaction),
            },
        )


def _in_hand(store: Store | ScopedStore, *, cycle: int, codes: Collection[str]) -> dict[str, Unit]:
    """The units, all of which this reader reviews. Raises StoreError where it does not, or its stage is closed for one."""
    units, stage = store.units(cycle=cycle, codes=codes), own_stage(store)
    for code in codes:
        if code not in units:
            raise out_of_hand(f"{cycle} 年度名册中没有单位 {code}，或者它不在您的管辖范围")
        if "evaluator" not in hands_over(store, region=units[code].region, unit=code):
            raise out_of_hand(f"{units[code].name}的自评表只能由其所在地区的考核人员审核")
    for region in dict.fromkeys(region_of_stage(unit.region, stage) for unit in units.values()):
        if stage_state(store, cycle=cycle, region=region, stage=stage) == "closed":
            raise refuse(
                f"{regions_by_code()[region].name}的{STAGE_NAMES[stage]}已关闭，不能再办理；"
                "确需更正的，请由上级重新打开"
            )
    return units


def _reviewable(store: Store | ScopedStore, *, cycle: int, codes: Collection[str]) -> dict[str, Unit]:
    """`_in_hand`, and the workbook of each is one that can be ruled on now."""
    units = _in_hand(store, cycle=cycle, codes=codes)
    states = dict(
        store.rows(
            "select unit, state from sheet_state where cycle = $cycle and list_contains($units, unit)",
            cycle=cycle,
            units=list(codes),
        )
    )
    for code, unit in units.items():
        hands = hands_over(store, region=unit.region, unit=code)
        moved(SHEET, states.get(code, "missing"), "rule", hands=hands, about=unit.name)
    return units


def _check_sheets(units: Mapping[str, Unit], standing: Mapping, sheets: Sheets) -> None:
    """Raises StoreError where a unit has handed in another workbook than the one that was looked at."""
    now = {unit: row.submission for (unit, _), row in standing.items()}
    changed = [unit.name for code, unit in units.items() if code in sheets and now.get(code) != sheets[code]]
    if changed:
        raise refuse(f"您查看以后，以下单位另交了一份自评表，请看过新的一份再核定：{'、'.join(changed)}")


def _is_still_right(ruling: Ruling, now, *, stage: Stage) -> bool:
    """Whether a ruling on the workbook before can be repeated: not where this stage or one above has ruled again, nor what
    only let stand a value that is another one now."""
    return not is_ruled_from(now, stage) and (ruling.act != "confirm" or ruling.value == value_of(now))


def _newer(
    rulings: Sequence[Ruling], standing: Mapping, seen: Seen, *, scheme: Scheme
) -> Iterator[tuple[str, str, str]]:
    for ruling in rulings:
        key = ruling.unit, ruling.indicator
        now = standing.get(key)
        if key in seen and now is not None and now.newest_seq != seen[key]:
            value, reason = newest_said(now, scheme.by_id[ruling.indicator])
            yield (
                *key,
                f"{ruling.indicator} {STAGE_NAMES[now.newest_stage]}于 {now.newest_at:%Y-%m-%d %H:%M} "
                f"核定为“{value}”{reason}",
            )


def _review(
    store: Store | ScopedStore, ruling: Ruling, now, *, unit: Unit, asked, stage: Stage, cycle: int
) -> Review:
    what = f"{unit.name}“{asked.title}”"
    if is_ruled_above(now, stage):
        raise refuse(f"{what}已由{STAGE_NAMES[now.stage]}核定，下级不能再核定")
    reason = ruling.reason.strip()
    check_text(reason)
    given = (["value"] if ruling.value else []) + (["reason"] if reason else [])
    hands = hands_over(store, region=unit.region, unit=unit.code)
    moved(RULING, ruling_state(now), ruling.act, hands=hands, given=given, about=what)
    value = ruling.value
    if ruling.act in ("change", "refuse_na"):
        if fault := fault_of_value(asked, cycle=cycle, state="answered", value=value):
            raise refuse(f"{unit.name}：{fault}")
    elif ruling.act == "confirm":
        reason = reason or _agreement(now, stage)
        value = value_of(now)
    else:
        value = {}
    return Review(
        unit=ruling.unit,
        indicator=ruling.indicator,
        stage=stage,
        state="na" if ruling.act == "accept_na" else "answered",
        reason=reason,
        act=ruling.act,
        **value,
    )


def _agreement(now, stage: Stage) -> str:
    """Why a value stands that a stage below ruled, so that the reason is read at every stage; empty for the unit's own."""
    if not now.stage or now.stage == stage or not now.newest_reason:
        return ""
    said = now.newest_reason.removeprefix(AGREED) if now.newest_reason.startswith(AGREED) else None
    return f"{AGREED}{said or f'{STAGE_NAMES[now.stage]}：{now.newest_reason}'}"


def _asked(scheme: Scheme, units: Iterable[Unit]) -> list[tuple[str, Indicator]]:
    """Every unit with every indicator of its set, in the scheme's order."""
    return [
        (unit.code, indicator)
        for unit in units
        for indicator in scheme.indicators_for(category=unit.category, tags=unit.tags)
    ]


def _waiting(
    asked: Iterable[tuple[str, Indicator]], standing: Standing, *, stage: Stage
) -> Iterator[tuple[str, Ruling | None]]:
    """(indicator, ruling that lets it stand) of what this stage or one above has not ruled on; no ruling where a claim of
    不适用 waits for the first one."""
    for unit, indicator in asked:
        now = standing[unit, indicator.id]
        if is_ruled_from(now, stage):
            continue
        if now.claim != "na":
            yield indicator.id, Ruling(unit, indicator.id, "confirm")
        elif now.stage and now.state == "na":
            yield indicator.id, Ruling(unit, indicator.id, "accept_na")
        elif now.stage:
            reason = _agreement(now, stage) or f"{AGREED}{STAGE_NAMES[now.stage]}"
            yield indicator.id, Ruling(unit, indicator.id, "refuse_na", reason, **value_of(now))
        elif indicator.na == "review":
            yield indicator.id, None
