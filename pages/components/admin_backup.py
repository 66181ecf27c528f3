"""备份: one now, those that there are, and when and how many the service makes by itself."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data.backup import make_backup
from data.backup_schedule import (
    HOUR_SETTING,
    KEEP_SETTING,
    LAST_HOUR,
    MOST_KEPT,
    BackupFile,
    backup_path,
    backup_state,
    schedule_of,
)
from data.places import BACKUPS
from data.storage import readable
from data.store import StoreError
from pages.components.access import require
from pages.components.admin_access import actor, whole_store
from pages.components.confirm import tell_once
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.links import plain
from pages.components.progress import begin_bar, report_to

COLUMNS = {
    "at": Cell("时间", "time", width="11em"),
    "name": Cell("文件", width="32%"),
    "kind": Cell("方式", width="6em"),
    "size": Cell("大小", width="7em"),
    "fate": Cell("状态", "badge", tones={"可用": "good", "有缺": "pass", "没有做成": "fail"}, width="7em"),
    "reason": Cell("说明", "small"),
}
OTHER_DISK = (
    "备份与数据在同一台机器上，防不了磁盘损坏：请定期把文件拷到另一块磁盘或另一台机器。"
    "恢复须停止服务后在本机执行 manage.py restore 文件，先核对校验值再替换。"
)


def show_backup() -> None:
    """The button, the schedule, then the list."""
    left, right = st.columns(2, gap="large")
    with left:
        section("立即备份", "数据库、台账和全部自评表原件打成一个文件；备份时照常使用")
        if st.button("立即备份", type="primary", icon=":material/backup:", key="back_up"):
            _back_up()
        st.caption(OTHER_DISK)
    with right:
        _show_schedule()
    _show_list(backup_state(whole_store().home))


def _back_up() -> None:
    require("back_up")
    store = whole_store()
    bar = begin_bar("正在备份")
    try:
        made = make_backup(
            store,
            backup_path(store.home),
            actor=actor(),
            progress=lambda done, total: report_to(bar, "正在备份自评表", total)(done),
        )
    except StoreError as error:
        bar.empty()
        st.error(plain(str(error)), icon="⚠️")
        return
    told = f"备份完成：{made.path}，含 {made.workbooks:,} 份自评表。"
    if made.missing:
        told += (
            f"有 {len(made.missing):,} 份自评表原件缺失或被改动，没有备份到，请执行 manage.py verify 查看。"
        )
    tell_once(told)
    st.rerun()


def _show_schedule() -> None:
    hour, keep = schedule_of(whole_store())
    section("每日备份", f"服务运行时，每天 {hour} 时后自动备份一份，只保留最近 {keep:,} 份")
    with st.container(horizontal=True, vertical_alignment="bottom", key="schedule"):
        new_hour = st.number_input("钟点（0–23 时）", 0, LAST_HOUR, hour, key="backup_hour", width=170)
        new_keep = st.number_input("保留最近几份", 1, MOST_KEPT, keep, key="backup_keep", width=170)
        is_same = (new_hour, new_keep) == (hour, keep)
        if st.button("保存", icon=":material/save:", key="save_schedule", disabled=is_same):
            _save(HOUR_SETTING, hour, new_hour)
            _save(KEEP_SETTING, keep, new_keep)
            tell_once(f"每日 {new_hour} 时备份，保留最近 {new_keep} 份。")
            st.rerun()
    st.caption("只清理超出份数的每日备份；手动备份不自动删除，不要时请在备份目录中删除。")


def _save(name: str, before: int, now: int) -> None:
    require("back_up")
    if now != before:
        whole_store().set_setting(name, str(now), actor=actor())


def _show_list(backups: list[BackupFile]) -> None:
    section("已有的备份", f"备份目录 {whole_store().home.absolute() / BACKUPS}")
    if not backups:
        show_empty("还没有备份", "点“立即备份”，或等每日备份。")
        return
    rows = pd.DataFrame([_row(backup) for backup in backups])
    show_rows(rows, COLUMNS, height=520)


def _row(backup: BackupFile) -> dict[str, object]:
    fate = "没有做成" if not backup.is_ok else "有缺" if backup.reason else "可用"
    return {
        "at": backup.at,
        "name": backup.path.name,
        "kind": "每日" if backup.is_daily else "手动",
        "size": " ".join(readable(backup.size)) if backup.size else "",
        "fate": fate,
        "reason": backup.reason,
    }
