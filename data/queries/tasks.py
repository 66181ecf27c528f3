"""Rectification tasks: the board, how fast regions close them, one task's history, and what a task can be given out for.

`today` is the day that overdue and ageing are counted on; the deadline day itself is in time.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from data.course.task_sources import SOURCE_NAMES
from data.queries.all_regions import task_ageing_of_region, task_rates_of_all
from data.queries.all_units import kept_frame, narrowed
from data.queries.ask import PROVINCE, ask, of_one_moment
from data.queries.one_unit import asked_if_any
from data.regions import prefecture_of, regions_by_code
from data.store import Store
from procedure.machines import TASK

AGEING_NAMES = {1: "15 天以内", 2: "16–30 天", 3: "31–60 天", 4: "60 天以上"}


def tasks(
    store: Store,
    *,
    cycle: int,
    today: date,
    region: str | None = None,
    unit: str | None = None,
    task: str | None = None,
) -> pd.DataFrame:
    """One row per rectification task of a region and below, of one unit, or one task; overdue ones first.

    Columns: task (number), unit, name, region, region_name, region_path, source and source_name, indicator,
    indicator_title, place (of the indicator or finding), article (of the indicator), finding_key, title, found, required, proof,
    deadline, document, state and state_name, note (of the newest move), rounds (how often answered), issued_on,
    answered_at (last), closed_on, age_days (since it was given out, while it is open), is_overdue (not answered and past
    the deadline), days_overdue, office (the region in whose name it was given out).
    """
    if unit or task:
        return _tasks(store, cycle=cycle, today=today, unit=unit, task=task)
    every = kept_frame(
        store,
        ("tasks", today),
        lambda moment: _tasks(moment, cycle=cycle, today=today, unit=None, task=None),
        cycle=cycle,
    )
    return narrowed(every, region=region)


def _tasks(store: Store, *, cycle: int, today: date, unit: str | None, task: str | None) -> pd.DataFrame:
    asked = {"today": today, "task": task}
    if unit is None:
        frame = ask(store, "tasks", cycle=cycle, unit=None, **asked)
    else:
        frame = asked_if_any(
            store,
            "tasks",
            tables=["task_event"],
            cycle=cycle,
            unit=unit,
            asked=lambda code: asked | {"unit": code},
        )
    offices = [_office(*each) for each in zip(frame["issued_role"], frame["region"], strict=True)]
    return frame.assign(
        state_name=frame["state"].map(TASK.state_names),
        source_name=frame["source"].map(SOURCE_NAMES),
        office=offices,
    )


def _office(role: str, region: str) -> str:
    """The region in whose name a role gave out a task to a unit of a region, as 哈尔滨市道里区."""
    if role not in ("county", "prefecture"):
        return regions_by_code()[PROVINCE].name
    prefecture = prefecture_of(region)
    if role == "county" and region != prefecture:
        return regions_by_code()[prefecture].name + regions_by_code()[region].name
    return regions_by_code()[prefecture].name


def task_rates(
    store: Store,
    *,
    cycle: int,
    today: date,
    level: str | None = None,
    parent: str | None = None,
    region: str | None = None,
) -> pd.DataFrame:
    """One row per region of a level, or the one region: the best closing rate first, without tasks last.

    Columns: code, name, parent_name, given_out (without withdrawn ones), done, answered (waiting for the re-check), waiting
    (for the unit), overdue, in_time (done, and last answered by the deadline), closing_rate (of given_out), in_time_rate
    (of done), median_days (from giving out to closing). Counts the units that the reader sees.
    """
    rows = task_rates_of_all(store, cycle=cycle, today=today)
    chosen = pd.Series(True, index=rows.index) if level is None else rows["row_level"] == level
    for name, code in (("parent", parent), ("code", region)):
        if code is not None:
            chosen &= rows[name] == code
    rows = rows[chosen].drop(columns=["row_level", "parent"]).reset_index(drop=True)
    return rows.assign(parent_name=None) if rows["parent_name"].isna().all() else rows


def task_summary(store: Store, *, cycle: int, today: date, region: str | None = None) -> dict:
    """The row of `task_rates` of one region (default: the province) as a dict, missing values None."""
    frame = task_rates(store, cycle=cycle, today=today, region=region or PROVINCE)
    return {key: None if pd.isna(value) else value for key, value in frame.iloc[0].to_dict().items()}


def task_ageing(store: Store, *, cycle: int, today: date, region: str | None = None) -> pd.DataFrame:
    """One row per bucket of days: bucket (name), open_tasks (by days since given out), overdue (by days overdue)."""
    frame = task_ageing_of_region(store, cycle=cycle, today=today, region=region or PROVINCE)
    frame = frame.set_index("position").reindex(list(AGEING_NAMES), fill_value=0)  # nothing is open: zeros
    return frame.set_axis(AGEING_NAMES.values(), axis="index").rename_axis("bucket").reset_index()


def task_history(store: Store, *, cycle: int, task: str) -> pd.DataFrame:
    """One row per move of a task, the newest first: recorded_at, move and move_name, state_name, on_date, deadline, note,
    role, and of an answer: done_on, measures, answered_proof, filename, sha256 (of the kept form)."""
    frame = ask(store, "task_history", cycle=cycle, task=task)
    return frame.assign(
        move_name=frame["move"].map(TASK.move_names), state_name=frame["state"].map(TASK.state_names)
    )


def task_gaps(store: Store, *, cycle: int, region: str | None = None) -> pd.DataFrame:
    """One row per unit and indicator that it falls short in by a ruling, the costliest for the region first.

    Columns: unit, name, region_name, category_name, indicator, title, place, article, attainment, gap (points of the
    region's score), task (the newest that it was given for it and that was not withdrawn, None where there is none).
    """
    return ask(store, "task_gaps", cycle=cycle, region=region or PROVINCE)


@of_one_moment
def task_gap_indicators(store: Store, *, cycle: int, region: str | None = None) -> pd.DataFrame:
    """One row per indicator with a confirmed shortfall in the region, the costliest first: indicator, title, place,
    article, units (falling short), without_task (of them never given a task), gap (points of the region's score)."""
    gaps = task_gaps(store, cycle=cycle, region=region)
    gaps = gaps.assign(without_task=gaps["task"].isna())
    sums = gaps.groupby(["indicator", "title", "place", "article"], as_index=False, sort=False).agg(
        units=("unit", "size"), without_task=("without_task", "sum"), gap=("gap", "sum")
    )
    return sums.sort_values(["gap", "indicator"], ascending=[False, True], ignore_index=True)
