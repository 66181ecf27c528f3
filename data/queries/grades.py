"""Grades with what decided them: by the score, the ceiling of the best grade, a veto, the province; and ties at the cut."""

from __future__ import annotations

import pandas as pd

from data import regions
from data.queries.ask import PROVINCE, of_one_moment
from data.queries.regions import region_scores
from data.queries.units import units
from data.scoped import ScopedStore
from data.store import Store
from scoring.scheme import Scheme

LEVEL_NAMES = {**regions.LEVEL_NAMES, "unit": "单位"}
ROUNDING = 1e-9  # takes off binary noise before whole places are counted, as the scores' SQL does
COLUMNS = (
    "code", "name", "place", "group", "group_name", "score", "rank", "peers", "grade_by_score", "by_score_name", "grade",
    "grade_name", "grade_reason", "is_at_cut", "reason_name", "grade_note", "grade_document",
)  # fmt: skip


@of_one_moment
def graded(
    store: Store, *, cycle: int, level: str, region: str | None = None, category: str | None = None
) -> pd.DataFrame:
    """One row per unit or region with a score, by group and rank; `level`: prefecture, county (zones too) or unit.

    Columns: code, name, place (of a unit its region, of a county its prefecture), group and group_name (among whom the
    ceiling counts: the unit's category, or the level), score, rank, peers, grade_by_score and by_score_name, grade and
    grade_name, grade_reason and reason_name (what decided), is_at_cut, grade_note and grade_document (the province's),
    is_changed (the grade is another than the score's, or tied at the cut, or set by hand), why (a sentence, or "").
    """
    if level == "unit":
        frame = units(store, cycle=cycle, region=region, category=category)
        frame = frame.rename(
            columns={"region_name": "place", "category": "group", "category_name": "group_name"}
        )
    else:
        parent = region if level == "county" and region != PROVINCE else None
        frame = region_scores(store, cycle=cycle, level=level, parent=parent)
        frame = frame.assign(
            place=frame["parent_name"], group=level, group_name=LEVEL_NAMES[level], peers=None
        )
    frame = frame.loc[frame["score"].notna(), list(COLUMNS)].reset_index(drop=True)
    ceiling = store.scheme(cycle).grades[0].ceilings.get(level)
    is_at_cut = frame["is_at_cut"].astype(bool)
    is_changed = (frame["grade_reason"] != "score") | is_at_cut
    why = pd.Series("", index=frame.index, dtype=object)
    why[is_changed] = [_why(row, ceiling) for row in frame[is_changed].to_dict("records")]
    return frame.assign(is_at_cut=is_at_cut, is_changed=is_changed, why=why)


def grade_groups(store: Store, *, cycle: int, level: str) -> pd.DataFrame:
    """One row per group among whom the best grade's ceiling counts: the categories of units, or the level's regions.

    Columns: group, group_name, scored (in scope), peers (ranked, over the province; missing where the scope does not hold
    them all), ceiling (share, missing where the scheme has none), places (missing without a ceiling, or in a group under
    the scheme's minimum), by_score (have the best grade by their score), beyond (of them, past the ceiling), at_cut (tied
    at the cut, all keeping the grade), vetoed, manual (set by the province), final (have the best grade in the end),
    tied_names (names of those at the cut), over (how many more than the places have it; 0 where not).
    """
    scheme = store.scheme(cycle)
    frame = graded(store, cycle=cycle, level=level)
    is_part = level == "county" and isinstance(store, ScopedStore) and store.scope.region != PROVINCE
    rows = []
    for (group, name), part in frame.groupby(["group", "group_name"], sort=False):
        peers = None if is_part else _peers(part, level)
        rows.append({"group": group, "group_name": name, "scored": len(part), "peers": peers})
        rows[-1] |= _counted(part, scheme, level=level, peers=peers)
    columns = [
        "group", "group_name", "scored", "peers", "ceiling", "places", "by_score", "beyond", "at_cut", "vetoed", "manual",
        "final", "tied_names", "over",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def grade_steps(store: Store, *, cycle: int) -> pd.DataFrame:
    """Two rows per level and grade: how many have it by the score, and in the end.

    Columns as `grade_shares`: code (level, and "score" or "final"), name, grade, grade_name, units, share (of those with a
    score). Levels without a score are left out.
    """
    grades = store.scheme(cycle).grades
    rows = []
    for level, level_name in LEVEL_NAMES.items():
        frame = graded(store, cycle=cycle, level=level)
        if frame.empty:
            continue
        for step, step_name, column in (("score", "按得分", "grade_by_score"), ("final", "最终", "grade")):
            counts = frame[column].value_counts()
            for grade in grades:
                count = int(counts.get(grade.id, 0))
                name = f"{level_name}{step_name}"
                rows.append((f"{level}-{step}", name, grade.id, grade.name, count, count / len(frame)))
    return pd.DataFrame(rows, columns=["code", "name", "grade", "grade_name", "units", "share"])


def _peers(part: pd.DataFrame, level: str) -> int | None:
    if level != "unit":
        return len(part)
    known = part["peers"].dropna()
    return int(known.iloc[0]) if len(known) else 0


def _counted(part: pd.DataFrame, scheme: Scheme, *, level: str, peers: int | None) -> dict:
    best = scheme.grades[0]
    ceiling = best.ceilings.get(level)
    is_ranked = peers is not None and (level != "unit" or peers >= scheme.rules.min_group)
    places = int(ceiling * peers + ROUNDING) if ceiling is not None and is_ranked else None
    is_best = part["grade"] == best.id
    is_counted = is_best if level != "unit" else is_best & part["peers"].notna()
    is_counted = int(is_counted.sum())
    return {
        "ceiling": ceiling,
        "places": places,
        "by_score": int((part["grade_by_score"] == best.id).sum()),
        "beyond": int((part["grade_reason"] == "ceiling").sum()),
        "at_cut": int(part["is_at_cut"].sum()),
        "vetoed": int((part["grade_reason"] == "veto").sum()),
        "manual": int((part["grade_reason"] == "manual").sum()),
        "final": int(is_best.sum()),
        "tied_names": "、".join(part.loc[part["is_at_cut"], "name"]),
        "over": 0 if places is None else max(is_counted - places, 0),
    }


def _why(row: dict, ceiling: float | None) -> str:
    """Why the grade is not simply the score's, for everybody who may see it: no account, no time."""
    match row["grade_reason"]:
        case "veto":
            return "一票否决，等次为最低一等（第四十一条）"
        case "manual":
            document = f"（{row['grade_document']}）" if row["grade_document"] else ""
            return f"省级另定：{row['grade_note']}{document}"
        case "ceiling":
            return f"得分达到{row['by_score_name']}标准，列第 {row['rank']:.0f} 位，在比例上限（{ceiling:.0%}）之外"
        case _:
            return "与上限末位同分，一并保留" if row["is_at_cut"] else ""
