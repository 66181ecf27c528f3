"""The counted values of a whole province as arrays, kept in memory for what asks them again and again.

What is computed from them is computed over the whole; who asks gets the rows of it that their scope holds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

import numpy as np

from data.moment import is_frozen, one_moment
from data.newest import Newest
from data.queries.ask import ask
from data.regions import load_regions
from data.scoped import ScopedStore, whole_of
from data.store import Store
from scoring.trial import Sheets

KEPT_SHEETS = 2  # a hundred thousand units take some 100 MB
KEPT_ANSWERS = 24

Kept = TypeVar("Kept")


_sheets, _answers = Newest(KEPT_SHEETS), Newest(KEPT_ANSWERS)


def sheets_of(store: Store | ScopedStore, *, cycle: int) -> Sheets:
    """The whole province's counted values of a cycle, whoever asks; of a publication, those that it froze."""
    return _sheets.get(_version(store, cycle), lambda: _load(whole_of(store), cycle))


def kept_answer(
    store: Store | ScopedStore, question: Hashable, make: Callable[[], Kept], *, cycle: int
) -> Kept:
    """What `make` gives for a question about the whole province's sheets of a cycle, kept until its results change."""
    return _answers.get((_version(store, cycle), question), make)


def _version(store: Store | ScopedStore, cycle: int) -> tuple:
    """What the cycle's results, as the store reads them, are known by."""
    frozen = store.publication if is_frozen(store, cycle) else None
    store.refresh(cycle)
    return str(store.home), cycle, bool(frozen), frozen.seq if frozen else store.result_version(cycle)


def _load(store: Store | ScopedStore, cycle: int) -> Sheets:
    with one_moment(store, cycle=cycle) as moment:
        moment.expect_much()
        scheme = moment.scheme(cycle)
        units = ask(moment, "counted_units", cycle=cycle)
        values = ask(moment, "counted_values", cycle=cycle)
    regions = sorted(load_regions(), key=lambda region: region.code)  # the order of the units' rows
    region_at = {region.code: at for at, region in enumerate(regions)}
    category_at = {category.id: at for at, category in enumerate(scheme.categories)}
    x = np.full((len(units), len(scheme.indicators)), np.nan)
    applies = np.zeros(x.shape, dtype=bool)
    places = values["unit_at"].to_numpy(np.intp), values["indicator_at"].to_numpy(np.intp)
    x[places] = values["x"].to_numpy(float)
    applies[places] = True
    return Sheets(
        units=tuple(units["unit"]),
        unit_region=units["region"].map(region_at).to_numpy(np.intp),
        unit_category=units["category"].map(category_at).to_numpy(np.intp),
        is_missing=units["is_missing"].to_numpy(bool),
        x=x,
        applies=applies,
        deductions=units["deductions"].to_numpy(float),
        bonus=units["bonus"].to_numpy(float),
        has_veto=units["has_veto"].to_numpy(bool),
        regions=tuple(region_at),
        levels=tuple("county" if region.level == "zone" else region.level for region in regions),
        parent=np.array([region_at.get(region.parent, -1) for region in regions]),
        systems=tuple(system.id for system in scheme.systems),
        indicators=tuple(scheme.by_id),
        dimensions=tuple(indicator.dimension for indicator in scheme.indicators),
        categories=tuple(category_at),
        rules=scheme.rules,
    )
