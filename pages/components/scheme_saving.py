"""A proposed scheme before it is kept: what is wrong with it, what differs, a version number and a reason, then yes or no."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from data.schemes import known_versions, save_scheme
from pages.components.access import require, who, whole_store
from pages.components.confirm import ask_first
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section
from pages.components.scheme_differences_view import show_differences
from pages.components.scheme_draft import Proposal, open_next
from pages.components.scheme_versions import Version, name_of
from scoring.scheme import Scheme
from scoring.scheme_differences import FIELDS
from scoring.scheme_edit import Fault, edited, next_version
from scoring.scheme_tables import RULES, scheme_tables

FAULT_COLUMNS = {
    "place": Cell("位置", below="title", width="24%"),
    "field": Cell("栏目", width="9em"),
    "text": Cell("问题和改法"),
}


def show_faults(faults: tuple[Fault, ...] | list[Fault], base: Scheme) -> None:
    """One row per fault: the entry, its field, and what is wrong with how to mend it."""
    show_rows(pd.DataFrame([_fault_row(fault, base) for fault in faults]), FAULT_COLUMNS, height=320)


def _fault_row(fault: Fault, base: Scheme) -> dict[str, str]:
    tables = scheme_tables(base)
    kind = tables[fault.table].title if fault.table in tables else fault.place
    entry = next(
        (e for part in (base.indicators, base.systems, base.grades, base.categories) for e in part if e.id == fault.entry),
        None,
    )  # fmt: skip
    title = getattr(entry, "title", None) or getattr(entry, "name", "")
    field = RULES.get(f"{fault.place}.{fault.field}", ("",))[0] or FIELDS.get(
        fault.field.split(".")[0], fault.field
    )
    return {
        "place": f"{kind} {fault.entry}".strip() or "方案",
        "title": title,
        "field": field,
        "text": fault.text,
    }


def show_saving(
    version: Version, proposal: Proposal, *, key: str, then: Callable[[], None], suggested: str | None = None
) -> None:
    """Differences to the base version, then version number, reason and the button that keeps it as a new version.

    `then` runs after it was kept. `suggested`: the version number that stands there at first.
    """
    section(f"与 {version.name} 逐项对照", "保存前请逐项核对；保存时另存为新版本，原版本不变")
    if proposal.scheme is None:
        st.warning(f"还有 {len(proposal.faults)} 处错误，改正后才能对照和保存。", icon="⚠️")
        return
    scheme = proposal.scheme
    n_lines = show_differences(version.scheme, scheme, key=key, download=f"方案修改_{version.name}")
    if not n_lines:
        return
    known = known_versions(whole_store(), scheme_id=scheme.id)
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    with left:
        first = (
            suggested if suggested and suggested not in known else next_version(scheme.version, known=known)
        )
        number = st.text_input("新版本号", first, key=f"{key}_version_{first}", max_chars=20).strip()
    with right:
        reason = st.text_input(
            "理由（必填）",
            key=f"{key}_reason",
            max_chars=200,
            placeholder="为什么改、依据什么，如：按 2026 年第 3 次考核工作会议纪要调整两个责任制的权重",
        ).strip()
    if number in known:
        st.warning(f"{scheme.id} 已有版本 {number}，请换一个版本号。", icon="⚠️")
    elif not reason:
        st.caption("写明理由后可以保存。")
    ask_first(
        "另存为新版本",
        key=f"{key}_save",
        primary=True,
        icon=":material/save:",
        title=f"另存为 {scheme.id} {number}",
        says=[
            f"与 {version.name} 有 {n_lines} 处不同，另存为版本 {number}；{version.name} 原样保留。",
            "保存过的版本不能再改，也不能删除。",
            "还没有年度采用这一版：得分、名次现在都不变，采用与否另行决定。",
            f"理由：{reason}",
        ],
        yes="另存为新版本",
        act=partial(_save, proposal.text, number, reason, then),
        disabled=not reason or not number or number in known,
    )


def _save(text: str, number: str, reason: str, then: Callable[[], None]) -> str:
    require("change_scheme")
    kept = save_scheme(whole_store(), edited(text, {"version": number}), reason=reason, actor=who().actor)
    then()
    name = name_of(kept.id, kept.version)
    open_next(version=name, part="versions")
    return f"已另存为 {name}，还没有年度采用它；要采用，请在下方“投入使用”中办理。"
