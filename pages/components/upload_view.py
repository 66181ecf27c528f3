"""Workbooks in: upload, progress, a receipt for every file, its problems, the scores that came of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data import queries
from data.receipts import name_for_xlsx, receipts_to_xlsx
from data.unpack import WORKBOOK_SUFFIXES
from pages.components import state
from pages.components.access import ask, get_scheme, get_store, require, who
from pages.components.downloads import ZIP, show_file
from pages.components.file_history import HISTORY_COLUMNS, history_rows
from pages.components.filters import choose_option
from pages.components.handing_in import (
    HandedIn,
    hand_in,
    marked_copies,
    marked_copy,
    open_uploads,
    problem_rows,
    receipt_rows,
)
from pages.components.html_table import Cell, show_rows
from pages.components.layout import Kpi, kpi_cards, section, show_empty
from pages.components.links import page_urls
from pages.components.problem_table import show_problems
from pages.components.progress import begin_bar, report_to
from pages.components.tables import show_table
from reporting.rows import rows_of

UPLOAD_WAYS = {"files": "一份或多份文件、压缩包", "folder": "整个文件夹"}
RECENT_FILES = 10
RESULT_LIST = 200  # accepted units shown with their score; the whole list is in 单位详情
FATE_TONES = {
    "已接收": "good",
    "已接收（此前已收）": "plain",
    "已接收（有提醒）": "pass",
    "退回": "fail",
}


def show_upload(*, cycle: int) -> None:
    """Files, zips or a folder in; progress; then a receipt for every file."""
    way = choose_option("way", "上传方式", UPLOAD_WAYS, style="segments")
    turn = state.recall("upload_turn", 0)
    uploads = st.file_uploader(
        "填好的自评表（选择，或拖放到下框）",
        type=None if way == "folder" else [suffix.lstrip(".") for suffix in WORKBOOK_SUFFIXES],
        accept_multiple_files="directory" if way == "folder" else True,
        key=f"uploads_{way}_{turn}",
        help="可以一次选多份文件，也可以上传含多份自评表的压缩包。同一份文件重复上传只算一次。",
    )
    if uploads and st.button(
        f"接收 {len(uploads):,} 个文件", type="primary", icon=":material/move_to_inbox:", key="take_in"
    ):
        opened = open_uploads(uploads, is_folder=way == "folder")
        bar = begin_bar("正在核对")
        require("upload")
        handed_in = hand_in(
            get_store(),
            opened,
            cycle=cycle,
            expected_unit=who().unit,
            progress=report_to(bar, "正在核对", len(opened)),
        )
        state.keep("handed_in", handed_in)
        state.keep("upload_turn", turn + 1)
        st.rerun()
    handed_in = state.recall("handed_in")
    if handed_in and handed_in.cycle == cycle:
        _show_outcome(handed_in)
    else:
        _show_recent(cycle=cycle)


def _show_recent(*, cycle: int) -> None:
    recent = ask(queries.history, cycle=cycle, limit=RECENT_FILES)
    if recent.empty:
        show_empty("还没有收到文件", "选择填好的自评表后点“接收”，这里给出每份文件的回执。")
        return
    section("最近收到的文件", "全部文件见“收件记录”")
    show_table(history_rows(recent), HISTORY_COLUMNS, key="recent_files")


def _show_outcome(handed_in: HandedIn) -> None:
    names = {code: unit.name for code, unit in get_store().units(cycle=handed_in.cycle).items()}
    rows = receipt_rows(handed_in, names=names)
    section("回执", "每份文件一行；退回的文件没有计入，改正后请再次上传")
    kpi_cards(
        [
            Kpi("收到文件", f"{len(rows):,}", "份"),
            Kpi("已接收", f"{handed_in.count('accepted'):,}", "份", tone="good"),
            Kpi("已接收（有提醒）", f"{handed_in.count('warned'):,}", "份", tone="pass"),
            Kpi("退回", f"{handed_in.count('refused'):,}", "份", tone="fail"),
        ]
    )
    if handed_in.passed_over:
        st.caption(f"略过 {handed_in.passed_over:,} 个不是自评表的文件（佐证材料、临时文件等）。")
    if rows.empty:
        show_empty("没有找到自评表", "这里只接收填好的自评表（xlsx 等）或它们的压缩包，请检查所选的文件夹。")
        return
    show_rows(
        rows,
        {
            "path": Cell("文件", below="first", width="36%"),
            "unit_name": Cell("单位", below="unit", width="22%"),
            "template_version": Cell("模板版本", width="6em"),
            "hash": Cell("SHA-256（前 12 位）", width="10em"),
            "fate": Cell("结果", "badge", tones=FATE_TONES, width="12em"),
            "errors": Cell("错误", "number", decimals=0, width="4em"),
            "warnings": Cell("提醒", "number", decimals=0, width="4em"),
        },
        height=420,
    )
    with st.container(horizontal=True, key="receipt_files"):
        show_file(
            "下载回执",
            lambda: receipts_to_xlsx(handed_in.receipts),
            f"回执_{handed_in.cycle}.xlsx",
            key="receipts",
        )
        _offer_marked(handed_in)
    problems = problem_rows(handed_in.receipts)
    if len(problems):
        section("问题清单", "一次列出全部问题，按所在位置排列；错误须改正后重新上传，提醒不影响接收")
        several = len(handed_in.receipts) > 1
        show_problems(problems, download="问题清单", with_file=several)
    _show_scores(handed_in)


def _offer_marked(handed_in: HandedIn) -> None:
    if not handed_in.refused:
        return
    if len(handed_in.refused) == 1:
        ((number, content),) = handed_in.refused.items()
        receipt = handed_in.receipts[number]
        show_file(
            "下载标出问题的自评表",
            lambda: marked_copy(receipt, content),
            f"问题标注_{name_for_xlsx(receipt.path)}",
            primary=True,
            key="marked",
        )
    else:
        show_file(
            f"下载标出问题的 {len(handed_in.refused)} 份自评表",
            lambda: marked_copies(handed_in),
            f"问题标注_{handed_in.cycle}.zip",
            mime=ZIP,
            primary=True,
            key="marked",
        )


def _show_scores(handed_in: HandedIn) -> None:
    """The scores of the units whose files are in, each leading to its 单位详情."""
    codes = {r.unit for r in handed_in.receipts if r.unit and r.status != "refused"}
    if not codes:
        return
    where = {"cycle": handed_in.cycle, "basis": "composite"}
    scored = ask(queries.units, codes=tuple(sorted(codes)), **where).head(RESULT_LIST)
    section("得分", f"按当前有效填报计算；{get_scheme(handed_in.cycle).weights_note}")
    show_rows(
        scored.assign(
            href=page_urls("unit", scored["code"], last="unit", cycle=handed_in.cycle),
            place=[f"{row.rank} / {row.peers}" if pd.notna(row.rank) else "不排名" for row in rows_of(scored[["rank", "peers"]])],
        ),
        {
            "name": Cell("单位", "link", href="href", below="region_path"),
            "category_name": Cell("类别"),
            "score": Cell("得分", "number"),
            "grade_name": Cell("等次", "badge", tones=dict(zip(scored["grade_name"], scored["grade"], strict=True))),
            "place": Cell("类别内名次"),
            "self_score": Cell("自评得分", "number"),
        },
        height=420,
    )  # fmt: skip
