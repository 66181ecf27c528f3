"""What the commands of manage.py share: Chinese usage texts, one-line errors, progress on stderr, JSON on stdout."""

from __future__ import annotations

import json
import os
import runpy
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

USER_ERROR = 2

_HELP_WORDS = {
    "Usage: ": "用法：",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 …",
    "Options:": "选项：",
    "Arguments:": "参数：",
    "Commands:": "命令：",
    "Show this message and exit.": "显示本说明。",
    "[required]": "[必填]",
    "[default: ": "[默认 ",
}


class UserError(Exception):
    """Something the person at the keyboard can mend; its text says in Chinese what, where and how."""


class _InChinese:
    def get_help(self, ctx: Any) -> str:
        text = super().get_help(ctx)
        for english, chinese in _HELP_WORDS.items():
            text = text.replace(english, chinese)
        return text


class Command(_InChinese, TyperCommand):
    """A command whose help is in Chinese."""


class Group(_InChinese, TyperGroup):
    """A group of commands whose help is in Chinese."""


def commands(*, name: str | None = None, title: str | None = None) -> typer.Typer:
    """An empty group for the commands of a module: a verb with a name and a title, or without them a part of the first."""
    return typer.Typer(name=name, cls=Group, help=title, rich_markup_mode=None, no_args_is_help=True)


class ImportedGroup(Group):
    """Commands by name of the module whose `app` they are in, which is imported only for the command that is called: what
    one command needs (pandas, documents, a web server) takes longer to load than most commands to run."""

    modules: ClassVar[Mapping[str, str]]

    def __init__(self, **attributes: Any):
        super().__init__(**attributes)
        self.commands = _Imported(self.modules)


class _Imported(Mapping):
    """The commands by name, imported when they are asked for."""

    def __init__(self, modules: Mapping[str, str]):
        self._modules = modules

    def __getitem__(self, name: str) -> Any:
        group = typer.main.get_group(import_module(self._modules[name]).app)
        return group if group.name == name else group.commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


def run(app: typer.Typer, *, user_errors: tuple[type[Exception], ...]) -> NoReturn:
    """Run the commands; an error the user can mend becomes one Chinese line on stderr and exit code 2."""
    try:
        code = app(standalone_mode=False)
    except (typer.Abort, KeyboardInterrupt):
        _fail("已取消")
    except typer.TyperException as error:
        _fail(_usage_error(error))
    except (UserError, *user_errors) as error:
        _fail(str(error))
    except BrokenPipeError:  # the reader of a pipe, such as head, had enough
        sys.stderr.close()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def print_json(document: Any) -> None:
    """Print one JSON document, the only thing a command with --json writes to stdout."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))


def print_table(columns: dict[str, str], rows: list[dict[str, Any]]) -> None:
    """Print rows as a table; `columns` maps keys to headings. Numbers are right-aligned, None is shown as —."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for key, heading in columns.items():
        numeric = any(isinstance(row[key], int | float) for row in rows)
        table.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*("—" if row[key] is None else str(row[key]) for key in columns))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on stderr, only to a person at a terminal; yields `advance(done, total)`."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def write_file(path: Path, content: bytes) -> None:
    """Write a file, making its folder. Raises UserError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise UserError(f"写不了 {path}（{error.strerror}）：请核对路径和权限") from error


def say(text: str) -> None:
    """Tell the person at the keyboard something, on stderr, so that stdout stays for results."""
    typer.echo(text, err=True)


def serve_app(root: Path, *, host: str, port: int, settings: Mapping[str, str]) -> int:
    """Run the web server on asgi.py until it is stopped; returns its exit code. Raises UserError for a used port.

    `settings` are environment variables for it.
    """
    check_free(host, port)
    command = ["streamlit", "run", "asgi.py"]
    command += ["--server.address", host, "--server.port", str(port), "--server.showEmailPrompt", "false"]
    # at a desk the browser opens by itself
    command += ["--server.headless", "false" if _is_at_a_desk() else "true"]
    os.environ.update(settings)
    os.chdir(root)
    # the server says in Chinese, on stderr, where it stands; on stdout Streamlit says it in English
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    # as `python -m streamlit` would, but in this very process: whoever stops the command (systemd, kill) stops the server,
    # and what the command has loaded need not be loaded again
    sys.argv = command
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
    return 0


def _is_at_a_desk() -> bool:
    """Whether a person at a terminal with a screen started the command; a service or a remote shell has neither."""
    has_screen = os.name == "nt" or sys.platform == "darwin"
    has_screen = has_screen or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return has_screen and sys.stderr.isatty()


def check_free(host: str, port: int) -> None:
    """Raises UserError where no server can listen on the address."""
    if not _is_free(host, port):
        raise UserError(
            f"地址 {host}:{port} 用不了（多半已被占用）：请用 --port 另选端口，或用 --host 另选地址"
        )


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _fail(text: str) -> NoReturn:
    """With --json the document on stdout is the error, so that a caller always gets one."""
    if "--json" in sys.argv:
        print_json({"error": text})
    say(f"错误：{text}")
    sys.exit(USER_ERROR)


def _usage_error(error: typer.TyperException) -> str:
    hint = "用 --help 查看用法"
    match type(error).__name__:
        case "MissingParameter":
            return f"缺少 {_parameter(error)}；{hint}"
        case "BadParameter":
            return f"{_parameter(error)} 写成了“{_typed(error)}”，应为：{getattr(error.param, 'help', '') or hint}"
        case "NoSuchOption":
            return f"没有选项 {error.option_name}；{hint}"
        case _:
            return f"{error.format_message()}；{hint}"


def _parameter(error: Any) -> str:
    if error.param is None:
        return "参数"
    return (
        "、".join(error.param.opts)
        if error.param.param_type_name == "option"
        else error.param.human_readable_name
    )


def _typed(error: Any) -> str:
    """What the person typed for an option, taken from the command line itself."""
    for option in error.param.opts if error.param else ():
        for argument, following in zip(sys.argv, [*sys.argv[1:], ""], strict=True):
            if argument == option:
                return following
            if argument.startswith(f"{option}="):
                return argument.removeprefix(f"{option}=")
    return "？"
