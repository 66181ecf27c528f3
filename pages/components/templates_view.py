"""Workbooks out: one unit's, or those of a region as a zip, and how they are filled in."""

from __future__ import annotations

import streamlit as st

from data import queries
from data.model import Unit
from data.template import template_path
from pages.components import state
from pages.components.access import ask, get_scheme, get_store, who
from pages.components.downloads import ZIP, show_file
from pages.components.filters import choose_category, choose_region, choose_unit
from pages.components.handing_in import (
    one_template,
    zip_templates,
)
from pages.components.layout import region_name, section, show_empty
from pages.components.progress import begin_bar, report_to

NOTICE = "不得填写个人信息和国家秘密"
NOTICE_MORE = "只填单位的数量、日期、文号和“是”“否”。不得出现姓名、身份证号、行程、举报情况，不得上传涉密文件；含有这些内容的文件会被退回。"
GUIDE = (
    ("打开", "用 Excel、WPS 或 LibreOffice 打开，只填有颜色的单元格，其余已锁定。"),
    ("作答", "有下拉列表的从列表选择；次数、人数填数字；日期写成 2026年4月15日 或 2026-04-15。"),
    ("说明", "不适用的写“不适用”和理由；要求佐证的填文号、日期，不附文件原件。"),
    ("交回", "保存后到“上传自评表”交回，当场得到回执；有问题的逐个单元格指出，改后再交。"),
)


def show_notice() -> None:
    """What must not be in a workbook; stands on every step that hands one out or takes one in."""
    st.html(f'<div class="aq-notice">{NOTICE}<small>{NOTICE_MORE}</small></div>')


def show_guide() -> None:
    """How a workbook is filled in, in four steps."""
    section("怎么填")
    steps = "".join(f"<li><b>{title}</b>{text}</li>" for title, text in GUIDE)
    st.html(f'<ol class="aq-steps">{steps}</ol>')


def show_templates(*, cycle: int) -> None:
    """One unit's workbook, or those of a region as a zip."""
    store = get_store()
    if not ask(queries.unit_categories, cycle=cycle)["units"].sum():
        show_empty("名册是空的", "请先在“单位名册”中导入本年度的单位。")
        return
    if own := who().unit:
        _offer_own(store.unit(cycle=cycle, code=own), cycle=cycle)
        return
    left, right = st.columns(2, gap="large")
    with left:
        section("一个单位", "自评表只含该单位适用的指标，单位信息已填好并锁定")
        with st.container(horizontal=True, key="template_filters"):
            region = choose_region()
        code = choose_unit(cycle=cycle, region=region)
        if code and (unit := store.unit(cycle=cycle, code=code)):
            show_file(
                "下载该单位的自评表",
                lambda: one_template(store, cycle=cycle, unit=unit),
                template_path(unit).name,
                primary=True,
                key="one_template",
            )
        else:
            st.caption("选择单位后下载，可输入名称或代码查找。")
    with right:
        section("整个地区", f"{region_name(region)}所有单位的自评表打成一个压缩包，按市（地）分文件夹")
        with st.container(horizontal=True, key="zip_filters"):
            category = choose_category(cycle=cycle)
        _offer_zip(cycle=cycle, region=region, category=category)


def _offer_own(unit: Unit, *, cycle: int) -> None:
    """The workbook of the unit that is signed in."""
    store = get_store()
    section("本单位的自评表", "只含本单位适用的指标，单位信息已填好并锁定")
    show_file(
        "下载本单位的自评表",
        lambda: one_template(store, cycle=cycle, unit=unit),
        template_path(unit).name,
        primary=True,
        key="one_template",
    )


def _offer_zip(*, cycle: int, region: str | None, category: str | None) -> None:
    store = get_store()
    counts = ask(queries.unit_categories, cycle=cycle, region=region)
    wanted_units = int(counts.loc[counts["category"].eq(category) | (category is None), "units"].sum())
    wanted = (cycle, region, category, store.data_version(cycle))
    if not wanted_units:
        st.caption("这里没有登记单位，请换一个地区或类别。")
        return
    if st.button(f"生成 {wanted_units:,} 份自评表", icon=":material/folder_zip:", key="make_zip"):
        bar = begin_bar("正在生成自评表")
        listed = queries.units(store, cycle=cycle, region=region, category=category)["code"]
        registered = store.units(cycle=cycle)
        packed = zip_templates(
            get_scheme(cycle),
            cycle=store.cycle(cycle),
            units=[registered[code] for code in listed],
            progress=report_to(bar, "正在生成自评表", wanted_units),
        )
        bar.empty()
        state.keep("templates", (wanted, packed))
    kept = state.recall("templates")
    if kept and kept[0] == wanted:
        name = f"自评表_{cycle}_{region_name(region)}_{wanted_units}份.zip"
        show_file(
            f"下载压缩包（{len(kept[1]) / 1e6:.1f} MB）", kept[1], name, mime=ZIP, primary=True, key="zip"
        )
