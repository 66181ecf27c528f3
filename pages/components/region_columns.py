"""The columns in which tables show regions, units and grades."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pages.components.folded import show_folded
from pages.components.results import LEVEL_NAMES, View
from pages.components.tables import Col, show_columns_download, show_table
from reporting.rank_marks import say_places
from reporting.rows import rows_of
from reporting.theme import number
from scoring.robustness import DELTA

GRADE_TONES = {"优秀": "excellent", "良好": "good", "合格": "pass", "不合格": "fail", "未提交": "none"}
GRADE_HELP = "得出等次的依据：得分、最高一等的比例上限、省级另定或者一票否决；详见“等次公布”"
CATEGORY_PX = 240  # the longest name of the shipped schemes' categories, whole
GRADE_COLUMNS = {
    "name": Col("地区", width=130),
    "grade_name": Col("等次", width=90),
    "units": Col("单位数", "count"),
    "share": Col("占比", "percent"),
}
# Beside a figure on a screen of 1440 there is room for some 450 px; all columns stand below, in a box as wide as the screen.
UNIT_COLUMNS = {
    "rank": Col("名次", "rank", width=50, help="在全省同类单位中的名次；同类单位过少时不排名"),
    "name": Col("单位", width=226),
    "score": Col("得分", "score", width=64),
    "grade_name": Col("等次", width=62),
    "reason_name": Col("等次由来", width=98, help=GRADE_HELP),
}
ALL_UNIT_COLUMNS = UNIT_COLUMNS | {
    "name": Col("单位", width=330),
    "state_name": Col("状态", width=84),
    "region_name": Col("所在地区", width=150),
    "self_inflation": Col("自评偏差", "score", width=84, help="自评得分减核定得分，均不含扣分、加分"),
    "peers": Col("同类", "count", width=64, help="全省已评分的同类单位数"),
}
BRIEF = ("rank", "places", "name", "parent_name", "score", "grade_name", "submission_rate")
BRIEF_BEFORE_DEADLINE = ("name", "parent_name", "score", "submission_rate", "range")


def region_columns(view: View, *, brief: bool = False, intervals: bool = False) -> dict[str, Col]:
    """The columns of a table of regions; before the deadline without ranks and grades, which would still move.

    `brief`: those that stand beside a figure.
    """
    with_parents = view.is_whole_province_by_county
    columns = {
        "rank": Col("名次", "rank", width=50),
        "places": Col("名次区间", width=72, help=f"各项权重随机改动 ±{DELTA:.0%} 时，九成的名次落在这个区间"),
        "name": Col("地区", width=(106 if with_parents else 120) if brief else 140),
        "parent_name": Col("所属", width=94),
        "score": Col("目前得分" if view.is_before_deadline else "得分", "score", width=70),
        "grade_name": Col("等次", width=58),
        "reason_name": Col("等次由来", width=98, help=GRADE_HELP),
        "submission_rate": Col("提交率", "percent", width=68),
        "range": Col("得分区间", width=100, help="下限：未提交、未核定的取值均按 0 计；上限：均按满分计"),
        "submitted": Col("已提交", "count", width=60),
        "registered": Col("登记", "count", width=54),
        "on_time_rate": Col("按时率", "percent", width=68),
        "verified_share": Col("核定比例", "percent", width=74, help="已由考核部门核定的分值所占比重"),
        "self_inflation": Col("自评偏差", "score", width=74, help="自评得分减核定得分，均不含扣分、加分"),
    }
    left_out = set() if with_parents else {"parent_name"}
    left_out |= set() if intervals else {"places"}
    if view.is_before_deadline:
        left_out |= {"rank", "grade_name", "reason_name"}
    if brief:
        left_out |= columns.keys() - (BRIEF_BEFORE_DEADLINE if view.is_before_deadline else BRIEF)
        left_out |= {"submission_rate"} if with_parents and intervals else set()
    return {name: column for name, column in columns.items() if name not in left_out}


def say_more(shown: Mapping[str, Col], every: Mapping[str, Col]) -> str:
    """The label of a box with all columns, which names those that are not beside the figure."""
    return f"全部列，另有{'、'.join(column.title for name, column in every.items() if name not in shown)}"


def show_region_table(
    view: View,
    rows: pd.DataFrame,
    *,
    key: str,
    height: int = 21,
    intervals: bool = False,
) -> str | None:
    """The rows as a table that stands beside a figure, with a download that holds every column; returns the code of a chosen
    region.

    `intervals`: with the interval of each rank; then the rows have rank_low and rank_high.
    """
    chosen = _show_regions(view, rows, key=key, brief=True, height=height, intervals=intervals)
    columns = {k: v for k, v in region_columns(view).items() if k != "range"}
    columns |= {"low": Col("区间下限"), "high": Col("区间上限")}
    if intervals:
        columns |= {"rank_low": Col("名次区间上端（5%）"), "rank_high": Col("名次区间下端（95%）")}
    name = f"地区得分_{view.cycle}_{view.name}_{LEVEL_NAMES[view.rows]}"
    show_columns_download(rows, {"code": "行政区划代码", **columns}, name)
    return chosen


def show_all_region_columns(
    view: View, rows: pd.DataFrame, *, key: str, intervals: bool = False
) -> str | None:
    """A closed box with every column of the rows, in the whole width of the screen; returns the code of a chosen region."""
    shown, every = (region_columns(view, brief=is_brief, intervals=intervals) for is_brief in (True, False))
    return show_folded(
        say_more(shown, every),
        lambda: _show_regions(view, rows, key=f"{key}_all", brief=False, height=21, intervals=intervals),
        key=f"{key}_box",
    )


def _show_regions(
    view: View, rows: pd.DataFrame, *, key: str, brief: bool, height: int, intervals: bool
) -> str | None:
    ranges = [f"{number(r.low, view.decimals)}–{number(r.high, view.decimals)}" for r in rows_of(rows)]
    places = [say_places(row) for row in rows_of(rows)] if intervals else None
    at = show_table(
        rows.assign(range=ranges, places=places),
        region_columns(view, brief=brief, intervals=intervals),
        key=f"{key}_{view.key}",
        select=True,
        rows=height,
    )
    return None if at is None else str(rows["code"].iloc[at])
