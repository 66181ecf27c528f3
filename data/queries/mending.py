"""What a region should mend first: what each indicator's mending gives, how far mending alone lifts it, what holds it back.

Computed from the units by scoring/mending.py, so exact to the published score; see there for what mending means.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.moment import Moment, one_moment
from data.queries.ask import COMPOSITE, PROVINCE, ask
from data.queries.beyond_scope import seen_as_a_whole, units_may_be_seen
from data.queries.counted import kept_answer
from data.queries.gaps import OTHER_CAUSES
from data.queries.regions import region_scores, region_summary
from data.regions import regions_by_code, regions_within
from data.scoped import whole_of
from data.store import Store
from scoring.mending import NOISE, Shortfalls
from scoring.rounding import round_half_up, round_parts
from scoring.scheme import Scheme

EXACT_DECIMALS = 12  # beyond these the order of summation tells, not an answer
TARGET_STEP = 5  # points: the target that is offered first is the next multiple of it

# What still stands between full marks and the score when everything is mended: what takes points, then what gives some.
HELD_BACK = sorted(((cause, label, sign) for cause, label, _, sign in OTHER_CAUSES), key=lambda each: each[2])
INDICATOR_COLUMNS = [
    "key",
    "label",
    "article",
    "place",
    "dimension_name",
    "units_short",
    "units_gain",
    "gain",
    "gain_per_unit",
    "units_half",
    "score_after",
    "rank_after",
]


@dataclass(frozen=True, eq=False)
class Province:
    """The shortfalls of all units, by unit and indicator: per place the positions of its `unit` (in `units`) and `indicator`
    (in `indicators`), the points and the attainment `x`; `scores` by region: whole (Σ c) and region_score (exact)."""

    units: pd.DataFrame
    unit: np.ndarray
    indicator: np.ndarray
    points: np.ndarray
    x: np.ndarray
    indicators: list[str]
    scores: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Loaded:
    """What a region's case is computed from, whoever asks: its shortfalls with the ids of their units and indicators and the
    attainment of each place, its summary, and the published scores of the others of its level, by code."""

    short: Shortfalls
    units: pd.DataFrame
    indicators: list[str]
    attained: np.ndarray
    summary: dict[str, Any]
    peers: pd.Series
    scheme: Scheme


@dataclass(frozen=True)
class Case:
    """A region's shortfalls as one reader may be told of them; `others`: scores of those of the level that may be seen."""

    short: Shortfalls
    units: pd.DataFrame
    indicators: list[str]
    attained: np.ndarray
    summary: dict[str, Any]
    others: np.ndarray
    ranks_all: bool
    scheme: Scheme
    is_inside: bool

    def rank(self, score: float) -> int | None:
        """The rank among those that may be seen; None where nobody is to be ranked with."""
        return 1 + int((self.others > score).sum()) if len(self.others) else None

    def published(self, exact: float) -> float:
        return round_half_up(exact, self.short.decimals)


def mending(store: Store, *, cycle: int, region: str | None = None, basis: str = COMPOSITE) -> pd.DataFrame:
    """One row per indicator in which units of the region fall short, the largest gain per unit first.

    Columns: key, label, article, place, dimension_name, units_short, units_gain (those whose score would rise; a vetoed or
    full one's would not), gain (points of the region's exact score, were it mended at all of them and nothing else),
    gain_per_unit (of units_gain), units_half (the fewest units that give half of the gain; None beyond the own region),
    score_after (published), rank_after (among the regions of the level that may be seen; None at the province).
    """
    case = case_of(store, cycle=cycle, region=region, basis=basis)
    if case is None:
        return pd.DataFrame(columns=INDICATOR_COLUMNS)
    short, rows = case.short, []
    names = {dimension.id: dimension.name for dimension in case.scheme.dimensions}
    for at, key in enumerate(case.indicators):
        mended = short.indicator == at
        gains = np.sort(short.weight * short.unit_gains(mended))[::-1] / short.whole
        gains = gains[gains * short.whole > NOISE]
        gain = float(gains.sum())
        after = case.published(short.score + gain)
        entry = case.scheme.by_id[key]
        half = int(np.searchsorted(np.cumsum(gains), gain / 2 - NOISE)) + 1 if len(gains) else 0
        rows.append(
            {
                "key": key,
                "label": entry.title,
                "article": entry.place.article,
                "place": entry.place.label,
                "dimension_name": names[entry.dimension],
                "units_short": int(mended.sum()),
                "units_gain": len(gains),
                "gain": gain,
                "gain_per_unit": gain / len(gains) if len(gains) else 0.0,
                "units_half": half if case.is_inside else None,
                "score_after": after,
                "rank_after": case.rank(after),
            }
        )
    frame = pd.DataFrame(rows, columns=INDICATOR_COLUMNS)
    return frame.sort_values(["gain_per_unit", "key"], ascending=[False, True], ignore_index=True).astype(
        {"units_half": "Int64", "rank_after": "Int64"}
    )


def mending_outlook(
    store: Store, *, cycle: int, region: str | None = None, basis: str = COMPOSITE
) -> dict[str, Any]:
    """How far mending alone can lift a region, and what holds it back then; empty where it has no score.

    Keys: score, score_exact, rank and peers (among the regions of the level that may be seen; None at the province), ranks_all
    (whether these are all of the level), ceiling
    and ceiling_exact (everything mended), ceiling_rank, usual_target, places, units (that fall short), vetoed and missing_units
    (how many units), others (published scores of the visible others, best first), held (list of key, label, value, printed:
    100 − ceiling = −Σ value, printed parts add up to the printed ceiling).
    """
    case = case_of(store, cycle=cycle, region=region, basis=basis)
    if case is None:
        return {}
    short, summary = case.short, case.summary
    ceiling = short.score_with(short.everything)
    top = case.published(ceiling)
    held = _held_back(case, ceiling)
    score = summary["score"]
    return {
        "score": score,
        "score_exact": short.score,
        "rank": case.rank(score),
        "peers": len(case.others) + 1 if len(case.others) else None,
        "ranks_all": case.ranks_all,
        "ceiling": top,
        "ceiling_exact": round(ceiling, EXACT_DECIMALS),
        "ceiling_rank": case.rank(top),
        "usual_target": usual_target(score, top),
        "places": len(short.unit),
        "units": len(np.unique(short.unit)),
        "vetoed": int(case.units["has_veto"].sum()),
        "missing_units": int(summary["registered"] - summary["submitted"]),
        "others": sorted(case.others.tolist(), reverse=True),
        "held": held,
    }


def case_of(store: Store, *, cycle: int, region: str | None, basis: str) -> Case | None:
    """A region's case computed from the whole; None where it has no score or the reader may not see it as a whole."""
    region = region or PROVINCE
    visible = seen_as_a_whole(store, cycle=cycle)
    if region not in visible:
        return None
    loaded = kept_answer(
        store,
        ("mending", region, basis),
        lambda: _load(store, cycle=cycle, region=region, basis=basis),
        cycle=cycle,
    )
    if loaded is None:
        return None
    seen = loaded.peers[loaded.peers.index.isin(visible)]
    return Case(
        short=loaded.short,
        units=loaded.units,
        indicators=loaded.indicators,
        attained=loaded.attained,
        summary=loaded.summary,
        others=seen.to_numpy(float),
        ranks_all=len(seen) == len(loaded.peers),
        scheme=loaded.scheme,
        is_inside=units_may_be_seen(store, region),
    )


def _load(store: Store, *, cycle: int, region: str, basis: str) -> Loaded | None:
    """A region's shortfalls and its level's scores, from the whole; None where it has no score."""
    level = regions_by_code()[region].level
    with one_moment(whole_of(store), cycle=cycle) as moment:
        summary = region_summary(moment, cycle=cycle, region=region, basis=basis)
        if not summary or summary["score"] is None:
            return None
        peers = region_scores(moment, cycle=cycle, level="county" if level == "zone" else level, basis=basis)
        scheme = moment.scheme(cycle)
        province = kept_answer(
            store, ("mending", basis), lambda: _load_all(moment, cycle=cycle, basis=basis), cycle=cycle
        )
    peers = peers[peers["score"].notna() & (peers["code"] != region)]
    is_own = province.units["region"].isin(regions_within(region)).to_numpy()
    units = province.units[is_own].reset_index(drop=True)
    of_own = is_own[province.unit]
    at_unit = (np.cumsum(is_own) - 1)[province.unit[of_own]]
    short_in, at_indicator = np.unique(province.indicator[of_own], return_inverse=True)
    score = province.scores.loc[region]
    short = Shortfalls(
        weight=units["weight"].to_numpy(float),
        raw=units["raw"].to_numpy(float),
        cap=units["cap"].to_numpy(float),
        unit=at_unit,
        indicator=at_indicator,
        points=province.points[of_own],
        whole=float(score["whole"]),
        score=float(score["region_score"]),
        decimals=scheme.rules.decimals,
    )
    return Loaded(
        short=short,
        units=units,
        indicators=[province.indicators[at] for at in short_in],
        attained=province.x[of_own],
        summary=summary,
        peers=peers.set_index("code")["score"],
        scheme=scheme,
    )


def _load_all(moment: Moment, *, cycle: int, basis: str) -> Province:
    """The shortfalls of all units."""
    units = ask(moment, "mending_units", cycle=cycle, basis=basis)
    places = ask(moment, "mending_places", cycle=cycle, basis=basis)
    scores = ask(moment, "mending_regions", cycle=cycle, basis=basis).set_index("region")
    at_unit, at_indicator = (places[name].to_numpy(np.int32) for name in ("unit_at", "indicator_at"))
    # in one order, so that the same sums are the same to the last bit whoever asks and through whatever publication
    order = np.lexsort((at_indicator, at_unit))
    return Province(
        units=units,
        unit=at_unit[order],
        indicator=at_indicator[order],
        points=places["points"].to_numpy(float)[order],
        x=places["x"].to_numpy(float)[order],
        indicators=sorted(moment.scheme(cycle).by_id),
        scores=scores,
    )


def usual_target(score: float, ceiling: float) -> float:
    """The target that is offered first: the next multiple of TARGET_STEP, or the ceiling where that is nearer."""
    return min(float(TARGET_STEP * (math.floor(score / TARGET_STEP) + 1)), max(ceiling, score))


def _held_back(case: Case, ceiling: float) -> list[dict[str, Any]]:
    """What is between full marks and the ceiling, unit by unit, as in `result_region_score`."""
    short = case.short
    added = np.bincount(short.unit, weights=short.points, minlength=len(short.raw))
    raw = short.raw + added
    clipped = np.clip(raw, 0.0, 100.0)
    parts = {
        "deductions": case.units["deductions"].to_numpy(float),
        "bonus": case.units["bonus"].to_numpy(float),
        "clipped": clipped - raw,
        "veto": clipped - np.minimum(clipped, short.cap),
    }
    means = {key: float(short.weight @ part) / short.whole for key, part in parts.items()}
    means["missing"] = case.summary["missing"] or 0.0
    rows = [
        {"key": key, "label": label, "value": round(sign * means[key], EXACT_DECIMALS)}
        for key, label, sign in HELD_BACK
        if abs(means[key]) > NOISE
    ]
    total = round_half_up(case.published(ceiling) - 100.0, short.decimals)
    printed = round_parts([row["value"] for row in rows], total=total, decimals=short.decimals)
    return [{**row, "printed": part} for row, part in zip(rows, printed, strict=True)]
