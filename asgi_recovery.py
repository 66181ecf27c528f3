"""A page in the place of the dashboard while the database does not open: what happened, and what mends it.

It needs nothing but the runtime folder's files. Anybody may read it; whoever has the link that was printed where the
server was started may also start the rebuild with a button.
"""

from __future__ import annotations

import hmac
import html
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

REFRESH_S = 2
# What a rebuild is to this page: it hears (done, in all) and returns what was found, a sentence a line.
Rebuild = Callable[[Callable[[int, int], None]], list[str]]

PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>数据库打不开</title>{refresh}
<style>
:root {{ color-scheme: light dark; font: 17px/1.65 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif; }}
body {{ margin: 0; background: light-dark(#f2f5f8, #111a23); color: light-dark(#1b2733, #e6edf3); }}
main {{ max-width: 46rem; margin: 8vh auto; padding: 2rem 2.4rem; background: light-dark(#fff, #1a2632);
  border: 1px solid light-dark(#d5dde5, #2d3d4c); border-top: 4px solid #b3261e; border-radius: 8px; }}
h1 {{ font-size: 1.7rem; margin: 0 0 .8rem; }}
code {{ display: block; padding: .6rem .9rem; overflow-wrap: anywhere; border: 1px solid light-dark(#d5dde5, #2d3d4c);
  background: light-dark(#f2f5f8, #111a23); border-radius: 6px; }}
button {{ font: inherit; font-weight: 600; padding: .6rem 1.4rem; color: #fff; background: #1f5f99; border: 0;
  border-radius: 6px; cursor: pointer; }}
progress {{ width: 100%; height: 1.2rem; }}
.bad {{ color: light-dark(#a9201a, #f08a82); font-weight: 600; }}
</style></head><body><main>{content}</main></body></html>"""


@dataclass
class Recovery:
    """How far mending has come; read by the page, written by the thread that rebuilds."""

    reason: str
    command: str
    rebuild: Rebuild
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    state: str = "waiting"  # then running, then done or failed
    done: int = 0
    total: int = 0
    lines: tuple[str, ...] = ()
    when_done: Callable[[], None] = lambda: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Rebuild in a thread of its own; nothing to do where one is running or has succeeded."""
        with self.lock:
            if self.state in ("waiting", "failed"):
                self.state, self.done, self.total = "running", 0, 0
                threading.Thread(target=self._run, name="rebuild", daemon=True).start()

    def _run(self) -> None:
        try:
            self.lines = tuple(self.rebuild(self._advance))
            self.state = "done"
            self.when_done()
        except Exception as error:  # whatever it was, the page says it, and it may be tried again
            self.lines, self.state = (str(error),), "failed"

    def _advance(self, done: int, total: int) -> None:
        self.done, self.total = done, total


def recovery_app(recovery: Recovery) -> Starlette:
    """The application: one page at every address, a button for whoever has the link, and an honest health route."""

    def is_trusted(token: str) -> bool:
        return hmac.compare_digest(token.encode(), recovery.token.encode())

    async def page(request: Request) -> Response:
        token = request.query_params.get("t", "")
        return _page(recovery, token if is_trusted(token) else None)

    async def begin(request: Request) -> Response:
        token = str((await request.form()).get("t", ""))
        if not is_trusted(token):
            return _page(recovery, None, status=403)
        recovery.start()
        return RedirectResponse(f"/?t={token}", status_code=303, headers=_HEADERS)

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "damaged"}, status_code=503)

    return Starlette(
        routes=[
            Route("/health", health),
            Route("/rebuild", begin, methods=["POST"]),
            Route("/{path:path}", page),
        ]
    )


def serve_recovery(recovery: Recovery, *, host: str, port: int, settle_s: float = REFRESH_S * 1.5) -> bool:
    """Serve the page until it is stopped or the rebuild has succeeded; says which: True where the folder is whole again.

    After the rebuild open pages have `settle_s` seconds to hear of it.
    """
    config = uvicorn.Config(
        recovery_app(recovery), host=host, port=port, log_level="critical", access_log=False, lifespan="off"
    )
    server = uvicorn.Server(config)

    def stop() -> None:
        server.should_exit = True

    recovery.when_done = lambda: threading.Timer(settle_s, stop).start()
    server.run()
    return recovery.state == "done"


_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
}


def _page(recovery: Recovery, token: str | None, *, status: int = 503) -> HTMLResponse:
    content, refresh = _content(recovery, token), ""
    if recovery.state == "running":
        refresh = f'<meta http-equiv="refresh" content="{REFRESH_S}">'
    elif recovery.state == "done":
        refresh = f'<meta http-equiv="refresh" content="{REFRESH_S * 4};url=/">'
    return HTMLResponse(PAGE.format(refresh=refresh, content=content), status_code=status, headers=_HEADERS)


def _content(recovery: Recovery, token: str | None) -> str:
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in recovery.lines) if token else ""
    if recovery.state == "done":
        return f"<h1>数据库已重建</h1>{lines}<p>服务正在启动，稍后自动打开；没有打开的请刷新本页。</p>"
    if recovery.state == "running":
        bar = f'<progress value="{recovery.done}" max="{max(recovery.total, 1)}"></progress>'
        return f"<h1>正在重建数据库</h1>{bar}<p>由台账和已接收的自评表重建，文件多时需要几分钟。请不要停止服务。</p>"
    parts = [
        "<h1>数据库打不开</h1>",
        "<p>已接收的自评表和台账没有丢失，另行保存在运行目录中；由它们可以重建数据库，得分不变。</p>",
        "<p>请管理人员停止服务（Ctrl+C），在服务所在的机器上执行下面的命令，然后重新启动：</p>",
        f"<code>{html.escape(recovery.command)}</code>",
    ]
    if token:
        parts.append(f"<p>原因：{html.escape(recovery.reason)}</p>")
        if recovery.state == "failed":
            parts.append('<p class="bad">重建没有成功：</p>' + lines)
        parts.append(
            '<p>也可以在这里重建（损坏的数据库改名保留）：</p><form method="post" action="/rebuild">'
            f'<input type="hidden" name="t" value="{html.escape(token)}"><button>重建数据库</button></form>'
        )
    else:
        parts.append("<p>用服务启动时显示的链接打开本页，可以直接在这里重建。</p>")
    return "".join(parts)
