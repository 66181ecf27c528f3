"""The whole store, for those who manage it: accounts, cycles and the audit log are no region's or unit's."""

from __future__ import annotations

from data.model import Actor
from data.store import Store
from pages.components.access import get_store, who


def whole_store() -> Store:
    """The store without a scope; what may be done with it is asked with `require`. Raises SignedOut."""
    return get_store().whole


def actor() -> Actor:
    """In whose name a change is made. Raises SignedOut."""
    return who().actor
