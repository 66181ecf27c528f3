"""`manage.py demo`: the demonstration province."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from command_line import Command, UserError, commands, progress_bar, say
from data.demo import build_demo_home
from data.store import default_home
from manage_as import opened

app = commands()


@app.command(cls=Command)
def demo(
    units: Annotated[int, typer.Option(help="单位个数", min=1)] = 600,
    years: Annotated[str, typer.Option(help="考核年度，逗号分隔")] = "2025,2026",
    seed: Annotated[int, typer.Option(help="随机种子；相同参数得到相同的得分")] = 7,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="运行目录已有数据时什么也不做")] = False,
) -> None:
    """建立示例省：为虚构单位生成并填好自评表，经正式入口接收。"""
    cycles = _years(years)
    with opened("demo") as here:
        is_empty = here.whole.is_untouched()
    if not is_empty and if_empty:
        say(f"运行目录 {default_home()} 已有数据，未建示例省")
        return
    if not is_empty:
        raise UserError(f"运行目录 {default_home()} 已有数据，示例省只能建在空目录里：请用 --home 另选目录")
    started = time.monotonic()
    with progress_bar("建立示例省") as advance:
        counts = build_demo_home(default_home(), units=units, years=cycles, seed=seed, progress=advance)
    say(
        f"示例省已建在 {default_home()}：{units} 个单位，{'、'.join(map(str, cycles))} 年度，"
        f"收到文件 {counts.files} 份（退回 {counts.refused} 份），用时 {time.monotonic() - started:.1f} 秒"
    )


def _years(text: str) -> tuple[int, ...]:
    years = [year.strip() for year in text.replace("，", ",").split(",")]
    if not all(year.isdigit() and len(year) == 4 for year in years):
        raise UserError(f"--years 写成了“{text}”：请写四位年份，用逗号分隔，如 2025,2026")
    return tuple(sorted({int(year) for year in years}))
