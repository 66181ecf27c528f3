"""The server: Streamlit's application with Chinese throughout, a health route and a start-up that keeps it quick.

Started as `streamlit run asgi.py --server.address HOST --server.port PORT --server.headless true` with the runtime
folder in $ASSESSMENT_HOME (that is what `manage.py serve` does). It needs no network and prints one line with its
address when it is ready. `GET /health` answers {"status": "ok", "version": …}.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import re
import shutil
import subprocess
import sys
import tomllib
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from data.store import StoreError

ROOT = Path(__file__).resolve().parent
TITLE = "反间谍安全防范责任落实考核"
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
SCRIPT = (ROOT / "pages" / "components" / "chinese.js").read_text("utf-8")
NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
LOG = logging.getLogger("assessment")

# Asked for a page, the server must answer with the page itself: neither compressed (it is changed on the way) nor
# "not modified" (the unchanged file has the old words).
PAGE_REQUEST_DROPS = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")


class ChinesePage:
    """Middleware: puts `lang="zh-CN"`, the title and the translating script into the one HTML page."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers", []))
        if scope["type"] != "http" or b"text/html" not in headers.get(b"accept", b""):
            await self.app(scope, receive, send)
            return
        kept = [(name, value) for name, value in scope["headers"] if name not in PAGE_REQUEST_DROPS]
        await self.app({**scope, "headers": kept}, receive, _PageSender(send))


class _PageSender:
    """Holds an HTML answer back until it is whole, then sends it in Chinese; passes anything else on."""

    def __init__(self, send: Send):
        self.send = send
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self.start = message
            return
        if self.start is None or message["type"] != "http.response.body":
            await self.send(message)
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        page = to_chinese(self.body.decode("utf-8")).encode("utf-8")
        drop = (b"content-length", b"etag", b"last-modified", b"cache-control", b"accept-ranges")
        headers = [(name, value) for name, value in self.start["headers"] if name.lower() not in drop]
        headers += [(b"content-length", str(len(page)).encode()), (b"cache-control", b"no-store")]
        await self.send({**self.start, "headers": headers})
        await self.send({"type": "http.response.body", "body": page})


def _is_html(message: Message) -> bool:
    return any(
        name.lower() == b"content-type" and b"text/html" in value for name, value in message["headers"]
    )


def to_chinese(page: str) -> str:
    """Streamlit's index.html with the language, the title and the translating script in place."""
    page = page.replace('<html lang="en">', '<html lang="zh-CN">', 1)
    page = page.replace("<title>Streamlit</title>", f"<title>{TITLE}</title>", 1)
    page = NOSCRIPT.sub("<noscript>请在浏览器中启用脚本后使用。</noscript>", page, count=1)
    return page.replace("<head>", f"<head>\n<script>{SCRIPT}</script>", 1)


async def health(_request: Request) -> JSONResponse:
    """Whether the server answers, and its version."""
    return JSONResponse({"status": "ok", "version": VERSION})


async def to_first_page(request: Request) -> RedirectResponse:
    """总览 is the first page and stands at /; its own name leads there, filters included."""
    return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/")


def show_error(error: Exception) -> bool:
    """What a visitor sees of a program's fault: that it is logged and what to do, never a traceback."""
    if isinstance(error, StoreError):  # something a person can mend; its text says what and how
        LOG.error("%s", error)
        st.error(str(error), icon="⚠️")
        return True
    LOG.error("页面出错", exc_info=error)
    st.error(
        "程序出错，详情已写入日志。请刷新页面重试；如仍出错，请将出错的页面和时间告知管理人员。", icon="⚠️"
    )
    return True


def show_in_browser(url: str) -> None:
    """Open the visitor's own browser; where the desktop has no opener, the printed address has to do."""
    if os.name == "nt":
        webbrowser.open(url)
    elif opener := shutil.which("open" if sys.platform == "darwin" else "xdg-open"):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        Thread(target=subprocess.run, args=([opener, url],), kwargs=quiet, daemon=True).start()


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Import what every page needs, then freeze it: the collection after each run need not look at it again."""
    import reporting.charts  # noqa: F401  brings plotly
    from data.inbox import start_inbox
    from pages.components.access import get_store, list_cycles  # brings pandas, pyarrow, duckdb

    store = get_store()
    if not store.is_empty():
        store.refresh(int(list_cycles()["cycle"].iloc[0]))  # so that the first visitor need not wait for it
    gc.collect()
    gc.freeze()
    address, port = st.get_option("server.address") or "127.0.0.1", st.get_option("server.port")
    # on stderr, so that whoever starts the server can send Streamlit's own English lines on stdout away
    print(f"看板已就绪：http://{address}:{port} （按 Ctrl+C 停止）", file=sys.stderr, flush=True)
    if not st.get_option("server.headless"):
        # the socket opens right after this start-up is done
        asyncio.get_running_loop().call_later(1, show_in_browser, f"http://{address}:{port}")
    stop_inbox = start_inbox(store)
    yield
    stop_inbox()
    store.close()


# The first visit must not find Streamlit's own discovery of pages/, which st.navigation switches off only afterwards.
PagesManager.uses_pages_directory = False

app = st.App(
    ROOT / "app.py",
    lifespan=lifespan,
    routes=[Route("/health", health), Route("/overview", to_first_page)],
    middleware=[Middleware(ChinesePage)],
    on_script_error=show_error,
)
