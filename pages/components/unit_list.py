"""The units that the filters leave, to choose one from."""

from __future__ import annotations

import streamlit as st

from pages.components import state
from pages.components.filters import unknown_unit
from pages.components.layout import page_header, region_name, show_empty
from pages.components.links import open_page, plain
from pages.components.region_columns import GRADE_HELP
from pages.components.tables import Col
from pages.components.unit_table import first_page, show_unit_table, units_of_page

# together as wide as the table is on a screen of 1440
UNIT_COLUMNS = {
    "name": Col("单位", width=203),
    "region_name": Col("所在地区", width=90),
    "category_name": Col("类别", width=128),
    "score": Col("得分", "score", width=60),
    "grade_name": Col("等次", width=58),
    "rank": Col("名次", "rank", width=50, help="在全省同类单位中的名次；同类单位过少时不排名"),
    "state_name": Col("状态", width=70),
    "reason_name": Col("等次由来", width=96, help=GRADE_HELP),
    "self_score": Col("自评得分", "score", width=70),
    "self_inflation": Col("自评偏差", "score", width=70, help="自评得分减核定得分，均不含扣分、加分"),
    "na_share": Col("不适用", "percent", width=60, help="不适用的指标占本单位分值的比重"),
    "code": Col("统一社会信用代码", width=156),
}

UNIT_FILE = {
    "name": "单位",
    "code": "统一社会信用代码",
    "region_name": "所在地区",
    "category_name": "类别",
    "state_name": "状态",
    "score": "得分",
    "grade_name": "等次",
    "reason_name": "等次由来",
    "rank": "类别内名次",
    "self_score": "自评得分",
    "self_inflation": "自评偏差",
    "na_share": "不适用占比",
}


def show_unit_list(*, cycle: int, region: str | None, category: str | None, basis: str) -> None:
    """The units that the filters leave, to choose one from; ends the run."""
    where = {"cycle": cycle, "region": region, "category": category, "basis": basis}
    _, everybody = first_page(**where)
    page_header(
        "单位详情",
        f"{region_name(region)}共 {everybody:,} 家单位。选一行，或在上方输入名称、代码，查看该单位的得分由来。",
        cycle=cycle,
        region=region,
        basis=basis,
    )
    if unknown := unknown_unit():
        st.warning(
            f"{cycle} 年度名册中没有代码为 {plain(unknown)} 的单位，请核对代码，或从下表选择。", icon="⚠️"
        )
    if not everybody:
        show_empty(
            "这里没有登记单位",
            "请换一个地区或类别，或在“自评填报”的“单位名册”中导入单位。",
            page="submit",
            link="导入单位名册",
            step="register",
        )
        state.end_page()
    units, found, page = units_of_page(**where)
    chosen = show_unit_table(
        units,
        UNIT_COLUMNS,
        page=page,
        found=found,
        key=f"unit_list_{region}_{category}",
        download=f"单位得分_{cycle}",
        download_columns=UNIT_FILE,
        tall=18,
        where=where,
    )
    if chosen is not None:
        open_page(
            "unit",
            cycle=cycle,
            region=region,
            category=category,
            basis=basis,
            unit=units["code"].iloc[chosen],
        )
    state.end_page()
