"""Text for the cells of a workbook: what XML and Excel cannot hold is taken out, and how much room the rest needs."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

MOST_CHARACTERS = 32_767  # that a cell of Excel holds
LONGEST_NAME = 31  # of a sheet
WIDE_FROM = 0x2E7F  # from here on a character is as wide as two digits
FOOT_MOST, PAGES_NEED = 255, 60  # characters of a footer, and how many of them the page numbers take
_LINES = (9, 10, 13)
# Controls, surrogates without their other half, and the two characters that are none: XML cannot hold them.
_ILLEGAL = {c: None for c in (*range(32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF) if c not in _LINES}
_NOT_IN_NAMES = str.maketrans(dict.fromkeys(r"[]:*?/\'", "_"))


def clean(text: Any) -> str:
    """Text as a cell can hold it."""
    return str(text).translate(_ILLEGAL)[:MOST_CHARACTERS]


def sheet_name(text: str) -> str:
    """Text as the name of a sheet."""
    return clean(text).translate(_NOT_IN_NAMES)[:LONGEST_NAME] or "表"


def foot(text: str) -> str:
    """Text as the left side of a footer, where & would begin a command; cut so that the page numbers still fit."""
    text = clean(text)
    while len(text.replace("&", "&&")) > FOOT_MOST - PAGES_NEED:
        text = text[:-1]
    return text.replace("&", "&&")


def width(text: str) -> int:
    """How many digits wide a text is: a Chinese character is two."""
    return sum(2 if ord(c) > WIDE_FROM else 1 for c in text)


def lines(text: str, room: float) -> int:
    """How many lines a text takes in a column so many digits wide."""
    return sum(max(math.ceil(width(line) / max(room, 1)), 1) for line in text.split("\n"))


def widest(texts: Iterable[str]) -> int:
    """The width of the widest text; 0 of none."""
    return max((width(text) for text in texts), default=0)
