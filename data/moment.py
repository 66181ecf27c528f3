"""The store as it stands at one moment, for answers of several parts that have to add up while files come in."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from data.reading import Answer, Reading
from data.scoped import ScopedStore
from data.store import Store

if TYPE_CHECKING:
    import pandas as pd


class Moment(Reading):
    """A reading whose questions are all answered as of the same moment; for one thread, within `one_moment`."""

    def __init__(self, store: Store | ScopedStore):
        self.home, self.files = store.home, store.files
        self._store, self._transaction = store, None
        self._answered: dict[Hashable, pd.DataFrame] = {}

    def begin(self) -> None:
        """Take a cursor of the store as it is now: a read-only one changes over to newer snapshots."""
        self.end()
        self._transaction = self._store._cursor()

    def end(self) -> None:
        """Let the cursor go."""
        self._answered = {}
        if self._transaction:
            self._transaction.close()

    def query(self, sql: str, **values) -> pd.DataFrame:
        """`Reading.query`; the parts of an answer ask much again, and at one moment the same question has one answer.

        Questions about a list (of units) are not kept: they are large, and hardly asked twice.
        """
        if any(isinstance(value, list) for value in values.values()):
            return super().query(sql, **values)
        question = (sql, *sorted(values.items()))
        if question not in self._answered:
            self._answered[question] = super().query(sql, **values)
        return self._answered[question].copy(deep=False)

    def _cursor(self):
        return self._transaction

    def _asking(self, question: Callable[[], Answer]) -> Answer:
        return self._store._asking(question)

    def refresh(self, cycle: int) -> int:
        """The data version; the kept results are of it."""
        return self.data_version(cycle)

    def data_version(self, cycle: int) -> int:
        """`Reading.data_version`; of a publication, the version that it froze."""
        frozen = is_frozen(self._store, cycle)
        return self._store.data_version(cycle) if frozen else super().data_version(cycle)


@contextmanager
def one_moment(
    store: Store | ScopedStore | Moment, *, cycle: int, others: Iterable[int] = ()
) -> Iterator[Moment]:
    """A moment at which the results of a cycle, and of others, are those of its data; within another moment, that one."""
    if isinstance(store, Moment):
        yield store
        return
    moment, cycles = Moment(store), {cycle, *others}
    try:
        while True:
            moment.begin()
            for each in cycles:
                store.refresh(each)
            moment._cursor().execute("begin transaction")  # from its first question on it sees nothing new
            if is_frozen(store, cycle):
                break
            stamps = dict(moment.rows("select cycle, data_version from results.stamp"))
            if all(stamps.get(each) == moment.result_version(each) for each in cycles):
                break
            moment._cursor().execute("rollback")  # something came in between the two
        yield moment
    finally:
        moment.end()


def is_frozen(store: Store | ScopedStore, cycle: int) -> bool:
    """Whether the store reads this cycle as a publication froze it."""
    return isinstance(store, ScopedStore) and store.is_frozen(cycle)
