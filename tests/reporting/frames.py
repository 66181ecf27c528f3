"""Invented frames with the columns of data/queries, for figures that need no store."""

from __future__ import annotations

import pandas as pd

from reporting.tilemap import TILES
from scoring.scheme import Grade, System

SYSTEMS = (
    System(id="national_security", name="国家安全责任制", weight=0.6),
    System(id="peaceful_province", name="平安建设责任制", weight=0.4),
)
GRADES = (
    Grade(id="excellent", name="优秀", min_score=90),
    Grade(id="good", name="良好", min_score=75),
    Grade(id="pass", name="合格", min_score=60),
    Grade(id="fail", name="不合格", min_score=0),
)
COLUMNS = ("name", "score", "rank", "grade", "grade_name", "low", "high", "submitted", "registered")


def region_scores(scores: list[float | None], codes: list[str] | None = None) -> pd.DataFrame:
    """One region per score, in the given order, ranked by it; None is a region without a submitted unit."""
    codes = codes or [*TILES, *(f"99{n:04d}" for n in range(500))][: len(scores)]
    grades = [None if s is None else next(g for g in GRADES if s >= g.min_score) for s in scores]
    frame = pd.DataFrame(
        {
            "code": codes,
            "name": [f"第{n}市" for n in range(1, len(scores) + 1)],
            "parent_name": [f"第{n // 10}地区" for n in range(len(scores))],
            "score": pd.array(scores, dtype="Float64").astype("float64"),
            "grade": [g and g.id for g in grades],
            "grade_name": [g and g.name for g in grades],
            "submitted": [0 if s is None else 9 for s in scores],
            "registered": 10,
            "submission_rate": [0.0 if s is None else 0.9 for s in scores],
            "low": [None if s is None else s - 5 for s in scores],
            "high": [None if s is None else min(s + 4, 100) for s in scores],
        }
    )
    frame["rank"] = frame["score"].rank(method="min", ascending=False).astype("Int64")
    return frame


def system_ranks(first: list[int], composite: list[int], second: list[int]) -> pd.DataFrame:
    """One region per place in the lists, with its rank under the first system, the composite and the second."""
    frame = pd.DataFrame(
        {
            "code": [f"99{n:04d}" for n in range(len(first))],
            "name": [f"第{n}市" for n in range(1, len(first) + 1)],
            "rank": pd.array(composite, dtype="Int64"),
            "rank_national_security": pd.array(first, dtype="Int64"),
            "rank_peaceful_province": pd.array(second, dtype="Int64"),
            "reason": "",
        }
    )
    for column in ("rank", "rank_national_security", "rank_peaceful_province"):
        frame[column.replace("rank", "score")] = 100.0 - frame[column].astype(float)
    pair = frame[["rank_national_security", "rank_peaceful_province"]]
    frame["rank_shift"] = pair.max(axis=1) - pair.min(axis=1)
    return frame


def gap_matrix(values: dict[str, dict[str, float]]) -> pd.DataFrame:
    """{region code: {key: attainment}} as one row per region and key."""
    return pd.DataFrame(
        [
            {"code": code, "name": code, "key": key, "label": f"第{key}条", "attainment": x, "gap": 1 - x}
            for code, row in values.items()
            for key, x in row.items()
        ]
    )


def waterfall() -> pd.DataFrame:
    """From 100 to 80.00 over every kind of step; one of them nothing at all."""
    return pd.DataFrame(
        [
            ("满分", 100.0, 100.0, "start"),
            ("组织领导", -10.004, -10.0, "gap"),
            ("教育培训", 0.0, 0.0, "gap"),
            ("未提交", -8.998, -9.0, "missing"),
            ("扣分", -2.0, -2.0, "deduction"),
            ("加分", 1.0, 1.0, "bonus"),
            ("得分", 79.998, 80.0, "total"),
        ],
        columns=["label", "value", "printed", "kind"],
    )


def region_gaps() -> pd.DataFrame:
    """Three indicators, the costliest first, the last costing nothing."""
    return pd.DataFrame(
        {
            "key": ["T19-01", "T20-01", "T24-01"],
            "label": ["分级责任体系", "确定工作联系人", "宣传教育周"],
            "place": ["第十九条", "第二十条", "第二十四条"],
            "gap": [3.0, 1.0, 0.0],
            "attainment": [0.5, 0.75, 1.0],
            "units_short": [5, 2, 0],
            "units": [9, 9, 9],
        }
    )


def severity(differences: list[float], *, few: list[bool] | None = None) -> pd.DataFrame:
    """One reviewer per difference, each with an interval of three percentage points on both sides."""
    few = few or [False] * len(differences)
    frame = pd.DataFrame(
        {
            "region_name": [f"第{n}区" for n in range(1, len(differences) + 1)],
            "post": "考核办",
            "stage_name": "县级初审",
            "difference": differences,
            "judged": [12 if each else 60 for each in few],
            "changed_share": 0.2,
            "is_few": few,
        }
    )
    low, high = frame["difference"] - 0.03, frame["difference"] + 0.03
    return frame.assign(low=low, high=high, is_apart=((low > 0) | (high < 0)) & ~frame["is_few"])
