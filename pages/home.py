"""本单位: what a unit has to do this year, how far it is, and where it stands."""

import streamlit as st

from data import queries
from pages.components.access import ask, who
from pages.components.filters import choose_cycle, filter_bar
from pages.components.layout import page_header, section, show_empty, show_no_cycle
from pages.components.links import page_link
from pages.components.sheet_notice import show_sheet_notice
from pages.components.submission_state import say_submission_state, show_unit_state
from pages.components.templates_view import show_guide, show_notice
from pages.components.unit_objections import show_objection_line
from pages.components.unit_tasks import show_unit_tasks

with filter_bar():
    cycle = choose_cycle()
    if cycle is None:
        show_no_cycle()

unit = ask(queries.unit_summary, cycle=cycle, unit=who().unit)
page_header(
    unit["name"] if unit else who().title, say_submission_state(cycle=cycle), cycle=cycle, region=who().region
)
if not unit:
    show_empty("本单位不在本年度名册", "请换一个年度；确应参加考核的，请联系考核主管部门列入名册。")
else:
    show_sheet_notice(cycle=cycle, unit=unit["code"])
    show_unit_state(unit, cycle=cycle)
    show_objection_line(cycle=cycle, unit=unit["code"])
    section("办理")
    with st.container(horizontal=True, gap="medium", key="ways"):
        page_link("submit", "下载本单位的自评表", icon=":material/download:", cycle=cycle, step="download")
        page_link("submit", "上传填好的自评表", icon=":material/upload_file:", cycle=cycle, step="upload")
        page_link("submit", "查看收件记录和退回原因", icon=":material/inbox:", cycle=cycle, step="inbox")
        page_link("unit", "查看得分由来", icon=":material/apartment:", cycle=cycle)
    show_unit_tasks(cycle=cycle, unit=who().unit, only_open=True)
    show_notice()
    show_guide()
