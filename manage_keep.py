"""`manage.py backup|restore|rebuild|verify|clock`: keeping a runtime folder, and mending it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from command_line import Command, UserError, commands, print_json, progress_bar, say
from data.backup import make_backup
from data.backup_schedule import backup_path
from data.clock import check_clock
from data.rebuild import Rebuilt, rebuild, rebuild_journal
from data.restore import restore
from data.store import LockedError, StoreError, default_home
from data.verify import PARTS, Verification, verify
from manage_as import is_local, opened

app = commands()

SOUND, NOT_SOUND, NOT_CHECKED = 0, 1, 2

JsonOption = Annotated[bool, typer.Option("--json", help="在标准输出上只输出一个 JSON 文档")]


def _check_right(command: str) -> None:
    """For commands that cannot rely on a sound database: with --as, the account must have the right all the same."""
    if not is_local():
        with opened(command):
            pass


@app.command("backup", cls=Command)
def backup_command(
    out: Annotated[
        Path | None, typer.Option(help="写到哪个文件（.zip）；默认是运行目录下的 backups/manual-时间.zip")
    ] = None,
    with_key: Annotated[
        bool, typer.Option("--with-key", help="连同登录密钥一起备份（拿到它的人可以伪造登录）")
    ] = False,
) -> None:
    """备份数据库、台账和全部自评表到一个文件；退出码 0 完整，1 有自评表缺失，2 没有备份。"""
    try:
        with opened("backup") as here, progress_bar("备份") as advance:
            path = out or backup_path(default_home())
            made = make_backup(here.whole, path, with_key=with_key, actor=here.person.actor, progress=advance)
            missing = [here.whole.files.path(sha256) for sha256 in made.missing]
    except LockedError as error:
        raise UserError(f"{error}；服务运行时，备份在网页的“系统管理”中进行，每日还会自动备份") from error
    typer.echo(
        f"已备份到 {made.path}：台账 {made.head.n} 行，自评表 {made.workbooks} 份，{made.size / 2**20:.1f} MB"
    )
    typer.echo(f"链头：{made.head.n} {made.head.hash}")
    for each in missing:
        typer.echo(f"缺失或被改动，没有备份：{each}")
    raise typer.Exit(NOT_SOUND if missing else SOUND)


@app.command("restore", cls=Command)
def restore_command(
    file: Annotated[Path, typer.Argument(help="备份文件（.zip）", metavar="文件")],
    replace: Annotated[
        bool, typer.Option("--replace", help="运行目录不是空的也恢复；现有内容移到其中的 replaced-时间 目录")
    ] = False,
) -> None:
    """从备份恢复到运行目录；先校验全部内容，有一处不符就不恢复。"""
    _check_right("restore")
    home = default_home()
    with progress_bar("校验并恢复") as advance:
        done = restore(home, file, replace=replace, progress=advance)
    typer.echo(f"已恢复到 {home}：备份于 {done.made_at}，台账 {done.head.n} 行，自评表 {done.workbooks} 份")
    if done.aside:
        typer.echo(f"原有内容在 {done.aside}")
    if done.missing:
        typer.echo(f"备份时已缺 {len(done.missing)} 份自评表，执行 manage.py verify 查看是哪些")


@app.command("rebuild", cls=Command)
def rebuild_command(
    from_database: Annotated[
        bool, typer.Option("--from-database", help="反过来：以现有数据库为准重写台账（台账丢失或短缺时）")
    ] = False,
    found_in: Annotated[
        Path | None,
        typer.Option("--from", help="自评表缺失时，到这个目录或 zip 中按内容找回", metavar="目录或zip"),
    ] = None,
    without_missing: Annotated[
        bool, typer.Option("--without-missing", help="找不回的自评表不计，重建其余；有关单位须重新提交")
    ] = False,
) -> None:
    """由台账和自评表重建数据库；退出码 0 与原来相同，1 已重建但有差异，2 没有重建。"""
    _check_right("rebuild")
    home = default_home()
    if from_database:
        if found_in or without_missing:
            raise UserError("--from-database 不能与 --from、--without-missing 同时使用")
        head = rebuild_journal(home)
        typer.echo(f"已由数据库重写台账：{head.n} 行。链头：{head.n} {head.hash}")
        return
    with progress_bar("重建数据库") as advance:
        done = rebuild(home, found_in=found_in, without_missing=without_missing, progress=advance)
    for line in rebuilt_lines(done):
        typer.echo(line)
    raise typer.Exit(SOUND if done.is_identical else NOT_SOUND)


def rebuilt_lines(done: Rebuilt) -> list[str]:
    """What a rebuild did and found, a sentence a line."""
    lines = [f"数据库已重建：台账 {done.lines} 行"]
    if done.aside:
        lines.append(f"原来的数据库改名为 {done.aside}")
    if done.is_last_line_torn:
        lines.append(
            "台账最后一行没有写完整（断电），未计入；原来的台账改名保留（journal.damaged-时间.jsonl）"
        )
    lines += [
        f"单位 {each.unit} 的自评表（台账第 {each.n} 行）读出的答案与当时不同，得分可能改变"
        for each in done.read_otherwise
    ]
    lines += [
        f"自评表 {sha256} 缺失，未计：单位 {'、'.join(units)} 须重新提交"
        for sha256, units in sorted(done.left_out.items())
    ]
    return lines


@app.command("verify", cls=Command)
def verify_command(
    as_json: JsonOption = False,
    head: Annotated[
        str | None,
        typer.Option(
            help="以前记下的链头校验值：查它是否还在链中，即从那以后台账没有被改写", metavar="校验值"
        ),
    ] = None,
) -> None:
    """核对台账、数据库、自评表和结果，逐处指出不符；退出码 0 完好，1 有不符，2 没有查全。"""
    _check_right("verify")
    with progress_bar("重读自评表并核对") as advance:
        found = verify(default_home(), head=head, progress=advance)
    if as_json:
        print_json(_document(found))
    else:
        _print(found)
    raise typer.Exit({True: SOUND, False: NOT_SOUND, None: NOT_CHECKED}[found.is_sound])


def _document(found: Verification) -> dict:
    return {
        "sound": found.is_sound,
        "faults": [{"part": part, "message": text} for part, text in found.faults],
        "left_out": [{"part": part, "message": text} for part, text in found.left_out],
        "notes": found.notes,
        "head": {"n": found.head.n, "hash": found.head.hash, "at": found.at},
        "workbooks": found.workbooks,
        "orphans": found.orphans,
    }


def _print(found: Verification) -> None:
    for part, text in found.faults:
        typer.echo(f"不符  {PARTS[part]}：{text}")
    for part, text in found.left_out:
        typer.echo(f"没有检查  {PARTS[part]}：{text}")
    for text in found.notes:
        typer.echo(f"说明  {text}")
    for path in found.orphans:
        typer.echo(f"说明  {path} 没有对应的提交（收到一半时中断），可以删除")
    typer.echo(f"台账 {found.head.n} 行，自评表 {found.workbooks} 份")
    typer.echo(f"链头：{found.head.n} {found.head.hash}（请抄录到本机以外，以后用 --head 核对）")
    typer.echo({True: "完好", False: f"有 {len(found.faults)} 处不符", None: "没有查全"}[found.is_sound])


@app.command("clock", cls=Command)
def clock_command(
    accept: Annotated[
        bool,
        typer.Option("--accept", help="本机时间现在是对的，以前记录的时间错了：记下这一点，此后照常使用"),
    ] = False,
) -> None:
    """查看本机时间与最近一次记录的时间；时间曾经错过的，校正后用 --accept 确认。"""
    with opened("clock") as here:
        now, last_at = datetime.now(), here.whole.journal.last_at
        typer.echo(f"本机时间 {now:%Y-%m-%d %H:%M:%S}；最近一次记录 {last_at[:19].replace('T', ' ') or '无'}")
        if accept:
            said = f"确认本机时间 {now:%Y-%m-%d %H:%M:%S}，此前最近一次记录 {last_at or '无'}"
            here.whole.audit("clock", actor=here.person.actor, checks_clock=False, detail=said)
            typer.echo("已确认：以本机时间为准")
            return
        try:
            check_clock(now, last_at=last_at)
        except StoreError as error:
            say(f"{error}")
            raise typer.Exit(NOT_SOUND) from error
        typer.echo("时间没有问题")
