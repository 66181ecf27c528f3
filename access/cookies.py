"""Our two cookies: the session's and, before there is one, the form's. HttpOnly, SameSite=Lax, Secure behind TLS.

Their names carry a mark of the folder's key: browsers keep cookies by host, whatever the port, and two services on one
machine must not sign each other's people out.
"""

from __future__ import annotations

import secrets

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Scope

from access.secret import Key

SESSION, FORM = "session", "form"


def cookie_prefix(kind: str) -> str:
    """What the name of such a cookie begins with, whatever the key."""
    return f"aq_{kind}_"


def cookie_name(kind: str, key: Key) -> str:
    """The name of a cookie of ours."""
    return cookie_prefix(kind) + key.digest("cookie", kind)[:8]


def read_cookie(scope: Scope, kind: str, key: Key) -> str | None:
    """What we put into the cookie; None where it is not there or not from us."""
    value = key.unseal(kind, HTTPConnection(scope).cookies.get(cookie_name(kind, key)))
    return value if isinstance(value, str) else None


def set_cookie(response: Response, scope: Scope, kind: str, value: str, key: Key) -> None:
    """Give the browser a value to keep until it is closed."""
    response.set_cookie(
        cookie_name(kind, key),
        key.seal(kind, value),
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_secure(scope),
    )


def drop_cookie(response: Response, scope: Scope, kind: str, key: Key) -> None:
    """Let the browser forget a cookie."""
    response.delete_cookie(
        cookie_name(kind, key), path="/", httponly=True, samesite="lax", secure=is_secure(scope)
    )


def is_secure(scope: Scope) -> bool:
    """Whether the request came over TLS, to us or to a proxy that we trust (uvicorn decides that)."""
    return scope.get("scheme") in ("https", "wss")


def new_form_value() -> str:
    """What a form token is bound to before somebody has signed in."""
    return secrets.token_urlsafe(24)
