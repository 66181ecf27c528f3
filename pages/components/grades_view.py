"""等次."""

from __future__ import annotations

from pages.components.layout import show_empty


def show_grades(*, cycle: int) -> None:
    """等次."""
    show_empty("等次", "")
