"""The sections of a 通报 out of a Material: sentences and rows of its tables, each number as text, as the template takes them.

Every function answers {} where the section has nothing to show. The numbers of sections and tables are given by
meeting/bulletin.py, which knows what stands before them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from data import queries
from meeting.material import Material
from reporting import bulletin_sentences as say
from reporting.headlines import say_bounds, say_costliest, say_losses, say_movers
from reporting.rows import rows_of
from reporting.theme import NOTHING, is_missing, number, percent, signed
from reporting.trend_headlines import say_causes, say_comparability, say_moves

Section = dict[str, Any]
MOST_IN_TEXT = 20  # rows of a table in the text; a longer ranking is an attachment
MOST_EACH_WAY = 10  # regions that rose most, and that fell most, in the table of moves
MOST_GAPS = 10


def overall(material: Material) -> Section:
    """总体情况: what came in, score and grade, the systems, grades of units and regions."""
    m, d = material, material.decimals
    parts = [("填报情况", [say.say_handed_in(
        m.summary, name=m.name, deadline=m.deadline, is_open=m.is_before_deadline, day=m.today)])]  # fmt: skip
    if m.is_before_deadline:
        bounds = say.as_sentence(say_bounds(m.summary, name=m.name, decimals=d))
        return section("总体情况", [*parts, ("得分区间", [bounds])])
    among = f"全省{m.own_level_name}" if m.region else ""
    result = say.say_result(
        m.summary,
        name=m.name,
        decimals=d,
        before=m.summary_before,
        year=m.before,
        decimals_of_years=m.decimals_of_years,
        among=among,
    )
    systems = [
        {
            "name": system.name,
            "weight": system.weight,
            "score": m.ask(queries.region_summary, region=m.region, basis=system.id)["score"],
        }
        for system in m.scheme.systems
    ]
    losses = say.as_sentence(say_losses(m.waterfall, name=m.name, decimals=d))
    parts.append(("得分情况", [f"{result}{say.say_systems(systems, decimals=d)}", losses]))
    names = [grade.name for grade in m.scheme.grades]
    by_region = say.say_region_grades(m.told_apart(m.regions), level=m.level_name, grades=names)
    parts.append(("等次情况", [say.say_unit_grades(m.grade_counts), by_region]))
    rows = [
        {"等次": row.grade_name, "单位": str(row.units), "占比": percent(row.share)}
        for row in rows_of(m.grade_counts)
    ]
    return section("总体情况", parts, table=f"{m.name}单位等次分布", rows=rows, said_in=-1)


def ranking(material: Material) -> Section:
    """地区排名: who stands where; not before the deadline."""
    m, d = material, material.decimals
    if m.is_before_deadline:
        return {}
    rows = m.told_apart(m.regions)
    where = f"名次在全省{m.level_name}中排定。" if m.parent else ""
    ties = rows.loc[rows["rank"].notna(), "rank"].value_counts()
    others = rows[rows["code"] != m.region]  # a county stands among its siblings
    texts = [
        where + say.say_order(rows, decimals=d),
        say.say_against(others, name=m.name, score=m.summary["score"], decimals=d) + say.say_unranked(rows),
    ]
    shifts = system_ranks_named(m)
    table = [
        {
            "名次": NOTHING if is_missing(row["rank"]) else ("并列" if ties[row["rank"]] > 1 else "") + f"{row['rank']:.0f}",
            "地区": row["name"],
            "登记": str(row["registered"]),
            "提交率": percent(row["submission_rate"]),
            "按时率": percent(row["on_time_rate"]),
            "得分": number(row["score"], d),
            "责任制": " / ".join(number(row[f"score_{system.id}"], d) for system in m.scheme.systems),
            "等次": NOTHING if is_missing(row["grade_name"]) else row["grade_name"],
            "等次由来": NOTHING if is_missing(row["reason_name"]) else row["reason_name"],
        }
        for row in rows.merge(shifts.drop(columns=["name", "score", "rank"]), on="code", how="left").to_dict("records")
    ]  # fmt: skip
    movers = say.as_sentence(say_movers(shifts[shifts["rank"].notna()], systems=m.scheme.systems))
    return section(
        f"各{m.level_name}得分和名次",
        [("得分和名次", texts), ("两个责任制的位次", [movers])]
        if len(m.scheme.systems) > 1
        else [("", texts)],
        table=f"各{m.level_name}得分、名次和等次",
        rows=table,
        责任制名称=" / ".join(system.name for system in m.scheme.systems),
    )


def progress(material: Material) -> Section:
    """填报进展: instead of the ranking, before the deadline."""
    m, d = material, material.decimals
    if not m.is_before_deadline:
        return {}
    rows = m.told_apart(m.regions)
    text = say.say_progress(rows, level=m.level_name, name=m.name, rate=m.summary["submission_rate"])
    table = [
        {
            "序号": str(at),
            "地区": row["name"],
            "登记": str(row["registered"]),
            "已提交": str(row["submitted"]),
            "提交率": percent(row["submission_rate"]),
            "区间": f"{number(row['low'], d)}–{number(row['high'], d)}",
        }
        for at, row in enumerate(rows.to_dict("records"), start=1)
    ]
    return section(
        f"各{m.level_name}填报进展",
        [("", [text, "截止前得分仍会变动，不排名次，不评等次。"])],
        table=f"各{m.level_name}提交率和得分可能区间（按提交率排列）",
        rows=table,
    )


def moves(material: Material) -> Section:
    """升降情况: who rose and fell since the year before, and what moved the whole; {} without one."""
    m, d = material, material.decimals_of_years
    if m.is_before_deadline or m.region_moves.empty or not m.region_moves["change"].notna().any():
        return {}
    years = (m.before, m.cycle)
    rows = m.told_apart(m.region_moves)
    comparison = queries.comparability(m.reading, cycle=m.cycle, before=m.before)
    whole = [] if m.bridge.empty else [f"{m.name}{say.as_sentence(say_causes(m.bridge, decimals=d))}"]
    known = rows[rows["moved"].notna()].sort_values(["moved", "code"], ascending=[False, True])
    title = f"各{m.level_name}得分的变化"
    if len(known) > MOST_IN_TEXT:
        known = pd.concat([known.head(MOST_EACH_WAY), known.tail(MOST_EACH_WAY)])
        title = f"得分上升最多和下降最多的各{MOST_EACH_WAY}个{m.level_name}"
    table = [
        {
            "地区": row["name"],
            "上年得分": number(row["score_before"], d),
            "本年得分": number(row["score_now"], d),
            "变化": signed(row["moved"], d),
            "上年名次": number(row["rank_before"], 0),
            "本年名次": number(row["rank_now"], 0),
        }
        for row in known.to_dict("records")
    ]
    return section(
        f"与{m.before}年度相比的升降",
        [
            ("可比性", [say.as_sentence(say_comparability(comparison, years=years))]),
            ("得分变化的构成", whole),
            (
                f"各{m.level_name}的升降",
                [
                    say.as_sentence(say_moves(rows, level=m.level_name, decimals=d)),
                    *say.say_moved(rows, years=years, decimals=d),
                ],
            ),
        ],
        table=title,
        rows=table,
        said_in=-1,
        上年=str(m.before),
        本年=str(m.cycle),
    )


def gaps(material: Material) -> Section:
    """主要差距: the costliest indicators, those that most units lack, dimensions."""
    m, d = material, material.decimals
    rows = m.gaps[m.gaps["gap"] > 0]
    if rows.empty:
        return {}
    note = "截止前按已提交的单位计算，仍会变动。" if m.is_before_deadline else ""
    table = [
        {
            "序号": str(at),
            "指标": row["label"],
            "依据": row["place"],
            "失分": say.points(row["gap"], d),
            "得分率": percent(row["attainment"]),
            "未得满分": f"{row['units_short']:.0f}/{row['units']:.0f}",
            "占比": percent(row["units_short"] / row["units"]),
        }
        for at, row in enumerate(rows.head(MOST_GAPS).to_dict("records"), start=1)
    ]
    costliest = say.as_sentence(say_costliest(m.gaps, decimals=d))
    return section(
        "主要差距",
        [
            ("失分最多的指标", [note + costliest + say.say_gaps(m.gaps, name=m.name, decimals=d)]),
            ("多数单位的短板", [say.say_commonest(m.gaps)]),
            ("各维度", [say.say_dimensions(m.dimensions)]),
        ],
        table=f"使{m.name}失分最多的指标",
        rows=table,
    )


def self_assessment(material: Material) -> Section:
    """自评与核定: how far the self-assessments are from what was verified."""
    m, d = material, material.decimals
    rows = m.told_apart(m.regions)
    rows = rows[rows["self_inflation"].notna()].sort_values(
        ["self_inflation", "code"], ascending=[False, True]
    )
    if rows.empty:
        return {}
    title = f"各{m.level_name}自评得分和自评偏差"
    if len(rows) > MOST_IN_TEXT:
        rows, title = rows.head(MOST_IN_TEXT), f"自评偏差最大的{MOST_IN_TEXT}个{m.level_name}"
    table = [
        {
            "地区": row["name"],
            "自评得分": number(row["self_score"], d),
            "偏差": signed(row["self_inflation"], d),
            "核定比例": percent(row["verified_share"], 0),
        }
        for row in rows.to_dict("records")
    ]
    texts = [
        say.say_inflation(m.summary, name=m.name, decimals=d),
        say.say_inflated_units(m.unit_marks, decimals=d),
    ]
    return section("自评与核定", [("", texts)], table=title, rows=table)


def system_ranks_named(material: Material) -> pd.DataFrame:
    """queries.system_ranks of the compared regions, told apart."""
    ranks = material.ask_rows(queries.system_ranks)
    parents = material.regions.set_index("code")["parent_name"]
    ranks = ranks[ranks["code"].isin(parents.index)]
    return material.told_apart(ranks.assign(parent_name=ranks["code"].map(parents))).drop(
        columns="parent_name"
    )


def section(
    title: str,
    parts: Iterable[tuple[str, Iterable[str]]],
    *,
    table: str = "",
    rows: Sequence[Mapping[str, str]] = (),
    said_in: int = 0,
    **more: Any,
) -> Section:
    """A section without what is empty in it; `table` is the title of its table, `said_in` the part whose first paragraph
    refers to it, `more` what else its template needs."""
    kept = [
        {"标题": heading, "段落": [text for text in texts if text]} for heading, texts in parts if any(texts)
    ]
    return {"标题": title, "小节": kept, "行": list(rows), "表题": table, "表在": said_in, **more}
