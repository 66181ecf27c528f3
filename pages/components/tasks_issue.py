"""Giving rectification tasks out: to all units of a region that fall short in what was ruled, or one to one unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from data import queries
from data.course.tasks import NewTask, issue_tasks, usual_deadline
from data.store import StoreError
from pages.components.access import ask, get_scheme, get_store, require
from pages.components.confirm import ask_first, tell_once
from pages.components.filters import choose_option, choose_region, choose_unit, filter_bar
from pages.components.folded import show_folded
from pages.components.html_table import Cell, show_rows
from pages.components.layout import Kpi, kpi_cards, region_name, section, show_empty
from pages.components.links import plain
from reporting.rows import rows_of
from scoring.scheme import SchemeError

SOURCES = {"gap": "核定的短板（成批）", "hazard": "检查发现的隐患", "finding": "认定事项"}
MOST_INDICATORS = 30
LONGEST = 1000
SHOWN_UNITS = 200
NOTHING_CHOSEN = ""


def show_issuing(*, cycle: int) -> None:
    """Choose where the tasks come from, then for whom, what, until when."""
    with filter_bar("issue_filters"):
        source = choose_option("issue_source", "来源", SOURCES, style="segments")
        region = choose_region()
    show = {"gap": _show_gaps, "hazard": _show_hazard, "finding": _show_finding}[source]
    show(cycle=cycle, region=region)


def _show_gaps(*, cycle: int, region: str | None) -> None:
    indicators = ask(queries.task_gap_indicators, cycle=cycle, region=region)
    section("核定的短板", f"{region_name(region)}经核定未得满分的指标，失分多的在前；自评未核定的不在此列")
    if indicators.empty:
        show_empty(
            "没有核定的短板",
            "完成审核核定后，未得满分的指标列在这里。",
            page="review",
            link="去审核复核",
            cycle=cycle,
        )
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        show_rows(
            indicators.assign(no=range(1, len(indicators) + 1)),
            {
                "no": Cell("序", "number", decimals=0, width="3em"),
                "title": Cell("指标", below="indicator"),
                "article": Cell("依据", "article", href="place", width="11em"),
                "units": Cell("有短板", "number", decimals=0, width="5em"),
                "without_task": Cell("未下达", "number", decimals=0, width="5em"),
                "gap": Cell("失分", "number", decimals=3, width="5.5em", help="这项短板使本地区失去的分数"),
            },
            height=560,
            download=f"核定的短板_{cycle}_{region_name(region)}",
        )
    with right:
        _choose_gaps(indicators, cycle=cycle, region=region)


def _choose_gaps(indicators: pd.DataFrame, *, cycle: int, region: str | None) -> None:
    named = {row.indicator: f"{row.indicator} {row.title}" for row in rows_of(indicators)}
    ways = {"one": "选定指标", "most": "失分最多的几项"}
    if choose_option("issue_way", "下达哪些", ways, style="segments") == "most":
        most = min(MOST_INDICATORS, len(indicators))
        n = st.number_input("失分最多的前几项", 1, most, min(3, most), key="issue_most") if most > 1 else 1
        chosen = list(indicators["indicator"].head(int(n)))
    else:
        chosen = st.multiselect("指标", list(named), format_func=named.get, key=f"issue_indicators_{region}", placeholder="选一项或多项指标")  # fmt: skip
    gaps = ask(queries.task_gaps, cycle=cycle, region=region)
    gaps = gaps[gaps["indicator"].isin(chosen)]
    free = gaps[gaps["task"].isna()]
    kpi_cards(
        [
            Kpi(
                "将下达",
                f"{len(free):,}",
                "项",
                note=f"{free['unit'].nunique():,} 家单位",
                tone="pass" if len(free) else "plain",
            ),
            Kpi("已有任务", f"{len(gaps) - len(free):,}", "项", note="未办结或已销号，不重复下达"),
        ]
    )
    given = _common_fields(
        "gap",
        cycle=cycle,
        proof_hint="留空则用各指标应填的佐证材料",
        required_hint="留空则按指标所依据的条文",
    )
    tasks = [NewTask(row.unit, "gap", indicator=row.indicator, **given) for row in rows_of(free)]
    ask_first(
        f"下达 {len(tasks):,} 项整改任务",
        key="issue_gaps",
        primary=True,
        icon=":material/assignment_add:",
        title="下达整改任务",
        says=[
            f"向{region_name(region)}的 {free['unit'].nunique():,} 家单位下达 {len(tasks):,} 项整改任务。",
            f"指标：{'、'.join(named[id] for id in chosen)}。",
            f"整改期限 {given['deadline']:%Y-%m-%d}；单位登录后即可看到，可下载整改通知书。",
        ],
        yes="下达",
        act=partial(_issue, tasks, cycle),
        disabled=not tasks,
    )
    if len(free):
        shown = {
            "name": Cell("单位", below="region_name"),
            "title": Cell("指标"),
            "attainment": Cell("核定得分率", "percent", decimals=0),
        }
        show_folded(
            f"将下达的单位（{len(free):,} 项）",
            lambda: show_rows(free.head(SHOWN_UNITS), shown, height=360),
            key="issue_units",
        )


def _show_hazard(*, cycle: int, region: str | None) -> None:
    section("检查发现的隐患", "第十条、第十一条；写明隐患、整改要求和应报证明材料；不写个人姓名")
    left, right = st.columns(2, gap="large")
    with left:
        unit = choose_unit(cycle=cycle, region=region)
        title = st.text_input("隐患（一句话）", key="hazard_title", max_chars=60)
        found = st.text_area("发现的问题", key="hazard_found", max_chars=LONGEST, height=100)
        named = {NOTHING_CHOSEN: "不涉及指标"} | {
            i.id: f"{i.id} {i.title}" for i in get_scheme(cycle).indicators
        }
        indicator = st.selectbox("有关指标", list(named), format_func=named.get, key="hazard_indicator")
    with right:
        given = _common_fields("hazard", cycle=cycle, proof_hint="", required_hint="")
        task = NewTask(unit or "", "hazard", indicator=indicator or None, title=title, found=found, **given)
        _issue_one(task, cycle=cycle)


def _show_finding(*, cycle: int, region: str | None) -> None:
    section("认定事项", "由登记的责令改正等事项下达；复查通过时，该事项同时记为改正")
    left, right = st.columns(2, gap="large")
    with left:
        unit = choose_unit(cycle=cycle, region=region)
        found = ask(queries.unit_findings, cycle=cycle, unit=unit) if unit else pd.DataFrame()
        found = found[found["kind"] != "bonus"] if len(found) else found
        if unit and found.empty:
            st.caption("这家单位没有可以下达整改任务的认定事项。")
        named = {row.key: f"{row.name}（{row.document}）" for row in rows_of(found)} if len(found) else {}
        key = st.selectbox(
            "认定事项", list(named), format_func=named.get, key=f"finding_{unit}", placeholder="先选单位"
        )
    with right:
        given = _common_fields("finding", cycle=cycle, proof_hint="", required_hint="")
        _issue_one(NewTask(unit or "", "finding", finding_key=key, **given), cycle=cycle)


def _common_fields(source: str, *, cycle: int, proof_hint: str, required_hint: str) -> dict[str, Any]:
    """What every task has, as it is typed: required, proof, deadline, document."""
    try:
        deadline = usual_deadline(get_scheme(cycle), today=date.today())
    except SchemeError as error:
        st.caption(str(error))
        deadline = date.today()
    return {
        "required": st.text_area("整改要求", key=f"required_{source}", max_chars=LONGEST, height=90, placeholder=required_hint),
        "proof": st.text_area("应报证明材料", key=f"proof_{source}", max_chars=LONGEST, height=90, placeholder=proof_hint),
        "deadline": st.date_input("整改期限", deadline, format="YYYY-MM-DD", key=f"deadline_{source}", required=True),
        "document": st.text_input("通知书文号（可不填）", key=f"document_{source}", max_chars=60, placeholder="如 ×考〔2026〕12号"),
    }  # fmt: skip


def _issue_one(task: NewTask, *, cycle: int) -> None:
    if st.button("下达整改任务", type="primary", icon=":material/assignment_add:", key=f"issue_{task.source}", disabled=not task.unit):  # fmt: skip
        try:
            tell_once(_issue([task], cycle))
        except StoreError as error:
            st.error(plain(str(error)), icon="⚠️")
            return
        st.rerun()


def _issue(tasks: Sequence[NewTask], cycle: int) -> str:
    require("rectify")
    names = issue_tasks(get_store(), cycle=cycle, tasks=tasks)
    if len(names) == 1:
        return f"已下达整改任务 {names[0]}。"
    return f"已下达 {len(names):,} 项整改任务（{names[0]} 至 {names[-1]}）。"
