"""What scores and ranks would be under other weights: nothing is changed, and all of it is computed anew from the values.

Under the cycle's own weights this gives the kept results (SCORING.md); under others what the cycle would have if a scheme
with these weights were saved and the cycle scored by it. Computed over the whole province, told within the scope.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from data.failures import StoreError
from data.queries.ask import COMPOSITE, PROVINCE, ask
from data.queries.counted import kept_answer, sheets_of
from data.queries.gaps import OTHER_CAUSES
from data.queries.moves import MOST_CAUSES, signed_points
from data.queries.regions import trial_regions
from data.store import Store
from scoring.rounding import round_all_half_up, round_half_up, round_parts
from scoring.scheme import Scheme
from scoring.trial import (
    RegionScores,
    Sheets,
    Weights,
    WeightsError,
    gaps_of,
    regions_of,
    score_units,
    unit_ranks,
)

NOISE = 1e-9  # points; a smaller change is none
CAUSE_COLUMNS = ["key", "label", "article", "dimension_name", "kind", "gap_before", "gap_after", "change", "printed"]  # fmt: skip


def what_if(
    store: Store,
    *,
    cycle: int,
    level: str,
    parent: str | None = None,
    weights: Weights,
    basis: str = COMPOSITE,
) -> pd.DataFrame:
    """One row per region of a level that has units, in the order of its rank under the given weights, unranked last.

    Columns: code, name, parent_name, score_before, rank_before (as the cycle stands), score_after, rank_after (under the
    weights), exact_before, exact_after (unrounded), score_change (of the published scores), rank_change (places gained),
    cause, cause_title, cause_points (the indicator, or other cause, that moved its score most, and by how many points),
    causes (the largest in words). Ranks count within the level over the province, also when `parent` narrows the rows.
    Raises StoreError where the weights do not belong to the cycle's scheme.
    """
    sheets = sheets_of(store, cycle=cycle)
    (before, lost_before), (after, lost_after) = _both(store, cycle, sheets, weights, basis)
    listed = trial_regions(store, cycle=cycle, level=level, parent=parent)
    at = _places(sheets, listed["code"])
    changes = _changes(before, after, lost_before - lost_after)[at]
    moved = _causes_of(store.scheme(cycle), changes)
    frame = pd.DataFrame(
        {
            "code": listed["code"],
            "name": listed["name"],
            "parent_name": listed["parent_name"],
            **_two(before.published[at], after.published[at], "score"),
            **_ranks(before.rank[at], after.rank[at]),
            "exact_before": before.exact[at],
            "exact_after": after.exact[at],
            "score_change": round_all_half_up(
                after.published[at] - before.published[at], sheets.rules.decimals
            ),
            **moved,
        }
    )
    return frame.sort_values(["rank_after", "code"], na_position="last", ignore_index=True)


def what_if_causes(
    store: Store,
    *,
    cycle: int,
    region: str | None = None,
    weights: Weights,
    basis: str = COMPOSITE,
) -> pd.DataFrame:
    """One row per indicator and other cause that changes a region's score under the given weights, the largest gain first.

    Columns: key, label, article, dimension_name, kind (gap, missing, deduction, bonus, clipped, veto), gap_before and
    gap_after (points of the score that it costs; bonus and clipped: that it gives), change (points; they add up to
    exact_after − exact_before), printed (rounded by largest remainder, so that they add up to score_after −
    score_before). Empty where the region has no score, or may not be seen.
    """
    sheets, scheme = sheets_of(store, cycle=cycle), store.scheme(cycle)
    code = region or PROVINCE
    (before, lost_before), (after, lost_after) = _both(store, cycle, sheets, weights, basis)
    listed = trial_regions(store, cycle=cycle, region=code)
    if listed.empty or np.isnan(before.exact + after.exact)[_places(sheets, listed["code"])].any():
        return pd.DataFrame(columns=CAUSE_COLUMNS)
    at = _places(sheets, listed["code"])[0]
    names = {dimension.id: dimension.name for dimension in scheme.dimensions}
    rows = [
        (i.id, i.title, i.place.article, names[i.dimension], "gap", one, other, one - other)
        for i, one, other in zip(scheme.indicators, lost_before[at], lost_after[at], strict=True)
    ]
    for cause, label, kind, sign in OTHER_CAUSES:
        one, other = before.others[cause][at], after.others[cause][at]
        rows.append((cause, label, None, None, kind, one, other, sign * (other - one)))
    rows = sorted((row for row in rows if row[-1]), key=lambda row: (-row[-1], row[0]))
    decimals = scheme.rules.decimals
    total = round_half_up(after.published[at] - before.published[at], decimals)
    printed = round_parts([row[-1] for row in rows], total=total, decimals=decimals)
    return pd.DataFrame(
        [(*row, part) for row, part in zip(rows, printed, strict=True)], columns=CAUSE_COLUMNS
    )


def what_if_units(
    store: Store,
    *,
    cycle: int,
    weights: Weights,
    basis: str = COMPOSITE,
    category: str | None = None,
    region: str | None = None,
) -> pd.DataFrame:
    """One row per registered unit (of a category, of a region and below), by category and rank under the given weights.

    Columns: code, name, region_name, category, category_name, score_before, rank_before, score_after, rank_after,
    score_change (of the published scores), rank_change (places gained), is_comparable (whether enough points apply under
    the weights). Ranks count within the category over the province; without a score or a rank: missing.
    """
    sheets, own = sheets_of(store, cycle=cycle), Weights.of(store.scheme(cycle))
    listed = ask(store, "trial_units", cycle=cycle, category=category, region=region)
    place = {unit: at for at, unit in enumerate(sheets.units)}
    listed = listed[listed["code"].isin(place)].reset_index(drop=True)
    at = listed["code"].map(place).to_numpy(np.intp)
    _check(sheets, weights)
    before, after = score_units(sheets, own, basis), score_units(sheets, weights, basis)
    (rank_before, _), (rank_after, is_comparable) = (
        unit_ranks(sheets, each, scores) for each, scores in ((own, before), (weights, after))
    )
    frame = listed[["code", "name", "region_name", "category", "category_name"]].assign(
        **_two(before.published[at], after.published[at], "score"),
        **_ranks(rank_before[at], rank_after[at]),
        score_change=round_all_half_up(after.published[at] - before.published[at], sheets.rules.decimals),
        is_comparable=is_comparable[at],
    )
    order = {category: n for n, category in enumerate(sheets.categories)}
    frame = frame.assign(order=frame["category"].map(order), falling=-frame["score_after"])
    frame = frame.sort_values(
        ["order", "rank_after", "falling", "code"], na_position="last", ignore_index=True
    )
    return frame.drop(columns=["order", "falling"])


def _check(sheets: Sheets, weights: Weights) -> None:
    try:
        sheets.check(weights)
    except WeightsError as error:
        raise StoreError(str(error)) from error


Scored = tuple[RegionScores, np.ndarray]


def _both(store: Store, cycle: int, sheets: Sheets, weights: Weights, basis: str) -> tuple[Scored, Scored]:
    """As the cycle stands, which is worked out once, and under the given weights."""
    own = Weights.of(store.scheme(cycle))
    before = kept_answer(store, ("as it stands", basis), lambda: _scored(sheets, own, basis), cycle=cycle)
    return before, before if weights == own else _scored(sheets, weights, basis)


def _scored(sheets: Sheets, weights: Weights, basis: str) -> Scored:
    """The regions' scores and what each indicator costs them."""
    _check(sheets, weights)
    units = score_units(sheets, weights, basis)
    regions = regions_of(sheets, weights, units)
    return regions, gaps_of(sheets, weights, units, regions)


def _places(sheets: Sheets, codes: Sequence[str]) -> np.ndarray:
    place = {region: at for at, region in enumerate(sheets.regions)}
    return np.array([place[code] for code in codes], dtype=np.intp)


def _changes(before: RegionScores, after: RegionScores, gained: np.ndarray) -> np.ndarray:
    """Points that each indicator and then each other cause moves each region's score by."""
    others = [
        sign * (after.others[cause] - before.others[cause])[:, None] for cause, _, _, sign in OTHER_CAUSES
    ]
    return np.hstack([gained, *others])


def _causes_of(scheme: Scheme, changes: np.ndarray) -> Mapping[str, list]:
    ids = [*scheme.by_id, *(cause for cause, *_ in OTHER_CAUSES)]
    titles = [*(i.title for i in scheme.indicators), *(label for _, label, *_ in OTHER_CAUSES)]
    rows = []
    for row in np.nan_to_num(changes, nan=0.0):
        largest = [n for n in np.argsort(-np.abs(row), kind="stable")[:MOST_CAUSES] if abs(row[n]) > NOISE]
        words = "、".join(f"{titles[n]}（{signed_points(row[n])}）" for n in largest)
        first = (ids[largest[0]], titles[largest[0]], row[largest[0]]) if largest else (None, "", np.nan)
        rows.append((*first, words))
    return pd.DataFrame(rows, columns=["cause", "cause_title", "cause_points", "causes"]).to_dict("list")


def _two(before: np.ndarray, after: np.ndarray, name: str) -> dict[str, np.ndarray]:
    return {f"{name}_before": before, f"{name}_after": after}


def _ranks(before: np.ndarray, after: np.ndarray) -> dict[str, np.ndarray]:
    return {
        name: values if np.isnan(values).any() else values.astype(np.int64)
        for name, values in {**_two(before, after, "rank"), "rank_change": before - after}.items()
    }
