"""The rows of a cycle and of the scheme it is scored under, as the store keeps them."""

from __future__ import annotations

from datetime import date, datetime, time

from data.failures import UNTOUCHED, StoreError
from data.model import LatePolicy
from data.reading import Reading
from data.scheme_rows import scheme_rows
from data.transaction import Transaction
from scoring.regulation import RegulationError, check_places, load_regulation
from scoring.scheme import Scheme, SchemeError, digest_text

LAST_MINUTE = time(23, 59)


def deadline_at(day: date, at: time) -> datetime:
    """The last moment of a deadline given to the minute: 23:59 lasts to the end of its day."""
    return datetime.combine(day, at.replace(second=59) if at == LAST_MINUTE else at)


def add_cycle_event(
    transaction: Transaction,
    scheme: Scheme,
    *,
    cycle: int,
    opens_on: date,
    deadline: datetime,
    status: str,
    late: LatePolicy,
    reason: str = "",
) -> None:
    """Add a change of a cycle. Raises StoreError where it would end before it begins."""
    if deadline.date() < opens_on:
        raise StoreError(
            f"截止时间 {deadline:%Y-%m-%d} 早于开始日期 {opens_on}：请核对这两个日期。{UNTOUCHED}"
        )
    words = {"open": "开放", "closed": "关闭", "mark": "逾期标记", "refuse": "逾期退回"}
    said = f"{opens_on} 至 {deadline:%Y-%m-%d %H:%M}，{words[status]}，{words[late]}"
    said += f"；改用方案的理由：{reason}" if reason else ""
    transaction.audit("cycle", object=f"{scheme.id} {scheme.version}", detail=said, cycle=cycle)
    seq = transaction.record("cycle", cycle=cycle, detail=f"{scheme.id} {scheme.version} {status}")
    event = {
        "seq": seq,
        "cycle": cycle,
        "scheme_id": scheme.id,
        "version": scheme.version,
        "opens_on": opens_on,
        "deadline": deadline,
        "status": status,
        "late": late,
    }
    transaction.append("cycle_event", [event])
    windows = [(i.id, i.window.dates(cycle)) for i in scheme.indicators if i.window]
    transaction.append(
        "cycle_window",
        [
            {"seq": seq, "cycle": cycle, "indicator": indicator, "first_day": first, "last_day": last}
            for indicator, (first, last) in windows
        ],
    )


def check_against_regulation(scheme: Scheme) -> None:
    """Raises SchemeError naming every place of the scheme that its regulation does not have."""
    try:
        faults = check_places(scheme, load_regulation(scheme.regulation))
    except RegulationError as error:
        raise SchemeError(str(error)) from error
    if faults:
        raise SchemeError("；".join(faults))


def keep_scheme(
    reading: Reading, transaction: Transaction, scheme: Scheme, source: str, *, reason: str = ""
) -> None:
    """Add a scheme version's rows unless they are there. Raises SchemeError when the same version reads otherwise."""
    digest = digest_text(source)
    known = reading.rows(
        "select digest from scheme where scheme_id = $scheme_id and version = $version",
        scheme_id=scheme.id,
        version=scheme.version,
    )
    if known and known[0][0] != digest:
        raise SchemeError(
            f"方案 {scheme.id} {scheme.version} 已在用，内容不能改动：请在文件中改写 version，作为新版本导入"
        )
    if known:
        return
    key = {"scheme_id": scheme.id, "version": scheme.version}
    transaction.record("scheme", cycle=None, detail=f"{scheme.id} {scheme.version}")
    transaction.audit("scheme", object=f"{scheme.id} {scheme.version}", detail=reason)
    for table, rows in scheme_rows(scheme, digest, source).items():
        transaction.append(table, [{**key, **row} for row in rows])
