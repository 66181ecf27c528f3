"""结果汇总表: one workbook that holds every figure of a region's assessment, to filter, to calculate with, and to print."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from meeting import book_course, book_losses, book_regions, book_trend, book_units
from meeting.book_about import METHOD, NAME, about_sheet, method_sheet
from meeting.book_parts import Counted, grade_colours
from meeting.kinds import Kind
from meeting.material import Material, NothingToReport, Progress
from reporting.to_xlsx import write_book
from reporting.xlsx_spec import Sheet

PARTS = {
    "ranking": "地区排名",
    "grades": "等次",
    "losses": "失分",
    "units": "单位名单",
    "indicators": "单位与指标",
    "findings": "认定事项",
    "tasks": "整改",
    "trend": "年度变化",
}
Made = Sheet | str  # a sheet, or why there is none
# Part → name of a sheet that may be missing → what makes it, or makes it and those that follow it.
SHEETS: Mapping[str, Mapping[str, Callable[[Material], Made | list[Made]]]] = {
    "ranking": {"地区排名": book_regions.ranking_sheet, "两个责任制": book_regions.systems_sheet},
    "grades": {"等次": book_regions.grades_sheet, "等次变化": book_regions.changed_grades_sheet},
    "losses": {
        "维度得分率": book_losses.dimensions_sheet,
        "失分矩阵": book_losses.matrix_sheet,
        "失分矩阵按条文": book_losses.article_sheets,
        "指标失分": book_losses.gaps_sheet,
        "失分分解": book_losses.waterfall_sheet,
    },
    "units": {"单位名单": book_units.units_sheet, "未提交单位": book_units.missing_sheet},
    "indicators": {"单位与指标": book_units.indicators_sheet},
    "findings": {"认定事项": book_course.findings_sheet},
    "tasks": {"整改": book_course.rates_sheet, "整改任务": book_course.tasks_sheet},
    "trend": {
        "年度变化": book_trend.moves_sheet,
        "变化分解": book_trend.bridge_sheet,
        "指标变化": book_trend.indicator_moves_sheet,
    },
}

# Of the sheets that take long to make, what only counts their rows.
COUNTS: Mapping[str, Callable[[Material], Counted | str | list[Counted | str]]] = {
    "等次变化": book_regions.count_changed_grades,
    "失分矩阵": book_losses.count_matrix,
    "失分矩阵按条文": book_losses.count_articles,
    "单位名单": book_units.count_units,
    "单位与指标": book_units.count_indicators,
}


def outline(material: Material, parts: Collection[str]) -> list[str]:
    """One line per sheet with how many rows and charts it has; then one per sheet that is left out, with the reason."""
    lines, left_out = [f"{NAME}：目录、数据来源"], {}
    for name, make in _makers(parts):
        for each in _each((COUNTS.get(name) or make)(material)):
            if isinstance(each, str):
                left_out[name] = each
            elif isinstance(each, Counted):
                lines.append(f"{each.name}：{each.rows:,} 行")
            else:
                charts = f"，{len(each.charts)} 张图" if each.charts else ""
                lines.append(f"{each.name}：{len(each.rows):,} 行{charts}")
    lines.append(f"{METHOD}：考核方案和各列的含义")
    return lines + [f"不含{name}：{why}" for name, why in left_out.items()]


def _makers(parts: Collection[str]) -> list[tuple[str, Callable[[Material], Made | list[Made]]]]:
    """Name and maker of the sheets of the chosen parts, in the order of the file."""
    return [each for part, makers in SHEETS.items() if part in parts for each in makers.items()]


def _each(made: Any) -> list[Any]:
    """What a maker or a count gives, which may be several sheets."""
    return made if isinstance(made, list) else [made]


def build(
    material: Material, *, parts: Collection[str], home: Path, progress: Progress | None = None
) -> bytes:
    """The workbook with the sheets of the chosen parts. Raises NothingToReport where none of them has anything."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(min(done, total), total)

    total = 2 * len(_makers(parts)) + 1
    sheets, left_out = make_sheets(material, parts, on_sheet=step)
    if not sheets:
        raise NothingToReport("所选的内容都没有数据：请在生成时多选几项内容")
    total = done + len(sheets) + 2
    title = f"{material.cycle} 年度考核结果汇总表（{material.full_name}）"
    every = [about_sheet(material, sheets, left_out), *sheets, method_sheet(material, sheets)]
    return write_book(
        every,
        title=title,
        stamp=material.stamp,
        decimals=material.decimals,
        grades=grade_colours(material),
        created=material.now,
        on_sheet=step,
    )


def make_sheets(
    material: Material, parts: Collection[str], *, on_sheet: Callable[[], None] | None = None
) -> tuple[list[Sheet], dict[str, str]]:
    """The sheets of the chosen parts in the order of the file, and name → reason of those that there are none of."""
    sheets: list[Sheet] = []
    left_out: dict[str, str] = {}
    for name, make in _makers(parts):
        for each in _each(make(material)):
            if isinstance(each, Sheet):
                sheets.append(each)
            else:
                left_out[name] = each
        if on_sheet:
            on_sheet()
    return sheets, left_out


KIND = Kind(
    id="xlsx",
    title="结果汇总表",
    extension="xlsx",
    mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    about="一份工作簿：排名、等次、失分、单位、认定事项、整改和年度变化，可以筛选、计算和打印，图可以编辑",
    parts=PARTS,
    outline=outline,
    build=build,
)
