"""Middleware that puts Chinese into Streamlit's one HTML page on its way out, and says what that page may load."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import streamlit
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from access.drawing import TITLE

ROOT = Path(__file__).resolve().parent
SCRIPTS = (
    ROOT / "pages" / "components" / "chinese.js",
    ROOT / "pages" / "components" / "chart_menu.js",
    ROOT / "pages" / "components" / "figures_ahead.js",
    ROOT / "pages" / "components" / "one_step_back.js",
    ROOT / "pages" / "components" / "true_minus.js",
    ROOT / "access" / "signed_out.js",
)
SCRIPT = "".join(f"\n<script>{path.read_text('utf-8')}</script>" for path in SCRIPTS)
# What draws figures, 5 MB, which Streamlit's page asks for only once the first of them has arrived: here while it waits.
DRAWS_FIGURES = "static/js/PlotlyChart.*.js"
STATIC = Path(streamlit.__file__).parent / "static"
NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)

# Asked for a page, the server must answer with the page itself: neither compressed (it is changed on the way) nor
# "not modified" (the unchanged file has the old words).
PAGE_REQUEST_DROPS = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
ANSWER_DROPS = (b"content-length", b"etag", b"last-modified", b"cache-control", b"accept-ranges")

# Only what comes from here, no other machine; of scripts in the page only those that stand in it now. Styles are set
# by Streamlit and Plotly as they draw.
POLICY = (
    "default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


class ChinesePage:
    """The middleware; the page gets `lang="zh-CN"`, the title and the scripts."""

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
    """Holds Streamlit's page back until it is whole, then sends it in Chinese; passes anything else on."""

    def __init__(self, send: Send):
        self.send = send
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_streamlits_page(message):
            self.start = message
            return
        if self.start is None or message["type"] != "http.response.body":
            await self.send(message)
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        text = to_chinese(self.body.decode("utf-8"))
        page = text.encode("utf-8")
        headers = [(name, value) for name, value in self.start["headers"] if name.lower() not in ANSWER_DROPS]
        headers += [
            (b"content-length", str(len(page)).encode()),
            (b"cache-control", b"no-store"),
            (b"content-security-policy", page_policy(text).encode()),
        ]
        await self.send({**self.start, "headers": headers})
        await self.send({"type": "http.response.body", "body": page})


def _is_streamlits_page(message: Message) -> bool:
    """HTML without a policy of its own; the sign-in screens have one and are Chinese already."""
    headers = {name.lower(): value for name, value in message["headers"]}
    return b"text/html" in headers.get(b"content-type", b"") and b"content-security-policy" not in headers


def to_chinese(page: str) -> str:
    """Streamlit's index.html with the language, the title, the scripts, and what figures need asked for."""
    page = page.replace('<html lang="en">', '<html lang="zh-CN">', 1)
    page = page.replace("<title>Streamlit</title>", f"<title>{TITLE}</title>", 1)
    page = NOSCRIPT.sub("<noscript>请在浏览器中启用脚本后使用。</noscript>", page, count=1)
    page = page.replace("<head>", f"<head>{SCRIPT}", 1)
    return page.replace("</head>", f"{_preloads()}</head>", 1)


@cache
def _preloads() -> str:
    paths = [path.relative_to(STATIC).as_posix() for path in STATIC.glob(DRAWS_FIGURES)]
    return "".join(f'<link rel="modulepreload" crossorigin href="./{path}">' for path in paths)


def page_policy(page: str) -> str:
    """The Content-Security-Policy of a page: its inline scripts by their hashes."""
    hashes = [
        base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode()
        for script in INLINE_SCRIPT.findall(page)
    ]
    return POLICY.format(scripts=" ".join(f"'sha256-{each}'" for each in hashes))
