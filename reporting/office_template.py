"""Where templates stand: an office's own as <runtime folder>/templates/<name>, else the shipped one; and what a bad one is."""

from __future__ import annotations

from pathlib import Path

SHIPPED = Path(__file__).parent / "templates"
OWN = "templates"  # in the runtime folder


class TemplateFault(ValueError):
    """A template that cannot be used; in Chinese, with what is wrong and how to mend it."""


def template_of(home: Path, name: str) -> Path:
    """The office's own template where there is one, else the shipped one."""
    own = home / OWN / name
    return own if own.exists() else SHIPPED / name
