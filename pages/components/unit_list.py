"""The units that the filters leave, to choose one from."""

from __future__ import annotations

import streamlit as st

from pages.components.filters import unknown_unit
from pages.components.layout import page_header, region_name, show_empty
from pages.components.links import open_page, plain
from pages.components.region_columns import GRADE_HELP
from pages.components.tables import Col
from pages.components.unit_table import first_page, show_unit_table, units_of_page

UNIT_COLUMNS = {
    "name": Col("单位", width=300),
    "code": Col("统一社会信用代码", width=170),
    "region_name": Col("所在地区", width=130),
    "category_name": Col("类别", width=170),
    "state_name": Col("状态", width=84),
    "score": Col("得分", "score"),
    "grade_name": Col("等次", width=76),
    "reason_name": Col("等次由来", width=104, help=GRADE_HELP),
    "rank": Col("类别内名次", "rank", width=96, help="在全省同类单位中的名次；同类单位过少时不排名"),
    "self_score": Col("自评得分", "score", width=92),
    "self_inflation": Col("自评偏差", "score", width=92, help="自评得分减核定得分，均不含扣分、加分"),
    "na_share": Col("不适用占比", "percent", width=100),
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
        st.stop()
    units, found, page = units_of_page(**where)
    chosen = show_unit_table(
        units,
        UNIT_COLUMNS,
        page=page,
        found=found,
        key=f"unit_list_{region}_{category}",
        download=f"单位得分_{cycle}",
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
    st.stop()
