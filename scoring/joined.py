"""Arrays that stand beside each other in a dataclass, of several lots one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TypeVar

import numpy as np

Entries = TypeVar("Entries")


def joined(parts: Sequence[Entries]) -> Entries:
    """The entries (rows) of several arrays, or of several dataclasses of arrays, whose parts may be such themselves."""
    first = parts[0]
    if isinstance(first, np.ndarray):
        return np.concatenate(parts)
    return type(first)(
        **{each.name: joined([getattr(part, each.name) for part in parts]) for each in fields(first)}
    )
