"""The workbook's first and last sheet: what is in it, and how its numbers are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from data.queries.grades import LEVEL_NAMES
from meeting.book_parts import NOT_RANKED
from meeting.material import Material
from reporting.to_xlsx import has_charts_apart
from reporting.xlsx_spec import Column, Sheet

NAME, METHOD, CHARTS = "说明", "方法", "图表"
MISSING_NAMES = {"zero": "按 0 分计入地区得分", "exclude": "不计入地区得分"}
READING = (
    "空白单元格表示没有这一数值（未提交、未评分或者不适用），不是 0；百分数为真实数值，可以筛选、排序和计算。",
    "图为可编辑的图表，随表格的筛选变化；较长的表，图在“图表”中。",
)


def about_sheet(material: Material, sheets: Sequence[Sheet], left_out: Mapping[str, str]) -> Sheet:
    """Contents with links, where the data comes from, and what is not in the workbook and why."""
    charts = sum(len(sheet.charts) for sheet in sheets if has_charts_apart(sheet))
    rows = [(CHARTS, "较长的表的图，每图一页", None, charts)] if charts else []
    rows += [(sheet.name, sheet.title, len(sheet.rows), len(sheet.charts) or None) for sheet in sheets]
    rows.append((METHOD, "考核方案和各列的含义", None, None))
    notes = [material.stamp, *([NOT_RANKED] if material.is_before_deadline else []), *READING]
    if left_out:
        notes.append("未列入：" + "；".join(f"{name}（{why}）" for name, why in left_out.items()) + "。")
    columns = {
        "sheet": Column("工作表", "link", 24),
        "title": Column("内容", width=60),
        "lines": Column("行数", "count", 9),
        "charts": Column("图", "count", 7),
    }
    frame = pd.DataFrame(rows, columns=list(columns)).astype({"lines": "Int64", "charts": "Int64"})
    title = f"{material.cycle} 年度反间谍安全防范责任落实考核结果汇总表（{material.full_name}）"
    return Sheet(NAME, title, columns, frame, notes=notes)


def method_sheet(material: Material, sheets: Sequence[Sheet]) -> Sheet:
    """The scheme's rules, then what the columns of the sheets mean, each once."""
    rows = [(*line.partition("：")[::2],) if "：" in line else ("说明", line) for line in material.method]
    rows += _rules(material)
    meanings: dict[str, tuple[str, list[str]]] = {}
    for sheet in sheets:
        for column in sheet.columns.values():
            if column.meaning:
                title = column.title.replace("\n", "")
                meanings.setdefault(column.meaning, (title, []))[1].append(sheet.name)
    rows += [
        (f"列“{title}”", f"{meaning}（{'、'.join(names)}）") for meaning, (title, names) in meanings.items()
    ]
    columns = {"what": Column("项目", width=28), "text": Column("说明", width=92)}
    return Sheet(METHOD, "数据来源、考核方案和各列的含义", columns, pd.DataFrame(rows, columns=list(columns)))


def _rules(material: Material) -> list[tuple[str, str]]:
    scheme, rules = material.scheme, material.scheme.rules
    grades = "，".join(f"{grade.name} {grade.min_score:g} 分以上" for grade in scheme.grades)
    weights = "，".join(f"{system.name} {system.weight:g}" for system in scheme.systems)
    best = scheme.grades[0]
    rows = [
        ("责任制权重", weights),
        ("等次标准", grades),
        ("小数位", f"得分四舍五入到 {rules.decimals} 位小数，名次按舍入后的得分排定；失分未经舍入"),
        ("未提交单位", MISSING_NAMES[rules.missing]),
        ("一票否决", f"得分不超过 {rules.veto_cap:g} 分，等次为{scheme.grades[-1].name}"),
        ("加分上限", f"{rules.bonus_cap:g} 分"),
        ("单位排名", f"只在同类单位中排定，同类单位不足 {rules.min_group} 家的不排"),
    ]
    if best.ceilings:
        shares = "，".join(f"{LEVEL_NAMES[level]} {share:.0%}" for level, share in best.ceilings.items())
        rows.insert(2, (f"{best.name}比例上限", shares))
    return rows
