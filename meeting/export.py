"""The kinds of files for a meeting under one name, and making one: what the page and `manage.py export` both call."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meeting import book, bulletin, deck, feedback, pictures
from meeting.kinds import Kind
from meeting.material import Material, NothingToReport, Progress
from reporting.browsers import NoBrowser
from reporting.office_template import TemplateFault
from reporting.to_images import NoPicture

KINDS: Mapping[str, Kind] = {
    kind.id: kind for kind in (deck.KIND, bulletin.KIND, book.KIND, pictures.KIND, feedback.KIND)
}

# Why a file cannot be made: each says in Chinese what to mend.
CANNOT = (NothingToReport, TemplateFault, NoBrowser, NoPicture)


@dataclass(frozen=True)
class MadeFile:
    """A finished file: what it should be called, its kind's MIME type, and its bytes."""

    name: str
    mime: str
    content: bytes


def export(
    material: Material,
    *,
    kind: str,
    home: Path,
    may: Callable[[str], bool],
    parts: Collection[str] | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> MadeFile:
    """One file; `may` says which actions whoever asks is allowed; `parts` are ids of the kind's parts (None: all but those on demand), `options` those of the kind (pictures: scale, formats).

    Raises NothingToReport, also for parts that do not exist or none at all, and TemplateFault of an office's template.
    """
    made = KINDS[kind]
    content = made.build(
        material, parts=chosen_parts(made, parts, may=may), home=home, progress=progress, **options
    )
    return MadeFile(material.file_name(made.title, made.extension), made.mime, content)


def chosen_parts(kind: Kind, parts: Collection[str] | None, *, may: Callable[[str], bool]) -> list[str]:
    """The chosen parts in the order of the file. Raises NothingToReport naming those that there are for this person."""
    offered = kind.parts_for(may)
    if parts is None:
        return [part for part in offered if part not in kind.on_demand]
    known = "、".join(f"{part}（{title}）" for part, title in offered.items())
    if unknown := [part for part in parts if part not in offered]:
        raise NothingToReport(f"{kind.title}没有内容“{'、'.join(unknown)}”：可用的有 {known}")
    if not parts:
        raise NothingToReport(f"没有选择任何内容：请至少选一项，可用的有 {known}")
    return [part for part in offered if part in parts]
