"""The rest of a demo year, through the same functions as everybody's: stages, drawings, tasks, objections, publication.

A finished year goes to its end and is published; the newest is in the middle of its review.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from data.course.objections import decide_objection, file_objection
from data.course.publications import publish
from data.course.reviews import send_back
from data.course.sampling import draw_sample, scheme_plan
from data.course.stages import close_stages
from data.course.tasks import NewTask, TaskAnswer, answer_tasks, issue_tasks, pass_task, reject_task
from data.demo.answers import draw
from data.model import Actor, Scope
from data.regions import PROVINCE, load_regions, regions_by_code
from data.scoped import ScopedStore
from data.store import Store

# Days after the deadline.
RULED, CHECKED, CLOSED, DRAWN, ISSUED, OBJECTED, DECIDED, PUBLISHED, ANSWERED, RECHECKED = (
    14, 18, 20, 8, 21, 22, 25, 29, 40, 45,
)  # fmt: skip
TASK_DAYS = 30
UNITS_PER_TASK, MOST_TASKS = 5, 400  # one unit in so many has a task; a demo of 12,000 units needs no 2,400
OBJECTIONS, SENT_BACK = 6, 3
ANSWERED_SHARE, REJECTED_SHARE = 0.75, 0.15
REASONS = (
    "佐证材料在收发登记中另有原件，请复核",
    "核定时未见附件二，现已补报，请予核实",
    "该项工作由上级统一组织，本单位已按要求参加",
)
DECISIONS = ("经复核，所附材料不能证明自评的情况", "补充的材料不在考核年度内")


class DemoClock:
    """A clock that stands where the demo's story is, never later than now and never going back."""

    def __init__(self) -> None:
        self._at = datetime(2000, 1, 1)

    def __call__(self) -> datetime:
        """The moment in the story."""
        return self._at

    def go_to(self, at: datetime) -> None:
        """Let time pass until then, or until now."""
        self._at = max(self._at, min(at, datetime.now()))


def evaluator(store: Store, region: str) -> ScopedStore:
    """The store as the evaluators of a region of the demo have it."""
    level = regions_by_code()[region].level
    role = {"zone": "county"}.get(level, level)
    return store.seen_by(Scope(region), actor=Actor(f"demo-{region}", role, "demo"))


def go_through(
    store: Store, clock: DemoClock, *, cycle: int, deadline: datetime, seed: int, is_finished: bool
) -> None:
    """What follows the county's rulings and the findings of a year."""
    province = evaluator(store, PROVINCE)
    at = _Calendar(clock, deadline)
    at.day(DRAWN)
    if plan := scheme_plan(store, cycle=cycle):
        draw_sample(province, cycle=cycle, region=PROVINCE, seed=seed, plan=plan, reason="年度抽查")
    if is_finished:
        at.day(CLOSED)
        _close(store, province, cycle=cycle)
    else:
        _send_back(store, cycle=cycle, seed=seed)
        at.day(CHECKED)
        _close_finished_counties(store, cycle=cycle)
    at.day(ISSUED)
    tasks = _issue(store, province, cycle=cycle, seed=seed, today=clock().date())
    at.day(OBJECTED)
    objections = _object(store, cycle=cycle, seed=seed)
    if is_finished:
        at.day(DECIDED)
        _decide(store, province, objections, cycle=cycle)
        at.day(PUBLISHED)
        publish(province, cycle=cycle, reason="经考核主管部门审定（示例）")
    at.day(ANSWERED)
    answered = _answer(store, province, tasks, cycle=cycle, seed=seed, today=clock().date())
    if is_finished:
        at.day(RECHECKED)
        _recheck(province, answered, cycle=cycle, seed=seed, today=clock().date())


class _Calendar:
    def __init__(self, clock: DemoClock, deadline: datetime):
        self._clock, self._deadline = clock, deadline

    def day(self, days: int) -> None:
        """So many days after the deadline, at ten in the morning."""
        self._clock.go_to((self._deadline + timedelta(days=days)).replace(hour=10, minute=0, second=0))


def _close(store: Store, province: ScopedStore, *, cycle: int) -> None:
    regions = load_regions()
    for level, stage in (("county", "county"), ("prefecture", "prefecture"), ("province", "province")):
        codes = [r.code for r in regions if r.level == level or (level == "county" and r.level == "zone")]
        close_stages(province, cycle=cycle, regions=codes, stage=stage)


def _close_finished_counties(store: Store, *, cycle: int) -> None:
    """Counties from which everything came in and was ruled on, a few of them."""
    rows = store.rows(
        "select unit.region, count(*), count(submission.unit), count(*) filter (sheet.state = 'returned') "
        "from unit left join current_submission as submission using (cycle, unit) "
        "left join sheet_state as sheet using (cycle, unit) where cycle = $cycle group by unit.region order by unit.region",
        cycle=cycle,
    )
    levels = {r.code: r for r in load_regions()}
    done = [region for region, units, sent, returned in rows if units == sent and not returned]
    done = [region for region in done if levels[region].level == "county"][::3]
    by_prefecture: dict[str, list[str]] = {}
    for region in done:
        by_prefecture.setdefault(levels[region].parent, []).append(region)
    for prefecture, counties in by_prefecture.items():
        close_stages(
            evaluator(store, prefecture), cycle=cycle, regions=counties, stage="county", reason="初审完毕"
        )


def _send_back(store: Store, *, cycle: int, seed: int) -> None:
    units = _by_chance(
        store.rows(
            "select unit.unit, unit.region from unit join sheet_state using (cycle, unit) where cycle = $cycle "
            "order by unit.unit",
            cycle=cycle,
        ),
        "sent back",
        seed,
        cycle,
    )
    for unit, region in units[:SENT_BACK]:
        message = "第十九条各项的佐证材料只写了“见台账”，请补充文号和日期后重新上传"
        send_back(evaluator(store, region), cycle=cycle, unit=unit, message=message)


def _issue(store: Store, province: ScopedStore, *, cycle: int, seed: int, today: date) -> list[str]:
    """One task for some of the units whose shortfall was confirmed: its costliest indicator."""
    store.refresh(cycle)
    gaps = store.rows(
        "select term.unit, term.indicator from unit_term as term "
        "join result_counted_value as value using (cycle, unit, indicator) "
        "where term.cycle = $cycle and term.basis = 'composite' and value.stage is not null and term.x < 1 "
        "qualify row_number() over (partition by term.unit order by term.gap desc, term.indicator) = 1 "
        "order by term.unit",
        cycle=cycle,
    )
    chosen = _by_chance(gaps, "task", seed, cycle)
    chosen = chosen[: min(MOST_TASKS, max(1, len(gaps) // UNITS_PER_TASK))] if gaps else []
    if not chosen:
        return []
    deadline = today + timedelta(days=TASK_DAYS)
    return issue_tasks(
        province,
        cycle=cycle,
        tasks=[
            NewTask(unit=unit, source="gap", indicator=indicator, deadline=deadline)
            for unit, indicator in chosen
        ],
    )


def _answer(
    store: Store, province: ScopedStore, tasks: Sequence[str], *, cycle: int, seed: int, today: date
) -> list[str]:
    done = [task for task in tasks if draw(seed, "answered", task, cycle).random() < ANSWERED_SHARE]
    if done:
        answer_tasks(
            province,
            cycle=cycle,
            answers=[
                TaskAnswer(
                    task, today - timedelta(days=2), "已按要求落实并建立台账", f"示例整改〔{cycle}〕{n}号"
                )
                for n, task in enumerate(done, start=1)
            ],
        )
    return done


def _recheck(province: ScopedStore, tasks: Iterable[str], *, cycle: int, seed: int, today: date) -> None:
    for task in tasks:
        if draw(seed, "rejected", task, cycle).random() < REJECTED_SHARE:
            later = today + timedelta(days=TASK_DAYS)
            reason = "现场查看时台账尚未补齐"
            reject_task(province, cycle=cycle, task=task, reason=reason, deadline=later)
        else:
            pass_task(province, cycle=cycle, task=task, on_date=today)


def _object(store: Store, *, cycle: int, seed: int) -> list[str]:
    """Objections of a few units to what the county changed."""
    store.refresh(cycle)
    changed = store.rows(
        "select unit.unit, unit.region, ruling.indicator from changed_ruling as ruling "
        "join unit using (cycle, unit) where cycle = $cycle and ruling.act = 'change' and ruling.stage = 'county' "
        "qualify row_number() over (partition by unit.unit order by ruling.indicator) = 1 order by unit.unit",
        cycle=cycle,
    )
    filed = []
    for n, (unit, region, indicator) in enumerate(_by_chance(changed, "objection", seed, cycle)[:OBJECTIONS]):
        itself = store.seen_by(Scope(region, unit=unit), actor=Actor(unit, "unit", "demo"))
        reason = REASONS[n % len(REASONS)]
        filed.append(file_objection(itself, cycle=cycle, unit=unit, indicator=indicator, reason=reason))
    return filed


def _decide(store: Store, province: ScopedStore, objections: Sequence[str], *, cycle: int) -> None:
    for n, objection in enumerate(objections):
        unit, _, indicator = objection.partition("-")
        where = {"cycle": cycle, "unit": unit, "indicator": indicator}
        ruling, submission = store.rows(
            "select seq, submission from current_review "
            "where cycle = $cycle and unit = $unit and indicator = $indicator",
            **where,
        )[0]
        own = store.rows(
            "select choice, number, numerator, denominator, on_date from answer "
            "where submission = $submission and indicator = $indicator",
            submission=submission,
            indicator=indicator,
        )[0]
        if n % 3 == 0:
            names = ("choice", "number", "numerator", "denominator", "on_date")
            value = dict(zip(names, own, strict=True))
            reason = "补报的材料属实，恢复自评值"
            decide_objection(province, cycle=cycle, objection=objection, move="grant", reason=reason, ruling=ruling, **value)  # fmt: skip
        else:
            reason = DECISIONS[n % len(DECISIONS)]
            decide_objection(
                province, cycle=cycle, objection=objection, move="uphold", reason=reason, ruling=ruling
            )


def _by_chance(rows: Sequence[tuple], about: str, seed: int, cycle: int) -> list[tuple]:
    return sorted(rows, key=lambda row: draw(seed, about, row[0], cycle).random())
