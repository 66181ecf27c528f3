"""修改: one table at a time, its faults below it, effective weights beside it as one types, then the way to a new version."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.components.confirm import ask_first
from pages.components.filters import choose_option
from pages.components.layout import section
from pages.components.scheme_draft import Proposal, draft_cells, drop_cells, keep_cells, propose, turn
from pages.components.scheme_editor import edit_table
from pages.components.scheme_saving import show_faults, show_saving
from pages.components.scheme_versions import Version
from pages.components.scheme_weights import choose_kind, show_category_weights, show_weights_figure
from scoring.scheme_tables import Table, scheme_tables


def show_edit(version: Version, *, cycle: int) -> None:
    """Edit a version into a new one; nothing changes before it is kept, and nothing is kept in place."""
    tables = scheme_tables(version.scheme)
    chosen = choose_option(
        "table", "修改哪一部分", {t.id: t.title for t in tables.values()}, style="segments"
    )
    left, right = st.columns([9, 4], gap="large")
    with left:
        section(tables[chosen].title, f"以 {version.name} 为底稿；双击单元格修改，灰色的栏不能改")
        cells = draft_cells(version)
        typed = edit_table(tables[chosen], cells.get(chosen, {}), name=f"scheme_{version.name}_{turn()}")
        if typed != cells.get(chosen, {}):
            cells = {**cells, chosen: typed}
            keep_cells(version, cells)
        proposal = propose(version, cells)
        _show_state(version, proposal, tables, chosen)
        show_weights_figure(
            proposal.scheme or version.scheme, before=version.scheme, key=f"live_{version.name}"
        )
    with right:
        section("有效权重", "随左边的修改立即重算；改变了的注明原值")
        if proposal.scheme is None:
            st.caption("还有错误，改正之前这里是底稿的有效权重。")
        kind = choose_kind()
        show_category_weights(proposal.scheme or version.scheme, kind, before=version.scheme)
    if any(cells.values()):
        show_saving(version, proposal, key="edit", then=partial(drop_cells, version))
        ask_first(
            "放弃修改",
            key="discard_scheme",
            icon=":material/undo:",
            title="放弃全部修改",
            says=[f"对 {version.name} 的全部修改都不保存，表格恢复为这一版的内容。"],
            yes="放弃修改",
            act=partial(_discard, version),
        )


def _show_state(version: Version, proposal: Proposal, tables: dict[str, Table], chosen: str) -> None:
    """The faults of the table on the screen; of the others, where they are."""
    here = [fault for fault in proposal.faults if fault.table in (chosen, "")]
    there = {
        tables[fault.table].title if fault.table in tables else fault.place
        for fault in proposal.faults
        if fault not in here
    }
    if here:
        st.error(f"这一部分有 {len(here)} 处错误：", icon="⚠️")
        show_faults(here, version.scheme)
    if there:
        st.error(f"另有错误在：{'、'.join(sorted(there))}", icon="⚠️")
    if not proposal.faults:
        st.caption("没有错误。修改只保存在本次草稿中，另存为新版本之前不影响任何得分。")


def _discard(version: Version) -> str:
    drop_cells(version)
    return "已放弃修改。"
