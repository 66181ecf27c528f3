"""What waits for a ruling, as the table that many rulings are made in has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from data.course.acting import STAGE_OF_LEVEL
from data.model import Stage
from data.moment import one_moment
from data.queries.all_units import narrowed, of_all_units
from data.queries.ask import PROVINCE, ask, query_text
from data.regions import regions_by_code
from data.review_sheet import MOST_ROWS
from data.store import Store


def review_sheet(
    store: Store,
    *,
    cycle: int,
    region: str | None = None,
    category: str | None = None,
    unit: str | None = None,
    only_na: bool = False,
    most: int = MOST_ROWS,
) -> pd.DataFrame:
    """One row per unit and indicator that waits for a ruling of the reader's own stage, by region, category, unit.

    Not those ruled at this stage or above, of units that were sent back, or of closed stages; a 不适用 that needs no
    ruling neither. Columns: submission, unit, name, region_path, category_name, indicator, title, state (answered,
    blank, pending, na), claim (of the unit: answered, na, blank), answer (as typed), evidence, na_reason, the ruling of the stage below (below_stage, below_state,
    choice, number, numerator, denominator, on_date, below_reason; None without one), seq (of the newest ruling, 0 without
    one), found (rows in all, also where only the first `most` are given).
    """
    stage, asked = _own_stage(store), {"region": region, "category": category, "unit": unit}
    with one_moment(store, cycle=cycle) as moment:
        waiting = _waiting(moment, cycle=cycle, stage=stage, only_na=only_na, **asked)
        before = waiting["rows"].cumsum() - waiting["rows"]
        frame = ask(
            moment,
            "review_sheet",
            cycle=cycle,
            units=list(waiting.loc[before < most, "unit"]),
            stage=stage,
            only_na=only_na,
            most=most,
        )
    return frame.assign(found=int(waiting["rows"].sum()))


def review_sheet_size(
    store: Store,
    *,
    cycle: int,
    region: str | None = None,
    category: str | None = None,
    unit: str | None = None,
    only_na: bool = False,
) -> dict[str, Any]:
    """What can be said of the table of `review_sheet` before it is put together: found (rows in all), name (of its first
    unit, None where it has no row)."""
    asked = {"region": region, "category": category, "unit": unit}
    waiting = _waiting(store, cycle=cycle, stage=_own_stage(store), only_na=only_na, **asked)
    return {
        "found": int(waiting["rows"].sum()),
        "name": waiting["name"].iloc[0] if len(waiting) else None,
    }


def _own_stage(store: Store) -> Stage:
    """The stage at which the reader rules."""
    scope = getattr(store, "scope", None)
    return STAGE_OF_LEVEL[regions_by_code()[scope.region if scope else PROVINCE].level]


def _waiting(
    store: Store,
    *,
    cycle: int,
    stage: Stage,
    region: str | None,
    category: str | None,
    unit: str | None,
    only_na: bool,
) -> pd.DataFrame:
    """One row per unit with rows in the table, in its order: unit, name, rows."""
    every = of_all_units(store, "review_waiting", cycle=cycle, stage=stage)
    if unit is not None:
        every = every[every["unit"] == unit]
    found = narrowed(every, region=region, category=category)
    found = found.assign(rows=found["pending" if only_na else "waiting"])
    return found.loc[found["rows"] > 0, ["unit", "name", "rows"]]


def standing_rulings(
    store: Store, *, cycle: int, units: Sequence[str], indicators: Sequence[str]
) -> pd.DataFrame:
    """One row per unit and indicator of the pairs asked for, where the unit has handed in.

    Columns: unit, indicator, submission, is_returned, claim (answered, na, None), the latest stage's ruling (stage, state;
    None without one), the value that counts (choice, number, numerator, denominator, on_date), and the newest ruling of
    whatever stage (newest_seq, 0 without one, newest_stage, newest_at, newest_state, newest_reason, newest_choice …).
    """
    return store.query(
        query_text("standing_rulings"), cycle=cycle, units=list(units), indicators=list(indicators)
    )
