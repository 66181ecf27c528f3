"""The digest of a workbook's answers, by which the journal tells whether the kept file still reads as when it came in; light, for
the processes that read files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from data.hashing import hash_bytes

NUMBERS = ("number", "numerator", "denominator")  # of an answer


def digest_of_answers(answers: Iterable[Mapping[str, Any]]) -> str:
    """Over one workbook's answers in their order, given by their columns without the submission; the same for answers just read
    and for rows of the table."""
    return hash_bytes("\n".join([_text({**answer, **_as_kept(answer)}) for answer in answers]).encode())


def _as_kept(answer: Mapping[str, Any]) -> dict[str, float]:
    """4 is kept as 4.0."""
    return {name: float(answer[name]) for name in NUMBERS if answer[name] is not None}


def _day(value: date) -> str:
    return value.isoformat()


_text = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=_day, check_circular=False).encode
