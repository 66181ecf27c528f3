"""A clock that is plainly wrong is refused before it decides who was late."""

from __future__ import annotations

from datetime import datetime, timedelta

from data.failures import UNTOUCHED, StoreError

RELEASED = datetime(2026, 11, 1)  # no machine runs this program before it was written
# Clocks are set by hand and by time servers, a little back each time; more than this is a fault.
SMALL_STEP = timedelta(minutes=5)


def check_clock(now: datetime, *, last_at: str) -> None:
    """Raises StoreError where `now` lies before the last recorded change (ISO, may be empty) or before the program."""
    before = datetime.fromisoformat(last_at) if last_at else RELEASED
    if now >= max(before - SMALL_STEP, RELEASED):
        return
    known = f"最近一次记录的时间 {before:%Y-%m-%d %H:%M}" if last_at else "本程序发布的时间"
    raise StoreError(
        f"本机时间 {now:%Y-%m-%d %H:%M} 早于{known}，时间不对会把按时提交判成逾期（或相反）。"
        f"请校正本机的日期、时间和时区后重试；如果是以前的时间错了、现在是对的，请执行 manage.py clock --accept。{UNTOUCHED}"
    )
