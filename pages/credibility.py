"""自评可信度: which self-assessments deserve a look, and why; signs for whoever checks, none of them a fault."""

import streamlit as st

from data import queries
from data.regions import PROVINCE
from pages.components.credibility_inflation import show_inflation
from pages.components.credibility_patterns import show_copied, show_patterns
from pages.components.credibility_view import show_signs, show_unlikely
from pages.components.filters import choose_category
from pages.components.layout import page_header
from pages.components.parts import choose_part
from pages.components.results import choose_view
from reporting.credibility_headlines import REFERENCE, say_inflation

PARTS = {
    "signs": ("提示汇总", "see_units", show_signs),
    "inflation": ("自评偏差", "see_results", show_inflation),
    "unlikely": ("不易并存", "see_units", show_unlikely),
    "copied": ("佐证相同", "see_units", show_copied),
    "patterns": ("填报规律", "see_units", show_patterns),
}

view = choose_view("自评可信度", levels=True)
with st.container(horizontal=True, vertical_alignment="bottom", key="credibility_bar", gap="small"):
    part = choose_part(PARTS, label="查看")
    category = choose_category(cycle=view.cycle)
total = view.ask(queries.inflation_by_region, region=view.region or PROVINCE, basis=view.basis)
page_header(
    "自评可信度",
    f"{say_inflation(total[total['category'] == 'all'], name=view.name, decimals=view.decimals)}。{REFERENCE}。",
    cycle=view.cycle,
    region=view.region,
    basis=view.basis,
)
if part:
    PARTS[part][2](view, category)
