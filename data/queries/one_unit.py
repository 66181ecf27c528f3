"""What is asked of one unit in all bases at once, since one takes as long as all: kept until something changes, and looked up
after that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from data.moment import Moment, worked_out
from data.newest import handed_out
from data.queries.all_regions import Parts
from data.queries.all_units import as_if_alone
from data.queries.ask import ask, with_none
from data.queries.terms import terms_by_year
from data.queries.unit_rows import ask_units
from data.store import Store

NOBODY = ""  # the code of no unit
OF_UNIT = "cycle = $cycle and unit = $unit"
WHOLE_NUMBERS = {"rank": "Int64", "peers": "Int64"}  # also where another basis has none


def summaries_of_unit(store: Store, *, cycle: int, unit: str) -> Mapping[str, dict[str, Any]]:
    """By basis, the row of sql/queries/units and of units_parts as one, and the rows of units_systems as systems, missing values as
    None; empty where the unit is not on the register."""
    return worked_out(
        store, ("unit_summaries", unit), partial(_summaries, cycle=cycle, unit=unit), cycle=cycle
    )


def unit_systems(store: Store, *, cycle: int, unit: str) -> list[dict]:
    """The unit's score S in each responsibility system: id, name, weight, score (None without an indicator)."""
    frame = ask(store, "units_systems", cycle=cycle, units=[unit]).drop(columns="code")
    return [with_none(row) for row in frame.to_dict("records")]


def terms_of_unit(store: Store, *, years: Sequence[int], unit: str, basis: str) -> list[pd.DataFrame]:
    """`terms_of_values` of a unit and basis, by indicator, in each of one or two years, whose results are brought up to date; nobody
    may change them."""
    first, last = years[0], years[-1]
    values = worked_out(
        store,
        ("unit_values", unit, first, last),
        lambda moment: ask(moment, "units_values", cycle=last, before=first, units=[unit]),
        cycle=last,
        others=years,
    )
    return worked_out(
        store,
        ("unit_terms", unit, *years, basis),
        lambda moment: terms_by_year(moment, values, years=years, basis=basis),
        cycle=last,
        others=years,
    )


def answers_of_unit(store: Store, *, cycle: int, unit: str) -> pd.DataFrame:
    """The rows of sql/queries/units_answers of a unit; nobody may change them."""
    return worked_out(store, ("unit_answers", unit), partial(_answers, cycle=cycle, unit=unit), cycle=cycle)


def trend_of_unit(store: Store, *, cycle: int, others: Iterable[int], unit: str, basis: str) -> pd.DataFrame:
    """The rows of sql/queries/unit_trend of a unit and basis, oldest first; of the years whose results are brought up to date."""
    parts = worked_out(
        store,
        ("unit_trend", unit),
        lambda moment: Parts(ask(moment, "unit_trend", unit=unit)),
        cycle=cycle,
        others=others,
    )
    return as_if_alone(parts.of(basis))


def asked_if_any(
    store: Store,
    name: str,
    *,
    tables: Sequence[str],
    cycle: int,
    unit: str,
    asked: Callable[[str], Mapping[str, Any]],
    year: int | None = None,
) -> pd.DataFrame:
    """The frame of a query file about one unit, `asked` being what else it is asked with; where none of the tables has an event
    of the unit in the year, by default the cycle's, that of a code nobody has, which is asked once for all."""
    events = " union all ".join(f"(select 1 from {table} where {OF_UNIT} limit 1)" for table in tables)
    if store.rows(events, cycle=year or cycle, unit=unit):
        return ask(store, name, cycle=cycle, **asked(unit))
    empty = worked_out(
        store,
        (name, NOBODY),
        lambda moment: ask(moment, name, cycle=cycle, **asked(NOBODY)),
        cycle=cycle,
    )
    return handed_out(empty)


def _answers(moment: Moment, *, cycle: int, unit: str) -> pd.DataFrame:
    return ask(moment, "units_answers", cycle=cycle, units=[unit])


def _summaries(moment: Moment, *, cycle: int, unit: str) -> dict[str, dict[str, Any]]:
    frame = ask_units(moment, cycle=cycle, units=[unit], basis=None).astype(WHOLE_NUMBERS)
    rows = {row.pop("basis"): row for row in frame.to_dict("records")}
    frame = ask(moment, "units_parts", cycle=cycle, units=[unit], basis=None)
    parts = {row.pop("basis"): row for row in frame.to_dict("records")}
    own = {"systems": unit_systems(moment, cycle=cycle, unit=unit)}
    return {basis: with_none(row | parts.get(basis, {})) | own for basis, row in rows.items()}
