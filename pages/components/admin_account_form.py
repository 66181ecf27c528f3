"""The fields of one account: role, the region of a fitting level, the unit of a unit's account, its id and title."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from access.account_rules import LEVEL_NAMES
from access.accounts import Account
from access.roles import ACTION_NAMES, ROLE_LEVELS, ROLE_NAMES, Role, may
from data.model import Unit
from data.region_names import RegionNames
from data.regions import load_regions
from data.store import Store
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section

TITLE_LENGTH = 60  # characters; the longest names of offices have about forty
ID_HELP = "3–32 位小写字母、数字、点、横线，以字母开头，如 hrb-kaohe；填报单位用统一社会信用代码。"


def fill_in(store: Store, *, key: str, now: Account | None = None) -> Account | None:
    """Draw the fields, filled with the account `now`, and return it as they stand; None while a choice is missing."""
    left, right = st.columns(2)
    with left:
        role = _choose_role(key, now)
    with right:
        region = _choose_region(key, role, now)
    unit = _choose_unit(store, key, region, now) if role == "unit" else None
    left, right = st.columns(2)
    with left:
        account = _account_id(key, unit, now)
    with right:
        title = _title(key, unit, now)
    if region is None or (role == "unit" and unit is None):
        return None
    fields = {"title": title, "role": role, "region": region, "unit": unit.code if unit else None}
    return replace(now, **fields) if now else Account(account, **fields)


def _choose_role(key: str, now: Account | None) -> Role:
    roles = list(ROLE_NAMES)
    return st.selectbox(
        "角色",
        roles,
        index=roles.index(now.role) if now else roles.index("county"),
        format_func=ROLE_NAMES.get,
        key=f"{key}_role",
    )


def _choose_region(key: str, role: Role, now: Account | None) -> str | None:
    """A region of a level that the role may have; chosen already where there is only one."""
    regions = load_regions()
    names = RegionNames(regions)
    fitting = [region.code for region in regions if region.level in ROLE_LEVELS[role]]
    known = now.region if now and now.region in fitting else fitting[0] if len(fitting) == 1 else None
    return st.selectbox(
        "地区",
        fitting,
        index=fitting.index(known) if known else None,
        format_func=names.path,
        placeholder="输入名称查找",
        key=f"{key}_region_{role}",
    )


def _choose_unit(store: Store, key: str, region: str | None, now: Account | None) -> Unit | None:
    """A unit that is registered in the very region, in the newest cycle."""
    if region is None:
        return None
    units = {code: unit for code, unit in newest_units(store).items() if unit.region == region}
    known = now.unit if now and now.unit in units else None
    chosen = st.selectbox(
        "单位",
        list(units),
        index=list(units).index(known) if known else None,
        format_func=lambda code: f"{units[code].name}（{code}）",
        placeholder=f"输入名称或代码查找（{len(units):,} 家）"
        if units
        else "该地区本级没有登记单位，请先登记",
        disabled=not units,
        key=f"{key}_unit_{region}",
    )
    return units.get(chosen)


def _account_id(key: str, unit: Unit | None, now: Account | None) -> str:
    return st.text_input(
        "账号",
        value=now.account if now else unit.code if unit else "",
        help=ID_HELP,
        placeholder="如 daoli-kaohe",
        disabled=now is not None,
        key=f"{key}_account_{unit.code if unit else ''}",
    ).strip()


def _title(key: str, unit: Unit | None, now: Account | None) -> str:
    return st.text_input(
        "名称（写机构或岗位，不写姓名）",
        value=now.title if now else unit.name if unit else "",
        max_chars=TITLE_LENGTH,
        placeholder="如 道里区考核办",
        key=f"{key}_title_{unit.code if unit else ''}",
    ).strip()


def newest_units(store: Store) -> dict[str, Unit]:
    """The register of the newest cycle by unit code; empty before there is one."""
    cycles = store.cycles()
    return store.units(cycle=cycles[0]) if cycles else {}


def show_roles() -> None:
    """What each role is tied to and may do there."""
    section("角色", "能看、能做的都只在自己的地区或单位之内")
    rows = [
        (
            name,
            "、".join(LEVEL_NAMES[level] for level in ROLE_LEVELS[role]) if role != "unit" else "一个单位",
            "；".join(ACTION_NAMES[action] for action in ACTION_NAMES if may(role, action)),
        )
        for role, name in ROLE_NAMES.items()
    ]
    frame = pd.DataFrame(rows, columns=["role", "region", "actions"])
    show_rows(
        frame,
        {
            "role": Cell("角色", width="8em"),
            "region": Cell("地区", width="8em"),
            "actions": Cell("可以", "small"),
        },
    )
