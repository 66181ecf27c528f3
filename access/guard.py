"""ASGI middleware in front of everything: without a session nothing but the way in is answered.

It stands outside Streamlit, so that pages, /media, uploads, the WebSocket, metrics and what a later version adds are
behind it alike. The identity it hands on is the session's id in a header that nobody else can set.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from access import cookies
from access.gate import Gate
from access.next_page import (
    LINK,
    LOGIN,
    LOGOUT,
    PASSWORD,
    SESSION,
    SESSION_ACT,
    SESSION_QUIET,
    with_next,
)
from access.reader import ReaderGate
from access.routes import SIGNED_IN
from access.sessions import Session

LOG = logging.getLogger("assessment")

IDENTITY = b"x-auth-session"  # .streamlit/config.toml maps it to st.user["session"]
IDENTITY_PREFIX = b"x-auth-"  # no header of this family comes in from outside
HEALTH = "/health"
WITHOUT_SESSION = {
    ("GET", HEALTH),
    ("HEAD", HEALTH),
    ("GET", LOGIN),
    ("POST", LOGIN),
    ("GET", LINK),
    ("POST", LINK),
}
MUST_CHANGE_MAY = (HEALTH, LOGIN, LINK, LOGOUT, PASSWORD, SESSION, SESSION_QUIET)
FOR_ADMINISTRATORS = ("/_stcore/metrics",)
# by open pages themselves, or by read-only servers on their behalf
ASKED_BY_NOBODY = (
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/stream",
    SESSION_QUIET,
    SESSION_ACT,
)
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

POLICY_VIOLATION = 1008
SIGNED_OUT = 4401  # our own close code: signed_out.js then leads to the sign-in page

SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
}
FRAMES = "frame-ancestors 'self'"

# A look into the store is a millisecond; in threads of their own, so that none waits behind a file being sent.
_looking = CapacityLimiter(8)


class Guard:
    """The middleware. `gate` gives the gate of the open store; `also_open` what an identity provider needs besides;
    `is_automatic` tells a WebSocket message that the page sent by itself from one that a person caused."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        gate: Callable[[], Gate | ReaderGate],
        also_open: Iterable[tuple[str, str]] = (),
        is_automatic: Callable[[bytes], bool] = lambda _message: False,
    ):
        self._app = app
        self._gate = gate
        self._open = WITHOUT_SESSION | set(also_open)
        self._is_automatic = is_automatic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on with the identity set."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        try:
            session = await self._session(scope)
        except Exception:  # whatever is wrong with the store, nobody comes in by it
            LOG.exception("无法核对登录状态")
            await _refuse(
                scope,
                receive,
                _with_headers(send, scope),
                status=503,
                text="暂时无法核对登录状态，请稍后重试",
            )
            return
        scope = _with_identity(scope, session)
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send, session)
        else:
            await self._http(scope, receive, _with_headers(send, scope), session)

    async def _session(self, scope: Scope) -> Session | None:
        gate = self._gate()
        token = gate.cookie(scope)
        if token is None:
            return None
        touch = scope["path"] not in ASKED_BY_NOBODY
        return await _look(lambda: gate.sessions.by_cookie(token, touch=touch))

    # ---- http

    async def _http(self, scope: Scope, receive: Receive, send: Send, session: Session | None) -> None:
        path, method = scope["path"], scope["method"]
        if method not in SAFE_METHODS and not _is_same_origin(scope, may_be_missing=True):
            await _refuse(scope, receive, send, status=403, text="请求来自其他网站，已拒绝")
        elif session is None and (method, path) not in self._open:
            await self._to_sign_in(scope, receive, send)
        elif session and session.must_change and path not in MUST_CHANGE_MAY:
            await _lead(scope, receive, send, to=with_next(PASSWORD, _address(scope)), text="请先修改密码")
        elif session and _is_for_administrators(path) and session.person.role != "administrator":
            await _look(lambda: self._gate().deny(session.person, path))
            await _refuse(scope, receive, send, status=403, text="只有系统管理员可以查看")
        else:
            await self._app(scope, receive, send)

    async def _to_sign_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        # a cookie of ours whose session is gone: say so, instead of an unexplained form
        why = "over" if self._gate().cookie(scope) else ""
        to = with_next(LOGIN, _address(scope), why=why)
        await _lead(scope, receive, send, to=to, text="未登录或登录已失效，请重新登录", status=401)

    # ---- websocket

    async def _websocket(self, scope: Scope, receive: Receive, send: Send, session: Session | None) -> None:
        if session is None or session.must_change or not _is_same_origin(scope, may_be_missing=False):
            await _refuse(scope, receive, send)
            return
        is_closed = False

        async def receive_while_signed_in() -> Message:
            nonlocal is_closed
            message = await receive()
            if message["type"] == "websocket.receive" and not await self._may_go_on(session, message):
                is_closed = True
                await send({"type": "websocket.close", "code": SIGNED_OUT})
                return {"type": "websocket.disconnect", "code": SIGNED_OUT}
            return message

        async def send_until_closed(message: Message) -> None:
            if not is_closed:
                await send(message)

        await self._app(scope, receive_while_signed_in, send_until_closed)

    async def _may_go_on(self, session: Session, message: Message) -> bool:
        """Asked at every message, since an open connection outlives the session it began with."""
        touch = not self._is_automatic(message.get("bytes") or b"")
        try:
            found = await _look(lambda: self._gate().sessions.find(session.id, touch=touch))
        except Exception:
            LOG.exception("无法核对登录状态")
            return False
        return found is not None and not found.must_change


def _with_identity(scope: Scope, session: Session | None) -> Scope:
    """The request without any header of the identity's family but ours; underscores pass for hyphens with some servers."""
    headers = [
        (name, value)
        for name, value in scope["headers"]
        if not name.lower().replace(b"_", b"-").startswith(IDENTITY_PREFIX)
    ]
    if session:
        headers.append((IDENTITY, session.id.encode("latin-1")))
    return {**scope, "headers": headers, SIGNED_IN: session}


def _is_same_origin(scope: Scope, *, may_be_missing: bool) -> bool:
    """Whether the page that asks is one of ours: browsers name it with every WebSocket and every form."""
    headers = Headers(scope=scope)
    origin, host = headers.get("origin"), headers.get("host")
    if origin is None:
        return may_be_missing
    try:
        parts = urlsplit(origin)
        default = {"http": 80, "https": 443}.get(parts.scheme)
        ours = urlsplit(f"//{host}")
        return bool(host and default) and (parts.hostname, parts.port or default) == (
            ours.hostname,
            ours.port or default,
        )
    except ValueError:
        return False


def _is_for_administrators(path: str) -> bool:
    return path.rstrip("/").lower().startswith(FOR_ADMINISTRATORS)


def _address(scope: Scope) -> str:
    """The path and query that a visitor asked for by a link, as the browser wrote it."""
    if scope["method"] != "GET":
        return ""
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{path}?{query}" if query else path


async def _lead(scope: Scope, receive: Receive, send: Send, *, to: str, text: str, status: int = 403) -> None:
    """Lead a person to another page; tell a program the status."""
    if "text/html" in Headers(scope=scope).get("accept", ""):
        answer: Response = RedirectResponse(to, 303, headers={"cache-control": "no-store"})
        await answer(scope, receive, send)
    else:
        await _refuse(scope, receive, send, status=status, text=text)


async def _refuse(scope: Scope, receive: Receive, send: Send, *, status: int = 403, text: str = "") -> None:
    """A short answer, or a WebSocket that never opens."""
    if scope["type"] == "websocket":
        await receive()  # websocket.connect
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        return
    answer = PlainTextResponse(text, status, headers={"cache-control": "no-store"})
    await answer(scope, receive, send)


def _with_headers(send: Send, scope: Scope) -> Send:
    """Adds what tells a browser to be careful: files of a signed-in person stay in no cache, and behind TLS every cookie
    is for TLS, Streamlit's own too, which looks only at its own certificate."""
    is_file, is_tls = scope["path"].startswith("/media"), cookies.is_secure(scope)

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message.setdefault("headers", [])
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers[name] = value
            headers.setdefault("content-security-policy", FRAMES)
            if is_file:
                headers["cache-control"] = "private, no-store"
            if is_tls:
                message["headers"] = [_for_tls(name, value) for name, value in message["headers"]]
        await send(message)

    return send_with_headers


def _for_tls(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    is_open = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
    return name, value + b"; Secure" if is_open else value


async def _look(function: Callable[[], Any]) -> Any:
    return await to_thread.run_sync(function, limiter=_looking)
