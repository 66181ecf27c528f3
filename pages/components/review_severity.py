"""尺度."""

from __future__ import annotations

from pages.components.layout import show_empty


def show_severity(*, cycle: int) -> None:
    """尺度."""
    show_empty("尺度", "")
