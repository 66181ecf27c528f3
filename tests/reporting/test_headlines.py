"""Sentences say what the frames hold, ties and absences included."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from reporting import headlines
from tests.reporting import frames


def test_first_last_and_the_difference_of_the_printed_scores():
    scores = frames.region_scores([89.12, 80.0, 76.77])
    assert headlines.say_extremes(scores, decimals=2) == "第1市居首，第3市末位，相差 12.35 分"


def test_a_tie_at_the_top_names_both():
    scores = frames.region_scores([90.0, 90.0, 60.0])
    assert headlines.say_extremes(scores, decimals=1) == "第1市、第2市并列居首，第3市末位，相差 30.0 分"


def test_regions_without_a_rank_are_neither_first_nor_last():
    assert headlines.say_extremes(frames.region_scores([90.0, 60.0, None]), decimals=0).startswith(
        "第1市居首，第2市"
    )
    assert headlines.say_extremes(frames.region_scores([90.0, None]), decimals=0) == ""


def test_all_equal_is_said_so():
    assert (
        headlines.say_extremes(frames.region_scores([70.0, 70.0]), decimals=1)
        == "2 个地区得分相同，均为 70.0 分"
    )


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (None, "全省 80.00 分（良好）"),
        ({"score": None}, "全省 80.00 分（良好）"),
        ({"score": 78.5}, "全省 80.00 分（良好），比上年高 1.50 分"),
        ({"score": 80.01}, "全省 80.00 分（良好），比上年低 0.01 分"),
        ({"score": 80.0}, "全省 80.00 分（良好），与上年持平"),
    ],
)
def test_a_score_beside_last_years(before, text):
    summary = {"score": 80.0, "grade_name": "良好"}
    assert headlines.say_score(summary, name="全省", decimals=2, before=before) == text


@pytest.mark.parametrize(
    ("before", "how"),
    [(83.33, "比上年高 0.67 分"), (84.2, "比上年低 0.20 分"), (84.0, "与上年持平")],
)
def test_a_difference_of_years_has_the_decimals_of_the_finer_one(before, how):
    """As the steps between the two scores have; 84 after 83.33 is not one point more."""
    summary, then = {"score": 84.0, "grade_name": "良好"}, {"score": before}
    said = headlines.say_score(summary, name="鹤岗市", decimals=0, before=then, decimals_of_years=2)
    assert said == f"鹤岗市 84 分（良好），{how}"


def test_no_score_is_not_zero():
    assert headlines.say_score({"score": None}, name="鹤岗市", decimals=2) == "鹤岗市还没有得分"


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (datetime(2026, 10, 30, 23, 59), "还有 1 天"),
        (datetime(2026, 10, 31, 9, 0), "今天截止"),
        (datetime(2026, 11, 1, 0, 0), "已过 1 天"),
    ],
)
def test_the_deadline_and_how_far_it_is(now, left):
    assert headlines.say_deadline(datetime(2026, 10, 31, 23, 59), now=now) == f"截止 2026-10-31 23:59，{left}"


def test_who_moves_most_between_the_systems():
    ranks = frames.system_ranks([1, 2, 3], [1, 2, 3], [3, 2, 1])
    text = headlines.say_movers(ranks, systems=frames.SYSTEMS)
    assert text == "2 个地区位次不同；第1市差别最大：国家安全责任制第 1 位、平安建设责任制第 3 位"
    same = frames.system_ranks([1, 2], [1, 2], [1, 2])
    assert headlines.say_movers(same, systems=frames.SYSTEMS) == "两个责任制下的位次完全一致"


def test_losses_are_the_printed_parts():
    text = headlines.say_losses(frames.waterfall(), name="全省", decimals=2)
    assert text == "全省得 80.00 分，失 20.00 分；失分最多：组织领导 10.00 分，其次未提交 9.00 分"
    assert (
        headlines.say_losses(frames.waterfall().head(0), name="甲县", decimals=2)
        == "甲县还没有得分，无从分解"
    )


def test_the_costliest_indicators_as_a_share_of_all():
    gaps = frames.region_gaps()
    assert (
        headlines.say_costliest(gaps, decimals=2, most=1) == "前 1 项指标合计失 3.00 分，占全部指标失分的 75%"
    )
    assert headlines.say_costliest(gaps.assign(gap=0.0), decimals=2) == "没有指标失分"


def test_the_weakest_cell_and_column():
    text = headlines.say_weakest(
        frames.gap_matrix({"甲": {"19": 0.9, "20": 0.6}, "乙": {"19": 0.3, "20": 0.5}})
    )
    assert "乙 · 第19条，30.0%" in text
    assert text.endswith("各地平均失分最多的一列：第20条")
    assert headlines.say_weakest(pd.DataFrame({"attainment": [], "gap": []})) == ""
