"""The deck's sentences: computed from the frame, ties said, nothing said of what is missing."""

from __future__ import annotations

import pandas as pd
import pytest

from reporting.deck_sentences import (
    say_dimensions,
    say_findings,
    say_gap_to_province,
    say_inflation,
    say_place,
    say_rank,
    say_region_grades,
    say_slowest,
    say_tasks,
    say_vetoes,
)


def _regions(**columns) -> pd.DataFrame:
    return pd.DataFrame({"name": ["甲市", "乙市", "丙市", "丁市"], **columns})


def test_grades_are_counted_best_first_and_regions_without_a_score_are_said():
    rows = _regions(score=[70.0, 91.0, 72.0, None], grade_name=["合格", "优秀", "合格", None])
    assert say_region_grades(rows, level="市（地）") == "4 个市（地）中：优秀 1 个、合格 2 个，1 个没有得分"
    assert say_region_grades(rows.iloc[3:], level="县") == "1 个县都还没有等次"


def test_the_slowest_share_their_place_and_the_complete_are_counted():
    rows = _regions(submitted=[4, 1, 1, 4], registered=[4, 2, 2, 4], submission_rate=[1.0, 0.5, 0.5, 1.0])
    assert say_slowest(rows) == "2 个地区全部提交，提交率最低的是乙市、丙市并列（50.0%）"
    assert say_slowest(rows.iloc[[0, 3]]) == "2 个地区全部提交"
    assert say_slowest(rows.iloc[[1]]) == "提交率最低的是乙市（50.0%）"


def test_dimensions_are_compared_as_they_are_printed():
    frame = pd.DataFrame(
        {
            "dimension_name": ["组织", "制度", "宣传"],
            "attainment": [0.8, 0.80004, 0.6],
            "province_mean": [0.70, 0.80, 0.65],
        }
    )
    said = say_dimensions(frame, name="甲市", is_province=False)
    best, other = said.split("；")
    assert best == "甲市得分率最高的维度是组织、制度并列（80.0%），最低的是宣传（60.0%）"
    assert other == "1 个维度高于全省，1 个低于全省"
    assert say_dimensions(frame, name="全省", is_province=True) == best.replace("甲市", "全省")
    assert say_dimensions(frame.iloc[:1], name="甲市", is_province=True) == "甲市各维度得分率均为 80.0%"
    assert say_dimensions(frame.assign(attainment=None), name="甲市", is_province=True) == "甲市还没有得分率"


def test_self_inflation_names_who_stands_furthest_above():
    summary = {"self_score": 81.4, "self_inflation": 1.8367, "verified_share": 0.302}
    whole = "全省自评 81.40 分，自评偏差 +1.84 分，核定比例 30%"
    rows = _regions(self_inflation=[2.004, 2.001, -1.0, None])
    said = say_inflation(summary, rows, name="全省", decimals=2)
    assert said == f"{whole}；偏差最大的是甲市、乙市并列（+2.00 分）"
    same = say_inflation(summary, rows.iloc[:2], name="全省", decimals=2)
    assert same == f"{whole}；2 个地区的偏差相同，均为 +2.00 分"
    assert say_inflation(summary, rows.iloc[:1], name="全省", decimals=2) == whole
    nothing = {"self_inflation": None}
    assert say_inflation(nothing, rows, name="甲市", decimals=2) == "甲市还没有可比较的自评得分"


def test_tasks_say_what_is_overdue_or_that_nothing_is():
    summary = {"given_out": 8, "done": 2, "closing_rate": 0.25, "answered": 1, "waiting": 5, "overdue": 3}
    said = "甲市下达整改任务 8 项，已销号 2 项（25.0%），待复核 1 项，待报送 5 项"
    assert say_tasks(summary, name="甲市") == f"{said}，其中逾期 3 项"
    assert say_tasks(summary | {"overdue": 0}, name="甲市") == f"{said}，没有逾期"


def test_findings_are_counted_by_kind_and_vetoes_by_unit():
    frame = pd.DataFrame(
        {
            "kind": ["veto", "veto", "deduction", "bonus"],
            "unit": ["U1", "U1", "U2", "U3"],
            "region": ["230102", "230102", "230103", "230103"],
            "is_overdue": [False, False, True, False],
            "is_past": [False, False, False, False],
        }
    )
    said = "甲市现有认定 4 项：扣分 1 项、一票否决 2 项、加分 1 项；1 家单位被一票否决；逾期未改正 1 项"
    assert say_findings(frame, name="甲市") == said
    assert say_findings(frame.iloc[3:], name="甲市") == "甲市现有认定 1 项：加分 1 项；没有单位被一票否决"
    assert say_vetoes(frame.iloc[:2]) == "1 家单位被一票否决，分布在 1 个地区"


def test_a_place_says_ties_and_leaves_out_what_is_not_known():
    row = {"score": 82.5, "grade_name": "良好", "rank": 2, "submitted": 3, "registered": 4}
    place = {"level": "市（地）", "ranked": 13, "tied": 2}
    said = say_place(row, name="甲市", decimals=2, **place)
    assert said == "甲市 82.50 分（良好），在全省 13 个有名次的市（地）中并列第 2 位"
    assert say_rank(row, level="县", ranked=None, tied=1) == "在全省县中第 2 位"
    assert say_place(row | {"rank": None}, name="甲市", decimals=2, **place) == "甲市 82.50 分（良好）"
    unscored = say_place(row | {"score": None}, name="甲市", decimals=2, **place)
    assert unscored == "甲市已提交 3/4 家，还没有得分"


@pytest.mark.parametrize(
    ("score", "mean", "said"),
    [
        (82.3, 80.0, "高于全省 2.30 分"),
        (79.99, 80.0, "低于全省 0.01 分"),
        (80.0, 80.0, "与全省持平"),
        (None, 80.0, ""),
    ],
)
def test_the_distance_to_the_province_is_that_of_the_printed_scores(score, mean, said):
    assert say_gap_to_province(score, mean, decimals=2) == said
