"""One gate per runtime folder and process: its accounts, sessions, lock-outs and one-time links, and who passed it."""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

from starlette.types import Scope

from access import cookies
from access.accounts import Accounts
from access.attempts import Attempts
from access.links import Links
from access.person import Person
from access.reader import WRITER_VARIABLE, ReaderGate
from access.secret import open_key
from access.sessions import Sessions
from data.model import Actor
from data.store import Store, StoreError

LOG = logging.getLogger("assessment")

_gates: dict[Path, Gate | ReaderGate] = {}
_gates_lock = threading.Lock()


def gate_of(store: Store) -> Gate | ReaderGate:
    """The gate of a store's folder. A store that was opened anew takes the old one's place: nobody is signed out by it.
    Of a read-only server, the one that asks the writing service.

    Raises StoreError where the folder's key cannot be read or made.
    """
    home = store.resolved_home
    with _gates_lock:
        gate = _gates.get(home)
        if gate is None:
            gate = ReaderGate(os.environ[WRITER_VARIABLE]) if store.is_read_only else Gate(store)
            _gates[home] = gate
        elif isinstance(gate, Gate) and gate.store is not store:
            gate.use(store)
        return gate


class Gate:
    """What stands between the network and one store."""

    def __init__(self, store: Store):
        self.store = store
        self.key = open_key(store.home)
        self.accounts = Accounts(store)
        self.sessions = Sessions(self.accounts)
        self.attempts = Attempts()
        self.links = Links(self.key)

    def use(self, store: Store) -> None:
        """Go on with the same folder, opened anew."""
        self.store = self.accounts.store = store

    def audit(
        self, action: str, *, actor: Actor, object: str = "", outcome: str = "ok", detail: str = ""
    ) -> None:
        """Put an act into the audit log; where the folder cannot be written, into the server's log instead.

        A full disk or a wrong clock must not keep out whoever comes to mend it.
        """
        try:
            with self.store.write(actor) as transaction:
                transaction.audit(action, object=object, outcome=outcome, detail=detail)
        except StoreError as error:
            LOG.error(
                "操作日志未能写入：%s %s %s %s %s（%s）",
                action,
                outcome,
                actor.account or "-",
                actor.origin,
                object or "-",
                error,
            )

    def note(self, person: Person, act: str, object: str) -> None:
        """Put what somebody did, or asked for in vain, into the audit log."""
        outcome = "refused" if act == "denied" else "ok"
        self.audit(act, actor=person.actor, object=object, outcome=outcome)

    def deny(self, person: Person, what: str) -> None:
        """Note that somebody asked for what their role does not have."""
        self.note(person, "denied", what)

    def cookie(self, scope: Scope) -> str | None:
        """The token in the visitor's session cookie, if it is one of ours."""
        return cookies.read_cookie(scope, cookies.SESSION, self.key)

    def sign_out(self, session_id: str, *, everywhere: bool = False) -> None:
        """End a session, or all sessions of its account; its browser is out at its next request."""
        session = self.sessions.find(session_id, touch=False)
        if session is None:
            return
        person = session.person
        self.sessions.end(session_id)
        if everywhere:
            self.sessions.end_all(person.account)
        self.audit(
            "sign-out",
            actor=person.actor,
            object=person.account,
            detail="在所有浏览器退出" if everywhere else "",
        )

    def form_token(self, base: str) -> str:
        """The token that a form of ours carries against forgery, bound to a session's id or a form cookie's value."""
        return self.key.digest("form", base)
