"""The product's work without a browser: `python manage.py --help`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from command_line import ImportedGroup, run
from data.failures import StoreError
from data.places import HOME_VARIABLE
from manage_as import run_as
from scoring.scheme import SchemeError

USER_ERRORS = (StoreError, SchemeError)


class Commands(ImportedGroup):
    """The commands in the order of the help, and the module that each one is defined in."""

    modules: ClassVar = {
        "demo": "manage_demo",
        "templates": "manage_templates",
        "import": "manage_import",
        "register": "manage_register",
        "register-template": "manage_register",
        "scores": "manage_scores",
        "explain": "manage_scores",
        "serve": "manage_serve",
        "snapshot": "manage_serve",
        "link": "manage_serve",
        "docs": "manage_docs",
        "backup": "manage_keep",
        "restore": "manage_keep",
        "rebuild": "manage_keep",
        "verify": "manage_keep",
        "clock": "manage_keep",
        "publish": "manage_publish",
        "publications": "manage_publish",
        "export-results": "manage_publish",
        "export": "manage_export",
        "cycle": "manage_cycle",
        "user": "manage_user",
        "stage": "manage_course",
        "finding": "manage_finding",
        "task": "manage_task",
        "sample": "manage_sample",
        "scheme": "manage_scheme",
    }


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)


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


if __name__ == "__main__":
    run(app, user_errors=USER_ERRORS)
