"""Slides about the units behind the regions: how they spread over the grades, and how their workbooks came in."""

from __future__ import annotations

from functools import partial

import pandas as pd

from meeting.material import Material
from meeting.slides.common import (
    COUNT_FORMAT,
    MOST_BARS,
    Planned,
    beside,
    grade_cell,
    name_cell,
    pages,
    planned,
    region_names,
)
from reporting.deck_sentences import say_slowest
from reporting.deck_spec import Bars, Column, Lines, Placed, Series, Table
from reporting.headlines import say_deadline, say_grades, say_submissions
from reporting.palette import LIGHT
from reporting.rows import rows_of
from reporting.theme import percent


def grades(material: Material) -> list[Planned]:
    """How the units spread over the grades, the whole first; nothing before the deadline."""
    if material.is_before_deadline:
        return []
    shares = material.grade_shares
    shares = shares[shares["share"].notna()]
    regions = material.regions[material.regions["code"].isin(shares["code"])]
    is_among = material.region in set(regions["code"])
    return [
        planned(f"单位等次分布{mark}", partial(_tell_grades, material, page, shares, is_among=is_among))
        for page, mark in pages(regions)
    ]


def _tell_grades(
    material: Material, page: pd.DataFrame, shares: pd.DataFrame, *, is_among: bool
) -> tuple[str, tuple[Placed, ...]]:
    counts = material.grade_counts
    wide = shares.pivot(index="code", columns="grade", values="units")
    table = Table(
        (Column("等次", 2, "center"), Column("单位（家）", 2, "right"), Column("占比", 2, "right")),
        tuple(
            (grade_cell(row.grade, row.grade_name), f"{row.units}", percent(row.share))
            for row in rows_of(counts)
        ),
    )
    rows = [wide.loc[code] for code in page["code"]]
    names = region_names(material, page)
    if not is_among:
        rows, names = [counts.set_index("grade")["units"], *rows], [material.name, *names]
    bars = Bars(
        categories=tuple(names),
        series=tuple(
            Series(
                row.grade_name,
                tuple(float(units[row.grade]) for units in rows),
                LIGHT.grade(row.grade),
                labels=COUNT_FORMAT,
            )
            for row in rows_of(counts)
        ),
        stacking="full",
        high=1.0,
        has_legend=True,
        is_crowded=True,
    )
    remark = Lines(("条形按各等次单位数占登记单位的比重，数字为单位数（家）。",), is_remark=True)
    return f"{say_grades(counts, name=material.name)}。", (
        Placed(bars, right=0.68),
        Placed(table, left=0.71, bottom=0.6),
        Placed(remark, left=0.71, top=0.62),
    )


def submissions(material: Material) -> list[Planned]:
    """How workbooks came in, region by region: on time, late, missing."""
    return [planned("提交与时限", partial(_tell_submissions, material))]


def _tell_submissions(material: Material) -> tuple[str, tuple[Placed, ...]]:
    timing = say_deadline(material.deadline, now=material.as_of)
    said = f"{say_submissions(material.summary, name=material.name)}；{say_slowest(material.regions)}。"
    rows = material.regions.sort_values(["submission_rate", "code"], ascending=[True, True])
    shown = rows.head(MOST_BARS)
    remark = "" if len(shown) == len(rows) else f"共 {len(rows)} 个地区，列出提交率最低的 {MOST_BARS} 个。"
    late, missing = shown["submitted"] - shown["on_time"], shown["registered"] - shown["submitted"]
    parts = (
        ("按时提交", shown["on_time"], LIGHT.gain),
        ("逾期提交", late, LIGHT.grades["pass"]),
        ("未提交", missing, LIGHT.grade(None)),
    )
    names = region_names(material, shown)
    bars = Bars(
        tuple(names),
        tuple(
            Series(title, tuple(float(count) for count in values), colour, labels=COUNT_FORMAT)
            for title, values, colour in parts
        ),
        stacking="stacked",
        has_legend=True,
        is_crowded=True,
    )
    table = Table(
        (
            Column("地区", 4),
            Column("登记", 1.2, "right"),
            Column("按时", 1.2, "right"),
            Column("逾期", 1.2, "right"),
            Column("未提交", 1.5, "right"),
            Column("提交率", 1.7, "right"),
            Column("按时提交率", 2.1, "right"),
        ),
        tuple(
            (
                name_cell(name, is_chosen=row.code == material.region),
                f"{row.registered}",
                f"{row.on_time}",
                f"{row.submitted - row.on_time}",
                f"{row.registered - row.submitted}",
                percent(row.submission_rate),
                percent(row.on_time_rate),
            )
            for name, row in zip(names, rows_of(shown), strict=True)
        ),
    )
    return said, beside(bars, table, remark=f"单位：家。{timing}。{remark}", edges=(0.42, 0.44))
