"""The parts of 自评可信度 that compare units with each other: shared evidence, and how whole sheets are answered."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data import queries
from data.queries.credible import pattern_categories
from pages.components.access import get_scheme
from pages.components.charts import current_look, show_chart
from pages.components.filters import choose_option
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.links import with_texts
from pages.components.region_columns import CATEGORY_PX
from pages.components.results import View
from pages.components.tables import Col, show_table
from reporting.charts import draw_sign_counts
from reporting.credibility_headlines import REFERENCE, say_copied, say_patterns
from reporting.rows import rows_of
from reporting.theme import shorten

MOST_GROUPS = 12
UNIFORM, SAME, EVERY = "uniform", "same", "every"
WHICH = {UNIFORM: "填报无变化", SAME: "整表相同", EVERY: "全部单位"}


def show_copied(view: View, category: str | None) -> None:
    """Evidence texts that several units share, and the reader's own units behind the chosen one."""
    limits = get_scheme(view.cycle).sampling
    if limits is None:
        show_empty(
            "本年度方案没有写明佐证多长才比较",
            "在考核方案文件的 [sampling] 中写明 evidence_length 等阈值，作为新版本导入后即可使用；也可换一个年度查看。",
        )
        return
    groups = view.ask(queries.copied_groups, region=view.unit_region, category=category)
    section(
        "逐字相同的佐证",
        f"{say_copied(groups)}。去掉空格和标点后比较，{limits.evidence_length} 字以上才列出；家数按全省计，"
        f"别的地区的单位只计数、不列名。统一印发的文件、上级模板都会使佐证相同，{REFERENCE}。{view.own_note}",
    )
    if groups.empty:
        show_empty("没有逐字相同的佐证", "可在上面换一个地区、类别或年度。")
        return
    first = groups.head(MOST_GROUPS).reset_index(drop=True)
    left, right = st.columns([9, 12], gap="large")
    with left:
        show_chart(
            draw_sign_counts(
                first.assign(
                    label=[f"{row.title}：\n{shorten(row.evidence, 12)}" for row in rows_of(first)],
                    note=[f"家，{n} 个地区" for n in first["regions"]],
                    key=first.index,
                ),
                look=current_look(),
                label="label",
                value="units",
                note="note",
                key="key",
            ),
            key=f"credible_copied_{view.key}_{category}",
            name=f"佐证相同_{view.cycle}_{view.name}",
            alt="相同佐证最多的各处，数值见右表",
        )
    with right:
        row = show_table(
            groups,
            {
                "title": Col("指标", width=134),
                "evidence": Col("佐证", width=215, help="选一行，全文列在下面"),
                "length": Col("字数", "count", width=46),
                "units": Col("全省单位", "count", width=70),
                "regions": Col("地区", "count", width=46),
                "own": Col("其中所选", "count", width=72, help="所选地区（您管辖范围内）和类别的单位"),
            },
            key=f"credible_copied_table_{view.key}_{category}",
            select=True,
            download=f"佐证相同_{view.cycle}_{view.name}",
        )
        st.caption("选一行，查看是哪些单位。")
    group = groups.iloc[row or 0]
    members = view.ask(
        queries.copied_members, region=view.unit_region, indicator=group["indicator"], text=group["text"]
    )
    section(
        f"{group['title']}：佐证相同的单位",
        f"“{group['evidence']}”，全省 {group['units']:,} 家，以下为所选地区的 {len(members):,} 家",
    )
    show_rows(
        members.assign(
            href=view.unit_urls(members),
            place=[f"{each.sheet}!{each.cell}" for each in rows_of(members)],
        ),
        {
            "name": Cell("单位", "link", href="href", below="code", width="26%"),
            "region_name": Cell("所在地区", width="9em"),
            "category_name": Cell("类别", width="12em"),
            "evidence": Cell("佐证原文", below="place"),
        },
        height=520,
        download=f"佐证相同单位_{view.cycle}_{view.name}_{group['indicator']}",
    )


def show_patterns(view: View, category: str | None) -> None:
    """Units whose answers do not vary, and whole sheets that are the same, beside what their category makes one expect."""
    patterns = view.ask(queries.answer_patterns, region=view.unit_region, category=category)
    section(
        "填报规律",
        f"{say_patterns(patterns)}。看单位自己填的分档、是否类指标，与全省同类单位比较；做得好的单位也会全部填满，{REFERENCE}。"
        f"{view.own_note}",
    )
    if patterns.empty:
        show_empty("没有可比较的自评表", "自评表被接收后即可比较；也可在上面换一个地区、类别或年度。")
        return
    groups = pattern_categories(patterns)
    left, right = st.columns([9, 12], gap="large")
    with left:
        show_chart(
            draw_sign_counts(
                groups.assign(
                    note=[
                        f"家（共 {row.units:,} 家）；全省 {row.uniform_share:.1%}" for row in rows_of(groups)
                    ]
                ),
                look=current_look(),
                label="category_name",
                value="own_uniform",
                note="note",
                key="category",
            ),
            key=f"credible_patterns_{view.key}_{category}",
            name=f"填报无变化的单位_{view.cycle}_{view.name}",
            alt="各类单位中填报得分率全部相同的家数，数值见右表",
        )
    with right:
        show_table(
            groups,
            {
                "category_name": Col("类别", width=CATEGORY_PX),
                "units": Col("单位", "count", width=54),
                "own_uniform": Col("无变化", "count", width=58),
                "uniform_share": Col("全省比例", "percent", width=72),
                "median_best": Col("全省满分项中位", "percent", width=110),
                "own_twins": Col("整表相同", "count", width=72),
            },
            key=f"credible_patterns_table_{view.key}_{category}",
            download=f"填报规律分类_{view.cycle}_{view.name}",
        )
    which = choose_option("which", "列出", WHICH, style="segments") or UNIFORM
    _show_pattern_units(view, _listed(patterns, which), which)


def _listed(patterns: pd.DataFrame, which: str) -> pd.DataFrame:
    if which == UNIFORM:
        rows = patterns[patterns["is_uniform"]].sort_values(
            ["uniform_share", "graded"], ascending=[True, False]
        )
    elif which == SAME:
        rows = patterns[patterns["twins"] > 0].sort_values(["expected", "sheet", "code"])
    else:
        rows = patterns.sort_values(["longest_run", "code"], ascending=[False, True])
    return rows.reset_index(drop=True)


def _show_pattern_units(view: View, rows: pd.DataFrame, which: str) -> None:
    if rows.empty:
        show_empty(f"没有“{WHICH[which]}”的单位", "可改列“全部单位”，或在上面换一个地区、类别。")
        return
    rows = rows.assign(link=with_texts(view.unit_urls(rows), rows["name"]))
    shown = {
        "link": Col("单位", "link", width=212),
        "region_name": Col("所在地区", width=96),
        "category_name": Col("类别", width=CATEGORY_PX),
        "graded": Col("分档是否类", "count", width=84),
        "best_share": Col("满分项", "percent", width=64),
        "median_best": Col("同类中位", "percent", width=72),
        "longest_run": Col("连续相同", "count", width=72, help="按表中次序，填报得分率连续相同的最多项数"),
        "uniform_share": Col(
            "同类无变化", "percent", width=84, help="全省同类单位中，填报得分率全部相同的比例"
        ),
        "twins": Col("整表相同", "count", width=72, help="全省同类中与其各项填报全部相同的其他单位"),
        "twin_regions": Col("涉及地区", "count", width=72),
        "expected": Col("预计家数", "points", width=72, help="各项按同类频率各自填报时，预计整表相同的家数"),
    }
    if which != SAME:
        shown.pop("twin_regions")
    show_table(
        rows,
        shown,
        key=f"credible_pattern_units_{view.key}_{which}",
        download=f"填报规律_{view.cycle}_{view.name}",
        download_columns={"code": "统一社会信用代码", "name": "单位"}
        | {k: v for k, v in shown.items() if k != "link"}
        | {"longest_run": "最长连续相同"},
    )
