"""What falls short again (重复问题): indicators with a finding, a task or a confirmed loss last year that lose points anew."""

from __future__ import annotations

from datetime import date

import pandas as pd

from data.queries.all_units import narrowed, of_all_units
from data.queries.ask import PROVINCE
from data.queries.one_unit import asked_if_any
from data.store import Store
from procedure.machines import FINDING_STATES, TASK

KIND_NAMES = {"finding": "认定事项", "task": "整改任务", "loss": "核定失分"}


def refresh_years(store: Store, *, cycle: int) -> None:
    """Bring the results of the cycle and of all before it up to date; what compares years reads them all."""
    for year in reversed(store.cycles()):
        if year <= cycle:
            store.refresh(year)


def previous_cycle(store: Store, *, cycle: int) -> int | None:
    """The newest cycle before a cycle, or None."""
    return max((year for year in store.cycles() if year < cycle), default=None)


def unit_repeats(store: Store, *, cycle: int, unit: str, today: date) -> pd.DataFrame:
    """`region_repeats` of one unit."""
    refresh_years(store, cycle=cycle)
    previous = previous_cycle(store, cycle=cycle)
    asked = {"previous": previous, "region": PROVINCE, "today": today, "with_late": False}
    frame = asked_if_any(
        store,
        "repeats",
        tables=["finding_event", "task_event", "review"],
        cycle=cycle,
        year=previous,
        unit=unit,
        asked=lambda code: asked | {"unit": code},
    )
    return worded(frame)


def region_repeats(store: Store, *, cycle: int, today: date, region: str | None = None) -> pd.DataFrame:
    """One row per unit of the region and below, indicator that falls short in the cycle (x < 1) and what it had in the
    newest cycle before: a finding, a rectification task, a loss that a ruling confirmed (one row each).

    Columns: code, name, year (the earlier cycle), indicator, title, kind (finding, task, loss) and kind_name, what (the
    finding's name, the task's title), state and state_name, deadline, is_closed, is_late (not in time: overdue, closed
    after its day, or open after it on `today`), x_before and x (attainments that count), said (all of it in words).
    """
    refresh_years(store, cycle=cycle)
    previous = previous_cycle(store, cycle=cycle)
    others = () if previous is None else (previous,)
    asked = {"previous": previous, "unit": None, "today": today, "with_late": False}
    rows = of_all_units(store, "repeats", cycle=cycle, others=others, **asked)
    return worded(narrowed(rows, region=region))


def worded(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of repeats.sql with kind_name, state_name and said, without the region."""
    rows = frame.to_dict("records")
    return frame.drop(columns="region").assign(
        kind_name=frame["kind"].map(KIND_NAMES),
        state_name=[_state_name(row) for row in rows],
        said=[_said(row) for row in rows],
    )


def _state_name(row: dict) -> str:
    names = TASK.state_names if row["kind"] == "task" else FINDING_STATES
    return names.get(row["state"], "") if isinstance(row["state"], str) else ""


def _said(row: dict) -> str:
    parts = [f"{row['year']} 年{KIND_NAMES[row['kind']]}"]
    if row["what"]:
        parts[0] += f"“{row['what']}”"
    if state := _state_name(row):
        parts.append(state)
    if row["deadline"] is not None and row["deadline"] == row["deadline"]:
        parts.append(f"期限 {row['deadline']:%Y-%m-%d}")
    if row["kind"] != "loss":
        parts.append("未按期办结" if row["is_late"] else "已办结" if row["is_closed"] else "未办结")
    if row["x"] is not None and row["x"] == row["x"]:
        before = row["x_before"]
        then = f"{before:.0%} → " if before is not None and before == before else ""
        parts.append(f"得分率 {then}{row['x']:.0%}")
    return "，".join(parts)
