"""认定事项."""

from __future__ import annotations

from pages.components.layout import show_empty


def show_findings(*, cycle: int) -> None:
    """认定事项."""
    show_empty("认定事项", "")
