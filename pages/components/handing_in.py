"""What 自评填报 does with files: workbooks out as a zip, uploads in through the intake, receipts as rows; no widget."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from data.intake import take_in_many
from data.model import Cycle, Receipt, Unit
from data.receipts import marked_zip
from data.regions import region_path
from data.safe_reading import mark_workbook_safely
from data.scoped import ScopedStore
from data.template import build_template, write_templates
from data.unpack import FOLDER_SUFFIXES, HIDDEN_STARTS, Incoming, Sent
from scoring.scheme import Scheme

ALREADY = "already-received"
FATES = {"accepted": "已接收", "warned": "已接收（有提醒）", "refused": "退回"}
HASH_SHOWN = 12  # characters of a SHA-256 on the screen; the file of receipts has all 64
# Refused files stay in the session for their marked copies, so many bytes of them; of others there is the list alone.
MOST_KEPT_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class HandedIn:
    """One upload's outcome: a receipt per file, and the refused ones' bytes for their marked copies (empty: not kept)."""

    cycle: int
    receipts: tuple[Receipt, ...]
    refused: Mapping[int, bytes] = field(default_factory=dict)
    passed_over: int = 0

    def count(self, status: str) -> int:
        """How many files met this fate."""
        return sum(r.status == status for r in self.receipts)


def one_template(store: ScopedStore, *, cycle: int, unit: Unit) -> bytes:
    """One unit's workbook."""
    opened = store.cycle(cycle)
    return build_template(
        store.scheme(cycle),
        cycle=cycle,
        unit=unit,
        region_path=region_path(unit.region),
        deadline=opened.deadline,
    )


def zip_templates(
    scheme: Scheme, *, cycle: Cycle, units: Sequence[Unit], progress: Callable[[int, int], None]
) -> bytes:
    """The workbooks of the given units as one zip, in a folder per prefecture; `progress` hears (done, all)."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        write_templates(
            scheme,
            cycle=cycle.cycle,
            units=units,
            region_paths={u.region: region_path(u.region) for u in units},
            out=out,
            deadline=cycle.deadline,
            progress=progress,
        )
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:  # an xlsx is compressed already
            for path in sorted(out.rglob("*.xlsx")):
                archive.write(path, path.relative_to(out).as_posix())
    return packed.getvalue()


@dataclass(frozen=True)
class Uploads:
    """What was uploaded, as the files in it: how many there are is known, each is opened when its turn comes."""

    sent: tuple[Sent, ...]
    passed_over: int

    def __len__(self) -> int:
        return sum(map(len, self.sent))

    def __iter__(self) -> Iterator[Incoming]:
        for each in self.sent:
            yield from each


def open_uploads(uploads: Iterable, *, is_folder: bool) -> Uploads:
    """The uploaded files, with zips opened.

    Office's lock files and hidden files are never wanted; of a folder only workbooks and zips are, since proofs and
    notes lie beside them.
    """
    sent, passed_over = [], 0
    for upload in uploads:
        path = Path(upload.name)
        if path.name.startswith(HIDDEN_STARTS) or (is_folder and path.suffix.lower() not in FOLDER_SUFFIXES):
            passed_over += 1
        else:
            sent.append(Sent(upload.name, upload.getvalue()))
    return Uploads(tuple(sent), passed_over)


def hand_in(
    store: ScopedStore,
    uploads: Uploads,
    *,
    cycle: int,
    expected_unit: str | None = None,
    progress: Callable[[int], None],
) -> HandedIn:
    """Take the files in, of `expected_unit` only where it is given; `progress` hears how many are done.

    Raises UnknownCycleError.
    """
    refused: dict[int, bytes] = {}
    room = MOST_KEPT_BYTES

    def keep(number: int, content: bytes) -> None:
        nonlocal room
        refused[number] = content if len(content) <= room else b""
        room -= len(refused[number])

    receipts = take_in_many(
        store, uploads, cycle=cycle, expected_unit=expected_unit, progress=progress, refused=keep
    )
    return HandedIn(cycle=cycle, receipts=tuple(receipts), refused=refused, passed_over=uploads.passed_over)


def receipt_rows(handed_in: HandedIn, *, names: Mapping[str, str]) -> pd.DataFrame:
    """One row per file: path, unit_name, unit, template_version (without the scheme), hash, fate, errors, warnings, first (problem)."""
    return pd.DataFrame(
        [
            {
                "path": r.path,
                "unit_name": names.get(r.unit or "", ""),
                "unit": r.unit or "",
                "template_version": (r.template_version or "").rsplit("/", 1)[-1],
                "hash": r.sha256[:HASH_SHOWN],
                "fate": fate(r),
                "errors": sum(p.severity == "error" for p in r.problems),
                "warnings": sum(p.severity == "warning" for p in r.problems),
                "first": r.problems[0].message if r.problems else "",
            }
            for r in handed_in.receipts
        ]
    )


def fate(receipt: Receipt) -> str:
    """What became of a file, in words."""
    if any(p.code == ALREADY for p in receipt.problems):
        return "已接收（此前已收）"
    return FATES[receipt.status]


def problem_rows(receipts: Iterable[Receipt]) -> pd.DataFrame:
    """One row per problem of all files: path, severity, sheet, cell, message, fix, code; refused files first."""
    ordered = sorted(receipts, key=lambda r: r.status != "refused")
    rows = [{"path": r.path, **_problem(p)} for r in ordered for p in r.problems]
    return pd.DataFrame(rows, columns=["path", "severity", "sheet", "cell", "message", "fix", "code"])


def marked_copy(receipt: Receipt, content: bytes) -> bytes:
    """A refused file with its bad cells marked and a list of its problems."""
    return mark_workbook_safely(content, receipt.problems)


def marked_copies(handed_in: HandedIn) -> bytes:
    """Every refused file's marked copy in one zip."""
    return marked_zip(
        (handed_in.receipts[n].path, marked_copy(handed_in.receipts[n], content))
        for n, content in handed_in.refused.items()
    )


def _problem(problem) -> dict[str, str]:
    return {name: getattr(problem, name) for name in ("severity", "sheet", "cell", "message", "fix", "code")}
