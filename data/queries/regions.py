"""How regions stand: scores, ranks, bounds, grades, and why the two systems rank them differently."""

from __future__ import annotations

import math
from functools import partial
from itertools import permutations

import pandas as pd

from data.moment import Moment, worked_out
from data.queries.all_regions import (
    dimensions_of_region,
    scores_of_all,
    shares_of_all,
    summaries_of_all,
    trial_regions_of_all,
)
from data.queries.all_units import as_if_alone
from data.queries.ask import COMPOSITE, PROVINCE, ask, of_one_moment
from data.store import Store

GRADE_COLUMNS = ["grade", "grade_name", "units", "share"]
# what a column holds where no row lacks it; where one does, pandas makes something else of all of them
KINDS = {"rank": "int64", "is_at_cut": "bool"}
MAY_BE_EMPTY = {
    "parent", "parent_name", "grade", "grade_name", "grade_by_score", "by_score_name", "grade_reason", "reason_name",
    "grade_note", "grade_document",
}  # fmt: skip


def region_tree(store: Store) -> pd.DataFrame:
    """One row per region, parents first: code, name, level, parent, path."""
    return ask(store, "region_tree")


def region_scores(
    store: Store, *, cycle: int, level: str, parent: str | None = None, basis: str = COMPOSITE
) -> pd.DataFrame:
    """One row per region of a level ("province", "prefecture", "county" with its zones), in rank order, unranked last.

    Columns: code, name, level, parent, parent_name, registered, submitted, on_time, scored, submission_rate,
    on_time_rate, score, score_exact, rank, grade, grade_name, grade_by_score, by_score_name, grade_reason, is_at_cut,
    reason_name, grade_note, grade_document (as in `units`), low, high (bounds with missing and unverified values at
    0 and at full marks), low_missing, high_missing (missing units only), verified_share, self_score, self_inflation
    (points), and the parts of 100 − score that are not gaps: missing, deductions, veto, bonus, clipped.
    A rank counts within the level over the province, also when `parent` narrows the rows.
    """
    rows = scores_of_all(store, cycle=cycle, basis=basis)
    return as_asked(rows[of_level(rows, level=level, parent=parent)])


def region_summary(store: Store, *, cycle: int, region: str | None = None, basis: str = COMPOSITE) -> dict:
    """The row of `region_scores` of one region (default: the province) as a dict, missing values None."""
    return dict(summaries_of_all(store, cycle=cycle).get((basis, region or PROVINCE), {}))


def grade_counts(
    store: Store, *, cycle: int, region: str | None = None, basis: str = COMPOSITE
) -> pd.DataFrame:
    """One row per grade, best first, then not_submitted 未提交: grade, grade_name, units, share (of the registered)."""
    rows = shares_of_all(store, cycle=cycle, basis=basis)
    return rows.loc[rows["code"] == (region or PROVINCE), GRADE_COLUMNS].reset_index(drop=True)


def grade_shares(
    store: Store, *, cycle: int, level: str, parent: str | None = None, basis: str = COMPOSITE
) -> pd.DataFrame:
    """One row per region of a level and grade: code, name, grade, grade_name, units, share (of the registered)."""
    scores = scores_of_all(store, cycle=cycle, basis=basis)
    chosen = scores.loc[of_level(scores, level=level, parent=parent), "code"]
    rows = shares_of_all(store, cycle=cycle, basis=basis)
    return rows.loc[rows["code"].isin(chosen), ["code", "name", *GRADE_COLUMNS]].reset_index(drop=True)


def region_dimensions(
    store: Store, *, cycle: int, region: str | None = None, basis: str = COMPOSITE
) -> pd.DataFrame:
    """One row per dimension: dimension, dimension_name, attainment (of the region), province_mean."""
    own, whole = (
        dimensions_of_region(store, cycle=cycle, region=code, basis=basis)
        for code in (region or PROVINCE, PROVINCE)
    )
    own = dict(zip(own["dimension"], own["attainment"], strict=True))
    # every indicator of a region is one of the province
    return whole.assign(
        attainment=[own.get(dimension, math.nan) for dimension in whole["dimension"]],
        province_mean=whole["attainment"],
    )


def article_results(
    store: Store, *, cycle: int, region: str | None = None, basis: str = COMPOSITE
) -> pd.DataFrame:
    """One row per article with indicators: article, indicators, attainment, gap (points of the region), units."""
    return ask(store, "article_results", cycle=cycle, region=region or PROVINCE, basis=basis)


def trial_regions(
    store: Store,
    *,
    cycle: int,
    level: str | None = None,
    parent: str | None = None,
    region: str | None = None,
) -> pd.DataFrame:
    """One row per region of a level, or the one `region`, that has units and whose total may be seen: code, name, parent,
    parent_name."""
    rows = trial_regions_of_all(store, cycle=cycle)
    chosen = rows["code"] == region if level is None else of_level(rows, level=level, parent=parent)
    return as_asked(rows[chosen])


def of_level(rows: pd.DataFrame, *, level: str, parent: str | None) -> pd.Series:
    """Which rows are regions of a level, below `parent` if one is named."""
    chosen = rows["row_level"] == level
    return chosen if parent is None else chosen & (rows["parent"] == parent)


def as_asked(rows: pd.DataFrame) -> pd.DataFrame:
    """Some of the rows of all regions as if only they had been asked for."""
    rows = rows.drop(columns="row_level").reset_index(drop=True)
    changed: dict[str, pd.Series | None] = {
        name: rows[name].astype(kind)
        for name, kind in KINDS.items()
        if name in rows and rows[name].dtype != kind and rows[name].notna().all()
    }
    changed |= {name: None for name in MAY_BE_EMPTY & set(rows) if _is_empty(rows[name])}
    return rows.assign(**changed) if changed else rows


def _is_empty(column: pd.Series) -> bool:
    return column.empty or bool(pd.isna(column.iloc[0]) and column.isna().all())


@of_one_moment
def system_ranks(store: Store, *, cycle: int, level: str, parent: str | None = None) -> pd.DataFrame:
    """One row per region, in composite rank order: code, name, score, rank, score_<system> and rank_<system> for each
    system, rank_shift (places between the best and the worst of its system ranks), reason (a sentence, or "").
    """
    every = worked_out(
        store, ("system_ranks", level), partial(_system_ranks, cycle=cycle, level=level), cycle=cycle
    )
    return as_if_alone(
        every[of_level(every, level=level, parent=parent)].drop(columns=["row_level", "parent"])
    )


def _system_ranks(store: Moment, *, cycle: int, level: str) -> pd.DataFrame:
    """`system_ranks` of all regions of a level, with row_level and parent."""
    systems = store.scheme(cycle).systems
    rows = scores_of_all(store, cycle=cycle, basis=COMPOSITE)
    frame = rows.loc[rows["row_level"] == level, ["row_level", "parent", "code", "name", "score", "rank"]]
    for system in systems:
        alone = scores_of_all(store, cycle=cycle, basis=system.id).set_index("code").reindex(frame["code"])
        frame[f"score_{system.id}"] = alone["score"].array
        frame[f"rank_{system.id}"] = alone["rank"].array
    ranks = frame[[f"rank_{system.id}" for system in systems]]
    frame["rank_shift"] = ranks.max(axis=1) - ranks.min(axis=1)
    causes = worked_out(
        store.of_whole(),  # of each region by itself
        ("shift_causes", level),
        partial(_shift_causes, cycle=cycle, level=level),
        cycle=cycle,
    )
    frame["reason"] = [_shift_reason(row, systems, causes) for row in frame.to_dict("records")]
    return frame


def _shift_causes(
    store: Store, *, cycle: int, level: str
) -> dict[tuple[str, str], dict[str, tuple[str, float]]]:
    """By (worse system, better system): per region, the indicator that costs most more in the worse one, against the mean of
    the level in each, and by how much."""
    relative = {}
    for system in (system.id for system in store.scheme(cycle).systems):
        gaps = ask(store, "indicator_matrix", cycle=cycle, level=level, basis=system)
        relative[system] = gaps.pivot(index="code", columns="label", values="above_mean")
    # where an indicator applies to none of a region's units, it pulls nothing apart there
    apart = {
        (worse, better): relative[worse].sub(relative[better], fill_value=0.0).fillna(0.0)
        for worse, better in permutations(relative, 2)
    }
    return {
        pair: dict(zip(each.index, zip(each.idxmax(axis=1), each.max(axis=1), strict=True), strict=True))
        if each.size
        else {}
        for pair, each in apart.items()
    }


def _shift_reason(row: dict, systems, causes: dict[tuple[str, str], dict[str, tuple[str, float]]]) -> str:
    """Why a region stands differently under the two systems: the indicator that pulls them apart most."""
    ranks = {
        system.id: row[f"rank_{system.id}"] for system in systems if not pd.isna(row[f"rank_{system.id}"])
    }
    if len(ranks) < 2 or max(ranks.values()) == min(ranks.values()):
        return ""
    worse, better = max(ranks, key=ranks.get), min(ranks, key=ranks.get)
    names = {system.id: system.name for system in systems}
    text = f"{names[better]}第 {ranks[better]} 位，{names[worse]}第 {ranks[worse]} 位"
    indicator, points = causes[worse, better].get(row["code"], ("", 0.0))
    return f"{text}：主要因“{indicator}”在{names[worse]}中相对多失 {points:.2f} 分" if points > 0 else text
