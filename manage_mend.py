"""What `manage.py serve` offers where the database does not open: the rebuild, at the terminal or on a page."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from access import serving
from asgi_recovery import Recovery, serve_recovery
from command_line import check_free, progress_bar, say
from data.rebuild import rebuild
from data.store import DamagedDatabaseError, default_home
from manage_keep import rebuilt_lines


def mend(error: DamagedDatabaseError, *, host: str, port: int) -> None:
    """Rebuild now, by hand or from the page. Raises the error where nobody does."""
    home = default_home()
    if sys.stdin.isatty() and sys.stderr.isatty():
        say(f"{error}")
        if not typer.confirm("现在重建吗？", default=False, err=True):
            raise error
        with progress_bar("重建数据库") as advance:
            done = rebuild(home, progress=advance)
        for line in rebuilt_lines(done):
            say(line)
        return
    check_free(host, port)
    recovery = Recovery(
        reason=str(error),
        command=f"{sys.executable} {Path(sys.argv[0]).absolute()} --home {home} rebuild",
        rebuild=lambda advance: rebuilt_lines(rebuild(home, progress=advance)),
    )
    url = serving.url_of(host, port)
    say(f"{error}\n网页 {url} 正显示说明；用此链接可在网页上重建：{url}/?t={recovery.token}")
    if not serve_recovery(recovery, host=host, port=port):
        raise error
    for line in recovery.lines:
        say(line)
