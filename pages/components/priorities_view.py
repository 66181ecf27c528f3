"""The parts of 先补什么: the target and its shortest list, what each indicator's mending gives, what holds back the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from data import queries
from data.queries.mending_plans import MOST_LISTED
from pages.components import state
from pages.components.charts import clicked, current_look, show_chart
from pages.components.filters import choose_option, filter_bar
from pages.components.html_table import Cell, show_rows
from pages.components.layout import page_header, section, show_empty
from pages.components.links import open_page, page_link
from pages.components.number_filter import type_number
from pages.components.results import View
from pages.components.tables import Col, show_table
from reporting.charts import draw_bridge, draw_mending
from reporting.mending import digits_of
from reporting.mending_headlines import say_ceiling, say_first, say_plan
from reporting.rows import rows_of
from reporting.theme import number, percent

KINDS = {"score": "达到分数", "rank": "达到名次"}
FEWEST = {"places": "处数最少", "indicators": "指标最少", "units": "单位最少"}
FEWEST_NOTES = {
    "places": "一处短板是一家单位的一项指标；所列为达到目标的最少处数",
    "indicators": "每项指标在本地区所有单位补齐；所列为达到目标的最少指标",
    "units": "每家单位的短板全部补齐；所列为达到目标的最少单位",
}
ORDERS = {"gain_per_unit": "按每家单位提分", "gain": "按合计提分"}
WIDTHS = [11, 10]
TALL_PX = 680
GAIN_DIGITS = 4  # a single place of the province moves its score by a few ten-thousandths


@dataclass(frozen=True)
class Target:
    """What is to be reached, by the fewest of what; exactly one of `score` and `rank` is given."""

    score: float | None
    rank: int | None
    fewest: str


def stop_without_score(view: View, outlook: Mapping[str, Any]) -> None:
    """Ends the run where files came in but none of their units has a score yet."""
    if outlook:
        return
    page_header(
        "先补什么", f"{view.name}还没有得分。", cycle=view.cycle, region=view.region, basis=view.basis
    )
    show_empty(
        "还没有得分",
        "已提交的单位在这一口径下没有适用的指标；请换一个评分口径或地区，或等其他单位提交。",
        page="submit",
        link="去自评填报",
        cycle=view.cycle,
    )
    state.end_page()


def choose_target(view: View, outlook: Mapping[str, Any]) -> Target:
    """The target (query parameters `goal`, `target` or `place`, `fewest`): a score, or a rank where there are others."""
    with filter_bar("priorities_bar"):
        has_rank = outlook["rank"] is not None and not view.is_before_deadline
        kinds = KINDS if has_rank else {"score": KINDS["score"]}
        kind = choose_option("goal", "目标", kinds, style="segments") or "score"
        score = rank = None
        if kind == "rank":
            rank = int(
                type_number(
                    "place",
                    "名次（前几名）",
                    low=1,
                    high=outlook["peers"],
                    default=max(1, outlook["rank"] - 1),
                    step=1,
                    of=view.key,
                    decimals=0,
                )
            )
        else:
            score = type_number(
                "target",
                "目标得分",
                low=0.0,
                high=100.0,
                default=outlook["usual_target"],
                step=0.5,
                of=view.key,
                decimals=max(view.decimals, 1),
            )
        fewest = choose_option("fewest", "所补", FEWEST, style="segments") or "places"
    return Target(score=score, rank=rank, fewest=fewest)


def plan_of(view: View, target: Target) -> dict[str, Any]:
    """queries.mending_plan of the target; empty where single units may not be seen."""
    return view.ask(
        queries.mending_plan,
        region=view.region,
        basis=view.basis,
        target=target.score,
        rank=target.rank,
        fewest=target.fewest,
    )


def finding(view: View, outlook: Mapping[str, Any], plan: Mapping[str, Any], fewest: str) -> str:
    """The screen's finding: how the target is reached, or, beyond the own region, how far mending would lead."""
    if not plan:
        return say_ceiling(outlook, name=view.name, decimals=view.decimals)
    return say_plan(
        plan,
        outlook,
        name=view.name,
        decimals=view.decimals,
        fewest=fewest,
        with_rank=not view.is_before_deadline,
    )


def show_plan(view: View, plan: Mapping[str, Any], fewest: str) -> None:
    """From the present score to the target, beside the list of what to mend, the largest first."""
    section("达到目标最少要补的短板", FEWEST_NOTES[fewest])
    if not plan:
        show_empty(
            "不在您的管辖地区",
            "目标测算要用每家单位的逐项得分，只对您管辖的地区进行；请在上方选择本地区。其他地区只显示汇总。",
        )
        return
    if not plan["places"]:
        show_empty("不需要补短板", "得分已达到目标，或没有补齐后能使得分上升的短板；请在上方另定目标。")
        return
    left, right = st.columns(WIDTHS, gap="large")
    name = f"{view.cycle}_{view.name}_{number(plan['target'], view.decimals)}分_{FEWEST[fewest]}"
    with left:
        show_chart(
            draw_bridge(plan["steps"], look=current_look(), decimals=view.decimals),
            key=f"priorities_steps_{view.key}_{fewest}_{plan['target']}",
            name=f"先补什么_{name}",
            alt="由目前得分到补齐后得分的每一步，数值见旁边的表",
        )
        st.caption("每一步的提分已按该单位满分封顶、零分保底和一票否决上限算到；各步相加等于两个得分之差。")
    with right:
        _show_list(view, plan["list"], name=name)
        if plan["places"] > MOST_LISTED:
            st.caption(f"共 {plan['places']:,} 处，名单列出作用最大的 {MOST_LISTED:,} 处。")
        page_link(
            "rectification",
            "到整改督办下达整改任务",
            icon=":material/assignment_add:",
            cycle=view.cycle,
            region=view.region,
            part="tasks",
            way_of_tasks="issue",
            issue_source="gap",
        )


def _show_list(view: View, places: pd.DataFrame, *, name: str) -> None:
    show_rows(
        places.assign(
            href=view.unit_urls(places),
            where=places["region_name"] + " · " + places["category_name"],
            said=[f"{row.answer} · 得分率 {percent(row.attainment, 0)}" for row in rows_of(places)],
        ),
        {
            "name": Cell("单位", "link", href="href", below="where", width="40%", wraps=True),
            "title": Cell("指标", below="said", help="下方为填报值和核定后的得分率"),
            "article": Cell("依据", "article", width="6em"),
            "gain": Cell(
                "提分",
                "number",
                decimals=GAIN_DIGITS,
                width="5.2em",
                help="使本地区得分提高；单位自身提高的分数见下载",
            ),
        },
        height=TALL_PX,
        download=f"补短板名单_{name}",
        download_columns={
            "code": "单位代码",
            "name": "单位",
            "region_name": "所在地区",
            "category_name": "类别",
            "indicator": "指标编号",
            "title": "指标",
            "place": "依据",
            "answer": "填报值",
            "attainment": "得分率",
            "points": "单位提分",
            "gain": "地区提分（未舍入）",
        },
    )


def show_indicators(view: View, frame: pd.DataFrame) -> None:
    """What mending one indicator everywhere gives, per unit touched and in all; a click opens its units in 差距分析."""
    section(
        "各项指标补齐后的提分",
        f"{say_first(frame, decimals=view.decimals)}。只补这一项，其余不变；点击条形查看是哪些单位",
    )
    if frame.empty:
        show_empty("没有短板", "本地区已评分的单位各项指标都得满分。")
        return
    order = choose_option("mend_by", "排列", ORDERS, style="segments") or "gain_per_unit"
    shown = frame.sort_values([order, "key"], ascending=[False, True], ignore_index=True)
    digits = digits_of(shown["gain_per_unit"].max(), least=view.decimals)
    left, right = st.columns(WIDTHS, gap="large")
    with left:
        chosen = clicked(
            draw_mending(shown, look=current_look(), by=order, decimals=view.decimals),
            key=f"priorities_indicators_{view.key}_{order}",
            name=f"指标补齐后的提分_{view.cycle}_{view.name}",
            alt="各项指标补齐后的提分，数值见旁边的表",
        )
    with right:
        columns = {
            "label": Col("指标", width=134),
            "article": Col("条文", "article", width=80),
            "units_gain": Col(
                "可提分", "count", width=58, help="补齐后得分上升的单位；一票否决、已满分封顶的不升"
            ),
            "gain": Col("合计提分", "points", width=72),
            "gain_per_unit": Col("每家提分", "weight", width=74),
            "units_short": Col("未满分", "count", width=58, help="未得满分的单位"),
            "units_half": Col("过半家数", "count", width=72, help="补这一项，最少几家单位即得一半提分"),
            "score_after": Col("补后得分", "score", width=76),
            "rank_after": Col("补后名次", "rank", width=72),
        }
        left_out = {"units_half"} if view.is_outside else set()
        if view.is_before_deadline or frame["rank_after"].isna().all():
            left_out.add("rank_after")
        row = show_table(
            shown,
            {name: column for name, column in columns.items() if name not in left_out},
            key=f"priorities_table_{view.key}_{order}",
            select=True,
            rows=16,
            download=f"指标补齐后的提分_{view.cycle}_{view.name}",
        )
        st.caption(f"每家提分按 {digits} 位小数显示于图中；合计提分已扣除封顶和否决的影响，未舍入值见下载。")
    chosen = shown["key"].iloc[row] if row is not None else chosen
    if chosen:
        open_page("gaps", **view.where | {"indicator": chosen})


def show_ceiling(view: View, outlook: Mapping[str, Any]) -> None:
    """How far mending alone leads, and what still separates the region from full marks then."""
    section(
        "补齐之后还差什么",
        f"{say_ceiling(outlook, name=view.name, decimals=view.decimals)}。这些不是补短板能补的",
    )
    rows = [
        {"label": "满分", "printed": 100.0, "value": 100.0, "what": ""},
        *({**part, "what": _what_to_do(part["key"], outlook)} for part in outlook["held"]),
    ]
    show_rows(
        pd.DataFrame(rows),
        {
            "label": Cell("去向", width="14em"),
            "printed": Cell("分", "number", decimals=view.decimals, width="8em"),
            "what": Cell("说明"),
        },
        total={"label": "全部补齐后的得分", "printed": number(outlook["ceiling"], view.decimals)},
        download=f"补齐之后还差什么_{view.cycle}_{view.name}",
        download_columns={"label": "去向", "printed": "分", "value": "未舍入", "what": "说明"},
    )


def _what_to_do(key: str, outlook: Mapping[str, Any]) -> str:
    return {
        "missing": f"{outlook['missing_units']:,} 家单位未提交，按零分计；先催报",
        "deductions": "第四十条的扣分，整改后仍按认定事项计",
        "veto": f"{outlook['vetoed']:,} 家单位有一票否决，得分不超过上限",
        "bonus": "第三十七条、第三十八条的加分",
        "clipped": "加分后超过满分的部分不计，扣分后低于零分的按零分计",
    }[key]
