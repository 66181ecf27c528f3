"""What a unit must know about its workbook beyond the score: that it was sent back, and what is to be done."""

from __future__ import annotations

import streamlit as st

from data import queries
from data.course.acting import STAGE_NAMES
from pages.components.access import ask, who
from pages.components.links import page_link, plain


def show_sheet_notice(*, cycle: int, unit: str) -> None:
    """Says that the unit's workbook was sent back, with the message and the way to mend it; nothing where it was not."""
    sheet = ask(queries.sheet, cycle=cycle, unit=unit)
    if not sheet or sheet["state"] != "returned":
        return
    stage = STAGE_NAMES[sheet["returned_stage"]]
    st.warning(
        f"**退回补正**（{stage}，{sheet['returned_at']:%Y-%m-%d %H:%M}）：{plain(sheet['message'])}",
        icon="↩️",
    )
    if who().unit == unit:
        st.caption("请按说明修改自评表后重新上传；重新提交前，原来的一份仍然计分。")
        page_link("submit", "上传补正后的自评表", icon=":material/upload_file:", cycle=cycle, step="upload")
