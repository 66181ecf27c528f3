"""How the register of a cycle is made up, and which units would be asked too little."""

from __future__ import annotations

import pandas as pd

from data.queries.ask import ask
from data.regions import region_path
from data.store import Store


def register_counts(store: Store, *, cycle: int) -> pd.DataFrame:
    """One row per prefecture (the province for its own units), in the order of their codes, and the whole last.

    Columns: code, name, one by its name for each category that has units, in the scheme's order, and units: all of them.
    """
    counts = ask(store, "register_counts", cycle=cycle)
    if counts.empty:
        return pd.DataFrame(columns=["code", "name", "units"])
    categories = list(dict.fromkeys(counts.sort_values("position")["category_name"]))
    table = counts.pivot_table(
        index=["code", "name"],
        columns="category_name",
        values="units",
        aggfunc="sum",
        fill_value=0,
        margins=True,
        margins_name="合计",
    )
    table = table[[*categories, "合计"]].rename(columns={"合计": "units"})
    table = table.rename_axis(columns=None).reset_index()
    table.loc[table.index[-1], ["code", "name"]] = ["", "合计"]
    return table


def category_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """One row per category of `register_counts` and the whole last: name, units."""
    whole = counts.iloc[-1].drop(["code", "name"]).rename({"units": "合计"})
    return whole.rename_axis("name").rename("units").reset_index()


def units_without_tag(store: Store, *, cycle: int) -> pd.DataFrame:
    """One row per unit that has none of the function tags of which its category expects one: code, name, region_path,
    category_name, expected (the tags' names)."""
    scheme = store.scheme(cycle)
    expected = {c.id: c for c in scheme.categories if c.expects_one_of}
    rows = [
        (
            unit.code,
            unit.name,
            region_path(unit.region),
            expected[unit.category].name,
            "、".join(scheme.tag(tag).name for tag in expected[unit.category].expects_one_of),
        )
        for unit in store.units(cycle=cycle).values()
        if unit.category in expected and not set(expected[unit.category].expects_one_of) & set(unit.tags)
    ]
    return pd.DataFrame(rows, columns=["code", "name", "region_path", "category_name", "expected"])
