"""Headers, cards, notes and empty states: one look for every screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Literal

import streamlit as st

from access.person import LOCAL_ADMINISTRATOR, Person
from data import queries
from data.queries.ask import PROVINCE
from data.regions import regions_by_code
from pages.components import state
from pages.components.access import (
    ask,
    basis_names,
    get_scheme,
    is_demo,
    may,
    publication_in_use,
    seconds_behind,
    snapshot_moment,
)
from pages.components.links import article_link as article_link
from pages.components.links import page_link
from pages.components.screens import screens_elsewhere
from reporting.theme import DEMO_MARK

STYLE = Path(__file__).with_name("style.css")
Tone = Literal["plain", "good", "warn", "bad", "excellent", "pass", "fail", "none"]


@dataclass(frozen=True)
class Kpi:
    """One card: `value` is already formatted text; `note` a line below it; `tone` colours its edge.

    tone: plain, or a grade id (excellent, good, pass, fail), or none (grey: 未提交), warn, bad.
    """

    label: str
    value: str
    unit: str = ""
    note: str = ""
    tone: str = "plain"
    help: str = ""


def apply_style() -> None:
    """Put the product's style sheet on the page; called once, by the shell."""
    st.html(STYLE)


def page_header(
    title: str,
    finding: str = "",
    *,
    cycle: int | None = None,
    region: str | None = None,
    basis: str | None = None,
    has_scores: bool = True,
) -> None:
    """The screen's title, its finding in one sentence, and what it was made from: cycle, region, basis, data date.

    With `cycle` and `has_scores`, the note that the weights are examples stands there too. Plain text only.
    """
    parts = []
    if cycle is not None:
        parts.append(f"{cycle} 年度")
        parts.append(region_name(region))
        if basis:
            parts.append(basis_names(cycle)[basis])
        stamp = data_date(cycle)
        if stamp and not snapshot_moment():
            behind = seconds_behind(cycle)
            parts.append(
                f"数据截至 {stamp}" + (f"（正在收件，新收到的约 {behind} 秒后可见）" if behind else "")
            )
    made = publication_in_use(cycle) if cycle is not None else None
    if made:
        parts.append(f"第 {made.number} 号公布（{made.published_at:%Y-%m-%d}）")
    if snapshot := snapshot_moment():
        parts.append(f"数据截至 {snapshot:%Y-%m-%d %H:%M:%S}（只读副本）")
    chips = "".join(f"<span>{escape(p)}</span>" for p in parts)
    badges = '<b class="aq-demo">演示数据</b>' if is_demo() else ""
    if cycle is not None and has_scores:
        badges += f'<b class="aq-example">{escape(get_scheme(cycle).weights_note)}</b>'
    st.html(
        f'<header class="aq-header"><div class="aq-meta">{chips}{badges}</div>'
        f"<h1>{escape(title)}</h1>" + (f"<p>{escape(finding)}</p>" if finding else "") + "</header>"
    )


def section(title: str, note: str = "") -> None:
    """A heading within a screen, with a line that says what one sees."""
    st.html(
        f'<div class="aq-section"><h2>{escape(title)}</h2>'
        + (f"<p>{escape(note)}</p>" if note else "")
        + "</div>"
    )


def kpi_cards(cards: Sequence[Kpi]) -> None:
    """A row of cards of equal width."""
    html = "".join(
        f'<div class="aq-kpi aq-tone-{escape(c.tone)}"'
        + (f' title="{escape(c.help)}"' if c.help else "")
        + ">"
        f'<div class="aq-kpi-label">{escape(c.label)}</div>'
        f'<div class="aq-kpi-value">{escape(c.value)}'
        + (f"<small>{escape(c.unit)}</small>" if c.unit else "")
        + "</div>"
        + f'<div class="aq-kpi-note">{escape(c.note)}</div></div>'
        for c in cards
    )
    st.html(f'<div class="aq-kpis">{html}</div>')


def show_empty(
    title: str, what_to_do: str, *, page: str | None = None, link: str = "", **params: object
) -> None:
    """Says that there is nothing to show and what to do next; `page` and `link` name the screen to do it on."""
    with st.container(key=f"empty_{title}", horizontal_alignment="center"):
        st.html(f'<div class="aq-empty"><h3>{escape(title)}</h3><p>{escape(what_to_do)}</p></div>')
        if page:
            page_link(page, link or "前往", icon=":material/arrow_forward:", **params)


def badge(text: str, tone: str = "plain") -> str:
    """HTML of a small label (escaped), for use inside this room's own HTML."""
    return f'<span class="aq-badge aq-tone-{escape(tone)}">{escape(text)}</span>'


def region_name(region: str | None) -> str:
    """A region's name; None is the province."""
    code = region or PROVINCE
    return regions_by_code()[code].name if code in regions_by_code() else "全省"


def data_date(cycle: int) -> str:
    """When the newest file of the cycle came in, or nothing."""
    newest = ask(queries.data_date, cycle=cycle)
    return f"{newest:%Y-%m-%d %H:%M}" if newest else ""


def show_brand() -> None:
    """The product's name at the head of the sidebar, and 演示数据 where the store holds demonstration data."""
    demo = f'<b class="aq-demo">{DEMO_MARK}</b>' if is_demo() else ""
    st.sidebar.html(
        '<div class="aq-brand"><strong>反间谍安全防范<br>责任落实考核</strong>'
        f"<span>依据《黑龙江省反间谍安全防范条例》</span>{demo}</div>"
    )


def show_visitor(person: Person) -> None:
    """Who is signed in, as what, and the way out, at the foot of the sidebar."""
    where = "" if person.role == "administrator" else f" · {region_name(person.region)}"
    own = '<a href="/password">修改密码</a>' if person.account != LOCAL_ADMINISTRATOR.account else ""
    st.sidebar.html(
        f'<div class="aq-visitor"><b>{escape(person.title)}</b><span>{escape(person.role_name + where)}</span>'
        f'<nav>{own}<a href="/logout">退出登录</a></nav></div>'
    )


def show_elsewhere(person: Person) -> None:
    """At a read-only server, the way to the screens where something is done: they are the writing service's."""
    if screens := screens_elsewhere(person):
        links = "".join(f'<a href="/{name}">{escape(screen.title)}</a>' for name, screen in screens.items())
        st.sidebar.html(
            f'<div class="aq-visitor"><span>本页为只读副本，办理请到：</span><nav>{links}</nav></div>'
        )


def show_no_cycle() -> None:
    """Nothing was opened yet: says how to begin, and ends the run."""
    page_header("尚未开设考核年度", "这里还没有数据。")
    if may("manage_cycles"):
        show_empty(
            "尚未开设考核年度",
            "请在“系统管理—年度”中开设，或停止服务后运行 manage.py demo 建立示例省。",
            page="admin",
            link="开设年度",
            part="cycles",
        )
    else:
        show_empty("尚未开设考核年度", "考核主管部门开设年度后，这里显示自评表和结果。")
    state.end_page()
