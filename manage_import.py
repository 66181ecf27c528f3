"""`manage.py import`: filled workbooks are taken in."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from command_line import Command, UserError, commands, print_json, progress_bar, say
from data import documents
from data.intake import iter_files, take_in_many
from data.model import Receipt
from manage_as import opened

ALL_IN, SOME_REFUSED, NONE_READ = 0, 1, 2

app = commands()

CycleOption = Annotated[int, typer.Option("--cycle", help="考核年度，如 2026")]
JsonOption = Annotated[bool, typer.Option("--json", help="在标准输出上只输出一个 JSON 文档")]


@app.command("import", cls=Command)
def import_(
    paths: Annotated[list[Path], typer.Argument(help="文件、目录或 zip", metavar="路径…")],
    cycle: CycleOption,
    as_json: JsonOption = False,
) -> None:
    """接收填好的自评表；退出码 0 全部接收，1 有退回，2 一份也读不了。"""
    for path in paths:
        if not path.exists():
            raise UserError(f"没有文件或目录 {path}：请核对路径")
    started = time.monotonic()
    with opened("import") as here, progress_bar("接收") as advance:
        receipts = take_in_many(
            here.store,
            iter_files(paths),
            cycle=cycle,
            expected_unit=here.person.unit,
            progress=lambda done: advance(done, None),
        )
    seconds = time.monotonic() - started
    if as_json:
        print_json(documents.import_document(receipts, seconds=seconds))
    else:
        _print_receipts(receipts, seconds=seconds)
    raise typer.Exit(_import_code(receipts))


def _import_code(receipts: list[Receipt]) -> int:
    refused = [r for r in receipts if r.status == "refused"]
    if not receipts or all(r.status == "refused" and not r.template_version for r in receipts):
        return NONE_READ
    return SOME_REFUSED if refused else ALL_IN


def _print_receipts(receipts: list[Receipt], *, seconds: float) -> None:
    fates = {"accepted": "接收", "warned": "接收（有提醒）", "refused": "退回"}
    for receipt in receipts:
        typer.echo(f"{fates[receipt.status]}  {receipt.path}")
        for problem in receipt.problems:
            typer.echo(f"    {problem.message}")
    refused = sum(r.status == "refused" for r in receipts)
    typer.echo(
        f"共 {len(receipts)} 份：接收 {len(receipts) - refused}，退回 {refused}，用时 {seconds:.1f} 秒"
    )
    if not receipts:
        say("没有找到自评表（.xlsx）：请核对路径")
