"""Middleware in front of Streamlit's own scripts and styles, 10 MB of which a first visit loads: compressed for whoever comes from another
machine, a third of that, each once; and what draws figures without the errors that cost a browser half its time (figures_code.py).

Streamlit sends them as they are, since what would compress them would do so for every visitor. On this machine they are not compressed: the first page
after a start would wait for it.
"""

from __future__ import annotations

import gzip
import logging
import re
from functools import cache
from pathlib import Path
from threading import Lock

import streamlit
from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from access.serving import is_loopback
from figures_code import without_errors

LOG = logging.getLogger("assessment")
FOLDER = Path(streamlit.__file__).parent / "static" / "static"
NAMED = re.compile(r"/static/((?:js|css)/[\w.-]+\.(js|css))$")
FIGURES = "js/PlotlyChart."
KINDS = {"js": "text/javascript", "css": "text/css"}
HEADERS = {
    "cache-control": "public, immutable, max-age=31536000",  # as Streamlit says: names follow from what is in them
    "vary": "Accept-Encoding",
}
LEVEL = 6  # of compressing: a quarter of a second for the largest, once

_one_at_a_time = Lock()


class LibraryFiles:
    """The middleware."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = None
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            answer = await self._answer(scope)
        await (answer or self.app)(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response | None:
        named = NAMED.search(scope["path"])
        if not named or not (FOLDER / named[1]).is_file():
            return None
        name, kind = named[1], KINDS[named[2]]
        if _wants_it_compressed(scope):
            content = await to_thread.run_sync(_compressed, name)
            return Response(content, media_type=kind, headers={**HEADERS, "content-encoding": "gzip"})
        if name.startswith(FIGURES):
            return Response(_content(name), media_type=kind, headers=HEADERS)
        return None


def _wants_it_compressed(scope: Scope) -> bool:
    client = scope.get("client")
    is_near = client is None or is_loopback(client[0])
    return not is_near and "gzip" in Headers(scope=scope).get("accept-encoding", "")


def _compressed(name: str) -> bytes:
    with _one_at_a_time:  # whoever asks for the same one meanwhile finds it
        return _compressed_once(name)


@cache
def _compressed_once(name: str) -> bytes:
    content = _content(name) if name.startswith(FIGURES) else (FOLDER / name).read_bytes()
    return gzip.compress(content, LEVEL, mtime=0)


@cache
def _content(name: str) -> bytes:
    """What draws figures."""
    content = (FOLDER / name).read_bytes()
    changed = without_errors(content)
    if changed is None:
        LOG.warning("%s 不是已知的版本，按原样提供：图表仍可显示，只是首次出现稍慢", name)
    return changed or content
