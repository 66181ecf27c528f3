"""Grades that the province sets by hand, over what scores and ceilings give (procedure/machines.py, GRADE)."""

from __future__ import annotations

from typing import Literal

from data.course.acting import acted, hands_over, moved, refuse
from data.course.texts import check_text
from data.regions import regions_by_code
from data.scoped import ScopedStore
from data.store import Store
from data.transaction import Transaction
from procedure.machines import GRADE
from scoring.scheme import Grade, Scheme

Subject = Literal["unit", "region"]


def set_grade(
    store: Store | ScopedStore,
    *,
    cycle: int,
    subject: Subject,
    code: str,
    grade: str | None,
    reason: str,
    document: str = "",
) -> None:
    """Give a unit or a region another grade than the rules give it, or (None) take that back; the newest counts.

    Raises StoreError where it is not the province's hand, the reason is missing, the unit, region or grade does not exist
    or has no score, a vetoed unit would be raised, or there is nothing to take back.
    """
    scheme = store.scheme(cycle)
    chosen = None if grade is None else _grade_of(scheme, grade)
    store.refresh(cycle)
    with store.write() as transaction:
        name, region, score, has_veto = _standing(store, cycle=cycle, subject=subject, code=code)
        set_by_hand = store.rows(
            "select grade from current_grade where cycle = $cycle and subject = $subject and code = $code",
            cycle=cycle,
            subject=subject,
            code=code,
        )
        state = "set" if set_by_hand else "by_rule"
        _check_move(
            store,
            state=state,
            move="set" if chosen else "unset",
            subject=subject,
            region=region,
            reason=reason,
        )
        if chosen and score is None:
            raise refuse(f"{name}本年度没有得分，不能另定等次")
        if chosen and has_veto and chosen != scheme.grades[-1]:
            raise refuse(
                f"{name}被一票否决，等次不能高于“{scheme.grades[-1].name}”；如否决不当，请先撤销该认定事项"
            )
        transaction.audit(
            "grade",
            object=f"{name}（{code}）",
            detail=f"另定为{chosen.name}" if chosen else GRADE.move("unset").name,
            cycle=cycle,
        )
        add_grade(
            transaction,
            cycle=cycle,
            subject=subject,
            code=code,
            grade=grade,
            reason=reason.strip(),
            document=document.strip(),
        )


def add_grade(
    transaction: Transaction,
    *,
    cycle: int,
    subject: Subject,
    code: str,
    grade: str | None,
    reason: str,
    document: str = "",
) -> int:
    """Add one grade as it stands to a transaction and return its seq."""
    seq = transaction.record("grade", cycle=cycle, detail=f"{subject} {code} {grade or 'by rule'}")
    row = {
        "cycle": cycle,
        "subject": subject,
        "code": code,
        "grade": grade,
        "reason": reason,
        "document": document,
    }
    transaction.add("grade_event", {"seq": seq, **row, **acted(transaction)})
    return seq


def _grade_of(scheme: Scheme, grade: str) -> Grade:
    for known in scheme.grades:
        if grade == known.id:
            return known
    names = "、".join(f"{known.name}（{known.id}）" for known in scheme.grades)
    raise refuse(f"方案中没有等次“{grade}”，只有{names}")


def _standing(
    store: Store | ScopedStore, *, cycle: int, subject: Subject, code: str
) -> tuple[str, str, float | None, bool]:
    """Name, region, composite score and veto of who is graded."""
    if subject == "region":
        region = regions_by_code().get(code)
        if region is None:
            raise refuse(f"没有代码为 {code} 的地区：请使用 GB/T 2260 六位代码")
        found = store.rows(
            "select score from result_region_score where cycle = $cycle and region = $code and basis = 'composite'",
            cycle=cycle,
            code=code,
        )
        return region.name, code, found[0][0] if found else None, False
    unit = store.unit(cycle=cycle, code=code)
    if unit is None:
        raise refuse(f"{cycle} 年度名册中没有单位 {code}，或者它不在您的管辖地区")
    score, has_veto = store.rows(
        "select score, has_veto from result_unit_score where cycle = $cycle and unit = $code and basis = 'composite'",
        cycle=cycle,
        code=code,
    )[0]
    return unit.name, unit.region, score, has_veto


def _check_move(
    store: Store | ScopedStore, *, state: str, move: str, subject: Subject, region: str, reason: str
) -> None:
    check_text(reason)
    hands = hands_over(store, region=region, unit="")
    moved(GRADE, state, move, hands=hands, given=["reason"] if reason.strip() else [])
