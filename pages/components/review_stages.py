"""环节."""

from __future__ import annotations

from pages.components.layout import show_empty


def show_stages(*, cycle: int) -> None:
    """环节."""
    show_empty("环节", "")
