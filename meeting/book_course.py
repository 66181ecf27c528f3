"""The workbook's sheets on what follows from an assessment: findings that stand, and rectification tasks."""

from __future__ import annotations

from data import queries
from meeting.book_parts import about_rows, printed_to, short_path, with_places
from meeting.material import Material
from reporting.xlsx_spec import Column, Sheet

FINDING_COLUMNS = {
    "unit_name": Column("单位", width=30),
    "region_path": Column("所在地区", width=18),
    "kind_name": Column("类型", width=10),
    "finding_name": Column("认定事项", width=36),
    "place": Column("依据", width=18),
    "state_name": Column("办理状态", width=11),
    "on_date": Column("认定日期", "date"),
    "document": Column("文号", width=20),
    "deadline": Column("改正期限", "date"),
    "applied": Column(
        "计入分值", "points", meaning="方案分值乘以逾期、从重的倍数；加分未计上限；一票否决没有分值"
    ),
    "unit": Column("统一社会信用代码", "code", 20),
    "category_name": Column("单位类别", width=16),
    "days_left": Column("距期限\n（天）", "count", meaning="待改正的距改正期限的天数，负数为已过的天数"),
    "is_overdue": Column("认定\n逾期", "flag"),
    "is_aggravated": Column("从重", "flag", meaning="瞒报、谎报、迟报的，按第四十一条从重"),
    "points": Column("方案分值", "points"),
    "factor": Column("倍数", "points"),
    "indicator_title": Column("对应指标", width=16),
    "ordered": Column("责令内容", width=30),
    "note": Column("说明", width=20),
}
RATE_COLUMNS = {
    "name": Column("地区"),
    "code": Column("行政区划代码", "code"),
    "given_out": Column("下达", "count", has_sum=True, meaning="不含已撤销的任务"),
    "done": Column("已销号", "count", has_sum=True),
    "answered": Column("待复查", "count", has_sum=True),
    "waiting": Column("待单位\n整改", "count", has_sum=True),
    "overdue": Column("逾期", "count", has_sum=True, meaning="超过整改期限仍未报送"),
    "in_time": Column("按期销号", "count", has_sum=True),
    "closing_rate": Column("销号率", "percent", meaning="已销号占下达的比例"),
    "in_time_rate": Column("按期率", "percent", meaning="按期报送的占已销号的比例"),
    "median_days": Column("销号用时\n中位数（天）", "count"),
}
TASK_COLUMNS = {
    "task": Column("任务编号", "code", 14),
    "name": Column("单位", width=28),
    "region_path": Column("所在地区", width=18),
    "title": Column("事项", width=20),
    "place": Column("依据", width=18),
    "found": Column("发现的问题", width=36),
    "deadline": Column("整改期限", "date"),
    "state_name": Column("状态", width=11),
    "is_overdue": Column("逾期", "flag"),
    "days_overdue": Column("逾期\n天数", "count"),
    "unit": Column("统一社会信用代码", "code", 20),
    "source_name": Column("来源", width=12),
    "required": Column("整改要求", width=36),
    "document": Column("文号", width=18),
    "office": Column("下达机关所在地区", width=16),
    "issued_on": Column("下达日期", "date"),
    "answered_at": Column("最近报送", "time"),
    "rounds": Column("报送\n次数", "count"),
    "closed_on": Column("销号日期", "date"),
}


def findings_sheet(material: Material) -> Sheet | str:
    """Findings that stand: deductions, vetoes and commendations, the newest first."""
    rows = material.findings
    if rows.empty:
        return "没有现行有效的认定事项"
    rows = rows.assign(region_path=short_path(rows["region_path"]))
    counts = "，".join(f"{name} {count} 项" for name, count in rows["kind_name"].value_counts().items())
    notes = [
        f"现行有效的认定事项 {len(rows)} 项：{counts}；已撤销的不列。",
        printed_to(FINDING_COLUMNS["applied"]),
    ]
    return Sheet(
        "认定事项", f"{material.name}认定事项", FINDING_COLUMNS, rows, notes=notes, print_to="applied"
    )


def rates_sheet(material: Material) -> Sheet | str:
    """How fast the compared regions close their tasks."""
    rows = material.task_rates
    if rows.empty or not rows["given_out"].sum():
        return "没有下达整改任务"
    title = f"{about_rows(material)}整改情况（{material.today:%Y-%m-%d}）"
    columns, rows, _ = with_places(material, RATE_COLUMNS, rows)
    return Sheet("整改", title, columns, rows, closing={"name": "所列合计"})


def tasks_sheet(material: Material) -> Sheet | str:
    """Every rectification task of the region, overdue ones first."""
    rows = material.ask(queries.tasks, region=material.region, today=material.today)
    if rows.empty:
        return "没有下达整改任务"
    rows = rows.assign(region_path=short_path(rows["region_path"]))
    return Sheet(
        "整改任务",
        f"{material.name}整改任务（{material.today:%Y-%m-%d}）",
        TASK_COLUMNS,
        rows,
        frozen=2,
        notes=[printed_to(TASK_COLUMNS["days_overdue"])],
        print_to="days_overdue",
    )
