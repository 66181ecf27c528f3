"""Rulings that come in as a filled table: all of its problems at once, or all of its rulings in one transaction.

What stands in the table is read in the sandbox (`data.review_sheet`); here it is held against what stands in the store at
the moment of recording, under the one lock, so that nothing that came in since is overwritten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from data.audit import ACTIONS
from data.course.acting import STAGE_NAMES, hands_over, own_stage, region_of_stage
from data.course.recording import add_review
from data.course.stages import stage_state
from data.course.standing import (
    Standing,
    is_ruled_above,
    newest_said,
    ruling_state,
    standing_of,
    value_of,
)
from data.list_sheet import MOST_PROBLEMS
from data.model import Review, Stage, Unit
from data.problems import Problem, has_errors, limit_problems, sort_problems
from data.regions import regions_by_code
from data.review_sheet import OPINIONS, RulingValue, SheetRuling
from data.safe_reading import read_review_sheet_safely
from data.scoped import ScopedStore
from data.store import Store
from procedure.machine import MoveError
from procedure.machines import RULING, SHEET
from scoring.scheme import Scheme


@dataclass(frozen=True)
class BulkOutcome:
    """What became of a filled table: its problems, and how many rulings of which move were recorded (none with an error)."""

    problems: tuple[Problem, ...]
    recorded: dict[str, int]

    @property
    def is_refused(self) -> bool:
        """Whether nothing was recorded."""
        return has_errors(self.problems)


class _Refused(Exception):
    """Ends the transaction with nothing written; carries why."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = problems


def take_in_rulings(
    store: Store | ScopedStore, *, cycle: int, content: bytes, filename: str = ""
) -> BulkOutcome:
    """Record every ruling of a filled table, or none and say all that is wrong. Raises StoreError as `store.write` does."""
    scheme = store.scheme(cycle)
    rulings, problems = read_review_sheet_safely(content, scheme=scheme, cycle=cycle, filename=filename)
    try:
        with store.write() as transaction:
            standing = standing_of(store, cycle=cycle, pairs=((r.unit, r.indicator) for r in rulings))
            found = [*problems, *_check(store, rulings, standing, cycle=cycle, scheme=scheme)]
            if has_errors(found):
                raise _Refused(found)
            reviews = _reviews(rulings, standing, stage=own_stage(store))
            recorded = Counter(review.act for _, review in reviews)
            names = {act: name for name, act in OPINIONS.items()}
            said = "、".join(f"{names[act]} {n} 项" for act, n in sorted(recorded.items()))
            transaction.audit("review", object=f"{len(reviews)} 项", detail=f"表格核定：{said}", cycle=cycle)
            for submission, review in reviews:
                add_review(transaction, cycle=cycle, submission=submission, review=review)
    except _Refused as refused:
        store.audit("review", object=f"表格{ACTIONS['review']}", outcome="refused", cycle=cycle)
        sheets = [ruling.sheet for ruling in rulings[:1]]
        return BulkOutcome(tuple(limit_problems(sort_problems(refused.problems, sheets), MOST_PROBLEMS)), {})
    return BulkOutcome(tuple(problems), dict(recorded))


def _check(
    store: Store | ScopedStore,
    rulings: Sequence[SheetRuling],
    standing: Standing,
    *,
    cycle: int,
    scheme: Scheme,
) -> Iterator[Problem]:
    """At most one problem per row: what keeps its ruling from being recorded as things stand now."""
    units, stage = store.units(cycle=cycle), own_stage(store)
    closed: dict[str, bool] = {}
    for ruling in rulings:
        unit, now = units.get(ruling.unit), standing.get((ruling.unit, ruling.indicator))
        if unit is None or now is None:
            yield ruling.problem("ruling-unknown-unit", "unit", found=ruling.unit)
            continue
        region = region_of_stage(unit.region, stage)
        if region not in closed:
            closed[region] = stage_state(store, cycle=cycle, region=region, stage=stage) == "closed"
        if closed[region]:
            yield ruling.problem(
                "ruling-stage-closed",
                "opinion",
                found=ruling.unit,
                region=regions_by_code()[region].name,
                stage=STAGE_NAMES[stage],
            )
        elif problem := _problem_of_row(store, ruling, unit, now, stage=stage, scheme=scheme):
            yield problem


def _problem_of_row(
    store: Store | ScopedStore, ruling: SheetRuling, unit: Unit, now, *, stage: Stage, scheme: Scheme
) -> Problem | None:
    what = f"{unit.name} {ruling.indicator}"
    if ruling.indicator not in {i.id for i in scheme.indicators_for(category=unit.category, tags=unit.tags)}:
        return ruling.problem("indicator-not-applicable", "indicator", found=ruling.indicator)
    if now.submission != ruling.submission:
        return ruling.problem("ruling-resubmitted", "unit", found=unit.name)
    hands = hands_over(store, region=unit.region, unit=unit.code)
    try:
        SHEET.after("returned" if now.is_returned else "submitted", "rule", hands=hands)
    except MoveError:
        return ruling.problem("ruling-returned", "unit", found=unit.name)
    if is_ruled_above(now, stage):
        return ruling.problem("ruling-by-higher", "opinion", found=what, who=STAGE_NAMES[now.stage])
    if now.newest_seq != ruling.seen:
        return _overtaken(ruling, now, what=what, scheme=scheme)
    return _fitting(ruling, now, hands=hands)


def _overtaken(ruling: SheetRuling, now, *, what: str, scheme: Scheme) -> Problem:
    value, reason = newest_said(now, scheme.by_id[ruling.indicator])
    return ruling.problem(
        "ruling-overtaken",
        "opinion",
        found=what,
        who=STAGE_NAMES[now.newest_stage],
        when=f"{now.newest_at:%Y-%m-%d %H:%M}",
        ruled=f"{value}{reason}",
    )


def _fitting(ruling: SheetRuling, now, *, hands) -> Problem | None:
    """Whether the machine has the opinion for what stands there; a value and a reason were asked for when it was read."""
    state = ruling_state(now)
    given = {"value"} if ruling.value else set()
    given |= {"reason"} if ruling.reason else set()
    try:
        RULING.after(state, ruling.act, hands=hands, given=given)
    except MoveError:
        names = {act: name for name, act in OPINIONS.items()}
        fitting = [names[move.id] for move in RULING.moves_from(state, hands=hands)]
        return ruling.problem(
            "ruling-not-fitting",
            "opinion",
            found=names[ruling.act],
            now="单位填的是不适用" if now.claim == "na" else "单位填了答案",
            allowed="、".join(fitting),
        )
    return None


def _reviews(rulings: Sequence[SheetRuling], standing: Standing, *, stage: Stage) -> list[tuple[int, Review]]:
    """The rulings as they are kept: what is confirmed takes over the value that counts now."""
    reviews = []
    for ruling in rulings:
        value = asdict(ruling.value or RulingValue())
        if ruling.act == "confirm":
            value = value_of(standing[ruling.unit, ruling.indicator])
        review = Review(
            unit=ruling.unit,
            indicator=ruling.indicator,
            stage=stage,
            state="na" if ruling.act == "accept_na" else "answered",
            reason=ruling.reason,
            act=ruling.act,
            **value,
        )
        reviews.append((ruling.submission, review))
    return reviews
