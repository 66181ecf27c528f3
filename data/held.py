"""The store as it stood some seconds ago, shared by everybody who looks while files come in one after the other.

What a page shows follows from everything that was handed in: were each file to be seen at once, all of it would be worked out
anew for everybody after each of them. So a moment is held, in transactions that see nothing newer, and what was worked out for
one reader is there for the others. Who has written himself since reads what stands now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock
from time import monotonic, thread_time
from typing import TYPE_CHECKING
from weakref import ref

import duckdb

from data.model import Actor, Publication, Scope
from data.reading import Answer, Question, Reading
from data.schema import SEEN, SEEN_WHOLE
from data.scoped import ScopedStore
from data.turned import Turned, View

if TYPE_CHECKING:
    from data.store import Store

# Where there are fewer units, all is worked out anew in a moment.
FROM_UNITS = 2_000
# For how long a moment is held while others write: 3 seconds in a province of 12,000 units, or until no more than so much of one
# processor's time went into what was worked out of it, a minute at most.
S_PER_UNIT, SHARE, LONGEST_S = 0.00025, 0.4, 60.0
# Kinds of events that come one after the other, for weeks, of which nobody waits to see the last; everything else is seen at once.
STREAMING = ("submission", "receipt", "review")
# What the database keeps for a held moment of results that were computed anew meanwhile, for who wrote; so much may be held.
MB_OF_RESULTS, MB_PER_UNIT, MOST_MB = 31.0, 0.00125, 500.0
AT_ONCE = 3  # questions; screens that are drawn at once are hardly more

LAST = "select coalesce(max(seq), 0) from journal"
LAST_AWAITED = "select coalesce(max(seq), 0) from journal where not list_contains($kinds, kind)"
UNITS = "select count(distinct unit) from registration where cycle = $cycle"
STAMPS = "select cycle, data_version from results.stamp order by cycle"


class Released(Exception):
    """A held moment is over, or was fixed without the results that are asked for: to be asked of another."""


@dataclass
class _Seat(Turned):
    """A cursor in a transaction, in which one question is asked at a time: what it sees."""

    last: int = 0
    stamps: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, store: Store) -> _Seat:
        """Fixed as the store stands now."""
        cursor = store.seen_cursor(SEEN_WHOLE)
        cursor.execute("begin transaction")
        [(last,)] = cursor.execute(LAST).fetchall()
        return cls(cursor, SEEN_WHOLE, last=last, stamps=tuple(cursor.execute(STAMPS).fetchall()))

    @property
    def moment(self) -> tuple:
        """What tells it from one that sees something else."""
        return self.last, self.stamps

    def close(self) -> None:
        """Let the transaction go."""
        with suppress(duckdb.Error):
            self.cursor.close()


class Held(Reading):
    """A store at one moment, for any thread: `whole` to the `ScopedStore` of whoever reads it. Nothing can be written through it.

    Raises Released from every question once it is over."""

    def __init__(self, store: Store, seats: Sequence[_Seat]):
        self.home, self.files, self.opened = store.home, store.files, store
        self.last, self.since = seats[0].last, monotonic()
        self.worked_s, self.replaced = 0.0, 0
        self._stamps, self._answers = dict(seats[0].stamps), {}
        self._free: SimpleQueue[_Seat] = SimpleQueue()
        self._is_over = False
        for seat in seats:
            self._free.put(seat)

    @classmethod
    def of(cls, store: Store, *, cycle: int) -> Held:
        """As the store stands now, with the results of this cycle, and of the others where they are those of their data."""
        store.seen_cursor(SEEN).close()  # both are there before anything is fixed
        started = thread_time()
        while True:
            store.refresh(cycle)
            seats = [_Seat.of(store) for _ in range(AT_ONCE)]
            same = [seat for seat in seats if seat.moment == seats[-1].moment]
            for seat in seats:
                if seat not in same:  # something came in between
                    seat.close()
            held = cls(store, same)
            if held.has_results(cycle):
                held.took(thread_time() - started)
                return held
            held.close()

    # ---- what a `ScopedStore` asks of its whole

    @property
    def whole(self) -> Held:
        """Itself, as `Store.whole`."""
        return self

    def seen_by(self, scope: Scope, *, publication: Publication | None = None) -> ScopedStore:
        """`Store.seen_by`, for reading alone."""
        return ScopedStore(self, scope=scope, publication=publication)

    def ask_seen(self, view: View, question: Question[Answer]) -> Answer:
        """The answer to a question of a reader who sees so much. Raises Released."""
        seat = self._free.get()
        try:
            if self._is_over:
                raise Released
            return question(seat.turn_to(*view))
        except duckdb.Error as error:  # of a failed question's transaction nothing more can be asked
            self._is_over = True
            raise Released from error
        finally:
            if self._is_over:
                seat.close()
            self._free.put(seat)  # who waits for it must hear of it

    # ---- reading

    def _ask(self, question: Question[Answer]) -> Answer:
        return self.ask_seen((SEEN_WHOLE, {}), question)

    def _asking(self, question: Callable[[], Answer]) -> Answer:
        return question()

    def kept_rows(self, sql: str, **values) -> list[tuple]:
        """`Reading.kept_rows`, which never change here."""
        question = (sql, *values.items())
        if question not in self._answers:
            self._answers[question] = self.rows(sql, **values)
        return self._answers[question]

    def has_results(self, cycle: int) -> bool:
        """Whether the kept results of a cycle were those of its data. Raises Released."""
        return cycle in self._stamps and self._stamps[cycle] == self.result_version(cycle)

    def can_tell(self, cycle: int) -> bool:
        """Whether it may be asked about a cycle."""
        try:
            return not self._is_over and self.has_results(cycle)
        except Released:  # it ended just now
            return False

    def refresh(self, cycle: int) -> int:
        """The cycle's data version. Raises Released where its results were not those of its data."""
        if not self.has_results(cycle):
            raise Released
        return self.data_version(cycle)

    # ---- how long

    @property
    def is_over(self) -> bool:
        """Whether nothing more can be asked of it."""
        return self._is_over

    def took(self, seconds: float) -> None:
        """So much of a processor's time went into something that was worked out of it."""
        self.worked_s += seconds

    @property
    def age_s(self) -> float:
        """For how many seconds it has been held."""
        return monotonic() - self.since

    def close(self) -> None:
        """Let its transactions go; those of questions that are being answered end with them."""
        self._is_over = True
        idle = []
        with suppress(Empty):
            while True:
                idle.append(self._free.get_nowait())
        for seat in idle:
            seat.close()
            self._free.put(seat)


class Holder:
    """Which moment of a store its readers share, and who has written since."""

    def __init__(self, store: Store):
        self._its_store, self._lock = ref(store), Lock()  # whose holder it is
        self._held: Held | None = None
        self._wrote: dict[str, int] = {}
        self._units: dict[tuple[int, int], int] = {}

    @property
    def _store(self) -> Store:
        return self._its_store()

    def moment(self, *, cycle: int, by: Actor) -> Store | Held:
        """What somebody reads: the moment that is held, or one that is held from now on; the store itself where there are few units,
        or where he wrote something that the held moment does not see. Raises Released where a question for it fails."""
        if not self._many_units(cycle):
            return self._store
        with self._lock:
            held = self._held
            if held and held.can_tell(cycle):
                if not self._is_behind(held):
                    return held
                if self._lasts(held, cycle):
                    return self._store if self._has_written_since(held, by) else held
            if held:
                held.close()
            self._held = Held.of(self._store, cycle=cycle)
            return self._held

    def left_s(self, *, cycle: int, by: Actor) -> float | None:
        """For how many more seconds somebody does not see what has come in since; None where he sees everything."""
        held = self._held
        if held is None or not held.can_tell(cycle) or not self._is_behind(held):
            return None
        if not self._lasts(held, cycle) or self._has_written_since(held, by):
            return None
        return self._left_s(held, cycle)

    def is_holding(self, *, cycle: int) -> bool:
        """Whether readers still look at an earlier moment; one whose time is over is let go."""
        held = self._held
        if held is None or held.is_over or not self._is_behind(held):
            return False
        if self._lasts(held, cycle):
            return True
        held.close()
        return False

    def replaced_results(self) -> None:
        """Results were computed anew, while the held moment still sees those before."""
        if self._held:
            self._held.replaced += 1

    def _lasts(self, held: Held, cycle: int) -> bool:
        """Whether it is still read although something has come in since."""
        return self._left_s(held, cycle) > 0 and not self._is_awaited(held)

    def _left_s(self, held: Held, cycle: int) -> float:
        units = self._many_units(cycle)
        if held.replaced * (MB_OF_RESULTS + units * MB_PER_UNIT) > MOST_MB:
            return 0.0
        return min(max(units * S_PER_UNIT, held.worked_s / SHARE), LONGEST_S) - held.age_s

    def wrote(self, actor: Actor, seq: int) -> None:
        """An event was written in somebody's name."""
        self._wrote[actor.account] = seq

    def let_go(self, *, older_than_s: float = 0.0) -> None:
        """End the held moment, if it is that old: what is held keeps the database from writing its log into the file."""
        held = self._held
        if held and not held.is_over and held.age_s >= older_than_s:
            held.close()

    def kept_from(self, last: int) -> int:
        """The earlier one of an event and the last that the held moment sees: what was worked out of it is still asked for."""
        held = self._held
        return last if held is None or held.is_over else min(last, held.last)

    def _has_written_since(self, held: Held, by: Actor) -> bool:
        return self._wrote.get(by.account, 0) > held.last

    def _is_behind(self, held: Held) -> bool:
        return self._store.kept_rows(LAST)[0][0] > held.last

    def _is_awaited(self, held: Held) -> bool:
        """Whether something has happened since that is to be seen at once."""
        return self._store.kept_rows(LAST_AWAITED, kinds=STREAMING)[0][0] > held.last

    def _many_units(self, cycle: int) -> int:
        """How many units are registered; 0 where they are so few that no moment is held."""
        if self._store.is_read_only:  # its snapshots are moments themselves
            return 0
        version = (cycle, self._store.context_version(cycle))
        if version not in self._units:
            [(units,)] = self._store.rows(UNITS, cycle=cycle)
            self._units[version] = units if units >= FROM_UNITS else 0
        return self._units[version]
