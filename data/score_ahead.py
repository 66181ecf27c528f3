"""Results computed ahead: once nothing has been written for a moment, so that whoever looks next need not wait for them; and when
it has been quiet for longer, how far the ranks hold, which every ranking shows and which takes longest of all that it shows."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Event

from data.background import start_beside
from data.store import Store, StoreError

LOOK_S, QUIET_S, RETRY_S = 0.5, 8.0, 60.0
# Of the time at most so much goes into it: where a million units take ten seconds, once in some minutes
SHARE = 0.05
LEVELS = ("prefecture", "county")
LOG = logging.getLogger("assessment")


def start_scoring_ahead(
    store: Store, *, look_s: float = LOOK_S, quiet_s: float = QUIET_S
) -> Callable[[], None]:
    """Score the newest cycle, in a thread of its own, when its data have changed and then stood still from one look to the
    next; when they have stood still for `quiet_s`, redraw its ranks. What is returned ends it."""

    def score(stopping: Event) -> None:
        seen, since, is_redrawn, wait_s = None, 0.0, False, look_s
        while not stopping.wait(wait_s):
            wait_s = look_s
            try:
                newest = store.cycles()[:1]
                now = [(cycle, store.result_version(cycle)) for cycle in newest]
                if now != seen:
                    seen, since, is_redrawn = now, time.monotonic(), False
                    continue
                if any(store.holder.is_holding(cycle=cycle) for cycle in newest):
                    continue  # nobody looks at newer ones yet
                begun = time.perf_counter()
                for cycle in newest:
                    store.refresh(cycle)  # does nothing where the results are those of the data
                    if not is_redrawn and time.monotonic() - since >= quiet_s:
                        _redraw(store, cycle)
                        is_redrawn = True
                wait_s = max(look_s, (time.perf_counter() - begun) / SHARE)
            except Exception as error:  # whoever looks is told, or scores for himself
                LOG.error("得分没有预先算好：%s", error, exc_info=not isinstance(error, StoreError))
                wait_s = RETRY_S

    return start_beside(score, name="score-ahead")


def _redraw(store: Store, cycle: int) -> None:
    """Draw the weights anew as every ranking shows it; the answers are kept for whoever asks."""
    from data.queries.robustness import redrawn  # not at the start, when the first page needs other things

    for level in LEVELS:
        redrawn(store, cycle=cycle, level=level)
