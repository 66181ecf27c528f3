"""抽查."""

from __future__ import annotations

from pages.components.layout import show_empty


def show_sample(*, cycle: int) -> None:
    """抽查."""
    show_empty("抽查", "")
