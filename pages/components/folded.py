"""What is on a page but not shown at first: asked for, drawn and sent when somebody opens it, not at every click on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

Shown = TypeVar("Shown")


def show_folded(label: str, show: Callable[[], Shown], *, key: str) -> Shown | None:
    """A closed box with a label; `show` fills it when it is opened, and what filling it gave is handed back. The key tells it
    from every other on the page."""
    box = st.expander(label, key=key, on_change="rerun")
    if box.open:
        with box:
            return show()
    return None


def show_one_of(parts: Mapping[str, Callable[[], Shown]], *, key: str) -> Shown | None:
    """Tabs by their label, the first one open; only the open one is filled, and what filling it gave is handed back."""
    for tab, show in zip(st.tabs(list(parts), key=key, on_change="rerun"), parts.values(), strict=True):
        if tab.open:
            with tab:
                return show()
    return None
