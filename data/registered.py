"""A cycle's register as the checks of workbooks need it: for one file a unit is asked for, for many all are fetched."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping

from data.model import Unit
from data.reading import Reading

ASKED_ONE_BY_ONE = 4  # units; from then on it is a batch


class RegisteredUnits(Mapping[str, Unit]):
    """Unit code → unit, as far as this reader may see; any thread may ask."""

    def __init__(self, store: Reading, *, cycle: int):
        self._store, self._cycle = store, cycle
        self._lock = threading.Lock()
        self._asked: dict[str, Unit | None] = {}
        self._all: dict[str, Unit] | None = None

    def __getitem__(self, code: str) -> Unit:
        with self._lock:
            if self._all is None and code not in self._asked:
                if len(self._asked) < ASKED_ONE_BY_ONE:
                    self._asked[code] = self._store.unit(cycle=self._cycle, code=code)
                else:
                    self._all = self._store.units(cycle=self._cycle)
            unit = self._asked.get(code) if self._all is None else self._all.get(code)
        if unit is None:
            raise KeyError(code)
        return unit

    def __iter__(self) -> Iterator[str]:
        return iter(self._store.units(cycle=self._cycle))

    def __len__(self) -> int:
        return len(self._store.units(cycle=self._cycle))
