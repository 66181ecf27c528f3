"""总览: where the province, or one prefecture, stands this year, and what needs attention."""

import streamlit as st

from pages.components.layout import page_header
from pages.components.overview_view import (
    show_attention,
    show_cards,
    show_ends,
    show_grades,
    show_progress,
    show_regions,
    show_tiles,
)
from pages.components.results import choose_view
from reporting.headlines import say_bounds, say_extremes

WIDTHS = [11, 9]

view = choose_view("总览", county=False)
rows = view.registered_rows()
extremes = say_extremes(rows, decimals=view.decimals)
if view.is_before_deadline:
    finding = say_bounds(view.summary, name=view.name, decimals=view.decimals)
else:
    finding = f"{view.standing}。{extremes}" if extremes else view.standing
page_header("总览", f"{finding}。", cycle=view.cycle, region=view.region, basis=view.basis)
show_cards(view)

left, right = st.columns(WIDTHS, gap="large")
with left:
    show_tiles(view)
with right:
    show_regions(view, rows)

left, right = st.columns(WIDTHS, gap="large")
with left:
    show_attention(view)
with right:
    show_ends(view, rows, extremes)

left, right = st.columns(WIDTHS, gap="large")
with left:
    show_grades(view)
with right:
    show_progress(view)
