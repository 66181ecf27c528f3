"""不适用: every claim that a duty does not apply, in a queue of its own; until it is ruled on it counts 0."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from access.roles import ROLE_NAMES
from data import queries
from data.course.acting import STAGES, own_stage
from data.course.reviews import Ruling, record_rulings
from pages.components.access import ask, get_store, require
from pages.components.confirm import ask_first
from pages.components.filters import choose_category, choose_option, choose_region, filter_bar
from pages.components.html_table import Cell, show_rows
from pages.components.layout import Kpi, kpi_cards, section, show_empty
from pages.components.links import page_url
from pages.components.paging import PAGE, rows_of_page, show_pages

PAGE_ROWS = 40
WHICH = {"pending": "待核", "accepted": "已同意", "refused": "未同意", "all": "全部"}
STATE_NAMES = {"pending": "待核", "accepted": "同意不适用", "refused": "不同意不适用"}
TONES = {"待核": "warn", "同意不适用": "good", "不同意不适用": "fail"}
COLUMNS = {
    "name": Cell("单位", "link", href="url", below="place", width="17%"),
    "category_name": Cell("类别", width="9em"),
    "title": Cell("指标", below="law", width="14%"),
    "na_reason": Cell("不适用理由", below="evidence"),
    "claim_share": Cell("同类也填不适用", "bar", decimals=0, width="10em", below="claimed"),
    "points": Cell("分值", "number", decimals=1, width="4.5em"),
    "state_name": Cell("状态", "badge", tones=TONES, width="8em", below="by"),
    "received_at": Cell("提交", "date", width="6.5em"),
}
FILE = {
    "unit": "统一社会信用代码",
    "name": "单位",
    "region_path": "地区",
    "category_name": "类别",
    "indicator": "指标编号",
    "title": "指标",
    "place": "依据",
    "na_reason": "不适用理由",
    "evidence": "佐证材料",
    "claim_share": "同类填不适用的比例",
    "state_name": "状态",
    "reason": "核定理由",
}


def show_na_claims(*, cycle: int) -> None:
    """The claims in my scope, undecided ones first, and accepting several of them at once."""
    stage = own_stage(get_store())
    with filter_bar("na_filters"):
        which = choose_option("claims", "不适用", WHICH, style="segments", clears=PAGE)
        region = choose_region()
        category = choose_category(cycle=cycle)
    rows = ask(queries.na_claims, cycle=cycle, region=region, category=category)
    counts = rows["state"].value_counts()
    kpi_cards(
        [
            Kpi("待核", f"{counts.get('pending', 0):,}", "项", "核定前在核定得分中计 0 分", tone="warn" if counts.get("pending") else "plain"),
            Kpi("同意不适用", f"{counts.get('accepted', 0):,}", "项", "不再计分", tone="good"),
            Kpi("不同意不适用", f"{counts.get('refused', 0):,}", "项", "按核定值计分"),
            Kpi("涉及单位", f"{rows['unit'].nunique():,}", "家"),
        ]
    )  # fmt: skip
    shown = rows if which == "all" else rows[rows["state"] == which]
    section("不适用", "点单位名称逐项核定；同类单位多数都填不适用的，可以先看方案的适用范围是否合适")
    if shown.empty:
        show_empty("没有这样的不适用", "单位填报不适用并写明理由的指标，在这里逐项核定。")
        return
    on_page, page = rows_of_page(shown, size=PAGE_ROWS)
    on_page = _as_shown(on_page, cycle=cycle)
    show_rows(on_page, COLUMNS, download=f"不适用_{cycle}", download_columns=FILE)
    show_pages(page, len(shown), size=PAGE_ROWS)
    _show_acceptance(on_page[[_may_rule(row, stage) for row in on_page.to_dict("records")]], cycle=cycle)


def _may_rule(row: dict, stage: str) -> bool:
    is_above = isinstance(row["stage"], str) and STAGES.index(row["stage"]) > STAGES.index(stage)
    return row["state"] == "pending" and not row["is_returned"] and not is_above


def _as_shown(rows: pd.DataFrame, *, cycle: int) -> pd.DataFrame:
    stage_names = rows["stage_name"].fillna("")
    roles = rows["role"].map(ROLE_NAMES).fillna("")
    return rows.assign(
        url=[
            page_url("review", cycle=cycle, part="queue", unit=row["unit"], item=row["indicator"])
            for row in rows.to_dict("records")
        ],
        place=rows["region_path"].str.split("/").str[1:].str.join(" ").where(rows["region_path"].notna(), ""),
        law=rows["indicator"] + " " + rows["place"],
        claimed=[
            f"{claims:,} / {asked:,} 家" for claims, asked in zip(rows["claims"], rows["asked"], strict=True)
        ],
        state_name=rows["state"].map(STATE_NAMES),
        by=[f"{stage} {role}".strip() for stage, role in zip(stage_names, roles, strict=True)],
    )


def _show_acceptance(rows: pd.DataFrame, *, cycle: int) -> None:
    if rows.empty:
        return
    keys = {
        f"{row['unit']} {row['indicator']}": f"{row['name']}：{row['title']}（{row['na_reason'] or '没有写理由'}）"
        for row in rows.to_dict("records")
    }
    seen = {(row["unit"], row["indicator"]): int(row["seq"]) for row in rows.to_dict("records")}
    sheets = dict(zip(rows["unit"], rows["submission"].astype(int), strict=True))
    with st.container(border=True, key="na_acceptance"):
        chosen = st.multiselect(
            "同意所选的不适用（不同意的请点单位名称，写明核定值和理由）",
            list(keys),
            format_func=keys.get,
            placeholder="选择本页的待核项",
            key="na_chosen",
        )
        ask_first(
            f"同意所选 {len(chosen)} 项不适用",
            key="accept_na",
            icon=":material/check:",
            primary=True,
            disabled=not chosen,
            title="同意不适用",
            says=(f"{len(chosen)} 项不再计分：", *(keys[key] for key in chosen[:10])),
            yes="同意",
            act=partial(_accept, cycle, chosen, seen, sheets),
        )


def _accept(cycle: int, chosen: list[str], seen: dict, sheets: dict) -> str:
    require("review")
    rulings = [Ruling(*key.split(" "), "accept_na") for key in chosen]
    record_rulings(
        get_store(),
        cycle=cycle,
        rulings=rulings,
        seen={(r.unit, r.indicator): seen[r.unit, r.indicator] for r in rulings},
        sheets={r.unit: sheets[r.unit] for r in rulings},
    )
    return f"已同意 {len(rulings)} 项不适用。"
