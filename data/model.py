"""The records that pass between the parts of this room; all immutable."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from data.problems import Problem

FileFate = Literal["accepted", "warned", "refused"]
AnswerState = Literal["answered", "na"]
Stage = Literal["county", "prefecture", "province"]


LatePolicy = Literal["mark", "refuse"]


@dataclass(frozen=True)
class Actor:
    """Who does something, as the journal and the audit log name them: an account (an office or post, never a person) or
    one of the program's own; `role` its role id, `origin` the address it came from, or how (local, inbox)."""

    account: str
    role: str
    origin: str = ""


# Whoever can start a command on this machine holds the file itself.
LOCAL = Actor("local", "administrator", "local")


@dataclass(frozen=True)
class Scope:
    """What may be read: units registered in `region` or below it, of them only `unit` where one is named; of the files
    that no unit could be told from, those that `account` sent."""

    region: str
    unit: str | None = None
    account: str | None = None


@dataclass(frozen=True)
class Unit:
    """One assessed institution as registered for a cycle; `code` is its GB 32100 code, `region` a GB/T 2260 code."""

    code: str
    name: str
    region: str
    category: str
    tags: tuple[str, ...] = ()
    is_active: bool = True


@dataclass(frozen=True)
class Cycle:
    """One year's assessment; `deadline` is the last moment at which a submission is on time (local time).

    `status`: open or closed; `late`: whether a file after the deadline is taken in and marked, or refused.
    """

    cycle: int
    scheme_id: str
    version: str
    opens_on: date
    deadline: datetime
    status: str = "open"
    late: LatePolicy = "mark"


@dataclass(frozen=True)
class Answer:
    """One indicator's answer in one workbook, normalised; `text` is what stood in the cell, `sheet`/`cell` where.

    Exactly one of these carries the value when `state` is "answered", by the indicator's type:
    `choice` (yes_no, level, and 未开展 for date), `number` (count; ratio given as a percentage, as a fraction 0–1),
    `numerator` and `denominator` (ratio), `on_date` (date).
    """

    indicator: str
    state: AnswerState
    text: str
    sheet: str
    cell: str
    choice: str | None = None
    number: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    on_date: date | None = None
    na_reason: str = ""
    evidence: str = ""
    note: str = ""


@dataclass(frozen=True)
class Receipt:
    """What became of one file; `problems` sorted by place. `submission` is None unless it was newly kept."""

    path: str
    sha256: str
    status: FileFate
    unit: str | None
    problems: tuple[Problem, ...] = ()
    template_version: str | None = None
    submission: int | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Review:
    """An evaluator's value for one indicator of one unit's current submission, at one stage, with the reason.

    `act` is the move of the ruling (procedure/machines.py). `state` "na" accepts a claimed 不适用; "answered" carries a value as in `Answer` (a refused 不适用 is answered 否 or 0).
    """

    unit: str
    indicator: str
    stage: Stage
    state: AnswerState
    reason: str
    choice: str | None = None
    number: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    on_date: date | None = None
    act: str = "confirm"


@dataclass(frozen=True)
class FindingEvent:
    """The present state of one confirmed finding, veto or commendation of a unit; the newest event of a `key` counts.

    `move` and `state` are those of the machine that its scheme entry names (procedure/machines.py); `indicator` is the
    indicator that it shows a fault of, `addressee` a position (主要负责人), never a person; `step_on`, `step_document` and
    `reason` belong to the last step alone.
    """

    key: str
    unit: str
    finding: str
    on_date: date
    document: str
    is_confirmed: bool = True
    is_overdue: bool = False
    is_aggravated: bool = False
    note: str = field(default="")
    indicator: str | None = None
    move: str | None = None
    state: str | None = None
    deadline: date | None = None
    ordered: str = ""
    addressee: str = ""
    step_on: date | None = None
    step_document: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Publication:
    """A frozen result of a cycle: everything up to `data_version`, under the SHA-256 of its frozen rows; `seq` is its key."""

    seq: int
    cycle: int
    number: str
    scheme_id: str
    version: str
    data_version: int
    program: str
    sha256: str
    reason: str
    account: str
    role: str
    published_at: datetime
