"""Downloads of what a screen shows, built when they are asked for, as xlsx and csv."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from data.model import Publication
from data.sheets import to_csv, to_xlsx
from pages.components import state
from pages.components.access import (
    data_moment,
    get_gate,
    get_scheme,
    is_demo,
    person_of,
    publication_in_use,
    session_id,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
NOT_IN_NAMES = re.compile(r"[^\w（）·-]+")  # what a file of a unit's name could not be called everywhere


def show_download(
    label: str,
    frame: pd.DataFrame | Callable[[], pd.DataFrame],
    file_name: str,
    *,
    remarks: Sequence[str] = (),
    is_empty: bool = False,
) -> None:
    """Two buttons, xlsx and csv, for `frame` as it stands (its column names are the headers), or as a function makes it when
    one is clicked; nothing can be clicked where it `is_empty`.

    `file_name` has no extension. Text that a spreadsheet would take for a formula is neutralised in both. A second
    sheet says when it was made and that weights are examples, and the `remarks`; a demo's files are named so.
    """
    file_name = NOT_IN_NAMES.sub("_", file_name)
    name = full_name(file_name)
    table = frame if callable(frame) else lambda: frame
    is_empty = is_empty or (not callable(frame) and frame.empty)
    notes = _notes(remarks)  # now: the file is built later, outside the session
    with st.container(horizontal=True, gap="small", key=f"download_{file_name}"):
        st.download_button(
            f"{label}（xlsx）",
            data=delivered(
                lambda: to_xlsx({label: table(), "说明": pd.DataFrame({"说明": notes})}), f"{name}.xlsx"
            ),
            file_name=f"{name}.xlsx",
            mime=XLSX,
            on_click="ignore",
            icon=":material/download:",
            key=f"xlsx_{file_name}",
            disabled=is_empty,
        )
        st.download_button(
            f"{label}（csv）",
            data=delivered(lambda: to_csv(table()), f"{name}.csv"),
            file_name=f"{name}.csv",
            mime="text/csv",
            on_click="ignore",
            type="tertiary",
            key=f"csv_{file_name}",
            disabled=is_empty,
        )


def full_name(name: str) -> str:
    """A file's name, without extension, as every system can keep it: of a demo that it is one, of a publication its number."""
    name = NOT_IN_NAMES.sub("_", name)
    name = f"演示数据_{name}" if is_demo() else name
    made = _publication()
    return f"{name}_第{made.number}号公布" if made else name


def delivered(build: Callable[[], bytes], file_name: str) -> Callable[[], bytes]:
    """`build` as it runs when its button is clicked: only for who is still signed in, and written into the audit log."""
    session = session_id()

    def made() -> bytes:
        person = person_of(session)
        content = build()
        get_gate().note(person, "download", file_name)
        return content

    return made


def _notes(remarks: Sequence[str] = ()) -> list[str]:
    """What a table must say of itself when it leaves the screen."""
    notes = [*remarks, f"数据时间：{data_moment():%Y-%m-%d %H:%M}"]
    if is_demo():
        notes.append("演示数据，不代表任何真实单位")
    cycle = state.recall("cycle")
    if cycle:
        scheme = get_scheme(int(cycle))
        notes.append(f"考核方案：{scheme.title}（{scheme.version}）")
        notes.append(scheme.weights_note)
    if made := _publication():
        notes.append(
            f"第 {made.number} 号公布，{made.published_at:%Y-%m-%d %H:%M}，数据版本 {made.data_version}"
        )
        notes.append(f"SHA-256 {made.sha256}")
    return notes


def _publication() -> Publication | None:
    """The publication that the screen shows, if it shows one."""
    cycle = state.recall("cycle")
    return publication_in_use(int(cycle)) if cycle else None


def show_file(
    label: str,
    build: Callable[[], bytes] | bytes,
    file_name: str,
    *,
    mime: str = XLSX,
    primary: bool = False,
    key: str | None = None,
) -> None:
    """One button for a file that `build` makes when it is clicked."""
    st.download_button(
        label,
        data=delivered(build if callable(build) else lambda: build, file_name),
        file_name=file_name,
        mime=mime,
        on_click="ignore",
        icon=":material/download:",
        type="primary" if primary else "secondary",
        key=key or f"file_{file_name}",
    )
