"""`manage.py serve`, `snapshot` and `link`: the web service, what its read-only servers read, the administrator's way in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from access import serving
from access.accounts import Accounts
from access.reader import WRITER_VARIABLE, writers_address
from access.secret import read_key
from command_line import Command, UserError, commands, serve_app
from data.read_only import READS_VARIABLE, ReadOnlyStore
from data.snapshots import EVERY_S, make_snapshot
from data.store import DamagedDatabaseError, default_home
from manage_as import Here, is_local, opened, opened_unless_serving

ROOT = Path(__file__).parent

app = commands()

PortOption = Annotated[int, typer.Option(help="端口", min=1, max=65535)]


@app.command(cls=Command)
def serve(
    host: Annotated[str, typer.Option(help="监听地址；127.0.0.1 之外须先有系统管理员账号")] = "127.0.0.1",
    port: PortOption = 8501,
    behind_proxy: Annotated[
        str, typer.Option(help="所信任的反向代理的地址，逗号分隔；只有它们说的来访地址和 TLS 才算数")
    ] = "",
    link: Annotated[
        bool, typer.Option("--link", help="输出不在终端上、也已有系统管理员账号时，仍显示一次性登录链接")
    ] = False,
    snapshots: Annotated[
        Path | None, typer.Option(help="把数据快照发布到这个目录，供只读副本使用", metavar="目录")
    ] = None,
    every: Annotated[float, typer.Option(help="每隔多少秒发布一次快照", min=1)] = EVERY_S,
    read_only: Annotated[
        Path | None,
        typer.Option(
            "--read-only", help="作为只读副本运行：读这个目录中最新的快照，不办理任何事项", metavar="目录"
        ),
    ] = None,
    writer: Annotated[
        str, typer.Option(help="只读副本向哪个主服务核对登录", metavar="网址")
    ] = "http://127.0.0.1:8501",
) -> None:
    """打开网页服务，直到按 Ctrl+C。"""
    try:
        trusted = serving.proxies(behind_proxy)
    except ValueError as error:
        raise UserError(
            f"--behind-proxy 中的“{error}”不是反向代理的地址：请写 IP 地址或网段，如 10.0.0.5 或 10.0.0.0/29"
        ) from error
    if read_only:
        if snapshots:
            raise UserError("--read-only 与 --snapshots 不能同时使用：快照由主服务发布")
        settings = {serving.PROXY_VARIABLE: trusted} | _reader_settings(read_only, writer)
        raise typer.Exit(serve_app(ROOT, host=host, port=port, settings=settings))
    # a locked, unwritable or damaged folder is said here, not on the first visitor's screen
    with _usable("serve", host=host, port=port) as here:
        serving.check_may_listen(host, Accounts(here.whole))
    settings = {serving.PROXY_VARIABLE: trusted, serving.LINK_VARIABLE: "always" if link else ""}
    if snapshots:
        settings |= {
            serving.SNAPSHOTS_VARIABLE: str(snapshots.absolute()),
            serving.EVERY_VARIABLE: str(every),
        }
    raise typer.Exit(serve_app(ROOT, host=host, port=port, settings=settings))


def _reader_settings(folder: Path, writer: str) -> dict[str, str]:
    """What a read-only server is told. Raises UserError and StoreError where it could not work so."""
    if not is_local():
        raise UserError("--read-only 不打开运行目录，不能与 --as 同时使用")
    try:
        address = writers_address(writer)
    except ValueError as error:
        raise UserError(
            f"--writer 写成了“{error}”：请写主服务的网址，不带路径，如 http://10.0.0.5:8501"
        ) from error
    ReadOnlyStore(folder.absolute()).close()  # what is wrong with it is said here
    return {READS_VARIABLE: str(folder.absolute()), WRITER_VARIABLE: address}


@app.command(cls=Command)
def snapshot(
    out: Annotated[Path, typer.Option(help="发布到哪个目录", metavar="目录")],
) -> None:
    """发布一次数据快照，供只读副本使用；服务运行时由 serve --snapshots 发布。"""
    with opened_unless_serving("snapshot", instead="由 serve --snapshots 发布，不能在这里") as here:
        made = make_snapshot(here.whole, out)
    typer.echo(f"已发布快照 {out / made.name}，数据截至 {made.at:%Y-%m-%d %H:%M:%S}")


@app.command(cls=Command)
def link(
    host: Annotated[str, typer.Option(help="服务的监听地址")] = "127.0.0.1",
    port: PortOption = 8501,
    url: Annotated[
        str | None, typer.Option(help="服务的网址，代替 --host 和 --port，如 https://kaohe.example")
    ] = None,
) -> None:
    """为运行中的网页服务取得一次性登录链接；无需停止服务。"""
    if not is_local():
        with opened("link"):
            pass
    typer.echo(serving.link_of(read_key(default_home()), (url or serving.url_of(host, port)).rstrip("/")))


@contextmanager
def _usable(command: str, *, host: str, port: int) -> Iterator[Here]:
    """The store for a server's start. Where the database does not open, a person at a terminal is offered the rebuild;
    without one a page at the server's address offers it, until the folder is whole again."""
    with ExitStack() as stack:
        try:
            here = stack.enter_context(opened(command))
        except DamagedDatabaseError as error:
            from manage_mend import mend  # brings what rebuilds and a server of its own: rarely wanted

            mend(error, host=host, port=port)
            here = stack.enter_context(opened(command))
        yield here
