"""How much room a text takes on a slide, estimated without fonts; shrinks it within bounds, then wraps, then cuts it.

A Chinese character is one em wide, a Latin one about 0.55. The estimate errs on the wide side, since a deck is shown with
whatever font the machine has.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LINE = 1.25  # of the font size, from one line to the next; written into the file, so that every program keeps to it
EMU_PER_PT = 12700
LATIN_EM, CAPITAL_EM, EMOJI_EM = 0.57, 0.78, 1.4
CAPITALS = frozenset("ABCDEFGHKLNOPQRSTUVXYZ&w+=<>")
WIDE_LATIN = frozenset("WM@%m")  # as wide as a Chinese character
UNSEEN = {"Cc", "Cf", "Cs", "Cn"}
FIRST_EMOJI = 0x1F000
SLACK = 0.97  # of a line: what may not begin a line takes its neighbour along
_TOKEN = re.compile(r"[\u0021-\u024f]+|\s+|.", re.DOTALL)


def plain_line(text: object) -> str:
    """Text from outside as one line, without what cannot be seen: controls, and marks that turn the direction of text."""
    words = " ".join(str(text).split())
    if words.isprintable():
        return words
    return "".join(each for each in words if unicodedata.category(each) not in UNSEEN)


@lru_cache(maxsize=4096)
def width_em(text: str) -> float:
    """The text's width on one line, in em."""
    return sum(map(_character_em, text))


@lru_cache(maxsize=1024)
def _character_em(character: str) -> float:
    if ord(character) >= FIRST_EMOJI:
        return EMOJI_EM
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if character in WIDE_LATIN:
        return 1.0
    return CAPITAL_EM if character in CAPITALS else LATIN_EM


def count_lines(text: str, *, width_pt: float, size: float) -> int:
    """Lines that the text takes when it is wrapped to a width: between Chinese characters, else at spaces, and within a
    word that is wider than the line."""
    room = max(width_pt * SLACK / size, EMOJI_EM)
    lines, used = 1, 0.0
    for token in _TOKEN.findall(text):
        wide = width_em(token)
        if used + wide <= room or token.isspace():
            used = min(used + wide, room)
        elif wide <= room:
            lines, used = lines + 1, wide
        else:
            for character in token:
                wide = _character_em(character)
                if used + wide > room:
                    lines, used = lines + 1, 0.0
                used += wide
    return lines


def height_pt(text: str, *, width_pt: float, size: float) -> float:
    """The wrapped text's height."""
    return count_lines(text, width_pt=width_pt, size=size) * size * LINE


def fit_text(text: str, *, width_pt: float, height: float, size: float, least: float) -> tuple[str, float]:
    """The text, cut only where it must be, and the largest size from `size` down to `least` at which it fits."""
    text = plain_line(text)
    at = size
    while at > least and height_pt(text, width_pt=width_pt, size=at) > height:
        at = max(at - 1, least)
    lines = max(int(height / (at * LINE) + 1e-6), 1)
    return cut_text(text, width_pt=width_pt, size=at, lines=lines), at


def cut_text(text: str, *, width_pt: float, size: float, lines: int = 1) -> str:
    """The text cut to so many lines, the last character an ellipsis where something is missing."""
    text = plain_line(text)
    if count_lines(text, width_pt=width_pt, size=size) <= lines:
        return text
    low, high = 0, len(text)
    while low < high:  # the most characters that fit with the ellipsis
        middle = (low + high + 1) // 2
        if count_lines(text[:middle].rstrip() + "…", width_pt=width_pt, size=size) <= lines:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


def cut_middle(text: str, *, width_pt: float, size: float) -> str:
    """The text cut to one line with the ellipsis in its middle, for names that differ at their ends only."""
    text = plain_line(text)
    if count_lines(text, width_pt=width_pt, size=size) <= 1:
        return text
    kept = len(text) - 1
    while kept > 1:
        end = kept // 2
        shown = f"{text[: kept - end]}…{text[-end:]}"
        if count_lines(shown, width_pt=width_pt, size=size) <= 1:
            return shown
        kept -= 1
    return "…"
