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
        return _Remembered(
            make, most
        ).__getitem__  # a lookup in C, where a function would take several times as long

    return decorate


class _Remembered(dict[str, Made]):
    """Made by text."""

    def __init__(self, make: Callable[[str], Made], most: int):
        super().__init__()
        self._make, self._most = make, most

    def __missing__(self, value: object) -> Made:
        text = value if type(value) is str else str(value)
        made = self._make(text)
        if text is value and len(text) <= SHORT_TEXT:
            if len(self) >= self._most:
                self.clear()
            self[text] = made
        return made
