"""What an evaluator should look at first, as sentences with the place to go to."""

from __future__ import annotations

import pandas as pd

from data.queries.ask import COMPOSITE, PROVINCE, ask_one, of_one_moment
from data.queries.gaps import region_gaps
from data.queries.regions import region_scores
from data.queries.repeats import previous_cycle, refresh_years
from data.store import Store

INFLATION_POINTS = (
    10.0  # self above verified by more than a grade's usual half-width: worth a look, not a fault
)


def attention(store: Store, *, cycle: int, region: str | None = None) -> pd.DataFrame:
    """One row per matter, most urgent first: level ("high", "medium"), text, page (url path), params (dict)."""
    refresh_years(store, cycle=cycle)  # what repeats is found in the results of the cycle before, too
    return _attention(store, cycle=cycle, region=region)


@of_one_moment
def _attention(store: Store, *, cycle: int, region: str | None) -> pd.DataFrame:
    where = region or PROVINCE
    counts = ask_one(store, "attention_counts", cycle=cycle, region=where, inflation=INFLATION_POINTS)
    waiting = ask_one(store, "waiting_objections", cycle=cycle, region=where)["waiting"]
    previous = previous_cycle(store, cycle=cycle)
    repeats = ask_one(store, "repeat_counts", cycle=cycle, previous=previous, region=where)
    pending = ask_one(store, "pending_na", cycle=cycle, region=where)
    at = {"cycle": cycle, "region": where}
    rows = []

    def add(level: str, number: int | None, text: str, page: str, **params) -> None:
        if number:
            rows.append((level, text, page, {**at, **params}))

    missing, registered = counts["missing"], counts["registered"]
    add("high", counts["vetoed"], f"{counts['vetoed']} 家单位被一票否决（第四十一条）", "ranking")
    if missing:
        add("high", missing, f"{missing} 家单位未提交，占登记单位 {missing / registered:.1%}", "submit")
    add("high", *_without_submission(store, cycle=cycle, region=where), "ranking")
    add(
        "medium",
        pending["claims"],
        f"{pending['claims']} 项“不适用”待核，涉及 {pending['units']} 家单位",
        "gaps",
    )
    add("medium", waiting, f"{waiting} 件异议待决定", "review", part="objections")
    best = store.scheme(cycle).grades[0].name
    add(
        "medium",
        counts["tied"],
        f"{counts['tied']} 家单位在{best}名额末位同分，一并保留",
        "publication",
        part="grades",
        grade_level="unit",
    )
    add("medium", counts["deducted"], f"{counts['deducted']} 家单位因第四十条至第四十三条情形扣分", "ranking")
    add("medium", counts["late"], f"{counts['late']} 家单位逾期提交", "ranking")
    add(
        "medium",
        counts["inflated"],
        f"{counts['inflated']} 家单位自评高出核定 {INFLATION_POINTS:.0f} 分以上",
        "ranking",
    )
    add(
        "medium",
        repeats["again"],
        f"{repeats['again']} 项上年认定或者责令整改的问题今年再次失分，涉及 {repeats['units']} 家单位",
        "ranking",
    )
    add(
        "medium",
        counts["not_comparable"],
        f"{counts['not_comparable']} 家单位适用分值过低，不可比",
        "ranking",
    )
    gaps = region_gaps(store, cycle=cycle, region=where)
    if not gaps.empty and gaps["gap"].iloc[0] > 0:
        worst = gaps.iloc[0]
        add(
            "medium",
            1,
            f"失分最多的指标：{worst['label']}（{worst['place']}），失 {worst['gap']:.2f} 分",
            "gaps",
            indicator=worst["key"],
        )
    return pd.DataFrame(rows, columns=["level", "text", "page", "params"])


def _without_submission(store: Store, *, cycle: int, region: str) -> tuple[int, str]:
    """Regions right below the given one from which nothing at all came in, and the sentence about them."""
    level = "prefecture" if region == PROVINCE else "county"
    children = region_scores(store, cycle=cycle, level=level, parent=region, basis=COMPOSITE)
    silent = children[(children["registered"] > 0) & (children["submitted"] == 0)]
    return len(silent), f"{'、'.join(silent['name'])}没有任何单位提交"
