"""A few results kept in memory by what was asked, the least recently used given up first."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pandas as pd

MB = 1024 * 1024
# Of a frame besides its values; of a text in it, with the place that it is kept at
FRAME_BYTES, TEXT_BYTES = 4_000, 70
SAMPLED = 50  # of a long list of likes, so many say how large all are
LARGEST_TIMES = 4  # else two large ones that are asked for in turn would push each other out
FEW_ROWS = 500  # copied in some 10 µs, as fast as they are shared
Kept = TypeVar("Kept")


class Newest:
    """Results by key, so many and, where it is said, so many MB of them (`size_of`) at most, or a few times what the largest of them
    takes, where that is more; one key is worked out once at a time, while others are answered. For any thread."""

    def __init__(self, most: int, *, most_mb: float | None = None):
        self._most, self._lock = most, threading.Lock()
        self._most_bytes, self._bytes, self._largest = most_mb and most_mb * MB, 0, 0
        self._places: OrderedDict[Hashable, _Place] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What is kept under the key, else what `make` gives, which is kept. Raises what it raises, and keeps nothing."""
        with self._lock:
            place = self._places.get(key)
            if place is None:
                place = self._places[key] = _Place()
                if len(self._places) > self._most:
                    self._give_up_oldest()
            self._places.move_to_end(key)
        with place.lock:
            if not place.is_made:
                place.value, place.is_made = make(), True
                if self._most_bytes:
                    self._weigh(key, place)
            return place.value

    def _weigh(self, key: Hashable, place: _Place) -> None:
        size = size_of(place.value)
        with self._lock:
            if self._places.get(key) is place:  # nobody gave it up meanwhile
                place.size = size
                self._bytes += size
                self._largest = max(self._largest, size)
            most = max(self._most_bytes, LARGEST_TIMES * self._largest)
            while self._bytes > most and len(self._places) > 1:
                self._give_up_oldest()

    def _give_up_oldest(self) -> None:
        _, place = self._places.popitem(last=False)
        self._without(place)

    def _without(self, gone: _Place) -> None:
        self._bytes -= gone.size
        if gone.size and gone.size == self._largest:
            self._largest = max((each.size for each in self._places.values()), default=0)

    def find(self, key: Hashable) -> Any:
        """What is kept under the key, else None."""
        with self._lock:
            place = self._places.get(key)
            if place is None:
                return None
            self._places.move_to_end(key)
            return place.value

    def forget(self, is_past: Callable[[Hashable], bool]) -> None:
        """Give up what is kept under the keys that are past."""
        with self._lock:
            for key in [key for key in self._places if is_past(key)]:
                self._without(self._places.pop(key))


def handed_out(frame: pd.DataFrame) -> pd.DataFrame:
    """A kept frame for somebody who may change it.

    Few rows are copied. Many are shared until somebody writes to them, for which pandas notes at the kept frame who had it: up
    to 500 notes for each kind of column, whether they are still there or not.
    """
    return frame.copy(deep=len(frame) <= FEW_ROWS)


def size_of(value: Any) -> int:
    """About how many bytes an answer takes: texts in frames are guessed, since to look at each would take as long as to ask again."""
    dtypes = getattr(value, "dtypes", None)
    if dtypes is not None and hasattr(value, "columns"):
        is_text = [dtype.kind == "O" and dtype.name != "category" for dtype in dtypes]
        of_row = sum(
            TEXT_BYTES if text else dtype.itemsize for text, dtype in zip(is_text, dtypes, strict=True)
        )
        return FRAME_BYTES + len(value) * of_row
    if is_dataclass(value) and not isinstance(value, type):
        return sum(size_of(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        sample = value[:SAMPLED]
        return sys.getsizeof(value) + int(sum(map(size_of, sample)) * len(value) / max(len(sample), 1))
    return sys.getsizeof(value, TEXT_BYTES)


class _Place:
    def __init__(self) -> None:
        self.lock, self.is_made = threading.Lock(), False
        self.value: Any = None
        self.size = 0
