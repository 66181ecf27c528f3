"""环节: how far every region of my scope is at its stage, what is closed since when and why, and until when it is due."""

from __future__ import annotations

from datetime import date

import pandas as pd

from access.roles import ROLE_NAMES
from data import queries
from data.course.acting import STAGE_NAMES
from data.course.stages import WHOSE_STAGE
from data.queries.ask import PROVINCE
from pages.components.access import ask, who
from pages.components.filters import choose_option, choose_region, filter_bar
from pages.components.html_table import Cell, show_rows
from pages.components.layout import Kpi, kpi_cards, region_name, section, show_empty
from pages.components.stage_moves import show_dues, show_moves

STATE_TONES = {"进行中": "pass", "已关闭": "good"}
COLUMNS = {
    "name": Cell("地区", width="8em", below="parent_name"),
    "registered": Cell("登记单位", "number", decimals=0, width="5.5em"),
    "submitted": Cell("已提交", "number", decimals=0, width="5em"),
    "ruled": Cell("核定完毕", "number", decimals=0, width="5.5em", help="全部指标已由本级或者上级核定的单位"),
    "progress": Cell(
        "核定进度", "bar", decimals=0, width="11em", help="已由本级或者上级核定的指标，占已提交单位的全部指标"
    ),
    "pending_na": Cell("不适用待核", "number", decimals=0, width="6em", help="项"),
    "returned": Cell("退回中", "number", decimals=0, width="5em", help="已退回补正、尚未再交的单位"),
    "state_name": Cell("状态", "badge", tones=STATE_TONES, width="6em", below="late"),
    "since": Cell("最近办理", "time", width="10em", below="by"),
    "reason": Cell("理由", width="14em"),
}
FILE_COLUMNS = {
    "code": "地区代码",
    "name": "地区",
    "parent_name": "上级地区",
    "stage_name": "环节",
    "registered": "登记单位",
    "submitted": "已提交",
    "ruled": "核定完毕的单位",
    "answers": "指标总数",
    "ruled_answers": "已核定的指标",
    "pending_na": "不适用待核",
    "returned": "退回中",
    "state_name": "状态",
    "due_on": "期限",
    "since": "最近办理",
    "by": "由谁办理",
    "reason": "理由",
}
HISTORY_COLUMNS = {
    "recorded_at": Cell("时间", "time", width="10em"),
    "name": Cell("地区", width="9em"),
    "stage_name": Cell("环节", width="7em"),
    "state_name": Cell("改为", "badge", tones=STATE_TONES, width="6em"),
    "by": Cell("由谁办理", width="9em"),
    "reason": Cell("理由"),
}


def show_stages(*, cycle: int) -> None:
    """Progress of one stage over the regions of my scope, what I may close or open, due dates, and every event so far."""
    today = date.today()
    everything = ask(queries.stages, cycle=cycle, today=today)
    if everything.empty:
        show_empty(
            "还没有登记单位",
            "导入单位名册后，这里按地区显示各环节的进度。",
            page="submit",
            link="去导入名册",
            step="register",
        )
        return
    present = [stage for stage in STAGE_NAMES if stage in set(everything["stage"])]
    where = who().region
    with filter_bar("stage_filters"):
        stage = choose_option("stage", "环节", {s: STAGE_NAMES[s] for s in present}, style="segments")
        rows = everything[everything["stage"] == stage]
        if stage == "county" and where == PROVINCE:
            where = choose_region(county=False) or PROVINCE
            rows = rows[rows["parent"] == where] if where != PROVINCE else rows
    rows = _worded(rows.reset_index(drop=True))
    _show_cards(rows, stage=stage, today=today)
    section(
        f"{region_name(where)}{STAGE_NAMES[stage]}进度",
        f"{WHOSE_STAGE[stage]}各自关闭本级；关闭后该级不能再核定所辖单位，单位也不能自行再交",
    )
    show_rows(
        rows,
        COLUMNS,
        height=560,
        download=f"审核环节_{cycle}_{region_name(where)}_{STAGE_NAMES[stage]}",
        download_columns=FILE_COLUMNS,
    )
    show_moves(rows, cycle=cycle, stage=stage)
    show_dues(cycle=cycle)
    section("办理记录", "每一次关闭和重新打开都保留")
    history = ask(queries.stage_history, cycle=cycle)
    if history.empty:
        show_empty("还没有关闭过任何环节", "关闭或者重新打开后，这里逐次列出由哪一级、何时、因何办理。")
        return
    history = history.assign(by=history["by_role"].map(ROLE_NAMES))
    show_rows(history, HISTORY_COLUMNS, height=420, download=f"审核环节办理记录_{cycle}")


def _worded(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with what the table says of them in words."""
    return rows.assign(
        late=rows["is_overdue"].map({True: "已过期限", False: ""}),
        by=rows["by_role"].map(ROLE_NAMES),
    )


def _show_cards(rows: pd.DataFrame, *, stage: str, today: date) -> None:
    n_open = int((rows["state"] == "open").sum())
    missing, left = int(rows["missing"].sum()), int(rows["open_units"].sum())
    pending, returned = int(rows["pending_na"].sum()), int(rows["returned"].sum())
    kpi_cards(
        [
            Kpi(
                STAGE_NAMES[stage],
                f"{len(rows) - n_open:,}/{len(rows):,}",
                "个已关闭",
                tone="pass" if n_open else "good",
            ),
            Kpi("未提交", f"{missing:,}", "家", tone="none" if missing else "good"),
            Kpi(
                "已提交未核完",
                f"{left:,}",
                "家",
                note=f"已提交 {int(rows['submitted'].sum()):,} 家",
                tone="pass" if left else "good",
            ),
            Kpi("不适用待核", f"{pending:,}", "项", tone="pass" if pending else "good"),
            Kpi("退回补正中", f"{returned:,}", "家", tone="pass" if returned else "good"),
            _due_card(rows, n_open=n_open, today=today),
        ]
    )


def _due_card(rows: pd.DataFrame, *, n_open: int, today: date) -> Kpi:
    due_on = rows["due_on"].iloc[0]
    if pd.isna(due_on):
        return Kpi("期限", "未规定", note="方案没有写各环节的天数", tone="none")
    days = (due_on.date() - today).days
    note = "由省级规定" if rows["is_due_set"].iloc[0] else "按方案的天数"
    if not n_open:
        return Kpi("期限", f"{due_on:%m-%d}", note=note, tone="good")
    if days < 0:
        return Kpi("期限", f"{due_on:%m-%d}", note=f"已过 {-days} 天，{note}", tone="fail")
    return Kpi("期限", f"{due_on:%m-%d}", note=f"还有 {days} 天，{note}", tone="plain")
