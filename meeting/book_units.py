"""The workbook's sheets on single units: all of them, who handed in nothing, and how each stands in every indicator."""

from __future__ import annotations

from data import queries
from meeting.book_parts import NOT_RANKED, Counted, printed_to, short_path, without_empty, without_ranks
from meeting.material import Material
from reporting.xlsx_spec import Column, Sheet

# 75 indicators: 3,000 units are 225,000 cells, which filter at once; ten times as many open slowly in any office program.
MOST_UNITS_BY_INDICATOR = 3_000
RANK_COLUMNS = (
    "rank",
    "peers",
    "grade_name",
    "by_score_name",
    "reason_name",
    "grade_note",
    "grade_document",
)
UNIT_COLUMNS = {
    "name": Column("单位", width=32),
    "code": Column("统一社会信用代码", "code", 20),
    "region_path": Column("所在地区", width=20),
    "category_name": Column("单位类别", width=18),
    "state_name": Column("状态", "label", width=9, meaning="未提交：名册中有、没有接收到自评表；退回：只交过不合格的；不可比：适用分值低于方案下限"),
    "score": Column("得分", "score", 9, paint="bars"),
    "rank": Column("类别内\n名次", "count", meaning="在全省同类单位中的名次；同类单位过少时不排名"),
    "peers": Column("同类\n单位", "count", meaning="全省已评分的同类单位数"),
    "grade_name": Column("等次", width=8, paint="grades"),
    "reason_name": Column("等次由来", "label", width=12),
    "self_inflation": Column("自评\n偏差", "signed"),
    "verified_share": Column("核定\n比例", "percent"),
    "is_late": Column("逾期\n提交", "flag"),
    "submitted_at": Column("提交时间", "time"),
    "tags": Column("职能标签", width=22),
    "score_exact": Column("得分\n（未舍入）", "exact"),
    "by_score_name": Column("按得分\n的等次", width=8, paint="grades"),
    "grade_note": Column("省级另定\n理由", width=20),
    "grade_document": Column("另定文号", width=16),
    "self_score": Column("自评\n得分", "score"),
    "na_share": Column("不适用\n占比", "percent", meaning="不适用的分值占该单位全部分值的比重"),
    "has_veto": Column("一票\n否决", "flag"),
}  # fmt: skip
MISSING_COLUMNS = {
    "name": Column("单位", width=36),
    "code": Column("统一社会信用代码", "code", 21),
    "region_path": Column("所在地区", width=26),
    "category_name": Column("单位类别", width=24),
    "was_refused": Column("曾被退回", "flag", 10, meaning="交过自评表，但都没有被接收"),
}


def units_sheet(material: Material) -> Sheet:
    """Every registered unit of the region, by category and rank."""
    rows = material.units.assign(region_path=short_path(material.units["region_path"]))
    columns = without_empty(UNIT_COLUMNS, rows, names=("grade_note", "grade_document"))
    notes = ["不同类别的单位职责不同，名次只在全省同类单位中排定。空白：没有这一数值，不是 0。"]
    if material.is_before_deadline:
        columns, notes = without_ranks(columns, names=RANK_COLUMNS), [NOT_RANKED]
        rows = rows.sort_values(["region", "category", "code"], ignore_index=True)
    notes = [*notes, printed_to(UNIT_COLUMNS["submitted_at"])]
    return Sheet("单位名单", f"{material.name}登记单位", columns, rows, notes=notes, print_to="submitted_at")


def count_units(material: Material) -> Counted:
    """`units_sheet`, only counted."""
    return Counted("单位名单", len(material.unit_marks))


def missing_sheet(material: Material) -> Sheet | str:
    """The units without an accepted workbook."""
    rows = material.ask(queries.missing_units, region=material.region)
    if rows.empty:
        return "登记单位都已提交"
    rows = rows.assign(region_path=short_path(rows["region_path"]))
    return Sheet("未提交单位", f"{material.name}未提交自评表的单位", MISSING_COLUMNS, rows)


def count_indicators(material: Material) -> Counted | str:
    """`indicators_sheet`, only counted."""
    marks = material.unit_marks[material.unit_marks["has_workbook"]]
    if len(marks) > MOST_UNITS_BY_INDICATOR:
        return f"{len(marks):,} 家单位超过 {MOST_UNITS_BY_INDICATOR:,} 家，请按市（地）生成"
    rows = int(marks["has_terms"].sum())
    return Counted("单位与指标", rows) if rows else "没有已评分的单位"


def indicators_sheet(material: Material) -> Sheet | str:
    """Attainment of every unit with a workbook in every indicator of its set; only of so many units."""
    counted = count_indicators(material)
    if isinstance(counted, str):
        return counted
    units = material.units[material.units["submitted_at"].notna()]
    terms = material.ask(queries.units_terms, units=units["code"].tolist())
    wide = terms.pivot(index="code", columns="indicator", values="attainment")
    known = [entry for entry in material.scheme.indicators if entry.id in wide.columns]
    rows = units[["code", "name", "region_path", "category_name"]].merge(
        wide.reset_index(), on="code", how="inner"
    )
    columns = {
        "name": Column("单位", width=30),
        "code": Column("统一社会信用代码", "code", 20),
        "region_path": Column("所在地区", width=18),
        "category_name": Column("单位类别", width=14),
        **{
            entry.id: Column(f"{entry.id} {entry.title}", "percent", 6, "attainment", is_upright=True)
            for entry in known
        },
    }
    rows = rows.assign(region_path=short_path(rows["region_path"]))
    return Sheet(
        "单位与指标",
        f"{material.name}各单位各项指标得分率",
        columns,
        rows,
        notes=["得分率为现在计入得分的取值（有核定的按核定）；空白：该指标不适用于这家单位。本表较宽，按 A3 打印。"],
        paper="A3",
    )  # fmt: skip
