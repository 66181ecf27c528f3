"""整改任务."""

from __future__ import annotations

from pages.components.layout import show_empty


def show_tasks(*, cycle: int) -> None:
    """整改任务."""
    show_empty("整改任务", "")
