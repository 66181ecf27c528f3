"""年度趋势: regions and units over the years, what may be compared, and what moved a score, to the last point."""

import streamlit as st

from data import queries
from data.queries.ask import PROVINCE
from pages.components import state
from pages.components.access import ask_years
from pages.components.filters import choose_category, choose_unit
from pages.components.layout import page_header, show_empty
from pages.components.results import LEVEL_NAMES, choose_view
from pages.components.trend_filters import choose_before, show_comparability, two_years
from pages.components.trend_units import show_unit_moves, show_unit_trend
from pages.components.trend_view import show_articles, show_bridge, show_slopes, show_years
from reporting.trend_headlines import say_move, say_moves

view = choose_view("年度趋势", levels=True)
with st.container(horizontal=True, vertical_alignment="bottom", key="trend_bar", gap="small"):
    before = choose_before(view.cycle)
    category = choose_category(cycle=view.cycle)
    unit = choose_unit(cycle=view.cycle, region=view.unit_region, category=category)
where = {"cycle": view.cycle, "region": view.region, "basis": view.basis}
if before is None:
    page_header("年度趋势", f"只有 {view.cycle} 一个考核年度，还没有可比较的年度。", **where)
    show_empty(
        "只有一个考核年度",
        "在“系统管理—年度”中开设另一个年度，导入名册、接收自评表后，这里显示各地区、各单位的变化及其原因。",
        page="admin",
        link="开设年度",
        part="cycles",
    )
    state.end_page()

years, decimals = two_years(view.cycle, before)
rows = ask_years(
    queries.region_moves,
    cycle=view.cycle,
    before=before,
    level=view.rows,
    parent=view.parent,
    basis=view.basis,
)
own = ask_years(
    queries.region_trend,
    cycle=view.cycle,
    level=None,
    parent=None,
    region=view.region or PROVINCE,
    basis=view.basis,
)
score = own.set_index("cycle")["score"]
standing = say_move(
    {"score_before": score.get(before), "score_now": score.get(view.cycle)},
    name=view.name,
    years=years,
    decimals=decimals,
)
moved = say_moves(rows, level=LEVEL_NAMES[view.rows], decimals=decimals)
timing = f"{view.timing}，得分还会变动。" if view.is_before_deadline else ""
page_header("年度趋势", f"{standing}。{moved}{'。' if moved else ''}{timing}", **where)
if unit:
    name = ask_years(queries.unit_trend, cycle=view.cycle, unit=unit, basis=view.basis)["name"].iloc[-1]
    show_unit_trend(unit=unit, cycle=view.cycle, basis=view.basis, name=name, before=before)
    state.end_page()
show_comparability(cycle=view.cycle, before=before)
show_slopes(view, rows, years=years, decimals=decimals)
show_years(view, decimals=decimals)
show_bridge(
    cycle=view.cycle, before=before, name=view.name, decimals=decimals, basis=view.basis, region=view.region
)
show_articles(cycle=view.cycle, before=before, name=view.name, basis=view.basis, region=view.region)
show_unit_moves(view, before=before, category=category)
