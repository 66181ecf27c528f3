"""Rectification tasks (Art. 10, 11, 40): given out for a gap, a hazard or a finding, answered, checked again, done.

Every move goes through the machine TASK and is one row that says all that the task then stands at. The score of the year
stays as it was ruled; only a finding that a task comes from is moved on with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from data.course.acting import acted, hands_over, refuse
from data.course.findings import correct_if_open
from data.course.task_sources import Source
from data.model import Unit
from data.personal_data import find_personal_data
from data.scoped import ScopedStore
from data.store import Store
from data.transaction import Transaction
from procedure.machine import Hand, MoveError, Need
from procedure.machines import TASK
from scoring.scheme import Finding, Indicator, Scheme, SchemeError

OPEN = ("issued", "answered", "rejected")
LONGEST_TEXT = 1000  # characters of one field; a notice has to stay readable
KEPT = (
    "task",
    "unit",
    "source",
    "indicator",
    "finding_key",
    "title",
    "required",
    "proof",
    "deadline",
    "state",
    "found",
    "document",
)


@dataclass(frozen=True)
class NewTask:
    """A task to be given out; what is left empty follows from its source.

    `gap`: an indicator with a ruling below full marks. `hazard`: `title` says what was found, an indicator may be named.
    `finding`: the key of a finding that stands. `required` says what is to be done, `proof` what to hand in (by default the
    indicator's evidence), `deadline` by when (by default the scheme's period from today), `document` the notice's number.
    """

    unit: str
    source: Source
    indicator: str | None = None
    finding_key: str | None = None
    title: str = ""
    found: str = ""
    required: str = ""
    proof: str = ""
    deadline: date | None = None
    document: str = ""
    note: str = ""


@dataclass(frozen=True)
class TaskAnswer:
    """What a unit says that it has done about a task: when it was finished, how, and the proof (document number, date)."""

    task: str
    done_on: date
    measures: str
    proof: str


# ---- giving out


def issue_tasks(store: Store | ScopedStore, *, cycle: int, tasks: Sequence[NewTask]) -> list[str]:
    """Give out tasks, all or none; returns their numbers in the same order.

    Raises StoreError (Chinese) naming every task that cannot be given out: unit not in reach, no confirmed gap, no such
    finding, one open already, nothing required, a deadline in the past, personal data.
    """
    if not tasks:
        raise refuse("没有选定要下达整改任务的单位")
    scheme = store.scheme(cycle)
    store.refresh(cycle)
    with store.write() as transaction:
        today = transaction.at.date()
        issuing = _Issuing(store, cycle=cycle, scheme=scheme, today=today)
        rows = [issuing.row_of(task) for task in tasks]
        if issuing.faults:
            raise refuse(f"没有下达任何整改任务：{'；'.join(dict.fromkeys(issuing.faults))}")
        before = _n_tasks(store, cycle)
        names = [f"ZG{cycle}-{n:05d}" for n in range(before + 1, before + len(rows) + 1)]
        object = names[0] if len(names) == 1 else f"{len(names)} 项（{names[0]} 至 {names[-1]}）"
        transaction.audit("task", object=object, detail="下达", cycle=cycle)
        seq = transaction.record("task", cycle=cycle, detail=f"issue {object}")
        transaction.append(
            "task_event",
            (
                {"seq": seq, "cycle": cycle, "task": name, "move": "issue", "on_date": today}
                | row
                | acted(transaction)
                for name, row in zip(names, rows, strict=True)
            ),
        )
    return names


class _Issuing:
    """What the tasks of one call are checked against, read once, and what is wrong with them."""

    def __init__(self, store: Store | ScopedStore, *, cycle: int, scheme: Scheme, today: date):
        self.store, self.scheme, self.today = store, scheme, today
        self.units = store.units(cycle=cycle)
        self.findings = {
            key: (unit, finding, document)
            for key, unit, finding, document in store.rows(
                "select key, unit, finding, document from current_finding where cycle = $cycle", cycle=cycle
            )
        }
        self.short = {
            (unit, indicator): (x, reason)
            for unit, indicator, x, reason in store.rows(
                "select value.unit, value.indicator, value.x, coalesce(review.reason, '') "
                "from result_counted_value as value left join current_review as review using (cycle, unit, indicator) "
                "where value.cycle = $cycle and value.stage is not null and value.x < 1",
                cycle=cycle,
            )
        }
        self.open = {_subject(row) for row in open_tasks(store, cycle=cycle)}
        self.faults: list[str] = []

    def row_of(self, task: NewTask) -> dict[str, Any]:
        """The columns of the task that its giving out decides; what is wrong goes to `faults`."""
        unit = self.units.get(task.unit)
        if unit is None:
            return self._fault(f"名册中没有单位 {task.unit}，或者不在您的管辖地区")
        indicator = self.scheme.by_id.get(task.indicator or "")
        if task.indicator and indicator is None:
            return self._fault(f"方案中没有指标 {task.indicator}")
        if fault := self._source_fault(task, unit):
            return self._fault(f"{unit.name}：{fault}")
        row = {
            "unit": unit.code,
            "source": task.source,
            "indicator": task.indicator,
            "finding_key": task.finding_key if task.source == "finding" else None,
            "title": task.title.strip() or self._title(task),
            "found": task.found.strip() or self._found(task),
            "required": task.required.strip() or (_required(indicator) if task.source == "gap" else ""),
            "proof": task.proof.strip() or (indicator.evidence if indicator else ""),
            "deadline": task.deadline or self.scheme.mended_by(self.today),
            "document": task.document.strip(),
            "note": task.note.strip(),
        }
        subject = _subject(row)
        if subject and subject in self.open:
            return self._fault(f"{unit.name}的“{row['title']}”已有未办结的整改任务")
        self.open.add(subject)
        faults = text_faults(
            整改要求=row["required"],
            证明材料=row["proof"],
            事项=row["title"],
            发现的问题=row["found"],
            文号=row["document"],
            备注=row["note"],
        )
        faults += [
            f"没有写{name}" for name, key in (("事项", "title"), ("整改要求", "required")) if not row[key]
        ]
        if row["deadline"] and row["deadline"] < self.today:
            faults.append(f"整改期限 {row['deadline']:%Y-%m-%d} 已过，应不早于今天")
        given = {need for need in ("deadline", "proof") if row[need]}
        hands = hands_over(self.store, region=unit.region, unit=unit.code)
        try:
            row["state"] = TASK.after(None, "issue", hands=hands, given=given)
        except MoveError as error:
            faults.append(str(error))
        self.faults += [f"{unit.name}：{fault}" for fault in faults]
        return row

    def _fault(self, text: str) -> dict[str, Any]:
        self.faults.append(text)
        return {}

    def _source_fault(self, task: NewTask, unit: Unit) -> str:
        match task.source:
            case "gap" if (unit.code, task.indicator) not in self.short:
                return f"指标 {task.indicator or '（未选）'} 没有核定的短板（须经核定且未得满分）"
            case "finding" if self.findings.get(task.finding_key or "", ("",))[0] != unit.code:
                return f"没有认定事项 {task.finding_key or '（未选）'}，或者已经撤销"
            case "finding" if self._finding_of(task).kind == "bonus":
                return "表彰奖励不能下达整改任务"
            case "hazard" if not task.title.strip():
                return "检查发现的隐患须写明事项"
        return ""

    def _title(self, task: NewTask) -> str:
        if task.source == "finding":
            return self._finding_of(task).name
        return self.scheme.by_id[task.indicator].title

    def _found(self, task: NewTask) -> str:
        if task.source == "finding":
            document = self.findings[task.finding_key][2]
            return f"{self._finding_of(task).name}（{document}）" if document else self._finding_of(task).name
        if task.source == "hazard":
            return task.title.strip()
        x, reason = self.short[task.unit, task.indicator]
        return f"{self.scheme.by_id[task.indicator].question}核定得分率 {x:.0%}" + (
            f"，{reason}" if reason else ""
        )

    def _finding_of(self, task: NewTask) -> Finding:
        id = self.findings[task.finding_key][1]
        return next(finding for finding in self.scheme.findings if finding.id == id)


def _required(indicator: Indicator) -> str:
    return f"按照《条例》{indicator.place.label}的规定落实“{indicator.title}”，并报送证明材料备查。"


def usual_deadline(scheme: Scheme, *, today: date) -> date:
    """Until when a task given out today runs. Raises SchemeError where the scheme has no such period."""
    deadline = scheme.mended_by(today)
    if deadline is None:
        raise SchemeError(f"考核方案 {scheme.version} 没有整改期限（periods.rectification），请自行填写期限")
    return deadline


# ---- the other moves


def answer_tasks(
    store: Store | ScopedStore,
    *,
    cycle: int,
    answers: Sequence[TaskAnswer],
    sha256: str = "",
    filename: str = "",
) -> None:
    """Hand in what was done about some tasks, all or none; `sha256` and `filename` are those of the kept form, if any.

    Raises StoreError (Chinese) naming every answer that cannot be taken.
    """
    by_task = {answer.task: answer for answer in answers}
    if not answers or len(by_task) < len(answers):
        raise refuse("没有填写任何整改情况" if not answers else "同一项整改任务填写了两次")

    def step(row: dict[str, Any], today: date) -> _Step:
        answer = by_task[row["task"]]
        faults = text_faults(整改措施=answer.measures, 证明材料=answer.proof)
        faults += [] if answer.measures.strip() else ["没有写整改措施"]
        faults += _not_after(answer.done_on, today, "完成日期")
        return _Step(on_date=answer.done_on, given={"date", *_given(proof=answer.proof)}, faults=faults)

    def also(transaction: Transaction, seq: int, row: dict[str, Any]) -> None:
        answer = by_task[row["task"]]
        transaction.add(
            "task_answer",
            {
                "seq": seq,
                "cycle": cycle,
                "task": answer.task,
                "unit": row["unit"],
                "sha256": sha256,
                "filename": filename,
                "done_on": answer.done_on,
                "measures": answer.measures.strip(),
                "proof": answer.proof.strip(),
            },
        )

    _move(store, cycle=cycle, tasks=list(by_task), move="answer", step=step, also=also)


def answer_task(store: Store | ScopedStore, *, cycle: int, answer: TaskAnswer) -> None:
    """Hand in what was done about one task, as it was typed. Raises StoreError."""
    answer_tasks(store, cycle=cycle, answers=[answer])


def pass_task(store: Store | ScopedStore, *, cycle: int, task: str, on_date: date, note: str = "") -> None:
    """The re-check found it done; a finding that the task comes from is corrected with it. Raises StoreError."""

    def step(_row: dict[str, Any], today: date) -> _Step:
        faults = [*text_faults(备注=note), *_not_after(on_date, today, "复查日期")]
        return _Step(on_date=on_date, note=note, given={"date"}, faults=faults)

    def also(transaction: Transaction, _seq: int, row: dict[str, Any]) -> None:
        if not row["finding_key"]:
            return
        correct_if_open(
            store,
            transaction,
            cycle=cycle,
            key=row["finding_key"],
            done_on=_done_on(store, cycle=cycle, task=row["task"]) or on_date,
            reason=f"整改任务 {row['task']} 复查通过",
        )

    _move(store, cycle=cycle, tasks=[task], move="pass", step=step, also=also)


def reject_task(store: Store | ScopedStore, *, cycle: int, task: str, reason: str, deadline: date) -> None:
    """The re-check found it not done: why, and until when now. Raises StoreError."""
    _move_with_reason(store, cycle=cycle, task=task, move="reject", reason=reason, deadline=deadline)


def reopen_task(store: Store | ScopedStore, *, cycle: int, task: str, reason: str, deadline: date) -> None:
    """What was done did not last: why, and until when now. Raises StoreError."""
    _move_with_reason(store, cycle=cycle, task=task, move="reopen", reason=reason, deadline=deadline)


def extend_task(store: Store | ScopedStore, *, cycle: int, task: str, reason: str, deadline: date) -> None:
    """A later deadline. Raises StoreError, also where it is not later."""
    _move_with_reason(store, cycle=cycle, task=task, move="extend", reason=reason, deadline=deadline)


def withdraw_task(store: Store | ScopedStore, *, cycle: int, task: str, reason: str) -> None:
    """Take a task back. Raises StoreError."""
    _move_with_reason(store, cycle=cycle, task=task, move="withdraw", reason=reason)


def _move_with_reason(
    store: Store | ScopedStore,
    *,
    cycle: int,
    task: str,
    move: str,
    reason: str,
    deadline: date | None = None,
) -> None:
    def step(row: dict[str, Any], today: date) -> _Step:
        faults = text_faults(理由=reason)
        if deadline and deadline < today:
            faults.append(f"期限 {deadline:%Y-%m-%d} 已过，应不早于今天")
        if deadline and move == "extend" and deadline <= row["deadline"]:
            faults.append(f"新的期限应晚于原期限 {row['deadline']:%Y-%m-%d}")
        given = _given(reason=reason, deadline=deadline)
        return _Step(on_date=today, note=reason, deadline=deadline, given=given, faults=faults)

    _move(store, cycle=cycle, tasks=[task], move=move, step=step)


@dataclass(frozen=True)
class _Step:
    """What a move of one task brings with it, and what is wrong with that."""

    on_date: date
    given: Collection[Need]
    faults: Sequence[str] = ()
    note: str = ""
    deadline: date | None = None


def _move(
    store: Store | ScopedStore,
    *,
    cycle: int,
    tasks: Sequence[str],
    move: str,
    step: Callable[[dict[str, Any], date], _Step],
    also: Callable[[Transaction, int, dict[str, Any]], None] | None = None,
) -> None:
    """Make one move of some tasks, all or none. Raises StoreError naming every task that cannot make it."""
    with store.write() as transaction:
        now = {row["task"]: row for row in _tasks(store, cycle=cycle, tasks=tasks)}
        subjects = (
            {_subject(row): row["task"] for row in open_tasks(store, cycle=cycle)} if move == "reopen" else {}
        )
        rows, faults = [], []
        for task in tasks:
            row = now.get(task)
            if row is None:
                faults.append(f"没有整改任务 {task}，或者不在您的管辖范围")
                continue
            taken = step(row, transaction.at.date())
            hands = task_hands(store, row)
            said = list(taken.faults)
            try:
                state = TASK.after(row["state"], move, hands=hands, given=taken.given)
            except MoveError as error:
                state, may_move = row["state"], row["state"] in TASK.move(move).sources
                said = [str(error), *(said if may_move else [])]
            if _subject(row) and _subject(row) in subjects:
                said.append(f"同一事项已另有未办结的整改任务 {subjects[_subject(row)]}")
            faults += [f"{task}：{fault}" for fault in said]
            rows.append((row, taken, state))
        if faults:
            _give_up(faults)
        shown = tasks[0] if len(tasks) == 1 else f"{len(tasks)} 项"
        transaction.audit("task", object=shown, detail=TASK.move(move).name, cycle=cycle)
        seq = transaction.record("task", cycle=cycle, detail=f"{move} {shown}")
        for row, taken, state in rows:
            new = {key: row[key] for key in KEPT} | {
                "state": state,
                "deadline": taken.deadline or row["deadline"],
            }
            new |= {
                "seq": seq,
                "cycle": cycle,
                "move": move,
                "on_date": taken.on_date,
                "note": taken.note.strip(),
            }
            transaction.add("task_event", new | acted(transaction))
            if also:
                also(transaction, seq, row)


def _give_up(faults: Iterable[str]) -> NoReturn:
    raise refuse("；".join(dict.fromkeys(faults)))


def task_hands(store: Store | ScopedStore, row: Mapping[str, Any]) -> set[Hand]:
    """What this reader is to the unit of a task, given as a row with unit and region."""
    return hands_over(store, region=row["region"], unit=row["unit"])


# ---- reading what is checked


def _done_on(store: Store | ScopedStore, *, cycle: int, task: str) -> date | None:
    """The day on which the unit, in its newest answer, says that it was done."""
    found = store.rows(
        "select done_on from task_answer where cycle = $cycle and task = $task order by seq desc limit 1",
        cycle=cycle,
        task=task,
    )
    return found[0][0] if found else None


def _tasks(store: Store | ScopedStore, *, cycle: int, tasks: Sequence[str]) -> list[dict[str, Any]]:
    found = store.rows(
        f"select {', '.join(f'task.{name}' for name in KEPT)}, unit.region "
        "from current_task as task join unit using (cycle, unit) "
        "where task.cycle = $cycle and list_contains($tasks, task.task)",
        cycle=cycle,
        tasks=list(tasks),
    )
    return [dict(zip((*KEPT, "region"), row, strict=True)) for row in found]


def open_tasks(store: Store | ScopedStore, *, cycle: int) -> list[dict[str, Any]]:
    """The tasks that are neither done nor withdrawn: task, unit, indicator, finding_key."""
    names = ("task", "unit", "indicator", "finding_key")
    found = store.rows(
        "select task, unit, indicator, finding_key from current_task "
        "where cycle = $cycle and list_contains($states, state)",
        cycle=cycle,
        states=list(OPEN),
    )
    return [dict(zip(names, row, strict=True)) for row in found]


def _subject(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """What only one open task at a time may be about: a finding, or a unit's indicator; None for a hazard without one."""
    if row["finding_key"]:
        return "finding", row["finding_key"]
    return (row["unit"], row["indicator"]) if row["indicator"] else None


def _n_tasks(store: Store | ScopedStore, cycle: int) -> int:
    """How many tasks were ever given out in the cycle, by whomever."""
    return store.whole.rows(
        "select count(*) from task_event where cycle = $cycle and move = 'issue'", cycle=cycle
    )[0][0]


# ---- what may be written


def text_faults(**texts: str) -> list[str]:
    """What is wrong with texts, given by the names that people know them by: personal data, or too long."""
    faults = []
    for name, text in texts.items():
        if kind := find_personal_data(text):
            faults.append(f"{name}中有{kind}：不得填写个人信息，请改写单位、职务或文号")
        if len(text) > LONGEST_TEXT:
            faults.append(f"{name}有 {len(text)} 字，应不超过 {LONGEST_TEXT} 字")
    return faults


def _not_after(day: date, today: date, name: str) -> list[str]:
    return [f"{name} {day:%Y-%m-%d} 在今天以后，请核对"] if day > today else []


def _given(**values: object) -> set[Need]:
    return {need for need, value in values.items() if (value.strip() if isinstance(value, str) else value)}
