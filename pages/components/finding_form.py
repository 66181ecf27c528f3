"""登记一项: a finding, veto or commendation of one unit, with what it would do to the score before it is recorded."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from data import queries
from data.course.findings import POSITIONS, machine_of, open_finding, orders, same_fact
from data.course.same_duty import indicators_of_duty
from pages.components.access import ask, get_scheme, get_store, require
from pages.components.confirm import ask_first
from pages.components.filters import choose_unit
from pages.components.layout import section, show_empty
from pages.components.links import article_name, plain
from scoring.scheme import Finding, Scheme

NO_INDICATOR = ""


def show_finding_form(*, cycle: int, region: str | None) -> None:
    """Choose the unit and what was found of it; the question says what follows."""
    section("登记一项", "以国家安全机关、有权机关或者人民政府的文件为准；只记单位和职务，不记个人")
    unit = choose_unit(cycle=cycle, region=region)
    if unit is None:
        show_empty("先选单位", "在上方输入名称或代码，选出被认定的单位。")
        return
    scheme = get_scheme(cycle)
    entries = scheme.findings
    left, right = st.columns(2, gap="large")
    with left:
        articles = queries.finding_articles(scheme)
        first = articles.index(40) if 40 in articles else 0
        article = st.selectbox("条文", articles, index=first, format_func=article_name, key="finding_article")
        of_article = {entry.id: entry for entry in entries if entry.place.article == article}
        finding = st.selectbox(
            "认定事项",
            list(of_article),
            format_func=lambda id: _entry_said(of_article[id]),
            key=f"finding_entry_{article}",
        )
        entry = of_article[finding]
        if entry.consequence:
            st.caption(plain(entry.consequence))
        values = _choose_facts(scheme, entry, cycle=cycle, unit=unit)
        beside = _beside(scheme, entry, cycle=cycle, unit=unit)
        for text in beside:
            st.warning(plain(text), icon="⚠️")
    with right:
        values |= _choose_dates(scheme, entry)
    preview = ask(
        queries.finding_preview,
        cycle=cycle,
        unit=unit,
        finding=finding,
        is_aggravated=values["is_aggravated"],
    )
    name = ask(queries.unit_summary, cycle=cycle, unit=unit)["name"]
    with right:
        if preview:
            st.html(
                f'<div class="aq-sum">登记后得分　<b>{preview["before"]:.2f} → {preview["after"]:.2f}</b></div>'
            )
        else:
            st.caption("该单位现在没有得分；登记后，提交自评表时计入。")
        ask_first(
            "登记",
            key="record_finding",
            icon=":material/gavel:",
            primary=True,
            title="登记认定事项",
            says=_says(name, entry, values, preview, beside),
            yes="登记",
            act=partial(_record, cycle, unit, name, entry, values),
        )


def _entry_said(entry: Finding) -> str:
    worth = {
        "deduction": f"扣 {entry.points:g} 分",
        "veto": "一票否决",
        "bonus": f"加 {entry.points:g} 分",
    }[entry.kind]
    return f"{entry.place.label}　{entry.name}（{worth}）"


def _choose_facts(scheme: Scheme, entry: Finding, *, cycle: int, unit: str) -> dict[str, Any]:
    """The indicator, aggravation and note."""
    who = get_store().unit(cycle=cycle, code=unit)
    near = indicators_of_duty(scheme, entry, unit=who)
    every = scheme.indicators_for(category=who.category, tags=who.tags)
    titles = {NO_INDICATOR: "不对应"} | {
        i.id: f"{i.title}（{i.place.label}）" for i in (*near, *(i for i in every if i not in near))
    }
    indicator = NO_INDICATOR
    if entry.kind != "bonus":
        indicator = st.selectbox(
            "对应指标（可不选）",
            list(titles),
            format_func=titles.get,
            key=f"finding_indicator_{unit}_{entry.id}",
            help="同一义务的指标排在前面",
        )
    is_aggravated = False
    if entry.kind == "deduction":
        is_aggravated = st.checkbox(
            f"从重（{scheme.aggravation.place.label}），扣分乘 {scheme.aggravation.factor:g}",
            help=scheme.aggravation.name,
            key=f"finding_aggravated_{entry.id}",
        )
    note = st.text_input(
        "说明（可不填）", key="finding_note", placeholder="查实的情况；不要写个人姓名、身份证号"
    )
    return {"indicator": indicator or None, "is_aggravated": is_aggravated, "note": note}


def _choose_dates(scheme: Scheme, entry: Finding) -> dict[str, Any]:
    """Document, date, and for an order its deadline, what is ordered and to whom."""
    values: dict[str, Any] = {}
    values["document"] = st.text_input("文号（必填）", key="finding_document", placeholder="××〔2026〕×号")
    day = st.date_input(
        "文件日期", value=date.today(), max_value=date.today(), format="YYYY-MM-DD", key="finding_on"
    )
    values["on_date"] = day
    if not orders(machine_of(scheme, entry.id)):
        return values
    values["deadline"] = st.date_input(
        "改正期限",
        value=scheme.mended_by(day) if day else None,
        format="YYYY-MM-DD",
        key=f"finding_deadline_{day}",
        help=f"默认为文件日期后 {scheme.periods.rectification} 日（考核方案）"
        if scheme.periods
        else "考核方案没有写明整改天数（periods.rectification），请按文件填写",
    )
    values["ordered"] = st.text_area("责令内容", key="finding_ordered", placeholder="责令改正什么", height=80)
    addressee = st.selectbox(
        "责令对象（职务，可不选）",
        ["", *POSITIONS],
        key="finding_addressee",
        format_func=lambda p: p or "不指明",
    )
    return values | {"addressee": addressee}


def _beside(scheme: Scheme, entry: Finding, *, cycle: int, unit: str) -> list[str]:
    """What stands already and may be the same fact, in sentences."""
    standing = ask(queries.findings, cycle=cycle, unit=unit, today=date.today())
    standing = standing[standing["is_standing"]]
    others = same_fact(scheme, entry.id)
    told = []
    for row in standing.to_dict("records"):
        where = (
            f"“{row['finding_name']}”（{row['document']}，{row['on_date']:%Y-%m-%d}，{row['state_name']}）"
        )
        if row["finding"] == entry.id:
            told.append(f"该单位已有同一事项{where}：请核对是否重复登记。")
        elif row["finding"] in others:
            told.append(f"{row['place']}{where}与这一项可能是同一事实：同一事实只按后果较重的登记一次。")
    return told


def _says(
    name: str, entry: Finding, values: dict[str, Any], preview: dict[str, Any], beside: list[str]
) -> list[str]:
    until = f"，期限 {values['deadline']}" if values.get("deadline") else ""
    score = (
        f"得分 {preview['before']:.2f} → {preview['after']:.2f}，名次、等次随之重算。"
        if preview
        else "该单位现在没有得分。"
    )
    return [
        f"{name}：{_entry_said(entry)}。",
        f"文号 {values['document'].strip() or '（还没有填写）'}，日期 {values['on_date']}{until}。",
        score,
        *beside,
    ]


def _record(cycle: int, unit: str, name: str, entry: Finding, values: dict[str, Any]) -> str:
    require("record_findings")
    key = open_finding(get_store(), cycle=cycle, unit=unit, finding=entry.id, **values)
    return f"已登记：{name}，{entry.name}（{key}）。"
