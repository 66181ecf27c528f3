"""One-time links that sign the administrator in: made by whoever holds the folder's key, taken once by the server.

The server keeps the nonces it has seen. Links from before its start are refused, so that a restart revives none.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable

from access.secret import Key

VALID_S = 10 * 60
PURPOSE = "link"


def make_link_token(key: Key, *, clock: Callable[[], float] = time.time) -> str:
    """A new token for `/link?t=…`."""
    return key.seal(PURPOSE, [secrets.token_urlsafe(12), clock()])


class Links:
    """The server's side: which tokens may still be taken."""

    def __init__(self, key: Key, *, clock: Callable[[], float] = time.time):
        self._key = key
        self._clock = clock
        self._started = clock()
        self._lock = threading.Lock()
        self._taken: dict[str, float] = {}

    def fault(self, token: str | None) -> str:
        """Why a token cannot be taken, in Chinese; empty where it can. Takes nothing."""
        with self._lock:
            return self._fault(self._key.unseal(PURPOSE, token))

    def take(self, token: str | None) -> str:
        """Take a token: empty for the first that brings it in time, else why not, in Chinese."""
        content = self._key.unseal(PURPOSE, token)
        with self._lock:
            fault = self._fault(content)
            if not fault:
                nonce, made = content
                self._taken = {each: at for each, at in self._taken.items() if self._clock() - at < VALID_S}
                self._taken[nonce] = made
            return fault

    def _fault(self, content: list | None) -> str:
        if content is None:
            return "链接不完整，或不是本机当前运行目录的链接"
        nonce, made = content
        now = self._clock()
        if nonce in self._taken:
            return "链接已经用过，每个链接只能用一次"
        # with a clock that was set back meanwhile, the start says nothing
        if now - made >= VALID_S or made < self._started <= now:
            return "链接已过期"
        return ""
