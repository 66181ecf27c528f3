"""What an evaluator should look at first, as sentences with the place to go to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from data.moment import Moment, worked_out
from data.queries.all_regions import gaps_of_all, scores_of_all
from data.queries.ask import COMPOSITE, PROVINCE, ask
from data.queries.repeats import previous_cycle, refresh_years
from data.store import Store

INFLATION_POINTS = (
    10.0  # self above verified by more than a grade's usual half-width: worth a look, not a fault
)
COUNTED = ("attention_counts", "waiting_objections", "repeat_counts", "pending_na")


@dataclass(frozen=True)
class _Matters:
    """What is found in every region at one moment: counts of the query files COUNTED by region (none where there is nothing to
    count), its costliest indicator, and, by level and parent, the regions from which nothing came in."""

    counts: Mapping[str, Mapping[str, int]]
    worst: Mapping[str, Any]
    silent: Mapping[tuple[str, str], list[str]]
    best_grade: str


def attention(store: Store, *, cycle: int, region: str | None = None) -> pd.DataFrame:
    """One row per matter, most urgent first: level ("high", "medium"), text, page (url path), params (dict)."""
    refresh_years(store, cycle=cycle)  # what repeats is found in the results of the cycle before, too
    where = region or PROVINCE
    matters = worked_out(
        store,
        "attention",
        partial(_matters, cycle=cycle),
        cycle=cycle,
        others=[each for each in store.cycles() if each < cycle],
    )
    counts = matters.counts.get(where, {})
    at = {"cycle": cycle, "region": where}
    rows = []

    def number(name: str) -> int:
        return counts.get(name, 0)

    def add(level: str, number: int, text: str, page: str, **params) -> None:
        if number:
            rows.append((level, text, page, {**at, **params}))

    missing, registered = number("missing"), number("registered")
    add("high", number("vetoed"), f"{number('vetoed')} 家单位被一票否决（第四十一条）", "ranking")
    if missing:
        add("high", missing, f"{missing} 家单位未提交，占登记单位 {missing / registered:.1%}", "submit")
    # right below the region
    silent = matters.silent.get(("prefecture" if where == PROVINCE else "county", where), [])
    add("high", len(silent), f"{'、'.join(silent)}没有任何单位提交", "ranking")
    add(
        "medium",
        number("claims"),
        f"{number('claims')} 项“不适用”待核，涉及 {number('claiming')} 家单位",
        "gaps",
    )
    add("medium", number("waiting"), f"{number('waiting')} 件异议待决定", "review", part="objections")
    add(
        "medium",
        number("tied"),
        f"{number('tied')} 家单位在{matters.best_grade}名额末位同分，一并保留",
        "publication",
        part="grades",
        grade_level="unit",
    )
    add(
        "medium",
        number("deducted"),
        f"{number('deducted')} 家单位因第四十条至第四十三条情形扣分",
        "ranking",
    )
    add("medium", number("late"), f"{number('late')} 家单位逾期提交", "ranking")
    add(
        "medium",
        number("inflated"),
        f"{number('inflated')} 家单位自评高出核定 {INFLATION_POINTS:.0f} 分以上",
        "ranking",
    )
    add(
        "medium",
        number("again"),
        f"{number('again')} 项上年认定或者责令整改的问题今年再次失分，涉及 {number('repeating')} 家单位",
        "ranking",
    )
    add(
        "medium",
        number("not_comparable"),
        f"{number('not_comparable')} 家单位适用分值过低，不可比",
        "ranking",
    )
    worst = matters.worst.get(where)
    if worst is not None and worst.gap > 0:
        add(
            "medium",
            1,
            f"失分最多的指标：{worst.label}（{worst.place}），失 {worst.gap:.2f} 分",
            "gaps",
            indicator=worst.key,
        )
    return pd.DataFrame(rows, columns=["level", "text", "page", "params"])


def _matters(moment: Moment, *, cycle: int) -> _Matters:
    asked = {"inflation": INFLATION_POINTS}, {}, {"previous": previous_cycle(moment, cycle=cycle)}, {}
    counts: dict[str, dict[str, int]] = {}
    for name, values in zip(COUNTED, asked, strict=True):
        for row in ask(moment, name, cycle=cycle, **values).to_dict("records"):
            counts.setdefault(row.pop("region"), {}).update(row)
    gaps = gaps_of_all(moment, cycle=cycle, by="indicator", basis=COMPOSITE)
    worst = gaps.drop_duplicates("region")[["region", "key", "label", "place", "gap"]]
    scores = scores_of_all(moment, cycle=cycle, basis=COMPOSITE)
    silent = scores[(scores["registered"] > 0) & (scores["submitted"] == 0)]
    return _Matters(
        counts=counts,
        worst={row.region: row for row in worst.itertuples(index=False)},
        silent=silent.groupby(["row_level", "parent"])["name"].agg(list).to_dict(),
        best_grade=moment.scheme(cycle).grades[0].name,
    )
