"""备份: the backups there are."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from data.storage import list_backups
from pages.components.admin_access import whole_store


def last_backup() -> datetime | None:
    """When the newest backup was finished."""
    backups = list_backups(whole_store().home)
    return backups[0].at if backups else None


def show_backup() -> None:
    st.write("…")
