"""How the demo's findings were dealt with: dated steps through their machines, ending in the state that was drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from data.course.findings import POSITIONS, first_move, orders
from data.course.same_duty import indicators_of_duty
from data.demo.answers import draw
from data.model import FindingEvent, Unit
from procedure.machines import FINDINGS
from scoring.scheme import Finding, Scheme

# Where a finding ends, each way as likely as another; the score of a state is the same on every way.
IN_TIME = ((), ("correct",), ("correct",), ("extend", "correct"))
LATE = (
    ("lapse",),
    ("lapse", "interview"),
    ("lapse", "interview", "criticise"),
    ("lapse", "interview", "sanction"),
    ("lapse", "correct_late"),
    ("lapse", "interview", "correct_late"),
)
REFERRED = ((), ("refer",), ("refer", "conclude"))
LAST_DAY = (11, 10)  # month and day of the year by which every step was taken
REASONS = {"extend": "设备采购周期较长", "revoke": "经复核，原认定的情形不成立"}


def course_of(
    event: FindingEvent, finding: Finding, *, scheme: Scheme, unit: Unit, cycle: int, seed: int
) -> Iterator[FindingEvent]:
    """The steps up to a drawn event: is_overdue, is_aggravated and is_confirmed end as it has them."""
    chance = draw(seed, "course", event.key)
    machine = FINDINGS[finding.machine]
    begins = machine.move(first_move(machine))
    until = max(date(cycle, *LAST_DAY), event.on_date)
    near = indicators_of_duty(scheme, finding, unit=unit)
    now = replace(
        event,
        is_confirmed=True,
        is_overdue=False,
        move=begins.id,
        state=begins.target,
        indicator=chance.choice(near).id if near else None,
        step_on=event.on_date,
        step_document=event.document,
    )
    moves: tuple[str, ...] = ()
    if orders(machine):
        soon = event.on_date + (until - event.on_date) // 3
        usual = scheme.mended_by(event.on_date) or soon
        now = replace(
            now,
            deadline=min(usual, soon) if event.is_overdue else usual,
            ordered=f"限期改正：{finding.name}",
            addressee=POSITIONS[0],
        )
        moves = chance.choice(LATE if event.is_overdue else IN_TIME)
    elif "refer" in machine.move_names:
        moves = chance.choice(REFERRED)
    if not event.is_confirmed:
        moves = (*moves[:1], "revoke") if event.is_overdue else ("revoke",)
    yield now
    for number, move in enumerate(moves):
        step = machine.move(move)
        if move in ("correct", "extend"):
            day = now.step_on + (now.deadline - now.step_on) // 2
        elif move == "lapse":
            day = now.deadline + timedelta(days=1)
        else:
            day = now.step_on + (until - now.step_on) // (len(moves) - number + 1)
        if day > until:
            return
        now = replace(
            now,
            move=move,
            state=step.target or now.state,
            is_confirmed=move != "revoke",
            is_overdue=now.is_overdue or move == "lapse",
            deadline=now.deadline + timedelta(days=10) if move == "extend" else now.deadline,
            step_on=day,
            step_document=f"示例办〔{cycle}〕{chance.randrange(1, 90)}号" if "document" in step.needs else "",
            reason=REASONS.get(move, ""),
        )
        yield now
