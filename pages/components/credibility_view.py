"""The parts of 自评可信度 that stand on single answers: the list of signs, and answers unlikely together."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data import queries
from data.queries.credible import SIGNS, unlikely_counts
from pages.components.access import get_scheme
from pages.components.charts import clicked, current_look
from pages.components.filters import choose_option, param, set_param
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.links import can_open, page_link, page_urls
from pages.components.paging import PAGE, rows_of_page, show_pages
from pages.components.results import View
from pages.components.tables import show_columns_download
from reporting.charts import draw_sign_counts
from reporting.credibility_headlines import REFERENCE, say_signs, say_unlikely
from reporting.rows import records_of

ALL_SIGNS = "all"
MEANINGS = {
    "inflation": "自评得分比核定后的得分高出 {inflation:g} 分以上（只看已核的部分，同时列出已核分值）",
    "unlikely": "同一单位的两项填报不易同时成立，规则由考核方案规定",
    "copied": "{copied} 处以上佐证（{evidence_length} 字以上）与他单位逐字相同；统一印发的文件也会如此",
    "uniform": "分档、是否类填报得分率全部相同，而同类单位中不到 {rare:.0%} 如此",
    "identical": "与同类单位各项填报全部相同，而按同类各项填报的频率预计不到 {rare:g} 家",
    "unusual": "{unusual} 项以上达到的水平，同类单位中不到 {rare:.0%} 达到；做得好也会如此",
}


PAGE_ROWS = 40
SIGNS_FILE = {
    "code": "统一社会信用代码",
    "name": "单位",
    "region_name": "所在地区",
    "category_name": "类别",
    "signs": "提示类数",
    "verified_share": "已核分值",
    "self_inflation": "自评偏差",
    **SIGNS,
}
HITS_FILE = {
    "code": "统一社会信用代码", "name": "单位", "region_name": "所在地区", "category_name": "类别",
    "rule": "规则编号", "rule_name": "规则", "why": "说明", "first_title": "指标一", "first_answer": "填报一",
    "first_sheet": "工作表一", "first_cell": "单元格一", "second_title": "指标二", "second_answer": "填报二",
    "second_sheet": "工作表二", "second_cell": "单元格二",
}  # fmt: skip


def show_signs(view: View, category: str | None) -> None:
    """One row per unit of which a sign speaks, and how often each kind does."""
    where = {"region": view.unit_region, "category": category, "basis": view.basis}
    signs = view.ask(queries.credibility_signs, **where)
    counts = view.ask(queries.unit_categories, region=view.unit_region, basis=view.basis)
    submitted = int(counts.loc[counts["category"].eq(category) | (category is None), "submitted"].sum())
    section(
        "提示汇总", f"{say_signs(signs, name=view.name, submitted=submitted)}。{REFERENCE}。{view.own_note}"
    )
    limits = get_scheme(view.cycle).sampling
    if limits is None:
        st.caption("本年度方案没有写明抽查阈值（sampling），只有“不易并存”会提示；补写后作为新版本导入即可。")
    if signs.empty:
        show_empty(
            "没有需要提示的填报", "可在上面换一个地区、类别或年度；核定更多指标后，自评偏差会随之更新。"
        )
        return
    counts = _sign_counts(signs, limits)
    chosen = param("sign")
    left, right = st.columns([8, 12], gap="large")
    with left:
        clicked_sign = clicked(
            draw_sign_counts(
                counts,
                look=current_look(),
                label="label",
                value="units",
                note="unit",
                key="sign",
                chosen=chosen,
            ),
            key=f"credible_signs_{view.key}_{category}",
            name=f"自评提示_{view.cycle}_{view.name}",
            alt="各类提示的单位数，数值见右表",
        )
    with right:
        show_rows(
            counts,
            {"label": Cell("提示", width="8em"), "units": Cell("单位", "number", decimals=0, width="5em"),
             "meaning": Cell("说明")},
            download=f"自评提示分类_{view.cycle}_{view.name}",
        )  # fmt: skip
    if clicked_sign and clicked_sign != chosen:
        set_param("sign", clicked_sign)
        st.rerun()
    options = {ALL_SIGNS: "全部提示", **dict(zip(counts["sign"], counts["label"], strict=True))}
    kind = choose_option("sign", "只看", options, style="segments", clears=PAGE) or ALL_SIGNS
    shown = signs if kind == ALL_SIGNS else signs[signs[kind] != ""]
    _show_unit_signs(view, shown.reset_index(drop=True))


def _sign_counts(signs: pd.DataFrame, limits) -> pd.DataFrame:
    known = limits.model_dump() if limits else {}
    rows = [
        (sign, name, int((signs[sign] != "").sum()), "家单位", MEANINGS[sign].format(**known))
        for sign, name in SIGNS.items()
        if limits or sign == "unlikely"
    ]
    return pd.DataFrame(rows, columns=["sign", "label", "units", "unit", "meaning"])


def _show_unit_signs(view: View, shown: pd.DataFrame) -> None:
    on_page, page = rows_of_page(shown, size=PAGE_ROWS)
    said = ["；".join(row[sign] for sign in SIGNS if row[sign]) for row in records_of(on_page)]
    review = page_urls("review", on_page["code"], last="unit", cycle=view.cycle)
    columns = {
        "name": Cell("单位", "link", href="href", below="code", width="17em", wraps=True),
        "region_name": Cell("所在地区", width="8em"),
        "category_name": Cell("类别", width="11em"),
        "signs": Cell("提示类数", "number", decimals=0, width="5em"),
        "said": Cell("各项提示", below="kinds", width="40%"),
        "verified_share": Cell("已核分值", "percent", decimals=0, width="6em"),
    }
    if can_open("review"):
        columns["go"] = Cell("办理", "link", href="review", width="5em")
    show_rows(
        on_page.assign(said=said, href=view.unit_urls(on_page), review=review, go="去审核"),
        columns,
        height=640,
    )
    show_pages(page, len(shown), size=PAGE_ROWS)
    show_columns_download(shown, SIGNS_FILE, f"自评提示_{view.cycle}_{view.name}")


def show_unlikely(view: View, category: str | None) -> None:
    """The scheme's rules with how many units meet each, and the units with both answers and their cells."""
    where = {"region": view.unit_region, "category": category}
    hits = view.ask(queries.unlikely_answers, **where)
    counts = unlikely_counts(hits, get_scheme(view.cycle))
    section("不易并存的填报", f"{say_unlikely(counts, hits)}。{REFERENCE}。{view.own_note}")
    if counts.empty:
        show_empty(
            "本年度方案没有写这类规则",
            "在考核方案文件中以 [[unlikely]] 写明规则（两项指标各一个条件和说明），作为新版本导入后即可使用。",
            page="regulation",
            link="查看条文和指标",
            cycle=view.cycle,
        )
        return
    chosen = param("rule")
    chosen = chosen if chosen in set(counts["rule"]) else None
    met = counts[counts["units"] > 0].sort_values("units", ascending=False, kind="stable")
    left, right = st.columns([8, 12], gap="large")
    with left:
        went = clicked(
            draw_sign_counts(
                met.assign(note=[f"家，{n} 个地区" for n in met["regions"]]),
                look=current_look(), label="rule_name", value="units", note="note", key="rule", chosen=chosen,
            ),
            key=f"credible_rules_{view.key}_{category}",
            name=f"不易并存_{view.cycle}_{view.name}",
            alt="各条规则的单位数，数值见右表",
        )  # fmt: skip
    with right:
        show_rows(
            counts,
            {
                "rule": Cell("编号", width="4em"),
                "rule_name": Cell("规则", below="conditions"),
                "why": Cell("说明", "small", width="40%"),
                "units": Cell("单位", "number", decimals=0, width="4.5em"),
            },
            height=560,
            download=f"不易并存规则_{view.cycle}_{view.name}",
            download_columns={
                "rule": "编号", "rule_name": "规则", "conditions": "条件", "why": "说明", "units": "单位",
                "regions": "地区",
            },
        )  # fmt: skip
    if went and went != chosen:
        set_param("rule", went)
        st.rerun()
    options = {ALL_SIGNS: "全部规则", **dict(zip(met["rule"], met["rule_name"], strict=True))}
    rule = choose_option("rule", "规则", options, width=280, clears=PAGE) or ALL_SIGNS
    shown = (hits if rule == ALL_SIGNS else hits[hits["rule"] == rule]).reset_index(drop=True)
    if shown.empty:
        show_empty("没有单位同时符合两个条件", "可在上面换一个地区、类别或年度。")
        return
    _show_hits(view, shown)
    if rule != ALL_SIGNS:
        page_link("review", "到审核复核办理", icon=":material/fact_check:", cycle=view.cycle)


def _show_hits(view: View, shown: pd.DataFrame) -> None:
    on_page, page = rows_of_page(shown, size=PAGE_ROWS)

    def cell(side: str) -> list[str]:
        return [
            f"{row[f'{side}_title']}（{row[f'{side}_sheet']}!{row[f'{side}_cell']}）"
            for row in records_of(on_page)
        ]

    show_rows(
        on_page.assign(
            href=view.unit_urls(on_page),
            first_place=cell("first"),
            second_place=cell("second"),
        ),
        {
            "name": Cell("单位", "link", href="href", below="code", width="17em", wraps=True),
            "region_name": Cell("所在地区", width="8em"),
            "category_name": Cell("类别", width="10em"),
            "rule_name": Cell("规则", width="26%", below="why"),
            "first_answer": Cell("填报一", below="first_place"),
            "second_answer": Cell("填报二", below="second_place"),
        },
        height=640,
    )
    show_pages(page, len(shown), size=PAGE_ROWS)
    show_columns_download(shown, HITS_FILE, f"不易并存单位_{view.cycle}_{view.name}")
