"""What a reviewer works through: units that wait, one unit indicator by indicator, and claims of 不适用."""

from __future__ import annotations

from datetime import date

import pandas as pd

from data.course.acting import STAGE_NAMES
from data.course.stages import stage_dues
from data.model import Stage
from data.queries.all_units import narrowed, of_all_units
from data.queries.ask import ask, ask_one
from data.queries.repeats import refresh_years
from data.store import Store

STATE_NAMES = {
    "waiting": "待审核",
    "in_progress": "审核中",
    "done": "已审核",
    "returned": "退回补正",
    "below": "下级审核中",
    "missing": "未提交",
}


def review_queue(
    store: Store,
    *,
    cycle: int,
    stage: Stage,
    today: date,
    region: str | None = None,
    category: str | None = None,
) -> pd.DataFrame:
    """One row per registered unit that passes through `stage`, those that wait longest on top.

    Columns: unit, name, region, region_path, category, category_name, submission, sheet_state, state and state_name (waiting
    待审核, in_progress 审核中, done 已审核, returned 退回补正, below 下级审核中, missing 未提交), waiting_since (handed in, or
    handed up: the stage below closed, or ruled on everything), waiting_days, due_on, is_overdue (not done after that day),
    received_at, is_late, total and ruled (indicators; at this stage or above), pending (claims of 不适用), message and
    returned_at, self_score, verified_score (before deductions), self_inflation, verified_share, is_sampled, sampled_why.
    """
    rows = of_all_units(store, "review_queue", cycle=cycle, stage=stage)
    frame = narrowed(rows, region=region, category=category)
    due_on = stage_dues(store, cycle=cycle)[stage].due_on
    waited = (pd.Timestamp(today) - pd.to_datetime(frame["waiting_since"]).dt.normalize()).dt.days
    is_open = frame["state"].isin(["waiting", "in_progress"])
    return frame.assign(
        state_name=frame["state"].map(STATE_NAMES),
        waiting_days=waited.where(is_open),
        due_on=due_on,
        is_overdue=is_open & (due_on is not None and today > due_on),
    )


def sheet(store: Store, *, cycle: int, unit: str) -> dict:
    """Where a unit's newest workbook stands; empty where nothing was handed in, missing values None.

    submission, state (submitted, reviewing, returned), first_ruled_at, last_ruled_at, rulings, and of a return that stands:
    message, returned_role, returned_stage, returned_at.
    """
    return ask_one(store, "sheet", cycle=cycle, unit=unit)


def review_terms(store: Store, *, cycle: int, unit: str) -> pd.DataFrame:
    """One row per indicator of the unit's set, in the scheme's order, with every stage's value beside the others.

    Columns: indicator, title, question, article, place, dimension, dimension_name, type, points, na;
    submission, state, x and counted_stage (what counts), self_x; claim (answered, na, blank), answer (as typed), evidence, na_reason, note, sheet,
    cell and choice, number, numerator, denominator, on_date (the unit's own); seq (of the newest ruling of any stage on this
    workbook, 0 without one); for county, prefecture and province each: *_said, *_x, *_act, *_reason, *_role, *_at; before_x,
    before_text, before_stage (the unit's in the cycle before).
    """
    refresh_years(store, cycle=cycle)  # last year's values stand beside
    return ask(store, "review_terms", cycle=cycle, unit=unit)


def peer_answers(store: Store, *, cycle: int, category: str) -> pd.DataFrame:
    """One row per indicator and answer of the category's units over the province, the most frequent first.

    Columns: indicator, answer (None for numbers), units, peers (all that were asked), share, low, median, high (quartiles of
    the self-attainment of those units). Categories under the scheme's smallest group are told to the province only.
    """
    return ask(store, "peer_answers", cycle=cycle, category=category)


def na_claims(
    store: Store, *, cycle: int, region: str | None = None, category: str | None = None
) -> pd.DataFrame:
    """One row per claim of 不适用 that may be ruled on, undecided ones first, the oldest on top.

    Columns: unit, submission, name, region, region_path, category, category_name, indicator, title, question, article, place, points,
    type, na_reason, evidence, received_at, claims, asked and claim_share (of the category's units over the province that
    were asked), state (pending, accepted, refused), stage and stage_name, role, reason, ruled_at, seq, is_returned.
    """
    frame = narrowed(of_all_units(store, "na_claims", cycle=cycle), region=region, category=category)
    return frame.assign(stage_name=frame["stage"].map(STAGE_NAMES))
