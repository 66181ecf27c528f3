"""`manage.py serve` and `manage.py link`: the web service, and the administrator's way into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from access import serving
from access.accounts import Accounts
from access.secret import read_key
from command_line import Command, UserError, commands, serve_app
from data.store import DamagedDatabaseError, default_home
from manage_as import Here, is_local, opened

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
) -> None:
    """打开网页服务，直到按 Ctrl+C。"""
    try:
        trusted = serving.proxies(behind_proxy)
    except ValueError as error:
        raise UserError(
            f"--behind-proxy 中的“{error}”不是反向代理的地址：请写 IP 地址或网段，如 10.0.0.5 或 10.0.0.0/29"
        ) from error
    # a locked, unwritable or damaged folder is said here, not on the first visitor's screen
    with _usable("serve", host=host, port=port) as here:
        serving.check_may_listen(host, Accounts(here.whole))
    settings = {serving.PROXY_VARIABLE: trusted, serving.LINK_VARIABLE: "always" if link else ""}
    raise typer.Exit(serve_app(ROOT, host=host, port=port, settings=settings))


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
