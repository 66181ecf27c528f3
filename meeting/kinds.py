"""What a kind of file for a meeting is: its name, its parts, what will be in it, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from meeting.material import Material, Progress


class Build(Protocol):
    """Makes the file. `home` is the runtime folder, where an office's own templates stand. Raises NothingToReport,
    TemplateFault and whatever else says in Chinese what to mend."""

    def __call__(
        self, material: Material, *, parts: Collection[str], home: Path, progress: Progress | None = None
    ) -> bytes: ...


@dataclass(frozen=True)
class Kind:
    """One kind of file; `parts` id → title in the order of the file; `outline` lists what the chosen parts will hold."""

    id: str
    title: str
    extension: str
    mime: str
    about: str
    parts: Mapping[str, str]
    outline: Callable[[Material, Collection[str]], list[str]]
    build: Build
