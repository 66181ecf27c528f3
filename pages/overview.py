"""总览: where the province, or one prefecture, stands this year, and what needs attention."""

import streamlit as st

from data import queries
from pages.components.access import get_scheme
from pages.components.charts import clicked, current_look, show_chart
from pages.components.downloads import show_download
from pages.components.layout import page_header, section
from pages.components.links import open_page
from pages.components.results import LEVEL_NAMES, choose_view
from pages.components.results_view import (
    GRADE_COLUMNS,
    region_columns,
    show_attention,
    show_ends,
    show_region_cards,
    with_whole,
)
from pages.components.tables import frame_for_file, show_table
from reporting.charts import draw_grade_shares, draw_submissions, draw_tile_map
from reporting.headlines import say_bounds, say_extremes, say_grades, say_score, say_submissions

view = choose_view("总览", county=False)
look = current_look()
tiles = view.ask(queries.region_scores, level="prefecture", basis=view.basis)
below = view.ask(queries.region_scores, level=view.below, parent=view.region, basis=view.basis)
counts = view.ask(queries.grade_counts, region=view.region, basis=view.basis)
extremes = say_extremes(below, decimals=view.decimals)
if view.is_before_deadline:
    below = below.sort_values(["submission_rate", "code"], ascending=[False, True])
    finding = say_bounds(view.summary, name=view.name, decimals=view.decimals)
else:
    finding = say_score(view.summary, name=view.name, decimals=view.decimals)
page_header("总览", f"{finding}。{view.timing}。", cycle=view.cycle, region=view.region, basis=view.basis)
show_region_cards(view, counts)

left, right = st.columns([11, 9], gap="large")
with left:
    section("各市（地）提交率" if view.is_before_deadline else "各市（地）得分与等次", extremes)
    code = clicked(
        draw_tile_map(
            tiles,
            look=look,
            decimals=view.decimals,
            grades=get_scheme(view.cycle).grades,
            leads="submission_rate" if view.is_before_deadline else "score",
            chosen=view.region,
        ),
        key="overview_tiles",
        alt=extremes,
    )
    if code:
        open_page("ranking", **view.where | {"region": code})
with right:
    section(f"{view.name}各{LEVEL_NAMES[view.below]}", "选一行进入该地区的排名")
    row = show_table(
        below,
        region_columns(view, brief=True),
        key=f"overview_regions_{view.region}",
        select=True,
        rows=13,
    )
    show_download("下载此表", frame_for_file(below, region_columns(view)), f"总览_{view.cycle}_{view.name}")
    if row is not None:
        open_page("ranking", **view.where | {"region": below["code"].iloc[row]})

left, right = st.columns([11, 9], gap="large")
with left:
    section("需要关注", "按紧急程度排列")
    show_attention(view.ask(queries.attention, region=view.region))
with right:
    if view.is_before_deadline:
        section("首末地区", "截止前得分仍会变动，不列首末")
    else:
        section("首末地区", extremes)
        show_ends(view, below)

left, right = st.columns([11, 9], gap="large")
with left:
    shares = view.ask(queries.grade_shares, level=view.below, parent=view.region, basis=view.basis)
    shares = with_whole(shares, counts, name=view.name)
    section("等次分布", say_grades(counts, name=view.name))
    figure, table = st.tabs(["图", "表"])
    with figure:
        show_chart(draw_grade_shares(shares, look=look), key="overview_grades")
    with table:
        show_table(
            shares, GRADE_COLUMNS, key="overview_grades_table", download=f"等次分布_{view.cycle}_{view.name}"
        )
with right:
    units = view.ask(queries.units, region=view.region, basis=view.basis)
    section("提交进度", say_submissions(view.summary, name=view.name))
    show_chart(draw_submissions(units, deadline=view.deadline, look=look), key="overview_submissions")
