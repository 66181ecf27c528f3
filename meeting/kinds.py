"""What a kind of file for a meeting is: its name, its parts, what will be in it, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
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
    """One kind of file; `parts` id → title in the order of the file; `outline` lists what the chosen parts will hold.

    `on_demand` are the parts that are made only where somebody asks for them; `template` is the file's name of the
    template that an office may put in place of ours, "" where there is none; `needs` names, for parts that not everybody
    may see, the action of access/roles.py that one must be allowed.
    """

    id: str
    title: str
    extension: str
    mime: str
    about: str
    parts: Mapping[str, str]
    outline: Callable[[Material, Collection[str]], list[str]]
    build: Build
    on_demand: Collection[str] = ()
    template: str = ""
    needs: Mapping[str, str] = field(default_factory=dict)

    def parts_for(self, may: Callable[[str], bool]) -> dict[str, str]:
        """The parts of somebody who is allowed the actions that `may` says."""
        return {
            part: title
            for part, title in self.parts.items()
            if part not in self.needs or may(self.needs[part])
        }
