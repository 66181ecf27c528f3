"""`manage.py finding …`: the register of findings without a browser, while no server runs on the folder."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import pandas as pd
import typer

from command_line import Command, UserError, commands, print_json, print_table
from data import queries
from data.queries.ask import PROVINCE
from data.regions import regions_by_code
from manage_as import opened

app = commands(name="finding", title="认定事项。")

CycleOption = Annotated[int, typer.Option("--cycle", help="考核年度，如 2026")]
RegionOption = Annotated[str, typer.Option("--region", help="地区代码，如 230102；默认全省")]
TEXTS = (
    "key",
    "unit",
    "unit_name",
    "region",
    "finding",
    "finding_name",
    "place",
    "kind",
    "state",
    "state_name",
    "document",
    "ordered",
    "addressee",
    "indicator",
)
DAYS = ("on_date", "deadline", "step_on")
NUMBERS = ("days_left", "points", "factor", "applied")
CLAIMS = ("is_standing", "is_overdue", "is_aggravated", "is_past")


@app.command("list", cls=Command)
def list_findings(
    cycle: CycleOption,
    region: RegionOption = PROVINCE,
    unit: Annotated[str | None, typer.Option(help="只要这个单位（统一社会信用代码）")] = None,
    past: Annotated[bool, typer.Option("--past", help="只列期限已过、没有改正也没有认定逾期的")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="在标准输出上只输出一个 JSON 文档")] = False,
) -> None:
    """列出认定事项、一票否决和表彰奖励及其办理状态、期限和计入分值，新的在前；已撤销的也列出。"""
    if region not in regions_by_code():
        raise UserError(f"没有地区 {region}：请用 GB/T 2260 六位代码，如 230100")
    with opened("finding list") as here:
        frame = queries.findings(here.store, cycle=cycle, region=region, unit=unit, today=date.today())
    if past:
        frame = frame[frame["is_past"]]
    rows = [_row(row) for row in frame.to_dict("records")]
    if as_json:
        print_json({"cycle": cycle, "rows": rows})
        return
    named = {
        "key": "编号",
        "unit_name": "单位",
        "finding_name": "认定事项",
        "state_name": "状态",
        "on_date": "日期",
        "deadline": "期限",
        "applied": "计入分值",
    }
    print_table(named, rows)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: None if pd.isna(row[name]) else row[name] for name in TEXTS},
        **{name: None if pd.isna(row[name]) else f"{row[name]:%Y-%m-%d}" for name in DAYS},
        **{name: None if pd.isna(row[name]) else float(row[name]) for name in NUMBERS},
        **{name: bool(row[name]) for name in CLAIMS},
    }
