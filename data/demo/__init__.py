"""The demo province: filled workbooks of invented units, taken in through the same intake as everybody's."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from data.course.recording import record_findings, record_reviews
from data.demo.answers import answers_of
from data.demo.evaluators import findings_of, reviews_of
from data.demo.files import Sending, make_file, sendings_of
from data.demo.units import demo_units
from data.intake import take_in_many
from data.store import DATABASE, JOURNAL, Store, StoreError
from scoring.scheme import shipped_schemes

SCHEME = "heilongjiang-2026"  # the newest, for its own year and those after it
FORMER_SCHEME, FORMER_UNTIL = "heilongjiang-2025", 2025  # the one before it, for the years up to its own
# (month, day) on which a cycle opens and ends; in its first year the province started later
USUAL_DATES = ((8, 1), (10, 31))
DATES = {2025: ((9, 1), (11, 30))}
REVIEWED_AFTER = timedelta(days=14)  # when the evaluators are done, after the deadline
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
    progress: Progress | None = None,
) -> DemoCounts:
    """Build the demo into an empty runtime folder, all or nothing.

    Raises StoreError where the folder holds kept workbooks or a journal: they are the truth, even without a database.
    """
    part = home / PART
    if not part.exists() and (any((home / "workbooks").glob("*/*")) or (home / JOURNAL).exists()):
        raise StoreError(
            f"{home} 中有已接收的自评表或台账，不能在这里建示例省：请用 --home 另选目录，或先把它移走"
        )
    shutil.rmtree(part, ignore_errors=True)
    store = Store.open(part)
    try:
        counts = build_demo(store, units=units, years=years, seed=seed, progress=progress)
    finally:
        store.close()
    for name in (
        "workbooks",
        JOURNAL,
        DATABASE,
    ):  # the database last: without it the folder still counts as empty
        target = home / name
        shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
        (part / name).replace(target)
    shutil.rmtree(part)
    return counts


def build_demo(
    store: Store,
    *,
    units: int = 600,
    years: Sequence[int] = (2025, 2026),
    seed: int = 7,
    progress: Progress | None = None,
) -> DemoCounts:
    """Open the cycles, register the units, take in their workbooks, then the evaluators' values and findings.

    The same arguments give the same scores. `progress` hears (files done, files in all).
    """
    registered = demo_units(units)
    years = sorted(years)
    store.mark_demo()
    plan = {}
    for year in years:
        opens_on, deadline = cycle_dates(year)
        store.open_cycle(
            cycle=year, scheme_path=shipped_schemes()[scheme_of(year)], opens_on=opens_on, deadline=deadline
        )
        store.register_units(cycle=year, units=registered)
        sent = [
            s
            for u in registered
            for s in sendings_of(u, cycle=year, opens_on=opens_on, deadline=deadline, seed=seed)
        ]
        plan[year] = sorted(sent, key=lambda sending: (sending.at, sending.unit.code))
    total = sum(map(len, plan.values()))
    done = refused = 0
    for year, sent in plan.items():
        receipts = take_in_many(
            store,
            map(
                partial(
                    make_file,
                    scheme=store.scheme(year),
                    deadline=cycle_dates(year)[1],
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
        _evaluate(store, sent, cycle=year, first_cycle=years[0], last_cycle=years[-1], seed=seed)
        store.refresh(year)
    return DemoCounts(files=total, refused=refused)


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
    _, deadline = cycle_dates(cycle)
    record_reviews(store, cycle=cycle, reviews=reviews, at=deadline + REVIEWED_AFTER)
    present = [sending.unit for sending in newest.values()]
    record_findings(store, cycle=cycle, findings=findings_of(present, scheme=scheme, cycle=cycle, seed=seed))
