"""A few results kept in memory by what was asked, the least recently used given up first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pandas as pd

FEW_ROWS = 500  # copied in some 10 µs, as fast as they are shared
Kept = TypeVar("Kept")


class Newest:
    """Results by key; one key is worked out once at a time, while others are answered. For any thread."""

    def __init__(self, most: int):
        self._most, self._lock = most, threading.Lock()
        self._places: OrderedDict[Hashable, _Place] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What is kept under the key, else what `make` gives, which is kept. Raises what it raises, and keeps nothing."""
        with self._lock:
            place = self._places.get(key)
            if place is None:
                place = self._places[key] = _Place()
                if len(self._places) > self._most:
                    self._places.popitem(last=False)
            self._places.move_to_end(key)
        with place.lock:
            if not place.is_made:
                place.value, place.is_made = make(), True
            return place.value

    def find(self, key: Hashable) -> Any:
        """What is kept under the key, else None."""
        with self._lock:
            place = self._places.get(key)
            return place.value if place else None

    def forget(self, is_past: Callable[[Hashable], bool]) -> None:
        """Give up what is kept under the keys that are past."""
        with self._lock:
            for key in [key for key in self._places if is_past(key)]:
                del self._places[key]


def handed_out(frame: pd.DataFrame) -> pd.DataFrame:
    """A kept frame for somebody who may change it.

    Few rows are copied. Many are shared until somebody writes to them, for which pandas notes at the kept frame who had it: up
    to 500 notes for each kind of column, whether they are still there or not.
    """
    return frame.copy(deep=len(frame) <= FEW_ROWS)


class _Place:
    def __init__(self) -> None:
        self.lock, self.is_made = threading.Lock(), False
        self.value: Any = None
