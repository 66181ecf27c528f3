"""Where single indicators stand at the moment in which somebody rules on them, on a screen or in a table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pandas as pd

from data.course.acting import STAGES
from data.course.ruled_value import FIELDS
from data.layout import is_percent
from data.model import Stage
from data.queries.review_sheet import standing_rulings
from data.review_sheet import value_text
from data.scoped import ScopedStore
from data.store import Store
from scoring.scheme import Indicator

Standing = dict[
    tuple[str, str], Any
]  # (unit, indicator) → its row of `standing_rulings`, missing values None


def standing_of(store: Store | ScopedStore, *, cycle: int, pairs: Iterable[tuple[str, str]]) -> Standing:
    """What stands of each (unit, indicator) whose unit has handed in."""
    pairs = list(pairs)
    frame = standing_rulings(
        store,
        cycle=cycle,
        units=[unit for unit, _ in pairs],
        indicators=[indicator for _, indicator in pairs],
    )
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False)
    return {(row.unit, row.indicator): row for row in rows}


def ruling_state(now: Any) -> str:
    """Where the ruling stands (machine RULING), told by claim and value: an older program's rows do not name their move."""
    if now.claim == "na":
        if now.stage is None:
            return "na_claimed"
        return "na_accepted" if now.state == "na" else "na_refused"
    return "claimed" if now.stage is None else "confirmed"


def is_ruled_from(now: Any, stage: Stage) -> bool:
    """Whether this stage or one above it has ruled."""
    return bool(now.stage) and STAGES.index(now.stage) >= STAGES.index(stage)


def is_ruled_above(now: Any, stage: Stage) -> bool:
    """Whether a stage above this one has ruled: then this one rules no more."""
    return is_ruled_from(now, stage) and now.stage != stage


def value_of(now: Any) -> dict[str, Any]:
    """The fields of the value that counts, those that are given."""
    return {field: _plain(given) for field in FIELDS if (given := getattr(now, field)) is not None}


def newest_said(now: Any, indicator: Indicator) -> tuple[str, str]:
    """The newest ruling's value in words, and its reason in brackets (empty without one)."""
    value = value_text(
        state=now.newest_state,
        is_share=is_percent(indicator),
        **{field: getattr(now, f"newest_{field}") for field in FIELDS},
    )
    return value, f"（{now.newest_reason}）" if now.newest_reason else ""


def _plain(value: Any) -> Any:
    """A value out of a frame as it is kept."""
    return value.date() if isinstance(value, pd.Timestamp | datetime) else value
