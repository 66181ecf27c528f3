"""What is asked of one unit in all bases at once, since one takes as long as all: kept until something changes, and looked up
after that."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from data.moment import Moment, worked_out
from data.queries.all_regions import Parts
from data.queries.ask import ask, with_none
from data.store import Store

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


def rows_of_unit(store: Store, name: str, *, cycle: int, unit: str, basis: str) -> pd.DataFrame:
    """The rows of a query over a list of units and all bases, for one of each."""
    parts = worked_out(store, (name, unit), partial(_parts, name=name, cycle=cycle, unit=unit), cycle=cycle)
    return parts.of(basis)


def _summaries(moment: Moment, *, cycle: int, unit: str) -> dict[str, dict[str, Any]]:
    asked = {"cycle": cycle, "units": [unit], "basis": None}
    rows, parts = (
        {row.pop("basis"): row for row in ask(moment, name, **asked, **more).astype(kinds).to_dict("records")}
        for name, more, kinds in (
            ("units", {"region": None, "category": None}, WHOLE_NUMBERS),
            ("units_parts", {}, {}),
        )
    )
    own = {"systems": unit_systems(moment, cycle=cycle, unit=unit)}
    return {basis: with_none(row | parts.get(basis, {})) | own for basis, row in rows.items()}


def _parts(moment: Moment, *, name: str, cycle: int, unit: str) -> Parts:
    frame = ask(moment, name, cycle=cycle, units=[unit], basis=None)
    return Parts(frame.sort_values("basis", kind="stable"))
