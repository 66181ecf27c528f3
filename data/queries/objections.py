"""Objections as they wait for a decision, and the rulings that a unit may still object to."""

from __future__ import annotations

from datetime import date

import pandas as pd

from data.course.acting import LEVEL_NAMES, STAGE_NAMES, STAGES
from data.course.objections import deciding_about, last_day, why_not
from data.model import Stage
from data.queries.all_units import narrowed, of_all_units
from data.queries.ask import ask, of_one_moment
from data.queries.one_unit import asked_if_any
from data.store import Store
from procedure.machines import OBJECTION
from scoring.scheme import Scheme


def objections(
    store: Store,
    *,
    cycle: int,
    region: str | None = None,
    unit: str | None = None,
    stage: Stage = "province",
    today: date | None = None,
) -> pd.DataFrame:
    """One row per objection, undecided ones first, the longest waiting on top; `stage` is the asker's own.

    Columns: objection, unit, unit_name, region, region_name, region_path, indicator, title, question, article, place, type,
    points, state and state_name, stage and stage_name (of the ruling objected to), decider (the lowest stage that may
    decide) and decider_name, is_mine (undecided, and the asker's stage may decide), filed_at, filed_reason, waiting_days (of undecided ones), moved_at,
    moved_role, moved_reason (of the last move), own (as typed), own_state, evidence, na_reason, ruled, ruled_reason,
    ruled_at, now, now_seq, now_stage, now_stage_name, now_reason, now_at (the ruling that stands; missing where none does),
    now_state, choice, number, numerator, denominator, on_date (its value), is_ruled_since, is_handed_in_since.
    """
    if unit is None:
        frame = narrowed(of_all_units(store, "objections", cycle=cycle, unit=None), region=region)
    else:
        frame = ask(store, "objections", cycle=cycle, region=region, unit=unit)
    is_filed = frame["state"] == "filed"
    waited = (pd.Timestamp(today or date.today()) - pd.to_datetime(frame["filed_at"]).dt.normalize()).dt.days
    deciders = [
        _stage_above(deciding_about(filed, standing if isinstance(standing, str) else None))
        for filed, standing in zip(frame["stage"], frame["now_stage"], strict=True)
    ]
    reaches = [STAGES.index(stage) >= STAGES.index(decider) for decider in deciders]
    return frame.assign(
        state_name=frame["state"].map(OBJECTION.state_names),
        stage_name=frame["stage"].map(STAGE_NAMES),
        now_stage_name=frame["now_stage"].map(STAGE_NAMES),
        decider=deciders,
        decider_name=[LEVEL_NAMES[stage] for stage in deciders],
        is_mine=is_filed & pd.Series(reaches, index=frame.index, dtype=bool),
        waiting_days=waited.where(is_filed),
    )


@of_one_moment
def changed_rulings(store: Store, *, cycle: int, unit: str, today: date | None = None) -> pd.DataFrame:
    """One row per indicator of the unit whose ruling changed its value, in the scheme's order.

    Columns: indicator, title, question, article, place, stage and stage_name, role, reason, ruled_at, closed_at (of the
    stage), own and ruled (in words), na_reason, self_x and x, objection, state and state_name (missing where none was
    made), filed_at, filed_reason, moved_at, moved_role, moved_reason, last_day (missing while the stage is open), may_object
    and bar (why not, in Chinese), standing (a sentence: how far an objection is, or until when it may be made).
    """
    rows = asked_if_any(
        store,
        "units_rulings",
        tables=["review"],
        cycle=cycle,
        unit=unit,
        asked=lambda code: {"units": [code]},
    )
    return with_standing(store, rows.drop(columns="code"), cycle=cycle, today=today)


def with_standing(
    store: Store, frame: pd.DataFrame, *, cycle: int, today: date | None = None
) -> pd.DataFrame:
    """Rows of units_rulings.sql with whether and until when they may be objected to (as `changed_rulings`)."""
    scheme = store.scheme(cycle)
    published = ask(store, "published_first", cycle=cycle)["published_at"].iloc[0]
    rows = frame.to_dict("records")
    bars = [
        why_not(
            scheme,
            stage=row["stage"],
            ruled_at=row["ruled_at"],
            closed_at=None if pd.isna(row["closed_at"]) else row["closed_at"],
            published_at=None if pd.isna(published) else published,
            today=today or date.today(),
        )
        for row in rows
    ]
    days = [
        last_day(scheme, ruled_at=row["ruled_at"], closed_at=row["closed_at"])
        if scheme.periods and not pd.isna(row["closed_at"])
        else None
        for row in rows
    ]
    is_new = frame["objection"].isna()
    told = [_standing(row, scheme, day, bar) for row, day, bar in zip(rows, days, bars, strict=True)]
    return frame.assign(
        standing=pd.Series(told, index=frame.index, dtype=object),
        stage_name=frame["stage"].map(STAGE_NAMES),
        state_name=frame["state"].map(OBJECTION.state_names),
        last_day=pd.Series(days, index=frame.index, dtype=object),
        bar=pd.Series(bars, index=frame.index, dtype=object),
        may_object=pd.Series([not bar for bar in bars], index=frame.index, dtype=bool) & is_new,
    )


def _standing(row: dict, scheme: Scheme, day: date | None, bar: str) -> str:
    match row["state"]:
        case "filed":
            return f"{row['filed_at']:%Y-%m-%d} 提出，待上级决定：{row['filed_reason']}"
        case "withdrawn":
            return f"{row['moved_at']:%Y-%m-%d} 撤回，不能再次提出"
        case "upheld" | "granted":
            return f"{row['moved_at']:%Y-%m-%d} {OBJECTION.state_names[row['state']]}：{row['moved_reason']}"
    if bar:
        return bar
    if day is None:
        return f"{STAGE_NAMES[row['stage']]}关闭前和关闭后 {scheme.periods.objection} 日内可以提出一次"
    return f"{day:%Y-%m-%d} 以前可以提出一次"


def _stage_above(stage: Stage) -> Stage:
    """The lowest stage above a stage; nobody is above the province."""
    return STAGES[min(STAGES.index(stage) + 1, len(STAGES) - 1)]
