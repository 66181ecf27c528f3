"""`manage.py stage …`: the stages of a year's review without a browser, while no server runs on the folder."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from access.roles import ROLE_NAMES
from command_line import Command, commands, print_json, print_table
from data import queries
from data.course.acting import STAGE_NAMES
from data.course.stages import close_stages, reopen_stage, stage_of
from data.regions import regions_by_code
from manage_as import opened_unless_serving

app = commands(name="stage", title="审核环节。")

CycleOption = Annotated[int, typer.Option("--cycle", help="考核年度，如 2026")]
Regions = Annotated[list[str], typer.Argument(help="地区代码，如 230102", metavar="地区…")]


class StageOption(StrEnum):
    """Which stage `list` shows."""

    county = "county"
    prefecture = "prefecture"
    province = "province"


INSTEAD = "环节在网页的“审核复核—环节”"


@app.command("list", cls=Command)
def list_stages(
    cycle: CycleOption,
    stage: Annotated[
        StageOption | None, typer.Option(help="只列这一环节：county、prefecture 或 province")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="在标准输出上只输出一个 JSON 文档")] = False,
) -> None:
    """列出各地区各环节的进度和状态。"""
    with opened_unless_serving("stage list", instead=INSTEAD) as here:
        frame = queries.stages(here.store, cycle=cycle, today=date.today())
    if stage:
        frame = frame[frame["stage"] == stage.value]
    rows = [
        {
            "code": row.code,
            "name": row.name,
            "stage": row.stage,
            "registered": int(row.registered),
            "submitted": int(row.submitted),
            "ruled": int(row.ruled),
            "pending_na": int(row.pending_na),
            "returned": int(row.returned),
            "state": row.state,
            "since": f"{row.since:%Y-%m-%dT%H:%M:%S}" if row.since == row.since else None,
            "by_role": row.by_role if isinstance(row.by_role, str) else None,
            "reason": row.reason,
            "due_on": f"{row.due_on:%Y-%m-%d}" if row.due_on == row.due_on else None,
            "is_overdue": bool(row.is_overdue),
        }
        for row in frame.itertuples(index=False)
    ]
    if as_json:
        print_json({"cycle": cycle, "stages": rows})
        return
    for row in rows:
        row["stage"] = STAGE_NAMES[row["stage"]]
        row["state"] = {"open": "进行中", "closed": "已关闭"}[row["state"]] + (
            "，已过期限" if row["is_overdue"] else ""
        )
        row["by_role"] = ROLE_NAMES.get(row["by_role"])
    print_table(
        {
            "code": "代码",
            "name": "地区",
            "stage": "环节",
            "registered": "登记",
            "submitted": "已提交",
            "ruled": "核定完毕",
            "pending_na": "不适用待核",
            "returned": "退回中",
            "state": "状态",
            "due_on": "期限",
            "by_role": "由谁办理",
        },
        rows,
    )


@app.command(cls=Command)
def close(
    regions: Regions,
    cycle: CycleOption,
    reason: Annotated[str, typer.Option(help="说明，可不写")] = "",
) -> None:
    """关闭地区自己的环节：县级初审、市级复核、省级终评；几个地区须是同一环节。"""
    with opened_unless_serving("stage close", instead=INSTEAD) as here:
        stage = stage_of(regions[0])
        close_stages(here.store, cycle=cycle, regions=regions, stage=stage, reason=reason)
    typer.echo(
        f"已关闭{STAGE_NAMES[stage]}：{'、'.join(regions_by_code()[region].name for region in regions)}"
    )


@app.command(cls=Command)
def reopen(
    region: Annotated[str, typer.Argument(help="地区代码，如 230102", metavar="地区")],
    cycle: CycleOption,
    reason: Annotated[str, typer.Option(help="理由，必须写明")],
) -> None:
    """重新打开一个地区的环节；由上一级办理。"""
    with opened_unless_serving("stage reopen", instead=INSTEAD) as here:
        stage = stage_of(region)
        reopen_stage(here.store, cycle=cycle, region=region, stage=stage, reason=reason)
    typer.echo(f"已重新打开{STAGE_NAMES[stage]}：{regions_by_code()[region].name}")
