"""待办."""

from __future__ import annotations

from pages.components.layout import show_empty


def show_queue(*, cycle: int) -> None:
    """待办."""
    show_empty("待办", "")
