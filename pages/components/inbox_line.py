"""How the inbox stands: where it is, what waits in it, what came of it last, and what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from data import queries
from data.inbox import InboxState, inbox_state
from data.queries.ask import PROVINCE
from pages.components.access import ask, get_store, who

REFRESH_S = 2  # how often the line is drawn anew while something waits
NAMES_SHOWN = 3
HOW = "把自评表或压缩包放进这个文件夹（或其中以年度命名的子文件夹），服务运行时自动接收"


def show_inbox_line(*, cycle: int) -> None:
    """One line, and one more for every trouble; while files wait it follows them, and then the page is drawn anew.

    Only for who sees the whole province: what lies in the inbox may be of any unit.
    """
    if who().scope.region != PROVINCE or who().unit:
        return
    is_busy = _is_busy(inbox_state(get_store().home))
    st.fragment(_draw, run_every=REFRESH_S if is_busy else None)(_last_batch(cycle), was_busy=is_busy)


def _draw(last_batch: str, *, was_busy: bool) -> None:
    state = inbox_state(get_store().home)
    if was_busy and not _is_busy(state):
        st.rerun()  # the whole page: its table has the new files
    facts = [f'<span title="{HOW}">收件箱 <b>{escape(str(state.folder))}</b></span>']
    facts.append(
        f"<span>等待接收 <b>{len(state.waiting):,} 个文件</b>{escape(_names(state.waiting))}</span>"
        if state.waiting
        else "<span>没有等待接收的文件</span>"
    )
    facts.append(f"<span>{escape(last_batch)}</span>")
    troubles = [f"收件箱：{state.error}"] if state.error else []
    troubles += [f"收件箱中 {len(h.names):,} 个文件{_names(h.names)}：{h.reason}" for h in state.held]
    st.html(
        f'<div class="aq-facts">{"".join(facts)}</div>'
        + "".join(f'<div class="aq-trouble">{escape(each)}</div>' for each in troubles)
    )


def _is_busy(state: InboxState) -> bool:
    return state.is_watched and bool(state.waiting)


def _last_batch(cycle: int) -> str:
    batches = ask(queries.inbox_batches, cycle=cycle, limit=1)
    if batches.empty:
        return f"{cycle} 年度还没有从收件箱收到文件"
    last = batches.iloc[0]
    return (
        f"最近一批 {last['at']:%Y-%m-%d %H:%M}：{last['n_files']:,} 份，"
        f"接收 {last['n_accepted']:,}，退回 {last['n_refused']:,}"
    )


def _names(names: Sequence[str]) -> str:
    """（甲、乙、丙等）"""
    return f"（{'、'.join(names[:NAMES_SHOWN])}{'等' if len(names) > NAMES_SHOWN else ''}）"
