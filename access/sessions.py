"""Who is signed in: sessions in the server's memory, so that one can be ended at once; a restart signs everybody out.

The browser holds a random token in a cookie, of which only a hash is kept here. The session's id is another random
text that proves nothing: it may pass through the program and into logs.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from access.accounts import Account, Accounts
from access.clock import seconds_running
from access.person import LOCAL_ADMINISTRATOR, Person

IDLE_S = 60 * 60  # a meeting's length: whoever is away longer signs in again
ABSOLUTE_S = 12 * 60 * 60  # a working day
MOST_PER_ACCOUNT = 20  # then the one that was idle longest ends


@dataclass(frozen=True)
class Session:
    """One signed-in browser. `token` is for its cookie and given only when the session begins.

    `must_change`: nothing but changing the password is open to it.
    """

    id: str
    person: Person
    must_change: bool
    token: str = ""


@dataclass
class _Entry:
    id: str
    token_hash: str
    account: Account | None
    version: int
    origin: str
    seen_s: float
    until_s: float
    with_password: bool


class Sessions:
    """The sessions of one store; every method may be called from any thread."""

    def __init__(self, accounts: Accounts, *, clock: Callable[[], float] = seconds_running):
        self.accounts = accounts
        self._clock = clock
        self._lock = threading.Lock()
        self._by_id: dict[str, _Entry] = {}
        self._by_hash: dict[str, _Entry] = {}

    def begin(
        self,
        account: Account | None,
        *,
        origin: str,
        lasts_s: float = ABSOLUTE_S,
        with_password: bool = True,
    ) -> Session:
        """Sign an account in from an address, or without one the local administrator; `lasts_s` at most.

        Who came without a password need not change one first.
        """
        token, now = secrets.token_urlsafe(32), self._clock()
        entry = _Entry(
            id=secrets.token_urlsafe(12),
            token_hash=_hash(token),
            account=account,
            version=-1,  # looked up at its first use
            origin=origin,
            seen_s=now,
            until_s=now + min(lasts_s, ABSOLUTE_S),
            with_password=with_password,
        )
        with self._lock:
            self._sweep(now)
            mine = sorted(self._of(_name(account)), key=lambda each: each.seen_s)
            for oldest in mine[: max(0, len(mine) + 1 - MOST_PER_ACCOUNT)]:
                self._drop(oldest)
            self._by_id[entry.id] = self._by_hash[entry.token_hash] = entry
        return replace(_session(entry), token=token)

    def by_cookie(self, token: str | None, *, touch: bool = True) -> Session | None:
        """The session that a cookie's token belongs to, if it stands."""
        with self._lock:
            entry = self._by_hash.get(_hash(token or ""))
        return self._standing(entry, touch=touch)

    def person(self, session_id: str | None, *, touch: bool = True) -> Person | None:
        """Who a session is, now. None when it is unknown, ended, idle too long or over, when its account was disabled or
        got another role, scope or password, and while the password must be changed first."""
        session = self.find(session_id, touch=touch)
        return session.person if session and not session.must_change else None

    def find(self, session_id: str | None, *, touch: bool = True) -> Session | None:
        """The session with this id, if it stands, whatever is open to it."""
        with self._lock:
            entry = self._by_id.get(session_id or "")
        return self._standing(entry, touch=touch)

    def touch(self, session_id: str) -> None:
        """Note that somebody is there, so that the idle time begins anew."""
        self.find(session_id, touch=True)

    def end(self, session_id: str) -> None:
        """Sign one browser out."""
        with self._lock:
            if entry := self._by_id.get(session_id):
                self._drop(entry)

    def end_all(self, account: Account | str, *, but: str | None = None) -> int:
        """Sign an account out everywhere, except from the session `but`; returns how many sessions ended."""
        name = account if isinstance(account, str) else account.account
        with self._lock:
            ended = [entry for entry in self._of(name) if entry.id != but]
            for entry in ended:
                self._drop(entry)
        return len(ended)

    def count(self) -> int:
        """How many sessions stand."""
        with self._lock:
            self._sweep(self._clock())
            return len(self._by_id)

    def _standing(self, entry: _Entry | None, *, touch: bool) -> Session | None:
        """The session, unless it is over or its account is no longer what signed in; asks the store every time."""
        if entry is None:
            return None
        now = self._clock()
        if self._is_over(entry, now) or not self._is_still_its_account(entry):
            self.end(entry.id)
            return None
        if touch:
            entry.seen_s = now
        return _session(entry)

    def _is_still_its_account(self, entry: _Entry) -> bool:
        if entry.account is None:
            return True
        version = self.accounts.version()  # before the look-up: what changes after it is looked up next time
        if version != entry.version:
            found = self.accounts.find(entry.account.account)
            if found is None or found.is_disabled or _proof(found) != _proof(entry.account):
                return False
            entry.account, entry.version = found, version
        return True

    def _is_over(self, entry: _Entry, now: float) -> bool:
        return now - entry.seen_s >= IDLE_S or now >= entry.until_s

    def _of(self, name: str) -> list[_Entry]:
        return [entry for entry in self._by_id.values() if _name(entry.account) == name]

    def _sweep(self, now: float) -> None:
        for entry in [each for each in self._by_id.values() if self._is_over(each, now)]:
            self._drop(entry)

    def _drop(self, entry: _Entry) -> None:
        self._by_id.pop(entry.id, None)
        self._by_hash.pop(entry.token_hash, None)


def _session(entry: _Entry) -> Session:
    if entry.account is None:
        person = replace(LOCAL_ADMINISTRATOR, origin=entry.origin, session=entry.id)
        return Session(entry.id, person, must_change=False)
    person = entry.account.person(origin=entry.origin, session=entry.id)
    return Session(entry.id, person, must_change=entry.account.must_change and entry.with_password)


def _proof(account: Account) -> tuple:
    """What a sign-in rested on; a session ends when any of it is another."""
    return account.role, account.region, account.unit, account.password_hash, account.subject


def _name(account: Account | None) -> str:
    return account.account if account else LOCAL_ADMINISTRATOR.account


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
