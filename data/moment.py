"""The store as it stands at one moment, for answers of several parts that have to add up while files come in."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

from data.held import LAST, Held
from data.model import Scope
from data.newest import Newest, handed_out
from data.reading import Answer, Question, Reading
from data.regions import PROVINCE
from data.schema import CATALOG
from data.scoped import ScopedStore, whole_of
from data.store import Store
from data.threads import read_far_ahead
from data.turned import Turned, View

if TYPE_CHECKING:
    import pandas as pd

# Several questions of a page ask for the same parts. A frame is kept by what it follows from: the journal's last event that
# its moment sees, the results that were brought up to date, and what its reader may see; given up when the journal has moved
# on, since frames of whole registers are among what is worked out.
KEPT_FRAMES, KEPT_MB = 400, 256
KEPT_ROWS = 500  # longer ones are lists and whole registers, asked for once
KEPT_ANSWERS = 500  # of `kept_rows`: a dozen for each moment
WORKED_OUT = "worked out"  # tells the keys of such answers from those of frames
Made = TypeVar("Made")
_frames: WeakKeyDictionary[Store, Newest] = WeakKeyDictionary()
_rows: WeakKeyDictionary[Store, Newest] = WeakKeyDictionary()


class Moment(Reading):
    """A reading whose questions are all answered as of the same moment; for one thread, within `one_moment`."""

    def __init__(self, store: Store | ScopedStore, *, cycles: Iterable[int]):
        self.home, self.files = store.home, store.files
        self._store, self._turned = store, None
        self._cycles = frozenset(cycles)
        self._kept = _frames.setdefault(_opened(store), Newest(KEPT_FRAMES, most_mb=KEPT_MB))
        self._kept_rows = _rows.setdefault(_opened(store), Newest(KEPT_ANSWERS))
        self._last, self._as_of = 0, None

    def begin(self) -> None:
        """Take a cursor of the store as it is now: a read-only one changes over to newer snapshots."""
        self.end()
        catalog, variables = self._view
        self._turned = Turned(self._store._cursor(), catalog, dict(variables))

    def expect_much(self) -> None:
        """Long answers are asked for next (`read_far_ahead`)."""
        read_far_ahead(self._turned.cursor)

    def end(self) -> None:
        """Let the cursor go."""
        if self._turned:
            self._turned.cursor.close()

    def fix(self) -> None:
        """From here on nothing new is seen, and what was answered as of the same is not asked again."""
        self._turned.cursor.execute("begin transaction")
        self._see(self.rows(LAST)[0][0])

    def of_whole(self) -> Moment:
        """The same moment as who sees the whole province reads it: for totals of which a reader is then told some."""
        if not isinstance(self._store, ScopedStore) or self._store.scope == Scope(PROVINCE):
            return self
        whole = type(self)(whole_of(self._store), cycles=self._cycles)
        whole._turned = self._turned
        whole._see(self._last)
        return whole

    @property
    def is_of_one_unit(self) -> bool:
        """`Reading.is_of_one_unit`, of its reader."""
        return self._store.is_of_one_unit

    def _see(self, last: int) -> None:
        self._last = last
        self._as_of = (last, self._cycles, _seen_from(self._store))
        kept_from = _opened(self._store).holder.kept_from(last)
        self._kept.forget(lambda key: key[0][0] < kept_from)

    @property
    def _view(self) -> View:
        """What the cursor is turned to."""
        return self._store.view if isinstance(self._store, ScopedStore) else (CATALOG, {})

    def query(self, sql: str, **values) -> pd.DataFrame:
        """`Reading.query`, or the frame that was the answer to the same at another moment that nothing parts from this."""
        told = tuple((name, tuple(v) if isinstance(v, list) else v) for name, v in values.items())
        question = (self._as_of, sql, told)
        frame = self._kept.find(question)
        if frame is None:
            frame = super().query(sql, **values)
            if len(frame) <= KEPT_ROWS:
                self._kept.get(question, lambda: frame)
        return handed_out(frame)

    def kept_rows(self, sql: str, **values) -> list[tuple]:
        """`Reading.kept_rows`, as of this moment."""
        question = (self._last, _seen_from(self._store), sql, *values.items())
        return self._kept_rows.get(question, lambda: self.rows(sql, **values))

    def worked_out(
        self, question: Hashable, make: Callable[[Moment], Made], *, cycles: frozenset[int]
    ) -> Made:
        """`worked_out`, of this moment."""
        as_of = (self._last, cycles, _seen_from(self._store))
        return self._kept.get((as_of, WORKED_OUT, question), lambda: make(self))

    def _ask(self, question: Question[Answer]) -> Answer:
        return question(self._turned.turn_to(*self._view))

    def _asking(self, question: Callable[[], Answer]) -> Answer:
        return self._store._asking(question)

    def refresh(self, cycle: int) -> int:
        """The data version; the kept results are of it."""
        return self.data_version(cycle)

    def data_version(self, cycle: int) -> int:
        """`Reading.data_version`; of a publication, the version that it froze."""
        frozen = is_frozen(self._store, cycle)
        return self._store.data_version(cycle) if frozen else super().data_version(cycle)


class HeldMoment(Moment):
    """Of a store that is held at a moment as it is."""

    def expect_much(self) -> None:
        """`Moment.expect_much`: the cursor is not this moment's alone."""

    def fix(self) -> None:
        """`Moment.fix`. Raises Released where the results of its cycles are not those of their data."""
        for cycle in self._cycles:
            self._store.refresh(cycle)
        self._see(self._store.whole.last)

    def _ask(self, question: Question[Answer]) -> Answer:
        return self._store._ask(question)


@contextmanager
def one_moment(
    store: Store | ScopedStore | Moment, *, cycle: int, others: Iterable[int] = ()
) -> Iterator[Moment]:
    """A moment at which the results of a cycle, and of others, are those of its data; within another moment, that one."""
    if isinstance(store, Moment):
        yield store
        return
    cycles = {cycle, *others}
    if isinstance(store.whole, Held):
        moment = HeldMoment(store, cycles=cycles)
        moment.fix()
        yield moment
        return
    moment = Moment(store, cycles=cycles)
    try:
        while True:
            moment.begin()
            for each in cycles:
                store.refresh(each)
            moment.fix()
            if is_frozen(store, cycle):
                break
            stamps = dict(moment.rows("select cycle, data_version from results.stamp"))
            if all(stamps.get(each) == moment.result_version(each) for each in cycles):
                break
            moment._turned.cursor.execute("rollback")  # something came in between the two
        yield moment
    finally:
        moment.end()


def worked_out(
    store: Store | ScopedStore | Moment,
    question: Hashable,
    make: Callable[[Moment], Made],
    *,
    cycle: int,
    others: Iterable[int] = (),
) -> Made:
    """What `make` makes of the answers of a moment, which follow from the cycle, and from `others` where it reads their
    results; kept until something is written, for everybody who may see the same. Nobody may change it."""
    cycles = frozenset({cycle, *others})
    if isinstance(store, Moment):
        return store.worked_out(question, make, cycles=cycles)
    opened, whole = _opened(store), store.whole
    if opened in _frames:
        last = whole.kept_rows(LAST)[0][0]
        found = _frames[opened].find(((last, cycles, _seen_from(store)), WORKED_OUT, question))
        if found is not None:
            return found
    with one_moment(store, cycle=cycle, others=others) as moment:
        return moment.worked_out(question, make, cycles=cycles)


def is_frozen(store: Store | ScopedStore, cycle: int) -> bool:
    """Whether the store reads this cycle as a publication froze it."""
    return isinstance(store, ScopedStore) and store.is_frozen(cycle)


def _opened(store: Store | Held | ScopedStore) -> Store:
    """The store itself, whoever reads it."""
    return store.whole.opened


def _seen_from(store: Store | ScopedStore) -> Hashable:
    """What tells apart what two readers of the same store may see."""
    return (store.scope, store.publication) if isinstance(store, ScopedStore) else None
