"""The kept truth of one runtime folder: DuckDB tables that are only ever added to, and the results computed from them.

One process holds the file. Every write goes through one lock and one transaction, which stands in the journal before it
is committed; every read has a cursor of its own. The tables have neither keys nor indexes and are never updated: the
present state is a view (docs/decisions.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.audit import SETTING_NAMES
from data.cycles import add_cycle_event, check_against_regulation, keep_scheme
from data.failures import (
    DamagedDatabaseError,
    DamagedError,
    LockedError,
    StoreError,
    UnknownCycleError,
)
from data.keeping import Keeping
from data.model import LOCAL, Actor, LatePolicy, Publication, Scope, Unit
from data.places import DATABASE, HOME_VARIABLE, JOURNAL, default_home
from data.reading import DEMO_SETTING, Context
from data.regions import load_regions
from data.results import keep_results, read_for_results
from data.scoped import ScopedStore
from scoring.scheme import parse_scheme

if TYPE_CHECKING:
    from data.said_before import SaidBefore

__all__ = [
    "DATABASE",
    "HOME_VARIABLE",
    "JOURNAL",
    "DamagedDatabaseError",
    "DamagedError",
    "LockedError",
    "Store",
    "StoreError",
    "UnknownCycleError",
    "default_home",
]


class Store(Keeping):
    """The database, the journal and the kept workbooks of one runtime folder, whole; `seen_by` gives a person's part."""

    is_read_only = False  # a server's that reads the snapshots of another (`data.read_only`)

    # ---- reading

    @property
    def opened(self) -> Store:
        """The store itself: what a moment of it that is held calls so (`Held.opened`)."""
        return self

    @property
    def whole(self) -> Store:
        """The store itself: what a person's part of it calls so (`ScopedStore.whole`)."""
        return self

    def seen_by(
        self, scope: Scope, *, actor: Actor = LOCAL, publication: Publication | None = None
    ) -> ScopedStore:
        """The store as one person sees it: reads within `scope`, writes in the name of `actor`.

        With `publication`, everything reads as that publication froze it, and nothing can be written.
        """
        return ScopedStore(self, scope=scope, actor=actor, publication=publication)

    def is_untouched(self) -> bool:
        """Whether nothing was ever recorded here: no cycle, no account, no sign-in."""
        return self.journal.head.n == 0

    def context(self, cycle: int) -> Context:
        """What workbooks of a cycle are read under now. Raises UnknownCycleError."""
        return Context(self.context_version(cycle), self.cycle(cycle), self.scheme(cycle))

    def is_elsewhere(self, *, cycle: int, unit: str) -> bool:
        """Whether the unit is registered, but beyond what this reader may see: never, for who sees the whole."""
        return False

    # ---- writing

    def audit(self, action: str, *, actor: Actor = LOCAL, checks_clock: bool = True, **act: Any) -> None:
        """Write one act into the audit log (`Transaction.audit`)."""
        with self.write(actor, checks_clock=checks_clock) as transaction:
            transaction.audit(action, **act)

    def mark_demo(self) -> None:
        """Say for good that this folder holds the demo province; every screen shows it."""
        self.set_setting(DEMO_SETTING, "yes")

    def set_setting(self, name: str, value: str, *, actor: Actor = LOCAL) -> None:
        """Give a setting of this runtime folder a new value."""
        with self.write(actor) as transaction:
            transaction.audit("setting", object=SETTING_NAMES.get(name, name), detail=value)
            seq = transaction.record("setting", cycle=None, detail=name)
            transaction.append("setting", [{"seq": seq, "name": name, "value": value}])

    def open_cycle(
        self,
        *,
        cycle: int,
        scheme_path: Path | str | None = None,
        scheme_text: str | None = None,
        opens_on: date,
        deadline: datetime,
        status: str = "open",
        late: LatePolicy = "mark",
        actor: Actor = LOCAL,
    ) -> None:
        """Open a cycle under a scheme file or text, or change its dates, its status or what becomes of late files.

        Raises SchemeError when the file is not a valid scheme, names a place that the regulation does not have, or when
        its id and version are known with other content.
        """
        source = Path(scheme_path).read_text("utf-8") if scheme_text is None else scheme_text
        scheme = parse_scheme(source, name=Path(scheme_path).name if scheme_path else "方案")
        check_against_regulation(scheme)
        with self.write(actor) as transaction:
            keep_scheme(self, transaction, scheme, source)
            add_cycle_event(
                transaction,
                scheme,
                cycle=cycle,
                opens_on=opens_on,
                deadline=deadline,
                status=status,
                late=late,
            )

    def change_cycle(
        self,
        *,
        cycle: int,
        opens_on: date | None = None,
        deadline: datetime | None = None,
        status: str | None = None,
        late: LatePolicy | None = None,
        actor: Actor = LOCAL,
    ) -> None:
        """Change what is given of a cycle that is open, under the scheme it has. Raises UnknownCycleError."""
        now, scheme = self.cycle(cycle), self.scheme(cycle)
        with self.write(actor) as transaction:
            add_cycle_event(
                transaction,
                scheme,
                cycle=cycle,
                opens_on=opens_on or now.opens_on,
                deadline=deadline or now.deadline,
                status=status or now.status,
                late=late or now.late,
            )

    def register_units(self, *, cycle: int, units: Sequence[Unit], actor: Actor = LOCAL) -> None:
        """Put units on the register of a cycle; the newest entry of a code counts.

        Raises StoreError naming every unit whose region, category or tag does not exist, or that is there more than once.
        """
        twice = [code for code, times in Counter(unit.code for unit in units).items() if times > 1]
        if twice:
            raise StoreError(f"以下单位的代码出现了不止一次，未登记任何单位：{'、'.join(twice)}")
        scheme = self.scheme(cycle)
        regions = {region.code for region in load_regions()}
        categories = {category.id for category in scheme.categories}
        tags = {tag.id for tag in scheme.tags}
        culprits = [
            unit.code
            for unit in units
            if unit.region not in regions or unit.category not in categories or not set(unit.tags) <= tags
        ]
        if culprits:
            raise StoreError(f"以下单位的地区、类别或标签不存在，未登记任何单位：{'、'.join(culprits)}")
        with self.write(actor) as transaction:
            transaction.audit("register", object=f"{len(units)} 家单位", cycle=cycle)
            seq = transaction.record("registration", cycle=cycle, detail=f"{len(units)} units")
            transaction.append(
                "registration",
                [
                    {
                        "seq": seq,
                        "cycle": cycle,
                        "unit": unit.code,
                        "name": unit.name,
                        "region": unit.region,
                        "category": unit.category,
                        "tags": list(unit.tags),
                        "is_active": unit.is_active,
                    }
                    for unit in units
                ],
            )

    # ---- results

    def refresh(self, cycle: int) -> int:
        """Bring the results of a cycle up to its data and return their data version; does nothing if they are."""
        if self._stamp(cycle) != self.result_version(cycle):
            self._asking(partial(self._score, cycle))
        return self.data_version(cycle)

    def _score(self, cycle: int) -> None:
        """Compute the results as of the newest event that they follow from, whatever is written meanwhile."""
        with self._score_lock:
            version = self.result_version(cycle)
            if self._stamp(cycle) == version:
                return
            opened, before = self.cycle(cycle), self._said_before()
            with closing(self._cursor()) as cursor:
                inputs = read_for_results(cursor, cycle=cycle, as_of=version, before=before)
                keep_results(
                    cursor,
                    inputs,
                    cycle=cycle,
                    stamp={
                        "cycle": cycle,
                        "scheme_id": opened.scheme_id,
                        "version": opened.version,
                        "data_version": version,
                    },
                )
            self._kept = {}  # the stamp among them
            self.holder.replaced_results()

    def _said_before(self) -> SaidBefore:
        """What is known of the answers of the database that is open now."""
        from data.said_before import SaidBefore  # brings numpy

        if self._said is None or self._said[0] is not self._connection:
            self._said = (self._connection, SaidBefore())
        return self._said[1]

    def _stamp(self, cycle: int) -> int | None:
        found = self.kept_rows("select data_version from results.stamp where cycle = $cycle", cycle=cycle)
        return found[0][0] if found else None
