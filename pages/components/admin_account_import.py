"""Many accounts: from a table that is filled in and checked, and one for every unit of a region that has none."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from access.account_import import read_accounts, unit_accounts
from access.accounts import Account, AccountError, Accounts
from access.roles import ROLE_NAMES
from data.account_sheet import build_account_template
from data.problems import has_errors
from data.queries.ask import PROVINCE
from data.regions import is_within, load_regions, region_path
from pages.components import state
from pages.components.access import require
from pages.components.admin_access import actor, whole_store
from pages.components.admin_account_form import newest_units, show_roles
from pages.components.admin_issued import issue
from pages.components.confirm import tell_once
from pages.components.downloads import show_file
from pages.components.filters import choose_region, filter_bar
from pages.components.layout import Kpi, kpi_cards, region_name, section, show_empty
from pages.components.links import plain
from pages.components.problem_table import show_problems
from pages.components.progress import begin_bar, report_to
from pages.components.tables import Col, show_table

MOST_MEGABYTES = 20
MOST_LISTED = 200  # of the accounts that are about to be made
COLUMNS = {
    "account": Col("账号", width=200),
    "title": Col("名称", width=320),
    "role": Col("角色", width=130),
    "region": Col("地区", width=260),
    "unit": Col("单位代码", width=190),
}


def show_import() -> None:
    """Template down, table up; its problems, or the accounts it brings and the button that makes them."""
    left, right = st.columns(2, gap="large")
    with left:
        section("账号表模板", "一行一个账号；角色和地区从下拉列表选择")
        show_file(
            "下载空白模板",
            lambda: build_account_template(ROLE_NAMES, load_regions()),
            "账号表模板.xlsx",
            key="account_template",
        )
        show_roles()
    with right:
        section("导入账号表", "只新建，不更改已有账号；有一处错误就一个也不建")
        turn = state.recall("account_table", 0)
        upload = st.file_uploader(
            "填好的账号表", type=["xlsx"], key=f"account_table_{turn}", max_upload_size=MOST_MEGABYTES
        )
    if upload is None:
        return
    found, problems = read_accounts(upload.getvalue(), accounts=Accounts(whole_store()))
    if problems:
        n_errors = sum(problem.severity == "error" for problem in problems)
        section("问题清单", f"{n_errors:,} 处错误；请按“改正办法”修改后重新上传，一个账号也没有建")
        show_problems(problems, download="账号表问题清单")
    if found and not has_errors(problems):
        section("将要新建的账号", f"{len(found):,} 个")
        show_table(_rows(found[:MOST_LISTED]), COLUMNS, key="import_preview", rows=10)
        if st.button(
            f"新建 {len(found):,} 个账号", type="primary", icon=":material/group_add:", key="add_imported"
        ):
            _add(found, then=turn)


def show_units() -> None:
    """One account for every unit of a region that has none: its id is the unit's code."""
    with filter_bar("unit_filters"):
        region = choose_region()
    registered = newest_units(whole_store())
    if not registered:
        show_empty(
            "名册是空的",
            "请先开设年度并导入单位名册。",
            page="submit",
            link="导入单位名册",
            step="register",
        )
        return
    units = [unit for unit in registered.values() if is_within(unit.region, region or PROVINCE)]
    missing = unit_accounts(units, accounts=Accounts(whole_store()))
    section(
        f"为{region_name(region)}的单位建账号",
        "按最新年度的名册，给还没有账号的单位各建一个：账号就是统一社会信用代码，名称就是单位名称",
    )
    kpi_cards(
        [
            Kpi("登记单位", f"{len(units):,}", "家"),
            Kpi("已有账号", f"{len(units) - len(missing):,}", "家", tone="good"),
            Kpi("没有账号", f"{len(missing):,}", "家", tone="pass" if missing else "plain"),
        ]
    )
    if not missing:
        st.caption("这里的单位都有账号了。")
        return
    show_table(_rows(missing[:MOST_LISTED]), COLUMNS, key=f"units_preview_{region}", rows=8)
    if len(missing) > MOST_LISTED:
        st.caption(f"只列出前 {MOST_LISTED} 个。")
    st.caption("初始密码各不相同，建完后一次下载。一万家约需一分钟，请不要关闭本页；中途关闭则一个也不建。")
    if st.button(
        f"新建 {len(missing):,} 个账号", type="primary", icon=":material/group_add:", key="add_units"
    ):
        _add(missing)


def _add(found: Sequence[Account], *, then: int | None = None) -> None:
    """Make the accounts with a bar that says how far it is; `then`: the turn of the upload that is done with."""
    require("manage_accounts")
    bar = begin_bar("正在生成初始密码")
    try:
        passwords = Accounts(whole_store()).add_many(
            found, actor=actor(), progress=report_to(bar, "正在生成初始密码", len(found))
        )
    except AccountError as error:
        st.error(plain(str(error)), icon="⚠️")
        return
    issue(found, passwords)
    tell_once(f"已新建 {len(found):,} 个账号，请下载初始密码。")
    if then is not None:
        state.keep("account_table", then + 1)
    st.rerun()


def _rows(accounts: Sequence[Account]) -> pd.DataFrame:
    """One row per account with the names of role and region."""
    rows = [(a.account, a.title, ROLE_NAMES[a.role], region_path(a.region), a.unit) for a in accounts]
    return pd.DataFrame(rows, columns=list(COLUMNS))
