"""`manage.py task …`: rectification tasks without a browser, while no server runs on the folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from command_line import Command, UserError, commands, print_json, print_table, progress_bar
from data import queries
from data.queries.ask import PROVINCE
from data.regions import regions_by_code
from manage_as import opened
from procedure.machines import TASK
from reporting.notices import notices_of
from reporting.office_template import TemplateFault
from reporting.to_docx import check_template, template_of, write_notice

app = commands(name="task", title="整改任务。")

CycleOption = Annotated[int, typer.Option("--cycle", help="考核年度，如 2026")]
RegionOption = Annotated[str, typer.Option("--region", help="地区代码，如 230102；默认全省")]
UnitOption = Annotated[str | None, typer.Option("--unit", help="只要这个单位（统一社会信用代码）")]
TEXTS = (
    "task",
    "unit",
    "name",
    "region",
    "source",
    "indicator",
    "title",
    "required",
    "proof",
    "document",
    "state",
)


@app.command("list", cls=Command)
def list_tasks(
    cycle: CycleOption,
    region: RegionOption = PROVINCE,
    unit: UnitOption = None,
    state: Annotated[str | None, typer.Option(help=f"只列这一状态：{'、'.join(TASK.state_names)}")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="在标准输出上只输出一个 JSON 文档")] = False,
) -> None:
    """列出整改任务，逾期的在前。"""
    if state and state not in TASK.state_names:
        raise UserError(f"没有状态 {state}：请写 {'、'.join(TASK.state_names)} 之一")
    with opened("task list") as here:
        frame = _tasks(here.store, cycle=cycle, region=region, unit=unit)
    if state:
        frame = frame[frame["state"] == state]
    rows = [_row(row) for row in frame.to_dict("records")]
    if as_json:
        print_json({"cycle": cycle, "rows": rows})
        return
    named = {
        "task": "编号",
        "name": "单位",
        "title": "事项",
        "deadline": "期限",
        "state_name": "状态",
        "days_overdue": "逾期天数",
    }
    names = [row | {"state_name": TASK.state_names[row["state"]]} for row in rows]
    print_table(named, names)


@app.command(cls=Command)
def notices(
    cycle: CycleOption,
    out: Annotated[Path, typer.Option(help="写到哪个目录")],
    region: RegionOption = PROVINCE,
    unit: UnitOption = None,
    by_task: Annotated[bool, typer.Option("--by-task", help="每项任务一份；默认每个单位一份")] = False,
) -> None:
    """为待整改、复查未通过的任务生成整改通知书（docx）。"""
    with opened("task notices") as here:
        frame = _tasks(here.store, cycle=cycle, region=region, unit=unit)
        is_demo, template = here.whole.is_demo(), template_of(here.whole.home)
    waiting = frame[frame["state"].isin(["issued", "rejected"])]
    made = notices_of(waiting, cycle=cycle, day=date.today(), by_unit=not by_task, is_demo=is_demo)
    try:
        check_template(template)
        out.mkdir(parents=True, exist_ok=True)
        with progress_bar("生成整改通知书") as advance:
            for done, notice in enumerate(made, start=1):
                (out / notice.file_name).write_bytes(write_notice(notice, template=template))
                advance(done, len(made))
    except TemplateFault as fault:
        raise UserError(str(fault)) from fault
    except OSError as error:
        raise UserError(f"无法写入 {out}：{error.strerror}。请检查目录权限和磁盘空间") from error
    typer.echo(f"已生成 {len(made)} 份整改通知书，在 {out}")


def _tasks(store: Any, *, cycle: int, region: str, unit: str | None) -> pd.DataFrame:
    if region not in regions_by_code():
        raise UserError(f"没有地区 {region}：请用 GB/T 2260 六位代码，如 230100")
    return queries.tasks(store, cycle=cycle, today=date.today(), region=region, unit=unit)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **{key: None if pd.isna(row[key]) else row[key] for key in TEXTS},
        "issued_on": f"{row['issued_on']:%Y-%m-%d}",
        "deadline": f"{row['deadline']:%Y-%m-%d}",
        "closed_on": None if pd.isna(row["closed_on"]) else f"{row['closed_on']:%Y-%m-%d}",
        "is_overdue": bool(row["is_overdue"]),
        "days_overdue": None if pd.isna(row["days_overdue"]) else int(row["days_overdue"]),
        "rounds": int(row["rounds"]),
    }
