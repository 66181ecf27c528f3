"""Kept versions of schemes: saving a new one with a reason, and deciding which of them a cycle is scored under.

A kept version never changes; a cycle that is to be scored otherwise takes another version.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from data.cycles import add_cycle_event, check_against_regulation, keep_scheme
from data.failures import UNTOUCHED, StoreError
from data.model import Actor
from data.queries.ask import whole_text
from data.store import Store
from scoring.scheme import Indicator, Scheme, parse_scheme

if TYPE_CHECKING:
    import pandas as pd

MOST_NAMED = 8  # indicators that an obstacle names; the rest are counted


def scheme_versions(store: Store) -> pd.DataFrame:
    """One row per kept version, the newest first: scheme_id, version, title, saved_at, account, reason, cycles (years
    scored under it, a list), source."""
    return store.kept_query(whole_text("scheme_versions"))


def kept_source(store: Store, *, scheme_id: str, version: str) -> str | None:
    """The text of a kept version, or None where there is none of that name."""
    kept = scheme_versions(store)
    found = kept.loc[(kept["scheme_id"] == scheme_id) & (kept["version"] == version), "source"]
    return found.iloc[0] if len(found) else None


def known_versions(store: Store, *, scheme_id: str) -> set[str]:
    """The version numbers that a scheme is kept under."""
    kept = scheme_versions(store)
    return set(kept.loc[kept["scheme_id"] == scheme_id, "version"])


def save_scheme(store: Store, text: str, *, reason: str, actor: Actor) -> Scheme:
    """Keep a scheme's text as a version that was not there before; no cycle uses it yet.

    Raises SchemeError where the text is no valid scheme, StoreError where its version is kept already or no reason is given.
    """
    scheme = parse_scheme(text, name="方案")
    check_against_regulation(scheme)
    if not reason.strip():
        raise StoreError(f"没有写理由：请写明这一版为什么改、依据什么。{UNTOUCHED}")
    if scheme.version in known_versions(store, scheme_id=scheme.id):
        raise StoreError(
            f"方案 {scheme.id} {scheme.version} 已经保存过，保存过的版本不能改动：请换一个版本号。{UNTOUCHED}"
        )
    with store.write(actor) as transaction:
        keep_scheme(store, transaction, scheme, text, reason=reason.strip())
    return scheme


def use_obstacles(store: Store, *, cycle: int, scheme: Scheme) -> list[str]:
    """Why a cycle cannot be scored under this version, each with how to mend it; empty where it can.

    Once a sheet was handed in, every question must read the same way: its answers were given to the questions of then.
    """
    return [*_unknown_to(store, cycle, scheme), *_other_questions(store, cycle, scheme)]


def _unknown_to(store: Store, cycle: int, scheme: Scheme) -> Iterator[str]:
    units = store.units(cycle=cycle).values()
    categories = {unit.category for unit in units} - {c.id for c in scheme.categories}
    tags = {tag for unit in units for tag in unit.tags} - {t.id for t in scheme.tags}
    for what, unknown in (("单位类别", categories), ("职能标签", tags)):
        if unknown:
            yield f"{cycle} 年度名册中有这一版没有的{what}：{'、'.join(sorted(unknown))}；请先调整名册，或在方案中补上"


def _other_questions(store: Store, cycle: int, scheme: Scheme) -> Iterator[str]:
    handed_in = store.rows("select count(*) from current_submission where cycle = $cycle", cycle=cycle)[0][0]
    if not handed_in:
        return
    now = {i.id: _question(i) for i in store.scheme(cycle).indicators}
    then = {i.id: _question(i) for i in scheme.indicators}
    others = [key for key in dict.fromkeys([*now, *then]) if now.get(key) != then.get(key)]
    if others:
        more = f"等 {len(others)} 项" if len(others) > MOST_NAMED else ""
        yield (
            f"{cycle} 年度已有 {handed_in:,} 家单位提交，而这一版有 {len(others)} 项指标的题目、类型、档次、填法或适用对象不同"
            f"（{'、'.join(others[:MOST_NAMED])}{more}）：已提交的答案不能按别的题目计分。"
            "请只改权重、分值、目标值、等次和规则另存一版，或把这一版用于还没有提交的年度"
        )


def _question(indicator: Indicator) -> tuple:
    """What an answer depends on; weights, targets and the values of steps are not part of it."""
    return (
        indicator.question, indicator.type, indicator.applies, indicator.input, indicator.window, indicator.measure,
        indicator.numerator, indicator.denominator, tuple(level.name for level in indicator.levels),
    )  # fmt: skip


def use_scheme(store: Store, *, cycle: int, scheme_id: str, version: str, reason: str, actor: Actor) -> None:
    """Score a cycle under another kept version from now on; publications stand as they were frozen.

    Raises StoreError where there is no such version, it is the cycle's own, no reason is given, or something stands in
    the way (`use_obstacles`).
    """
    source = kept_source(store, scheme_id=scheme_id, version=version)
    if source is None:
        raise StoreError(f"没有保存过方案 {scheme_id} {version}：请先保存这一版。{UNTOUCHED}")
    now = store.cycle(cycle)
    if (now.scheme_id, now.version) == (scheme_id, version):
        raise StoreError(f"{cycle} 年度用的就是方案 {scheme_id} {version}，不必更改。{UNTOUCHED}")
    if not reason.strip():
        raise StoreError(f"没有写理由：请写明为什么改用这一版、依据什么。{UNTOUCHED}")
    scheme = parse_scheme(source, name=f"{scheme_id} {version}")
    if obstacles := use_obstacles(store, cycle=cycle, scheme=scheme):
        raise StoreError(f"{'；'.join(obstacles)}。{UNTOUCHED}")
    with store.write(actor) as transaction:
        add_cycle_event(
            transaction,
            scheme,
            cycle=cycle,
            opens_on=now.opens_on,
            deadline=now.deadline,
            status=now.status,
            late=now.late,
            reason=reason.strip(),
        )
