"""Whether the ranking holds under other weights: redrawn at random, pair by pair, and each weight moved alone.

Weights are a judgement (Art. 18 gives none). Computed over the whole province, told within the scope.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from data.queries.ask import COMPOSITE
from data.queries.counted import kept_answer, sheets_of
from data.queries.regions import trial_regions
from data.store import Store
from scoring.robustness import (
    DECIDED,
    DELTA,
    DRAWS,
    SEED,
    FirstChange,
    Redraw,
    one_at_a_time,
    redraw,
)
from scoring.scheme import Scheme
from scoring.trial import Weights

CHANGE_COLUMNS = [
    "kind",
    "id",
    "title",
    "article",
    "share_now",
    "weight_now",
    "down",
    "up",
    "value",
    "change",
    "above",
    "above_name",
    "below",
    "below_name",
    "leader_change",
]
PAIR_COLUMNS = ["above", "above_name", "below", "below_name", "gap", "is_tied", "holds", "is_decided"]


def redrawn(
    store: Store,
    *,
    cycle: int,
    level: str,
    parent: str | None = None,
    basis: str = COMPOSITE,
    draws: int = DRAWS,
    delta: float = DELTA,
    seed: int = SEED,
) -> pd.DataFrame:
    """One row per region of a level that has a rank, in rank order, with its ranks when the weights are drawn anew.

    Columns: code, name, parent_name, score, rank (as the cycle stands), rank_median, rank_low and rank_high (5 % and 95 %
    of the draws lie at or before it), keeps (share of the draws in which it has its rank), best, worst (ranks).
    In each draw every system's, dimension's and indicator's weight is multiplied by a factor from [1 − delta, 1 + delta];
    the same seed gives the same draws. Ranks count within the level over the province, also when `parent` narrows the rows.
    """
    drawn, listed = _redrawn(store, cycle, level, parent, basis, draws, delta, seed)
    at = listed["at"].to_numpy(np.intp)
    return listed[["code", "name", "parent_name"]].assign(
        **{key: each[at] for key, each in drawn.figures.items()}
    )


def redrawn_pairs(
    store: Store,
    *,
    cycle: int,
    level: str,
    parent: str | None = None,
    basis: str = COMPOSITE,
    draws: int = DRAWS,
    delta: float = DELTA,
    seed: int = SEED,
) -> pd.DataFrame:
    """One row per two neighbours in the rank order of `redrawn` (among the rows shown), from the first place down.

    Columns: above, above_name, below, below_name (the regions), gap (points between their published scores), is_tied,
    holds (share of the draws in which the first stays strictly before the second or, tied now, tied with it),
    is_decided (holds in at least 95 % of the draws).
    """
    drawn, listed = _redrawn(store, cycle, level, parent, basis, draws, delta, seed)
    decimals = store.scheme(cycle).rules.decimals
    rows = list(listed.itertuples())
    pairs = []
    for one, other in pairwise(rows):
        gap = round(float(drawn.published[one.at] - drawn.published[other.at]), decimals)
        holds = drawn.holds(one.at, other.at)
        pairs.append((one.code, one.name, other.code, other.name, gap, gap == 0, holds, holds >= DECIDED))
    return pd.DataFrame(pairs, columns=PAIR_COLUMNS)


def first_changes(
    store: Store, *, cycle: int, level: str, parent: str | None = None, basis: str = COMPOSITE
) -> pd.DataFrame:
    """One row per weight, moved alone: which changes the order of the regions shown first, and at what value.

    Columns: kind (system, dimension, indicator), id, title, article (of an indicator), share_now (its share of all
    weight), weight_now (a system's share, an indicator's points, the sum of a dimension's), down and up (the multiples of
    it nearest to 1 at which two regions strictly change places by published score; missing: never from 0 to 3 times), value
    (the weight at the nearer of them), change (that relative to now: 0.1 is a tenth more), above, above_name, below,
    below_name (the regions that change places there: who stands before now, and who would), leader_change (the factor
    nearest to 1 at which another region leads). The nearest change first; among regions that are shown only.
    """
    sheets, scheme = sheets_of(store, cycle=cycle), store.scheme(cycle)
    listed = trial_regions(store, cycle=cycle, level=level, parent=parent)
    shown = tuple(listed["code"])
    places = np.flatnonzero(np.isin(sheets.regions, shown))
    found = kept_answer(
        store,
        ("first_changes", level, shown, basis),
        lambda: one_at_a_time(sheets, Weights.of(scheme), level=level, basis=basis, regions=places),
        cycle=cycle,
    )
    names = dict(zip(listed["code"], listed["name"], strict=True))
    titles = {
        "system": {each.id: each.name for each in scheme.systems},
        "dimension": {each.id: each.name for each in scheme.dimensions},
        "indicator": {each.id: each.title for each in scheme.indicators},
    }
    rows = [_change_row(each, scheme, titles, sheets.regions, names) for each in found]
    return pd.DataFrame(rows, columns=CHANGE_COLUMNS)


def _change_row(
    change: FirstChange, scheme: Scheme, titles: dict, regions: tuple[str, ...], names: dict
) -> tuple:
    indicator = scheme.by_id.get(change.id) if change.kind == "indicator" else None
    above, below = (None if at is None else regions[at] for at in (change.above, change.below))
    return (
        change.kind,
        change.id,
        titles[change.kind][change.id],
        indicator.place.article if indicator else None,
        change.share,
        change.weight,
        change.down,
        change.up,
        change.value,
        None if change.nearest is None else change.nearest - 1,
        above,
        names.get(above),
        below,
        names.get(below),
        change.leader,
    )


def _redrawn(
    store: Store,
    cycle: int,
    level: str,
    parent: str | None,
    basis: str,
    draws: int,
    delta: float,
    seed: int,
) -> tuple[Redraw, pd.DataFrame]:
    """The redraw over the whole level, and the regions to tell of in rank order; `at`: their places in the redraw."""
    sheets = sheets_of(store, cycle=cycle)
    weights = Weights.of(store.scheme(cycle))
    drawn = kept_answer(
        store,
        ("redraw", level, basis, draws, delta, seed),
        lambda: redraw(sheets, weights, level=level, draws=draws, delta=delta, seed=seed, basis=basis),
        cycle=cycle,
    )
    at = {sheets.regions[place]: n for n, place in enumerate(drawn.regions)}
    listed = trial_regions(store, cycle=cycle, level=level, parent=parent)
    listed = listed[listed["code"].isin(at)]
    listed = listed.assign(at=listed["code"].map(at).astype(int))
    listed = listed.assign(rank=drawn.rank[listed["at"].to_numpy(np.intp)])
    return drawn, listed.sort_values(["rank", "code"], ignore_index=True)
