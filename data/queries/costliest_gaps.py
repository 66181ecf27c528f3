"""What costs each of many regions most: the heads of `region_gaps` by indicator."""

from __future__ import annotations

import pandas as pd

from data.queries.all_regions import gaps_of_all, scores_of_all
from data.queries.ask import COMPOSITE
from data.queries.regions import of_level
from data.store import Store


def costliest_gaps(
    store: Store, *, cycle: int, level: str, parent: str | None = None, most: int = 3, basis: str = COMPOSITE
) -> pd.DataFrame:
    """One row per region of a level and indicator that it loses points in, at most `most` of a region, the costliest
    first: the head of `region_gaps` by indicator.

    Columns: code, name, key, label, article, place, gap (points of the region's score), attainment, position (from 1).
    """
    rows = scores_of_all(store, cycle=cycle, basis=basis)
    names = rows[of_level(rows, level=level, parent=parent)].set_index("code")["name"]
    gaps = gaps_of_all(store, cycle=cycle, by="indicator", basis=basis)
    lost = gaps[gaps["region"].isin(names.index) & (gaps["gap"] > 0)]
    position = lost.groupby("region").cumcount() + 1
    head = lost.assign(code=lost["region"], name=lost["region"].map(names), position=position)
    columns = ["code", "name", "key", "label", "article", "place", "gap", "attainment", "position"]
    return head.loc[position <= most, columns].reset_index(drop=True)
