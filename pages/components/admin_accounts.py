"""账号: the list of accounts and what is done to one of them; the ways to make new ones."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from access.accounts import Account, AccountError, Accounts
from access.roles import ROLE_NAMES
from data import queries
from pages.components import state
from pages.components.access import require
from pages.components.admin_access import actor, whole_store
from pages.components.admin_account_form import fill_in, show_roles
from pages.components.admin_account_import import show_import, show_units
from pages.components.admin_issued import forget_issued, issue, show_issued
from pages.components.confirm import ask_first, tell_once
from pages.components.filters import ALL, choose_option, choose_region, filter_bar, search_box
from pages.components.layout import section, show_empty
from pages.components.links import plain
from pages.components.paging import PAGE, rows_of_page, show_pages
from pages.components.tables import Col, show_table

WAYS = {"list": "账号列表", "new": "新建一个", "import": "从表格导入", "units": "为单位建账号"}
ROWS = 200  # on a page of the list
COLUMNS = {
    "account": Col("账号", width=170),
    "title": Col("名称", width=200),
    "role_name": Col("角色", width=105),
    "region_path": Col("地区", width=220),
    "unit": Col("单位代码", width=170),
    "state_name": Col("状态", width=96),
    "changed_at": Col("最近变更", "time", width=140),
}
NO_NAMES = "账号代表机构或岗位：写机构或岗位，不写姓名。密码只在系统中留下加密后的校验值，谁也查不到原文。"


def show_accounts() -> None:
    """The list and the ways to make accounts; initial passwords stand above, until this part is left."""
    if state.widget_value("way_in") is None:  # just come from elsewhere
        forget_issued()
    way = choose_option("way_in", "办理", WAYS, style="segments", clears=PAGE)
    st.caption(NO_NAMES)
    show_issued()
    match way:
        case "new":
            _show_new()
        case "import":
            show_import()
        case "units":
            show_units()
        case _:
            _show_list()


def _show_list() -> None:
    with filter_bar("account_filters"):
        role = choose_option("role", "角色", {ALL: "全部角色", **ROLE_NAMES}, width=150, clears=PAGE)
        region = choose_region()
        text = search_box("account", "查找", placeholder="账号、名称或单位代码中的几个字", clears=PAGE)
    found = queries.accounts(
        whole_store(), role=None if role == ALL else role, region=region, text=text or None
    )
    section("账号列表", f"共 {len(found):,} 个；选一行，可更改、停用或重置密码")
    if found.empty:
        show_empty("没有这样的账号", "请放宽上面的条件，或用“新建一个”“从表格导入”“为单位建账号”添加。")
        return
    shown, page = rows_of_page(named(found), size=ROWS)
    # a selection is the number of a row: after any change another account may stand there
    stamp = f"{len(found)}_{found['changed_at'].max()}"
    chosen = show_table(
        shown, COLUMNS, key=f"accounts_{role}_{region}_{text}_{page}_{stamp}", select=True, rows=12
    )
    show_pages(page, len(found), size=ROWS)
    if chosen is not None:
        _show_one(Accounts(whole_store()), shown["account"].iloc[chosen])


def named(accounts: pd.DataFrame) -> pd.DataFrame:
    """`queries.accounts` with the roles' names."""
    return accounts.assign(role_name=accounts["role"].map(ROLE_NAMES))


def _show_one(accounts: Accounts, account: str) -> None:
    found = accounts.find(account)
    section(
        found.title,
        f"账号 {found.account}，{ROLE_NAMES[found.role]}{'，已停用' if found.is_disabled else ''}",
    )
    if account == actor().account:
        st.caption(
            "这是您自己的账号：密码请点左侧的“修改密码”来改；名称、角色、地区的更改和停用由另一个系统管理员办理。"
        )
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        changed = fill_in(whole_store(), key=f"change_{account}", now=found)
        if st.button(
            "保存更改", key="change", icon=":material/save:", disabled=changed is None or changed == found
        ):
            _change(accounts, changed)
    with right:
        st.caption(
            "更改角色、地区，重置密码或停用后，对方下一次点击时退出。停用的不能登录，记录保留，可以重新启用。"
            "忘记密码时重置：得到新的初始密码，只显示一次，首次登录时须改掉。"
        )
        with st.container(horizontal=True):
            _offer_reset(accounts, found)
            _offer_disabling(accounts, found)


def _change(accounts: Accounts, changed: Account) -> None:
    require("manage_accounts")
    try:
        accounts.change(
            changed.account,
            actor=actor(),
            title=changed.title,
            role=changed.role,
            region=changed.region,
            unit=changed.unit,
        )
    except AccountError as error:
        st.error(plain(str(error)), icon="⚠️")
        return
    tell_once(f"已更改账号 {changed.account}。")
    st.rerun()


def _offer_reset(accounts: Accounts, found: Account) -> None:
    def reset() -> str:
        require("manage_accounts")
        issue([found], [accounts.reset_password(found.account, actor=actor())])
        return f"已重置 {found.account} 的密码，新的初始密码见下。"

    ask_first(
        "重置密码",
        key="reset",
        icon=":material/lock_reset:",
        title="重置密码",
        says=[
            f"账号 {found.account}（{found.title}）现在的密码立即作废。",
            "新的初始密码只显示一次，请当面或通过机要渠道交给本人所在的机构。",
            "对方首次登录时须改成自己的密码。",
        ],
        yes="重置",
        act=reset,
    )


def _offer_disabling(accounts: Accounts, found: Account) -> None:
    is_disabling = not found.is_disabled
    verb = "停用" if is_disabling else "启用"

    def act() -> str:
        require("manage_accounts")
        accounts.set_disabled(found.account, is_disabling, actor=actor())
        return f"已{verb}账号 {found.account}。"

    says = [f"账号 {found.account}（{found.title}）将被{verb}。"]
    says += (
        ["正在使用的，下一次点击时退出，不能再登录。", "它做过的事仍在操作日志中，可以随时重新启用。"]
        if is_disabling
        else ["可以用停用前的密码登录；需要新密码的，再点“重置密码”。"]
    )
    ask_first(
        verb,
        key="disable",
        icon=":material/block:" if is_disabling else ":material/check_circle:",
        title=f"{verb}账号",
        says=says,
        yes=verb,
        act=act,
    )


def _show_new() -> None:
    store = whole_store()
    turn = state.recall("new_account", 0)
    left, right = st.columns(2, gap="large")
    with right:
        show_roles()
    with left:
        section("新建一个账号", "先选角色和地区，再写账号和名称")
        account = fill_in(store, key=f"new_{turn}")
        if st.button(
            "新建账号", key="add", type="primary", icon=":material/person_add:", disabled=account is None
        ):
            _add(Accounts(store), account, turn)


def _add(accounts: Accounts, account: Account, turn: int) -> None:
    require("manage_accounts")
    try:
        issue([account], [accounts.add(account, actor=actor())])
    except AccountError as error:
        st.error(plain(str(error)), icon="⚠️")
        return
    tell_once(f"已新建账号 {account.account}。")
    state.keep("new_account", turn + 1)
    st.rerun()
