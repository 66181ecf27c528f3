"""Finds personal data in text that people type: institutions are assessed here, not persons.

Art. 16 and 36 of the regulation, and the Personal Information Protection Law: no identity number, mobile number or
passport number may enter a workbook that is kept.
"""

from __future__ import annotations

import re
import unicodedata

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from data.short_texts import remembers_short

IDENTITY_NUMBER, MOBILE_NUMBER, PASSPORT_NUMBER = "居民身份证号码", "手机号码", "护照号码"

SHORTEST = 8  # characters, of the three
# Separators people put into long numbers; a hyphen in a document number never makes one of these by chance,
# because the digits on both sides must fit too.
_GAP = r"[ \-]?"
_IDENTITY = re.compile(rf"(?<![0-9A-Za-z])\d{{6}}{_GAP}(?:19|20)\d{{6}}{_GAP}\d{{3}}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(rf"(?<!\d)(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)")
_PASSPORT = re.compile(r"(?<![0-9A-Za-z])[EeGg](?:\d{8}|[A-HJ-NP-Za-hj-np-z]\d{7})(?![0-9A-Za-z])")
_EACH_HAS = re.compile(r"\d{3}[ \-]?\d{4}")  # a date or a document's number hardly ever
_DASHES = str.maketrans("—–―−", "----")
_LONG_NUMBER = (10**17, 10**18)  # an 18-digit number typed into a number cell; the last digits are lost there


def find_personal_data(value: object) -> str:
    """The kind of personal data that a cell's value holds, in Chinese, or an empty string.

    Never returns or logs the data itself.
    """
    if isinstance(value, str):
        return _in_text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _in_number(value)
    return ""


@remembers_short(5_000)
def _in_text(value: str) -> str:
    if len(value) < SHORTEST:
        return ""
    text = _comparable(value)
    if not _EACH_HAS.search(text):
        return ""
    for match in _IDENTITY.finditer(text):
        if _is_identity(re.sub(r"[ \-]", "", match.group()).upper()):
            return IDENTITY_NUMBER
    if _MOBILE.search(text):
        return MOBILE_NUMBER
    return PASSPORT_NUMBER if _PASSPORT.search(text) else ""


def _is_identity(number: str) -> bool:
    """Check digit and date of birth; not the place, for old numbers keep codes of counties that are no more."""
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return False
    return number[-1] == ric.calc_check_digit(number)


def looks_personal(value: object) -> bool:
    """Whether text looks so much like personal data that no message should repeat it, a wrong check digit or not."""
    return bool(find_personal_data(value)) or (
        isinstance(value, str) and bool(_IDENTITY.search(_comparable(value)))
    )


def _comparable(value: str) -> str:
    return unicodedata.normalize("NFKC", value).translate(_DASHES)


def _in_number(value: float) -> str:
    low, high = _LONG_NUMBER
    if not 0 <= value < high:  # also false for NaN
        return ""
    if value >= low:
        head = str(int(value))[:14]
        return (
            IDENTITY_NUMBER
            if re.fullmatch(r"[1-8]\d{5}(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])", head)
            else ""
        )
    is_mobile = value == int(value) and re.fullmatch(r"1[3-9]\d{9}", str(int(value)))
    return MOBILE_NUMBER if is_mobile else ""
