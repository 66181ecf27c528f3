"""待办: what waits for me and how long, and the way into one unit."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from data import queries
from data.course.acting import STAGE_NAMES, own_stage
from data.course.reviews import confirm_rest
from pages.components.access import ask, get_store, require
from pages.components.confirm import ask_first
from pages.components.filters import choose_category, choose_option, choose_region, filter_bar, param
from pages.components.html_table import Cell, show_rows
from pages.components.layout import Kpi, kpi_cards, section, show_empty
from pages.components.links import page_urls
from pages.components.paging import PAGE, rows_of_page, show_pages
from pages.components.review_unit import TONES, show_unit_review

PAGE_ROWS = 40
WHICH = {
    "mine": "待我审核",
    "overdue": "已到期",
    "sampled": "抽查",
    "returned": "退回补正",
    "done": "已审核",
    "missing": "未提交",
    "all": "全部",
}
COLUMNS = {
    "name": Cell("单位", "link", href="url", below="place", width="20%"),
    "category_name": Cell("类别", width="9em"),
    "state_name": Cell("状态", "badge", tones=TONES, width="6.5em", below="marks"),
    "progress": Cell("核定进度", "bar", decimals=0, width="10em", below="counts"),
    "pending": Cell("不适用待核", "number", decimals=0, width="5.5em"),
    "self_score": Cell("自评", "number", width="5em"),
    "verified_score": Cell("核定", "number", width="5em", help="不含扣分、加分"),
    "self_inflation": Cell("差", "number", width="4.5em", help="自评减核定"),
    "waiting_since": Cell("到我处", "date", width="6.5em"),
    "waiting_days": Cell("已等（天）", "number", decimals=0, width="5em"),
}
FILE = {
    "unit": "统一社会信用代码",
    "name": "单位",
    "region_path": "地区",
    "category_name": "类别",
    "state_name": "状态",
    "total": "指标数",
    "ruled": "已核定",
    "pending": "不适用待核",
    "self_score": "自评得分",
    "verified_score": "核定得分",
    "self_inflation": "自评减核定",
    "received_at": "提交时间",
    "waiting_since": "到本级时间",
    "waiting_days": "已等天数",
    "due_on": "期限",
    "sampled_why": "抽查原因",
}
MOST_CONFIRMED = 50  # units in one confirmation: more would hide what one confirms


def show_queue(*, cycle: int) -> None:
    """The units of my scope as they stand for my stage; or, with `unit` in the address, that one unit's review."""
    stage = own_stage(get_store())
    if unit := param("unit"):
        show_unit_review(cycle=cycle, unit=unit, stage=stage)
        return
    with filter_bar("queue_filters"):
        which = choose_option("which", STAGE_NAMES[stage], WHICH, style="segments", clears=PAGE)
        region = choose_region()
        category = choose_category(cycle=cycle)
    rows = ask(
        queries.review_queue, cycle=cycle, stage=stage, today=date.today(), region=region, category=category
    )
    if rows.empty:
        show_empty("这里没有登记单位", "请换一个地区或类别，或先在“自评填报—单位名册”中登记单位。")
        return
    _show_cards(rows)
    chosen = rows[_masks(rows)[which]]
    section(WHICH[which], _note(rows, stage=STAGE_NAMES[stage]))
    if chosen.empty:
        show_empty("没有这样的单位", "请改选其他状态；单位提交、下级关闭环节后会自动出现在这里。")
        return
    on_page, page = rows_of_page(chosen, size=PAGE_ROWS)
    show_rows(_as_shown(on_page, cycle=cycle), COLUMNS, download=f"审核待办_{cycle}", download_columns=FILE)
    show_pages(page, len(chosen), size=PAGE_ROWS)
    if which == "mine":
        _show_confirmation(on_page, cycle=cycle)


def _masks(rows: pd.DataFrame) -> dict[str, pd.Series]:
    state = rows["state"]
    return {
        "mine": state.isin(["waiting", "in_progress"]),
        "overdue": rows["is_overdue"],
        "sampled": rows["is_sampled"],
        "returned": state == "returned",
        "done": state == "done",
        "missing": state == "missing",
        "all": state.notna(),
    }


def _show_cards(rows: pd.DataFrame) -> None:
    masks = {name: int(mask.sum()) for name, mask in _masks(rows).items()}
    waited = rows.loc[rows["state"].isin(["waiting", "in_progress"]), "waiting_days"]
    longest = f"最久的已等 {int(waited.max())} 天" if waited.notna().any() else "没有等待的单位"
    pending = rows.loc[rows["pending"] > 0]
    kpi_cards(
        [
            Kpi("待我审核", f"{masks['mine']:,}", "家", longest),
            Kpi("已到期", f"{masks['overdue']:,}", "家", "期限已过、尚未审完", tone="bad" if masks["overdue"] else "plain"),
            Kpi("不适用待核", f"{int(rows['pending'].sum()):,}", "项", f"{len(pending):,} 家单位；核定前计 0 分"),
            Kpi("退回补正", f"{masks['returned']:,}", "家", "等单位重新提交"),
            Kpi("已审核", f"{masks['done']:,}", "家", f"登记 {len(rows):,} 家，未提交 {masks['missing']:,} 家", tone="good"),
        ]
    )  # fmt: skip


def _note(rows: pd.DataFrame, *, stage: str) -> str:
    due = rows["due_on"].iloc[0]
    return (
        f"{stage}期限 {due:%Y-%m-%d}；等得最久的在前"
        if due is not None
        else "等得最久的在前；本年度没有设环节期限"
    )


def _as_shown(rows: pd.DataFrame, *, cycle: int) -> pd.DataFrame:
    marks = [
        "、".join(
            name
            for name, is_so in (("抽查", sampled), ("逾期提交", late), ("已到期", overdue))
            if is_so is True
        )
        for sampled, late, overdue in zip(
            *(rows[name].tolist() for name in ("is_sampled", "is_late", "is_overdue")), strict=True
        )
    ]
    total = rows["total"].where(rows["total"] > 0)
    return rows.assign(
        url=page_urls("review", rows["unit"], last="unit", cycle=cycle, part="queue"),
        place=rows["region_path"].str.split("/").str[1:].str.join(" "),
        marks=marks,
        progress=rows["ruled"] / total,
        counts=[f"{ruled} / {n}" if n else "" for ruled, n in zip(rows["ruled"], rows["total"], strict=True)],
        pending=rows["pending"].where(rows["pending"] > 0),
    )  # fmt: skip


def _show_confirmation(rows: pd.DataFrame, *, cycle: int) -> None:
    """Several clean sheets at once: those on this page without a claim of 不适用 to rule on."""
    clean = rows[(rows["pending"] == 0)].head(MOST_CONFIRMED)
    if clean.empty:
        return
    names = dict(zip(clean["unit"], clean["name"], strict=True))
    sheets = dict(zip(clean["unit"], clean["submission"].astype(int), strict=True))
    with st.container(border=True, key="clean_sheets"):
        chosen = st.multiselect(
            "整表确认：没有不适用待核的单位，可以一次确认其余全部指标属实",
            list(names),
            format_func=names.get,
            placeholder="选择单位",
            key="clean_units",
        )
        ask_first(
            f"确认所选 {len(chosen)} 家其余属实",
            key="confirm_sheets",
            icon=":material/done_all:",
            primary=True,
            disabled=not chosen,
            title="整表确认",
            says=(
                f"{len(chosen)} 家单位中，本级尚未核定的指标全部按现值确认属实：{'、'.join(names[u] for u in chosen[:8])}"
                + ("等" if len(chosen) > 8 else ""),
                "已核定的指标不变；以后仍可以逐项调整。",
            ),
            yes="确认属实",
            act=lambda: _confirm(cycle, chosen, sheets),
        )


def _confirm(cycle: int, units: list[str], sheets: dict[str, int]) -> str:
    require("review")
    done = confirm_rest(get_store(), cycle=cycle, units=units, sheets={unit: sheets[unit] for unit in units})
    return f"已确认 {len(units)} 家单位的 {done.confirmed} 项指标。"
