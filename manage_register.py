"""`manage.py register|register-template`: which units a year's assessment is of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from command_line import Command, UserError, commands, write_file
from data.regions import load_regions
from data.register import build_register_template
from data.safe_reading import read_register_safely
from manage_as import is_local, opened
from scoring.scheme import DEFAULT_SCHEME, load_scheme, shipped_schemes

REGISTERED, REFUSED = 0, 1

app = commands()

CycleOption = Annotated[int, typer.Option("--cycle", help="考核年度，如 2026")]


@app.command(cls=Command)
def register(
    path: Annotated[Path, typer.Argument(help="填好的单位名册（.xlsx）", metavar="文件")], cycle: CycleOption
) -> None:
    """登记单位名册；有一处错误就一个也不登记，退出码 1。"""
    content = _read(path)
    with opened("register") as here:
        units, problems = read_register_safely(
            content, scheme=here.store.scheme(cycle), regions=load_regions(), filename=path.name
        )
        is_refused = any(problem.severity == "error" for problem in problems)
        if not is_refused:
            here.whole.register_units(cycle=cycle, units=units, actor=here.person.actor)
    for problem in problems:
        typer.echo(problem.message)
    typer.echo("名册有错误，未登记任何单位" if is_refused else f"已登记 {len(units)} 个单位到 {cycle} 年度")
    raise typer.Exit(REFUSED if is_refused else REGISTERED)


@app.command("register-template", cls=Command)
def register_template(
    out: Annotated[Path, typer.Option(help="写到哪个文件（.xlsx）")],
    cycle: Annotated[int | None, typer.Option(help="带出该年度已登记的单位")] = None,
) -> None:
    """生成空白的单位名册，或带出已登记的单位供修改。"""
    scheme, registered = load_scheme(shipped_schemes()[DEFAULT_SCHEME]), ()
    if cycle is not None or not is_local():
        with opened("register-template") as here:
            if cycle is not None:
                scheme, registered = here.store.scheme(cycle), tuple(here.store.units(cycle=cycle).values())
    write_file(out, build_register_template(scheme, load_regions(), units=registered))
    typer.echo(f"已生成 {out}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"读不了文件 {path}（{error.strerror}）：请核对路径和权限") from error
