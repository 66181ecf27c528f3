"""The fewest shortfalls whose mending lets a region reach a score or a rank, with the units by name.

Solved exactly by scoring/mending.py. Single units are named only within the reader's own region, and only there a target is
solved: its steps would tell of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from data.queries.ask import COMPOSITE, ask
from data.queries.mending import EXACT_DECIMALS, Case, case_of, usual_target
from data.store import Store
from scoring.mending import Plan, fewest_indicators, fewest_places, fewest_units
from scoring.rounding import round_half_up, round_parts

FEWEST: dict[str, Callable[..., Plan]] = {
    "places": fewest_places,
    "indicators": fewest_indicators,
    "units": fewest_units,
}
MOST_LISTED = (
    3000  # places of a plan listed by name; nobody works off more, and their answers take a second to find
)
UNANSWERED = "未填"
MOST_STEPS = 14  # more cannot be read in one figure; the others become one step
PLACE_COLUMNS = [
    "code",
    "name",
    "region_name",
    "category_name",
    "indicator",
    "title",
    "article",
    "place",
    "answer",
    "attainment",
    "points",
    "gain",
]
STEP_COLUMNS = ["key", "label", "value", "printed", "kind", "presence", "note", "places", "units"]


def mending_plan(
    store: Store,
    *,
    cycle: int,
    region: str | None = None,
    basis: str = COMPOSITE,
    target: float | None = None,
    rank: int | None = None,
    fewest: str = "places",
) -> dict[str, Any]:
    """The fewest "places" (a unit's indicator), whole "indicators" or whole "units" whose mending reaches a target.

    The target is a published score, or a `rank` among the regions of the level that may be seen (the score that at most
    rank − 1 of the others exceed); neither: the usual target of `mending_outlook`. Keys: target, score, rank, score_after,
    score_after_exact, rank_after, is_reached (where not, everything that gives anything is in the plan), is_fewest and least
    (as in scoring.mending.Plan), places, units, indicators (how many), steps (frame, as `bridge`, from the score to the
    score after, by indicator or by unit), list (frame, one row per place, the largest gain first, at most MOST_LISTED: code, name, region_name,
    category_name, indicator, title, article, place, answer, attainment, points (of the unit), gain (of the region)).
    Empty where the region has no score, or where its single units may not be seen. Raises ValueError for a rank below 1
    or an unknown `fewest`.
    """
    if fewest not in FEWEST:
        raise ValueError(f"fewest={fewest!r}，应为 {'、'.join(FEWEST)} 之一")
    if rank is not None and rank < 1:
        raise ValueError(f"名次目标为 {rank}，应为 1 或更大的整数")
    case = case_of(store, cycle=cycle, region=region, basis=basis)
    if case is None or not case.is_inside:
        return {}
    short, score = case.short, case.summary["score"]
    if rank is not None:
        target = _score_of_rank(case, rank)
    elif target is None:
        target = usual_target(score, case.published(short.score_with(short.everything)))
    plan = FEWEST[fewest](short, target=target)
    after = case.published(plan.score)
    return {
        "target": target,
        "score": score,
        "rank": case.rank(score),
        "score_after": after,
        "score_after_exact": round(plan.score, EXACT_DECIMALS),
        "rank_after": case.rank(after),
        "is_reached": plan.is_reached,
        "is_fewest": plan.is_fewest,
        "least": plan.least,
        "places": len(plan.places),
        "units": len(np.unique(short.unit[plan.places])),
        "indicators": len(np.unique(short.indicator[plan.places])),
        "steps": _steps(store, case, plan, cycle=cycle, by="unit" if fewest == "units" else "indicator"),
        "list": _list(store, case, plan, cycle=cycle),
    }


def _score_of_rank(case: Case, rank: int) -> float:
    """The published score that at most rank − 1 of the others exceed."""
    best = np.sort(case.others)[::-1]
    return float(best[rank - 1]) if rank <= len(best) else 0.0


def _by_gain(case: Case, plan: Plan) -> np.ndarray:
    """Positions in the plan, the largest gain first; of equal ones in the order of unit and indicator."""
    short, places = case.short, plan.places
    return np.lexsort((short.indicator[places], short.unit[places], -short.points[places], -plan.gains))


def _list(store: Store, case: Case, plan: Plan, *, cycle: int) -> pd.DataFrame:
    """The places of a plan with names and answers, as the reader's own part of the store has them."""
    first = _by_gain(case, plan)[:MOST_LISTED]
    if not len(first):
        return pd.DataFrame(columns=PLACE_COLUMNS)
    places = plan.places[first]
    frame = pd.DataFrame(
        {
            "code": case.units["code"].to_numpy()[case.short.unit[places]],
            "indicator": np.array(case.indicators, dtype=object)[case.short.indicator[places]],
            "attainment": case.attained[places],
            "points": case.short.points[places],
            "gain": plan.gains[first],
        }
    )
    asked = {id: case.scheme.by_id[id] for id in set(frame["indicator"])}
    frame = frame.assign(
        title=frame["indicator"].map({id: entry.title for id, entry in asked.items()}),
        article=frame["indicator"].map({id: entry.place.article for id, entry in asked.items()}),
        place=frame["indicator"].map({id: entry.place.label for id, entry in asked.items()}),
    )
    answers = ask(
        store, "mending_answers", cycle=cycle, units=sorted(set(frame["code"])), indicators=sorted(asked)
    )
    units = answers[["code", "name", "region_name", "category_name"]].drop_duplicates("code")
    frame = frame.merge(units, on="code").merge(
        answers[["code", "indicator", "answer"]], on=["code", "indicator"], how="left"
    )
    return frame.assign(answer=frame["answer"].fillna(UNANSWERED))[PLACE_COLUMNS]


def _groups(case: Case, plan: Plan, *, by: str) -> pd.DataFrame:
    """One row per indicator or unit of the plan, the largest gain first: at (position), value, places, units."""
    unit, indicator = case.short.unit[plan.places], case.short.indicator[plan.places]
    own = unit if by == "unit" else indicator
    value = np.bincount(own, weights=plan.gains)
    places = np.bincount(own)
    # a place is one unit's, so an indicator has as many units as places
    frame = pd.DataFrame({"at": np.arange(len(places)), "value": value, "places": places})
    frame = frame.assign(units=1 if by == "unit" else frame["places"])[frame["places"] > 0]
    return frame.sort_values("value", ascending=False, kind="stable", ignore_index=True)


def _steps(store: Store, case: Case, plan: Plan, *, cycle: int, by: str) -> pd.DataFrame:
    """From the score to the score after, by indicator or unit, the largest first; beyond MOST_STEPS in one."""
    groups = _groups(case, plan, by=by)
    shown = groups if len(groups) <= MOST_STEPS else groups.head(MOST_STEPS - 1)
    if by == "unit":
        keys = [case.units["code"].iloc[at] for at in shown["at"]]
        units = {code: store.unit(cycle=cycle, code=code) for code in keys}
        labels = [units[code].name if units[code] else code for code in keys]
        notes = [f"{places} 处短板" for places in shown["places"]]
    else:
        keys = [case.indicators[at] for at in shown["at"]]
        labels = [case.scheme.by_id[key].title for key in keys]
        notes = [f"{units} 家单位" for units in shown["units"]]
    steps = shown.drop(columns="at").assign(key=keys, label=labels, note=notes)
    if len(groups) > len(shown):
        rest = groups.iloc[len(shown) :]
        what = "家单位" if by == "unit" else "项指标"
        of_rest = np.isin(
            (case.short.unit if by == "unit" else case.short.indicator)[plan.places], rest["at"]
        )
        one = {
            "key": "",
            "label": f"其余 {len(rest)} {what}",
            "value": rest["value"].sum(),
            "places": rest["places"].sum(),
            "units": len(np.unique(case.short.unit[plan.places][of_rest])),
            "note": f"{rest['places'].sum()} 处短板",
        }
        steps = pd.concat([steps, pd.DataFrame([one])], ignore_index=True)
    decimals, score, after = case.short.decimals, case.summary["score"], case.published(plan.score)
    total = round_half_up(after - score, decimals)
    steps = steps.assign(
        printed=round_parts(steps["value"].tolist(), total=total, decimals=decimals), kind="gap"
    )
    ends = [
        {"key": "", "label": label, "value": exact, "printed": printed, "kind": kind, "note": "", "places": 0, "units": 0}
        for label, exact, printed, kind in (
            ("目前得分", case.short.score, score, "start"),
            ("补齐后", plan.score, after, "total"),
        )
    ]  # fmt: skip
    rows = [ends[0], *steps.to_dict("records"), ends[1]]
    return pd.DataFrame(rows, columns=STEP_COLUMNS).assign(presence="both")
