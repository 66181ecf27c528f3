"""What an evaluator has typed and not yet saved: kept by the server, so that a reload or a lost connection loses nothing.

It belongs to an account and one thing (cycle, unit, indicator), lives as long as the process, and is never written down:
what is not saved is nobody's decision.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any

import streamlit as st

from pages.components.access import who, whole_store

MOST = 5000  # drafts of all accounts; the oldest go first


class _Drafts:
    def __init__(self) -> None:
        self.kept: OrderedDict[tuple, dict[str, Any]] = OrderedDict()
        self.lock = Lock()


@st.cache_resource(show_spinner=False)
def _drafts(home: str) -> _Drafts:
    return _Drafts()


def draft_of(*about: object) -> dict[str, Any]:
    """What the visitor typed about this and has not saved; empty where nothing."""
    drafts, key = _place(about)
    with drafts.lock:
        return dict(drafts.kept.get(key, {}))


def keep_draft(typed: dict[str, Any], *about: object) -> None:
    """Keep what is typed about this now."""
    drafts, key = _place(about)
    with drafts.lock:
        drafts.kept[key] = dict(typed)
        drafts.kept.move_to_end(key)
        while len(drafts.kept) > MOST:
            drafts.kept.popitem(last=False)


def drop_draft(*about: object) -> None:
    """Forget what was typed about this: it is saved, or given up."""
    drafts, key = _place(about)
    with drafts.lock:
        drafts.kept.pop(key, None)


def _place(about: tuple) -> tuple[_Drafts, tuple]:
    return _drafts(str(whole_store().home)), (who().account, *map(str, about))
