"""What moved a score from one year to another, split exactly by indicator, and who moved most.

score now − score before = Σ (gap before − gap now) + (missing before − missing now) + deductions and veto likewise
− (bonus before − bonus now) − (clipped before − clipped now), because each year's gaps add up (SCORING.md). An indicator
that is in one scheme only has a gap in that year only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from data.moment import Moment, worked_out
from data.queries.all_regions import Parts, terms_of_all, trend_of_all
from data.queries.all_units import kept_frame, narrowed
from data.queries.ask import COMPOSITE, PROVINCE, ask, with_none
from data.queries.gaps import OTHER_CAUSES
from data.queries.one_unit import trend_of_unit
from data.queries.regions import as_asked, of_level
from data.queries.terms import terms_by_year
from data.queries.trend import TERM_COLUMNS, comparability, of_several_years, only_in, terms_of
from data.store import Store
from scoring.comparison import IndicatorComparison, dimensions_of
from scoring.rounding import round_half_up, round_parts

MOST_CAUSES = 3
STATUS_NAMES = {"both": "", "new": "新登记", "gone": "已不在名册", "no_score": "缺一年得分"}
NOISE_DECIMALS = 6  # as many as a scheme may publish
CAUSE_SIGNS = {cause: sign for cause, _, _, sign in OTHER_CAUSES}
MOVE_COLUMNS = [
    "key",
    "label",
    "article",
    "dimension",
    "kind",
    "presence",
    "gap_before",
    "gap_now",
    "change",
    "attainment_before",
    "attainment_now",
    "by_attainment",
    "by_weight",
    "note",
]


@of_several_years
def moves(
    store: Store,
    *,
    cycle: int,
    before: int,
    region: str | None = None,
    unit: str | None = None,
    by: str = "indicator",
    basis: str = COMPOSITE,
) -> pd.DataFrame:
    """One row per "indicator", "article" or "dimension" and other cause of a move, the largest gain first.

    Columns: key, label, article, dimension, kind (gap, missing, deduction, veto, bonus, clipped), presence (both, before,
    now: in which scheme), gap_before, gap_now, change (points of the score; they add up to the move), attainment_before,
    attainment_now, by_attainment and by_weight (an indicator's change as the part from its attainment and the part from
    its weight; None where it is in one year only), note (in words). Empty where one of the years has no score.
    """
    parts = _parts(store, cycle=cycle, before=before, region=region, unit=unit, basis=basis)
    return _moves(store, *parts, cycle=cycle, before=before, region=region, unit=unit, by=by, basis=basis)


def _moves(
    store: Store,
    then: Mapping[str, Any],
    now: Mapping[str, Any],
    *,
    cycle: int,
    before: int,
    region: str | None,
    unit: str | None,
    by: str,
    basis: str,
) -> pd.DataFrame:
    """The rows of `moves` between two scores with their other causes."""
    if not (_has_score(then) and _has_score(now)):
        return pd.DataFrame(columns=MOVE_COLUMNS)
    comparison = comparability(store, cycle=cycle, before=before)
    if unit:
        split = split_gaps(*terms_of(store, years=(before, cycle), unit=unit, basis=basis))
    else:
        split = _splits(store, cycle=cycle, before=before, basis=basis)[0].of(region or PROVINCE)
    of_indicator = dict(zip(split["indicator"], split.to_dict("records"), strict=True))
    rows = [
        _indicator_row(entry, of_indicator[entry.id], before=before, cycle=cycle)
        for entry in comparison.indicators
        if entry.id in of_indicator
    ]
    if by != "indicator":
        names = {d.id: d.name for d in dimensions_of(store.scheme(before), store.scheme(cycle))}
        rows = _grouped(rows, by=by, names=names, before=before, cycle=cycle, comparison=comparison)
    rows.sort(key=lambda row: (-row["change"], row["key"]))
    return pd.DataFrame([*rows, *other_rows(then, now)], columns=MOVE_COLUMNS)


@of_several_years
def bridge(
    store: Store,
    *,
    cycle: int,
    before: int,
    region: str | None = None,
    unit: str | None = None,
    by: str = "dimension",
    basis: str = COMPOSITE,
) -> pd.DataFrame:
    """From one year's score to another's: one row per step, both scores as the first and the last.

    Columns: key, label, value (signed points, exact), printed (rounded by largest remainder, so that what is printed
    adds up from one published score to the other), kind (start, gap, missing, …, rounding, total), presence, note. Empty
    where one of the years has no score. Where the two schemes publish with different decimals, what rounding alone makes of
    the difference is a step of its own, and both ends have the published scores as values too.
    """
    parts = _parts(store, cycle=cycle, before=before, region=region, unit=unit, basis=basis)
    steps = _moves(store, *parts, cycle=cycle, before=before, region=region, unit=unit, by=by, basis=basis)
    columns = ["key", "label", "value", "printed", "kind", "presence", "note"]
    if steps.empty:
        return pd.DataFrame(columns=columns)
    kept = [store.scheme(year).rules.decimals for year in (before, cycle)]
    decimals, is_alike = max(kept), kept[0] == kept[1]
    published, exact = ([part[name] for part in parts] for name in ("score", "score_exact"))
    explained = [
        round_half_up(score, decimals) for score in exact
    ]  # what would be published with as many decimals
    total = round_half_up(explained[1] - explained[0], decimals)
    steps = steps.rename(columns={"change": "value"})
    steps["printed"] = round_parts(steps["value"].tolist(), total=total, decimals=decimals)
    rounding = {
        "key": "rounding", "label": "取整", "kind": "rounding", "presence": "both",
        "value": published[1] - published[0] - (exact[1] - exact[0]),
        "printed": round_half_up(published[1] - published[0] - total, decimals),
        "note": f"得分保留的小数：{before} 年 {kept[0]} 位，{cycle} 年 {kept[1]} 位",
    }  # fmt: skip
    ends = [
        {"key": "", "label": f"{year} 年得分", "value": value, "printed": score, "kind": kind, "presence": "both", "note": ""}
        for year, value, score, kind in zip(
            (before, cycle), exact if is_alike else published, published, ("start", "total"), strict=True
        )
    ]  # fmt: skip
    between = [*steps[columns].to_dict("records"), *([] if is_alike else [rounding])]
    return pd.DataFrame([ends[0], *between, ends[1]], columns=columns)


@of_several_years
def region_moves(
    store: Store, *, cycle: int, before: int, level: str, parent: str | None = None, basis: str = COMPOSITE
) -> pd.DataFrame:
    """One row per region of a level that had registered units in either year, the largest move first.

    Columns: code, name, parent_name, score_before, score_now, exact_before, exact_now, rank_before, rank_now, change
    (exact; None without two scores), moved (the difference of the published scores), rank_change (places gained), status (both, new, gone, no_score), causes (the three
    that did most, in words).
    """
    trend = trend_of_all(store, cycle=cycle, others=[before], basis=basis)
    trend = as_asked(trend[of_level(trend, level=level, parent=parent)])
    own = ["name", "parent_name", "score", "score_exact", "rank", "registered"]
    then, now = (trend[trend["cycle"] == year].set_index("code")[own] for year in (before, cycle))
    both = then.add_suffix("_before").join(now.add_suffix("_now"), how="outer")
    frame = pd.DataFrame(
        {
            "name": both["name_now"].fillna(both["name_before"]),
            "parent_name": both["parent_name_now"].fillna(both["parent_name_before"]),
            "score_before": both["score_before"],
            "score_now": both["score_now"],
            "exact_before": both["score_exact_before"],
            "exact_now": both["score_exact_now"],
            "rank_before": both["rank_before"],
            "rank_now": both["rank_now"],
            "change": both["score_exact_now"] - both["score_exact_before"],
            "moved": _printed(both["score_now"] - both["score_before"]),
            "rank_change": both["rank_before"] - both["rank_now"],
            "status": [_status(row) for row in both.to_dict("records")],
        }
    )
    causes = _splits(store, cycle=cycle, before=before, basis=basis)[1]
    frame["causes"] = [causes.get(code, "") for code in frame.index]
    frame.loc[frame["status"] != "both", "causes"] = ""
    frame = frame.rename_axis("code").reset_index()
    frame["size"] = frame["change"].abs()
    return (
        frame.sort_values(["size", "code"], ascending=[False, True], na_position="last")
        .drop(columns="size")
        .reset_index(drop=True)
    )


def unit_moves(
    store: Store,
    *,
    cycle: int,
    before: int,
    region: str | None = None,
    category: str | None = None,
    basis: str = COMPOSITE,
) -> pd.DataFrame:
    """One row per unit on the register of either year, the largest move first; units are the same by their code.

    Columns: code, name, region, region_path, category (newer entry), category_name, category_before, score_before,
    score_now, exact_before, exact_now, rank_before, rank_now, state_before, state_now, status (both, new 新登记,
    gone 已不在名册, no_score), change (exact; None without two scores), moved (of the published scores).
    """
    every = kept_frame(
        store,
        ("unit_moves", cycle, before, basis),
        lambda moment: _unit_moves(moment, cycle=cycle, before=before, basis=basis),
        cycle=cycle,
        others=[before],
    )
    return narrowed(every, region=region, category=category)


def _unit_moves(store: Store, *, cycle: int, before: int, basis: str) -> pd.DataFrame:
    frame = ask(store, "unit_moves", cycle=cycle, before=before, basis=basis)
    return frame.assign(moved=_printed(frame["score_now"] - frame["score_before"]))


@of_several_years
def unit_move_causes(
    store: Store, *, cycle: int, before: int, units: Sequence[str], basis: str = COMPOSITE
) -> pd.DataFrame:
    """One row per unit of the list: code, causes (the three that did most, in words)."""
    values = ask(store, "units_values", cycle=cycle, before=before, units=list(units))
    terms = terms_by_year(store, values, years=(before, cycle), basis=basis)
    others = [
        ask(store, "units_causes", cycle=year, units=list(units), basis=basis) for year in (before, cycle)
    ]
    causes = _causes(store, split_gaps(*terms), others, cycle=cycle, before=before)
    return pd.DataFrame({"code": list(units), "causes": [causes.get(code, "") for code in units]})


def _printed(difference: pd.Series) -> pd.Series:
    """Differences of published scores without the noise of binary numbers."""
    return difference.astype("float64").round(NOISE_DECIMALS) + 0.0


def _parts(
    store: Store, *, cycle: int, before: int, region: str | None, unit: str | None, basis: str
) -> list[dict[str, Any]]:
    """Score and other causes of the year before and of this one; empty where it was not registered."""
    if unit:
        rows = trend_of_unit(store, cycle=cycle, others=[before], unit=unit, basis=basis)
    else:
        rows = trend_of_all(store, cycle=cycle, others=[before], basis=basis)
        rows = rows[rows["code"] == (region or PROVINCE)]
    of_year = {row["cycle"]: with_none(row) for row in rows.to_dict("records")}
    return [of_year.get(year, {}) for year in (before, cycle)]


def _has_score(parts: Mapping[str, Any]) -> bool:
    return parts.get("score") is not None


def _splits(store: Store, *, cycle: int, before: int, basis: str) -> tuple[Parts, dict[str, str]]:
    """Of every region, `split_gaps` by code, and by code the causes that moved its score most, in words."""

    def made(moment: Moment) -> tuple[Parts, dict[str, str]]:
        terms = [terms_of_all(moment, cycle=year, basis=basis)[TERM_COLUMNS] for year in (before, cycle)]
        split = split_gaps(*terms)
        trend = trend_of_all(moment, cycle=cycle, others=[before], basis=basis)
        others = [trend[(trend["cycle"] == year) & trend["score"].notna()] for year in (before, cycle)]
        return Parts(split, "code"), _causes(moment, split, others, cycle=cycle, before=before)

    return worked_out(store, ("splits", cycle, before, basis), made, cycle=cycle, others=[before])


def split_gaps(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """One row per code and indicator of either year: gaps, change, and its two parts where both years have it."""
    both = then.merge(now, on=["code", "indicator"], how="outer", suffixes=("_before", "_now"))
    for column in ("gap_before", "gap_now"):
        both[column] = both[column].fillna(0.0)
    both["change"] = both["gap_before"] - both["gap_now"]
    better = both["attainment_now"] - both["attainment_before"]
    both["by_attainment"] = 50 * (both["omega_before"] + both["omega_now"]) * better
    both["by_weight"] = both["change"] - both["by_attainment"]
    return both


def _indicator_row(
    entry: IndicatorComparison, row: Mapping[str, Any], *, before: int, cycle: int
) -> dict[str, Any]:
    return {
        "key": entry.id,
        "label": entry.title,
        "article": entry.article,
        "dimension": entry.dimension,
        "kind": "gap",
        "presence": entry.presence,
        **{name: row[name] for name in MOVE_COLUMNS if name in row},
        "note": _note(entry, row, before=before, cycle=cycle),
    }


def _note(entry: IndicatorComparison, row: Mapping[str, Any], *, before: int, cycle: int) -> str:
    if entry.presence != "both":
        return only_in(before if entry.presence == "before" else cycle)
    notes = [
        f"{year} 年没有适用的已评分单位"
        for year, name in ((before, "omega_before"), (cycle, "omega_now"))
        if pd.isna(row[name])
    ]
    return "；".join([*notes, *entry.asked, *entry.weighed])


def grouped_lines(
    rows: Iterable[dict], *, by: str, names: Mapping[str, str], summed: Sequence[str]
) -> Iterator[tuple[Any, list[dict], dict]]:
    """Per "article" or "dimension" of lines by indicator: its key, its lines, and what its own line begins with: key, label,
    article, kind, and the sums of the columns `summed`."""
    groups: dict[Any, list[dict]] = {}
    for row in rows:
        groups.setdefault(row[by], []).append(row)
    for key, members in groups.items():
        line = {
            "key": str(key),
            "label": f"第{key}条" if by == "article" else names[key],
            "article": key if by == "article" else None,
            "kind": "gap",
        }
        yield key, members, line | {name: sum(row[name] for row in members) for name in summed}


def _grouped(rows, *, by: str, names: Mapping[str, str], before: int, cycle: int, comparison) -> list[dict]:
    result = []
    summed = ("gap_before", "gap_now", "change")
    for key, members, line in grouped_lines(rows, by=by, names=names, summed=summed):
        presences = {row["presence"] for row in members}
        if by == "article":
            presence = comparison.article_presence(key)
        else:
            presence = presences.pop() if len(presences) == 1 else "both"
        notes = [
            f"{row['label']}（{row['note']}）"
            for row in members
            if row["presence"] != "both" and presence == "both"
        ]
        if presence != "both":
            notes = [only_in(before if presence == "before" else cycle)]
        result.append(
            line
            | {
                "dimension": key if by == "dimension" else None,
                "presence": presence,
                "note": "、".join(notes),
            }
        )
    return result


def other_rows(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict]:
    """One row per cause besides the gaps that either of two scores has: what it takes or gives there, and the change."""
    rows = []
    for cause, label, kind, sign in OTHER_CAUSES:
        one, other = (_number(part.get(cause)) for part in (then, now))
        if one or other:
            rows.append(
                {"key": cause, "label": label, "kind": kind, "presence": "both", "gap_before": one, "gap_now": other,
                 "change": sign * (other - one), "note": ""}
            )  # fmt: skip
    return rows


def _number(value: float | None) -> float:
    return 0.0 if value is None or pd.isna(value) else float(value)


def _causes(
    store: Store, split: pd.DataFrame, others: Sequence[pd.DataFrame], *, cycle: int, before: int
) -> dict[str, str]:
    """Code → the causes that moved its score most, in words; `split` as of `split_gaps`, `others` of both years, one row per
    code."""
    entries = comparability(store, cycle=cycle, before=before).by_id
    moved: dict[str, list[tuple[float, tuple[str, str]]]] = {}
    for code, indicator, change in zip(split["code"], split["indicator"], split["change"], strict=True):
        if change:
            title = _title(entries[indicator], before=before, cycle=cycle)
            moved.setdefault(code, []).append((change, title))
    then, now = ({row["code"]: row for row in frame.to_dict("records")} for frame in others)
    for code in then.keys() & now.keys():
        rows = other_rows(then[code], now[code])
        moved.setdefault(code, []).extend(
            (row["change"], (row["label"], "")) for row in rows if row["change"]
        )
    return {code: _most(causes) for code, causes in moved.items()}


def _most(causes: list[tuple[float, tuple[str, str]]]) -> str:
    largest = sorted(causes, key=lambda cause: (-abs(cause[0]), cause[1]))[:MOST_CAUSES]
    return "、".join(f"{title}（{signed_points(change)}{where}）" for change, (title, where) in largest)


def _title(entry: IndicatorComparison, *, before: int, cycle: int) -> tuple[str, str]:
    if entry.presence == "both":
        return entry.title, ""
    return entry.title, f"，{only_in(before if entry.presence == 'before' else cycle)}"


def signed_points(points: float) -> str:
    """+1.20 or −0.30; what rounds to nothing has no sign."""
    points = round_half_up(points, 2)
    text = f"{abs(points):.2f}"
    return f"−{text}" if points < 0 else f"+{text}" if points else text


def _status(row: Mapping[str, Any]) -> str:
    if pd.isna(row["registered_now"]):
        return "gone"
    if pd.isna(row["registered_before"]):
        return "new"
    has_both = not pd.isna(row["score_now"]) and not pd.isna(row["score_before"])
    return "both" if has_both else "no_score"
