"""A whole register scored anew, 40 answers a unit; beside pandas and polars computing the same results (benchmarks/frames.py),
and one scan-and-sum of the answers."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from benchmarks.frames import ANSWERS_FILE, YEAR
from benchmarks.in_pandas import read_answers, scores_in_pandas
from benchmarks.in_polars import scores_in_polars
from benchmarks.measure import FLOOR, OURS, PEER, Case, Contestant, Figures, Goal
from benchmarks.registers import copy_of
from data.demo import SCHEME, cycle_dates
from data.demo.units import demo_units
from data.store import Store
from scoring.scheme import shipped_schemes

POLARS = "polars"  # the other peer
ONE_BASIS_UNITS = 100_000  # up to so many, pandas is measured with one basis too

DRAWN_UNITS = 10_000  # made one by one in Python; beyond these the register repeats them under other codes

COPIES = """
insert into registration
select
    seq, cycle, left(unit, 10) || lpad((copy * $drawn + number)::varchar, 6, '0') || right(unit, 2) as unit,
    name || '（' || copy || '）' as name, region, category, tags, is_active
from (select *, row_number() over (order by unit) - 1 as number from registration where cycle = $cycle)
cross join range(1, $units // $drawn + 1) as turn(copy)
where copy * $drawn + number < $units
"""
# Submissions have numbers below those of the journal, so that whatever comes in later is newer.
SUBMISSIONS = """
insert into submission
select
    row_number() over (order by unit) - $units, $cycle, unit, sha256(unit), unit || '.xlsx', 0, $scheme, $version, $at,
    false
from unit where cycle = $cycle
"""
APPLIES = (
    "(kind = 'category' and value in (category, 'all')) or (kind = 'tag' and list_contains(tags, value))"
)
APPLICABLE = f"""
    select distinct unit, indicator
    from unit
    join cycle_applies using (cycle)
    where cycle = $cycle and ({APPLIES})
"""
# Answers drawn by a hash of unit and indicator, so that every run and every machine has the same.
# What a unit is asked follows from its category and tags, of which there are few: each class is looked up once, not each unit.
ANSWERS = f"""
insert into answer by name
with classes as (select distinct category, tags from unit where cycle = $cycle),
choices as (
    select indicator, list(choice order by value) as choices from cycle_choice where cycle = $cycle group by indicator
),
asked as (
    select distinct
        classes.category, classes.tags, indicator, type, target, case when type in ('yes_no', 'level') then choices end as choices
    from classes
    cross join cycle_applies
    join cycle_indicator using (cycle, indicator)
    left join choices using (indicator)
    where cycle = $cycle and ({APPLIES})
),
drawn as (
    select submission, indicator, type, target, choices, hash(unit || indicator) % 1000 / 1000 as draw
    from unit
    join current_submission using (cycle, unit)
    join asked using (category, tags)
    where cycle = $cycle
),
valued as (
    select
        submission, indicator, type,
        list_extract(choices, 1 + floor(draw * len(choices))::bigint) as choice,
        case when type = 'count' then floor(draw * 2 * target) end as number,
        case when type = 'ratio' then floor(draw * 20) end as numerator,
        case when type = 'ratio' then 20::double end as denominator,
        case when type = 'date' then make_date($cycle::bigint, 4, 8 + floor(draw * 10)::bigint) end as on_date
    from drawn
)
select
    * exclude (type), 'answered' as state,
    coalesce(said_value(type, 'answered', choice, number, numerator, denominator, on_date), '') as text,
    '' as na_reason, '' as evidence, '' as note, '自评表' as sheet, 'E5' as cell
from valued
"""
PLAIN_ANSWERS = """
copy (
    select unit, region, category, indicator, state, choice, number, numerator, denominator, on_date
    from answer
    join current_submission using (submission)
    join unit using (cycle, unit)
) to '{path}' (format parquet)
"""
# every column that a score follows from
SCAN = """
select
    count(*), max(submission), max(indicator), max(state), max(choice), sum(number), sum(numerator), sum(denominator),
    max(on_date)
from answer
"""
# The shipped scheme asks 23 things of the average unit; with so many of its first indicators asked of everybody, 40.
ASKED_OF_ALL = 37


def wide_scheme() -> str:
    """The shipped scheme's text, its first indicators asked of every unit, so that a unit has 40 answers."""
    text = shipped_schemes()[SCHEME].read_text("utf-8")
    return re.sub(
        r"^applies = .*$", 'applies = { categories = ["all"] }', text, count=ASKED_OF_ALL, flags=re.MULTILINE
    )


def prepare(folder: Path, *, units: int) -> None:
    """A home in `folder`/home with one cycle, so many units on its register, and a workbook's answers of each of them, under
    the shipped scheme."""
    copy_of(_make, folder, units=units)


def prepare_wide(folder: Path, *, units: int) -> None:
    """The same with 40 answers a unit, and for the peers the answers as a Parquet file beside it."""
    copy_of(_make_wide, folder, units=units)


def _make(folder: Path, *, units: int, scheme_text: str | None = None) -> None:
    opens_on, deadline = cycle_dates(YEAR)
    store = Store.open(folder / "home")
    store.open_cycle(
        cycle=YEAR,
        scheme_path=None if scheme_text else shipped_schemes()[SCHEME],
        scheme_text=scheme_text,
        opens_on=opens_on,
        deadline=deadline,
    )
    store.register_units(cycle=YEAR, units=demo_units(min(units, DRAWN_UNITS)))
    scheme = store.scheme(YEAR)
    with store.write() as transaction:
        transaction.run("reset threads")  # the store was opened empty, with one
        transaction.record("registration", cycle=YEAR, detail="")
        transaction.run(COPIES, cycle=YEAR, units=units, drawn=DRAWN_UNITS)
        transaction.run(
            SUBMISSIONS, cycle=YEAR, units=units, scheme=scheme.id, version=scheme.version, at=deadline
        )
        transaction.run(ANSWERS, cycle=YEAR)
    store.close()


def _make_wide(folder: Path, *, units: int) -> None:
    _make(folder, units=units, scheme_text=wide_scheme())
    store = Store.open(folder / "home")
    with store.write() as transaction:
        transaction.run(PLAIN_ANSWERS.format(path=folder / ANSWERS_FILE))
    store.close()


@cache
def opened(folder: Path) -> Store:
    """The prepared store: a process may open it once, and several contestants read it."""
    return Store.open(folder / "home")


def score_anew(store: Store) -> None:
    """What the first reader after an upload waits for: every result of the cycle computed again."""
    with store.write() as transaction:
        transaction.record("submission", cycle=YEAR, detail="")
    store.refresh(YEAR)


def _ours(folder: Path) -> Callable[[], object]:
    return partial(score_anew, opened(folder))


def scan(folder: Path) -> Callable[[], object]:
    return partial(opened(folder).rows, SCAN)


@dataclass(frozen=True)
class Scoring(Case):
    """The peers' seconds stand in the note, up to a size also those of pandas for the composite basis alone."""

    units: int = 0

    def figures(self, folder: Path) -> Figures:
        found = super().figures(folder)
        note = f"pandas {found.ms[PEER] / 1000:.3g} s, polars {found.ms[POLARS] / 1000:.3g} s"
        if self.units <= ONE_BASIS_UNITS:
            one_basis = scores_in_pandas(folder, scheme_text=wide_scheme(), only_composite=True)
            note += (
                f"; of pandas, reading {_best_s(partial(read_answers, folder / ANSWERS_FILE)):.2g} s; for one basis "
                f"instead of all {_best_s(one_basis):.3g} s"
            )
        return replace(found, note=note)


def _best_s(run: Callable[[], object]) -> float:
    taken = []
    for _ in range(2):
        started = time.perf_counter()
        run()
        taken.append(time.perf_counter() - started)
    return min(taken)


def peers() -> dict[str, Contestant]:
    """The same results from the same answers, with pandas and with polars."""
    return {
        PEER: Contestant(partial(scores_in_pandas, scheme_text=wide_scheme()), 1),
        POLARS: Contestant(partial(scores_in_polars, scheme_text=wide_scheme()), 1),
    }


def _case(units: int, *, runs: int) -> Scoring:
    return Scoring(
        name=f"scores-{units // 1000}k",
        item="register × 40",
        prepare=partial(prepare_wide, units=units),
        contestants={OURS: Contestant(_ours, 1), **peers(), FLOOR: Contestant(scan, 1)},
        runs=runs,
        goal=Goal(peer_to_ours=3, ours_to_floor=8),
        units=units,
    )


CASES = (_case(10_000, runs=3), _case(100_000, runs=2), _case(1_000_000, runs=1))
SMALL = (_case(1_000, runs=1),)
