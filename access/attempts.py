"""Failed sign-ins, counted: an account is locked after a few, an address slowed down after many. In memory, bounded.

Names that no account has are counted like any other, so that a lock does not tell which accounts exist.
"""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

from access.clock import seconds_running

WINDOW_S = LOCKED_S = 15 * 60
PER_ACCOUNT, PER_ADDRESS = 5, 30
MOST_KEPT = 20_000  # names or addresses; the ones that failed longest ago are forgotten first
LONGEST_NAME = 64  # no account's name is longer: what is, only counts against the address


@dataclass
class _Failures:
    at: list[float] = field(default_factory=list)
    locked_until: float = 0.0


class Attempts:
    """What failed lately, by account and by address."""

    def __init__(self, *, clock: Callable[[], float] = seconds_running):
        self._clock = clock
        self._lock = threading.Lock()
        self._accounts: OrderedDict[str, _Failures] = OrderedDict()
        self._addresses: OrderedDict[str, _Failures] = OrderedDict()

    def locked_s(self, account: str) -> int:
        """Seconds until the account may try again; 0 when it may now."""
        with self._lock:
            return self._wait(self._accounts.get(account))

    def slowed_s(self, address: str) -> int:
        """Seconds until the address may try again; 0 when it may now."""
        with self._lock:
            return self._wait(self._addresses.get(_network(address)))

    def failed(self, account: str, address: str) -> bool:
        """Count a failure; returns whether it locked the account."""
        with self._lock:
            self._count(self._addresses, _network(address), most=PER_ADDRESS)
            return len(account) <= LONGEST_NAME and self._count(self._accounts, account, most=PER_ACCOUNT)

    def succeeded(self, account: str) -> None:
        """Forget the account's failures; the address keeps its own, which may be another account's."""
        with self._lock:
            self._accounts.pop(account, None)

    def _count(self, kept: OrderedDict[str, _Failures], key: str, *, most: int) -> bool:
        now = self._clock()
        failures = kept.setdefault(key, _Failures())
        kept.move_to_end(key)
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
        if now < failures.locked_until:
            return False
        failures.at = [at for at in failures.at if now - at < WINDOW_S] + [now]
        if len(failures.at) < most:
            return False
        failures.at, failures.locked_until = [], now + LOCKED_S
        return True

    def _wait(self, failures: _Failures | None) -> int:
        return max(0, ceil(failures.locked_until - self._clock())) if failures else 0


def _network(address: str) -> str:
    """One household of IPv6 has billions of addresses: its /64 counts as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((address, 64), strict=False)) if parsed.version == 6 else address
