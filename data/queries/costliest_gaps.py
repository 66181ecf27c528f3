"""What costs each of many regions most: one question for all of them, where `region_gaps` is one for each."""

from __future__ import annotations

import pandas as pd

from data.queries.ask import COMPOSITE, ask
from data.store import Store


def costliest_gaps(
    store: Store, *, cycle: int, level: str, parent: str | None = None, most: int = 3, basis: str = COMPOSITE
) -> pd.DataFrame:
    """One row per region of a level and indicator that it loses points in, at most `most` of a region, the costliest
    first: the head of `region_gaps` by indicator.

    Columns: code, name, key, label, article, place, gap (points of the region's score), attainment, position (from 1).
    """
    return ask(store, "costliest_gaps", cycle=cycle, level=level, parent=parent, most=most, basis=basis)
