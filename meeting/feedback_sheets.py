"""The values of units' result sheets out of a Material: asked for many units at once, put together unit by unit.

Points lost are rounded by largest remainder, as the table on the unit's page is, so that they add up to 100 − base.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from data import queries
from meeting.material import Material
from reporting import feedback_sentences as say
from reporting.notices import OFFICE, chinese_day
from reporting.theme import DEMO_MARK, is_missing, number, percent, signed
from reporting.unit_sums import lost_in_all, printed_losses, sum_steps
from scoring.rounding import round_half_up

AT_ONCE = 500  # units asked for together: their answers are a few ten thousand rows
CLOSED = ("done", "withdrawn")
POINTS_DECIMALS = 2  # of findings' points, as the unit's page shows them
Rows = list[dict[str, Any]]


def sheets(
    material: Material, units: pd.DataFrame, *, parts: Collection[str]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """For each of the units (rows of queries.units) its row and the values of its sheet (reporting/feedback.py)."""
    rows = units.to_dict("records")
    course = _ask_course(material, unit=rows[0]["code"] if len(rows) == 1 else None)
    for start in range(0, len(rows), AT_ONCE):
        group = rows[start : start + AT_ONCE]
        asked = course | _ask(material, [row["code"] for row in group])
        for row in group:
            told = {name: by_code.get(row["code"], []) for name, by_code in asked.items()}
            yield row, _sheet(material, row, told, parts)


def _ask_course(material: Material, *, unit: str | None) -> dict[str, dict[str, Rows]]:
    """Standing findings and open tasks of the region, or of one unit, by unit: few enough to be asked for at once."""
    m = material
    findings = m.ask(queries.findings, region=m.region, unit=unit, today=m.today)
    findings = findings[findings["is_standing"]].sort_values(["on_date", "key"])
    tasks = m.ask(queries.tasks, region=m.region, unit=unit, today=m.today)
    return {
        "findings": _by_unit(findings, "unit"),
        "tasks": _by_unit(tasks[~tasks["state"].isin(CLOSED)], "unit"),
    }


def _ask(material: Material, codes: Sequence[str]) -> dict[str, dict[str, Rows]]:
    """Name of the answer → unit → its rows."""
    m = material
    frames = {
        "parts": m.ask(queries.units_parts, units=codes),
        "systems": m.ask(queries.units_systems, units=codes),
        "dimensions": m.ask(queries.units_dimensions, units=codes),
        "terms": m.ask(queries.units_full_terms, units=codes),
        "rulings": m.ask(queries.units_rulings, units=codes, today=m.today),
    }
    return {name: _by_unit(frame, "code") for name, frame in frames.items()}


def _by_unit(frame: pd.DataFrame, column: str) -> dict[str, Rows]:
    by_code: dict[str, Rows] = {}
    for row in frame.to_dict("records"):
        by_code.setdefault(row[column], []).append(row)
    return by_code


def _sheet(
    material: Material, row: Mapping[str, Any], told: Mapping[str, Rows], parts: Collection[str]
) -> dict[str, Any]:
    m, d = material, material.decimals
    has_score = not is_missing(row["score"]) and bool(told["terms"])
    base = told["parts"][0]["base"] if has_score else None
    printed_base = round_half_up(base, d) if has_score else None
    lost = lost_in_all(base, decimals=d) if has_score else None
    gaps = _gaps(told["terms"], base=base, decimals=d) if has_score else []
    is_open = m.is_before_deadline
    if has_score:
        said = [say.say_standing(row, decimals=d, lost=lost, is_open=is_open)]
    else:
        said = say.say_without_score(row, scheme=m.scheme, deadline=m.deadline, is_open=is_open)
    rulings = told["rulings"] if "objections" in parts else []
    tasks = told["tasks"] if "tasks" in parts else []
    findings = told["findings"] if "findings" in parts else []
    shown = gaps if "gaps" in parts else []
    return {
        "演示": DEMO_MARK if m.is_demo else "",
        "年度": str(m.cycle),
        "单位": row["name"],
        "代码": row["code"],
        "地区": "".join(place_parts(row["region_path"])),
        "类别": row["category_name"],
        "标签": row["tags"] or "无",
        "提交": _submitted(row),
        "有得分": has_score,
        "说明": said,
        "得分": number(row["score"], d),
        "等次": "截止前不评等次" if is_open else row["grade_name"] if has_score else "—",
        "等次说明": "" if is_open or not has_score else say.grade_why(row) or "按得分",
        "名次": "截止前不排名次" if is_open else _rank(row),
        "自评得分": number(row["self_score"], d),
        "自评偏差": signed(row["self_inflation"], d),
        "核定比例": percent(row["verified_share"], 0),
        "责任制": [
            {"名称": each["name"], "权重": percent(each["weight"], 0), "得分": number(each["score"], d)}
            for each in told["systems"]
        ],
        "由来": _steps(told["parts"][0], row["score"], lost=lost, decimals=d) if has_score else [],
        "维度": [_dimension(each) for each in told["dimensions"]] if has_score and "dimensions" in parts else [],
        "失分": [_gap(m, each, at, d) for at, each in enumerate(shown, start=1)],
        "失分合计": number(lost, d),
        "基础分": number(printed_base, d),
        "认定": [_finding(each) for each in findings],
        "任务": [_task(each) for each in tasks],
        "核定变动": [_ruling(each) for each in rulings],
        "下一步": say.say_next(tasks=tasks, rulings=rulings, findings=findings, gaps=shown),
        "机关": f"{m.full_name}{OFFICE}",
        "日期": chinese_day(m.today),
        "权重说明": f"考核方案：{m.scheme.title}（{m.scheme.version}）。{m.scheme.weights_note}。",
        "来源": m.stamp,
    }  # fmt: skip


def place_parts(region_path: str) -> list[str]:
    """["哈尔滨市", "道里区"] of a region's path; the province alone for who is registered there."""
    parts = region_path.split("/")
    return parts[1:] or parts


def _gaps(terms: Rows, *, base: float, decimals: int) -> Rows:
    """The terms that fall short, the costliest first, with `lost` as printed; together they are what the base lacks."""
    printed = printed_losses([term["gap"] for term in terms], base=base, decimals=decimals)
    rows = [term | {"lost": part} for term, part in zip(terms, printed, strict=True)]
    rows = [row for row in rows if round_half_up(row["gap"], 9) > 0]
    return sorted(rows, key=lambda row: -row["gap"])


def _gap(material: Material, term: Mapping[str, Any], at: int, decimals: int) -> dict[str, str]:
    indicator = material.scheme.by_id.get(term["indicator"])
    answer = term["answer"] or term["state_name"]
    return {
        "序号": str(at),
        "指标": term["title"],
        "依据": term["place"],
        "填报": f"{answer}；理由：{term['na_reason']}" if term["na_reason"] else answer,
        "得分率": percent(term["attainment"], 0),
        "环节": term["state_name"] if term["state"] == "pending" else term["stage_name"],
        "核定理由": term["review_reason"],
        "失分": number(term["lost"], decimals),
        "改进": say.what_mends(indicator),
        "核查": indicator.check if indicator else "",
        "标准": indicator.criterion if indicator else "",
    }


def _steps(parts: Mapping[str, Any], score: float, *, lost: float, decimals: int) -> list[dict[str, str]]:
    """From 100 over the base to the score, as printed; [] where nothing stands between base and score."""
    rows = [
        ("满分", number(100.0, decimals)),
        ("指标失分", signed(-lost, decimals)),
        ("基础分", number(round_half_up(parts["base"], decimals), decimals)),
    ]
    steps = sum_steps({**parts, "score": score}, decimals=decimals)
    rows += [(label, signed(value, decimals)) for label, value in steps]
    return [{"项目": label, "分": text} for label, text in [*rows, ("得分", number(score, decimals))]]  # fmt: skip


def _dimension(row: Mapping[str, Any]) -> dict[str, str]:
    known = not is_missing(row["attainment"]) and not is_missing(row["category_mean"])
    return {
        "维度": row["dimension_name"],
        "得分率": percent(row["attainment"]),
        "同类平均": percent(row["category_mean"]),
        "相差": signed(100 * (row["attainment"] - row["category_mean"]), 1) if known else "—",
    }


def _finding(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "类型": row["kind_name"],
        "事项": say.finding_said(row),
        "依据": row["place"],
        "文号": row["document"],
        "日期": say.day_or_dash(row["on_date"]),
        "办理": row["state_name"],
        "期限": f"期限 {row['deadline']:%Y-%m-%d}" if row["state"] == "ordered" and not is_missing(row["deadline"]) else "",
        "分值": "—" if row["kind"] == "veto" else number(row["applied"], POINTS_DECIMALS),
    }  # fmt: skip


def _task(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "编号": row["task"],
        "事项": row["title"],
        "要求": row["required"],
        "证明": row["proof"],
        "期限": say.day_or_dash(row["deadline"]),
        "状态": f"{row['state_name']}（逾期）" if row["is_overdue"] else row["state_name"],
    }


def _ruling(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "指标": row["title"],
        "依据": row["place"],
        "自评": row["own"] or "未填",
        "核定": row["ruled"],
        "环节": row["stage_name"],
        "理由": row["reason"],
        "异议": row["standing"],
    }


def _submitted(row: Mapping[str, Any]) -> str:
    if is_missing(row["submitted_at"]):
        return row["state_name"]
    return f"{row['submitted_at']:%Y-%m-%d %H:%M}" + ("（逾期）" if row["is_late"] else "")


def _rank(row: Mapping[str, Any]) -> str:
    if is_missing(row["rank"]):
        return "不排名"
    return f"第 {row['rank']:.0f} 位 / {row['peers']:.0f} 家"
