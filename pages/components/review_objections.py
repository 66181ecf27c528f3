"""异议."""

from __future__ import annotations

from pages.components.layout import show_empty


def show_objections(*, cycle: int) -> None:
    """异议."""
    show_empty("异议", "")
