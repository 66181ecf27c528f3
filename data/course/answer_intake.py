"""Takes a filled 整改情况报告表 in: read in the sandbox, all problems at once, kept whole, every answer of it or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.course.answer_form import FormTask
from data.course.tasks import TaskAnswer, answer_tasks
from data.problems import Problem, has_errors
from data.safe_reading import read_answer_form_safely
from data.scoped import ScopedStore
from data.store import Store
from data.unpack import clean_name


@dataclass(frozen=True)
class AnswersTaken:
    """What became of a form: its answers (none where a problem is an error), its problems by place, its SHA-256 if kept."""

    answers: tuple[TaskAnswer, ...]
    problems: tuple[Problem, ...]
    sha256: str = ""


def take_in_answers(
    store: Store | ScopedStore,
    *,
    cycle: int,
    content: bytes,
    filename: str,
    today: date,
    unit: str | None = None,
) -> AnswersTaken:
    """Read a form and hand in what it says, for the tasks in reach, of one `unit` only where it is given.

    Nothing of a form with an error is recorded. Raises StoreError where a task was moved meanwhile; then nothing is either.
    """
    filename = clean_name(filename)
    tasks = {task: each for task, each in form_tasks(store, cycle=cycle).items() if unit in (None, each.unit)}
    answers, problems = read_answer_form_safely(content, tasks=tasks, today=today, filename=filename)
    if has_errors(problems):
        return AnswersTaken((), tuple(problems))
    sha256 = store.files.keep(content)
    answer_tasks(store, cycle=cycle, answers=answers, sha256=sha256, filename=filename)
    return AnswersTaken(tuple(answers), tuple(problems), sha256)


def form_tasks(store: Store | ScopedStore, *, cycle: int) -> dict[str, FormTask]:
    """Every task in reach by its number, as the form is read against them."""
    rows = store.rows("select task, state, unit from current_task where cycle = $cycle", cycle=cycle)
    return {task: FormTask(state, unit) for task, state, unit in rows}
