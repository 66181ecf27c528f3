"""The store as one person sees it: the only door for scope (docs/decisions.md), and to what a publication froze.

Every read runs in the catalog `seen`, whose views are filtered by variables of the cursor (data/sql/seen), or, for who sees
everything that stands now, in one whose views hold nothing back; every write
carries who made it. Nothing here filters rows by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import duckdb

from data.failures import StoreError
from data.model import LOCAL, Actor, Publication, Scope, Unit
from data.reading import Answer, Question, Reading
from data.regions import PROVINCE
from data.schema import SEEN, SEEN_WHOLE
from data.turned import View

if TYPE_CHECKING:
    from data.held import Held
    from data.store import Store
    from data.transaction import Transaction


class ScopedStore(Reading):
    """What a person may read and do; `whole` is the store itself, for what is not a unit's or a region's."""

    def __init__(
        self,
        store: Store | Held,
        *,
        scope: Scope,
        actor: Actor = LOCAL,
        publication: Publication | None = None,
    ):
        self.whole = store
        self.scope, self.actor, self.publication = scope, actor, publication
        self.home, self.files = store.home, store.files

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        return self.whole.seen_cursor(*self.view)

    def _ask(self, question: Question[Answer]) -> Answer:
        return self.whole.ask_seen(self.view, question)

    @property
    def view(self) -> View:
        """How much may be seen."""
        made = self.publication
        catalog = SEEN_WHOLE if self._sees_all and not made else SEEN
        variables = {
            "scope_region": self.scope.region,
            "scope_unit": self.scope.unit,
            "scope_account": self.scope.account,
            "publication": made and made.seq,
            "publication_cycle": made and made.cycle,
            "as_of": made and made.data_version,
        }
        return catalog, {name: value for name, value in variables.items() if value is not None}

    @property
    def is_of_one_unit(self) -> bool:
        """`Reading.is_of_one_unit`."""
        return self.scope.unit is not None

    @property
    def _sees_all(self) -> bool:
        return self.scope.region == PROVINCE and self.scope.unit is None

    def _asking(self, question: Callable[[], Answer]) -> Answer:
        return self.whole._asking(question)

    def kept_rows(self, sql: str, **values) -> list[tuple]:
        """`Reading.kept_rows`: the store's, the same for everybody; of a publication, asked anew as it froze them."""
        return self.rows(sql, **values) if self.publication else self.whole.kept_rows(sql, **values)

    def refresh(self, cycle: int) -> int:
        """`Store.refresh`: results are computed for everybody alike; those of a publication stand."""
        return self.data_version(cycle) if self.is_frozen(cycle) else self.whole.refresh(cycle)

    def data_version(self, cycle: int) -> int:
        """`Reading.data_version`; of a publication, the version that it froze."""
        return self.publication.data_version if self.is_frozen(cycle) else self.whole.data_version(cycle)

    def is_frozen(self, cycle: int) -> bool:
        """Whether this cycle is read as a publication froze it; other cycles are read as they stand."""
        return self.publication is not None and self.publication.cycle == cycle

    def is_elsewhere(self, *, cycle: int, unit: str) -> bool:
        """Whether the unit is registered, but beyond what this person may see."""
        return (
            self.unit(cycle=cycle, code=unit) is None and self.whole.unit(cycle=cycle, code=unit) is not None
        )

    def audit(self, action: str, **act: Any) -> None:
        """`Store.audit` in this person's name."""
        self.whole.audit(action, actor=self.actor, **act)

    def register_units(self, *, cycle: int, units: Sequence[Unit]) -> None:
        """`Store.register_units` in this person's name. Raises StoreError naming every unit outside the scope."""
        inside = {
            row[0]
            for row in self.rows(
                "select region from region_member where ancestor = $region", region=self.scope.region
            )
        }
        outside = [unit.code for unit in units if unit.region not in inside]
        if outside:
            raise StoreError(f"以下单位不在您的管辖地区，未登记任何单位：{'、'.join(outside)}")
        self.whole.register_units(cycle=cycle, units=units, actor=self.actor)

    def write(self) -> AbstractContextManager[Transaction]:
        """One transaction in this person's name."""
        if self.publication:
            raise StoreError(f"正在查看第 {self.publication.number} 号公布，不能改动：请切换到实时数据再办理")
        return self.whole.write(self.actor)


def whole_of(store: Reading) -> Reading:
    """The store as who sees the whole province reads it, through the same publication."""
    if isinstance(store, ScopedStore):
        return store.whole.seen_by(Scope(PROVINCE), publication=store.publication)
    return store
