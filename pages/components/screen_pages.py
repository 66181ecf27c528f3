"""The screens as Streamlit's pages."""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import Any

import streamlit as st

from pages.components.screens import SCREENS


def page_of(name: str, *, is_first: bool) -> Any:
    """The page of a screen, for one run: Streamlit notes in it whether it may be run."""
    return copy(_page(name, is_first))


@cache
def _page(name: str, is_first: bool) -> Any:
    """Made once: looking for the file and checking what is said of it costs as much as a table."""
    screen = SCREENS[name]
    return st.Page(f"pages/{name}.py", title=screen.title, icon=screen.icon, url_path=name, default=is_first)
