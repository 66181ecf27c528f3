"""The bulletin's sentences: no list is said to follow that is empty."""

from __future__ import annotations

import pandas as pd

from reporting.bulletin_sentences import say_order


def _ranked(ranks: list[int]) -> pd.DataFrame:
    frame = pd.DataFrame({"rank": ranks, "score": [100.0 - rank / 2 for rank in ranks]})
    return frame.assign(code=[f"2301{at:02d}" for at in frame.index], name=[f"县{at}" for at in frame.index])


def test_the_first_of_a_prefecture_are_named_whatever_their_ranks_in_the_province():
    said = say_order(_ranked([9, 14, 36, 40, 51, 60, 111, 122]), decimals=1)
    assert said.startswith("居前的是：县0第9位（95.5分），县1第14位（93.0分），县2第36位（82.0分）。")
    assert "居后的是：县5第60位（70.0分），县6第111位（44.5分），县7第122位（39.0分）。" in said


def test_who_shares_the_third_place_is_named_too():
    said = say_order(_ranked([1, 2, 3, 3, 5, 6, 7, 8]), decimals=1)
    assert "居前的是：县0第1位（99.5分），县1第2位（99.0分），县2、县3并列第3位（98.5分）。" in said
