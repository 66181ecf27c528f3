"""`manage.py scores|explain`: results, and where each point of them comes from."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from command_line import Command, UserError, commands, print_json, print_table
from data import documents, explanations
from manage_as import opened

app = commands()

CycleOption = Annotated[int, typer.Option("--cycle", help="考核年度，如 2026")]
JsonOption = Annotated[bool, typer.Option("--json", help="在标准输出上只输出一个 JSON 文档")]


class Level(StrEnum):
    """What `scores` ranks."""

    prefecture = "prefecture"
    county = "county"
    unit = "unit"


@app.command(cls=Command)
def scores(
    cycle: CycleOption,
    level: Annotated[Level, typer.Option(help="prefecture（市、地）、county（县、市、区）或 unit（单位）")],
    as_json: JsonOption = False,
) -> None:
    """得分与名次。"""
    with opened(f"scores --level {level.value}") as here:
        document = documents.scores_document(here.store, cycle=cycle, level=level.value)
    if as_json:
        print_json(document)
        return
    headings = {"code": "代码", "name": "名称", "score": "得分", "rank": "名次", "grade": "等次"}
    print_table(headings | {"submitted": "已填报", "registered": "应填报"}, document["rows"])


@app.command(cls=Command)
def explain(
    cycle: CycleOption,
    unit: Annotated[str | None, typer.Option(help="单位（统一社会信用代码）")] = None,
    region: Annotated[str | None, typer.Option(help="地区（行政区划代码）")] = None,
    as_json: JsonOption = False,
) -> None:
    """一个得分的每一项来历；--unit 与 --region 二选一。"""
    if bool(unit) == bool(region):
        raise UserError("请用 --unit 指定一个单位，或用 --region 指定一个地区，二选一")
    with opened("explain --unit" if unit else "explain --region") as here:
        document = (
            explanations.explain_unit(here.store, cycle=cycle, unit=unit)
            if unit
            else explanations.explain_region(here.store, cycle=cycle, region=region)
        )
    if as_json:
        print_json(document)
        return
    for line in documents.explanation_lines(document):
        typer.echo(line)
