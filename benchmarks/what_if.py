"""Counties under moved weights and under a thousand drawn ones, at 12,000 units × 75 indicators; beside pandas grouping the
same rows, and the matrix products that nobody gets round."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import scores
from benchmarks.measure import FLOOR, OURS, PEER, Case, Contestant
from benchmarks.registers import copy_of
from benchmarks.scores import YEAR, opened
from data import queries
from data.queries.counted import sheets_of
from data.store import Store
from scoring.robustness import DELTA, DRAWS, SEED, draw_factors, redraw
from scoring.trial import Weights

UNITS = 12_000
PEER_DRAWS = 5  # a loop in pandas takes long enough for these
# As in a real year: every eighth unit has a finding, some values are ruled 不适用. By hash, so that every run has the same.
RULINGS = f"""
insert into review by name
with applicable as ({scores.APPLICABLE})
select
    0 as seq, $cycle as cycle, unit, submission, indicator, 'province' as stage, 'na' as state, 'x' as reason,
    now()::timestamp as recorded_at
from applicable
join current_submission using (unit)
where cycle = $cycle and hash(indicator || unit) % 50 = 0
"""
FINDINGS = """
insert into finding_event by name
select
    0 as seq, $cycle as cycle, unit as key, unit,
    case hash(unit) % 24 when 0 then 'V41-5' when 8 then 'B37-1' else 'F40-1' end as finding,
    make_date($cycle::bigint, 6, 1) as on_date, 'x' as document, true as is_confirmed, false as is_overdue,
    false as is_aggravated, '' as note
from unit
where cycle = $cycle and hash(unit) % 8 = 0
"""
VALUES = """
select value.unit, unit.region, value.indicator, value.x
from result_counted_value as value
join unit using (cycle, unit)
where value.x is not null
"""
ADJUSTMENTS = """
select unit, deductions, bonus, case when has_veto then $veto_cap else 100 end as cap
from result_unit_score
where basis = 'composite'
"""


def prepare(folder: Path) -> None:
    """The register with a year's findings and rulings, and for the peers its values and adjustments as Parquet files."""
    copy_of(_make, folder)


def _make(folder: Path) -> None:
    scores.prepare(folder, units=UNITS)
    store = Store.open(folder / "home")
    with store.write() as transaction:
        transaction.record("finding", cycle=YEAR, detail="")
        transaction.run(RULINGS, cycle=YEAR)
        transaction.run(FINDINGS, cycle=YEAR)
    store.refresh(YEAR)
    store.query(VALUES).to_parquet(folder / "values.parquet")
    cap = store.scheme(YEAR).rules.veto_cap
    store.query(ADJUSTMENTS, veto_cap=cap).to_parquet(folder / "adjustments.parquet")
    store.close()


def moved_weights(store: Store) -> Weights:
    """A system's weight and those of ten indicators moved by hand."""
    weights = Weights.of(store.scheme(YEAR))
    system = next(iter(weights.systems))
    points = {indicator: points + 3 for indicator, points in list(weights.points.items())[::8]}
    return weights.with_(systems={system: 0.45}, points=points)


def _what_if(folder: Path) -> Callable[[], object]:
    store = opened(folder)
    sheets_of(store, cycle=YEAR)
    return partial(queries.what_if, store, cycle=YEAR, level="county", weights=moved_weights(store))


def _what_if_in_pandas(folder: Path) -> Callable[[], object]:
    store = opened(folder)
    before, after = Weights.of(store.scheme(YEAR)), moved_weights(store)
    frames = _frames(folder)

    def run() -> pd.DataFrame:
        return pd.DataFrame(
            {
                name: _county_ranks(*frames, weights)
                for name, weights in (("before", before), ("after", after))
            }
        )

    return run


def _frames(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    return pd.read_parquet(folder / "values.parquet"), pd.read_parquet(folder / "adjustments.parquet")


def _county_ranks(values: pd.DataFrame, adjustments: pd.DataFrame, weights: Weights) -> pd.Series:
    base, total = 0, 0
    for system, weight in weights.systems.items():
        shared = {i: points * weights.shares[i].get(system, 0.0) for i, points in weights.points.items()}
        points = values["indicator"].map(shared)
        sums = pd.DataFrame({"earned": points * values["x"], "points": points}).groupby(values["unit"]).sum()
        has = sums["points"] > 0
        base = base + (100 * weight * sums["earned"] / sums["points"]).where(has, 0.0)
        total = total + weight * has
    parts = adjustments.set_index("unit")
    raw = (base / total - parts["deductions"] + parts["bonus"]).clip(0, 100)
    regions = values.drop_duplicates("unit").set_index("unit")["region"]
    means = np.minimum(raw, parts["cap"]).groupby(regions).mean()
    return means[~means.index.str.endswith("00")].round(2).rank(ascending=False, method="min")


def _product(folder: Path) -> Callable[[], object]:
    store = opened(folder)
    sheets, weights = sheets_of(store, cycle=YEAR), moved_weights(store)
    return partial(np.matmul, sheets.filled, weights.shared_points(sheets.indicators, sheets.systems))


def _redraw(folder: Path) -> Callable[[], object]:
    store = opened(folder)
    sheets, weights = sheets_of(store, cycle=YEAR), Weights.of(store.scheme(YEAR))
    return lambda: redraw(sheets, weights, level="county").ranks


def _redraw_in_pandas(folder: Path) -> Callable[[], object]:
    store = opened(folder)
    sheets, weights = sheets_of(store, cycle=YEAR), Weights.of(store.scheme(YEAR))
    frames = _frames(folder)
    by_system, by_indicator = draw_factors(sheets, draws=DRAWS, delta=DELTA, seed=SEED)

    def run() -> list[pd.Series]:
        return [
            _county_ranks(
                *frames,
                weights.with_(
                    systems=_times(weights.systems, by_system[:, n]),
                    points=_times(weights.points, by_indicator[:, n]),
                ),
            )
            for n in range(PEER_DRAWS)
        ]

    return run


def _times(weights: dict[str, float], factors: np.ndarray) -> dict[str, float]:
    return {key: weight * factor for (key, weight), factor in zip(weights.items(), factors, strict=True)}


def _products(folder: Path) -> Callable[[], object]:
    store = opened(folder)
    sheets, weights = sheets_of(store, cycle=YEAR), Weights.of(store.scheme(YEAR))
    _, by_indicator = draw_factors(sheets, draws=DRAWS, delta=DELTA, seed=SEED)
    shared = weights.shared_points(sheets.indicators, sheets.systems)

    def run() -> None:
        for s in range(len(sheets.systems)):
            np.matmul(sheets.filled, by_indicator * shared[:, s : s + 1])

    return run


CASES = (
    Case(
        name="what-if-12k",
        item="what-if",
        prepare=prepare,
        contestants={
            OURS: Contestant(_what_if, 1),
            PEER: Contestant(_what_if_in_pandas, 1),
            FLOOR: Contestant(_product, 1),
        },
        runs=5,
    ),
    Case(
        name="redraw-12k",
        item="draw",
        prepare=prepare,
        contestants={
            OURS: Contestant(_redraw, DRAWS),
            PEER: Contestant(_redraw_in_pandas, PEER_DRAWS),
            FLOOR: Contestant(_products, DRAWS),
        },
        runs=3,
    ),
)
SMALL = ()
