"""The demo province: filled workbooks of invented units, taken in through the same intake as everybody's."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from data.course.acting import region_of_stage
from data.course.recording import add_review, record_findings
from data.demo.answers import answers_of, draw
from data.demo.course import DemoClock, evaluator, go_through
from data.demo.evaluators import findings_of, reviews_of
from data.demo.files import Sending, make_file, sendings_of
from data.demo.units import demo_units
from data.intake import take_in_many
from data.model import Review, Unit
from data.places import PUBLICATIONS, WORKBOOKS
from data.store import DATABASE, JOURNAL, Store, StoreError
from scoring.scheme import shipped_schemes

SCHEME = "heilongjiang-2026"  # the newest, for its own year and those after it
FORMER_SCHEME, FORMER_UNTIL = "heilongjiang-2025", 2025  # the one before it, for the years up to its own
# (month, day) on which a cycle opens and ends; in its first year the province started later
USUAL_DATES = ((8, 1), (10, 31))
DATES = {2025: ((9, 1), (11, 30))}
REVIEWED_AFTER = timedelta(days=14)  # when the evaluators are done, after the deadline
CHECKED_AGAIN = 0.15  # share of the units that a prefecture looks at once more
PART = ".demo-part"  # where a demo is built, so that an interrupted one never looks finished

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class DemoCounts:
    """How many files came in, and how many of them were refused."""

    files: int
    refused: int


def build_demo_home(
    home: Path,
    *,
    units: int = 600,
    years: Sequence[int] = (2025, 2026),
    seed: int = 7,
    goes_on: bool = True,
    progress: Progress | None = None,
) -> DemoCounts:
    """Build the demo into an empty runtime folder, all or nothing.

    `goes_on` False leaves every year where workbooks, first rulings and findings stand.
    Raises StoreError where the folder holds kept workbooks or a journal: they are the truth, even without a database.
    """
    part = home / PART
    if not part.exists() and (any((home / "workbooks").glob("*/*")) or (home / JOURNAL).exists()):
        raise StoreError(
            f"{home} 中有已接收的自评表或台账，不能在这里建示例省：请用 --home 另选目录，或先把它移走"
        )
    shutil.rmtree(part, ignore_errors=True)
    clock = DemoClock()
    store = Store.open(part, clock=clock, checks_clock=False)  # what happens in a demo year is dated in it
    try:
        counts = build_demo(
            store, clock, units=units, years=years, seed=seed, goes_on=goes_on, progress=progress
        )
    finally:
        store.close()
    for name in (
        WORKBOOKS,
        PUBLICATIONS,
        JOURNAL,
        DATABASE,
    ):  # the database last: without it the folder still counts as empty
        target = home / name
        if not (part / name).exists():
            continue
        shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
        (part / name).replace(target)
    shutil.rmtree(part)
    return counts


def build_demo(
    store: Store,
    clock: DemoClock,
    *,
    units: int = 600,
    years: Sequence[int] = (2025, 2026),
    seed: int = 7,
    goes_on: bool = True,
    progress: Progress | None = None,
) -> DemoCounts:
    """Year by year: open it, register the units, take in their workbooks, and let evaluators and units do their part.

    `store` goes by `clock`. The same arguments give the same scores. `progress` hears (files done, files in all).
    """
    registered = demo_units(units)
    years = sorted(years)
    plan = {year: _plan(registered, year, seed=seed) for year in years}
    total = sum(map(len, plan.values()))
    done = refused = 0
    for year, sent in plan.items():
        opens_on, deadline = cycle_dates(year)
        clock.go_to(datetime.combine(opens_on, time(9)))
        if year == years[0]:
            store.mark_demo()
        store.open_cycle(
            cycle=year, scheme_path=shipped_schemes()[scheme_of(year)], opens_on=opens_on, deadline=deadline
        )
        store.register_units(cycle=year, units=registered)
        clock.go_to(deadline)
        receipts = take_in_many(
            store,
            map(
                partial(
                    make_file,
                    scheme=store.scheme(year),
                    deadline=deadline,
                    first_cycle=years[0],
                    seed=seed,
                ),
                sent,
            ),
            cycle=year,
            received_at=[sending.at for sending in sent],
            progress=partial(_advance, progress, done, total),
        )
        done += len(sent)
        refused += sum(receipt.status == "refused" for receipt in receipts)
        clock.go_to(deadline + REVIEWED_AFTER)
        _evaluate(store, sent, cycle=year, first_cycle=years[0], last_cycle=years[-1], seed=seed)
        if goes_on:
            go_through(store, clock, cycle=year, deadline=deadline, seed=seed, is_finished=year < years[-1])
        store.refresh(year)
    return DemoCounts(files=total, refused=refused)


def _plan(units: Sequence[Unit], year: int, *, seed: int) -> list[Sending]:
    """What is sent in a year, in the order in which it comes."""
    opens_on, deadline = cycle_dates(year)
    sent = [
        sending
        for unit in units
        for sending in sendings_of(unit, cycle=year, opens_on=opens_on, deadline=deadline, seed=seed)
    ]
    return sorted(sent, key=lambda sending: (sending.at, sending.unit.code))


def scheme_of(year: int) -> str:
    """The id of the shipped scheme that a demo cycle is scored under."""
    return FORMER_SCHEME if year <= FORMER_UNTIL else SCHEME


def cycle_dates(year: int) -> tuple[date, datetime]:
    """The day on which a demo cycle opens, and the last second of its deadline."""
    opens, ends = DATES.get(year, USUAL_DATES)
    return date(year, *opens), datetime(year, *ends, 23, 59, 59)


def _advance(progress: Progress | None, before: int, total: int, done: int) -> None:
    if progress:
        progress(before + done, total)


def _evaluate(
    store: Store, sent: Sequence[Sending], *, cycle: int, first_cycle: int, last_cycle: int, seed: int
) -> None:
    """Reviews of what is there, more of them in finished years, and what competent bodies found."""
    scheme = store.scheme(cycle)
    submitted = {
        row[0] for row in store.rows("select unit from current_submission where cycle = $cycle", cycle=cycle)
    }
    newest = {sending.unit.code: sending for sending in sent if sending.unit.code in submitted}
    reviews = [
        review
        for sending in newest.values()
        for review in reviews_of(
            sending.unit,
            scheme=scheme,
            answers=answers_of(
                sending.unit,
                scheme=scheme,
                cycle=cycle,
                first_cycle=first_cycle,
                seed=seed,
                lift=sending.lift,
            ),
            cycle=cycle,
            seed=seed,
            is_finished=cycle < last_cycle,
        )
    ]
    regions = {sending.unit.code: sending.unit.region for sending in newest.values()}
    _record(store, reviews, regions, cycle=cycle)
    if cycle < last_cycle:
        _check_some(store, reviews, regions, cycle=cycle, seed=seed)
    present = [sending.unit for sending in newest.values()]
    record_findings(store, cycle=cycle, findings=findings_of(present, scheme=scheme, cycle=cycle, seed=seed))


def _record(store: Store, reviews: Sequence[Review], regions: Mapping[str, str], *, cycle: int) -> None:
    """All at once, each in the name of the evaluators of its stage: one commit for every region would take minutes."""
    current = dict(
        store.rows("select unit, submission from current_submission where cycle = $cycle", cycle=cycle)
    )
    with store.write() as transaction:
        transaction.audit("review", object=f"{len(reviews)} 项", cycle=cycle)
        for review in reviews:
            by = evaluator(store, region_of_stage(regions[review.unit], review.stage)).actor
            add_review(transaction, cycle=cycle, submission=current[review.unit], review=review, by=by)


def _check_some(
    store: Store, reviews: Sequence[Review], regions: Mapping[str, str], *, cycle: int, seed: int
) -> None:
    """Prefectures look at some of the counties' rulings once more and let them stand."""
    again = [
        replace(
            review,
            stage="prefecture",
            act=review.act if review.act in ("accept_na", "refuse_na") else "confirm",
            reason="同意县级初审",
        )
        for review in reviews
        if review.stage == "county" and draw(seed, "checked", review.unit, cycle).random() < CHECKED_AGAIN
    ]
    _record(store, again, regions, cycle=cycle)
