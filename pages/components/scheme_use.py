"""投入使用: deciding that a year is scored under a kept version, with what follows from it said first."""

from __future__ import annotations

from functools import partial

import streamlit as st

from data import queries
from data.course.publications import publications
from data.schemes import use_obstacles, use_scheme
from pages.components.access import get_scheme, list_cycles, require, who, whole_store
from pages.components.confirm import ask_first
from pages.components.layout import section
from pages.components.links import plain
from scoring.scheme import Scheme
from scoring.scheme_differences import differences


def show_use(scheme: Scheme, *, cycle: int) -> None:
    """Choose a year for the version on the screen; obstacles, or a reason and the question before it is done."""
    name = f"{scheme.id} {scheme.version}"
    section("投入使用", f"决定由哪个年度采用 {name}；先说明影响，确认后立即生效")
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    cycles = list_cycles()
    with left:
        year = st.selectbox("年度", cycles, index=cycles.index(cycle), key=f"use_year_{cycle}")
    now = get_scheme(year)
    if (now.id, now.version) == (scheme.id, scheme.version):
        st.caption(f"{year} 年度现在用的就是 {name}。要改用别的版本，请在页首“方案版本”中选择。")
        return
    obstacles = use_obstacles(whole_store(), cycle=year, scheme=scheme)
    for obstacle in obstacles:
        st.error(plain(obstacle), icon="⚠️")
    with right:
        reason = st.text_input(
            "理由（必填）", key="use_reason", max_chars=200, placeholder="如：经考核领导小组第 5 次会议核定"
        ).strip()
    ask_first(
        f"{year} 年度改用这一版",
        key="use_scheme",
        primary=True,
        icon=":material/published_with_changes:",
        title=f"{year} 年度改用 {name}",
        says=[*_consequences(year, now, scheme), f"理由：{reason}"],
        yes="改用",
        act=partial(_use, year, scheme, reason),
        disabled=not reason or bool(obstacles),
    )
    if not reason and not obstacles:
        st.caption("写明理由后可以办理。")


def _consequences(year: int, now: Scheme, scheme: Scheme) -> list[str]:
    """What the change means for scores, publications and sheets, in sentences."""
    store = whole_store()
    cycles = queries.cycle_state(store)
    row = cycles[cycles["cycle"] == year].iloc[0]
    lines = differences(now, scheme)
    counting = sum(line.affects in ("得分", "等次") for line in lines)
    says = [
        f"{year} 年度现用 {now.id} {now.version}，改用后有 {len(lines)} 处不同，其中 {counting} 处会改变得分或等次。",
        f"登记的 {row['registered']:,} 家单位（已提交 {row['submitted']:,} 家）的得分、名次、等次立即按新版本重算。",
    ]
    made = publications(store, cycle=year)
    if made:
        says.append(f"已经公布的 {len(made)} 次结果仍按公布时的版本，不变。")
    if row["missing"]:
        says.append(
            f"还没有提交的 {row['missing']:,} 家单位，此前下载的自评表（版本 {now.version}）会因版本不符被退回，须重新下载。"
        )
    return [*says, "以后可以用同样的办法改回原版本；每次更改都记入操作日志。"]


def _use(year: int, scheme: Scheme, reason: str) -> str:
    require("use_scheme")
    use_scheme(
        whole_store(),
        cycle=year,
        scheme_id=scheme.id,
        version=scheme.version,
        reason=reason,
        actor=who().actor,
    )
    return f"{year} 年度已改用 {scheme.id} {scheme.version}，得分已按这一版重算。"
