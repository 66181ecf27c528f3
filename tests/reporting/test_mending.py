"""What mending gives, drawn and said: bars in order, labels that show something, sentences that count aright."""

from __future__ import annotations

import pandas as pd
import pytest

from reporting.charts import draw_mending
from reporting.mending import digits_of
from reporting.mending_headlines import say_first, say_plan
from reporting.palette import LIGHT

FRAME = pd.DataFrame(
    {
        "key": ["A", "B", "C"],
        "label": ["指标<b>一", "指标二", "指标三"],
        "place": ["第十九条", "第二十条", "第二十条"],
        "units_short": [10, 2, 4],
        "units_gain": [10, 2, 0],
        "gain": [2.0, 1.0, 0.0],
        "gain_per_unit": [0.2, 0.5, 0.0],
        "score_after": [82.0, 81.0, 80.0],
    }
)
OUTLOOK = {
    "ranks_all": True,
    "peers": 9,
    "units": 9,
    "places": 14,
    "ceiling": 97.5,
    "held": [{"label": "未提交", "printed": -2.0}, {"label": "加分", "printed": 0.5}],
}
PLAN = {
    "score": 83.75,
    "target": 85.0,
    "score_after": 85.02,
    "rank": 4,
    "rank_after": 1,
    "is_reached": True,
    "is_fewest": True,
    "least": 1,
    "places": 14,
    "units": 9,
    "indicators": 5,
}


@pytest.mark.parametrize(("by", "first"), [("gain", "A"), ("gain_per_unit", "B")])
def test_the_largest_stands_first_and_what_gives_nothing_is_left_out(by, first):
    bars = draw_mending(FRAME, look=LIGHT, by=by, decimals=2).data[0]
    assert bars.customdata[0] == first
    assert len(bars.y) == 2
    assert list(bars.x) == sorted(bars.x, reverse=True)
    assert "<b>一" not in draw_mending(FRAME, look=LIGHT, by=by, decimals=2).layout.yaxis.ticktext[0]


def test_nothing_to_mend_draws_an_empty_figure():
    assert not draw_mending(FRAME.head(0), look=LIGHT, by="gain", decimals=2).data


@pytest.mark.parametrize(("largest", "digits"), [(12.3, 2), (0.5, 3), (0.00088, 6), (0.0, 2)])
def test_small_gains_show_their_digits(largest, digits):
    assert digits_of(largest, least=2) == digits


def say(plan: dict, fewest: str = "places", **options) -> str:
    return say_plan(PLAN | plan, OUTLOOK, name="鹤岗市", decimals=2, fewest=fewest, **options)


def test_a_plan_is_said_in_one_sentence():
    assert (
        say({}) == "鹤岗市 83.75 分，补 14 处短板（涉及 9 家单位、5 项指标）可达 85.02 分，名次由第 4 到第 1"
    )
    assert say({}, with_rank=False).endswith("可达 85.02 分")
    assert "补齐 5 项指标（14 处短板，涉及 9 家单位）" in say({}, "indicators")
    assert "补齐 9 家单位（14 处短板，涉及 5 项指标）" in say({}, "units")
    assert "名次仍为第 4" in say({"rank_after": 4})
    assert "尚未证明为最少，至少 3 项" in say({"is_fewest": False, "least": 3}, "indicators")


def test_what_cannot_be_reached_says_why():
    text = say({"is_reached": False, "target": 99.0, "score_after": 97.5})
    assert text == "鹤岗市 83.75 分，短板全部补齐也只到 97.50 分，达不到 99.00 分；其余差在未提交 2.00 分"
    assert say({"target": 80.0}) == "鹤岗市 83.75 分，已达到 80.00 分的目标"


def test_ranks_among_a_part_say_so():
    text = say_plan(PLAN, OUTLOOK | {"ranks_all": False}, name="道里区", decimals=2, fewest="places")
    assert "在可查看的 9 个同级地区中名次由第 4 到第 1" in text


def test_the_first_indicators_are_named_with_what_they_give():
    assert say_first(FRAME.sort_values("gain_per_unit", ascending=False), decimals=2) == (
        "每触及一家单位提分最多的指标：指标二（2 家，+1.00 分）、指标<b>一（10 家，+2.00 分）"
    )
    assert say_first(FRAME.head(0), decimals=2) == "没有补齐后能使得分上升的指标"
