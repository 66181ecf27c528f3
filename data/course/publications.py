"""Publishing a cycle: its results as they stand are computed once more, frozen, hashed, and never changed again.

What is published is everything up to a number of the journal (docs/decisions.md); a later change makes a publication of
its own. Art. 18: the result is what the organisation department takes over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from data.course.acting import hands_over, moved, refuse
from data.course.texts import check_text
from data.failures import StoreError
from data.model import Publication
from data.publication_files import REGISTER, frozen_rows, register_rows, write_publication
from data.regions import PROVINCE
from data.results import compute_results, result_select
from data.scoped import ScopedStore
from data.store import Store
from data.transaction import Transaction
from procedure.machines import PUBLICATION
from scoring.views import RESULTS

COLUMNS = tuple(Publication.__dataclass_fields__)


@dataclass(frozen=True)
class Requirement:
    """Something that must be so before a cycle can be published: whether it is, and the screen where it is brought about
    (page, part); `is_advice` does not stand in the way."""

    text: str
    is_met: bool
    page: str = ""
    part: str = ""
    is_advice: bool = False


def publications(store: Store | ScopedStore, *, cycle: int | None = None) -> list[Publication]:
    """The publications of a cycle, or of all, the newest first."""
    rows = store.kept_rows(
        f"select {', '.join(COLUMNS)} from publication where $cycle is null or cycle = $cycle order by seq desc",
        cycle=cycle,
    )
    return [Publication(*row) for row in rows]


def publication(store: Store | ScopedStore, *, cycle: int, number: str | None = None) -> Publication:
    """One publication of a cycle, the newest unless named. Raises StoreError where there is none."""
    found = publications(store, cycle=cycle)
    for each in found:
        if number in (None, each.number):
            return each
    known = "、".join(each.number for each in found) or "还没有公布过"
    raise refuse(f"{cycle} 年度没有第 {number} 号公布（{known}）" if number else f"{cycle} 年度还没有公布过")


def requirements(store: Store | ScopedStore, *, cycle: int, now: datetime) -> list[Requirement]:
    """What must be so before the cycle can be published, in the order in which it comes about."""
    opened = store.cycle(cycle)
    whole = store.whole
    whole.refresh(cycle)
    counts = whole.kept_rows(
        "select"
        " (select count(*) from current_stage where cycle = $cycle and stage = 'province' and region = $province"
        "  and state = 'closed'),"
        " (select count(*) from current_objection where cycle = $cycle and state = 'filed'),"
        " (select count(*) from current_return where cycle = $cycle),"
        " (select count(*) from shown_counted_value where cycle = $cycle and state = 'pending')",
        cycle=cycle,
        province=PROVINCE,
    )[0]
    closed, undecided, returned, pending = counts
    made = publications(whole, cycle=cycle)
    changed = (
        [
            Requirement(
                f"第 {made[0].number} 号公布以后有影响结果的变更",
                whole.result_version(cycle) > made[0].data_version,
            )
        ]
        if made
        else []
    )
    return [
        *changed,
        Requirement(f"填报已截止（{opened.deadline:%Y-%m-%d %H:%M}）", now > opened.deadline, "admin", "cycles"),
        Requirement("省级终评已关闭", closed > 0, "review", "stages"),
        Requirement(
            "异议均已决定" if not undecided else f"还有 {undecided} 件异议没有决定", not undecided, "review", "objections"
        ),
        Requirement(
            "没有退回补正中的自评表" if not returned else f"还有 {returned} 份自评表退回补正中，按原来的一份计分",
            not returned,
            "review",
            "queue",
            is_advice=True,
        ),
        Requirement(
            "没有待核的不适用" if not pending else f"还有 {pending} 项不适用待核，计 0 分",
            not pending,
            "review",
            "na",
            is_advice=True,
        ),
    ]  # fmt: skip


def publish(store: Store | ScopedStore, *, cycle: int, reason: str) -> Publication:
    """Publish the cycle as it stands. Raises StoreError naming everything that is still to be done, or where nothing has
    changed since the last publication; then nothing is published."""
    reason = " ".join(reason.split())
    check_text(reason, what="说明")
    whole = store.whole
    whole.refresh(cycle)
    with store.write() as transaction:
        before = publications(whole, cycle=cycle)
        _may_publish(store, is_first=not before, reason=reason)
        missing = [
            need.text
            for need in requirements(store, cycle=cycle, now=transaction.at)
            if not (need.is_met or need.is_advice)
        ]
        if missing:
            raise refuse(f"还不能公布：须先满足“{'”“'.join(missing)}”")
        version = whole.data_version(cycle)
        opened = whole.cycle(cycle)
        made = Publication(
            seq=transaction.record("publication", cycle=cycle, detail=f"{cycle}-{len(before) + 1}"),
            cycle=cycle,
            number=f"{cycle}-{len(before) + 1}",
            scheme_id=opened.scheme_id,
            version=opened.version,
            data_version=version,
            program=_program(whole),
            sha256="",
            reason=reason,
            account=transaction.actor.account,
            role=transaction.actor.role,
            published_at=transaction.at,
        )
        transaction.ask(freeze, made)
        sha256 = _write(whole, transaction, made)
        row = {**vars(made), "sha256": sha256}
        transaction.add("publication", row)
        transaction.audit(
            "publish", object=f"第 {made.number} 号公布", detail=f"{reason}；{sha256}", cycle=cycle
        )
    return Publication(**row)


def _may_publish(store: Store | ScopedStore, *, is_first: bool, reason: str) -> None:
    moved(
        PUBLICATION,
        None if is_first else "published",
        "publish" if is_first else "supersede",
        hands=hands_over(store, region=PROVINCE, unit=""),
        given=["reason"] if reason else [],
    )


def freeze(cursor: duckdb.DuckDBPyConnection, made: Publication) -> None:
    """Compute the results of a cycle as of a publication's version into the published tables, under its seq."""
    compute_results(cursor, cycle=made.cycle, as_of=made.data_version)
    for name in RESULTS:
        cursor.execute(
            f"insert into published_{name} by name select {made.seq} as publication, * from ({result_select(name)})",
            {"cycle": made.cycle} if "$cycle" in result_select(name) else {},
        )


def recompute(store: Store, made: Publication) -> None:
    """Replace a publication's frozen rows, in a scratch database, by what its inputs give now; for `data.verify`."""
    with store.write(checks_clock=False) as transaction:
        for name in RESULTS:
            transaction.run(f"delete from published_{name} where publication = $seq", seq=made.seq)
        transaction.ask(freeze, made)


def _write(store: Store, transaction: Transaction, made: Publication) -> str:
    def parts(cursor: duckdb.DuckDBPyConnection) -> dict[str, bytes]:
        return {**dict(frozen_rows(cursor, made.seq)), REGISTER: register_rows(cursor, made.cycle)}

    digest = store.rows(
        "select digest from scheme where scheme_id = $scheme_id and version = $version",
        scheme_id=made.scheme_id,
        version=made.version,
    )[0][0]
    head = store.journal.head
    about = {
        "cycle": made.cycle,
        "number": made.number,
        "scheme": {"id": made.scheme_id, "version": made.version, "sha256": digest},
        "data_version": made.data_version,
        "journal": {"n": head.n, "hash": head.hash},
        "program": made.program,
        "published_at": made.published_at.isoformat(),
        "reason": made.reason,
    }
    return write_publication(store.publications, made.number, about, transaction.ask(parts))


def _program(store: Store) -> str:
    return store.rows("select digest from result_program")[0][0]


def published_faults(store: Store) -> list[str]:
    """Publications whose frozen rows could not be read again when the folder was opened, in Chinese."""
    return list(store.publication_faults)


__all__ = [
    "Requirement",
    "StoreError",
    "freeze",
    "publication",
    "publications",
    "publish",
    "published_faults",
    "recompute",
    "requirements",
]
