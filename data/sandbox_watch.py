"""Says when something takes longer than it may: one thread for one task after another, which costs each task nothing."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable


class Watch:
    """Calls `overdue` once for what was begun and has not ended in its time. Never while `begin` or `end` runs."""

    def __init__(self, overdue: Callable[[], None]):
        self._overdue = overdue
        self._changed = threading.Condition()
        self._until: float | None = None  # on the monotonic clock; None while nothing is under way
        self._wakes_at = math.inf  # when the thread looks again by itself
        self._is_stopped = False
        threading.Thread(target=self._run, name="sandbox-watch", daemon=True).start()

    def begin(self, seconds: float) -> None:
        """From now on it may take so long."""
        with self._changed:
            self._until = time.monotonic() + seconds
            if self._until < self._wakes_at:
                self._changed.notify()

    def end(self) -> None:
        """It has ended."""
        with self._changed:
            self._until = None

    def stop(self) -> None:
        """There is nothing more to watch."""
        with self._changed:
            self._until, self._is_stopped = None, True
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while not self._is_stopped:
                now = time.monotonic()
                if self._until is not None and self._until <= now:
                    self._until = None
                    self._overdue()
                # While tasks follow each other it sleeps until the first one's time, and then looks which is under way.
                self._wakes_at = math.inf if self._until is None else self._until
                self._changed.wait(None if self._until is None else self._until - now)
