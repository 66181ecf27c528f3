"""系统状态: version, folder, room taken and left, the data versions of the cycles, and what has to be seen to."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from data import queries
from data.backup import program_version
from data.backup_schedule import BackupFile, backup_state
from data.storage import readable, storage, warnings
from pages.components.admin_access import whole_store
from pages.components.html_table import Cell, show_rows
from pages.components.layout import Kpi, kpi_cards, section, show_empty
from pages.components.links import plain

COLUMNS = {
    "cycle": Cell("年度", width="4em"),
    "title": Cell("方案", below="scheme"),
    "data_version": Cell("数据版本", "number", decimals=0, help="每次影响得分的改动加一，得分按它重算"),
    "changed_at": Cell("最近改动", "time"),
    "files": Cell("收到文件（回执）", "number", decimals=0),
    "submissions": Cell("接收的自评表", "number", decimals=0),
    "refused": Cell("退回", "number", decimals=0),
    "submitted": Cell("有效填报单位", "number", decimals=0),
}


def finding_sentence() -> str:
    """The screen's finding: how many matters have to be seen to, or that all is well."""
    n = len(_warnings())
    return (
        f"有 {n} 项需要处理，见“系统状态”。"
        if n
        else "账号、年度、名册、备份和日志；每一次改动都记入操作日志。"
    )


def _warnings() -> list[str]:
    store = whole_store()
    return warnings(store, backups=backup_state(store.home), now=datetime.now())


def show_system() -> None:
    """What needs attention, then the facts."""
    for text in _warnings():
        st.warning(plain(text), icon="⚠️")
    found = storage(whole_store())
    backups = [backup for backup in backup_state(whole_store().home) if backup.is_ok]
    section("存储", f"运行目录 {found.home}")
    kpi_cards(
        [
            _card("数据库", found.database_bytes),
            _card("台账", found.journal_bytes, f"{found.journal_lines:,} 行"),
            _card("自评表原件", found.workbooks.bytes, f"{found.workbooks.files:,} 份"),
            Kpi("备份", f"{len(backups):,}", "份", note=_newest(backups)),
            _card("磁盘可用", found.free_bytes),
            Kpi(
                "程序版本",
                program_version(),
                note=f"最近写入 {found.last_write:%Y-%m-%d %H:%M}" if found.last_write else "",
            ),
        ]
    )
    section("各年度的数据")
    cycles = queries.cycle_state(whole_store())
    if cycles.empty:
        show_empty("尚未开设考核年度", "请先在“年度”中开设。", page="admin", link="开设年度", part="cycles")
    else:
        show_rows(cycles.assign(scheme=cycles["scheme_id"] + " " + cycles["version"]), COLUMNS)


def _newest(backups: list[BackupFile]) -> str:
    return f"最近 {backups[0].at:%Y-%m-%d %H:%M}" if backups else "还没有备份"


def _card(label: str, n_bytes: int, note: str = "") -> Kpi:
    value, unit = readable(n_bytes)
    return Kpi(label, value, unit, note=note)
