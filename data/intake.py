"""Taking files in: read, check, keep, commit, and a receipt for every file whatever became of it.

An accepted file's bytes are on the disk before the database hears of them (docs/decisions.md); of a refused file only
the fact and its problems are kept.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from data.examine import Examined, examine_file
from data.model import Cycle, Receipt
from data.problems import make_problem
from data.scoped import ScopedStore
from data.store import Store
from data.transaction import Transaction
from scoring.scheme import Scheme

# One commit for so many files in bulk: a commit costs a disk sync, and so many parsed files fit in memory easily.
FILES_PER_COMMIT = 100
ZIP_MEMBER_LIMIT = 20_000
ZIP_EXPANDED_LIMIT = 2 * 1024**3


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
    files: Iterable[tuple[str, bytes]],
    *,
    cycle: int,
    expected_unit: str | None = None,
    received_at: datetime | Sequence[datetime] | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Receipt]:
    """Take in workbooks in the given order; one receipt per file, in that order.

    `received_at`: one moment for all, one per file, or now. `progress` hears how many files are done.
    Raises UnknownCycleError; a bad file is a refused receipt, never an exception.
    """
    opened = store.cycle(cycle)
    scheme = store.scheme(cycle)
    units = store.units(cycle=cycle)
    moments = iter(received_at) if isinstance(received_at, Sequence) else None
    stream = iter(files)
    receipts: list[Receipt] = []
    while batch := list(islice(stream, FILES_PER_COMMIT)):
        examined = []
        for filename, content in batch:
            moment = next(moments) if moments else received_at or datetime.now()
            examined.append(
                examine_file(
                    filename,
                    content,
                    scheme=scheme,
                    cycle=opened,
                    units=units,
                    expected_unit=expected_unit,
                    received_at=moment,
                )
            )
            if progress:
                progress(len(receipts) + len(examined))
        receipts += keep_examined(store, cycle=cycle, examined=examined)
    return receipts


def iter_files(paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Every workbook under the given files, folders and zips as (path shown to the user, bytes), in sorted order.

    Office lock files (~$…) and hidden files are passed over. Raises FileNotFoundError for a path that is not there.
    """
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith((".", "~$")))
            for file in inside:
                if file.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".zip"):
                    yield from _open_file(file, str(file.relative_to(path)))
        else:
            yield from _open_file(path, path.name)


def expand_upload(filename: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """An uploaded file as itself, or each workbook in it when it is a zip of workbooks."""
    if not filename.lower().endswith(".zip"):
        yield filename, content
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and not _is_hidden(m.filename)]
            if len(members) > ZIP_MEMBER_LIMIT or sum(m.file_size for m in members) > ZIP_EXPANDED_LIMIT:
                yield filename, content
                return
            for member in sorted(members, key=lambda m: _member_name(m)):
                yield f"{filename}/{_member_name(member)}", archive.read(member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        # handed on as it is, so that the reader refuses it with a problem like any other file
        yield filename, content


def _open_file(path: Path, shown: str) -> Iterator[tuple[str, bytes]]:
    yield from expand_upload(shown, path.read_bytes())


def _is_hidden(name: str) -> bool:
    base = name.rsplit("/", 1)[-1]
    return base.startswith((".", "~$")) or name.startswith("__MACOSX/")


def _member_name(member: zipfile.ZipInfo) -> str:
    """A member's name; Chinese Windows zips write GBK without saying so, which zipfile reads as cp437."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gbk")
    except UnicodeError:
        return member.filename


def keep_examined(store: Store | ScopedStore, *, cycle: int, examined: Sequence[Examined]) -> list[Receipt]:
    """Bytes to disk, then one transaction with everything the files brought; receipts only after the commit."""
    opened, scheme = store.cycle(cycle), store.scheme(cycle)
    for file in examined:
        if not file.is_refused:
            store.files.keep(file.content)
    receipts = []
    with store.write() as transaction:
        known = _known_hashes(store, cycle, examined)
        for file in examined:
            already_kept = not file.is_refused and (file.unit, file.sha256) == known.get(file.unit)
            if already_kept:
                file = replace(file, problems=(make_problem("already-received", found=file.filename),))
            submission = None
            if not already_kept and not file.is_refused:
                submission = _keep_submission(transaction, opened, scheme, file)
                known[file.unit] = (file.unit, file.sha256)
            receipts.append(_keep_receipt(transaction, opened, file, submission))
    return receipts


def _known_hashes(
    store: Store | ScopedStore, cycle: int, examined: Sequence[Examined]
) -> dict[str | None, tuple[str | None, str]]:
    """Unit → (unit, hash of its current workbook), for the units of this batch."""
    units = sorted({file.unit for file in examined if file.unit and not file.is_refused})
    return {unit: (unit, sha256) for unit, sha256 in store.current_hashes(cycle=cycle, units=units).items()}


def _keep_submission(transaction: Transaction, cycle: Cycle, scheme: Scheme, file: Examined) -> int:
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
            "scheme_id": scheme.id,
            "version": scheme.version,
            "received_at": file.received_at,
            "is_late": file.received_at > cycle.deadline,
        },
    )
    for answer in file.answers:
        transaction.add("answer", {"submission": submission, **asdict(answer)})
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
