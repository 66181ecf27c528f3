"""The rows of units as lists and pages show them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data.queries.ask import ask
from data.regions import region_path, regions_by_code
from data.store import Store


def ask_units(
    store: Store,
    *,
    cycle: int,
    region: str | None = None,
    category: str | None = None,
    units: Sequence[str] | None = None,
    basis: str | None,
) -> pd.DataFrame:
    """The rows of sql/queries/units with region_name and region_path, in their order. What the scheme and the list of regions
    name is told or looked up: joined, it took half of the time of a list."""
    scheme = store.scheme(cycle)
    frame = ask(
        store,
        "units",
        cycle=cycle,
        region=region,
        category=category,
        units=None if units is None else list(units),
        basis=basis,
        categories=[each.id for each in scheme.categories],
        category_names=[each.name for each in scheme.categories],
        grades=[each.id for each in scheme.grades],
        grade_names=[each.name for each in scheme.grades],
        tags=[each.id for each in scheme.tags],
        tag_names=[each.name for each in scheme.tags],
        decimals=scheme.rules.decimals,
    )
    regions, place = frame["region"], frame.columns.get_loc("region") + 1
    names = {code: regions_by_code()[code].name for code in regions.unique()}
    paths = {code: region_path(code) for code in names}
    frame.insert(place, "region_name", regions.map(names).astype("str"))
    frame.insert(place + 1, "region_path", regions.map(paths).astype("str"))
    return frame
