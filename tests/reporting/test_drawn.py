"""A figure is drawn once for what it shows, and nobody's changes reach anybody else."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pandas as pd
import pytest

import reporting
from reporting.drawn import drawn_once
from reporting.figure import Figure


@pytest.fixture
def drawn():
    """A drawing of bars, and how often it was drawn."""
    times = []

    def draw_bars(frame: pd.DataFrame, *, title: str) -> Figure | None:
        times.append(title)
        if frame.empty:
            return None
        figure = Figure({"title": {"text": title}})
        figure.add_bar(x=frame["score"], y=frame["name"])
        return figure

    return drawn_once(draw_bars), times


def _frame(score: float = 60.0) -> pd.DataFrame:
    return pd.DataFrame({"name": ["示例一", "示例二"], "score": [score, 70.0]})


def test_the_same_content_is_drawn_once_and_other_content_anew(drawn):
    draw, times = drawn
    first, again = draw(_frame(), title="得分"), draw(_frame(), title="得分")
    assert len(times) == 1 and first.checked() == again.checked()
    assert draw(_frame(61.0), title="得分").data[0].x[0] == 61.0
    assert draw(_frame(), title="名次").laid_out("title", "text") == "名次"
    assert len(times) == 3
    assert draw(_frame().head(0), title="得分") is None and draw(_frame().head(0), title="得分") is None
    assert len(times) == 4


def test_who_changes_a_figure_changes_it_for_nobody_else(drawn):
    draw, _ = drawn
    mine = draw(_frame(), title="得分")
    mine.update_layout(title={"text": "改"})
    mine.add_bar(x=[1], y=["改"])
    mine.add_annotation(text="改")
    yours = draw(_frame(), title="得分")
    assert yours.laid_out("title", "text") == "得分" and len(yours.data) == 1
    assert not yours.laid_out("annotations")


def test_every_drawing_of_a_figure_is_kept_and_none_that_draws_into_another():
    found = {}
    for module in pkgutil.iter_modules(reporting.__path__, "reporting."):
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            if name.startswith("draw_") and function.__module__ == module.name:
                found[name] = (
                    str(inspect.signature(function).return_annotation),
                    hasattr(function, "__wrapped__"),
                )
    assert len(found) > 20
    assert {name: is_kept for name, (_, is_kept) in found.items()} == {
        name: returned.startswith("Figure") for name, (returned, _) in found.items()
    }
