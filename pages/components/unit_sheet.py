"""A unit's 结果反馈单, as a file to send or to keep."""

from __future__ import annotations

from functools import partial

import streamlit as st

from data.scoped import ScopedStore
from meeting.feedback import build_one, sheet_name
from pages.components.access import get_reading, is_demo, whole_store
from pages.components.downloads import show_file
from pages.components.links import plain
from pages.components.tasks_notices import DOCX
from reporting.feedback import feedback_filler
from reporting.office_template import TemplateFault


def offer_result_sheet(*, cycle: int, unit: str, name: str) -> None:
    """A button for the sheet, made when it is clicked; where the office's template has a fault, that instead."""
    home = whole_store().home
    try:
        feedback_filler(home)
    except TemplateFault as fault:
        st.error(plain(str(fault)), icon="⚠️")
        return
    build = partial(_built, get_reading(cycle), cycle, unit)
    file_name = sheet_name({"name": name, "code": unit}, is_demo=is_demo())
    show_file("下载结果反馈单（docx）", build, file_name, mime=DOCX, key="result_sheet")


def _built(reading: ScopedStore, cycle: int, unit: str) -> bytes:
    """Made when the button is clicked, outside the session."""
    return build_one(reading, cycle=cycle, unit=unit, home=reading.home)[1]
