"""Tells text that a spreadsheet would take for a formula, so that what people typed never runs in an export."""

from __future__ import annotations

from typing import Any

# What Excel, WPS and LibreOffice take for a formula's start; the wide forms some turn into these on input.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# Blanks of every width and invisible characters, which programs drop from the start of a cell.
_BEFORE = (
    " \t\r\n\v\f\u00a0\u00ad\u1680\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
    + "".join(map(chr, range(0x2000, 0x200B)))
)
_CONTROLS = ("\t", "\r", "\n")


def begins_like_formula(text: str) -> bool:
    """Whether a cell with this text could be run: it begins with = + - @, a tab or a line break, blanks aside."""
    return text.startswith(_CONTROLS) or text.lstrip(_BEFORE).startswith(FORMULA_STARTS)


def neutralise(value: Any) -> Any:
    """Text that begins like a formula gets a leading apostrophe; everything else is returned as it is."""
    return "'" + value if isinstance(value, str) and begins_like_formula(value) else value
