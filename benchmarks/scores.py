"""A whole register scored anew; beside pandas merging and grouping the same rows, and one scan-and-sum of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pandas as pd

from benchmarks.measure import FLOOR, OURS, PEER, Case, Contestant
from data.demo import SCHEME, cycle_dates
from data.demo.units import demo_units
from data.store import Store
from scoring.scheme import Scheme, load_scheme, shipped_schemes

YEAR = 2026

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
# Answers drawn by a hash of unit and indicator, so that every run and every machine has the same.
ANSWERS = """
insert into answer by name
with choices as (
    select indicator, list(choice order by value) as choices from cycle_choice where cycle = $cycle group by indicator
),
drawn as (
    select
        current_submission.submission, cycle_indicator.*,
        hash(applicable.unit || applicable.indicator) % 1000 / 1000 as draw,
        case when type in ('yes_no', 'level') then choices end as choices
    from applicable
    join current_submission using (cycle, unit)
    join cycle_indicator using (cycle, indicator)
    left join choices using (indicator)
    where applicable.cycle = $cycle
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
select unit.unit, unit.region, unit.category, answer.* exclude (submission, text, na_reason, evidence, note, sheet, cell)
from answer
join current_submission on current_submission.submission = answer.submission
join unit on unit.unit = current_submission.unit
"""
SCAN = "select count(*), sum(number), sum(numerator), sum(denominator), max(choice), max(on_date) from answer"


def prepare(folder: Path, *, units: int) -> None:
    """A home in `folder`/home with one cycle, so many units on its register, and a workbook's answers of each of them."""
    opens_on, deadline = cycle_dates(YEAR)
    store = Store.open(folder / "home")
    store.open_cycle(cycle=YEAR, scheme_path=shipped_schemes()[SCHEME], opens_on=opens_on, deadline=deadline)
    store.register_units(cycle=YEAR, units=demo_units(min(units, DRAWN_UNITS)))
    scheme = store.scheme(YEAR)
    with store.write() as transaction:
        transaction.record("registration", cycle=YEAR, detail="")
        transaction.run(COPIES, cycle=YEAR, units=units, drawn=DRAWN_UNITS)
        transaction.run(
            SUBMISSIONS, cycle=YEAR, units=units, scheme=scheme.id, version=scheme.version, at=deadline
        )
        transaction.run(ANSWERS, cycle=YEAR)
    store.close()


@cache
def opened(folder: Path) -> Store:
    """The prepared store: a process may open it once, and several contestants read it."""
    return Store.open(folder / "home")


def _ours(folder: Path) -> Callable[[], object]:
    store = opened(folder)

    def run() -> None:
        with store.write() as transaction:
            transaction.record("benchmark", cycle=YEAR, detail="")  # makes the kept results stale
        store.refresh(YEAR)

    return run


def _peer(folder: Path) -> Callable[[], object]:
    answers = pd.read_parquet(folder / "answers.parquet")
    scheme = load_scheme(shipped_schemes()[SCHEME])
    choices = pd.DataFrame(
        [(i.id, choice, value) for i in scheme.indicators for choice, value in i.choices.items()],
        columns=["indicator", "choice", "value"],
    )
    return partial(_score_with_pandas, answers, scheme, choices)


def _score_with_pandas(answers: pd.DataFrame, scheme: Scheme, choices: pd.DataFrame) -> pd.DataFrame:
    """Unit scores on every basis, region means, and each region's lost points by indicator."""
    indicators = pd.DataFrame(
        [
            (i.id, i.type, i.target, *(i.points * i.shares.get(s.id, 0) for s in scheme.systems))
            for i in scheme.indicators
        ],
        columns=["indicator", "type", "target", *(s.id for s in scheme.systems)],
    )
    windows = {i.id: i.window.dates(YEAR) for i in scheme.indicators if i.window}
    frame = answers.merge(indicators, on="indicator").merge(choices, on=["indicator", "choice"], how="left")
    x = frame["value"].fillna((frame["number"] / frame["target"]).clip(0, 1))
    x = x.fillna((frame["numerator"] / frame["denominator"]).clip(0, 1))
    for indicator, (first, last) in windows.items():
        inside = frame["on_date"].between(pd.Timestamp(first), pd.Timestamp(last))
        x = x.mask(frame["indicator"] == indicator, inside.astype(float))
    frame["x"] = x.fillna(0)
    total_weight = sum(s.weight for s in scheme.systems)
    scores, lost = 0, 0
    for system in scheme.systems:
        points = frame[system.id]
        sums = (points * frame["x"]).groupby(frame["unit"]).sum() / points.groupby(frame["unit"]).sum()
        scores = scores + 100 * sums.fillna(0) * system.weight / total_weight
        share = points / points.groupby(frame["unit"]).transform("sum")
        lost = lost + 100 * share.fillna(0) * (1 - frame["x"]) * system.weight / total_weight
    regions = frame.drop_duplicates("unit").set_index("unit")["region"]
    means = scores.groupby(regions).mean()
    gaps = lost.groupby([frame["region"], frame["indicator"]]).sum()
    return pd.DataFrame({"score": means, "gap": gaps.groupby(level=0).sum()})


def _floor(folder: Path) -> Callable[[], object]:
    return partial(opened(folder).rows, SCAN)


def _case(units: int, *, runs: int) -> Case:
    return Case(
        name=f"scores-{units // 1000}k",
        item="register",
        prepare=partial(prepare, units=units),
        contestants={OURS: Contestant(_ours, 1), PEER: Contestant(_peer, 1), FLOOR: Contestant(_floor, 1)},
        runs=runs,
    )


CASES = (_case(10_000, runs=9), _case(100_000, runs=5))
SMALL = (_case(1_000, runs=1),)
