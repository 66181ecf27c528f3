"""What is left of a file from the inbox once it is taken in: itself in its new place, marked copies, receipts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from data.inbox_folder import ACCEPTED, REFUSED, Found, move_into, write_new
from data.intake import iter_files
from data.mark import mark_workbook
from data.model import Receipt
from data.receipts import receipts_to_xlsx, safe_stem

MARKED, RECEIPTS = "问题标注_", "回执_"


def move_taken(inbox: Path, file: Found, receipts: Sequence[Receipt], *, at: datetime) -> Path:
    """Move a file to 已接收, or to 退回 where it or a part of it was refused. Raises OSError; then it has not moved."""
    return move_into(
        inbox / _fate(receipts) / f"{at:%Y-%m-%d}" / file.path.relative_to(inbox).parent, file.path
    )


def write_marked(moved: Path, receipts: Sequence[Receipt]) -> None:
    """Beside a refused file its marked copy; of a zip's refused members, a folder of them. Raises OSError."""
    folder = moved.with_name(f"{MARKED}{moved.stem}") if moved.suffix.lower() == ".zip" else moved.parent
    for receipt, (path, content) in zip(
        receipts, iter_files([moved]), strict=False
    ):  # an empty zip has no members
        if receipt.status == "refused":
            name = "_".join(safe_stem(path.partition("/")[2] or path).parts)
            write_new(folder / f"{MARKED}{name}.xlsx", mark_workbook(content, receipt.problems))


def write_receipts(inbox: Path, receipts: Sequence[Receipt], *, at: datetime) -> None:
    """One workbook that tells what became of every file of a batch. Raises OSError."""
    target = inbox / _fate(receipts) / f"{at:%Y-%m-%d}" / f"{RECEIPTS}{at:%H%M%S}.xlsx"
    write_new(target, receipts_to_xlsx(sorted(receipts, key=lambda receipt: receipt.path)))


def _fate(receipts: Sequence[Receipt]) -> str:
    return REFUSED if any(receipt.status == "refused" for receipt in receipts) else ACCEPTED
