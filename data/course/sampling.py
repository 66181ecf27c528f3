"""Who is checked (抽查): units picked by rules that anybody can follow, and some by chance; every drawing is kept.

Art. 18's inspection covers all; the law does not say who is looked at on the spot. The rules' thresholds are the scheme's
(`scheme.sampling`) unless a drawing is given others; those used are recorded with it, with the seed.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import date

from data.course.acting import acted, hands_over, own_stage, refuse
from data.course.texts import check_text
from data.queries.candidates import RULES, SamplePlan, candidates, draw_by_seed, fresh_picks
from data.queries.repeats import refresh_years
from data.regions import regions_by_code
from data.scoped import ScopedStore
from data.store import Store
from scoring.scheme import Sampling

__all__ = [
    "LARGEST_SEED",
    "RULES",
    "Drawn",
    "SamplePlan",
    "candidates",
    "draw_by_seed",
    "draw_sample",
    "fresh_picks",
    "fresh_seed",
    "scheme_plan",
]

LARGEST_SEED = 2**31 - 1  # ten digits that can be read out and typed again


@dataclass(frozen=True)
class Drawn:
    """A drawing as it was recorded: its seq, the seed, and how many units each rule added."""

    seq: int
    seed: int
    units: int
    by_rule: dict[str, int]


def scheme_plan(store: Store | ScopedStore, *, cycle: int) -> SamplePlan | None:
    """The scheme's thresholds; None where the scheme has none."""
    sampling = store.scheme(cycle).sampling
    return SamplePlan(**sampling.model_dump()) if sampling else None


def fresh_seed() -> int:
    """A seed that nobody can foresee or choose."""
    return secrets.randbelow(LARGEST_SEED) + 1


def draw_sample(
    store: Store | ScopedStore,
    *,
    cycle: int,
    region: str,
    seed: int,
    plan: SamplePlan,
    reason: str = "",
    today: date | None = None,
) -> Drawn:
    """Record one drawing for a region and below: what every rule picks and was not yet drawn for, and a share of the rest.

    Raises StoreError where the region is not this reader's to draw for, a threshold cannot be, or nobody new is picked.
    """
    reason = " ".join(reason.split())
    _check(store, region=region, seed=seed, plan=plan, reason=reason)
    store.cycle(cycle)
    refresh_years(store, cycle=cycle)
    with store.write() as transaction:
        fresh, _ = fresh_picks(
            store,
            cycle=cycle,
            region=region,
            plan=plan,
            seed=seed,
            today=today or transaction.at.date(),
            within_write=True,
        )
        if fresh.empty:
            raise refuse("没有新的单位可抽：已提交的单位都已抽中，或者没有单位符合规则")
        units = fresh["unit"].nunique()
        by_rule = {rule: int(n) for rule, n in fresh["rule"].value_counts().items()}
        name = regions_by_code()[region].name
        transaction.audit("sample", object=name, detail=f"{units} 家单位，随机数 {seed}", cycle=cycle)
        seq = transaction.record("sample", cycle=cycle, detail=f"{region} {units} units seed {seed}")
        transaction.add(
            "sample_draw",
            {
                "seq": seq,
                "cycle": cycle,
                "region": region,
                "seed": seed,
                "plan": json.dumps(asdict(plan), ensure_ascii=False),
                "reason": reason,
                **acted(transaction),
            },
        )
        transaction.append(
            "sample_pick", [{"seq": seq, "cycle": cycle, **row} for row in fresh.to_dict("records")]
        )
    return Drawn(seq, seed, int(units), by_rule)


def _check(store: Store | ScopedStore, *, region: str, seed: int, plan: SamplePlan, reason: str) -> None:
    if region not in regions_by_code():
        raise refuse(f"没有地区 {region}：请核对 6 位行政区划代码")
    if "evaluator" not in hands_over(store, region=region, unit="") or own_stage(store) == "county":
        raise refuse("抽查由省级对全省、市级对本市（地）抽取：请改选本级管辖的地区")
    try:
        Sampling.model_validate(asdict(plan))
    except ValueError as error:  # pydantic's, which names the fields
        fields = "、".join(str(e["loc"][0]) for e in error.errors())
        raise refuse(f"抽查参数超出范围（{fields}）：比例应为 0 至 1，分数不小于 0，个数不小于 1") from error
    if not 0 < seed <= LARGEST_SEED:
        raise refuse(f"随机数 {seed} 超出范围：应为 1 至 {LARGEST_SEED} 的整数")
    check_text(reason, what="说明")
