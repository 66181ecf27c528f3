"""What the writing service answers its read-only servers: who a visitor is, and that an act of theirs is noted.

A reader asks with the visitor's own cookie, so that these addresses tell nobody more than about themselves: the guard
lets nobody without a session through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from access.forms import FormTooLarge, read_form
from access.gate import Gate
from access.next_page import SESSION, SESSION_ACT, SESSION_QUIET
from access.routes import SIGNED_IN

# The acts that may be done at a reader; each is noted in the visitor's own name.
ACTS = ("download", "denied")


class ForReaders:
    """The handlers; `gate` gives the gate of the store that is open."""

    def __init__(self, gate: Callable[[], Gate]):
        self._gate = gate

    def routes(self) -> list[Route]:
        """The three addresses. Asking at SESSION_QUIET is no sign that the visitor is there."""
        return [
            Route(SESSION, self.session),
            Route(SESSION_QUIET, self.session),
            Route(SESSION_ACT, self.act, methods=["POST"]),
        ]

    async def session(self, request: Request) -> Response:
        """The visitor's session: id, person, must_change."""
        session = request.scope[SIGNED_IN]
        told = {"id": session.id, "person": asdict(session.person), "must_change": session.must_change}
        return JSONResponse(told, headers={"cache-control": "no-store"})

    async def act(self, request: Request) -> Response:
        """Note in the audit log what the visitor did at a reader."""
        try:
            form = await read_form(request)
        except FormTooLarge:
            form = {}
        if form.get("act") not in ACTS:
            return PlainTextResponse("没有这种操作", 400)
        person = request.scope[SIGNED_IN].person
        await to_thread.run_sync(
            lambda: self._gate().note(person, form["act"], form.get("object", ""))  # a write, in a thread
        )
        return Response(status_code=204)
