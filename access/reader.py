"""The gate of a read-only server: sessions are the writing service's, which is asked who a visitor is.

It has neither accounts nor key: the visitor's cookie is passed on as it came, and what the writer says of it holds for
a few seconds. Who is signed out, disabled or given another region at the writer is so here within that time.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import urllib.error
import urllib.request
from collections import OrderedDict
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from access.cookies import SESSION as SESSION_COOKIE
from access.cookies import cookie_prefix
from access.next_page import (
    LINK,
    LOGIN,
    LOGOUT,
    PASSWORD,
    SESSION,
    SESSION_ACT,
    SESSION_QUIET,
)
from access.person import Person
from access.sessions import Session

LOG = logging.getLogger("assessment")
WRITER_VARIABLE = "ASSESSMENT_WRITER"  # the writing service's address, for a server that only reads
HOLDS_S = 5.0  # how long an answer of the writer's is taken for good
TIMEOUT_S = 15.0  # a busy writer is no reason to turn anybody away
MOST_KEPT = 20_000  # sessions; the ones that were asked for longest ago are asked anew


class WriterUnreachable(Exception):
    """The writing service did not answer; nobody is let in meanwhile."""


@dataclass
class _Answer:
    session: Session | None
    at_s: float
    is_touched: bool  # whether the writer took the asking for a sign that somebody is there


class WritersSessions:
    """The sessions of the writing service, as `access.sessions.Sessions` answers for its own."""

    def __init__(self, writer: str, *, holds_s: float = HOLDS_S):
        self._writer, self._holds_s = writer.rstrip("/"), holds_s
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, _Answer] = OrderedDict()  # by the cookie as it came
        self._cookies: OrderedDict[str, str] = OrderedDict()  # the session's id → its cookie

    def by_cookie(self, cookie: str, *, touch: bool = True) -> Session | None:
        """The session that a visitor's cookie belongs to, if it stands. Raises WriterUnreachable."""
        now = time.monotonic()
        with self._lock:
            known = self._answers.get(cookie)
        if known and now - known.at_s < self._holds_s and (known.is_touched or not touch):
            return known.session
        session = self._ask(cookie, touch=touch)
        with self._lock:
            _keep(self._answers, cookie, _Answer(session, now, touch))
            if session:
                _keep(self._cookies, session.id, cookie)
        return session

    def find(self, session_id: str | None, *, touch: bool = True) -> Session | None:
        """The session with this id, if it came by here and stands. Raises WriterUnreachable."""
        cookie = self._cookies.get(session_id or "")
        return self.by_cookie(cookie, touch=touch) if cookie else None

    def person(self, session_id: str | None, *, touch: bool = True) -> Person | None:
        """Who a session is, now; None where it does not stand or its password must be changed first."""
        session = self.find(session_id, touch=touch)
        return session.person if session and not session.must_change else None

    def note(self, person: Person, act: str, object: str) -> None:
        """Let the writer note an act in a visitor's name. Raises WriterUnreachable."""
        body = urlencode({"act": act, "object": object}).encode()
        self._send(SESSION_ACT, self._cookies.get(person.session, ""), body)

    def _ask(self, cookie: str, *, touch: bool) -> Session | None:
        answer = self._send(SESSION if touch else SESSION_QUIET, cookie)
        if answer is None:
            return None
        told = json.loads(answer)
        person = replace(Person(**told["person"]), only_reads=True)
        return Session(told["id"], person, must_change=told["must_change"])

    def _send(self, path: str, cookie: str, body: bytes | None = None) -> bytes | None:
        """The writer's answer, or None where it knows no such session."""
        request = urllib.request.Request(self._writer + path, data=body, headers={"Cookie": cookie})
        try:
            with _opener.open(request, timeout=TIMEOUT_S) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            with error:
                if error.code in (401, 403):
                    return None
                raise WriterUnreachable(f"主服务 {self._writer} 答复 {error.code}") from error
        except (OSError, ValueError) as error:
            raise WriterUnreachable(f"连不上主服务 {self._writer}：{error}") from error


class ReaderGate:
    """What stands between the network and a folder of snapshots."""

    def __init__(self, writer: str):
        self.sessions = WritersSessions(writer)

    def cookie(self, scope: Scope) -> str | None:
        """What of the visitor's cookies the writer is asked with; None where there is no session's."""
        prefix = cookie_prefix(SESSION_COOKIE)
        found = HTTPConnection(scope).cookies.items()
        return "; ".join(f"{name}={value}" for name, value in found if name.startswith(prefix)) or None

    def note(self, person: Person, act: str, object: str) -> None:
        """Let the writer note an act; where it cannot be asked, this server's log does."""
        try:
            self.sessions.note(person, act, object)
        except WriterUnreachable as error:
            LOG.error("操作日志未能写入：%s %s %s（%s）", act, person.account, object, error)

    def deny(self, person: Person, what: str) -> None:
        """Note that somebody asked for what their role does not have."""
        self.note(person, "denied", what)


def writers_address(url: str) -> str:
    """The address of the writing service, checked. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(url)
    return f"{parts.scheme}://{parts.netloc}"


def elsewhere_routes() -> list[Route]:
    """What a reader answers at the sign-in screens' addresses, which a proxy has to send to the writing service."""

    async def elsewhere(_request: object) -> Response:
        return PlainTextResponse("这是只读副本，不能在此登录：请从统一的网址登录", 404)

    return [Route(path, elsewhere, methods=["GET", "POST"]) for path in (LOGIN, LINK, PASSWORD, LOGOUT)]


# The writer is one machine that the administrator named: no proxy of the environment stands between.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPHandler())


def _keep(kept: OrderedDict, key: str, value: object) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
