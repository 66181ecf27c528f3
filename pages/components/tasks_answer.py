"""报送整改情况."""

from __future__ import annotations

from pages.components.layout import show_empty


def show_answering(*, cycle: int) -> None:
    """报送整改情况."""
    show_empty("报送整改情况", "")
