"""Which figures the screens show of a material, as pictures: name, sentence, size, and how each is drawn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from data import queries
from data.regions import regions_by_code
from meeting.material import Material, NothingToReport
from reporting import charts, headlines, picture_sentences, trend_headlines
from reporting.palette import LIGHT
from reporting.rows import rows_of
from reporting.slopes import MOST_SLOPES

PARTS = {
    "overview": "总览",
    "ranking": "地区排名",
    "units": "单位得分",
    "gaps": "差距分析",
    "trend": "年度趋势",
    "tasks": "整改督办",
    "grades": "等次",
    "severity": "审核尺度",
}
WIDE, MIDDLE, NARROW = 1200, 1000, 800  # pixels at 1×
MOST_LINES = 25  # regions whose ranks can be followed as lines
MOST_UNITS = 120  # more bars cannot be read in one picture
STILL_MOVES = "截止前得分还会变动"
MULTIPLES_NOTE = "每个小图一个地区，灰线为全省；绿：最近一年上升，橙：下降。没有得分的年度不连线"


@dataclass(frozen=True)
class Picture:
    """One figure: `name` for its file, `title` and the computed sentence `says` above it, `width` at 1×."""

    name: str
    title: str
    says: str
    width: int
    draw: Callable[[], Any]


def pictures(material: Material, parts: Collection[str], *, units: Collection[str] = ()) -> Iterator[Picture]:
    """The pictures of the chosen parts in order, then those of single units by their codes; nothing empty.

    Raises NothingToReport for a unit that is not on the register of the cycle or outside the reader's scope.
    """
    makers = {
        "overview": _overview,
        "ranking": _ranking,
        "units": _units,
        "gaps": _gaps,
        "trend": _trend,
        "tasks": _tasks,
        "grades": _grades,
        "severity": _severity,
    }
    for part, make in makers.items():
        if part in parts:
            yield from make(material)
    for unit in units:
        yield from _unit(material, unit)


def left_out(material: Material, parts: Collection[str]) -> list[str]:
    """What the chosen parts cannot show, and why, in a line each."""
    lines = []
    if material.is_before_deadline and {"ranking", "units", "trend", "grades"} & set(parts):
        lines.append("截止前不排名次：等次、位次、单位得分、地区对比和年度变化的图在截止后生成")
    elif "trend" in parts and material.before is None:
        lines.append("年度趋势：只有一个考核年度，没有可比较的年度")
    if "units" in parts and material.region is not None:
        lines += [
            f"单位得分：{name} {len(rows)} 家，超过 {MOST_UNITS} 家不作图，请按县（市、区）生成，或看数据表"
            for name, rows in _categories(material)
            if len(rows) > MOST_UNITS
        ]
    return lines


def _overview(material: Material) -> Iterator[Picture]:
    is_open, level = material.is_before_deadline, "市（地）"
    yield Picture(
        name=f"{level}方块图",
        title=f"{material.cycle} 年度各{level}{'提交率' if is_open else '得分与等次'}",
        says=_standing(material)
        if is_open or material.region
        else headlines.say_extremes(material.prefectures, decimals=material.decimals),
        width=NARROW,
        draw=lambda: charts.draw_tile_map(
            material.prefectures,
            look=LIGHT,
            decimals=material.decimals,
            grades=material.scheme.grades,
            leads="submission_rate" if is_open else "score",
            chosen=material.region,
        ),
    )
    if not is_open:
        yield Picture(
            name="等次分布",
            title=_title(material, "各等次单位的比例"),
            says=headlines.say_grades(material.grade_counts, name=material.name),
            width=MIDDLE,
            draw=lambda: charts.draw_grade_shares(_shares(material), look=LIGHT),
        )
    yield Picture(
        name="提交进度",
        title=_title(material, "自评表提交进度"),
        says=f"{headlines.say_submissions(material.summary, name=material.name)}。"
        f"{headlines.say_deadline(material.deadline, now=material.now)}",
        width=NARROW,
        draw=lambda: charts.draw_submissions(
            material.ask(queries.submission_days, region=material.region),
            registered=material.summary["registered"],
            deadline=material.deadline,
            look=LIGHT,
        ),
    )


def _ranking(material: Material) -> Iterator[Picture]:
    common = {
        "look": LIGHT,
        "decimals": material.decimals,
        "show_parent": material.is_spread,
        "chosen": material.region,
    }
    where = _compared(material)
    if material.is_before_deadline:
        yield Picture(
            name="提交率与得分区间",
            title=f"{material.cycle} 年度{where}提交率与得分可能区间",
            says=f"{_standing(material)}；按提交率排列",
            width=MIDDLE,
            draw=partial(charts.draw_bounds, material.regions, **common),
        )
        return
    yield Picture(
        name="地区排名",
        title=f"{material.cycle} 年度{where}得分排名",
        says="。".join(
            filter(None, (headlines.say_extremes(material.regions, decimals=material.decimals), "名次为全省同级地区中的名次"))
        ),
        width=MIDDLE,
        draw=partial(charts.draw_ranked_bars, material.regions, mean=material.province["score"], **common),
    )  # fmt: skip
    ranks = _system_ranks(material)
    if len(ranks) < 2:
        return
    systems = material.scheme.systems
    draw = charts.draw_system_ranks if len(ranks) <= MOST_LINES else charts.draw_system_shifts
    yield Picture(
        name="两个责任制位次",
        title=f"{material.cycle} 年度{where}在两个责任制之间的位次变化",
        says=headlines.say_movers(ranks, systems=systems),
        width=MIDDLE,
        draw=partial(draw, ranks, systems=systems, look=LIGHT, decimals=material.decimals),
    )


def _units(material: Material) -> Iterator[Picture]:
    if material.region is None or material.is_before_deadline:
        return
    counts = material.ask(queries.unit_categories, region=material.region)
    for name, rows in _categories(material):
        if len(rows) > MOST_UNITS:
            continue
        own = next(each for each in rows_of(counts) if each.category_name == name)
        yield Picture(
            name=f"单位得分_{name}",
            title=_title(material, f"{name}得分"),
            says=headlines.say_unit_ranks(
                own, category=name, where=material.name, decimals=material.decimals
            ),
            width=MIDDLE,
            draw=partial(charts.draw_ranked_bars, rows, look=LIGHT, decimals=material.decimals),
        )


def _gaps(material: Material) -> Iterator[Picture]:
    decimals = material.decimals
    if not material.waterfall.empty:
        yield Picture(
            name="从满分到得分",
            title=_title(material, "从满分到得分"),
            says=_moving(
                material, headlines.say_losses(material.waterfall, name=material.name, decimals=decimals)
            ),
            width=MIDDLE,
            draw=lambda: charts.draw_waterfall(material.waterfall, look=LIGHT, decimals=decimals),
        )
    if not material.is_before_deadline:
        yield from _heat_maps(material)
    if (material.gaps["gap"] > 0).any():
        yield Picture(
            name="失分最多的指标",
            title=_title(material, "失分最多的指标"),
            says=_moving(material, headlines.say_costliest(material.gaps, decimals=decimals)),
            width=MIDDLE,
            draw=lambda: charts.draw_costliest(material.gaps, look=LIGHT, decimals=decimals),
        )


def _heat_maps(material: Material) -> Iterator[Picture]:
    rows, grouped = material.regions, material.is_spread
    if grouped:
        rows = rows.sort_values(["parent", "rank", "code"])
    for by, name in (("dimension", "维度"), ("article", "条文")):
        values = material.matrix if by == "dimension" else material.ask_rows(queries.gap_matrix, by=by)
        if values.empty:
            continue
        yield Picture(
            name=f"得分率热力图_按{name}",
            title=f"{material.cycle} 年度{_compared(material)}得分率热力图（按{name}）",
            says=f"{headlines.say_weakest(values)}。颜色越醒目失分越多；空白格：没有适用的已评分单位"
            + ("。单位：%" if by == "article" else ""),
            width=WIDE,
            draw=partial(
                charts.draw_heat_map,
                values,
                look=LIGHT,
                by=by,
                measure="attainment",
                decimals=material.decimals,
                regions=rows,
                grouped=grouped,
                chosen=material.region,
            ),
        )


def _trend(material: Material) -> Iterator[Picture]:
    if material.before is None or material.is_before_deadline:
        return
    years = (material.before, material.cycle)
    decimals = material.decimals_of_years
    span = f"{years[0]} 年到 {years[1]} 年"
    moves = material.region_moves
    known = moves[moves["change"].notna()]
    if not known.empty:
        more = f"。图中为变动最大的 {MOST_SLOPES} 个" if len(known) > MOST_SLOPES else ""
        yield Picture(
            name="两年变化",
            title=f"{_compared(material)}得分：{span}",
            says=trend_headlines.say_moves(moves, level=material.level_name, decimals=decimals) + more,
            width=WIDE,
            draw=lambda: charts.draw_slopes(
                known.head(MOST_SLOPES), years=years, look=LIGHT, decimals=decimals
            ),
        )
    yield from _years(material, decimals)
    row = {"score_before": material.summary_before.get("score"), "score_now": material.summary["score"]}
    for by, name in (("dimension", "维度"), ("article", "条文")):
        steps = (
            material.bridge
            if by == "dimension"
            else material.ask(queries.bridge, before=years[0], region=material.region, by=by)
        )
        if steps.empty:
            continue
        yield Picture(
            name=f"得分为什么变_按{name}",
            title=f"{material.full_name}得分为什么变（按{name}）：{span}",
            says=f"{trend_headlines.say_move(row, name=material.name, years=years, decimals=decimals)}。"
            f"{trend_headlines.say_causes(steps, decimals=decimals)}。斜纹：只在一年的方案中",
            width=MIDDLE,
            draw=partial(charts.draw_bridge, steps, look=LIGHT, decimals=decimals),
        )
    articles = material.ask(queries.comparable_attainments, before=years[0], region=material.region)
    if articles["change"].notna().any():
        yield Picture(
            name="条文得分率",
            title=f"{material.full_name}各条文得分率：{span}",
            says=f"{trend_headlines.say_attainments(articles, years=years)}。只计两年相同的指标",
            width=MIDDLE,
            draw=lambda: charts.draw_dumbbell(articles, years=years, look=LIGHT),
        )


def _years(material: Material, decimals: int) -> Iterator[Picture]:
    """All years of the compared regions that have a score now, the best 25."""
    trend = material.ask_rows(queries.region_trend)
    newest = trend[(trend["cycle"] == material.cycle) & trend["score"].notna()]
    if newest.empty:
        return
    shown = newest.sort_values(["rank", "code"]).head(MOST_SLOPES)["code"]
    more = f"。图中为得分最高的 {MOST_SLOPES} 个" if len(newest) > MOST_SLOPES else ""
    span = sorted(trend["cycle"].unique())
    yield Picture(
        name="历年得分",
        title=f"{_compared(material)}历年得分（{span[0]}–{span[-1]}）",
        says=MULTIPLES_NOTE + more,
        width=WIDE,
        draw=lambda: charts.draw_small_multiples(
            trend[trend["code"].isin(shown)],
            reference=material.ask(queries.region_trend, level="province"),
            look=LIGHT,
            decimals=decimals,
        ),
    )


def _tasks(material: Material) -> Iterator[Picture]:
    if not material.task_rates["given_out"].sum():
        return
    yield Picture(
        name="整改销号率",
        title=f"{material.cycle} 年度{_compared(material)}整改任务销号率",
        says=picture_sentences.say_closing(material.task_summary, name=material.name),
        width=MIDDLE,
        draw=lambda: charts.draw_closing_rates(material.task_rates, look=LIGHT),
    )


def _grades(material: Material) -> Iterator[Picture]:
    """Of the whole province only, which sets grades and whose ceilings they are."""
    if material.region is not None or material.is_before_deadline:
        return
    steps = material.ask(queries.grade_steps)
    if not steps.empty:
        yield Picture(
            name="等次_按得分与最终",
            title=f"{material.cycle} 年度等次：按得分与最终",
            says=picture_sentences.say_steps(steps),
            width=MIDDLE,
            draw=lambda: charts.draw_grade_shares(steps, look=LIGHT, measure="个"),
        )


def _severity(material: Material) -> Iterator[Picture]:
    """Of the whole province only, as it stands now: a publication holds results, not the course of the review."""
    if material.region is not None or material.publication:
        return
    frame = material.ask(queries.severity)
    frame = frame[frame["difference"].notna()]
    for _, rows in frame.groupby("stage", sort=False):
        rows = rows.sort_values(["difference", "region"], ascending=[False, True])
        stage = rows["stage_name"].iloc[0]
        yield Picture(
            name=f"审核尺度_{stage}",
            title=f"{material.cycle} 年度审核尺度（{stage}）：各岗位与可比岗位之差",
            says=picture_sentences.say_severity(rows),
            width=MIDDLE,
            draw=partial(charts.draw_severity, rows, look=LIGHT),
        )


def _unit(material: Material, unit: str) -> Iterator[Picture]:
    """Of one unit: from full marks to its score, and its dimensions beside its category's mean."""
    summary = material.ask(queries.unit_summary, unit=unit)
    if not summary:
        raise NothingToReport(
            f"{material.cycle} 年度名册中没有单位 {unit}，或不在您的管辖地区：请核对统一社会信用代码"
        )
    name, decimals = summary["name"], material.decimals
    steps = material.ask(queries.waterfall, unit=unit)
    if not steps.empty:
        yield Picture(
            name=f"单位_{name}_从满分到得分",
            title=f"{name} {material.cycle} 年度从满分到得分",
            says=_moving(material, headlines.say_losses(steps, name=name, decimals=decimals)),
            width=MIDDLE,
            draw=lambda: charts.draw_waterfall(steps, look=LIGHT, decimals=decimals),
        )
    dimensions = material.ask(queries.unit_dimensions, unit=unit)
    if dimensions["attainment"].notna().any():
        yield Picture(
            name=f"单位_{name}_各维度得分率",
            title=f"{name} {material.cycle} 年度各维度得分率",
            says=_moving(material, picture_sentences.say_dimensions(dimensions)),
            width=NARROW,
            draw=lambda: charts.draw_radar(dimensions, look=LIGHT, name="本单位", mean_name="同类平均"),
        )


# ---- what several of them share


def _title(material: Material, what: str) -> str:
    return f"{material.full_name} {material.cycle} 年度{what}"


def _compared(material: Material) -> str:
    """全省各市（地）, 哈尔滨市各县（市、区）: the regions that are compared."""
    over = "全省" if material.parent is None else regions_by_code()[material.parent].name
    return f"{over}各{material.level_name}"


def _standing(material: Material) -> str:
    if material.is_before_deadline:
        return headlines.say_bounds(material.summary, name=material.name, decimals=material.decimals)
    return headlines.say_score(
        material.summary, name=material.name, decimals=material.decimals, before=material.summary_before
    )


def _moving(material: Material, says: str) -> str:
    return f"{says}（{STILL_MOVES}）" if material.is_before_deadline else says


def _shares(material: Material) -> pd.DataFrame:
    """The whole first, then region by region, as 总览 shows them."""
    shares = material.grade_shares
    return pd.concat(
        [material.grade_counts.assign(code="", name=material.name), shares[shares["share"].notna()]]
    )


def _system_ranks(material: Material) -> pd.DataFrame:
    ranks = material.ask_rows(queries.system_ranks)
    ranks = ranks[ranks["rank"].notna()].merge(material.regions[["code", "parent_name"]], on="code")
    return material.told_apart(ranks, between=" ")


def _categories(material: Material) -> list[tuple[str, pd.DataFrame]]:
    """The categories of the region's units by the scheme's order, each with its units, best first."""
    units, found = material.units, []
    for category in material.scheme.categories:
        rows = units[units["category"] == category.id]
        if len(rows):
            rows = rows.sort_values(["score", "code"], ascending=[False, True], na_position="last")
            found.append((category.name, rows))
    return found
