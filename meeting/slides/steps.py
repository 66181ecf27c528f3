"""A chart that goes from one score to another step by step: stacked bars on a base that is not drawn."""

from __future__ import annotations

import math

import pandas as pd

from meeting.slides.common import as_printed, points_format, signed_format
from reporting.deck_spec import Bars, Cell, Column, Series, Table
from reporting.palette import LIGHT
from reporting.rows import rows_of
from reporting.steps import ENDS, is_end, step_text
from scoring.rounding import round_half_up

AXIS_STEP = 5  # the axis begins at a multiple of this below the lowest step
# lighter than on the screens, so that a number is read on it
OUTSIDE, GIVEN = "#e0a29f", "#a9d8d2"
ROOM = 0.12  # of what the steps span, left of the lowest


def step_bars(steps: pd.DataFrame, *, decimals: int) -> Bars:
    """queries.waterfall or queries.bridge as printed: scores, what takes points, what comes from outside the answers, what
    gives points, each a series of its own over the base."""
    running = 0.0
    base, scores, taken, outside, given = [], [], [], [], []
    reached = []
    for step in rows_of(steps):
        if step.kind in ENDS:
            running = step.printed
            base.append(0.0)
        else:
            after = round_half_up(running + step.printed, decimals)
            base.append(min(running, after))
            running = after
        reached.append(running)
        size = as_printed(abs(step.printed), decimals)
        is_loss, is_gap = step.printed < 0, step.kind == "gap"
        scores.append(size if step.kind in ENDS else None)
        taken.append(size if is_loss and is_gap else None)
        outside.append(size if is_loss and not is_gap else None)
        given.append(size if not is_loss and step.kind not in ENDS else None)
    lowest, highest = min(reached), max(reached)
    low = AXIS_STEP * math.floor((lowest - ROOM * (highest - lowest) - 1) / AXIS_STEP)
    plain, loss, gain = points_format(decimals), _loss_format(decimals), signed_format(decimals)
    series = [
        Series("起点", tuple(as_printed(value, decimals) for value in base), None),
        Series("得分", tuple(scores), LIGHT.accent, labels=plain),
        Series("失分", tuple(taken), LIGHT.loss_quiet, labels=loss),
        Series("扣分与未提交", tuple(outside), OUTSIDE, labels=loss),
        Series("加分", tuple(given), GIVEN, labels=gain),
    ]
    return Bars(
        tuple(steps["label"]),
        tuple(s for s in series if s.colour is None or any(value is not None for value in s.values)),
        stacking="stacked",
        is_steps=True,
        low=float(max(low, 0)),
        high=min(highest * 1.01, highest + 1),
    )


def step_table(steps: pd.DataFrame, *, decimals: int) -> Table:
    """The same steps as a table, both scores in bold."""
    rows = tuple(
        (Cell(step.label, is_bold=is_end(step)), Cell(step_text(step, decimals), is_bold=is_end(step)))
        for step in rows_of(steps)
    )
    return Table((Column("去向", 3), Column("分", 1.4, "right")), rows)


def _loss_format(decimals: int) -> str:
    plain = points_format(decimals)
    return f'"−"{plain};"−"{plain};{plain}'
