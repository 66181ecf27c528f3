"""不适用."""

from __future__ import annotations

from pages.components.layout import show_empty


def show_na_claims(*, cycle: int) -> None:
    """不适用."""
    show_empty("不适用", "")
