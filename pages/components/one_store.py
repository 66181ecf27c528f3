"""The one store of this process: by itself, so that the server can open it before it loads what the screens need."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from data.read_only import READS_VARIABLE, ReadOnlyStore
from data.store import Store

_stores: dict[str, Store] = {}
_opening = threading.Lock()


def whole_store() -> Store:
    """The store of $ASSESSMENT_HOME (or ./var), opened once per process; for the server, never for a page.

    Of a read-only server, the newest snapshot.
    """
    home = os.environ.get("ASSESSMENT_HOME", "")
    if home not in _stores or _stores[home].is_closed:
        with _opening:
            if home not in _stores or _stores[home].is_closed:
                _stores[home] = _opened(home)
    return _stores[home]


def _opened(home: str) -> Store:
    if snapshots := os.environ.get(READS_VARIABLE):
        return ReadOnlyStore(Path(snapshots))
    return Store.open(Path(home) if home else None)
