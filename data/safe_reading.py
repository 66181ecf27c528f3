"""Everything that meets a stranger's file, in the sandbox: examining, reading a register, marking a refused workbook.

What the sandbox had to stop, and what failed for a fault of the program, becomes a problem of the file, told to people
like any other; one file never holds up the others.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from data.account_sheet import AccountRow, read_account_sheet
from data.course.answer_form import FormTask, read_answer_form
from data.course.tasks import TaskAnswer
from data.examine import Examined, examine_file, examine_to_send
from data.guards import MAX_FILE_BYTES
from data.hashing import hash_bytes
from data.mark import list_problems, mark_workbook
from data.model import Cycle, Unit
from data.problems import Problem, make_problem
from data.regions import Region
from data.register import read_register
from data.review_sheet import SheetRuling, read_review_sheet
from data.sandbox import TIMEOUT_S, Asked, Kept, Overrun, Ready, TaskFault, get_sandbox
from data.scheme_sheet import read_scheme_sheet
from data.unpack import Incoming, TurnedAway, clean_name
from scoring.scheme import Scheme

# Handed over one by one, small files keep the program as busy as the workers; what shares a task shares its time limit.
FILES_PER_TASK, BYTES_PER_TASK = 4, 256 * 1024
STOPPED = "reading-"  # with the kind of an Overrun, the code of the problem that it becomes
LOG = logging.getLogger("assessment")


def examine_files(
    files: Iterable[tuple[Incoming, datetime]],
    *,
    scheme: Scheme,
    cycle: Cycle,
    units: Mapping[str, Unit],
    expected_unit: str | None = None,
) -> Iterator[Examined]:
    """Each file, given with the moment it came, read and checked as `examine_file` does, in the same order.

    Several at once; only so many are taken ahead that memory stays flat. A few share a task; where that is stopped or
    fails, each of them gets one of its own, so that none is told what another did.
    """
    given = {"scheme": scheme, "cycle": cycle, "units": units, "expected_unit": expected_unit}
    sent = given | {"scheme": Kept(scheme), "units": Asked(units)}
    waiting: deque[list[_Arrived]] = deque()

    def call(group: Iterable[_Arrived]) -> Mapping[str, object] | Ready:
        unread = [(file.name, file.content, file.at) for file in group if not file.verdict]
        return {"files": unread, **sent} if unread else Ready([])

    def calls() -> Iterator[Mapping[str, object] | Ready]:
        for group in _groups(_arrived(files, given)):
            waiting.append(group)
            yield call(group)

    def each_alone(group: Iterable[_Arrived]) -> list[Examined | Overrun | TaskFault]:
        outcomes = get_sandbox().map(examine_to_send, (call([file]) for file in group))
        return [outcome[0] if isinstance(outcome, list) else outcome for outcome in outcomes]

    for outcome in get_sandbox().map(examine_to_send, calls()):
        group = waiting.popleft()
        unread = [file for file in group if not file.verdict]
        if not isinstance(outcome, list):
            outcome = [outcome] if len(unread) == 1 else each_alone(unread)
        found = iter(outcome)
        for file in group:
            verdict = file.verdict or next(found)
            if isinstance(verdict, Examined):
                yield replace(verdict, content=file.content)
            else:
                problem = verdict if isinstance(verdict, Problem) else _problem_of(verdict, file.content)
                yield _refused(file.name, file.content, problem, file.at)


class _Arrived(NamedTuple):
    """A file and the moment it came; `verdict` is known of one that need not be read."""

    name: str
    content: bytes
    at: datetime
    verdict: Examined | Problem | None = None


def _arrived(files: Iterable[tuple[Incoming, datetime]], given: Mapping[str, object]) -> Iterator[_Arrived]:
    for incoming, at in files:
        if isinstance(incoming, TurnedAway):
            yield _Arrived(clean_name(incoming.filename), b"", at, incoming.problem)
            continue
        name, content = clean_name(incoming[0]), incoming[1]
        if len(content) > MAX_FILE_BYTES:  # refused by its size alone: no need to send it anywhere
            yield _Arrived(name, content, at, examine_file(name, content, received_at=at, **given))
        else:
            yield _Arrived(name, content, at)


def _groups(files: Iterable[_Arrived]) -> Iterator[list[_Arrived]]:
    """Files that share a task, in their order."""
    group: list[_Arrived] = []
    n_bytes = 0
    for file in files:
        if group and (len(group) == FILES_PER_TASK or n_bytes + len(file.content) > BYTES_PER_TASK):
            yield group
            group, n_bytes = [], 0
        group.append(file)
        n_bytes += len(file.content)
    if group:
        yield group


def read_register_safely(
    content: bytes, *, scheme: Scheme, regions: Sequence[Region], filename: str = ""
) -> tuple[list[Unit], list[Problem]]:
    """As `read_register`."""
    kept = {"scheme": scheme, "regions": regions}
    return _read_list_safely(read_register, content, filename=filename, kept=kept)


def read_account_sheet_safely(
    content: bytes, *, roles: Mapping[str, str], regions: Sequence[Region], filename: str = ""
) -> tuple[list[AccountRow], list[Problem]]:
    """As `read_account_sheet`."""
    kept = {"regions": regions}
    return _read_list_safely(read_account_sheet, content, filename=filename, kept=kept, roles=dict(roles))


def read_review_sheet_safely(
    content: bytes, *, scheme: Scheme, cycle: int, filename: str = ""
) -> tuple[list[SheetRuling], list[Problem]]:
    """As `read_review_sheet`."""
    kept = {"scheme": scheme}
    return _read_list_safely(read_review_sheet, content, filename=filename, kept=kept, cycle=cycle)


def read_answer_form_safely(
    content: bytes, *, tasks: Mapping[str, FormTask], today: date, filename: str = ""
) -> tuple[list[TaskAnswer], list[Problem]]:
    """As `read_answer_form`."""
    given = {"tasks": dict(tasks), "today": today}
    return _read_list_safely(read_answer_form, content, filename=filename, kept={}, **given)


def read_scheme_sheet_safely(content: bytes, *, scheme: Scheme, filename: str = ""):
    """As `read_scheme_sheet`."""
    found, problems = _read_list_safely(
        read_scheme_sheet, content, filename=filename, kept={"scheme": scheme}
    )
    return found or None, problems


def _read_list_safely(function, content: bytes, *, filename: str, kept: Mapping, **given):
    """A reader of a list as it runs in the sandbox; what is `kept` is sent to a worker once."""
    if len(content) > MAX_FILE_BYTES:
        return function(content, **kept, **given)
    sent = {name: Kept(value) for name, value in kept.items()}
    outcome = _outcome(function, content, **sent, **given, filename=filename)
    return outcome if isinstance(outcome, tuple) else ([], [_problem_of(outcome, content)])


def mark_workbook_safely(content: bytes, problems: Sequence[Problem]) -> bytes:
    """As `mark_workbook`; the list of problems alone where marking had to be stopped."""
    was_stopped = any(problem.code.startswith(STOPPED) for problem in problems)
    if was_stopped or not 0 < len(content) <= MAX_FILE_BYTES:  # no use in reading it once more
        return list_problems(problems)
    outcome = _outcome(mark_workbook, content, tuple(problems))
    if isinstance(outcome, bytes):
        return outcome
    _log(outcome, content)
    return list_problems(problems)


def _outcome(function, /, *args, **kwargs):
    try:
        return get_sandbox().call(function, *args, **kwargs)
    except TaskFault as fault:
        return fault


def _problem_of(outcome: Overrun | TaskFault, content: bytes) -> Problem:
    _log(outcome, content)
    if isinstance(outcome, TaskFault):
        return make_problem("reader-fault")
    return make_problem(f"{STOPPED}{outcome.kind}", limit=f"{TIMEOUT_S:g}")


def _log(outcome: Overrun | TaskFault, content: bytes) -> None:
    """What happened, for whoever runs the service; the file by its hash, which its receipt has too."""
    if isinstance(outcome, TaskFault):
        LOG.error("处理文件 %s 时出错：\n%s", hash_bytes(content), outcome)
    else:
        LOG.warning("读取文件 %s 时停止：%s %s", hash_bytes(content), outcome.kind, outcome.detail)


def _refused(filename: str, content: bytes, problem: Problem, at: datetime) -> Examined:
    """A file of which nothing is known but why it is refused; one that was never read has no hash."""
    return Examined(
        filename=filename,
        content=content,
        sha256=hash_bytes(content) if content else "",
        unit=None,
        template_version=None,
        answers=(),
        problems=(problem,),
        received_at=at,
    )
