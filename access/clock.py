"""The clock that sessions and lock-outs are measured with: one that nobody can set back."""

from __future__ import annotations

import time


def seconds_running() -> float:
    """Seconds since some moment; time spent asleep counts where the system can tell."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
