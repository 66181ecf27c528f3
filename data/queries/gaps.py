"""Where points are lost: by dimension, article and indicator, as a waterfall, and the units behind one indicator."""

from __future__ import annotations

import pandas as pd

from data.queries.all_regions import gaps_of_all, scores_of_all
from data.queries.ask import COMPOSITE, PROVINCE, ask, of_one_moment
from data.queries.regions import of_level, region_summary
from data.queries.units import unit_dimension_gaps, unit_summary
from data.store import Store
from scoring.limits import FULL_MARKS
from scoring.rounding import round_half_up, round_parts

# What stands between full marks and a score besides the gaps; the sign says whether it takes or gives points.
OTHER_CAUSES = (
    ("missing", "未提交", "missing", -1),
    ("deductions", "扣分", "deduction", -1),
    ("bonus", "加分", "bonus", 1),
    ("clipped", "满分封顶或零分保底", "clipped", 1),
    ("veto", "一票否决", "veto", -1),
)


def gap_matrix(
    store: Store,
    *,
    cycle: int,
    level: str,
    parent: str | None = None,
    by: str = "dimension",
    basis: str = COMPOSITE,
) -> pd.DataFrame:
    """One row per region of a level and "dimension" or "article": code, name, key, label, attainment, gap."""
    rows = scores_of_all(store, cycle=cycle, basis=basis)
    rows = rows.loc[of_level(rows, level=level, parent=parent), ["code", "name"]]
    gaps = gaps_of_all(store, cycle=cycle, by=by, basis=basis)
    found = gaps[gaps["region"].isin(rows["code"])].sort_values(["region", "position"], ignore_index=True)
    names = found["region"].map(dict(zip(rows["code"], rows["name"], strict=True)))
    shown = {"code": found["region"], "name": names}
    return pd.DataFrame(shown | {name: found[name] for name in ("key", "label", "attainment", "gap")})


def region_gaps(
    store: Store, *, cycle: int, region: str | None = None, by: str = "indicator", basis: str = COMPOSITE
) -> pd.DataFrame:
    """One row per "indicator", "article" or "dimension" of a region, the costliest first.

    Columns: key, label, article, place, dimension_name, gap (points of the region's score), attainment, units_short
    and units (submitted units that fall short of full marks in it, and that have it; only by indicator).
    """
    gaps = gaps_of_all(store, cycle=cycle, by=by, basis=basis)
    own = gaps[gaps["region"] == (region or PROVINCE)]
    return own.drop(columns=["region", "position"]).reset_index(drop=True)


def gap_units(
    store: Store, *, cycle: int, indicator: str, region: str | None = None, basis: str = COMPOSITE
) -> pd.DataFrame:
    """One row per unit that falls short in an indicator, the costliest first.

    Columns: code, name, region_name, category_name, answer (as typed), state, attainment, gap (points of the region's
    score; they add up to the indicator's gap).
    """
    return ask(store, "gap_units", cycle=cycle, region=region or PROVINCE, indicator=indicator, basis=basis)


@of_one_moment
def waterfall(
    store: Store, *, cycle: int, region: str | None = None, unit: str | None = None, basis: str = COMPOSITE
) -> pd.DataFrame:
    """From 100 to the score of a region or a unit: one row per step, the total last.

    Columns: label, value (signed points, exact), printed (rounded by largest remainder, so that what is printed adds
    up to the published score), kind (start, gap, missing, deduction, bonus, clipped, veto, total). Empty where there
    is no score.
    """
    columns = ["label", "value", "printed", "kind"]
    if unit:
        summary = unit_summary(store, cycle=cycle, unit=unit, basis=basis)
        gaps = unit_dimension_gaps(store, cycle=cycle, unit=unit, basis=basis)
    else:
        summary = region_summary(store, cycle=cycle, region=region, basis=basis)
        gaps = region_gaps(store, cycle=cycle, region=region, by="dimension", basis=basis)
    if not summary or summary["score"] is None:
        return pd.DataFrame(columns=columns)
    decimals = store.scheme(cycle).rules.decimals
    steps = [(row.label, -row.gap, "gap") for row in gaps.itertuples()]
    steps += [
        (label, sign * (summary.get(cause) or 0.0), kind)
        for cause, label, kind, sign in OTHER_CAUSES
        if summary.get(cause)
    ]
    # a unit's base is printed too, so its gaps end there and the other steps start there
    middle = summary["base"] if unit else summary["score"]
    printed = _rounded([s for s in steps if s[2] == "gap" or not unit], FULL_MARKS, middle, decimals)
    if unit:
        printed += _rounded([s for s in steps if s[2] != "gap"], middle, summary["score"], decimals)
    rows = [("满分", FULL_MARKS, FULL_MARKS, "start")]
    rows += [(label, value, part, kind) for (label, value, kind), part in zip(steps, printed, strict=True)]
    rows.append(("得分", summary["score_exact"], summary["score"], "total"))
    return pd.DataFrame(rows, columns=columns)


def _rounded(steps: list[tuple[str, float, str]], start: float, end: float, decimals: int) -> list[float]:
    """The steps' values rounded so that they add up from the printed start to the printed end."""
    total = round_half_up(round_half_up(end, decimals) - round_half_up(start, decimals), decimals)
    return round_parts([value for _, value, _ in steps], total=total, decimals=decimals)
