"""公布: what was published, what must be done before one can publish, what would move, and the Art. 18 result list."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from itertools import pairwise

import pandas as pd
import streamlit as st

from access.roles import ROLE_NAMES
from data import queries
from data.course.publications import publication, publish, requirements
from data.scoped import ScopedStore
from pages.components.access import ask, get_scheme, get_store, is_demo, may, require, who, whole_store
from pages.components.confirm import ask_first
from pages.components.downloads import show_file
from pages.components.filters import choose_option
from pages.components.html_table import Cell, show_rows
from pages.components.layout import badge, section, show_empty
from pages.components.links import can_open, page_link, page_url
from pages.components.paging import PAGE, rows_of_page, show_pages
from reporting.to_xlsx import to_result_list

PAGE_ROWS = 30
STATE_TONES = {"现行公布": "good", "已被替代": "none"}
COLUMNS = {
    "number": Cell("公布号", "link", href="url", width="7em"),
    "published_at": Cell("时间", "time", width="10em", below="by"),
    "state_name": Cell("状态", "badge", tones=STATE_TONES, width="7em"),
    "reason": Cell("说明"),
    "scheme": Cell("方案", width="13em"),
    "sha256": Cell("SHA-256", "code", width="22em"),
}
WHAT = {"unit": "单位", "prefecture": "市（地）", "county": "县（市、区）"}
CHANGES = {
    "name": Cell("名称", width="20%"),
    "score_before": Cell("原得分", "number", width="6em"),
    "score_after": Cell("现得分", "number", width="6em"),
    "change": Cell("变动", "number", width="5em"),
    "grade_before": Cell("原等次", width="5em"),
    "grade_after": Cell("现等次", width="5em"),
    "rank_before": Cell("原名次", "number", decimals=0, width="5em"),
    "rank_after": Cell("现名次", "number", decimals=0, width="5em"),
    "why": Cell("原因"),
}


def show_publications(*, cycle: int) -> None:
    """The cycle's publications, publishing it, what moved between two of them, and the result list of one."""
    made = ask(queries.published, cycle=cycle)
    if made.empty:
        section("公布", "公布以后，得分、名次、差距和等次连同方案和数据版本一起固定，附 SHA-256")
        show_empty("本年度还没有公布", "省级终评关闭、异议决定以后，由省级公布。")
    else:
        section("公布", "公布的结果不再改变；以后有变更的，另行公布。点公布号查看公布时的地区排名")
        show_rows(_as_shown(made, cycle=cycle), COLUMNS)
        st.caption("在服务器上执行 manage.py verify，会由原始数据重新计算每次公布并逐项比对。")
    if may("publish"):
        _show_publishing(made, cycle=cycle)
    if len(made):
        _show_changes(made, cycle=cycle)
        _show_result_list(made, cycle=cycle)


def _as_shown(made: pd.DataFrame, *, cycle: int) -> pd.DataFrame:
    where = "ranking" if can_open("ranking") else "unit"
    return made.assign(
        url=[page_url(where, cycle=cycle, pub=number) for number in made["number"]],
        by=made["role"].map(ROLE_NAMES),
        scheme=made["scheme_id"] + " " + made["version"],
    )


def _show_publishing(made: pd.DataFrame, *, cycle: int) -> None:
    needs = requirements(get_store(), cycle=cycle, now=datetime.now())
    blocking = [need for need in needs if not need.is_met and not need.is_advice]
    section("公布本年度结果" if made.empty else "再次公布", "")
    left, right = st.columns([2, 3], gap="large")
    with left:
        for need in needs:
            tone = "good" if need.is_met else "warn" if need.is_advice else "bad"
            mark = "已满足" if need.is_met else "提示" if need.is_advice else "未满足"
            with st.container(
                horizontal=True, vertical_alignment="center", key=f"need_{need.page}_{need.part}"
            ):
                st.html(f"{badge(mark, tone)} {need.text}")
                if not need.is_met and need.page:
                    page_link(
                        need.page, "去办理", icon=":material/arrow_forward:", cycle=cycle, part=need.part
                    )
    with right, st.container(border=True, key="publishing"):
        reason = st.text_input(
            "公布说明（必填）",
            key="publish_reason",
            placeholder="如：经考核主管部门审定，公布年度考核结果" if made.empty else "如：异议复核后更正",
        )
        scheme = get_scheme(cycle)
        says = [
            f"{cycle} 年度的全部得分、名次、差距、等次按现在的数据固定，编为第 {cycle}-{len(made) + 1} 号。",
            f"方案：{scheme.title}（{scheme.version}）；{scheme.weights_note}。",
            "公布以后不能撤回；有变更的须再次公布，并列出变动和原因。",
        ]
        if len(made):
            moved = ask(queries.publication_changes, cycle=cycle, before=made["number"].iloc[0])
            says.insert(
                1, f"与第 {made['number'].iloc[0]} 号相比，{len(moved):,} 家单位的得分、等次或名次有变动。"
            )
            st.caption(says[1])
        ask_first(
            "公布",
            key="publish",
            icon=":material/verified:",
            primary=True,
            disabled=bool(blocking),
            title=f"公布 {cycle} 年度结果",
            says=says,
            yes="公布",
            act=partial(_publish, cycle, reason),
        )


def _publish(cycle: int, reason: str) -> str:
    require("publish")
    made = publish(get_store(), cycle=cycle, reason=reason)
    return f"已公布第 {made.number} 号，SHA-256 {made.sha256}。"


def _show_changes(made: pd.DataFrame, *, cycle: int) -> None:
    numbers = list(made["number"])
    pairs = {f"{numbers[0]}:": f"第 {numbers[0]} 号公布以后（实时）"}
    pairs |= {f"{old}:{new}": f"第 {old} 号 → 第 {new} 号" for new, old in pairwise(numbers)}
    section("变动", "两次公布之间，或者公布以后，得分、等次、名次的变动和原因")
    with st.container(horizontal=True, key="change_filters"):
        pair = choose_option("pair", "比较", pairs, width=260, clears=PAGE)
        levels = WHAT if may("see_results") else {"unit": "单位"}
        what = choose_option("what", "对象", levels, style="segments", clears=PAGE)
    before, after = pair.split(":")
    rows = ask(queries.publication_changes, cycle=cycle, before=before, after=after or None, what=what)
    if rows.empty:
        show_empty("没有变动", "得分、等次和名次都与公布时相同。")
        return
    on_page, page = rows_of_page(rows, size=PAGE_ROWS)
    show_rows(on_page, CHANGES)
    show_pages(page, len(rows), size=PAGE_ROWS)


def _show_result_list(made: pd.DataFrame, *, cycle: int) -> None:
    section(
        "考核结果运用表", "第十八条：考核结果作为领导班子和领导干部综合考核评价的依据；只列单位，不列个人"
    )
    number = choose_option("list", "公布号", {n: f"第 {n} 号公布" for n in made["number"]}, width=200)
    name = f"考核结果运用表_{cycle}_第{number}号公布.xlsx"
    made_from = publication(whole_store(), cycle=cycle, number=number)
    frozen = whole_store().seen_by(who().scope, publication=made_from)
    show_file(
        "下载考核结果运用表（xlsx）",
        partial(_result_list, frozen, cycle, number),
        f"演示数据_{name}" if is_demo() else name,
        key="result_list",
    )


def _result_list(frozen: ScopedStore, cycle: int, number: str) -> bytes:
    """Made when the button is clicked, outside the session."""
    return to_result_list(
        queries.result_list(frozen, cycle=cycle, region=frozen.scope.region),
        number=number,
        **queries.result_list_head(frozen, cycle=cycle),
    )
