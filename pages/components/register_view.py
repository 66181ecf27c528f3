"""The register of units: its template out, a filled one in, its problems, and the units it brings."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data import queries
from data.regions import load_regions, region_path
from data.register import build_register_template
from data.safe_reading import read_register_safely
from pages.components import state
from pages.components.access import ask, get_scheme, get_store, may, require
from pages.components.downloads import show_file
from pages.components.layout import Kpi, kpi_cards, section
from pages.components.problem_table import show_problems
from pages.components.tables import Col, show_table
from pages.components.unit_table import show_unit_table, units_of_page

UNIT_COLUMNS = {
    "code": Col("统一社会信用代码", width=180),
    "name": Col("单位名称", width=300),
    "region": Col("所在地区", width=240),
    "category": Col("类别", width=170),
    "tags": Col("职能标签", width=260),
}


MOST_MEGABYTES = (
    20  # what is larger than the reader takes still gets its reason; a register of 12,000 units has 0.5
)


def show_register(*, cycle: int) -> None:
    """Template down, register up, problems or the units found, and the button that registers them."""
    store, scheme = get_store(), get_scheme(cycle)
    registered = ask(queries.unit_categories, cycle=cycle)["units"].sum()
    left, right = st.columns(2, gap="large")
    with left:
        section(
            "名册模板",
            f"{cycle} 年度已登记 {registered:,} 家单位；一行一家，类别、职能标签和地区从下拉列表选择",
        )
        with st.container(horizontal=True, key="register_files"):
            show_file(
                "下载空白模板",
                lambda: build_register_template(scheme, load_regions()),
                f"单位名册模板_{cycle}.xlsx",
                key="register_blank",
            )
            show_file(
                "下载现有名册",
                lambda: build_register_template(
                    scheme, load_regions(), units=list(store.units(cycle=cycle).values())
                ),
                f"单位名册_{cycle}.xlsx",
                key="register_now",
            )
    if not may("change_register"):
        _show_registered(cycle=cycle)
        return
    with right:
        section("导入名册", "同一代码再次导入时，以最新一次为准；有错误时整份不导入")
        turn = state.recall("register_turn", 0)
        upload = st.file_uploader(
            "填好的单位名册", type=["xlsx"], key=f"register_{turn}", max_upload_size=MOST_MEGABYTES
        )
    if upload:
        _check_register(upload, cycle=cycle, turn=turn)
    elif done := state.recall("registered"):
        st.success(f"已登记 {done:,} 家单位。可以到“下载自评表”为它们生成自评表。")
    _show_registered(cycle=cycle)


def _check_register(upload, *, cycle: int, turn: int) -> None:
    store, scheme = get_store(), get_scheme(cycle)
    found, problems = read_register_safely(
        upload.getvalue(), scheme=scheme, regions=load_regions(), filename=upload.name
    )
    errors = sum(p.severity == "error" for p in problems)
    known = store.units(cycle=cycle)
    kpi_cards(
        [
            Kpi("名册中的单位", f"{len(found):,}", "家"),
            Kpi("新登记", f"{sum(u.code not in known for u in found):,}", "家", tone="good"),
            Kpi(
                "有变动", f"{sum(u.code in known and known[u.code] != u for u in found):,}", "家", tone="pass"
            ),
            Kpi("错误", f"{errors:,}", "处", tone="fail" if errors else "plain"),
        ]
    )
    if problems:
        section("问题清单", "请按“改正办法”修改后重新上传" if errors else "只有提醒，可以登记")
        show_problems(problems, download="名册问题清单")
    if found and not errors:
        show_table(_rows(found, scheme), UNIT_COLUMNS, key="register_preview", rows=8)
        if st.button(
            f"登记 {len(found):,} 家单位", type="primary", icon=":material/how_to_reg:", key="register_them"
        ):
            require("change_register")
            store.register_units(cycle=cycle, units=found)
            state.keep("registered", len(found))
            state.keep("register_turn", turn + 1)
            st.rerun()


def _show_registered(*, cycle: int) -> None:
    where = {"cycle": cycle, "basis": "composite"}
    if not ask(queries.unit_categories, **where)["units"].sum():
        return
    section("现有名册", f"{cycle} 年度登记的单位")
    units, found, page = units_of_page(**where)
    columns = {
        "code": UNIT_COLUMNS["code"],
        "name": UNIT_COLUMNS["name"],
        "region_path": UNIT_COLUMNS["region"],
        "category_name": UNIT_COLUMNS["category"],
        "tags": UNIT_COLUMNS["tags"],
        "state_name": Col("状态", width=90),
    }
    show_unit_table(
        units,
        columns,
        page=page,
        found=found,
        key="register_now_table",
        download=f"单位名册_{cycle}",
        select=False,
        where=where,
    )


def _rows(units, scheme) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "code": u.code,
                "name": u.name,
                "region": region_path(u.region),
                "category": scheme.category(u.category).name,
                "tags": "、".join(scheme.tag(t).name for t in u.tags),
            }
            for u in units
        ]
    )
