"""Two sides on one scale, and where their difference comes from in words."""

from __future__ import annotations

import pandas as pd

from reporting.charts import draw_pairs
from reporting.comparison_headlines import say_comparison
from reporting.palette import LIGHT

FRAME = pd.DataFrame(
    {
        "key": ["A", "B", "C", "deductions"],
        "label": ["宣传<i>", "培训", "专项", "扣分"],
        "kind": ["gap", "gap", "gap", "deduction"],
        "gap_here": [1.0, 2.0, 0.5, 0.1],
        "gap_there": [2.2, 1.5, 0.0, 0.4],
        "change": [1.2, -0.5, -0.5, 0.3],
        "printed": [1.2, -0.5, -0.5, 0.3],
        "attainment_here": [0.9, 0.7, 0.8, None],
        "attainment_there": [0.7, 0.8, None, None],
    }
)
NAMES = ("鹤岗市", "全省")


def side(score: float | None, *, is_hidden: bool = False) -> dict:
    return {"score": score, "is_hidden": is_hidden}


def test_each_line_that_both_sides_have_gets_a_dot_for_each():
    fig = draw_pairs(FRAME, names=NAMES, look=LIGHT, decimals=2)
    there, here = fig.data
    assert (there.name, here.name) == ("全省", "鹤岗市")
    assert list(here.x) == [0.9, 0.7]
    assert list(there.x) == [0.7, 0.8]
    assert [shape.line.color for shape in fig.layout.shapes] == [LIGHT.gain, LIGHT.loss]
    assert "<i>" not in fig.layout.yaxis.ticktext[0]
    assert "+1.20" in fig.layout.yaxis.ticktext[0]


def test_without_a_common_line_the_figure_is_empty():
    assert not draw_pairs(FRAME.tail(2), names=NAMES, look=LIGHT, decimals=2).data


def say(here, there, frame=FRAME) -> str:
    return say_comparison(frame, [here, there], names=NAMES, decimals=2)


def test_the_difference_is_said_with_what_made_it():
    assert say(side(83.75), side(83.25)) == (
        "鹤岗市 83.75 分，比全省（83.25 分）高 0.50 分；高在宣传<i>（+1.20）、扣分（+0.30），低在培训（−0.50）、专项（−0.50）"
    )
    assert say(side(80.0), side(80.5)).startswith("鹤岗市 80.00 分，比全省（80.50 分）低 0.50 分；低在")
    assert say(side(80.0), side(80.0), FRAME.head(0)) == "鹤岗市 80.00 分，与全省相同"


def test_what_cannot_be_compared_says_why():
    assert say(side(None), side(80.0)) == "鹤岗市没有得分，无从比较"
    assert "同类单位太少" in say(side(80.0), side(None, is_hidden=True))
