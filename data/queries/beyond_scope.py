"""What a person may be told that is computed from more than the units of the own region: totals, never a single unit."""

from __future__ import annotations

from data.moment import Moment, worked_out
from data.queries.ask import ask
from data.regions import regions_by_code
from data.scoped import ScopedStore
from data.store import Store


def seen_as_a_whole(store: Store | ScopedStore | Moment, *, cycle: int) -> frozenset[str]:
    """The regions whose totals of a cycle the reader may see: none, for a single unit."""
    if store.is_of_one_unit:
        return frozenset()
    return worked_out(
        store, "seen as a whole", lambda moment: frozenset(ask(moment, "region_tree")["code"]), cycle=cycle
    )


def units_may_be_seen(store: Store | ScopedStore, region: str) -> bool:
    """Whether the reader may see every single unit of this region."""
    if not isinstance(store, ScopedStore):
        return True
    at = None if store.scope.unit else region
    while at and at != store.scope.region:
        at = regions_by_code()[at].parent
    return at == store.scope.region
