"""How the register of a cycle is made up, and which units would be asked too little."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from data.queries.ask import query_text
from data.regions import region_path
from data.store import Store


def register_counts(store: Store, *, cycle: int) -> pd.DataFrame:
    """One row per prefecture (the province for its own units), in the order of their codes, and the whole last.

    Columns: code, name, one by its name for each category that has units, in the scheme's order, and units: all of them.
    """
    counts = store.kept_query(query_text("register_counts"), cycle=cycle)
    if counts.empty:
        return pd.DataFrame(columns=["code", "name", "units"])
    categories = list(dict.fromkeys(counts.sort_values("position")["category_name"]))
    names = dict(zip(counts["code"], counts["name"], strict=True))
    units: Counter[tuple[str, str]] = Counter()
    for row in counts.itertuples(index=False):
        for code in (row.code, ""):
            units[code, row.category_name] += row.units
    rows = [
        (
            code,
            name,
            *(units[code, each] for each in categories),
            sum(units[code, each] for each in categories),
        )
        for code, name in (*sorted(names.items()), ("", "合计"))
    ]
    return pd.DataFrame(rows, columns=["code", "name", *categories, "units"])


def category_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """One row per category of `register_counts` and the whole last: name, units."""
    whole = counts.iloc[-1].drop(["code", "name"]).rename({"units": "合计"})
    return whole.rename_axis("name").rename("units").reset_index()


def units_without_tag(store: Store, *, cycle: int) -> pd.DataFrame:
    """One row per unit that has none of the function tags of which its category expects one: code, name, region_path,
    category_name, expected (the tags' names)."""
    scheme = store.scheme(cycle)
    expected = {c.id: c for c in scheme.categories if c.expects_one_of}
    names = {c.id: "、".join(scheme.tag(tag).name for tag in c.expects_one_of) for c in expected.values()}
    found = expected and store.rows(
        "select unit, name, region, category from unit where cycle = $cycle and list_contains($categories, category) "
        "and not list_has_any(tags, $tags[list_position($categories, category)]) order by unit",
        cycle=cycle,
        categories=list(expected),
        tags=[list(c.expects_one_of) for c in expected.values()],
    )
    rows = [
        (code, name, region_path(region), expected[category].name, names[category])
        for code, name, region, category in found
    ]
    return pd.DataFrame(rows, columns=["code", "name", "region_path", "category_name", "expected"])
