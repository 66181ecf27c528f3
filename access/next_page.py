"""Where to go after signing in: a page of our own, never another site."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit

LOGIN, LINK, LOGOUT, PASSWORD = "/login", "/link", "/logout", "/password"
# asked by read-only servers in a visitor's name (access/for_readers.py)
SESSION, SESSION_QUIET, SESSION_ACT = "/session", "/session/quiet", "/session/act"
NO_PAGES = (
    "/_stcore",
    "/media",
    "/component",
    "/static",
    "/auth",
    "/oauth2callback",
    LOGIN,
    LINK,
    LOGOUT,
    PASSWORD,
    SESSION,
)
LONGEST = 2000
# Browsers drop tabs and line ends inside an address and take a backslash for a slash.
_DANGEROUS = re.compile(r"[\x00-\x20\x7f\\]")


def safe_next(path: str | None) -> str:
    """The path and query when they lead to a page of ours other than the first, else an empty text."""
    if not path or len(path) > LONGEST or not path.startswith("/") or path.startswith("//"):
        return ""
    if _DANGEROUS.search(path):
        return ""
    parts = urlsplit(path)
    is_of_another_site = bool(parts.scheme or parts.netloc)
    is_no_page = f"{parts.path}/".startswith(tuple(f"{each}/" for each in NO_PAGES))
    return "" if path == "/" or is_of_another_site or is_no_page else path


def with_next(page: str, path: str, **query: str) -> str:
    """One of our addresses that remembers where its visitor wanted to go."""
    kept = {name: value for name, value in (query | {"next": safe_next(path)}).items() if value}
    return f"{page}?{urlencode(kept)}" if kept else page
