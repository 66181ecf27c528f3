"""One file from bytes to answers and problems; keeps nothing, and its values can travel between processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from data.answer_digest import digest_of_answers
from data.checks import check_identified
from data.hashing import hash_bytes
from data.identity import Identity, read_identity, template_version
from data.model import Answer, Cycle, Unit
from data.problems import Problem, limit_problems, make_problem
from data.sandbox_pipe import Elsewhere
from data.workbook import RawWorkbook, read_workbook
from scoring.scheme import Scheme


@dataclass(frozen=True)
class Examined:
    """One file after reading and checking, before anything is kept."""

    filename: str
    content: bytes
    sha256: str
    unit: str | None
    template_version: str | None
    answers: tuple[Answer, ...]
    problems: tuple[Problem, ...]
    received_at: datetime
    digest: str = ""  # of the answers, where they were read to be kept

    @property
    def is_refused(self) -> bool:
        """An error refuses the whole file; a warning does not."""
        return any(problem.severity == "error" for problem in self.problems)


def examine_file(filename: str, content: bytes, **context: Any) -> Examined:
    """Read and check one file; touches nothing that is kept.

    `context`: scheme, cycle, units (code → unit), expected_unit (None: any) and received_at.
    """
    return _judge(_read(filename, content), **context)


class _Read(NamedTuple):
    """One file whose cells are known; `raw` is None where it cannot be read, `identity` where it does not tell."""

    filename: str
    content: bytes
    raw: RawWorkbook | None
    problems: list[Problem]
    identity: Identity | None


def _read(filename: str, content: bytes) -> _Read:
    raw, problems = read_workbook(content, filename=filename)
    return _Read(filename, content, raw, problems, read_identity(raw) if raw else None)


def _judge(
    read: _Read,
    *,
    scheme: Scheme,
    cycle: Cycle,
    units: Mapping[str, Unit],
    expected_unit: str | None,
    received_at: datetime,
) -> Examined:
    filename, content, raw, problems, identity = read
    unit, answers, version = None, [], None
    if raw is not None:
        version = template_version(identity)
        unit, answers, found = check_identified(
            raw, identity, scheme=scheme, cycle=cycle, units=units, expected_unit=expected_unit
        )
        problems = [*problems, *found]
    if cycle.status == "closed":
        problems = [make_problem("cycle-closed", found=str(cycle.cycle)), *problems]
    elif received_at > cycle.deadline and not any(p.severity == "error" for p in problems):
        late = make_problem(
            "late-submission" if cycle.late == "mark" else "late-refused",
            found=f"{received_at:%Y-%m-%d %H:%M}",
            deadline=f"{cycle.deadline:%Y-%m-%d %H:%M}",
        )
        problems = [late, *problems]  # what concerns the whole file comes first
    return Examined(
        filename=filename,
        content=content,
        sha256=hash_bytes(content),
        unit=unit,
        template_version=version,
        answers=tuple(answers),
        problems=tuple(limit_problems(problems)),
        received_at=received_at,
    )


def examine_to_send(
    files: Sequence[tuple[str, bytes, datetime]], *, units: Mapping[str, Unit], **context: Any
) -> list[Examined]:
    """As `examine_file` for each file, given with the moment it came, without what the one who asked has or does not need:
    the content, a refused file's answers."""
    read = [_read(name, content) for name, content, _ in files]
    if isinstance(units, Elsewhere):
        units.fetch(each.identity.unit for each in read if each.identity)
    examined = [
        _judge(each, units=units, received_at=at, **context)
        for each, (_, _, at) in zip(read, files, strict=True)
    ]
    return [replace(each, content=b"", **_kept_of(each)) for each in examined]


def _kept_of(file: Examined) -> dict[str, Any]:
    if file.is_refused:
        return {"answers": ()}
    return {"digest": digest_of_answers(map(vars, file.answers))}
