"""Who did what, when and from where: the audit log, searched and one page at a time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import pandas as pd

from data.audit import ACTIONS, OUTCOMES
from data.queries.ask import ask_whole
from data.store import Store

ROWS_ON_A_PAGE = 100
ROWS_IN_A_FILE = 50_000  # some 8 s to write; for more, a shorter span of days


@dataclass(frozen=True)
class AuditFilter:
    """What is looked for; None is everything. `account` is a part of its id or title, `text` of origin, object or detail;
    `year` is a cycle; days are whole, both included."""

    text: str | None = None
    action: str | None = None
    outcome: str | None = None
    account: str | None = None
    year: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class AuditPage:
    """One page of what was found: its acts, how many there are in all, and which page it is, counted from 1."""

    acts: pd.DataFrame
    found: int
    page: int


def audit(store: Store, wanted: AuditFilter, *, page: int = 1, size: int = ROWS_ON_A_PAGE) -> AuditPage:
    """The acts that fit, newest first; past the last page the last one.

    Columns: seq, at, account, title (of the account, if it is one of the product's), role, origin, action, action_name,
    cycle, object, outcome, outcome_name, detail.
    """
    acts = ask_whole(store, "audit", **asdict(wanted), most=size, skip=(page - 1) * size)
    if acts.empty and page > 1:
        first = audit(store, wanted, size=size)
        last = -(-first.found // size)
        return audit(store, wanted, page=last, size=size) if last > 1 else first
    found = int(acts["n_found"].iloc[0]) if len(acts) else 0
    named = acts.drop(columns="n_found").assign(
        action_name=[ACTIONS.get(action, action) for action in acts["action"]],
        outcome_name=[OUTCOMES.get(outcome, outcome) for outcome in acts["outcome"]],
    )
    return AuditPage(named, found, page)
