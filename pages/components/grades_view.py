"""等次: grades by the score and in the end, what decided them, who is tied where the ceiling cuts; the province's own."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from data import queries
from data.course.grades import set_grade
from data.queries.grades import LEVEL_NAMES
from pages.components.access import ask, get_scheme, get_store, may, require
from pages.components.charts import current_look, show_chart
from pages.components.confirm import ask_first
from pages.components.filters import UNITS_AT_ONCE as MOST_CHOICES
from pages.components.filters import choose_category, choose_option, choose_region, filter_bar
from pages.components.html_table import Cell, show_rows
from pages.components.layout import section, show_empty
from pages.components.paging import PAGE, rows_of_page, show_pages
from pages.components.region_columns import GRADE_TONES
from pages.components.tables import show_columns_download
from reporting.charts import draw_grade_shares

PAGE_ROWS = 50
ONLY = {"changed": "与得分不同的", "all": "全部"}
REASON_TONES = {
    "按得分": "plain",
    "超出比例上限": "warn",
    "末位并列": "pass",
    "省级另定": "good",
    "一票否决": "fail",
}
BY_RULE = "by_rule"
GROUP_COLUMNS = {
    "group_name": Cell("范围", width="16em"),
    "peers": Cell("参加排名", "number", decimals=0, width="6em"),
    "ceiling": Cell("比例上限", "percent", decimals=0, width="6em"),
    "places": Cell("名额", "number", decimals=0, width="4.5em", help="参加排名数乘以比例上限，取整数"),
    "by_score": Cell("得分达到", "number", decimals=0, width="6em", help="得分达到最高一等标准的"),
    "beyond": Cell(
        "超出名额", "number", decimals=0, width="6em", help="得分达到，名次在名额之外，定为下一等"
    ),
    "at_cut": Cell("末位并列", "number", decimals=0, width="6em", help="与名额末位同分，一并保留"),
    "vetoed": Cell("一票否决", "number", decimals=0, width="6em"),
    "manual": Cell("省级另定", "number", decimals=0, width="6em"),
    "final": Cell("最终", "number", decimals=0, width="4.5em", help="最终为最高一等的"),
}

STEP_COLUMNS = {
    "name": "对象",
    "grade_name": Cell("等次", "badge", tones=GRADE_TONES),
    "units": Cell("数量", "number", decimals=0),
    "share": Cell("占比", "percent", decimals=1),
}
STEPS_PX = 290


def show_grades(*, cycle: int) -> None:
    """One level at a time: places and who is beyond them, the spread of grades, the table, and the province's form."""
    with filter_bar("grade_filters"):
        level = choose_option("grade_level", "等次对象", LEVEL_NAMES, style="segments", clears=PAGE)
        region = category = None
        if level == "unit":
            region = choose_region()
            category = choose_category(cycle=cycle)
    groups = ask(queries.grade_groups, cycle=cycle, level=level)
    if groups.empty:
        show_empty(
            "还没有得分", "有自评表接收以后，这里显示等次和优秀名额。", page="submit", link="去自评填报"
        )
        return
    best = get_scheme(cycle).grades[0].name
    _show_places(groups, best=best, cycle=cycle, level=level)
    _show_steps(cycle=cycle)
    rows = ask(queries.graded, cycle=cycle, level=level, region=region, category=category)
    _show_table(rows, cycle=cycle, level=level)
    if may("set_grades"):
        _show_form(rows, cycle=cycle, level=level)


def _show_places(groups: pd.DataFrame, *, best: str, cycle: int, level: str) -> None:
    """Who competes for how many places, and what came of it."""
    section(f"{best}名额", _say_places(groups, best=best))
    show_rows(groups, GROUP_COLUMNS, download=f"{best}名额_{LEVEL_NAMES[level]}_{cycle}")
    _show_ties(groups, best=best)


def _show_steps(*, cycle: int) -> None:
    """How the grades spread by the score and in the end, figure and table."""
    section("按得分与最终", "比例上限、一票否决和省级另定前后，各等次的数量和比例")
    steps = ask(queries.grade_steps, cycle=cycle)
    left, right = st.columns([3, 2], gap="large")
    with left:
        show_chart(
            draw_grade_shares(steps, look=current_look(), measure="个"),
            key=f"grade_steps_{cycle}",
            name=f"等次_按得分与最终_{cycle}_全省",
            alt="市（地）、县（市、区）和单位按得分的等次与最终等次的比例",
        )
    with right:
        show_rows(steps, STEP_COLUMNS, height=STEPS_PX)


def _say_places(groups: pd.DataFrame, *, best: str) -> str:
    """How many reach the best grade, how many go down a grade by the ceiling, in one sentence."""
    if groups["ceiling"].isna().all():
        return f"方案没有规定{best}的比例上限，得分达到的都为{best}"
    return (
        f"得分达到{best}的 {groups['by_score'].sum():,} 个，超出比例上限降一等的 {groups['beyond'].sum():,} 个，"
        f"最终为{best}的 {groups['final'].sum():,} 个"
    )


def _show_ties(groups: pd.DataFrame, *, best: str) -> None:
    """Who is tied where the ceiling cuts, by name, and what follows; then what the province's own grades exceed."""
    for row in groups[groups["at_cut"] > 0].to_dict("records"):
        text = (
            f"{row['group_name']}：名额 {row['places']:,.0f} 个，末位同分 {row['at_cut']:,} 个，一并保留{best}，"
            f"最终超出名额 {row['over']:,} 个"
        )
        st.html(
            f'<div class="aq-trouble"><b>{escape(text)}</b><br>同分的：{escape(row["tied_names"])}。'
            "系统不在同分之间取舍；需要取舍的，由省级另定等次并写明理由。</div>"
        )
    for row in groups[(groups["at_cut"] == 0) & (groups["over"] > 0)].to_dict("records"):
        text = f"{row['group_name']}：因省级另定，{best}比名额多 {row['over']:,} 个。"
        st.html(f'<div class="aq-trouble">{escape(text)}</div>')


def _show_table(rows: pd.DataFrame, *, cycle: int, level: str) -> None:
    note = get_scheme(cycle).weights_note
    section("等次和由来", f"按得分的等次、最终等次，以及不同的原因；{note}")
    only = choose_option("only", "列出", ONLY, style="segments", clears=PAGE)
    shown = rows[rows["is_changed"]] if only == "changed" else rows
    if shown.empty:
        show_empty("没有与得分不同的等次", "这里的等次都由得分直接得出；要看全部，请改选“全部”。")
        return
    on_page, page = rows_of_page(shown.reset_index(drop=True), size=PAGE_ROWS)
    below = "" if level == "prefecture" else "place"
    columns = {
        "name": Cell("单位" if level == "unit" else "地区", below=below, width="22%"),
        "group_name": Cell("类别", width="9em"),
        "score": Cell("得分", "number", decimals=get_scheme(cycle).rules.decimals, width="5.5em"),
        "rank": Cell("名次", "number", decimals=0, width="4.5em"),
        "by_score_name": Cell("按得分", "badge", tones=GRADE_TONES, width="6em"),
        "grade_name": Cell("最终等次", "badge", tones=GRADE_TONES, width="6.5em"),
        "reason_name": Cell("由来", "badge", tones=REASON_TONES, width="8.5em"),
        "why": Cell("说明"),
    }
    if level != "unit":
        del columns["group_name"]
    show_rows(on_page, columns)
    show_pages(page, len(shown), size=PAGE_ROWS)
    _show_file(shown, columns, cycle=cycle, level=level)


def _show_file(shown: pd.DataFrame, columns: dict[str, Cell], *, cycle: int, level: str) -> None:
    titles = {"code": "代码", "place": "所在地区", **{name: cell.title for name, cell in columns.items()}}
    show_columns_download(shown, titles, f"等次_{LEVEL_NAMES[level]}_{cycle}")


def _show_form(rows: pd.DataFrame, *, cycle: int, level: str) -> None:
    """The province's own grade for one of the rows, or taking it back."""
    section("另定等次", "只有省级可以另定，须写明理由；一票否决的不能高于最低一等")
    with st.container(border=True, key="grade_form"):
        left, right = st.columns(2, gap="large")
        with left:
            row = _choose_subject(rows, level=level)
            if row is None:
                return
            names = {grade.id: grade.name for grade in get_scheme(cycle).grades}
            if row["grade_reason"] == "manual":
                names = {**names, BY_RULE: "恢复按方案"}
            grade = st.selectbox(
                "等次", list(names), index=None, format_func=names.get, placeholder="请选择", key="new_grade"
            )
        with right:
            reason = st.text_area(
                "理由（必填，公开显示）", key="grade_reason", placeholder="单位和查阅的人会看到这条理由"
            )
            document = st.text_input("文号", key="grade_document", placeholder="例如：示例考核〔2026〕8号")
        chosen = None if grade == BY_RULE else grade
        ask_first(
            "保存等次",
            key="set_grade",
            icon=":material/workspace_premium:",
            primary=True,
            disabled=grade is None,
            title=f"另定等次：{row['name']}",
            says=(
                f"{row['name']}：按得分为{row['by_score_name']}，现在为{row['grade_name']}"
                f"（{row['reason_name']}）→ {names.get(grade, '')}。",
                "得分和名次不变；其他单位、地区的等次不因此改变，名额也不顺延。",
                f"理由：{reason.strip() or '（还没有填写）'}",
            ),
            yes="保存",
            act=partial(_set, cycle, level, row, chosen, reason, document),
        )


def _choose_subject(rows: pd.DataFrame, *, level: str) -> dict[str, Any] | None:
    """One of the rows, found by name or code; more than the browser's list can hold are narrowed first."""
    label = "单位" if level == "unit" else "地区"
    text = ""
    if len(rows) > MOST_CHOICES:
        text = st.text_input(f"查找{label}", key="grade_search", placeholder="名称或代码中的几个字").strip()
        is_hit = rows["name"].str.contains(text, regex=False) | rows["code"].str.contains(
            text.upper(), regex=False
        )
        rows = rows[is_hit].head(MOST_CHOICES)
    names = {
        row["code"]: f"{row['name']}（{row['code']}）" for row in rows[["name", "code"]].to_dict("records")
    }
    code = st.selectbox(
        label,
        list(names),
        index=None,
        format_func=names.get,
        placeholder=f"输入名称或代码查找（{len(names)}）",
        key=f"grade_subject_{level}",
    )
    return None if code is None else rows[rows["code"] == code].iloc[0].to_dict()


def _set(cycle: int, level: str, row: dict[str, Any], grade: str | None, reason: str, document: str) -> str:
    require("set_grades")
    set_grade(
        get_store(),
        cycle=cycle,
        subject="unit" if level == "unit" else "region",
        code=row["code"],
        grade=grade,
        reason=reason,
        document=document,
    )
    return f"已另定{row['name']}的等次。" if grade else f"{row['name']}的等次已恢复按方案得出。"
