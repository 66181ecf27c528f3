"""`manage.py sample …`: drawing the units to be checked without a browser, while no server runs on the folder."""

from __future__ import annotations

from typing import Annotated

import typer

from command_line import Command, UserError, commands, print_json, print_table
from data import queries
from data.course.sampling import RULES, draw_sample, fresh_seed, scheme_plan
from data.queries.ask import PROVINCE
from data.scoped import ScopedStore
from manage_as import Here, opened_unless_serving

app = commands(name="sample", title="抽查。")

CycleOption = Annotated[int, typer.Option("--cycle", help="考核年度，如 2026")]
RegionOption = Annotated[
    str | None, typer.Option("--region", help="地区代码，如 230100；默认为本级的全部", show_default=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="在标准输出上只输出一个 JSON 文档")]


INSTEAD = "抽查在网页的“审核复核—抽查”"


@app.command(cls=Command)
def draw(
    cycle: CycleOption,
    region: RegionOption = None,
    seed: Annotated[
        int | None, typer.Option(help="随机数，默认自动产生；同一随机数和数据抽中同样的单位")
    ] = None,
    reason: Annotated[str, typer.Option(help="说明，可不写")] = "",
    as_json: JsonOption = False,
) -> None:
    """按考核方案的参数抽取一次；抽中的单位和理由留存，不能更改。"""
    with opened_unless_serving("sample draw", instead=INSTEAD) as here:
        plan = scheme_plan(here.store, cycle=cycle)
        if plan is None:
            raise UserError(f"{cycle} 年度的考核方案没有抽查参数：请在方案的新版本中写明 [sampling] 一节")
        drawn = draw_sample(
            here.store,
            cycle=cycle,
            region=region or _own_region(here),
            seed=fresh_seed() if seed is None else seed,
            plan=plan,
            reason=reason,
        )
    if as_json:
        print_json({"cycle": cycle, "seed": drawn.seed, "units": drawn.units, "rules": drawn.by_rule})
        return
    rules = "，".join(f"{RULES[rule]} {n}" for rule, n in drawn.by_rule.items())
    typer.echo(f"已抽取 {drawn.units} 家，随机数 {drawn.seed}（{rules}）")


@app.command("list", cls=Command)
def list_picks(cycle: CycleOption, region: RegionOption = None, as_json: JsonOption = False) -> None:
    """列出抽中的单位和理由，每家单位、每项规则一行。"""
    with opened_unless_serving("sample list", instead=INSTEAD) as here:
        frame = queries.sample_picks(here.store, cycle=cycle, region=region)
    columns = {"code": "代码", "name": "单位", "region_name": "地区", "rule_name": "规则", "why": "理由"}
    rows = frame[["seq", "rule", *columns]].to_dict("records")
    if as_json:
        print_json({"cycle": cycle, "picks": rows})
        return
    print_table(columns, rows)


def _own_region(here: Here) -> str:
    return here.store.scope.region if isinstance(here.store, ScopedStore) else PROVINCE
