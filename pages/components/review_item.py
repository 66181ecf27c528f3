"""The indicator in focus: what was asked and answered, what each stage said, and the controls to rule on it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from access.roles import ROLE_NAMES
from data.course.acting import STAGE_NAMES, STAGES
from data.course.reviews import Ruling, record_rulings
from data.course.ruled_value import FIELDS
from data.model import Stage
from data.store import StoreError
from pages.components import state
from pages.components.access import NotAllowed, SignedOut, get_scheme, get_store, require
from pages.components.drafts import draft_of, drop_draft, keep_draft
from pages.components.filters import choose_for_visitor
from pages.components.layout import badge
from pages.components.links import page_url, plain
from pages.components.ruled_value import choose_ruled_value
from scoring.scheme import Indicator

ACT_NAMES = {"confirm": "属实", "change": "已调整", "accept_na": "同意不适用", "refuse_na": "不同意不适用"}
ACT_TONES = {"confirm": "good", "change": "warn", "accept_na": "none", "refuse_na": "fail"}
FAULT = "review_fault"


def show_item(
    term: Mapping[str, Any],
    peers: pd.DataFrame,
    *,
    cycle: int,
    unit: str,
    stage: Stage,
    can_rule: bool,
    after: str | None,
) -> None:
    """One row of `queries.review_terms` as a reviewer works on it; `after` is the indicator that comes into focus then."""
    indicator = get_scheme(cycle).by_id[term["indicator"]]
    if fault := state.recall(FAULT):
        st.error(plain(fault), icon="⚠️")
        state.forget(FAULT)
    st.html(
        f'<div class="aq-item"><h3>{escape(indicator.id)}　{escape(indicator.title)}</h3>'
        f'<p>{escape(indicator.question)}</p><p class="aq-small">评分标准：{escape(indicator.criterion)}</p>'
        f'<p class="aq-small"><a href="{escape(page_url("regulation", article=indicator.place.article))}" data-inside>'
        f"{escape(indicator.place.label)}</a>　分值 {indicator.points:g}　核查方式：{escape(indicator.check)}</p></div>"
    )
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _show_values(term)
    with right:
        _show_peers(term, peers)
    higher = next((s for s in STAGES[STAGES.index(stage) + 1 :] if isinstance(term[f"{s}_act"], str)), None)
    if higher:
        st.info(f"{STAGE_NAMES[higher]}已核定该项，本级不能再核定。", icon="🔒")
    elif not can_rule:
        st.info("自评表已退回补正，重新提交后再核定。", icon="↩️")
    elif term["claim"] == "na" and term["na"] == "free":
        st.info("该项允许直接填不适用，不需要核定。", icon="✅")
    else:
        _show_controls(term, indicator, cycle=cycle, unit=unit, stage=stage, after=after)


def _show_values(term: Mapping[str, Any]) -> None:
    """Self, county, prefecture and province one below the other: value, attainment, who by role, when, why."""
    own = term["answer"] or "未填"
    lines = [
        _line(
            "自评", own, term["self_x"], "", _reason_of_claim(term), is_counting=term["counted_stage"] is None
        )
    ]
    for stage in STAGES:
        act = term[f"{stage}_act"]
        if isinstance(act, str):
            who = ROLE_NAMES.get(term[f"{stage}_role"], "")
            lines.append(
                _line(
                    STAGE_NAMES[stage],
                    term[f"{stage}_said"],
                    term[f"{stage}_x"],
                    badge(ACT_NAMES[act], ACT_TONES[act]),
                    f"{term[f'{stage}_reason'] or ''}（{who} {term[f'{stage}_at']:%Y-%m-%d %H:%M}）",
                    is_counting=term["counted_stage"] == stage,
                )
            )
    place = f"{term['sheet']}!{term['cell']}" if term["cell"] else ""
    extra = {
        "佐证材料": term["evidence"] or "未填",
        "不适用理由": term["na_reason"],
        "备注": term["note"],
        "所在单元格": place,
    }
    if term["before_text"] or term["before_x"] is not None:
        share = "不适用" if term["before_x"] is None else f"得分率 {term['before_x']:.0%}"
        extra["上年"] = f"{term['before_text'] or '未填'}（{share}）"
    facts = "".join(
        f"<tr><th>{escape(name)}</th><td colspan=3>{escape(str(text))}</td></tr>"
        for name, text in extra.items()
        if text
    )
    st.html(
        '<table class="aq-table aq-values"><thead><tr><th>环节</th><th>值</th><th>得分率</th><th>理由</th></tr></thead>'
        f"<tbody>{''.join(lines)}{facts}</tbody></table>"
    )


def _reason_of_claim(term: Mapping[str, Any]) -> str:
    return "不适用待核" if term["state"] == "pending" else ""


def _line(name: str, said: str | None, x: float | None, act: str, why: str, *, is_counting: bool) -> str:
    share = "—" if x is None else f"{x:.0%}"
    mark = ' class="aq-counts"' if is_counting else ""
    return (
        f"<tr{mark}><th>{escape(name)}</th><td>{escape(said or '')} {act}</td><td>{share}</td>"
        f"<td>{escape(why)}</td></tr>"
    )


def _show_peers(term: Mapping[str, Any], peers: pd.DataFrame) -> None:
    """What the units of the same category answered over the province."""
    if peers.empty:
        st.caption("同类单位过少，不显示同类填报情况。")
        return
    n = int(peers["peers"].iloc[0])
    rows = []
    for row in peers.head(7).to_dict("records"):
        if isinstance(row["answer"], str):
            name = row["answer"]
        else:
            name = f"得分率中位 {row['median']:.0%}（四分位 {row['low']:.0%}–{row['high']:.0%}）"
        mine = " aq-mine" if name == term["answer"] else ""
        rows.append(
            f'<div class="aq-peer{mine}"><span>{escape(name)}</span><i style="width:{row["share"]:.0%}"></i>'
            f"<b>{row['share']:.0%}</b></div>"
        )
    st.html(f'<div class="aq-peers"><p class="aq-small">同类 {n:,} 家单位的填报</p>{"".join(rows)}</div>')


def _show_controls(
    term: Mapping[str, Any],
    indicator: Indicator,
    *,
    cycle: int,
    unit: str,
    stage: Stage,
    after: str | None,
) -> None:
    about = (cycle, unit, indicator.id)
    looked_at = {"seen": {(unit, indicator.id): int(term["seq"])}, "sheets": {unit: int(term["submission"])}}
    is_na = term["claim"] == "na"
    draft = draft_of(*about)
    rule = partial(_rule, cycle, unit, indicator.id, looked_at, after)
    with st.container(border=True, key="ruling"):
        agree, act = ("同意不适用", "accept_na") if is_na else ("确认属实", "confirm")
        differ, other = ("不同意不适用", "refuse_na") if is_na else ("调整", "change")
        with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="agreeing"):
            st.button(
                agree,
                key=f"agree_{unit}_{indicator.id}",
                type="primary",
                icon=":material/check:",
                shortcut="Alt+1",
                on_click=partial(rule, act, {}, ""),
            )
            if after:
                st.button(
                    "下一项未核定",
                    key=f"skip_{unit}_{indicator.id}",
                    icon=":material/arrow_downward:",
                    shortcut="Alt+3",
                    on_click=partial(choose_for_visitor, "item", after),
                )
        left, right = st.columns([2, 3], gap="medium")
        standing = _standing_value(term, indicator, stage=stage, is_na=is_na)
        now = draft.get("value") or standing
        with left:
            value = choose_ruled_value(indicator, cycle=cycle, key=f"rule_{unit}_{indicator.id}", now=now)
        with right:
            reason = st.text_area(
                f"{differ}的理由（必填）",
                value=draft.get("reason", ""),
                key=f"reason_{unit}_{indicator.id}",
                height=90,
                placeholder="写明依据；不要写个人姓名、身份证号",
            )
        typed = {field: value.get(field) for field in FIELDS if value.get(field) is not None}
        if reason or typed != {field: standing[field] for field in FIELDS if standing.get(field) is not None}:
            keep_draft({"value": typed, "reason": reason}, *about)
        else:
            drop_draft(*about)
        st.button(
            differ,
            key=f"differ_{unit}_{indicator.id}",
            icon=":material/edit:",
            shortcut="Alt+2",
            on_click=partial(rule, other, typed, reason),
        )
        st.caption(
            "每次核定立即保存；写了没有保存的内容，刷新或断线后仍在。快捷键：Alt+1 确认，Alt+2 调整，Alt+3 下一项。"
        )


def _standing_value(
    term: Mapping[str, Any], indicator: Indicator, *, stage: Stage, is_na: bool
) -> dict[str, Any]:
    """Where a new value begins from: the unit's own; for a refused 不适用, that the duty was not met."""
    if not is_na:
        return {field: term[field] for field in FIELDS}
    if indicator.choices:
        return {"choice": min(indicator.choices, key=indicator.choices.get)}
    return {"numerator": 0, "denominator": 1} if indicator.numerator else {"number": 0}


def _rule(
    cycle: int,
    unit: str,
    indicator: str,
    looked_at: Mapping[str, Any],
    after: str | None,
    act: str,
    value: Mapping[str, Any],
    reason: str,
) -> None:
    try:
        require("review")
        ruling = Ruling(unit, indicator, act, reason, **value)
        record_rulings(get_store(), cycle=cycle, rulings=[ruling], **looked_at)
    except (StoreError, NotAllowed, SignedOut) as error:
        state.keep(FAULT, str(error))
        return
    drop_draft(cycle, unit, indicator)
    state.clear_typed(f"rule_{unit}_{indicator}", f"reason_{unit}_{indicator}")
    if after:
        choose_for_visitor("item", after)
