"""What workbooks said, as attainments, kept in memory from one scoring of a cycle to the next: the answers of a workbook never change,
so that only those that came in since are read."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Self

import numpy as np

from data.ascending import positions

# A million workbooks of eighty indicators; what is larger is read anew each time
MOST_BYTES = 640 * 1024 * 1024
SPARE = 1 / 8  # of the room is left for workbooks that come in
# Of the rows, so many may be of workbooks that others replaced, before all are read anew without them
MOST_REPLACED = 1 / 4

Read = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Said:
    """`x`: workbooks × indicators, a row for each of `submissions` (ascending); `judged_by`: what x follows from besides answers."""

    judged_by: Hashable
    submissions: np.ndarray
    x: np.ndarray
    room: np.ndarray  # `x` and the rows behind it

    @classmethod
    def all(cls, submissions: np.ndarray, read: Read, *, judged_by: Hashable) -> Self:
        """Read anew."""
        x = read(submissions)
        return cls(judged_by, submissions, x, x)

    def rows(self, submissions: np.ndarray) -> np.ndarray:
        """The row of each, −1 where there is none."""
        return positions(submissions, self.submissions)

    def with_more(self, submissions: np.ndarray, x: np.ndarray) -> Self:
        """With workbooks that came in after all the others."""
        old, length = len(self.x), len(self.x) + len(x)
        room = self.room
        if length > len(room):
            room = np.empty((length + int(length * SPARE), x.shape[1]))
            room[:old] = self.x
        room[old:length] = x
        joined = np.concatenate([self.submissions, submissions])
        return type(self)(self.judged_by, joined, room[:length], room)


class SaidBefore:
    """By cycle, of one open database; for one thread at a time."""

    def __init__(self, *, most_bytes: int = MOST_BYTES):
        self._most_bytes = most_bytes
        self._kept: dict[int, Said] = {}

    def of(self, submissions: np.ndarray, read: Read, *, cycle: int, judged_by: Hashable) -> Said:
        """What these workbooks (ascending numbers) said, perhaps among others; `read` reads those of it that are not known, as x by
        workbook and indicator."""
        known = self._kept.get(cycle)
        if known is None or known.judged_by != judged_by:
            return self._keep(cycle, Said.all(submissions, read, judged_by=judged_by))
        missing = submissions[known.rows(submissions) < 0]
        if not len(missing):
            return known
        all_told = len(known.submissions) + len(missing)
        are_newer = not len(known.submissions) or missing[0] > known.submissions[-1]
        if are_newer and all_told - len(submissions) <= MOST_REPLACED * all_told:
            return self._keep(cycle, known.with_more(missing, read(missing)))
        return self._keep(cycle, Said.all(submissions, read, judged_by=judged_by))

    def _keep(self, cycle: int, said: Said) -> Said:
        self._kept.pop(cycle, None)
        if said.room.nbytes + sum(each.room.nbytes for each in self._kept.values()) <= self._most_bytes:
            self._kept[cycle] = said
        return said
