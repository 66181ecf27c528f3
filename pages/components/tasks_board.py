"""The board of rectification tasks: how many stand where, how old they are, how fast regions close them, and the list."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from data import queries
from data.course.task_sources import SOURCE_NAMES
from data.queries.ask import PROVINCE
from pages.components.access import ask, regions
from pages.components.charts import current_look, show_chart
from pages.components.filters import ALL, choose_option, choose_region, filter_bar
from pages.components.html_table import Cell, show_rows
from pages.components.layout import Kpi, kpi_cards, region_name, section, show_empty
from pages.components.links import page_urls
from pages.components.paging import PAGE, rows_of_page, show_pages
from pages.components.tables import Col, show_columns_download, show_table
from pages.components.tasks_notices import offer_notices
from procedure.machines import TASK
from reporting.charts import draw_closing_rates
from reporting.theme import percent

ROWS_ON_A_PAGE = 50
OVERDUE = "overdue"
STATE_TONES = {"待整改": "pass", "待复查": "warn", "复查未通过": "fail", "已销号": "good", "已撤销": "none"}
TASK_CELLS = {
    "task": Cell("编号", "link", href="href", width="8.5em"),
    "name": Cell("单位", below="region_name", width="19%"),
    "title": Cell("事项", below="source_name", width="17%"),
    "required": Cell("整改要求", below="proof"),
    "deadline": Cell("期限", "date", below="overdue_note", width="7em"),
    "state_name": Cell("状态", "badge", tones=STATE_TONES, width="7em"),
    "age_days": Cell("已下达天数", "number", decimals=0, width="6.5em"),
}
TASK_FILE = {
    "task": "任务编号",
    "name": "单位",
    "unit": "统一社会信用代码",
    "region_path": "所在地区",
    "source_name": "来源",
    "indicator": "指标编号",
    "title": "事项",
    "place": "依据",
    "found": "发现的问题",
    "required": "整改要求",
    "proof": "应报证明材料",
    "document": "文号",
    "issued_on": "下达日期",
    "deadline": "整改期限",
    "state_name": "状态",
    "days_overdue": "逾期天数",
    "answered_at": "最近报送时间",
    "closed_on": "销号日期",
    "rounds": "报送次数",
}
RATE_WIDTHS = [10, 13]  # the figure needs less than its table, whose columns all show at 1440
RATE_COLUMNS = {
    "name": Col("地区", width=156),
    "given_out": Col("下达", "count", width=52, help="不含已撤销"),
    "done": Col("已销号", "count", width=58),
    "closing_rate": Col("销号率", "percent", width=64),
    "in_time_rate": Col("按期率", "percent", width=64, help="已销号的任务中，最后一次报送不晚于期限的比例"),
    "answered": Col("待复查", "count", width=58),
    "waiting": Col("待整改", "count", width=58, help="待整改和复查未通过"),
    "overdue": Col("逾期", "count", width=46, help="期限已过而未报送"),
    "median_days": Col("天数", "score", width=58, help="从下达到销号的天数，取中位数"),
}


def show_board(*, cycle: int) -> None:
    """Counts by state, ageing, closing rates with their figure, then the tasks, overdue first, with their notices."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="task_region"):
        region = choose_region()
    today = date.today()
    everything = ask(queries.tasks, cycle=cycle, today=today, region=region)
    if everything.empty:
        show_empty(
            f"{region_name(region)}还没有整改任务",
            "在上面选“下达任务”，从核定的短板、检查发现的隐患或者认定事项下达。",
        )
        return
    _show_counts(ask(queries.task_summary, cycle=cycle, today=today, region=region), everything)
    _show_rates(cycle=cycle, region=region, today=today)
    _show_list(everything, cycle=cycle, region=region)


def _show_counts(summary: dict[str, Any], everything: pd.DataFrame) -> None:
    states = everything["state"].value_counts()
    notes = {
        "issued": "等待单位报送",
        "answered": "等待考核人员复查",
        "rejected": "须重新整改",
        "done": f"销号率 {percent(summary['closing_rate'])}",
        "withdrawn": "不计入下达数",
    }
    cards = [
        Kpi("逾期未报送", f"{summary['overdue']:,}", "项", note="期限当日报送不算逾期", tone="bad" if summary["overdue"] else "good")
    ]  # fmt: skip
    cards += [
        Kpi(
            state.name,
            f"{states.get(state.id, 0):,}",
            "项",
            note=notes[state.id],
            tone=STATE_TONES[state.name],
        )
        for state in TASK.states
    ]
    kpi_cards(cards)


def _show_rates(*, cycle: int, region: str | None, today: date) -> None:
    rates = _rates(cycle=cycle, region=region, today=today)
    left, right = st.columns(RATE_WIDTHS, gap="large")
    with left:
        section("各地区销号率", "已销号占下达的比例；右边为已销号／下达")
        show_chart(
            draw_closing_rates(rates, look=current_look()),
            key=f"closing_rates_{region}",
            name=f"整改销号率_{cycle}_{region_name(region)}",
            alt="各地区整改任务销号率条形图，数值见旁边的表",
        )
        section("未办结任务的时间分布", "按下达至今的天数；逾期的按逾期天数")
        show_rows(
            ask(queries.task_ageing, cycle=cycle, today=today, region=region),
            {
                "bucket": Cell("天数"),
                "open_tasks": Cell("未办结", "number", decimals=0),
                "overdue": Cell("逾期未报送", "number", decimals=0),
            },
            download=f"整改时间分布_{cycle}_{region_name(region)}",
        )
    with right:
        section("各地区整改进度", "只含您管辖范围内的单位")
        show_table(
            rates,
            RATE_COLUMNS,
            key=f"task_rates_{region}",
            rows=20,
            download=f"整改进度_{cycle}_{region_name(region)}",
        )


def _rates(*, cycle: int, region: str | None, today: date) -> pd.DataFrame:
    """The regions right below the chosen one; a county alone."""
    if region is None:
        return ask(queries.task_rates, cycle=cycle, today=today, level="prefecture")
    if regions().level[region] == "prefecture":
        return ask(queries.task_rates, cycle=cycle, today=today, level="county", parent=region)
    return ask(queries.task_rates, cycle=cycle, today=today, region=region or PROVINCE)


def _show_list(everything: pd.DataFrame, *, cycle: int, region: str | None) -> None:
    section("任务", "逾期的在前，其余按期限先后；点编号办理")
    shown = _filtered(everything)
    if shown.empty:
        show_empty("没有这样的任务", "请放宽上面的条件。")
        return
    page_rows, page = rows_of_page(shown, size=ROWS_ON_A_PAGE)
    show_rows(with_links(page_rows, cycle=cycle), TASK_CELLS)
    show_pages(page, len(shown), size=ROWS_ON_A_PAGE)
    show_columns_download(shown, TASK_FILE, f"整改任务_{cycle}_{region_name(region)}", label="下载任务清单")
    offer_notices(shown, cycle=cycle, name=region_name(region))


def _filtered(everything: pd.DataFrame) -> pd.DataFrame:
    states = {ALL: "全部状态", "open": "未办结", OVERDUE: "逾期未报送", **TASK.state_names}
    indicators = everything.dropna(subset=["indicator"]).drop_duplicates("indicator").sort_values("indicator")
    named = dict(zip(indicators["indicator"], indicators["indicator_title"], strict=True))
    with filter_bar("task_filters"):
        state = choose_option("task_state", "状态", states, width=150, clears=PAGE)
        source = choose_option(
            "task_source", "来源", {ALL: "全部来源", **SOURCE_NAMES}, width=150, clears=PAGE
        )
        options = {ALL: "全部指标", **{id: f"{id} {title}" for id, title in named.items()}}
        indicator = choose_option("task_indicator", "指标", options, width=260, clears=PAGE)
    shown = everything
    if state == OVERDUE:
        shown = shown[shown["is_overdue"]]
    elif state == "open":
        shown = shown[~shown["state"].isin(["done", "withdrawn"])]
    elif state != ALL:
        shown = shown[shown["state"] == state]
    if source != ALL:
        shown = shown[shown["source"] == source]
    return shown if indicator == ALL else shown[shown["indicator"] == indicator]


def with_links(tasks: pd.DataFrame, *, cycle: int, part: str = "tasks") -> pd.DataFrame:
    """The rows of queries.tasks with what tables show besides: href to the task, and overdue_note."""
    return tasks.assign(
        href=page_urls("rectification", tasks["task"], last="task", cycle=cycle, part=part),
        overdue_note=["" if pd.isna(days) else f"逾期 {days:.0f} 天" for days in tasks["days_overdue"]],
    )  # fmt: skip
