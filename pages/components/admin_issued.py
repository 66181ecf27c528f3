"""Initial passwords that were just made: shown and handed out once, held for this visitor only, kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from access.accounts import Account
from access.roles import ROLE_NAMES
from data.regions import region_path
from data.sheets import to_xlsx
from pages.components import state
from pages.components.downloads import show_file
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section

MOST_SHOWN = 20  # on the screen; more are in the file only
COLUMNS = {"account": "账号", "title": "名称", "role": "角色", "region": "地区", "password": "初始密码"}
ONCE = (
    "只显示这一次：系统只留加密后的校验值，离开“账号”或点“已保存”后谁也查不到。首次登录时须改成自己的密码。"
)
HANDLING = "请当面或通过机要渠道分发，不要用普通邮件、即时通信；发完请删除本文件。"


@dataclass(frozen=True)
class Issued:
    """Accounts with their initial passwords, in the same order, and when they were made."""

    accounts: tuple[Account, ...]
    passwords: tuple[str, ...]
    at: datetime


def issue(accounts: Sequence[Account], passwords: Sequence[str]) -> None:
    """Hold them until the visitor has saved them or leaves; earlier ones are gone."""
    state.keep("issued", Issued(tuple(accounts), tuple(passwords), datetime.now()))


def forget_issued() -> None:
    """From now on nobody can see them."""
    state.forget("issued")


def show_issued() -> None:
    """The passwords, where there are any: a few as a table, all as a file, and the button that forgets them."""
    issued = state.recall("issued")
    if issued is None:
        return
    frame = _frame(issued)
    section(f"初始密码（{len(frame):,} 个账号）", ONCE)
    if len(frame) <= MOST_SHOWN:
        show_rows(frame, {**COLUMNS, "password": Cell(COLUMNS["password"], "code")})
    with st.container(horizontal=True, vertical_alignment="center", key="issued"):
        notes = pd.DataFrame({"说明": [f"生成时间：{issued.at:%Y-%m-%d %H:%M}", ONCE, HANDLING]})
        show_file(
            "下载初始密码（xlsx）",
            lambda: to_xlsx({"初始密码": frame.rename(columns=COLUMNS), "说明": notes}),
            f"初始密码_{issued.at:%Y%m%d_%H%M}.xlsx",
            primary=True,
            key="passwords",
        )
        st.button("已保存，清除", key="forget_issued", icon=":material/delete:", on_click=forget_issued)
        st.caption(HANDLING)


def _frame(issued: Issued) -> pd.DataFrame:
    """One row per account: account, title, role (its name), region (its path), password."""
    rows = [
        (account.account, account.title, ROLE_NAMES[account.role], region_path(account.region), password)
        for account, password in zip(issued.accounts, issued.passwords, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
