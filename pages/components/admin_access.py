"""Who manages here, and the whole store that they manage."""

from __future__ import annotations

from access.person import LOCAL_ADMINISTRATOR
from access.roles import Action
from data.model import Actor
from data.store import Store
from pages.components.access import get_store


def whole_store() -> Store:
    """The store without a scope: accounts, cycles and the audit log are no region's or unit's."""
    return get_store()


def actor() -> Actor:
    """In whose name a change is made."""
    return LOCAL_ADMINISTRATOR.actor


def may(action: Action) -> bool:
    """Whether the person who is here has the action."""
    return LOCAL_ADMINISTRATOR.may(action)
