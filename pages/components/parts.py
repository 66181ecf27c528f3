"""A screen of several parts: which of them the visitor may see, and showing the one that was chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from access.roles import Action
from pages.components.access import may
from pages.components.confirm import show_told
from pages.components.filters import choose_cycle, choose_option, filter_bar
from pages.components.layout import page_header, show_no_cycle

# Part of the screen → its name, what one must be allowed for it, and what shows it.
Parts = Mapping[str, tuple[str, Action, Callable[..., None]]]


def choose_part(parts: Parts, *, label: str = "办理事项") -> str | None:
    """The chosen part among those that the visitor may see (query parameter `part`); None where there is none."""
    names = {part: name for part, (name, action, _) in parts.items() if may(action)}
    return choose_option("part", label, names, style="segments")


def show_parts(title: str, parts: Parts) -> None:
    """A whole screen of parts for a cycle: its filters, header, what was done last, and the chosen part."""
    with filter_bar():
        cycle = choose_cycle()
        if cycle is None:
            show_no_cycle()
        part = choose_part(parts)
    page_header(title, cycle=cycle, has_scores=False)
    show_told()
    if part:
        parts[part][2](cycle=cycle)
