"""`manage.py cycle …`: the years of assessment."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from command_line import Command, UserError, commands
from manage_as import opened
from scoring.scheme import DEFAULT_SCHEME, SCHEMES, shipped_schemes

app = commands(name="cycle", title="考核年度。")

CycleOption = Annotated[int, typer.Option("--cycle", help="考核年度，如 2026")]


@app.command("open", cls=Command)
def open_cycle(
    cycle: CycleOption,
    opens: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="开始填报日期，如 2026-08-01")],
    deadline: Annotated[
        datetime,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
            help="截止时间，如 2026-10-31（当日 24 时前有效）或 2026-10-31T18:00",
        ),
    ],
    scheme: Annotated[str, typer.Option(help="方案编号，或方案文件（.toml）")] = DEFAULT_SCHEME,
) -> None:
    """开设一个考核年度，或更改它的起止时间。"""
    path = shipped_schemes().get(scheme, Path(scheme))
    if not path.is_file():
        known = "、".join(shipped_schemes())
        raise UserError(f"没有方案 {scheme}：请写方案文件的路径，或 {SCHEMES.name}/ 中的编号（{known}）")
    if deadline.time() == datetime.min.time():
        deadline += timedelta(days=1) - timedelta(seconds=1)
    if deadline < opens:
        raise UserError(
            f"截止时间 {deadline:%Y-%m-%d} 早于开始日期 {opens:%Y-%m-%d}：请核对 --opens 和 --deadline"
        )
    with opened("cycle open") as here:
        here.whole.open_cycle(
            cycle=cycle,
            scheme_path=path,
            opens_on=opens.date(),
            deadline=deadline,
            actor=here.person.actor,
        )
        title = here.whole.scheme(cycle).title
    typer.echo(f"已开设 {cycle} 年度：{title}，{opens:%Y-%m-%d} 至 {deadline:%Y-%m-%d %H:%M}")
