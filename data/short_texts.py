"""Remembers what was made of short texts, since a template's own come again in every workbook."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Made = TypeVar("Made")
SHORT_TEXT = 500  # characters; longer ones would fill the memory, and hardly come again


def remembers_short(most: int) -> Callable[[Callable[[str], Made]], Callable[[object], Made]]:
    """Decorates what makes something of a text, or of any value as text: what was made of some `most` short texts is remembered,
    and begun anew when there are more."""

    def decorate(make: Callable[[str], Made]) -> Callable[[object], Made]:
        def of_any(value: object) -> Made:
            return make(value if type(value) is str else str(value))

        # found in C, where a function would take several times as long
        return _Remembered(of_any, most, str).__getitem__

    return decorate


def remembers_bytes(most: int) -> Callable[[Callable[[bytes], Made]], Callable[[bytes], Made]]:
    """The same of bytes."""
    return lambda make: _Remembered(make, most, bytes).__getitem__


class _Remembered(dict[object, Made]):
    """Made by text or bytes."""

    def __init__(self, make: Callable[..., Made], most: int, kind: type):
        super().__init__()
        self._make, self._most, self._kind = make, most, kind

    def __missing__(self, key: object) -> Made:
        made = self._make(key)
        if type(key) is self._kind and len(key) <= SHORT_TEXT:
            if len(self) >= self._most:
                self.clear()
            self[key] = made
        return made
