"""The one store of this process: by itself, so that the server can open it before it loads what the screens need."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from data.store import Store


@st.cache_resource(show_spinner=False)
def _open_store(home: str) -> Store:
    return Store.open(Path(home) if home else None)


def whole_store() -> Store:
    """The store of $ASSESSMENT_HOME (or ./var), opened once per process; for the server, never for a page."""
    return _open_store(os.environ.get("ASSESSMENT_HOME", ""))
