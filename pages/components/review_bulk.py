"""表格核定."""

from __future__ import annotations

from pages.components.layout import show_empty


def show_bulk(*, cycle: int) -> None:
    """表格核定."""
    show_empty("表格核定", "")
