"""The workbook's sheets on what moved since the year before: regions with their causes, and the region's own bridge."""

from __future__ import annotations

from data import queries
from data.queries.moves import STATUS_NAMES
from meeting.book_losses import steps_sheet
from meeting.book_parts import NOT_RANKED, about_rows, with_places
from meeting.material import Material
from reporting.trend_headlines import say_causes, say_moves
from reporting.xlsx_spec import Column, Sheet

NO_YEAR = "没有上一年度"
RANKS = ("rank_before", "rank_now", "rank_change")


def moves_sheet(material: Material) -> Sheet | str:
    """Scores and ranks of the compared regions in both years, the largest move first, with what did most."""
    if material.before is None:
        return NO_YEAR
    then, now = material.before, material.cycle
    rows = material.region_moves
    if rows.empty:
        return "两年都没有得分"
    columns = {
        "name": Column("地区"),
        "code": Column("行政区划代码", "code"),
        "score_before": Column(f"{then} 年\n得分", "score"),
        "score_now": Column(f"{now} 年\n得分", "score"),
        "moved": Column("变动", "signed", paint="signs", meaning="两年公布得分之差"),
        "change": Column("变动\n（未舍入）", "exact"),
        "rank_before": Column(f"{then} 年\n名次", "count"),
        "rank_now": Column(f"{now} 年\n名次", "count"),
        "rank_change": Column("位次上升", "count", paint="signs", meaning="上一年名次减本年名次，负数为下降"),
        "state": Column("状态"),
        "causes": Column("变动的主要去向", width=60, meaning="使得分变动最多的三项，括号内为使得分变动的分"),
    }
    rows = rows.assign(state=rows["status"].map(STATUS_NAMES))
    columns, rows, _ = with_places(material, columns, rows)
    early = material.is_before_deadline
    if early:
        columns = {name: column for name, column in columns.items() if name not in RANKS}
    says = say_moves(rows, level=material.level_name, decimals=material.decimals_of_years)
    notes = [f"{says}。"] if says else []
    return Sheet(
        "年度变化",
        f"{about_rows(material)} {then} 年到 {now} 年的变化",
        columns,
        rows,
        notes=[*notes, NOT_RANKED] if early else notes,
        decimals=material.decimals_of_years,
    )


def bridge_sheet(material: Material) -> Sheet | str:
    """From the score of the year before to this year's by dimension; what is printed adds up."""
    if material.before is None:
        return NO_YEAR
    steps = material.bridge
    if steps.empty:
        return "两年中有一年没有得分"
    decimals = material.decimals_of_years
    return steps_sheet(
        "变化分解",
        f"{material.name} {material.before} 年到 {material.cycle} 年得分的变化",
        steps,
        decimals=decimals,
        notes=[f"{say_causes(steps, decimals=decimals)}。"],
        has_note=True,
    )


def indicator_moves_sheet(material: Material) -> Sheet | str:
    """What each indicator and other cause did to the region's score since the year before."""
    if material.before is None:
        return NO_YEAR
    rows = material.ask(queries.moves, before=material.before, region=material.region, by="indicator")
    if rows.empty:
        return "两年中有一年没有得分"
    then, now = material.before, material.cycle
    only = {"both": "两年都有", "before": f"仅 {then} 年", "now": f"仅 {now} 年"}
    columns = {
        "label": Column("指标或去向", width=26),
        "article": Column("条文", "count"),
        "change": Column("使得分变动", "points", has_sum=True, paint="signs"),
        "gap_before": Column(f"{then} 年\n失分", "points"),
        "gap_now": Column(f"{now} 年\n失分", "points"),
        "attainment_before": Column(f"{then} 年\n得分率", "percent"),
        "attainment_now": Column(f"{now} 年\n得分率", "percent"),
        "by_attainment": Column("因得分率", "points", meaning="变动中因得分率变化的部分（按两年平均权重）"),
        "by_weight": Column("因权重", "points", meaning="变动中因所占权重变化的部分（按两年平均失分率）"),
        "only": Column("方案", meaning="指标在哪一年的方案中"),
        "note": Column("说明", width=44),
    }
    return Sheet(
        "指标变化",
        f"{material.name}各项指标使得分变动多少（{then} 年到 {now} 年）",
        columns,
        rows.assign(only=rows["presence"].map(only)),
        closing={"label": "合计（随筛选变化）"},
    )
