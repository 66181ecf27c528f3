"""年度: every cycle with its rules, changes of one of them, and a new one; each says first what it will mean."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import partial

import streamlit as st

from data import queries
from data.cycles import LAST_MINUTE, deadline_at
from data.model import LatePolicy
from data.reading import parsed_scheme
from data.schemes import scheme_versions
from pages.components.access import require
from pages.components.admin_access import actor, whole_store
from pages.components.confirm import ask_first
from pages.components.cycle_words import (
    say_change,
    say_closing,
    say_opening,
    say_reopening,
)
from pages.components.filters import choose_cycle
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section
from reporting.rows import rows_of
from scoring.scheme import shipped_schemes

FIRST_YEAR, LAST_YEAR = 2020, 2099
USUAL_DATES = ((8, 1), (10, 31))  # (month, day) offered for a new cycle: opens, ends
LATE: dict[LatePolicy, str] = {"mark": "接收并标记逾期", "refuse": "退回"}
COLUMNS = {
    "cycle": Cell("年度", width="4em"),
    "title": Cell("方案", below="scheme"),
    "opens_on": Cell("开始填报", "date", width="7em"),
    "deadline": Cell("截止时间", "time", width="10em"),
    "status_name": Cell("状态", "badge", tones={"开放": "good", "已关闭": "none"}, width="5.5em"),
    "late_name": Cell("逾期文件", width="7em"),
    "registered": Cell("登记单位", "number", decimals=0, width="6em"),
    "submitted": Cell("已提交", "number", decimals=0, width="5em"),
    "missing": Cell("未提交", "number", decimals=0, width="5em"),
    "late_units": Cell("逾期提交", "number", decimals=0, width="6em"),
    "refused": Cell("退回文件", "number", decimals=0, width="6em"),
}


def show_cycles() -> None:
    """The cycles as they stand, then what may be changed about one, and the way to open another."""
    cycles = queries.cycle_state(whole_store())
    if cycles.empty:
        section("开设第一个年度", "还没有考核年度；开设后导入单位名册，再下发自评表")
        _show_opening(taken=())
        return
    section("考核年度", "每个年度按自己的方案版本计分；以最近一次更改为准，此前的更改在操作日志中")
    show_rows(cycles.assign(scheme=cycles["scheme_id"] + " " + cycles["version"]), COLUMNS)
    left, right = st.columns(2, gap="large")
    with left:
        section("更改一个年度", "每一项更改先说明影响，确认后生效")
        cycle = choose_cycle()
        _show_changes(cycles[cycles["cycle"] == cycle].iloc[0].to_dict())
    with right:
        section("开设新年度", "新年度从空名册开始，原有年度不受影响")
        _show_opening(taken=tuple(cycles["cycle"]))


def _show_changes(row: dict) -> None:
    cycle = int(row["cycle"])
    opens_on, deadline, late = _choose_rules(
        f"rules_{cycle}", opens_on=row["opens_on"].date(), deadline=row["deadline"], late=row["late"]
    )
    changes = {"opens_on": opens_on, "deadline": deadline, "late": late}
    says = say_change(row, **changes, now=datetime.now())
    with st.container(horizontal=True):
        ask_first(
            "保存更改",
            key="change_cycle",
            icon=":material/save:",
            title=f"更改 {cycle} 年度",
            says=says,
            yes="保存更改",
            act=partial(_change, cycle, f"已更改 {cycle} 年度。", **changes),
            disabled=not says,
        )
        if row["status"] == "open":
            ask_first(
                "关闭年度",
                key="close_cycle",
                icon=":material/lock:",
                title=f"关闭 {cycle} 年度",
                says=say_closing(row),
                yes="关闭",
                act=partial(_change, cycle, f"已关闭 {cycle} 年度。", status="closed"),
            )
        else:
            ask_first(
                "重新开放",
                key="reopen_cycle",
                icon=":material/lock_open:",
                title=f"重新开放 {cycle} 年度",
                says=say_reopening(row),
                yes="重新开放",
                act=partial(_change, cycle, f"已重新开放 {cycle} 年度。", status="open"),
            )


def _change(cycle: int, told: str, **changes: object) -> str:
    require("manage_cycles")
    whole_store().change_cycle(cycle=cycle, actor=actor(), **changes)
    return told


def _show_opening(*, taken: tuple[int, ...]) -> None:
    schemes = _schemes()
    left, right = st.columns([1, 3])
    with left:
        year = st.number_input(
            "年度",
            min_value=FIRST_YEAR,
            max_value=LAST_YEAR,
            value=max(taken) + 1 if taken else date.today().year,
            key="new_year",
        )
    with right:
        chosen = st.selectbox(
            "考核方案", list(schemes), format_func=lambda key: _title(schemes, key), key="new_scheme"
        )
    opens, ends = (date(year, *day) for day in USUAL_DATES)
    opens_on, deadline, late = _choose_rules(
        f"new_rules_{year}", opens_on=opens, deadline=deadline_at(ends, LAST_MINUTE), late="mark"
    )
    if year in taken:
        st.caption(f"{year} 年度已经开设，请在左边更改它，或换一个年度。")
    ask_first(
        "开设年度",
        key="open_cycle",
        primary=True,
        icon=":material/event_available:",
        title=f"开设 {year} 年度",
        says=say_opening(year, _title(schemes, chosen), opens_on=opens_on, deadline=deadline, late=late),
        yes="开设",
        act=partial(_open, year, chosen, opens_on, deadline, late),
        disabled=year in taken,
    )


def _open(year: int, scheme: tuple[str, str], opens_on: date, deadline: datetime, late: LatePolicy) -> str:
    require("manage_cycles")
    whole_store().open_cycle(
        cycle=year,
        scheme_text=_schemes()[scheme],
        opens_on=opens_on,
        deadline=deadline,
        late=late,
        actor=actor(),
    )
    return f"已开设 {year} 年度，请导入单位名册。"


def _choose_rules(
    key: str, *, opens_on: date, deadline: datetime, late: LatePolicy
) -> tuple[date, datetime, LatePolicy]:
    """Opening day, deadline and what becomes of late files, as they are chosen; the arguments stand there at first."""
    left, middle, right = st.columns([3, 3, 2])
    with left:
        opens_on = st.date_input("开始填报", opens_on, format="YYYY-MM-DD", key=f"{key}_opens", required=True)
    with middle:
        day = st.date_input("截止日期", deadline.date(), format="YYYY-MM-DD", key=f"{key}_day", required=True)
    with right:
        at = st.time_input(
            "截止时刻",
            time(deadline.hour, deadline.minute),
            key=f"{key}_time",
            required=True,
            help="23:59 表示当日结束前都有效",
        )
    late = st.radio(
        "截止后收到的文件",
        list(LATE),
        index=list(LATE).index(late),
        format_func=LATE.get,
        horizontal=True,
        key=f"{key}_late",
    )
    chosen = deadline_at(day, at)
    is_same = chosen.replace(second=0) == deadline.replace(
        second=0, microsecond=0
    )  # nobody chose its seconds
    return opens_on, deadline if is_same else chosen, late


def _schemes() -> dict[tuple[str, str], str]:
    """(id, version) → text of the schemes that a cycle can be opened under: the kept versions, the newest first, then those
    that come with the product and were never used here."""
    kept = scheme_versions(whole_store())
    texts = {(row.scheme_id, row.version): row.source for row in rows_of(kept)}
    for path in reversed(shipped_schemes().values()):
        text = path.read_text("utf-8")
        scheme = parsed_scheme(text, path.name)
        texts.setdefault((scheme.id, scheme.version), text)
    return texts


def _title(schemes: Mapping[tuple[str, str], str], key: tuple[str, str]) -> str:
    scheme = parsed_scheme(schemes[key], " ".join(key))
    return f"{scheme.title}（{scheme.id} {scheme.version}）"
