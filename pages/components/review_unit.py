"""One unit under review: what it says, what others of its kind say, every stage's value, and the reviewer's own."""

from __future__ import annotations

from datetime import date
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from data import queries
from data.course.acting import STAGE_NAMES, STAGES
from data.course.reviews import carry_over, confirm_rest, recall, send_back
from data.model import Stage
from data.store import StoreError
from pages.components import state
from pages.components.access import ask, get_store, require
from pages.components.confirm import ask_first, tell_once
from pages.components.drafts import draft_of, drop_draft, keep_draft
from pages.components.filters import choose_option
from pages.components.layout import Kpi, badge, kpi_cards, section, show_empty
from pages.components.links import page_link, plain
from pages.components.review_item import show_item
from pages.components.unit_history import show_unit_history
from reporting.theme import signed

TONES = {
    "待审核": "warn",
    "审核中": "pass",
    "已审核": "good",
    "退回补正": "fail",
    "下级审核中": "none",
    "未提交": "none",
}
MARKS = {
    "claimed": "○",
    "na_claimed": "？",
    "confirm": "✓",
    "change": "△",
    "accept_na": "—",
    "refuse_na": "▲",
}
LEGEND = "○ 未核定　？ 不适用待核　✓ 属实　△ 已调整　— 同意不适用　▲ 不同意不适用"
WHICH = {"all": "全部", "open": "未核", "changed": "调整", "na": "不适用", "lost": "失分"}


def show_unit_review(*, cycle: int, unit: str, stage: Stage) -> None:
    """The whole review of one unit: header, list of its indicators, the one in focus with its controls, and the ways on."""
    queue = ask(queries.review_queue, cycle=cycle, stage=stage, today=date.today())
    rows = queue[queue["unit"] == unit]
    if rows.empty:
        show_empty("没有这个单位", "它不在本年度名册中，不在您的管辖范围，或者不经过您这一级审核。", page="review", link="回到待办", part="queue", cycle=cycle)  # fmt: skip
        return
    row = {name: None if pd.isna(value) else value for name, value in rows.iloc[0].to_dict().items()}
    _show_ways(row, queue, cycle=cycle)
    _show_head(row, stage=stage)
    if row["submission"] is None:
        show_empty("未提交", "单位提交自评表后，在这里逐项审核。", page="submit", link="去自评填报", cycle=cycle, unit=unit)  # fmt: skip
        return
    terms = ask(queries.review_terms, cycle=cycle, unit=unit)
    left, right = st.columns([4, 9], gap="large")
    with left:
        item = _choose_item(terms, stage=stage)
    if item is None:
        with right:
            show_empty("没有这样的指标", "请在左边改选“全部”。")
    else:
        with right:
            chosen = terms[terms["indicator"] == item].iloc[0].to_dict()
            peers = ask(queries.peer_answers, cycle=cycle, category=row["category"])
            show_item(
                {name: None if pd.isna(value) else value for name, value in chosen.items()},
                peers[peers["indicator"] == item],
                cycle=cycle,
                unit=unit,
                stage=stage,
                can_rule=row["sheet_state"] != "returned",
                after=_after(terms, item, stage=stage),
            )
    _show_whole(row, terms, cycle=cycle, stage=stage)
    show_unit_history(ask(queries.unit_history, cycle=cycle, unit=unit), unit=unit)


def ruled_at(term: pd.Series | dict[str, Any], stage: Stage) -> bool:
    """Whether this stage or one above has ruled on the indicator."""
    return any(isinstance(term[f"{each}_act"], str) for each in STAGES[STAGES.index(stage) :])


def _mark(term: dict[str, Any], stage: Stage) -> str:
    for each in reversed(STAGES):
        act = term[f"{each}_act"]
        if isinstance(act, str):
            return (
                MARKS[act]
                if STAGES.index(each) >= STAGES.index(stage)
                else f"{MARKS[act]}{STAGE_NAMES[each][0]}"
            )
    return MARKS["na_claimed" if term["state"] == "pending" else "claimed"]


def _choose_item(terms: pd.DataFrame, *, stage: Stage) -> str | None:
    which = choose_option("items", "指标", WHICH, style="segments")
    is_changed = terms[[f"{s}_act" for s in STAGES]].isin(["change", "refuse_na"]).any(axis=1)
    is_open = pd.Series([not ruled_at(t, stage) for t in terms.to_dict("records")], index=terms.index)
    shown = terms[
        {
            "all": terms["indicator"].notna(),
            "open": is_open & ~((terms["state"] == "na") & (terms["seq"] == 0)),
            "changed": is_changed,
            "na": terms["claim"] == "na",
            "lost": terms["x"] < 1,
        }[which]
    ]
    if shown.empty:
        return None
    names = {
        t["indicator"]: f"{_mark(t, stage)}　{t['indicator']} {t['title']}" for t in shown.to_dict("records")
    }
    with st.container(height=620, key="item_list"):
        item = choose_option("item", "指标", names, style="list")
    st.caption(LEGEND)
    return item


def _after(terms: pd.DataFrame, item: str, *, stage: Stage) -> str | None:
    """The next indicator that this stage has not ruled on, counted from the one in focus."""
    order = list(terms["indicator"])
    open_items = {t["indicator"] for t in terms.to_dict("records") if not ruled_at(t, stage)}
    at = order.index(item)
    return next((i for i in (*order[at + 1 :], *order[:at]) if i in open_items), None)


def _show_ways(row: dict[str, Any], queue: pd.DataFrame, *, cycle: int) -> None:
    before, after = _next_units(queue, unit=row["unit"])
    with st.container(horizontal=True, gap="medium", key="review_ways"):
        page_link("review", "回到待办", icon=":material/list:", cycle=cycle, part="queue")
        if before:
            page_link(
                "review", "上一家", icon=":material/arrow_back:", cycle=cycle, part="queue", unit=before
            )
        if after:
            page_link(
                "review", "下一家", icon=":material/arrow_forward:", cycle=cycle, part="queue", unit=after
            )
        page_link("unit", "得分由来", icon=":material/apartment:", cycle=cycle, unit=row["unit"])


def _next_units(rows: pd.DataFrame, *, unit: str) -> tuple[str | None, str | None]:
    """The units before and after this one among those of the queue that wait for me."""
    open_units = list(
        rows.loc[rows["state"].isin(["waiting", "in_progress"]) | (rows["unit"] == unit), "unit"]
    )
    if unit not in open_units:
        return None, open_units[0] if open_units else None
    at = open_units.index(unit)
    return open_units[at - 1] if at else None, open_units[at + 1] if at + 1 < len(open_units) else None


def _show_head(row: dict[str, Any], *, stage: Stage) -> None:
    tone = TONES[row["state_name"]]
    facts = f"<span>{escape(row['region_path'].replace('/', ' › '))}</span><span>{escape(row['category_name'])}</span>"
    if row["is_late"]:
        facts += badge("逾期提交", "warn")
    if row["is_sampled"]:
        facts += badge("抽查", "pass") + f"<span>{escape(row['sampled_why'])}</span>"
    section(row["name"])
    st.html(f'<div class="aq-facts">{badge(row["state_name"], tone)}{facts}</div>')
    if row["sheet_state"] == "returned":
        st.warning(
            f"已退回补正（{row['returned_at']:%Y-%m-%d %H:%M}），等单位重新提交。退回说明：{plain(row['message'])}",
            icon="↩️",
        )
    if row["submission"] is None:
        return
    waited = "" if row["waiting_days"] is None else f"已等 {int(row['waiting_days'])} 天"
    due = "" if row["due_on"] is None else f"期限 {row['due_on']:%Y-%m-%d}"
    kpi_cards(
        [
            Kpi("自评得分", _score(row["self_score"]), note="单位自己的填报"),
            Kpi("核定得分", _score(row["verified_score"]), note="按最高一级的核定，不含扣分、加分"),
            Kpi("自评减核定", signed(row["self_inflation"], 2), note=f"已核定 {row['verified_share'] or 0:.0%}",
                tone="warn" if (row["self_inflation"] or 0) > 0 else "plain"),
            Kpi(STAGE_NAMES[stage], f"{row['ruled']} / {row['total']}", "项", "　".join(filter(None, (waited, due))), tone="bad" if row["is_overdue"] else "plain"),
            Kpi("不适用待核", f"{row['pending']}", "项", "核定前计 0 分", tone="warn" if row["pending"] else "plain"),
        ]
    )  # fmt: skip


def _score(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"


def _show_whole(row: dict[str, Any], terms: pd.DataFrame, *, cycle: int, stage: Stage) -> None:
    """What is done to the sheet as a whole: confirm the rest, carry over, send back."""
    unit, name = row["unit"], row["name"]
    section("整份自评表")
    if row["sheet_state"] == "returned":
        reason = st.text_input("撤回退回的理由（必填）", key=f"recall_{unit}")
        ask_first(
            "撤回退回",
            key="recall",
            icon=":material/undo:",
            title="撤回退回",
            says=(
                f"{name}不再需要重新提交，继续审核现有的一份。",
                f"理由：{reason.strip() or '（还没有填写）'}",
            ),
            yes="撤回",
            act=partial(_recall, cycle, unit, reason),
        )
        return
    open_items = [t for t in terms.to_dict("records") if not ruled_at(t, stage)]
    seen = {(unit, t["indicator"]): int(t["seq"]) for t in open_items}
    rest = [t for t in open_items if t["state"] != "pending" and not (t["state"] == "na" and t["seq"] == 0)]
    left, right = st.columns(2, gap="large")
    with left, st.container(border=True, key="whole_confirm"):
        st.markdown("**其余全部属实**")
        st.caption(
            f"本级尚未核定的 {len(rest)} 项按现值确认；不适用待核的 {int(row['pending'])} 项须逐项核定。"
        )
        ask_first(
            "其余全部属实",
            key="confirm_rest",
            icon=":material/done_all:",
            primary=True,
            disabled=not rest,
            title="其余全部属实",
            says=(f"{name}：{len(rest)} 项按现值确认属实，已核定的不变。", "以后仍可以逐项调整。"),
            yes="确认属实",
            act=partial(_confirm_rest, cycle, unit, seen, int(terms["submission"].iloc[0])),
        )
        if st.button(
            "沿用前一份的核定",
            key="carry_over",
            icon=":material/content_copy:",
            help="单位重新提交后，填报内容和佐证没有变化的指标，沿用本级对前一份的核定",
        ):
            _carry(cycle, unit)
    with right, st.container(border=True, key="whole_return"):
        st.markdown("**退回补正**")
        about = ("return", cycle, unit)
        message = st.text_area(
            "退回说明（必填，单位会看到）",
            value=draft_of(*about).get("message", ""),
            key=f"return_{unit}",
            placeholder="写明哪几项需要补充什么材料；不要写个人姓名、身份证号",
            height=100,
        )
        keep_draft({"message": message}, *about)
        ask_first(
            "退回补正",
            key="send_back",
            icon=":material/undo:",
            title="退回补正",
            says=(
                f"{name}的自评表退回，单位重新上传前，现有的一份仍然计分。",
                "重新提交后须重新核定；内容没有变化的指标可以沿用这次的核定。",
                f"退回说明：{message.strip() or '（还没有填写）'}",
            ),
            yes="退回",
            act=partial(_send_back, cycle, unit, message),
        )


def _confirm_rest(cycle: int, unit: str, seen: dict, sheet: int) -> str:
    require("review")
    done = confirm_rest(get_store(), cycle=cycle, units=[unit], seen=seen, sheets={unit: sheet})
    left = f"；还有 {len(done.pending)} 项不适用待核" if done.pending else ""
    return f"已确认 {done.confirmed} 项属实{left}。"


def _carry(cycle: int, unit: str) -> None:
    require("review")
    try:
        tell_once(f"已沿用 {carry_over(get_store(), cycle=cycle, unit=unit)} 项核定。")
    except StoreError as error:
        state.keep("review_fault", str(error))
    st.rerun()


def _send_back(cycle: int, unit: str, message: str) -> str:
    require("review")
    send_back(get_store(), cycle=cycle, unit=unit, message=message)
    drop_draft("return", cycle, unit)
    return "已退回补正，单位登录后会看到退回说明。"


def _recall(cycle: int, unit: str, reason: str) -> str:
    require("review")
    recall(get_store(), cycle=cycle, unit=unit, reason=reason)
    return "已撤回退回。"
