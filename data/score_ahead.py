"""Results computed ahead: once nothing has been written for a moment, so that whoever looks next need not wait for them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Event

from data.background import start_beside
from data.store import Store, StoreError

LOOK_S, RETRY_S = 0.5, 60.0
# Of the time at most so much goes into it: where a million units take ten seconds, once in some minutes
SHARE = 0.05
LOG = logging.getLogger("assessment")


def start_scoring_ahead(store: Store, *, look_s: float = LOOK_S) -> Callable[[], None]:
    """Score the newest cycle, in a thread of its own, when its data have changed and then stood still from one look to the
    next; what is returned ends it."""

    def score(stopping: Event) -> None:
        seen, wait_s = None, look_s
        while not stopping.wait(wait_s):
            wait_s = look_s
            try:
                newest = store.cycles()[:1]
                now = [(cycle, store.result_version(cycle)) for cycle in newest]
                if now == seen:
                    wait_s = max(look_s, _seconds_of(store, newest) / SHARE)
                seen = now
            except Exception as error:  # whoever looks is told, or scores for himself
                LOG.error("得分没有预先算好：%s", error, exc_info=not isinstance(error, StoreError))
                wait_s = RETRY_S

    return start_beside(score, name="score-ahead")


def _seconds_of(store: Store, cycles: list[int]) -> float:
    started = time.perf_counter()
    for cycle in cycles:
        store.refresh(cycle)  # does nothing where the results are those of the data
    return time.perf_counter() - started
