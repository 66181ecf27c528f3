"""认定事项: what competent bodies found, how far each is, recording one, and the lapse of many at once."""

from __future__ import annotations

from datetime import date
from functools import partial

import pandas as pd

from data import queries
from data.queries.findings import KIND_NAMES
from pages.components.access import ask, get_scheme
from pages.components.filters import ALL, choose_option, choose_region, filter_bar, param, search_box
from pages.components.finding_form import show_finding_form
from pages.components.finding_lapse import show_lapse
from pages.components.finding_one import show_finding
from pages.components.folded import show_folded
from pages.components.html_table import Cell, show_rows
from pages.components.layout import Kpi, kpi_cards, section, show_empty
from pages.components.links import article_name, page_urls
from pages.components.paging import PAGE, rows_of_page, show_pages
from pages.components.unit_view import FINDING_TONES
from reporting.rows import records_of

PAGE_ROWS = 30
DOINGS = {"list": "登记册", "record": "登记一项", "lapse": "认定逾期"}
WHICH = {
    "standing": "现行有效",
    "open": "待改正",
    "overdue": "逾期",
    "revoked": "已撤销",
    "all": "全部",
}
KIND_TONES = {"扣分": "pass", "一票否决": "fail", "加分": "good"}
COLUMNS = {
    "unit_name": Cell("单位", "link", href="url", below="region_path", width="17%"),
    "finding_name": Cell("认定事项", below="place", width="20%"),
    "kind_name": Cell("类型", "badge", tones=KIND_TONES, width="6.6em"),
    "state_name": Cell("办理", "badge", tones=FINDING_TONES, below="step_said", width="8.4em"),
    "on_date": Cell("认定日期", "date", below="document", width="11em"),
    "deadline": Cell("改正期限", "date", below="left_said", width="8em"),
    "applied": Cell("计入分值", "number", decimals=1, below="factor_said", width="7em"),
    "indicator_title": Cell("对应指标", width="9em"),
}
FILE = {
    "key": "编号",
    "unit": "统一社会信用代码",
    "unit_name": "单位",
    "region_path": "地区",
    "category_name": "类别",
    "place": "依据",
    "finding_name": "认定事项",
    "kind_name": "类型",
    "state_name": "办理状态",
    "on_date": "认定日期",
    "document": "文号",
    "deadline": "改正期限",
    "days_left": "距期限（天）",
    "points": "方案分值",
    "factor": "倍数",
    "applied": "计入分值",
    "indicator_title": "对应指标",
    "ordered": "责令内容",
    "addressee": "对象",
    "step_on": "最近一步日期",
    "step_document": "最近一步文号",
    "note": "说明",
}


def show_findings(*, cycle: int) -> None:
    """The register of the visitor's scope, or with `finding` in the address that one's own view."""
    if key := param("finding"):
        show_finding(cycle=cycle, key=key)
        return
    with filter_bar("finding_filters"):
        doing = choose_option("doing", "办理", DOINGS, style="segments", clears=PAGE)
        region = choose_region()
    rows = ask(queries.findings, cycle=cycle, region=region, today=date.today())
    match doing:
        case "record":
            show_finding_form(cycle=cycle, region=region)
        case "lapse":
            show_lapse(rows[rows["is_past"]], cycle=cycle)
        case _:
            _show_register(rows, cycle=cycle, region=region)


def _show_register(rows: pd.DataFrame, *, cycle: int, region: str | None) -> None:
    _show_cards(rows)
    with filter_bar("finding_choices"):
        which = choose_option("which", "范围", WHICH, style="segments", clears=PAGE)
        kinds = {ALL: "全部类型", **KIND_NAMES}
        kind = choose_option("kind", "类型", kinds, width=120, clears=PAGE)
        articles = {ALL: "全部条文"} | {
            str(a): article_name(a) for a in queries.finding_articles(get_scheme(cycle))
        }
        article = choose_option("of_article", "条文", articles, width=130, clears=PAGE)
        states = dict(zip(rows["state"], rows["state_name"], strict=True))
        state = choose_option("state", "办理状态", {ALL: "全部状态", **states}, width=140, clears=PAGE)
        text = search_box("text", "查找", placeholder="单位名称、代码或文号", clears=PAGE, width=200)
    masks = {
        "standing": rows["is_standing"],
        "open": rows["state"] == "ordered",
        "overdue": rows["is_standing"] & (rows["is_overdue"] | rows["is_past"]),
        "revoked": ~rows["is_standing"],
        "all": rows["state"].notna(),
    }
    chosen = rows[
        masks[which]
        & ((rows["kind"] == kind) | (kind == ALL))
        & ((rows["article"].astype(str) == article) | (article == ALL))
        & ((rows["state"] == state) | (state == ALL))
    ]
    if text:
        hit = [
            text in f"{name} {unit} {document}"
            for name, unit, document in zip(
                chosen["unit_name"], chosen["unit"], chosen["document"], strict=True
            )
        ]
        chosen = chosen[hit]
    section(WHICH[which], f"{len(chosen):,} 项；点单位名称看这一项的办理过程，并办理下一步")
    if chosen.empty:
        show_empty("没有这样的认定事项", "请换一个范围、类型或者地区；新的事项在“登记一项”中登记。")
    else:
        on_page, page = rows_of_page(chosen, size=PAGE_ROWS)
        show_rows(
            as_shown(on_page, cycle=cycle), COLUMNS, download=f"认定事项_{cycle}", download_columns=FILE
        )
        show_pages(page, len(chosen), size=PAGE_ROWS)
    show_folded("按地区合计", partial(_show_counts, cycle=cycle, region=region), key="findings_counts")


def as_shown(rows: pd.DataFrame, *, cycle: int) -> pd.DataFrame:
    """Rows of `queries.findings` with the small print of the table and the address of each one's own view."""
    records = records_of(rows)
    return rows.assign(
        url=page_urls("rectification", rows["key"], last="finding", cycle=cycle, part="findings"),
        left_said=[left_said(row["days_left"]) for row in records],
        factor_said=[_factor_said(row) for row in records],
        step_said=["" if row["step_on"] is pd.NaT else f"{row['step_on']:%Y-%m-%d}" for row in records],
    )


def left_said(days: float) -> str:
    """Days to a deadline in words; empty where there is nothing to wait for."""
    if days != days:
        return ""
    return f"还有 {int(days)} 天" if days >= 0 else f"已过 {int(-days)} 天"


def _factor_said(row: dict) -> str:
    if not row["is_standing"]:
        return "已撤销，不计"
    if row["kind"] == "veto":
        return "封顶，最低一等"
    parts = [word for word, holds in (("逾期", row["is_overdue"]), ("从重", row["is_aggravated"])) if holds]
    return f"{row['points']:g} 分 × {row['factor']:g}（{'、'.join(parts)}）" if parts else ""


def _show_cards(rows: pd.DataFrame) -> None:
    standing = rows[rows["is_standing"]]
    overdue = standing[standing["is_overdue"] | standing["is_past"]]
    past = int(standing["is_past"].sum())
    deduction = standing[standing["kind"] == "deduction"]
    vetoes = standing[standing["kind"] == "veto"]
    bonuses = standing[standing["kind"] == "bonus"]
    still_open = int((standing["state"] == "ordered").sum())
    kpi_cards(
        [
            Kpi("现行有效", f"{len(standing):,}", "项", f"涉及 {standing['unit'].nunique():,} 家单位；待改正 {still_open:,} 项"),
            Kpi("逾期", f"{len(overdue):,}", "项", f"其中 {past:,} 项期限已过、尚未认定", tone="bad" if len(overdue) else "plain"),
            Kpi("一票否决", f"{len(vetoes):,}", "项", f"{vetoes['unit'].nunique():,} 家单位", tone="bad" if len(vetoes) else "plain"),
            Kpi("扣分", f"{deduction['applied'].sum():,.1f}", "分", f"{len(deduction):,} 项，含逾期、从重的倍数"),
            Kpi("表彰奖励", f"{len(bonuses):,}", "项", f"加 {bonuses['applied'].sum():,.1f} 分（未计上限）", tone="good"),
        ]
    )  # fmt: skip


def _show_counts(*, cycle: int, region: str | None) -> None:
    counts = ask(queries.finding_counts, cycle=cycle, region=region, today=date.today())
    articles = queries.finding_articles(get_scheme(cycle))
    columns = {
        "region_name": Cell("地区"),
        "standing": Cell("现行有效", "number", decimals=0),
        "overdue": Cell("逾期", "number", decimals=0),
        "corrected": Cell("已改正", "number", decimals=0),
        "vetoes": Cell("一票否决", "number", decimals=0),
        "bonuses": Cell("表彰奖励", "number", decimals=0),
        "points": Cell("扣分", "number", decimals=1),
    } | {f"a{article}": Cell(article_name(article), "number", decimals=0) for article in articles}
    show_rows(counts, columns, download=f"认定事项按地区_{cycle}")
