"""Which files of the inbox may be taken now: those that stand still, and that nothing speaks against."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.inbox_folder import Found, seems_unfinished
from data.intake import FILES_PER_COMMIT
from data.model import Receipt

PATIENCE_S = 20.0  # for a file without its end: a copy over a slow network can stand still for seconds
GROUP_BYTES = 64 * 1024 * 1024  # how much of the waiting files is in memory at once
NO_WORKBOOK = "不是自评表（.xlsx）也不是压缩包（.zip），没有处理：请移走，或换成自评表"


@dataclass(frozen=True)
class Held:
    """Files that stay where they are, and in Chinese why and what to do."""

    names: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class _Wait:
    """Since when a file stands as it does: by the wall clock, and by one that nobody can set."""

    file: Found
    since: datetime
    since_s: float


@dataclass(frozen=True)
class _Hold:
    """Why a file is left alone until `until_s`; with `receipts` it is taken in and only has to move."""

    reason: str
    until_s: float
    receipts: tuple[Receipt, ...]


class Queue:
    """The files of one inbox from look to look; what is known of a file is forgotten when it changes or goes."""

    def __init__(self, *, patience_s: float = PATIENCE_S):
        self._patience_s = patience_s
        self._waits: dict[Path, _Wait] = {}
        self._holds: dict[Path, _Hold] = {}

    def see(self, found: Sequence[Found]) -> list[Found]:
        """One look: the files that may be taken, oldest first, since of a unit's workbooks the last counts."""
        now, now_s, before = datetime.now(), time.monotonic(), self._waits
        self._waits = {
            file.path: wait
            if (wait := before.get(file.path)) and wait.file == file
            else _Wait(file, now, now_s)
            for file in found
        }
        still = [wait for path, wait in self._waits.items() if before.get(path) is wait]
        self._holds = {wait.file.path: hold for wait in still if (hold := self._holds.get(wait.file.path))}
        for wait in still:
            if not wait.file.is_workbook:
                self.hold(wait.file, NO_WORKBOOK)
        ready = [wait for wait in still if self._is_ready(wait, now_s)]
        ready.sort(key=lambda wait: (wait.since, wait.file.mark[1], wait.file.shown))
        return [wait.file for wait in ready]

    def _is_ready(self, wait: _Wait, now_s: float) -> bool:
        hold = self._holds.get(wait.file.path)
        if hold and now_s < hold.until_s:
            return False
        try:
            return now_s - wait.since_s >= self._patience_s or not seems_unfinished(wait.file.path)
        except OSError:  # said when it is read
            return True

    def since(self, file: Found) -> datetime:
        """When a file was first seen as it stands: what a file is received at, however long others took."""
        return self._waits[file.path].since

    def groups(self, files: Sequence[Found]) -> Iterator[list[Found]]:
        """Files that share a commit: first seen in the same look, not too many and not too large; a zip alone."""
        group: list[Found] = []
        for file in files:
            if group and (
                file.is_zip
                or group[0].is_zip
                or len(group) == FILES_PER_COMMIT
                or sum(each.mark[0] for each in group) + file.mark[0] > GROUP_BYTES
                or self.since(file) != self.since(group[0])
            ):
                yield group
                group = []
            group.append(file)
        if group:
            yield group

    def receipts(self, file: Found) -> tuple[Receipt, ...]:
        """What a file got that is taken in and only has to move; nothing for any other."""
        hold = self._holds.get(file.path)
        return hold.receipts if hold else ()

    def hold(
        self, file: Found, reason: str, *, for_s: float = math.inf, receipts: tuple[Receipt, ...] = ()
    ) -> None:
        """Leave a file alone for some seconds, by default until it changes."""
        self._holds[file.path] = _Hold(reason, time.monotonic() + for_s, receipts)

    def drop(self, file: Found) -> None:
        """Forget a file that has gone its way."""
        self._waits.pop(file.path, None)
        self._holds.pop(file.path, None)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The files that are about to be taken, by their path below the inbox."""
        return tuple(wait.file.shown for path, wait in self._waits.items() if path not in self._holds)

    @property
    def held(self) -> tuple[Held, ...]:
        """The others, together by reason."""
        names: dict[str, list[str]] = {}
        for path, hold in self._holds.items():
            names.setdefault(hold.reason, []).append(self._waits[path].file.shown)
        return tuple(Held(tuple(each), reason) for reason, each in names.items())
