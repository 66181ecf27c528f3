"""What is asked of all of a reader's units at once, since those of one county take as long: kept until something changes, and
narrowed down to a region and a category after that."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

import pandas as pd

from data.moment import Moment, worked_out
from data.queries.ask import PROVINCE, ask
from data.regions import regions_within
from data.store import Store


def of_all_units(
    store: Store, name: str, *, cycle: int, others: Iterable[int] = (), **values: Hashable
) -> pd.DataFrame:
    """The answer to a query file about all units that the reader may see. Nobody may change it."""
    return kept_frame(
        store,
        (name, *values.values()),
        lambda moment: ask(moment, name, cycle=cycle, region=PROVINCE, **values),
        cycle=cycle,
        others=others,
    )


def kept_frame(
    store: Store,
    question: Hashable,
    make: Callable[[Moment], pd.DataFrame],
    *,
    cycle: int,
    others: Iterable[int] = (),
) -> pd.DataFrame:
    """The frame of all units that `make` gives, kept as by `worked_out`. Nobody may change it."""
    return worked_out(store, question, lambda moment: _thrifty(make(moment)), cycle=cycle, others=others)


def narrowed(frame: pd.DataFrame, *, region: str | None, category: str | None = None) -> pd.DataFrame:
    """The rows of the units in a region and below, and of a category, as if only they had been asked for."""
    if region not in (None, PROVINCE):
        frame = frame[frame["region"].isin(regions_within(region))]
    if category is not None:
        frame = frame[frame["category"] == category]
    return as_if_alone(frame)


def as_if_alone(rows: pd.DataFrame) -> pd.DataFrame:
    """Some rows of a frame, numbered from 0, of the types that they have where they alone are asked for: whole numbers of which
    none is missing any more, texts that are all missing."""
    rows = rows.reset_index(drop=True)
    if rows.empty:
        return rows
    changed = {}
    for name, kind in rows.dtypes.items():
        if hasattr(kind, "numpy_dtype") and rows[name].notna().all():
            changed[name] = rows[name].astype(kind.numpy_dtype)
        elif kind == "str" and pd.isna(rows[name].iloc[0]) and rows[name].isna().all():
            changed[name] = None
    return rows.assign(**changed) if changed else rows


def _thrifty(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with one text in memory for all rows that say the same."""
    shared = {}
    for name in frame.select_dtypes("str"):
        at, texts = pd.factorize(frame[name])
        shared[name] = texts.take(at, allow_fill=True)
    return frame.assign(**shared)
