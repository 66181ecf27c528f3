"""The sections of a 通报 about findings, rectification and what is asked for, out of a Material (as bulletin_sections)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data import queries
from meeting.bulletin_sections import MOST_IN_TEXT, Section, section
from meeting.material import Material
from reporting import bulletin_course_sentences as say
from reporting.bulletin_sentences import points
from reporting.notices import chinese_day
from reporting.theme import NOTHING, number, percent

MOST_VETOES = 20  # units under a veto that are named one by one
POINTS_DECIMALS = 1  # of the scheme's points of findings, as their register shows them


def findings(material: Material) -> Section:
    """认定事项: deductions, vetoes, commendations; {} where none stands."""
    m, rows = material, material.findings
    if rows.empty:
        return {}
    order = {"deduction": 0, "veto": 1, "bonus": 2}
    groups = rows.groupby(["kind", "finding", "kind_name", "finding_name", "place"], as_index=False).agg(
        count=("key", "size"), units=("unit", "nunique"), applied=("applied", "sum")
    )
    groups = groups.sort_values(
        ["kind", "count", "finding"], ascending=[True, False, True], key=lambda c: c.map(order) if c.name == "kind" else c
    )  # fmt: skip
    table = [
        {
            "类型": row["kind_name"],
            "事项": row["finding_name"],
            "依据": row["place"],
            "件数": str(row["count"]),
            "单位": str(row["units"]),
            "分值": NOTHING if row["kind"] == "veto" else points(row["applied"], POINTS_DECIMALS),
        }
        for row in groups.to_dict("records")
    ]
    effect = (
        "" if m.is_before_deadline else say.say_finding_effect(m.summary, name=m.name, decimals=m.decimals)
    )
    vetoed = rows[rows["kind"] == "veto"].sort_values(["region", "unit_name", "key"])
    texts = [say.say_findings(rows, name=m.name) + effect, say.say_finding_states(rows)]
    if len(vetoed):
        texts.append(_vetoes_said(vetoed))
    return section(
        "认定事项、一票否决和扣分",
        [("", texts)],
        table="现行有效的认定事项",
        rows=table,
        否决=[
            {"序号": str(at), "内容": _veto(row)}
            for at, row in enumerate(vetoed.head(MOST_VETOES).to_dict("records"), start=1)
        ],
    )


def rectification(material: Material) -> Section:
    """整改情况: tasks given out, closed, waiting, late; {} where none was given out."""
    m, summary = material, material.task_summary
    if not summary["given_out"]:
        return {}
    rows = m.told_apart(m.task_rates)
    rows = rows[rows["given_out"] > 0]
    rate = summary["closing_rate"]
    texts = [
        say.say_tasks(summary, name=m.name),
        say.say_slow_regions(rows, name=m.name, rate=rate) if m.region is None or m.level != "county" or m.parent == m.region else "",
    ]  # fmt: skip
    title = f"各{m.level_name}整改任务"
    if len(rows) > MOST_IN_TEXT:
        rows = rows.sort_values(["overdue", "waiting", "code"], ascending=[False, False, True])
        rows, title = rows.head(MOST_IN_TEXT), f"逾期、待整改任务最多的{MOST_IN_TEXT}个{m.level_name}"
    table = [
        {
            "地区": row["name"],
            "下达": str(row["given_out"]),
            "已销号": str(row["done"]),
            "销号率": percent(row["closing_rate"]),
            "待复查": str(row["answered"]),
            "待整改": str(row["waiting"]),
            "逾期": str(row["overdue"]),
        }
        for row in rows.to_dict("records")
    ]
    return section("整改情况", [("", texts)], table=title, rows=table)


def demands(material: Material) -> Section:
    """下一步要求: only what follows from the frames, each with the day or the period it has."""
    m, summary = material, material.summary
    is_whole = (
        m.parent == m.region
    )  # the compared regions lie in the region; of a county they are its siblings
    regions = m.told_apart(m.regions) if is_whole else _itself(m)
    tasks = m.ask(queries.tasks, region=m.region, today=m.today)
    head, days = say.nearest_deadlines(tasks)
    asked: list[tuple[str, str, list[str]]] = [
        ("补齐填报。", say.ask_missing(
            regions, missing=summary["registered"] - summary["submitted"], deadline=m.deadline.date(),
            is_open=m.is_before_deadline), []),
        ("核对提交率低的地区。", say.ask_slow(regions, name=m.name, rate=summary["submission_rate"]) if is_whole else "", []),
        ("整改逾期任务。", say.ask_overdue(tasks), []),
        ("按期完成整改。", head, days),
        ("改正责令事项。", say.ask_findings(m.findings), []),
        ("补齐主要差距。", say.ask_gaps(m.gaps), []),
        *((what, text, []) for what, text in say.ask_periods(m.scheme, is_published=m.publication is not None)),
    ]  # fmt: skip
    items = [
        {
            "序号": str(at),
            "要点": what,
            "内容": text,
            "目": [{"序号": str(n), "内容": line} for n, line in enumerate(lines, start=1)],
        }
        for at, (what, text, lines) in enumerate((each for each in asked if each[1]), start=1)
    ]
    return section("下一步要求", [], 项=items) if items else {}


def method(material: Material) -> dict[str, Any]:
    """考核方法和数据说明: the scheme and its 示例 label, how a score comes about, where the data are from."""
    m, rules = material, material.scheme.rules
    weights = "、".join(f"{system.name}{percent(system.weight, 0)}" for system in m.scheme.systems)
    grades = "，".join(
        f"{grade.name}{number(grade.min_score, m.decimals)}分以上" for grade in m.scheme.grades[:-1]
    )
    missing = "计0分" if rules.missing == "zero" else "不计入"
    lines = [
        *m.method,
        f"得分：指标得分率按分值加权得出各责任制得分，再按责任制权重（{weights}）合成，减扣分、加加分（加分最多{number(rules.bonus_cap, POINTS_DECIMALS)}分），在0至100分之间；一票否决的最高{number(rules.veto_cap, POINTS_DECIMALS)}分。",
        f"地区得分：为所辖单位得分按单位类别权重的加权平均，不是下级地区得分的平均；截止后仍未提交的单位{missing}。",
        f"等次：{grades}，其余为{m.scheme.grades[-1].name}；最高一等另受比例上限约束，一票否决的为最低一等。",
        f"名次：按保留{m.decimals}位小数的得分排定，得分相同的并列。",
        "取值：以最近一级的核定值为准，未核定的以单位自评值计。",
    ]
    return {
        "标题": "考核方法和数据说明",
        "段落": [line if line.endswith("。") else f"{line}。" for line in lines],
    }


def _itself(material: Material) -> pd.DataFrame:
    """The region's own row, where those that are compared are not within it."""
    rows = material.regions
    return rows[rows["code"] == material.region]


def _vetoes_said(vetoed: pd.DataFrame) -> str:
    shown = min(len(vetoed), MOST_VETOES)
    listed = "下列" if shown == len(vetoed) else f"下列{shown}件及另外{len(vetoed) - shown}件"
    return f"一票否决{len(vetoed)}件，{listed}事项的单位等次为最低一等："


def _veto(row: dict[str, Any]) -> str:
    place = "".join(row["region_path"].split("/")[1:]) or row["region_name"]
    document = f"，{row['document']}" if row["document"] else ""
    return f"{row['unit_name']}（{place}）：{row['place']}，{row['finding_name']}{document}，{chinese_day(row['on_date'])}。"
