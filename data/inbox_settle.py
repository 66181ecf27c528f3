"""What is left of a file from the inbox once it is taken in: itself in its new place, marked copies, receipts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from data.inbox_folder import (
    ACCEPTED,
    REFUSED,
    Found,
    move_into,
    open_file,
    readable_name,
    write_new,
)
from data.model import Receipt
from data.receipts import name_for_xlsx, receipts_to_xlsx
from data.safe_reading import mark_workbook_safely
from data.unpack import TurnedAway

MARKED, RECEIPTS = "问题标注_", "回执_"
UNSAFE = re.compile(r'[\x00-\x1f\\/:*?"<>|]+')


def move_taken(inbox: Path, file: Found, receipts: Sequence[Receipt], *, at: datetime) -> Path:
    """Move a file to 已接收, or to 退回 where it or a part of it was refused. Raises OSError; then it has not moved."""
    return move_into(
        inbox / _fate(receipts) / f"{at:%Y-%m-%d}" / file.path.relative_to(inbox).parent, file.path
    )


def write_marked(moved: Path, file: Found, receipts: Sequence[Receipt]) -> None:
    """Beside a refused file its marked copy; of a zip's refused members, a folder of them. Raises OSError."""
    folder = moved.with_name(f"{MARKED}{moved.stem}") if file.is_zip else moved.parent
    for receipt, incoming in zip(receipts, open_file(moved, file.shown), strict=False):
        if receipt.status == "refused" and not isinstance(
            incoming, TurnedAway
        ):  # its receipt says all there is
            shown, content = incoming
            name = shown.removeprefix(f"{file.shown}/") if file.is_zip else moved.name
            write_new(folder / _marked_name(name), mark_workbook_safely(content, receipt.problems))


def write_receipts(inbox: Path, receipts: Sequence[Receipt], *, at: datetime) -> None:
    """One workbook that tells what became of every file of a batch. Raises OSError."""
    target = inbox / _fate(receipts) / f"{at:%Y-%m-%d}" / f"{RECEIPTS}{at:%H%M%S}.xlsx"
    write_new(target, receipts_to_xlsx(sorted(receipts, key=lambda receipt: receipt.path)))


def _marked_name(name: str) -> str:
    """The name of a marked copy; of a path in a zip, which nobody can vouch for, one name without steps."""
    return f"{MARKED}{name_for_xlsx(UNSAFE.sub('_', readable_name(name)))}"


def _fate(receipts: Sequence[Receipt]) -> str:
    return REFUSED if any(receipt.status == "refused" for receipt in receipts) else ACCEPTED
