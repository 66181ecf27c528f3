"""A signed-in account as the rest of the product knows it: its role, its scope, and the name its acts carry."""

from __future__ import annotations

from dataclasses import dataclass

from access.roles import READS, ROLE_NAMES, Action, Role, may
from data.model import Actor, Scope


@dataclass(frozen=True)
class Person:
    """Who is here; `title` names the office or post. `session` is the id of the server-side session, empty for manage.py."""

    account: str
    title: str
    role: Role
    region: str
    unit: str | None = None
    origin: str = ""
    session: str = ""
    only_reads: bool = False  # at a read-only server, whatever the role

    def may(self, action: Action) -> bool:
        """Whether this role has the action; within its scope only."""
        return may(self.role, action) and (action in READS or not self.only_reads)

    @property
    def role_name(self) -> str:
        """The role in Chinese."""
        return ROLE_NAMES[self.role]

    @property
    def scope(self) -> Scope:
        """What this person may read."""
        return Scope(region=self.region, unit=self.unit, account=self.account)

    @property
    def actor(self) -> Actor:
        """How the journal and the audit log name this person."""
        return Actor(account=self.account, role=self.role, origin=self.origin)


# Whoever can start a command on this machine holds the files themselves.
LOCAL_ADMINISTRATOR = Person("local", "本机管理员", "administrator", region="230000", origin="local")
