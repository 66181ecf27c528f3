"""Findings, vetoes and commendations: the register of them, the steps of each, and what one does to a score."""

from __future__ import annotations

from datetime import date

import pandas as pd

from data.course.findings import first_move, machine_of, state_of_row
from data.queries.all_units import kept_frame, narrowed
from data.queries.ask import ask, of_one_moment
from data.queries.course_of_unit import HAND_OF_ROLE
from data.queries.units import unit_findings, unit_summary
from data.regions import PROVINCE, prefecture_of, regions_by_code
from data.store import Store
from scoring.rounding import round_half_up
from scoring.scheme import Scheme

KIND_NAMES = {"deduction": "扣分", "veto": "一票否决", "bonus": "加分"}


@of_one_moment
def findings(
    store: Store,
    *,
    cycle: int,
    region: str | None = None,
    unit: str | None = None,
    key: str | None = None,
    today: date | None = None,
) -> pd.DataFrame:
    """One row per finding, the newest first, revoked ones too.

    Columns: key, unit, unit_name, region, region_name, region_path, category, category_name, finding, finding_name, place,
    article, kind and kind_name, course, state and state_name, is_standing (not revoked), is_overdue (it lapsed),
    is_aggravated, on_date, document, deadline, days_left (of those still to be corrected; negative: days past), is_past (its
    deadline has passed without a correction, and nobody said so yet), points (the scheme's; missing for a veto), factor
    (for overdue and aggravated deductions), applied (points · factor, 0 once revoked, bonuses before the cap; missing for a
    veto), indicator, indicator_title, ordered, addressee, note, step_on, step_document.
    """
    today = today or date.today()
    if unit or key:
        return _findings(store, cycle=cycle, unit=unit, key=key, today=today)
    every = kept_frame(
        store,
        ("findings", today),
        lambda moment: _findings(moment, cycle=cycle, unit=None, key=None, today=today),
        cycle=cycle,
    )
    return narrowed(every, region=region)


def _findings(store: Store, *, cycle: int, unit: str | None, key: str | None, today: date) -> pd.DataFrame:
    scheme = store.scheme(cycle)
    frame = ask(store, "findings", cycle=cycle, unit=unit, key=key)
    machines = {entry.id: machine_of(scheme, entry.id) for entry in scheme.findings}
    articles = {entry.id: entry.place.article for entry in scheme.findings}
    courses = [machines[finding] for finding in frame["finding"]]
    states = [
        state_of_row(row.state, machine, is_confirmed=row.is_confirmed, is_overdue=row.is_overdue)
        for row, machine in zip(frame.itertuples(index=False), courses, strict=True)
    ]
    names = [machine.state_names[state] for machine, state in zip(courses, states, strict=True)]
    frame = frame.assign(
        article=frame["finding"].map(articles),
        course=pd.Series([machine.id for machine in courses], index=frame.index, dtype=object),
        state=pd.Series(states, index=frame.index, dtype=object),
        state_name=pd.Series(names, index=frame.index, dtype=object),
        kind_name=frame["kind"].map(KIND_NAMES),
        is_standing=frame["is_confirmed"].astype(bool),
        deadline=pd.to_datetime(frame["deadline"]),
    )
    left = (frame["deadline"] - pd.Timestamp(today)).dt.days
    is_open = frame["state"] == "ordered"
    is_veto = frame["kind"] == "veto"
    applied = (frame["points"] * frame["factor"].fillna(1)).where(frame["is_standing"], 0.0)
    return frame.assign(
        days_left=left.where(is_open),
        is_past=is_open & (left < 0),
        points=frame["points"].where(~is_veto),
        applied=applied.where(~is_veto),
    ).drop(columns="is_confirmed")


def finding_steps(
    store: Store, *, cycle: int, key: str | None = None, unit: str | None = None
) -> pd.DataFrame:
    """One row per step of a finding (or of every finding of a unit), in their order.

    Columns: key, seq, finding, move and move_name, state and state_name (then), step_on, step_document, deadline, reason,
    addressee, hand (省级, 市级, 县级; empty where an older program recorded it), recorded_at.
    """
    scheme = store.scheme(cycle)
    frame = ask(store, "finding_steps", cycle=cycle, key=key, unit=unit)
    rows = []
    for row in frame.itertuples(index=False):
        machine = machine_of(scheme, row.finding)
        state = state_of_row(row.state, machine, is_confirmed=row.is_confirmed, is_overdue=row.is_overdue)
        move = row.move if isinstance(row.move, str) else first_move(machine)
        rows.append((move, machine.move_names[move], state, machine.state_names[state]))
    said = pd.DataFrame(rows, columns=["move", "move_name", "state", "state_name"], index=frame.index)
    return frame.assign(
        **{name: said[name] for name in said}, hand=frame["role"].map(HAND_OF_ROLE).fillna("")
    ).drop(columns=["is_confirmed", "is_overdue", "role"])


def finding_counts(
    store: Store, *, cycle: int, region: str | None = None, today: date | None = None
) -> pd.DataFrame:
    """One row per region right below `region` that has any, with how many findings stand in it.

    Columns: region, region_name, standing, overdue (lapsed, or past their deadline), corrected, vetoes, bonuses, points
    (deducted), and one column a40 … for each article that the scheme's findings have.
    """
    frame = findings(store, cycle=cycle, region=region, today=today)
    frame = frame[frame["is_standing"]]
    area = frame["region"].map(prefecture_of) if region in (None, PROVINCE) else frame["region"]
    deduction = frame["kind"] == "deduction"
    frame = frame.assign(
        area=area,
        standing=1,
        overdue=(frame["is_overdue"] | frame["is_past"]).astype(int),
        corrected=frame["state"].isin(["corrected", "corrected_late"]).astype(int),
        vetoes=(frame["kind"] == "veto").astype(int),
        bonuses=(frame["kind"] == "bonus").astype(int),
        points=frame["applied"].where(deduction, 0.0),
        **{f"a{a}": (frame["article"] == a).astype(int) for a in finding_articles(store.scheme(cycle))},
    )
    columns = ["standing", "overdue", "corrected", "vetoes", "bonuses", "points"]
    columns += [f"a{article}" for article in finding_articles(store.scheme(cycle))]
    sums = frame.groupby("area", as_index=False)[columns].sum().rename(columns={"area": "region"})
    names = sums["region"].map(lambda code: regions_by_code()[code].name)
    sums.insert(1, "region_name", names.astype(object))
    return sums


def finding_articles(scheme: Scheme) -> list[int]:
    """The articles that the scheme's findings stand on, in order."""
    return sorted({entry.place.article for entry in scheme.findings})


@of_one_moment
def finding_effect(store: Store, *, cycle: int, key: str) -> dict:
    """What one standing finding does to its unit's score: before (without it) and after (as it is), both as published.

    Empty where the finding does not stand or the unit has no score.
    """
    rows = ask(store, "findings", cycle=cycle, unit=None, key=key)
    if rows.empty or not rows["is_confirmed"].iloc[0]:
        return {}
    unit = rows["unit"].iloc[0]
    summary = unit_summary(store, cycle=cycle, unit=unit)
    if not summary or summary["score_exact"] is None:
        return {}
    others = unit_findings(store, cycle=cycle, unit=unit)
    others = others[others["key"] != key]
    return {"before": _score(store, cycle, summary["base"], others), "after": summary["score"]}


@of_one_moment
def finding_preview(
    store: Store, *, cycle: int, unit: str, finding: str, is_aggravated: bool = False
) -> dict:
    """What recording a finding would do to the unit's score: before (now) and after, both as published.

    Empty where the unit has no score.
    """
    scheme = store.scheme(cycle)
    summary = unit_summary(store, cycle=cycle, unit=unit)
    if not summary or summary["score_exact"] is None:
        return {}
    entry = next(each for each in scheme.findings if each.id == finding)
    points = entry.points * (scheme.aggravation.factor if is_aggravated else 1)
    standing = unit_findings(store, cycle=cycle, unit=unit)[["kind", "applied"]].to_dict("records")
    rows = pd.DataFrame([*standing, {"kind": entry.kind, "applied": points}])
    return {"before": summary["score"], "after": _score(store, cycle, summary["base"], rows)}


def _score(store: Store, cycle: int, base: float, rows: pd.DataFrame) -> float:
    """The published score over a base with these findings (kind, applied), as SCORING.md puts it together."""
    rules = store.scheme(cycle).rules
    sums = rows.groupby("kind")["applied"].sum()
    score = base - sums.get("deduction", 0.0) + min(sums.get("bonus", 0.0), rules.bonus_cap)
    score = min(max(score, 0.0), 100.0)
    if (rows["kind"] == "veto").any():
        score = min(score, rules.veto_cap)
    return round_half_up(score, rules.decimals)
