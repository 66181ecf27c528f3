"""公布."""

from __future__ import annotations

from pages.components.layout import show_empty


def show_publications(*, cycle: int) -> None:
    """公布."""
    show_empty("公布", "")
