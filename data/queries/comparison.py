"""Two regions, or a region and the province, side by side: where the difference of their scores comes from, exactly.

score here − score there = Σ (gap there − gap here) + the other causes, because each side's gaps add up (SCORING.md). With a
category, both sides are the units of that category only, scored as a region is. A side that has so few units beyond the
reader's own region that single ones could be told from it is not shown (the scheme's min_group, as for category means).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.moment import Moment, one_moment
from data.queries.ask import COMPOSITE, PROVINCE, ask, ask_one
from data.queries.beyond_scope import seen_as_a_whole, units_may_be_seen
from data.queries.moves import CAUSE_SIGNS, grouped_lines, other_rows, split_gaps
from data.queries.trend import terms_of
from data.regions import regions_by_code
from data.scoped import whole_of
from data.store import Store
from scoring.limits import attainment_of
from scoring.rounding import round_half_up, round_parts
from scoring.scheme import Scheme

MOST_STEPS = 14  # more cannot be read in one figure; the smallest become one step
COLUMNS = [
    "key",
    "label",
    "article",
    "place",
    "dimension_name",
    "kind",
    "gap_there",
    "gap_here",
    "change",
    "printed",
    "attainment_there",
    "attainment_here",
    "by_attainment",
    "by_weight",
    "note",
]
STEP_COLUMNS = ["key", "label", "value", "printed", "kind", "presence", "note"]


@dataclass(frozen=True)
class _Pair:
    """Both sides' parts (of `comparison_parts`, empty where there is nothing to tell) and the lines of the difference."""

    here: dict[str, Any]
    there: dict[str, Any]
    rows: list[dict[str, Any]]
    decimals: int

    @property
    def difference(self) -> float:
        """Of the published scores."""
        return round_half_up(self.here["score"] - self.there["score"], self.decimals)


def comparison(
    store: Store,
    *,
    cycle: int,
    region: str | None,
    other: str | None = None,
    category: str | None = None,
    by: str = "indicator",
    basis: str = COMPOSITE,
) -> tuple[list[dict[str, Any]], pd.DataFrame, pd.DataFrame]:
    """A region and another (None: the province), what makes their difference, and the steps from one score to the other.

    The two sides, the region's first: code, registered, submitted, scored, score, score_exact, missing, deductions, veto,
    bonus, clipped (None where unknown), is_hidden (too few units to be told of). A region that the reader may not see as a
    whole has only None, and is hidden.

    One row per "indicator", "article" or "dimension" and other cause of the difference, what is best here first.
    Columns: key, label, article, place, dimension_name, kind (gap, missing, deduction, veto, bonus, clipped), gap_there,
    gap_here (points lost there and here; what gives points is negative), change (points by which it puts the region ahead of the other; they add up to the difference of the exact scores),
    printed (rounded by largest remainder: they add up to the difference of the published scores), attainment_there,
    attainment_here, by_attainment and by_weight (a gap's change as the part from attainment, at mean weight, and the rest, from
    weight; where only one side has units that it applies to, all of it is from weight), note. Empty where a side has no score,
    may not be seen, or is hidden.

    From the other's score to the region's, one row per step, as `bridge` of two years; columns as there. Beyond MOST_STEPS the
    smallest differences are one step. Empty as the rows before.
    """
    sides, pair = _pair(store, cycle=cycle, region=region, other=other, category=category, by=by, basis=basis)
    there, here = (regions_by_code()[code or PROVINCE].name for code in (other, region))
    return sides, _lines_of(pair), _steps_of(pair, names=(there, here))


def _lines_of(pair: _Pair | None) -> pd.DataFrame:
    if pair is None:
        return pd.DataFrame(columns=COLUMNS)
    frame = pd.DataFrame(pair.rows, columns=COLUMNS)
    frame["printed"] = round_parts(frame["change"].tolist(), total=pair.difference, decimals=pair.decimals)
    numbers = [name for name in COLUMNS if name.startswith(("gap_", "attainment_", "by_"))]
    return frame.astype(dict.fromkeys(numbers, "float64") | {"article": "Int64"})


def _steps_of(pair: _Pair | None, *, names: tuple[str, str]) -> pd.DataFrame:
    if pair is None:
        return pd.DataFrame(columns=STEP_COLUMNS)
    rows = [
        {"key": row["key"], "label": row["label"], "value": row["change"], "kind": row["kind"]}
        for row in pair.rows
    ]
    if len(rows) > MOST_STEPS:
        by_size = sorted(rows, key=lambda row: (-abs(row["value"]), row["key"]))
        kept = {row["key"] for row in by_size[: MOST_STEPS - 1]}
        small = [row for row in rows if row["key"] not in kept]
        rows = [row for row in rows if row["key"] in kept]
        rest = sum(row["value"] for row in small)
        rows.append({"key": "", "label": f"其余 {len(small)} 项合计", "value": rest, "kind": "gap"})
    printed = round_parts([row["value"] for row in rows], total=pair.difference, decimals=pair.decimals)
    rows = [{**row, "printed": part} for row, part in zip(rows, printed, strict=True)]
    ends = [
        {
            "key": "",
            "label": f"{name}得分",
            "value": side["score_exact"],
            "printed": side["score"],
            "kind": kind,
        }
        for name, side, kind in zip(names, (pair.there, pair.here), ("start", "total"), strict=True)
    ]
    frame = pd.DataFrame([ends[0], *rows, ends[1]]).assign(presence="both", note="")
    return frame[STEP_COLUMNS]


def _side(
    store: Store, moment: Moment, *, cycle: int, region: str, category: str | None, basis: str
) -> dict[str, Any]:
    names = ("registered", "submitted", "scored", "score", "score_exact")
    names += ("missing", "deductions", "veto", "bonus", "clipped")
    nothing = {"code": region, **dict.fromkeys(names), "is_hidden": True}
    if region not in seen_as_a_whole(store, cycle=cycle):
        return nothing
    within = [code for code in regions_by_code() if units_may_be_seen(store, code)]
    parts = ask_one(
        moment,
        "comparison_parts",
        cycle=cycle,
        region=region,
        category=category,
        basis=basis,
        within=within,
    )
    if category and 0 < parts["outside"] < moment.scheme(cycle).rules.min_group:
        return nothing
    counts = {name: int(parts[name]) for name in ("registered", "submitted", "scored")}
    return {"code": region, **{name: parts[name] for name in names}, **counts, "is_hidden": False}


def _pair(
    store: Store,
    *,
    cycle: int,
    region: str | None,
    other: str | None,
    category: str | None,
    by: str,
    basis: str,
) -> tuple[list[dict[str, Any]], _Pair | None]:
    """Both sides, the region's first, and their comparison, None where there is nothing to tell."""
    codes = (region or PROVINCE, other or PROVINCE)
    with one_moment(whole_of(store), cycle=cycle) as moment:
        here, there = sides = [
            _side(store, moment, cycle=cycle, region=code, category=category, basis=basis) for code in codes
        ]
        if any(side["is_hidden"] or side["score"] is None for side in sides):
            return sides, None
        now, then = (
            _terms(moment, cycle=cycle, region=code, category=category, basis=basis) for code in codes
        )
        scheme = moment.scheme(cycle)
    rows = _lines(split_gaps(then, now), scheme)
    if by != "indicator":
        rows = _grouped(rows, scheme, by=by)
    rows.sort(key=lambda row: (-row["change"], row["key"]))
    others = [
        {
            **row,
            "gap_there": -CAUSE_SIGNS[row["key"]] * row["gap_before"],
            "gap_here": -CAUSE_SIGNS[row["key"]] * row["gap_now"],
        }
        for row in other_rows(there, here)
    ]
    return sides, _Pair(here=here, there=there, rows=[*rows, *others], decimals=scheme.rules.decimals)


def _terms(moment: Moment, *, cycle: int, region: str, category: str | None, basis: str) -> pd.DataFrame:
    if category is None:
        [terms] = terms_of(moment, years=[cycle], region=region, basis=basis)
        return terms.assign(code="")
    return ask(moment, "comparison_terms", cycle=cycle, region=region, category=category, basis=basis)


def _lines(split: pd.DataFrame, scheme: Scheme) -> list[dict[str, Any]]:
    names = {dimension.id: dimension.name for dimension in scheme.dimensions}
    rows = []
    for row in split.to_dict("records"):
        entry = scheme.by_id[row["indicator"]]
        lacks = [
            side for side, name in (("对方", "omega_before"), ("本方", "omega_now")) if pd.isna(row[name])
        ]
        by_attainment = 0.0 if lacks else row["by_attainment"]
        rows.append(
            {
                "key": entry.id,
                "label": entry.title,
                "article": entry.place.article,
                "place": entry.place.label,
                "dimension": entry.dimension,
                "dimension_name": names[entry.dimension],
                "kind": "gap",
                "gap_there": row["gap_before"],
                "gap_here": row["gap_now"],
                "omega_there": row["omega_before"],
                "omega_here": row["omega_now"],
                "change": row["change"],
                "attainment_there": row["attainment_before"],
                "attainment_here": row["attainment_now"],
                "by_attainment": by_attainment,
                "by_weight": row["change"] - by_attainment,
                "note": "、".join(f"{side}没有适用的已评分单位" for side in lacks),
            }
        )
    return rows


def _grouped(rows: list[dict[str, Any]], scheme: Scheme, *, by: str) -> list[dict[str, Any]]:
    names = {dimension.id: dimension.name for dimension in scheme.dimensions}
    summed = ("gap_there", "gap_here", "change", "by_attainment", "by_weight")
    return [
        line
        | {f"attainment_{side}": _attainment(members, side) for side in ("there", "here")}
        | {"note": "；".join(f"{row['label']}：{row['note']}" for row in members if row["note"])}
        for _, members, line in grouped_lines(rows, by=by, names=names, summed=summed)
    ]


def _attainment(members: list[dict[str, Any]], side: str) -> float | None:
    whole = sum(row[f"omega_{side}"] for row in members if not pd.isna(row[f"omega_{side}"]))
    return float(attainment_of(sum(row[f"gap_{side}"] for row in members), whole)) if whole > 0 else None
