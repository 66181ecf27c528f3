"""A year's results with pandas, as whoever knows it well would compute them: one merge, a few groupings, no loops over
rows; texts are categories (benchmarks/frames.py says what comes of it)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.frames import ANSWERS_FILE, COSTLIEST, LEVELS, TEXTS, VALUES, Given, given_by
from data.regions import PROVINCE
from scoring.scheme import COMPOSITE


def scores_in_pandas(
    folder: Path, *, scheme_text: str, only_composite: bool = False
) -> Callable[[], dict[str, pd.DataFrame]]:
    """Units, regions and gaps from the file of a folder's answers, by their names."""
    return partial(_score, folder / ANSWERS_FILE, given_by(scheme_text, only_composite=only_composite))


def gap_views_in_pandas(folder: Path, *, scheme_text: str) -> Callable[[], dict[str, pd.DataFrame]]:
    """The same, and the views of gaps."""
    path, given = folder / ANSWERS_FILE, given_by(scheme_text)

    def run() -> dict[str, pd.DataFrame]:
        found = _score(path, given)
        return found | _gap_views(found["region_gap"], given)

    return run


def read_answers(path: Path) -> pd.DataFrame:
    """The answers as pandas merges and groups them fastest."""
    answers = pd.read_parquet(path, columns=[*TEXTS, *VALUES], read_dictionary=list(TEXTS))
    answers["on_date"] = pd.to_datetime(answers["on_date"])
    return answers


def _score(path: Path, given: Given) -> dict[str, pd.DataFrame]:
    answers = read_answers(path)
    worth = given.worth.astype({name: answers[name].dtype for name in ("indicator", "choice")})
    valued = answers.merge(worth, on=["indicator", "choice"], how="left")
    x = _attainment(valued)
    register = valued[["unit", "region", "category"]].drop_duplicates("unit").astype(str)
    register = register.merge(given.categories, on="category")
    omega = _effective_weights(valued, given)
    units = _units(omega.mul(x, axis=0).groupby(valued["unit"], observed=True).sum(), register, given)
    regions = _regions(units, given)
    leaf = _leaf_gaps(valued, omega, x, given)
    return {
        "unit_score": units,
        "region_score": regions,
        "leaf_gap": leaf,
        "region_gap": _region_gaps(leaf, regions, given),
    }


def _attainment(valued: pd.DataFrame) -> pd.Series:
    x = valued["value"].fillna((valued["number"] / valued["target"]).clip(0, 1))
    x = x.fillna((valued["numerator"] / valued["denominator"]).clip(0, 1))
    inside = valued["on_date"].between(valued["first_day"], valued["last_day"])
    return x.mask(valued["on_date"].notna(), inside.astype(float)).fillna(0)


def _effective_weights(valued: pd.DataFrame, given: Given) -> pd.DataFrame:
    """ω of each answer, a column per basis; nothing where the unit has no duty in it."""
    points = valued[given.systems]
    full = points.groupby(valued["unit"], observed=True).transform("sum")
    share = (points / full).fillna(0)
    has_duty = (full > 0).astype(float)
    return pd.DataFrame(
        {
            basis: sum(weight * share[system] for system, weight in weights.items())
            / sum(weight * has_duty[system] for system, weight in weights.items())
            for basis, weights in given.bases.items()
        }
    )


def _units(attained: pd.DataFrame, register: pd.DataFrame, given: Given) -> pd.DataFrame:
    scores = attained.rename_axis(columns="basis").stack().rename("score_exact").reset_index()
    units = scores.astype({"unit": str}).merge(register, on="unit")
    units["score_exact"] = (100 * units["score_exact"]).clip(0, 100)
    units["low"], units["high"] = 0.0, 100.0  # nothing is verified
    units["score"] = _round_half_up(units["score_exact"], given.decimals)
    group = units.groupby(["basis", "category"])["score"]
    units["peers"] = group.transform("count")
    units["rank"] = group.rank(method="min", ascending=False).where(units["peers"] >= given.min_group)
    units["grade"] = _grades(units["score"], given)
    return units


def _regions(units: pd.DataFrame, given: Given) -> pd.DataFrame:
    sums = {name: units["c"] * units[name] for name in ("score_exact", "low", "high")}
    leaf = units[["region", "basis", "c"]].assign(registered=1, **sums).groupby(["region", "basis"]).sum()
    regions = _above(leaf.reset_index(), given, by=["basis"])
    for name in sums:
        regions[name] /= regions["c"]
    regions["score"] = _round_half_up(regions["score_exact"], given.decimals)
    regions = regions.merge(given.levels, on="region")
    regions["rank"] = regions.groupby(["basis", "level"])["score"].rank(method="min", ascending=False)
    regions["grade"] = _grades(regions["score"], given)
    return regions


def _leaf_gaps(valued: pd.DataFrame, omega: pd.DataFrame, x: pd.Series, given: Given) -> pd.DataFrame:
    parts = omega.add_prefix("weight ").join(omega.mul(1 - x, axis=0).add_prefix("lost "))
    parts["units"], parts["units_short"] = 1, (x < 1).astype(int)
    keys = ["region", "category", "indicator"]
    wide = parts.groupby([valued[key] for key in keys], observed=True).sum().reset_index()
    wide = wide.astype(dict.fromkeys(keys, str)).merge(given.categories, on="category")
    same = wide[[*keys, "units", "units_short"]]
    leaf = pd.concat(
        [
            same.assign(
                basis=basis,
                weight=wide["c"] * wide[f"weight {basis}"],
                lost=100 * wide["c"] * wide[f"lost {basis}"],
            )
            for basis in given.bases
        ]
    )
    return leaf[leaf["weight"] > 0]  # an indicator without a share in the system is not of its basis


def _region_gaps(leaf: pd.DataFrame, regions: pd.DataFrame, given: Given) -> pd.DataFrame:
    by_region = leaf.drop(columns="category").groupby(["region", "basis", "indicator"]).sum().reset_index()
    gaps = _above(by_region, given, by=["basis", "indicator"])
    gaps = gaps.merge(regions[["region", "basis", "c"]], on=["region", "basis"])
    gaps["gap"] = gaps["lost"] / gaps["c"]
    return gaps


def _gap_views(gaps: pd.DataFrame, given: Given) -> dict[str, pd.DataFrame]:
    gaps = gaps[gaps["basis"] == COMPOSITE].merge(given.levels, on="region")
    views = {}
    for by, keys in given.keys.groupby("by"):
        sums = gaps.merge(keys, on="indicator").groupby(["region", "level", "key", "label", "position"])
        found = sums[["gap", "lost", "weight"]].sum().reset_index()
        found["attainment"] = (1 - found["lost"] / (100 * found["weight"])).clip(0, 1)
        found = found.drop(columns=["lost", "weight"])
        found = found.sort_values(["region", "gap", "key"], ascending=[True, False, True])
        views[by] = found
        views[f"province by {by}"] = found[found["region"] == PROVINCE]
        for level in LEVELS:
            of_level = found[found["level"] == level]
            if by == "indicator":
                lost = of_level[of_level["gap"] > 0]
                views[f"{level} costliest"] = lost.groupby("region").head(COSTLIEST)
            else:
                views[f"{level} by {by}"] = of_level.sort_values(["region", "position"])
    return views


def _above(leaf: pd.DataFrame, given: Given, *, by: Sequence[str]) -> pd.DataFrame:
    """Sums of regions and of those that they lie in."""
    within = leaf.merge(given.members, on="region").drop(columns="region")
    return within.groupby(["ancestor", *by]).sum().reset_index().rename(columns={"ancestor": "region"})


def _round_half_up(values: pd.Series, decimals: int) -> pd.Series:
    """Halves up, after binary noise."""
    return np.floor((values * 10**decimals).round(7) + 0.5) / 10**decimals


def _grades(scores: pd.Series, given: Given) -> pd.Series:
    least, names = zip(*given.grades, strict=True)
    return pd.cut(scores, [*least, np.inf], right=False, labels=names)
