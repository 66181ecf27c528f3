"""The workbook's sheets on how regions stand: ranking, the two systems, grades and why some differ from the score's."""

from __future__ import annotations

import pandas as pd

from data import queries
from data.queries.ask import PROVINCE
from meeting.book_parts import (
    NOT_RANKED,
    TO_HUNDRED,
    TO_WHOLE,
    Counted,
    about_rows,
    in_pieces,
    printed_to,
    with_places,
    without_empty,
    without_ranks,
)
from meeting.material import Material
from reporting.headlines import say_bounds, say_extremes, say_grades, say_movers
from reporting.palette import LIGHT, NO_GRADE
from reporting.xlsx_formats import score_format
from reporting.xlsx_spec import Chart, Column, Series, Sheet

RANK_COLUMNS = ("rank", "grade_name", "by_score_name", "reason_name", "grade_note", "grade_document")
REGION_COLUMNS = {
    "rank": Column("名次", "count", meaning="全省同级地区中的名次，按公布的得分排定，同分并列"),
    "name": Column("地区"),
    "code": Column("行政区划代码", "code"),
    "score": Column("得分", "score", paint="bars", meaning="所辖单位得分按类别权重的加权平均，四舍五入到方案的小数位"),
    "grade_name": Column("等次", paint="grades"),
    "reason_name": Column("等次由来", "label", meaning="得出等次的依据：得分、最高一等的比例上限、省级另定或者一票否决"),
    "registered": Column("登记单位", "count", has_sum=True),
    "submitted": Column("已提交", "count", has_sum=True),
    "submission_rate": Column("提交率", "percent", meaning="已提交单位占登记单位的比例"),
    "on_time_rate": Column("按时率", "percent", meaning="截止前提交的单位占登记单位的比例"),
    "low": Column("区间下限", "score", meaning="未提交、未核定的取值均按 0 计的得分"),
    "high": Column("区间上限", "score", meaning="未提交、未核定的取值均按满分计的得分"),
    "verified_share": Column("核定比例", "percent", meaning="已由考核部门核定的分值所占比重"),
    "self_inflation": Column("自评偏差", "signed", meaning="自评得分减核定得分，均不含扣分、加分"),
    "score_exact": Column("得分\n（未舍入）", "exact"),
    "by_score_name": Column("按得分\n的等次", paint="grades", meaning="只看得分应得的等次"),
    "grade_note": Column("省级另定理由"),
    "grade_document": Column("另定文号"),
    "on_time": Column("按时提交", "count", has_sum=True),
    "scored": Column("已评分", "count", has_sum=True),
    "self_score": Column("自评得分", "score", meaning="只用单位自评取值的得分，不含扣分、加分"),
    "missing": Column("未提交\n失分", "points", meaning="未提交单位使本地区少得的分"),
    "deductions": Column("扣分", "points", meaning="认定事项扣分使本地区少得的分"),
    "veto": Column("一票否决\n失分", "points", meaning="一票否决封顶使本地区少得的分"),
    "bonus": Column("加分", "points", meaning="表彰奖励使本地区多得的分"),
    "clipped": Column("封顶保底", "points", meaning="满分封顶或者零分保底的差额"),
}  # fmt: skip
GRADED_COLUMNS = {
    "level_name": Column("对象"),
    "place": Column("所在地区"),
    "name": Column("名称"),
    "code": Column("代码", "code"),
    "group_name": Column("类别", meaning="在其中排定名次、计算比例上限的范围"),
    "score": Column("得分", "score"),
    "rank": Column("名次", "count"),
    "by_score_name": Column("按得分\n的等次", paint="grades"),
    "grade_name": Column("最终等次", paint="grades"),
    "reason_name": Column("由来"),
    "why": Column("说明", width=44),
}


def ranking_sheet(material: Material) -> Sheet:
    """Every figure of the compared regions, in rank order; before the deadline by submission rate and without ranks."""
    rows, early = material.regions, material.is_before_deadline
    columns = without_empty(REGION_COLUMNS, rows, names=("grade_note", "grade_document"))
    if early:
        columns = without_ranks(columns, names=RANK_COLUMNS)
    columns, rows, label = with_places(material, columns, rows)
    drawn = (_rates_chart, _bounds_chart) if early else (_scores_chart,)
    charts = [draw(material, label) for draw in drawn]
    says = (
        say_bounds(material.summary, name=material.name, decimals=material.decimals)
        if early
        else say_extremes(rows, decimals=material.decimals)
    )
    note = NOT_RANKED if early else "名次为全省同级地区中的名次。"
    note += f"最末一行只合计单位数，随筛选变化。{printed_to(REGION_COLUMNS['self_inflation'])}"
    return Sheet(
        "地区排名" if not early else "地区提交情况",
        f"{about_rows(material)}{'提交率与得分区间' if early else '得分与名次'}",
        columns,
        rows.assign(spread=rows["high"] - rows["low"]),
        notes=[each for each in (f"{says}。" if says else "", note) if each],
        frozen=1 if early else 2,
        closing={"name": "所列合计"},
        helpers={"spread": Column("作图：上下限之差", "exact")} if early else {},
        print_to="self_inflation",
        charts=[piece for chart in charts for piece in in_pieces(chart, len(rows))],
    )


def _scores_chart(material: Material, label: str) -> Chart:
    form = score_format(material.decimals)
    return Chart(f"{about_rows(material)}得分", label, [Series("score", LIGHT.accent, form)], **TO_HUNDRED)


def _rates_chart(material: Material, label: str) -> Chart:
    return Chart(
        f"{about_rows(material)}提交率",
        label,
        [Series("submission_rate", LIGHT.accent, "0.0%")],
        **TO_WHOLE,
    )


def _bounds_chart(material: Material, label: str) -> Chart:
    series = [Series("low", None), Series("spread", LIGHT.quiet)]
    return Chart(f"{about_rows(material)}得分可能区间", label, series, kind="stacked", low=0, high=100)


def systems_sheet(material: Material) -> Sheet | str:
    """Rank and score under both responsibility systems, and why regions stand differently; or why there is none."""
    if material.is_before_deadline:
        return "截止前不排名次"
    systems = material.scheme.systems
    ranks = material.ask_rows(queries.system_ranks)
    ranks = ranks[ranks["rank"].notna()]
    if len(ranks) < 2:
        return "不足两个地区有名次"
    columns = {
        "rank": Column("综合名次", "count"),
        "name": Column("地区"),
        "score": Column("综合得分", "score", paint="bars"),
    }
    for system in systems:
        columns[f"score_{system.id}"] = Column(f"{system.name}得分", "score", paint="bars")
        columns[f"rank_{system.id}"] = Column(f"{system.name}名次", "count")
    columns["rank_shift"] = Column("名次之差", "count", meaning="两个责任制下名次的最大差别")
    columns["reason"] = Column("为何不同", width=60)
    columns, ranks, _ = with_places(material, columns, ranks)
    says = say_movers(ranks, systems=systems)
    return Sheet(
        "两个责任制", "综合与两个责任制下的得分和名次", columns, ranks, notes=[f"{says}。"], frozen=2
    )


def grades_sheet(material: Material) -> Sheet | str:
    """How many units have which grade, the region's own first, then each compared one's; units and shares."""
    if material.is_before_deadline:
        return "截止前不定等次"
    own = material.grade_counts.assign(code=material.region or PROVINCE, name=f"{material.name}（全部）")
    shares = pd.concat(
        [own, material.grade_shares[material.grade_shares["code"].isin(material.regions["code"])]]
    )
    grades = dict(zip(own["grade"], own["grade_name"], strict=True))
    keep = {"index": ["code", "name"], "columns": "grade"}
    order = pd.MultiIndex.from_frame(shares[["code", "name"]].drop_duplicates())
    units, part = (shares.pivot(values=what, **keep).reindex(order) for what in ("units", "share"))
    rows = units.add_prefix("units_").join(part.add_prefix("share_")).reset_index()
    rows.insert(2, "registered", units.sum(axis=1).to_numpy())
    columns = {
        "name": Column("地区"),
        "code": Column("行政区划代码", "code"),
        "registered": Column("登记单位", "count"),
        **{f"units_{grade}": Column(f"{name}\n（家）", "count") for grade, name in grades.items()},
        **{f"share_{grade}": Column(f"{name}\n占比", "percent") for grade, name in grades.items()},
    }
    colours = {**{g.id: LIGHT.grade(g.id) for g in material.scheme.grades}, NO_GRADE: LIGHT.grade(None)}
    columns, rows, label = with_places(material, columns, rows)
    chart = Chart(
        "各等次单位所占比例",
        label,
        [Series(f"units_{grade}", colours.get(grade, LIGHT.quiet)) for grade in grades],
        kind="percent_stacked",
        scale="0%",
        has_legend=True,
    )
    return Sheet(
        "等次",
        f"{about_rows(material)}单位等次",
        columns,
        rows,
        notes=[f"{say_grades(material.grade_counts, name=material.name)}。占比以登记单位为 100%。"],
        charts=in_pieces(chart, len(rows)),
    )


def count_changed_grades(material: Material) -> Counted | str:
    """`changed_grades_sheet`, only counted."""
    if material.is_before_deadline:
        return "截止前不定等次"
    rows = len(_changed_regions(material)) + int(material.unit_marks["is_changed"].sum())
    return Counted("等次变化", rows) if rows else "没有与得分不同的等次"


def changed_grades_sheet(material: Material) -> Sheet | str:
    """Regions and units whose grade is not simply the score's, and why; or that there are none."""
    counted = count_changed_grades(material)
    if isinstance(counted, str):
        return counted
    units = material.ask(queries.graded, level="unit", region=material.region)
    parts = [_changed_regions(material), units[units["is_changed"]].assign(level_name="单位")]
    rows = pd.concat([part for part in parts if len(part)])
    return Sheet(
        "等次变化",
        "与按得分的等次不同的、末位并列的和省级另定的等次",
        GRADED_COLUMNS,
        rows.reset_index(drop=True),
        frozen=3,
    )


def _changed_regions(material: Material) -> pd.DataFrame:
    """queries.graded of the compared regions whose grade is not simply the score's, with level_name."""
    rows = material.ask(queries.graded, level=material.level)
    rows = rows[rows["is_changed"] & rows["code"].isin(material.regions["code"])]
    return rows.assign(level_name="地区")
