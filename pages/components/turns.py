"""How many screens are drawn at once: more of them only wait for each other, and for the server's own work.

Python draws one at a time and the database answers beside it, so that a few keep every core busy; a hundred that begin
together would all be finished at the end. Measured with a hundred visitors who click every five seconds, on two cores:
docs/performance.md.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, local

AT_ONCE = min((os.cpu_count() or 1) + 1, 4)
# Behind something unforeseen; were it less, a crowd would be let in just when it is in its own way.
LONGEST_WAIT_S = 10.0

_free, _own = BoundedSemaphore(AT_ONCE), local()


@contextmanager
def in_turn() -> Iterator[None]:
    """Wait for a turn, and hold it until the block ends or `step_aside`."""
    _own.has_turn = _free.acquire(timeout=LONGEST_WAIT_S)
    try:
        yield
    finally:
        step_aside()


def step_aside() -> None:
    """Let others go on: what follows in this run takes long, such as files taken in or written."""
    if getattr(_own, "has_turn", False):
        _own.has_turn = False
        _free.release()
