"""How far the review of a year is, region by region and stage by stage."""

from __future__ import annotations

from datetime import date

import pandas as pd

from data.course.acting import STAGE_NAMES
from data.course.stages import stage_dues
from data.queries.ask import PROVINCE, ask
from data.regions import is_within
from data.store import Store
from procedure.machines import STAGE


def stages(store: Store, *, cycle: int, today: date, region: str | None = None) -> pd.DataFrame:
    """One row per region where units are registered, within the reader's own region (or `region` in it), and its stage.

    Columns: code, name, level, parent, parent_name, stage and stage_name, registered, submitted, ruled (units whose every
    indicator was ruled at this stage or a higher one), missing, open_units (submitted and not ruled), answers and
    ruled_answers (indicators) and progress (their share, 0–1), pending_na (claims), returned (units), state (open, closed) and state_name, since, by_role
    and reason of the newest closing or reopening, open_below (regions right below whose stage is open), due_on (None: nobody says), is_due_set, is_overdue (open after it).
    A 不适用 that needs no ruling counts as ruled. The counts of a stage above the reader's own region are not told.
    """
    frame = ask(store, "stages", cycle=cycle, region=_within(store, region))
    open_below = frame[frame["state"] == "open"].groupby("parent").size()
    dues = stage_dues(store, cycle=cycle)
    due_on = pd.to_datetime([dues[stage].due_on for stage in frame["stage"]])
    return frame.assign(
        stage_name=frame["stage"].map(STAGE_NAMES),
        state_name=frame["state"].map(STAGE.state_names),
        missing=frame["registered"] - frame["submitted"],
        open_units=frame["submitted"] - frame["ruled"],
        progress=(frame["ruled_answers"] / frame["answers"]).where(frame["answers"] > 0),
        open_below=frame["code"].map(open_below).fillna(0).astype(int),
        due_on=due_on,
        is_due_set=[dues[stage].is_set for stage in frame["stage"]],
        is_overdue=(frame["state"] == "open").to_numpy() & (due_on < pd.Timestamp(today)),
    )


def stage_history(store: Store, *, cycle: int, region: str | None = None) -> pd.DataFrame:
    """One row per closing or reopening within the reader's own region (or `region` in it), the newest first.

    Columns: recorded_at, code, name, stage and stage_name, state and state_name, by_role (a role, never an account), reason.
    """
    frame = ask(store, "stage_history", cycle=cycle, region=_within(store, region))
    return frame.assign(
        stage_name=frame["stage"].map(STAGE_NAMES), state_name=frame["state"].map(STAGE.state_names)
    )


def _within(store: Store, region: str | None) -> str:
    """The region asked for, or the reader's own where it is not within it: of others only a part would be counted."""
    scope = getattr(store, "scope", None)
    own = scope.region if scope else PROVINCE
    return region if region and is_within(region, own) else own
