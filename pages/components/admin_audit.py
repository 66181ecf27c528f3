"""操作日志: who did what, searched, a page at a time; the file of what was found; the chain that makes it trustworthy."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from access.roles import ROLE_NAMES
from data import queries
from data.audit import ACTIONS, ORIGIN_NAMES, OUTCOMES, PROGRAM_ACCOUNTS
from data.journal_check import JournalReport, check_journal
from data.queries.audit import ROWS_IN_A_FILE, ROWS_ON_A_PAGE
from data.sheets import to_csv, to_xlsx
from data.verify import SHORTEST_HEAD
from pages.components.access import list_cycles
from pages.components.admin_access import whole_store
from pages.components.downloads import show_file
from pages.components.filters import ALL, choose_day, choose_option, filter_bar, search_box
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.links import plain
from pages.components.paging import PAGE, current_page, show_pages
from pages.components.progress import begin_bar, report_to

TONES = {OUTCOMES["ok"]: "good", OUTCOMES["refused"]: "pass", OUTCOMES["failed"]: "fail"}
COLUMNS = {
    "time": Cell("时间", width="10.5em"),
    "account": Cell("账号", below="who", width="15%"),
    "origin_name": Cell("来源", width="8em"),
    "action_name": Cell("操作", width="7.5em"),
    "object": Cell("对象", width="22%"),
    "outcome_name": Cell("结果", "badge", tones=TONES, width="5.5em"),
    "detail": Cell("说明", "small"),
    "year": Cell("年度", width="4em"),
}
FILE_COLUMNS = {
    "seq": "序号",
    "at": "时间",
    "account": "账号",
    "title": "名称",
    "role_name": "角色",
    "origin_name": "来源",
    "action_name": "操作",
    "year": "年度",
    "object": "对象",
    "outcome_name": "结果",
    "detail": "说明",
}


def show_audit() -> None:
    """The filters, one page of what they find, its file, and the journal's chain."""
    wanted = _choose()
    shown = queries.audit(whole_store(), wanted, page=current_page())
    section("操作日志", f"共 {shown.found:,} 条，最新的在前；只增不改，每一条都在台账的校验链中")
    if shown.acts.empty:
        show_empty("没有这样的操作", "请放宽上面的条件。")
    else:
        show_rows(named(shown.acts), COLUMNS, height=640)
        show_pages(shown.page, shown.found, size=ROWS_ON_A_PAGE)
        _offer_file(wanted, shown.found)
    _show_chain()


def _choose() -> queries.AuditFilter:
    with filter_bar("audit_filters"):
        text = search_box("said", "查找", placeholder="对象、说明或来源中的字", clears=PAGE, width=210)
        account = search_box("by", "账号", placeholder="账号或名称", clears=PAGE, width=130)
        action = choose_option("act", "操作", {ALL: "全部操作", **ACTIONS}, width=135, clears=PAGE)
        outcome = choose_option("outcome", "结果", {ALL: "全部结果", **OUTCOMES}, width=112, clears=PAGE)
        years = {ALL: "全部年度", **{str(year): f"{year} 年度" for year in list_cycles()}}
        year = choose_option("year", "年度", years, width=112, clears=PAGE)
        since = choose_day("since", "自", clears=PAGE)
        until = choose_day("until", "至", clears=PAGE)
    return queries.AuditFilter(
        text=text or None,
        account=account or None,
        action=None if action == ALL else action,
        outcome=None if outcome == ALL else outcome,
        year=None if year == ALL else int(year),
        since=since,
        until=until,
    )


def named(acts: pd.DataFrame) -> pd.DataFrame:
    """`queries.audit` as it is read: time to the second, the account's title or else its name as the program's own, or its role, the year as text."""
    roles = acts["role"].map(ROLE_NAMES).fillna(acts["role"])
    return acts.assign(
        time=acts["at"].dt.strftime("%Y-%m-%d %H:%M:%S"),
        role_name=roles,
        origin_name=acts["origin"].replace(ORIGIN_NAMES),
        who=acts["title"].fillna(acts["account"].map(PROGRAM_ACCOUNTS)).fillna(roles),
        year=acts["cycle"].astype("Int64").astype("string"),
    )


def _offer_file(wanted: queries.AuditFilter, found: int) -> None:
    """What was found as a file, built when it is asked for."""
    store = whole_store()
    notes = pd.DataFrame({"说明": [f"导出时间：{datetime.now():%Y-%m-%d %H:%M}", f"共 {found:,} 条"]})

    def frame() -> pd.DataFrame:
        acts = queries.audit(store, wanted, size=ROWS_IN_A_FILE).acts
        return named(acts)[list(FILE_COLUMNS)].rename(columns=FILE_COLUMNS)

    with st.container(horizontal=True, vertical_alignment="center", key="audit_files"):
        name = f"操作日志_{datetime.now():%Y%m%d}"
        show_file(
            "下载这些记录（xlsx）",
            lambda: to_xlsx({"操作日志": frame(), "说明": notes}),
            f"{name}.xlsx",
            key="audit_xlsx",
        )
        show_file(
            "下载这些记录（csv）", lambda: to_csv(frame()), f"{name}.csv", mime="text/csv", key="audit_csv"
        )
        if found > ROWS_IN_A_FILE:
            st.caption(f"文件只含最新的 {ROWS_IN_A_FILE:,} 条，其余请缩小日期范围后另行下载。")


def _show_chain() -> None:
    """The head of the journal to write down, and the check of its chain."""
    head = whole_store().journal.head
    section("台账", "每次改动一行，每行含上一行的校验值：改动、删除或插入任何一行，从那一行起都对不上")
    left, right = st.columns(2, gap="large")
    with left:
        st.caption(
            "最后一行的行号和校验值。请定期抄下或打印，另行保管：台账连同数据库一起被换掉时，只有它能看出来。"
        )
        st.code(f"第 {head.n} 行  {head.hash}", language=None, wrap_lines=True)
    with right, st.container(horizontal=True, vertical_alignment="bottom", key="chain"):
        noted = st.text_input(
            f"以前抄下的校验值（可不填；至少前 {SHORTEST_HEAD} 位）",
            key="noted",
            placeholder="不填则只检查台账本身",
        )
        is_asked = st.button("检查台账", icon=":material/fact_check:", key="check_chain")
    if is_asked:
        bar = begin_bar("正在检查台账")
        report = check_journal(whole_store(), noted=noted, progress=report_to(bar, "正在检查台账", head.n))
        bar.empty()
        _show_report(report)


def _show_report(report: JournalReport) -> None:
    for fault in report.faults:
        st.error(plain(fault), icon="⚠️")
    if report.noted:
        st.success(
            f"抄下的校验值是第 {report.noted:,} 行，该行和以前的内容都没有改动。",
            icon=":material/check_circle:",
        )
    if report.is_sound:
        st.success(
            f"台账完好：{report.lines:,} 行，逐行相符，并与数据库所记一致。", icon=":material/check_circle:"
        )
    else:
        st.caption("请停止服务，执行 manage.py verify 逐项查看，再从备份恢复（restore）。")
