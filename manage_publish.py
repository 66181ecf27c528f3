"""`manage.py publish`, `publications` and `export-results`: freezing a cycle, and its result list (Art. 18)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from command_line import Command, commands, print_json, print_table, say, write_file
from data import queries
from data.course.publications import publication
from data.course.publications import publish as publish_cycle
from manage_as import opened, read_publication
from reporting.to_xlsx import to_result_list

app = commands()

CycleOption = Annotated[int, typer.Option("--cycle", help="考核年度，如 2026")]
NumberOption = Annotated[str | None, typer.Option("--number", help="公布号，如 2026-1；默认最近一次")]
SHOWN = {
    "number": "公布号",
    "published_at": "时间",
    "state_name": "状态",
    "reason": "说明",
    "sha256": "SHA-256",
}


@app.command(cls=Command)
def publish(cycle: CycleOption, reason: Annotated[str, typer.Option("--reason", help="公布说明")]) -> None:
    """公布一个年度的结果：固定得分、名次、差距、等次，附 SHA-256。"""
    with opened("publish") as here:
        made = publish_cycle(here.store, cycle=cycle, reason=reason)
    say(f"已公布第 {made.number} 号：{here.whole.publications / made.number}.zip，SHA-256 {made.sha256}")


@app.command(cls=Command)
def publications(
    cycle: Annotated[int | None, typer.Option("--cycle", help="只列这个年度")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="在标准输出上只输出一个 JSON 文档")] = False,
) -> None:
    """列出公布过的结果。"""
    with opened("publications") as here:
        made = queries.published(here.store, cycle=cycle)
    rows = made.assign(published_at=[f"{at:%Y-%m-%d %H:%M}" for at in made["published_at"]])
    if as_json:
        print_json({"publications": rows.to_dict("records")})
        return
    print_table(SHOWN, rows[list(SHOWN)].to_dict("records"))


@app.command("export-results", cls=Command)
def export_results(
    cycle: CycleOption,
    out: Annotated[Path, typer.Option("--out", help="写到这个 xlsx 文件")],
    number: NumberOption = None,
) -> None:
    """写出考核结果运用表（第十八条），只由公布的结果生成。"""
    with opened("export-results") as here:
        made = publication(here.whole, cycle=cycle, number=number)
        frozen = read_publication(here, made)
        content = to_result_list(
            queries.result_list(frozen, cycle=cycle, region=frozen.scope.region),
            number=made.number,
            **queries.result_list_head(frozen, cycle=cycle),
        )
    write_file(out, content)
    say(f"已写出 {out}（第 {made.number} 号公布）")
