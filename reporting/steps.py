"""What figures have in common that go from one score to another step by step: colours, labels, connectors, the axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reporting.figure import Figure
from reporting.palette import Look
from reporting.theme import dotted_scale, number, plain, signed

ENDS = ("start", "total")  # kinds of steps that are a score, not a change of one
MOST_TICKS = 8


def is_end(step: Any) -> bool:
    """Whether a step is the score that the figure begins or ends with."""
    return step.kind in ENDS


def step_colour(step: Any, look: Look) -> str:
    """Scores are one colour, points given another, gaps a third, what comes from outside the answers a fourth."""
    if is_end(step):
        return look.accent
    if step.value > 0:
        return look.gain
    return look.loss if step.kind == "gap" else look.grade("fail")


def step_text(step: Any, decimals: int) -> str:
    """The printed score, or the signed points of a change."""
    return number(step.printed, decimals) if is_end(step) else signed(step.printed, decimals)


def step_hover(step: Any, decimals: int) -> str:
    """Name and points, and what is said of the step where something is (column `note`)."""
    note = "" if is_end(step) else getattr(step, "note", "")
    return f"<b>{plain(step.label)}</b><br>{step_text(step, decimals)} 分" + (
        f"<br>{plain(note)}" if note else ""
    )


def connect_steps(fig: Figure, ends: Sequence[float], look: Look) -> None:
    """A short line from where each step ends down to the next."""
    for place, end in enumerate(ends[:-1]):
        fig.add_shape(
            type="line",
            x0=end,
            x1=end,
            y0=place + 0.36,
            y1=place + 0.64,
            line={"color": look.muted, "width": 1},
        )


def scale_points(fig: Figure, look: Look, *, low: float, high: float, dtick: float, **more: Any) -> None:
    """The axis of points, dotted, from low to high; it says where it does not begin at 0."""
    fig.update_xaxes(**dotted_scale(look, range=[low, high], dtick=dtick, **more))


def name_steps(fig: Figure, names: Sequence[str]) -> None:
    """The steps' names (markup) from top to bottom."""
    fig.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=list(names),
        range=[len(names) - 0.5, -0.5],
    )


def tick_of(span: float, among: Sequence[float]) -> float:
    """The first of some distances at which an axis has few enough ticks."""
    return next(step for step in among if span / step <= MOST_TICKS)
