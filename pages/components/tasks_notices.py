"""整改通知书 for the tasks on the screen: one, or many as a zip, from the office's template or the shipped one."""

from __future__ import annotations

from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from pages.components import state
from pages.components.access import is_demo, whole_store
from pages.components.downloads import ZIP, show_file
from pages.components.filters import choose_option
from pages.components.links import plain
from pages.components.progress import begin_bar, report_to
from reporting.notices import notices_of
from reporting.office_template import TemplateFault
from reporting.to_docx import check_template, template_of, write_notice, zip_notices

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BY = {"unit": "每个单位一份", "task": "每项任务一份"}


def offer_notices(tasks: pd.DataFrame, *, cycle: int, name: str) -> None:
    """Notices of those of the given tasks (rows of queries.tasks) that wait for their unit."""
    waiting = tasks[tasks["state"].isin(["issued", "rejected"])]
    if waiting.empty:
        return
    template = template_of(whole_store().home)
    try:
        check_template(template)
    except TemplateFault as fault:
        st.error(plain(str(fault)), icon="⚠️")
        return
    by = "task"
    if len(waiting) > 1:
        with st.container(horizontal=True, vertical_alignment="bottom", key="notice_ways"):
            by = choose_option("notices_by", "整改通知书（待整改、复查未通过的任务）", BY, style="segments")
    make = partial(
        notices_of, waiting, cycle=cycle, day=date.today(), by_unit=by == "unit", is_demo=is_demo()
    )
    how_many = waiting["unit" if by == "unit" else "task"].nunique()
    if how_many == 1:
        label, (notice,) = "下载整改通知书", make()
        show_file(label, lambda: write_notice(notice, template=template), notice.file_name, mime=DOCX, key="notice")  # fmt: skip
        return
    wanted = (cycle, by, tuple(waiting["task"]), whole_store().data_version(cycle))
    if st.button(f"生成 {how_many:,} 份整改通知书", icon=":material/folder_zip:", key="make_notices"):
        bar = begin_bar("正在生成整改通知书")
        report = report_to(bar, "正在生成整改通知书", how_many)
        packed = zip_notices(make(), template=template, progress=report)
        bar.empty()
        state.keep("notices", (wanted, packed))
    kept = state.recall("notices")
    if kept and kept[0] == wanted:
        prefix = "演示数据_" if is_demo() else ""
        file_name = f"{prefix}整改通知书_{cycle}_{name}_{how_many}份.zip"
        show_file(f"下载压缩包（{how_many:,} 份）", kept[1], file_name, mime=ZIP, primary=True, key="notices")
