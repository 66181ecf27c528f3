"""What the result sheets of many units say, asked of all of them at once: the single-unit queries, one frame for a list.

Each frame has the rows and columns of its single-unit query (data/queries/units.py, objections.py) with `code` before them,
by code; a unit that the single query would answer nothing for has no row. The scope holds here as there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from data.queries.all_regions import dimension_means
from data.queries.ask import COMPOSITE, ask, of_one_moment
from data.queries.objections import with_standing
from data.queries.terms import by_dimension, terms_of_values, with_terms
from data.store import Store


def units_parts(store: Store, *, cycle: int, units: Sequence[str], basis: str = COMPOSITE) -> pd.DataFrame:
    """One row per unit of the list: code, base, deductions, veto, bonus, clipped, submission, filename, sha256, scheme_id,
    version (as in `unit_summary`)."""
    return ask(store, "units_parts", cycle=cycle, units=list(units), basis=basis).drop(columns="basis")


def units_systems(store: Store, *, cycle: int, units: Sequence[str]) -> pd.DataFrame:
    """One row per unit of the list and responsibility system: code, id, name, weight, score (missing without an
    indicator), as `unit_systems`."""
    return ask(store, "units_systems", cycle=cycle, units=list(units))


def units_terms(store: Store, *, cycle: int, units: Sequence[str], basis: str = COMPOSITE) -> pd.DataFrame:
    """What of `units_full_terms` counts only, one row per unit of the list and indicator: code, indicator, omega (share of
    full marks), attainment, gap."""
    values = ask(store, "units_values", cycle=cycle, before=None, units=list(units))
    return terms_of_values(values, scheme=store.scheme(cycle), basis=basis)


@of_one_moment
def units_full_terms(
    store: Store, *, cycle: int, units: Sequence[str], basis: str = COMPOSITE
) -> pd.DataFrame:
    """`unit_terms` of every unit of the list, with code."""
    answers = ask(store, "units_answers", cycle=cycle, units=list(units))
    return with_terms(answers, scheme=store.scheme(cycle), basis=basis)


@of_one_moment
def units_dimensions(
    store: Store, *, cycle: int, units: Sequence[str], basis: str = COMPOSITE
) -> pd.DataFrame:
    """`unit_dimensions` of every unit of the list, with code."""
    return by_dimension(
        units_terms(store, cycle=cycle, units=units, basis=basis),
        scheme=store.scheme(cycle),
        categories={code: unit.category for code, unit in store.units(cycle=cycle, codes=units).items()},
        means=dimension_means(store, cycle=cycle, basis=basis),
    )


@of_one_moment
def units_rulings(
    store: Store, *, cycle: int, units: Sequence[str], today: date | None = None
) -> pd.DataFrame:
    """`changed_rulings` of every unit of the list, with code."""
    frame = ask(store, "units_rulings", cycle=cycle, units=list(units))
    return with_standing(store, frame, cycle=cycle, today=today)
