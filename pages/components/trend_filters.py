"""What 年度趋势 and the trend of one unit share: the compared year, and the note on what may be compared."""

from __future__ import annotations

from html import escape

import streamlit as st

from data import queries
from pages.components.access import ask_years, decimals_of, list_cycles
from pages.components.filters import choose_option
from pages.components.folded import show_folded
from pages.components.html_table import Cell, show_rows
from reporting.trend_headlines import say_comparability

WHAT_TONES = {"提问或计分不同": "pass", "只有分值不同": "good", "计分规则": "plain"}


def other_years(cycle: int) -> list[int]:
    """The cycles that a cycle can be compared with: the earlier ones, newest first, then the later ones."""
    years = list_cycles()
    return [year for year in years if year < cycle] + sorted(year for year in years if year > cycle)


def choose_before(cycle: int) -> int | None:
    """The year to compare with (query parameter `before`), the one before by default; None where there is no other."""
    options = {str(year): f"{year} 年度" for year in other_years(cycle)}
    chosen = choose_option("before", "与哪一年比较", options, width=140)
    return int(chosen) if chosen else None


def two_years(cycle: int, before: int) -> tuple[tuple[int, int], int]:
    """The two years as (compared, chosen), and the decimals in which their scores are shown."""
    return (before, cycle), decimals_of(before, cycle)


def show_comparability(*, cycle: int, before: int) -> None:
    """Always in sight: what of the two years can be compared; the differences one by one on request."""
    years = (before, cycle)
    comparison = ask_years(queries.comparability, cycle=cycle, before=before)
    text = say_comparability(comparison, years=years)
    st.html(f'<div class="aq-notice aq-compare">两年能否比较<small>{escape(text)}</small></div>')
    if comparison.is_same:
        return
    frame = ask_years(queries.differences, cycle=cycle, before=before)

    def show_differences() -> None:
        show_rows(
            frame.assign(
                can=["可比" if is_comparable else "不可比" for is_comparable in frame["is_comparable"]]
            ),
            {
                "what": Cell("不同之处", "badge", tones=WHAT_TONES, width="11em"),
                "title": Cell("指标", width="13em"),
                "article": Cell("条文", "article", width="7em"),
                "note": Cell("说明"),
                "can": Cell("得分率", width="6em"),
            },
            height=420,
            download=f"方案不同之处_{before}_{cycle}",
        )

    show_folded(f"方案的 {len(frame)} 处不同（逐项）", show_differences, key="trend_differences")
