"""Taking files in: read, check, keep, commit, and a receipt for every file whatever became of it.

An accepted file's bytes are on the disk before the database hears of them (docs/decisions.md); of a refused file only
the fact and its problems are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from data.examine import Examined
from data.model import Cycle, Receipt
from data.problems import make_problem
from data.queries.ask import whole_text
from data.reading import Context
from data.registered import RegisteredUnits
from data.safe_reading import examine_files
from data.scoped import ScopedStore
from data.store import Store
from data.transaction import Transaction
from data.unpack import Incoming, expand_upload, iter_files
from data.workbook_files import Ahead, WorkbookFiles

__all__ = ["expand_upload", "iter_files", "keep_examined", "take_in", "take_in_many"]

# One commit for so many files in bulk: a commit costs a disk sync, and so many parsed files fit in memory easily.
FILES_PER_COMMIT = 200
HELD_BACK = {"ruled": "already-in-review", "closed": "review-closed"}
BYTES_PER_COMMIT = 32 * 1024 * 1024  # fewer where they are large


def take_in(
    store: Store | ScopedStore,
    *,
    filename: str,
    content: bytes,
    cycle: int,
    expected_unit: str | None = None,
    received_at: datetime | None = None,
) -> Receipt:
    """Take in one workbook; `expected_unit` refuses another unit's. Raises UnknownCycleError, never for a bad file."""
    return take_in_many(
        store, [(filename, content)], cycle=cycle, expected_unit=expected_unit, received_at=received_at
    )[0]


def take_in_many(
    store: Store | ScopedStore,
    files: Iterable[Incoming],
    *,
    cycle: int,
    expected_unit: str | None = None,
    received_at: datetime | Sequence[datetime] | None = None,
    progress: Callable[[int], None] | None = None,
    refused: Callable[[int, bytes], None] | None = None,
) -> list[Receipt]:
    """Take in workbooks in the given order; one receipt per file, in that order.

    `received_at`: one moment for all, one per file, or now. `progress` hears how many files are done, `refused` the
    position and the bytes of each refused file. Files are read in the sandbox, several at once.
    Raises UnknownCycleError; a bad file is a refused receipt, never an exception.
    """
    context = store.whole.context(cycle)  # before what is read under it
    as_of, opened, scheme = context.version, context.cycle, context.scheme
    units = RegisteredUnits(store, cycle=cycle)
    moments = iter(received_at) if isinstance(received_at, Sequence) else None
    arriving = ((file, next(moments) if moments else received_at or datetime.now()) for file in files)
    receipts: list[Receipt] = []
    batch: list[Examined] = []
    n_bytes = 0
    with store.files.writing_ahead() as ahead:
        for file in examine_files(
            arriving, scheme=scheme, cycle=opened, units=units, expected_unit=expected_unit
        ):
            file = _told_of_scope(store, cycle, file)
            if file.is_refused:
                if refused:
                    refused(len(receipts) + len(batch), file.content)
                file = replace(file, content=b"")
            else:
                ahead.put(file.sha256, file.content)
            batch.append(file)
            n_bytes += len(file.content)
            if progress:
                progress(len(receipts) + len(batch))
            if len(batch) >= FILES_PER_COMMIT or n_bytes >= BYTES_PER_COMMIT:
                receipts += keep_examined(store, cycle=cycle, examined=batch, as_of=as_of, ahead=ahead)
                batch, n_bytes = [], 0
        if batch:
            receipts += keep_examined(store, cycle=cycle, examined=batch, as_of=as_of, ahead=ahead)
    return receipts


def _told_of_scope(store: Store | ScopedStore, cycle: int, file: Examined) -> Examined:
    """A unit that is registered, but not among those that the sender may send for, is not "not registered"."""
    is_unknown = any(problem.code == "unit-not-registered" for problem in file.problems)
    if not (is_unknown and file.unit and store.is_elsewhere(cycle=cycle, unit=file.unit)):
        return file
    said = [
        make_problem("unit-out-of-scope", sheet=problem.sheet, cell=problem.cell, found=file.unit)
        if problem.code == "unit-not-registered"
        else problem
        for problem in file.problems
    ]
    return replace(file, problems=tuple(said))


def keep_examined(
    store: Store | ScopedStore,
    *,
    cycle: int,
    examined: Sequence[Examined],
    as_of: int,
    ahead: Ahead | None = None,
) -> list[Receipt]:
    """Bytes to disk, as far as they were not written `ahead`, and one transaction with everything the files brought, which counts
    only once they are there; receipts only after the commit.

    `as_of`: the context version (`Reading.context_version`) that the files were examined under. What was examined under
    another than the present one is examined again: a submission must read the same whenever it is read again.
    """
    head = store.whole.journal.head
    kept = _kept_sheets(store, cycle, examined)
    examined = _held_back(examined, kept)  # before the bytes of what is not taken are kept
    contents = [file.content for file in examined if not file.is_refused]
    receipts = []
    with _keeping_files(store.files, contents, ahead) as kept_files, store.write() as transaction:
        transaction.only_after(kept_files)
        context = store.whole.context(cycle)
        if context.version != as_of:
            examined = _examined_again(store, context, examined)
        if store.whole.journal.head != head:  # something was written since
            kept = _kept_sheets(store, cycle, examined)
            examined = _held_back(examined, kept)
        known = {unit: sheet.sha256 for unit, sheet in kept.items()}
        for file in examined:
            already_kept = not file.is_refused and file.sha256 == known.get(file.unit)
            if already_kept:
                file = replace(file, problems=(make_problem("already-received", found=file.filename),))
            submission = None
            if not already_kept and not file.is_refused:
                submission = _keep_submission(transaction, context, file)
                known[file.unit] = file.sha256
            receipts.append(_keep_receipt(transaction, context.cycle, file, submission))
    return receipts


@contextmanager
def _keeping_files(
    files: WorkbookFiles, contents: Sequence[bytes], ahead: Ahead | None
) -> Iterator[Callable[[], object]]:
    """Files go to the disk beside the block; what it gets waits until they are there, and raises StoreError where they are not."""

    def keep() -> None:
        files.keep_all(contents, ahead=ahead)
        if ahead:
            ahead.clear()  # what is held back

    with ThreadPoolExecutor(1, "keep-files") as beside:
        yield beside.submit(keep).result


def _examined_again(
    store: Store | ScopedStore, context: Context, examined: Sequence[Examined]
) -> list[Examined]:
    """Files that would be kept, under what holds now; a refused one stays refused for what was found."""
    kept = [file for file in examined if not file.is_refused]
    arriving = (((file.filename, file.content), file.received_at) for file in kept)
    units = RegisteredUnits(store, cycle=context.cycle.cycle)
    again = examine_files(arriving, scheme=context.scheme, cycle=context.cycle, units=units)
    return [file if file.is_refused else next(again) for file in examined]


class _KeptSheet(NamedTuple):
    """A unit's newest workbook: its hash, None where it has none, and why it cannot be replaced, None where it can."""

    sha256: str | None
    reason: str | None


def _kept_sheets(
    store: Store | ScopedStore, cycle: int, examined: Sequence[Examined]
) -> dict[str, _KeptSheet]:
    """What is kept of the units of this batch; whether a file was received already does not depend on who asks."""
    units = sorted({file.unit for file in examined if file.unit and not file.is_refused})
    if not units:
        return {}
    rows = store.whole.rows(whole_text("kept_sheets"), cycle=cycle, units=units)
    return {unit: _KeptSheet(sha256, reason) for unit, sha256, reason in rows}


def _held_back(examined: Sequence[Examined], kept: Mapping[str, _KeptSheet]) -> list[Examined]:
    """Files of units whose workbook was ruled on or whose first stage is closed are refused, unless it was sent back: a
    ruling belongs to its workbook, and must not be lost in silence. The same file again is only received again."""

    def judged(file: Examined) -> Examined:
        sheet = None if file.is_refused else kept.get(file.unit)
        if not sheet or not sheet.reason or sheet.sha256 == file.sha256:
            return file
        problem = make_problem(HELD_BACK[sheet.reason], found=file.unit)
        return replace(file, problems=(*file.problems, problem))

    return [judged(file) for file in examined]


def _keep_submission(transaction: Transaction, context: Context, file: Examined) -> int:
    cycle = context.cycle
    submission = transaction.record("submission", cycle=cycle.cycle, detail=f"{file.unit} {file.sha256}")
    transaction.add(
        "submission",
        {
            "submission": submission,
            "cycle": cycle.cycle,
            "unit": file.unit,
            "sha256": file.sha256,
            "filename": file.filename,
            "size_bytes": len(file.content),
            "scheme_id": context.scheme.id,
            "version": context.scheme.version,
            "received_at": file.received_at,
            "is_late": file.received_at > cycle.deadline,
        },
    )
    answers = [{"submission": submission, **vars(answer)} for answer in file.answers]
    transaction.append_answers(submission, answers, digest=file.digest)
    return submission


def _keep_receipt(transaction: Transaction, cycle: Cycle, file: Examined, submission: int | None) -> Receipt:
    severities = [problem.severity for problem in file.problems]
    status = "refused" if "error" in severities else "warned" if "warning" in severities else "accepted"
    seq = transaction.record("receipt", cycle=cycle.cycle, detail=f"{status} {file.sha256}")
    transaction.audit(
        "upload",
        object=file.filename,
        outcome="refused" if status == "refused" else "ok",
        detail=f"{file.unit or ''} {file.sha256}".strip(),
        cycle=cycle.cycle,
    )
    receipt = Receipt(
        path=file.filename,
        sha256=file.sha256,
        status=status,
        unit=file.unit,
        problems=file.problems,
        template_version=file.template_version,
        submission=submission,
        at=file.received_at,
    )
    transaction.add(
        "receipt",
        {
            "receipt": seq,
            "cycle": cycle.cycle,
            "filename": file.filename,
            "sha256": file.sha256,
            "status": status,
            "unit": file.unit,
            "template_version": file.template_version,
            "submission": submission,
            "errors": severities.count("error"),
            "warnings": severities.count("warning"),
            "recorded_at": file.received_at,
            "account": transaction.actor.account,
            "origin": transaction.actor.origin,
        },
    )
    for position, problem in enumerate(file.problems):
        transaction.add(
            "problem",
            {
                "receipt": seq,
                "position": position,
                "code": problem.code,
                "severity": problem.severity,
                "sheet": problem.sheet,
                "cell": problem.cell,
                "message": problem.message,
                "fix": problem.fix,
            },
        )
    return receipt
