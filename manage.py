"""The product's work without a browser: `python manage.py --help`."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import manage_course
import manage_export
import manage_finding
import manage_keep
import manage_publish
import manage_sample
import manage_scheme
import manage_serve
import manage_task
import manage_user
from access.documentation import access_markdown
from command_line import (
    Command,
    Group,
    UserError,
    print_json,
    print_table,
    progress_bar,
    run,
    say,
)
from data import documents, explanations
from data.demo import build_demo_home
from data.intake import iter_files, take_in_many
from data.model import Receipt
from data.regions import load_regions, region_path
from data.register import build_register_template
from data.safe_reading import read_register_safely
from data.store import HOME_VARIABLE, StoreError, default_home
from data.template import write_templates
from manage_as import is_local, opened, run_as
from procedure.documentation import procedures_markdown
from scoring.scheme import SCHEMES, SchemeError, load_scheme, shipped_schemes

ROOT = Path(__file__).parent
DEFAULT_SCHEME = "heilongjiang-2026"
ALL_IN, SOME_REFUSED, NONE_READ = 0, 1, 2

app = typer.Typer(
    cls=Group,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)
cycle_app = typer.Typer(cls=Group, help="考核年度。", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(cycle_app, name="cycle")
app.add_typer(manage_user.app, name="user")
app.add_typer(manage_course.stage_app, name="stage")
app.add_typer(manage_finding.finding_app, name="finding")
app.add_typer(manage_task.task_app, name="task")
app.add_typer(manage_sample.app, name="sample")
app.add_typer(manage_scheme.app, name="scheme")
manage_keep.add_to(app)
manage_publish.add_to(app)
manage_export.add_to(app)


class Level(StrEnum):
    """What `scores` ranks."""

    prefecture = "prefecture"
    county = "county"
    unit = "unit"


CycleOption = Annotated[int, typer.Option("--cycle", help="考核年度，如 2026")]
JsonOption = Annotated[bool, typer.Option("--json", help="在标准输出上只输出一个 JSON 文档")]


@app.callback()
def main(
    home: Annotated[
        Path | None,
        typer.Option("--home", help="运行目录（写在命令之前）；默认取 $ASSESSMENT_HOME，再取 ./var"),
    ] = None,
    account: Annotated[
        str | None,
        typer.Option(
            "--as", help="以此账号的角色和范围执行（写在命令之前）；默认是本机管理员", metavar="账号"
        ),
    ] = None,
) -> None:
    """反间谍安全防范责任考核：命令行。"""
    run_as(account)
    if home:
        os.environ[HOME_VARIABLE] = str(home.absolute())


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
    raise typer.Exit(SOME_REFUSED if is_refused else ALL_IN)


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
    _write(out, build_register_template(scheme, load_regions(), units=registered))
    typer.echo(f"已生成 {out}")


@cycle_app.command("open", cls=Command)
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


app.command(cls=Command)(manage_serve.serve)
app.command(cls=Command)(manage_serve.snapshot)
app.command(cls=Command)(manage_serve.link)


@app.command(cls=Command)
def docs(
    check: Annotated[bool, typer.Option("--check", help="只检查是否过时，过时则退出码 1")] = False,
) -> None:
    """重写 docs/ 中由方案、问题目录和权限表生成的页面。"""
    pages = documents.generated_docs() | {
        "access.md": access_markdown(),
        "procedures.md": procedures_markdown(),
    }
    stale = documents.write_generated_docs(ROOT / "docs", pages, is_dry=check)
    for path in stale:
        typer.echo(f"{'已过时' if check else '已更新'}：{path.relative_to(ROOT)}")
    raise typer.Exit(1 if check and stale else 0)


def _years(text: str) -> tuple[int, ...]:
    years = [year.strip() for year in text.replace("，", ",").split(",")]
    if not all(year.isdigit() and len(year) == 4 for year in years):
        raise UserError(f"--years 写成了“{text}”：请写四位年份，用逗号分隔，如 2025,2026")
    return tuple(sorted({int(year) for year in years}))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"读不了文件 {path}（{error.strerror}）：请核对路径和权限") from error


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise UserError(f"写不了文件 {path}（{error.strerror}）：请检查目录权限和磁盘空间") from error


if __name__ == "__main__":
    run(app, user_errors=(StoreError, SchemeError))
