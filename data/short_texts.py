"""Remembers what was made of short texts, since a template's own come again in every workbook."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Made = TypeVar("Made")
SHORT_TEXT = 500  # characters; longer ones would fill the memory, and hardly come again


def remembers_short(most: int) -> Callable[[Callable[[str], Made]], Callable[[object], Made]]:
    """Decorates what makes something of a text, or of any value as text: the last `most` results for short ones are
    remembered."""

    def decorate(make: Callable[[str], Made]) -> Callable[[object], Made]:
        remembered = lru_cache(most)(make)

        @wraps(make)
        def made_of(value: object) -> Made:
            text = value if type(value) is str else str(value)
            return remembered(text) if len(text) <= SHORT_TEXT else make(text)

        return made_of

    return decorate
