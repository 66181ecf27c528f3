"""An edited and not yet saved scheme: cells that differ from its base version, kept for the account that typed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pages.components import state
from pages.components.drafts import draft_of, drop_draft, keep_draft
from pages.components.scheme_versions import Version, name_of
from scoring.scheme import Scheme, SchemeError
from scoring.scheme_edit import Fault, check_text, edited
from scoring.scheme_tables import Cells, changes_of

HANDED_OVER, NEXT = "scheme_draft", "scheme_next"
WEIGHT_FIELDS = {
    "systems": ("systems", "weight"),
    "categories": ("categories", "weight"),
    "points": ("indicators", "points"),
}


@dataclass(frozen=True)
class Proposal:
    """A text that might become a version: what it says (None where it cannot be used), and its faults by field."""

    text: str
    scheme: Scheme | None
    faults: tuple[Fault, ...] = ()


def draft_cells(version: Version) -> dict[str, dict[str, dict[str, Any]]]:
    """The visitor's edits of this version: table → row → field → value; empty where there are none."""
    return draft_of("scheme", version.scheme.id, version.scheme.version)


def keep_cells(version: Version, cells: Cells) -> None:
    """Keep the visitor's edits of this version; without any the draft is dropped."""
    about = ("scheme", version.scheme.id, version.scheme.version)
    changed = {table: rows for table, rows in cells.items() if rows}
    if changed:
        keep_draft(changed, *about)
    else:
        drop_draft(*about)


def drop_cells(version: Version) -> None:
    """Forget the visitor's edits of this version, and draw its tables anew."""
    drop_draft("scheme", version.scheme.id, version.scheme.version)
    state.keep("scheme_turn", turn() + 1)


def turn() -> int:
    """Counts how often the tables were thrown away; part of their widgets' names."""
    return state.recall("scheme_turn", 0)


def propose(version: Version, cells: Cells) -> Proposal:
    """The base version's text with the edits, checked."""
    try:
        text = edited(version.source, changes_of(version.scheme, cells))
    except SchemeError as error:
        return Proposal(version.source, None, (Fault("", "", str(error)),))
    return proposed(text, name=version.name)


def proposed(text: str, *, name: str) -> Proposal:
    """A scheme's text, checked."""
    scheme, faults = check_text(text, name=name)
    return Proposal(text, scheme, tuple(faults))


def open_next(*, version: str, part: str) -> None:
    """On the next run the screen stands on this version and part."""
    state.keep(NEXT, {"version": version, "part": part})


def take_over() -> None:
    """Before the filters are drawn: what another screen handed over becomes the draft, and the screen stands where it was sent.

    Handed over under the session's key `scheme_draft`: {"base": [id, version], "changes": {"systems": {id: weight},
    "categories": {id: weight}, "points": {indicator: points}}}.
    """
    handed = state.recall(HANDED_OVER)
    if handed:
        scheme_id, version = handed["base"]
        keep_draft(_cells_of(handed["changes"]), "scheme", scheme_id, version)
        state.forget(HANDED_OVER)
        state.keep("scheme_turn", turn() + 1)
        open_next(version=name_of(scheme_id, version), part="edit")
    for name, value in (state.recall(NEXT) or {}).items():
        state.settle(name, value)
        state.set_widget(name, value)
    state.forget(NEXT)


def _cells_of(changes: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, dict[str, Any]]]:
    cells: dict[str, dict[str, dict[str, Any]]] = {}
    for kind, values in changes.items():
        table, field = WEIGHT_FIELDS[kind]
        for key, value in values.items():
            cells.setdefault(table, {})[key] = {field: float(value)}
    return cells
