"""Which units the rules of a drawing would pick now, and why; `data.course.sampling` records a drawing (抽查)."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from data.queries.all_units import narrowed, of_all_units
from data.queries.ask import query_text
from data.queries.repeats import previous_cycle, worded
from data.scoped import ScopedStore
from data.store import Store

MOST_NAMED = 3  # units or answers that one reason names; it says how many there are
RULES = {
    "top": "自评最高",
    "jump": "较上年跃升",
    "inflation": "以往虚高",
    "unusual": "填报异常",
    "copied": "佐证雷同",
    "late": "逾期提交",
    "resent": "多次提交或退回",
    "last_year": "上年未按期或重复",
    "random": "随机抽取",
}
FACTS = ["is_top", "is_jump", "is_inflation", "is_late", "is_resent"]  # of sql/queries/sample_facts


@dataclass(frozen=True)
class SamplePlan:
    """The thresholds of one drawing; scoring/entries.py (Sampling) says what each means."""

    random_share: float
    top_share: float
    jump: float
    inflation: float
    rare: float
    unusual: int
    copied: int
    evidence_length: int


def draw_by_seed(codes: Iterable[str], *, share: float, seed: int) -> list[str]:
    """A share of the codes, rounded up, by chance: the first in the order of SHA-256 of "seed:code".

    The same seed and codes give the same picks on every platform and under every version of Python.
    """
    known = sorted(set(codes))
    number = math.ceil(round(share * len(known), 9))  # 0.1 of 30 are 3, not 4
    by_hash = sorted(known, key=lambda code: hashlib.sha256(f"{seed}:{code}".encode()).hexdigest())
    return sorted(by_hash[:number])


def candidates(
    store: Store | ScopedStore,
    *,
    cycle: int,
    region: str,
    plan: SamplePlan,
    today: date,
    within_write: bool = False,
) -> tuple[pd.DataFrame, list[str]]:
    """What every rule but chance picks (one row per unit and rule: unit, rule, why), and all submitted units.

    Results must have been brought up to date (`refresh_years`). `within_write`: everything is asked anew, for who works out
    what is kept may wait for the write to end.
    """
    previous = previous_cycle(store, cycle=cycle)
    years = () if previous is None else (previous,)

    def asked(name: str, *, others: Sequence[int] = (), **values) -> pd.DataFrame:
        if within_write:
            return store.query(query_text(name), cycle=cycle, region=region, **values)
        return narrowed(of_all_units(store, name, cycle=cycle, others=others, **values), region=region)

    facts = store.query(
        query_text("sample_facts"),
        cycle=cycle,
        region=region,
        previous=previous,
        top_share=plan.top_share,
        jump=plan.jump,
        inflation=plan.inflation,
    )
    picks: list[tuple[str, str, str]] = []
    for row in facts[facts[FACTS].any(axis=1)].to_dict("records"):
        picks += [(row["unit"], rule, why) for rule, why in _facts_in_words(row, previous)]
    submitted = set(facts["unit"])
    unusual = asked("sample_unusual", rare=plan.rare, unusual=plan.unusual).to_dict("records")
    picks += [(unit, "unusual", _unusual_in_words(answers)) for unit, answers in _by(unusual, "unit")]
    copied = asked(
        "sample_copied",
        copied=plan.copied,
        evidence_length=plan.evidence_length,
        most_named=MOST_NAMED,
    )
    picks += [(row["unit"], "copied", _copied_in_words(row)) for row in copied.to_dict("records")]
    had = worded(asked("repeats", others=years, previous=previous, unit=None, today=today, with_late=True))
    had = had[had["is_late"] | (had["is_repeat"] & (had["kind"] != "loss"))]
    picks += [
        (unit, "last_year", _some([row["said"] for row in rows], "；"))
        for unit, rows in _by(had.to_dict("records"), "code")
    ]
    return pd.DataFrame(picks, columns=["unit", "rule", "why"]), sorted(submitted)


def fresh_picks(
    store: Store | ScopedStore,
    *,
    cycle: int,
    region: str,
    plan: SamplePlan,
    today: date,
    seed: int,
    within_write: bool = False,
) -> tuple[pd.DataFrame, int]:
    """What a drawing would add: unit, rule, why, one row each; and how many units have handed in. `within_write` as in
    `candidates`."""
    picks, submitted = candidates(
        store, cycle=cycle, region=region, plan=plan, today=today, within_write=within_write
    )
    drawn = set(store.rows("select unit, rule from sample_pick where cycle = $cycle", cycle=cycle))
    taken = set(picks["unit"]) | {unit for unit, _ in drawn}
    rest = [unit for unit in submitted if unit not in taken]
    chosen = draw_by_seed(rest, share=plan.random_share, seed=seed)
    why = f"其余 {len(rest)} 家中按 {plan.random_share:.2%} 随机抽取，随机数 {seed}"
    by_chance = pd.DataFrame([(unit, "random", why) for unit in chosen], columns=picks.columns)
    everything = pd.concat([picks, by_chance], ignore_index=True)
    is_new = [pair not in drawn for pair in zip(everything["unit"], everything["rule"], strict=True)]
    return everything[is_new].reset_index(drop=True), len(submitted)


def _facts_in_words(row: dict, previous: int | None) -> Iterable[tuple[str, str]]:
    if row["is_top"]:
        where = f"本地区 {row['peers']} 家{row['category_name']}中第 {row['place']} 位"
        yield "top", f"自评 {row['self_score']:.2f} 分，{where}"
    if row["is_jump"]:
        yield (
            "jump",
            f"自评 {row['self_score']:.2f} 分，{previous} 年最终得分 {row['score_before']:.2f} 分，高 {row['rise']:.2f} 分",
        )
    if row["is_inflation"]:
        yield "inflation", f"{int(row['inflated_in'])} 年自评高出核定 {row['inflated_by']:.2f} 分"
    if row["is_late"]:
        yield "late", "首次提交在截止时间之后"
    if row["is_resent"]:
        returned = f"，退回 {row['returns']} 次" if row["returns"] else ""
        yield "resent", f"提交 {row['files']} 次{returned}"


def _unusual_in_words(answers: Sequence[dict]) -> str:
    said = [
        f"{a['title']}（{a['indicator']}）填“{a['text']}”，同类 {a['peers']} 家中 {a['share']:.1%} 达到"
        for a in answers
    ]
    return f"{len(said)} 项填报异常：" + _some(said, "；")


def _copied_in_words(row: dict) -> str:
    text = f"{row['texts']} 条佐证文字与其他单位同一指标的完全相同，最多的一条全省 {row['widest']} 家共有"
    if row["others"]:
        more = f"等 {row['others']} 家" if row["others"] > MOST_NAMED else ""
        return f"{text}；本地区相同的：{row['names']}{more}"
    return f"{text}；相同的都在本地区以外"


def _some(texts: Sequence[str], between: str) -> str:
    rest = f"{between}另有 {len(texts) - MOST_NAMED} 项" if len(texts) > MOST_NAMED else ""
    return between.join(texts[:MOST_NAMED]) + rest


def _by(rows: Sequence[dict], key: str) -> Iterable[tuple[str, list[dict]]]:
    groups: dict[str, list[dict]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups.items()
