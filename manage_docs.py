"""`manage.py docs`: the pages of docs/ that are made from the product itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from access.documentation import access_markdown
from command_line import Command, commands
from data import documents
from procedure.documentation import procedures_markdown

ROOT = Path(__file__).parent

app = commands()


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
