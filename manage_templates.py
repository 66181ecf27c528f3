"""`manage.py templates`: the workbooks that are handed out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from command_line import Command, UserError, commands, progress_bar
from data.regions import region_path
from data.template import write_templates
from manage_as import opened

app = commands()

CycleOption = Annotated[int, typer.Option("--cycle", help="考核年度，如 2026")]


@app.command(cls=Command)
def templates(
    cycle: CycleOption,
    out: Annotated[Path, typer.Option(help="写到哪个目录")],
    unit: Annotated[str | None, typer.Option(help="只要这个单位（统一社会信用代码）")] = None,
) -> None:
    """为名册上的单位各生成一份自评表。"""
    with opened("templates") as here:
        store = here.store
        deadline, scheme, registered = (
            store.cycle(cycle).deadline,
            store.scheme(cycle),
            store.units(cycle=cycle),
        )
    if unit and unit not in registered:
        raise UserError(f"{cycle} 年度名册中没有单位 {unit}：请核对代码，或先用 register 登记")
    chosen = [registered[unit]] if unit else list(registered.values())
    if not chosen:
        raise UserError(f"{cycle} 年度名册是空的：请先用 register 登记单位")
    paths = {u.region: region_path(u.region) for u in chosen}
    try:
        with progress_bar("生成自评表") as advance:
            written = write_templates(
                scheme,
                cycle=cycle,
                units=chosen,
                region_paths=paths,
                out=out,
                deadline=deadline,
                progress=advance,
            )
    except OSError as error:
        raise UserError(f"无法写入 {out}：{error.strerror}。请检查目录权限和磁盘空间") from error
    typer.echo(f"已生成 {written} 份自评表，在 {out}")
