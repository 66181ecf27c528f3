"""Adding, as it stands, what evaluators and competent bodies found: stage values, findings, commendations (Art. 37–43).

Nothing here asks whether a move may be made; `data.course.reviews` and `data.course.findings` do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from data.course.acting import acted
from data.model import Actor, FindingEvent, Review
from data.scoped import ScopedStore
from data.store import Store, StoreError
from data.transaction import Transaction


def add_review(
    transaction: Transaction,
    *,
    cycle: int,
    submission: int,
    review: Review,
    at: datetime | None = None,
    by: Actor | None = None,
) -> int:
    """Add one ruling to a transaction and return its seq; it is the transaction's actor's, or `by`'s (the demo's)."""
    seq = transaction.record("review", cycle=cycle, detail=f"{review.unit} {review.indicator} {review.stage}")
    row = {"seq": seq, "cycle": cycle, "submission": submission, **acted(transaction), **asdict(review)}
    who = {"account": by.account, "role": by.role} if by else {}
    transaction.add("review", row | who | ({"recorded_at": at} if at else {}))
    return seq


def add_finding(
    transaction: Transaction, *, cycle: int, finding: FindingEvent, at: datetime | None = None
) -> int:
    """Add the new state of one finding to a transaction and return its seq."""
    seq = transaction.record("finding", cycle=cycle, detail=f"{finding.key} {finding.unit} {finding.finding}")
    row = {"seq": seq, "cycle": cycle, **acted(transaction), **asdict(finding)}
    transaction.add("finding_event", row | ({"recorded_at": at} if at else {}))
    return seq


def record_reviews(
    store: Store | ScopedStore, *, cycle: int, reviews: Sequence[Review], at: datetime | None = None
) -> None:
    """Add evaluators' values to the units' current submissions; the newest of a stage counts.

    Raises StoreError naming every unit without a submission and every indicator that the scheme does not have.
    """
    scheme = store.scheme(cycle)
    current = dict(
        store.rows("select unit, submission from current_submission where cycle = $cycle", cycle=cycle)
    )
    culprits = sorted({r.unit for r in reviews if r.unit not in current})
    culprits += sorted({r.indicator for r in reviews if r.indicator not in scheme.by_id})
    if culprits:
        raise StoreError(f"以下单位没有填报，或指标不在方案中，未记录任何复核：{'、'.join(culprits)}")
    with store.write() as transaction:
        transaction.audit("review", object=f"{len(reviews)} 项", cycle=cycle)
        for review in reviews:
            add_review(transaction, cycle=cycle, submission=current[review.unit], review=review, at=at)


def record_findings(
    store: Store | ScopedStore, *, cycle: int, findings: Sequence[FindingEvent], at: datetime | None = None
) -> None:
    """Add findings, vetoes and commendations, or their new state; the newest event of a key counts.

    Raises StoreError naming every unit that is not on the register and every finding that the scheme does not have.
    """
    known = {finding.id for finding in store.scheme(cycle).findings}
    units = store.units(cycle=cycle)
    culprits = sorted({f.unit for f in findings if f.unit not in units})
    culprits += sorted({f.finding for f in findings if f.finding not in known})
    if culprits:
        raise StoreError(f"以下单位不在名册，或认定事项不在方案中，未记录任何事项：{'、'.join(culprits)}")
    with store.write() as transaction:
        transaction.audit("finding", object=f"{len(findings)} 项", cycle=cycle)
        for finding in findings:
            add_finding(transaction, cycle=cycle, finding=finding, at=at)
