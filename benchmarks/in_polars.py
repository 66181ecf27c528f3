"""A year's results with polars, lazily, as whoever knows it well would compute them (benchmarks/frames.py says what comes of
it)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import polars as pl

from benchmarks.frames import ANSWERS_FILE, COSTLIEST, LEVELS, TEXTS, VALUES, Given, given_by
from data.regions import PROVINCE
from scoring.scheme import COMPOSITE


def scores_in_polars(folder: Path, *, scheme_text: str) -> Callable[[], dict[str, pl.DataFrame]]:
    """Units, regions and gaps from the file of a folder's answers, by their names."""
    return partial(_score, folder / ANSWERS_FILE, given_by(scheme_text))


def gap_views_in_polars(folder: Path, *, scheme_text: str) -> Callable[[], dict[str, pl.DataFrame]]:
    """The same, and the views of gaps."""
    path, given = folder / ANSWERS_FILE, given_by(scheme_text)

    def run() -> dict[str, pl.DataFrame]:
        found = _score(path, given)
        return found | _gap_views(found["region_gap"], given)

    return run


def _coded(frame: pl.LazyFrame) -> pl.LazyFrame:
    """With categories instead of texts."""
    return frame.with_columns(
        pl.col(name).cast(pl.Categorical) for name in TEXTS if name in frame.collect_schema()
    )


def _score(path: Path, given: Given) -> dict[str, pl.DataFrame]:
    answers = _coded(pl.scan_parquet(path).select(*TEXTS, *VALUES))
    worth, categories, members, levels = (
        _coded(pl.from_pandas(table).lazy())
        for table in (given.worth, given.categories, given.members, given.levels)
    )
    members = members.with_columns(pl.col("ancestor").cast(pl.Categorical))
    valued = _valued(answers, worth, given).collect().lazy()  # once for all that follows
    units = _units(valued, categories, given)
    regions = _regions(units, members, levels, given)
    leaf = _leaf_gaps(valued, categories, given)
    region_gap = _region_gaps(leaf, regions, members)
    found = {"unit_score": units, "region_score": regions, "leaf_gap": leaf, "region_gap": region_gap}
    return dict(zip(found, pl.collect_all(list(found.values())), strict=True))


def _valued(answers: pl.LazyFrame, worth: pl.LazyFrame, given: Given) -> pl.LazyFrame:
    """One row per answer: x, and ω by basis."""
    x = (
        pl.when(pl.col("on_date").is_not_null())
        .then(pl.col("on_date").is_between(pl.col("first_day"), pl.col("last_day")).cast(pl.Float64))
        .otherwise(
            pl.coalesce(
                "value",
                (pl.col("number") / pl.col("target")).clip(0, 1),
                (pl.col("numerator") / pl.col("denominator")).clip(0, 1),
            )
        )
        .fill_null(0)
    )
    valued = answers.join(worth, on=["indicator", "choice"], how="left", nulls_equal=True).select(
        "unit", "region", "category", "indicator", *given.systems, x=x
    )
    full = valued.group_by("unit").agg(
        pl.col(system).sum().alias(f"full {system}") for system in given.systems
    )
    omega = {
        basis: sum(
            (weight * pl.col(system) / pl.col(f"full {system}")).fill_nan(0)
            for system, weight in weights.items()
        )
        / sum(weight * (pl.col(f"full {system}") > 0) for system, weight in weights.items())
        for basis, weights in given.bases.items()
    }
    return valued.join(full, on="unit").select("unit", "region", "category", "indicator", "x", **omega)


def _units(valued: pl.LazyFrame, categories: pl.LazyFrame, given: Given) -> pl.LazyFrame:
    group = ["basis", "category"]
    attained = valued.group_by("unit").agg(
        pl.col("region", "category").first(),
        *((100 * pl.col(basis) * pl.col("x")).sum().clip(0, 100).alias(basis) for basis in given.bases),
    )
    scores = attained.unpivot(
        on=list(given.bases),
        index=["unit", "region", "category"],
        variable_name="basis",
        value_name="score_exact",
    ).filter(pl.col("score_exact").is_not_nan())
    placed = (
        scores.join(categories, on="category")
        .with_columns(score=_round_half_up(pl.col("score_exact"), given.decimals))
        .with_columns(
            low=pl.lit(0.0),  # nothing is verified
            high=pl.lit(100.0),
            peers=pl.len().over(group),
            rank=pl.col("score").rank("min", descending=True).over(group),
            grade=_grades(pl.col("score"), given),
        )
    )
    return placed.with_columns(rank=pl.when(pl.col("peers") >= given.min_group).then("rank"))


def _regions(units: pl.LazyFrame, members: pl.LazyFrame, levels: pl.LazyFrame, given: Given) -> pl.LazyFrame:
    names = ("score_exact", "low", "high")
    leaf = units.group_by("region", "basis").agg(
        pl.len().alias("registered"),
        pl.col("c").sum(),
        *((pl.col("c") * pl.col(name)).sum().alias(name) for name in names),
    )
    return (
        _above(leaf, members, by=["basis"])
        .with_columns(pl.col(name) / pl.col("c") for name in names)
        .with_columns(score=_round_half_up(pl.col("score_exact"), given.decimals))
        .join(levels, on="region")
        .with_columns(
            rank=pl.col("score").rank("min", descending=True).over("basis", "level"),
            grade=_grades(pl.col("score"), given),
        )
    )


def _leaf_gaps(valued: pl.LazyFrame, categories: pl.LazyFrame, given: Given) -> pl.LazyFrame:
    wide = (
        valued.group_by("region", "category", "indicator")
        .agg(
            pl.len().alias("units"),
            (pl.col("x") < 1).sum().alias("units_short"),
            *(pl.col(basis).sum().alias(f"weight {basis}") for basis in given.bases),
            *((pl.col(basis) * (1 - pl.col("x"))).sum().alias(f"lost {basis}") for basis in given.bases),
        )
        .join(categories, on="category")
    )
    return pl.concat(
        wide.select(
            "region",
            "category",
            "indicator",
            "units",
            "units_short",
            basis=pl.lit(basis),
            weight=pl.col("c") * pl.col(f"weight {basis}"),
            lost=100 * pl.col("c") * pl.col(f"lost {basis}"),
        )
        for basis in given.bases
    ).filter(pl.col("weight") > 0)  # an indicator without a share in the system is not of its basis


def _region_gaps(leaf: pl.LazyFrame, regions: pl.LazyFrame, members: pl.LazyFrame) -> pl.LazyFrame:
    keys = ["region", "basis", "indicator"]
    by_region = leaf.group_by(keys).agg(pl.col("weight", "lost", "units", "units_short").sum())
    return (
        _above(by_region, members, by=keys[1:])
        .join(regions.select("region", "basis", "c"), on=["region", "basis"])
        .with_columns(gap=pl.col("lost") / pl.col("c"))
    )


def _gap_views(gaps: pl.DataFrame, given: Given) -> dict[str, pl.DataFrame]:
    texts = pl.selectors.categorical().cast(pl.String)
    levels, all_keys = (pl.from_pandas(table) for table in (given.levels, given.keys))
    gaps = gaps.filter(pl.col("basis") == COMPOSITE).with_columns(texts).join(levels, on="region")
    views = {}
    for (by,), keys in all_keys.group_by("by"):
        found = (
            gaps.join(keys, on="indicator")
            .group_by("region", "level", "key", "label", "position")
            .agg(pl.col("gap", "lost", "weight").sum())
            .with_columns(attainment=(1 - pl.col("lost") / (100 * pl.col("weight"))).clip(0, 1))
            .drop("lost", "weight")
            .sort("region", "gap", "key", descending=[False, True, False])
        )
        views[by] = found
        views[f"province by {by}"] = found.filter(pl.col("region") == PROVINCE)
        for level in LEVELS:
            of_level = found.filter(pl.col("level") == level)
            if by == "indicator":
                lost = of_level.filter(pl.col("gap") > 0)
                views[f"{level} costliest"] = lost.group_by("region", maintain_order=True).head(COSTLIEST)
            else:
                views[f"{level} by {by}"] = of_level.sort("region", "position")
    return views


def _above(leaf: pl.LazyFrame, members: pl.LazyFrame, *, by: Sequence[str]) -> pl.LazyFrame:
    """Sums of regions and of those that they lie in."""
    within = leaf.join(members, on="region").drop("region").rename({"ancestor": "region"})
    return within.group_by("region", *by).agg(pl.all().sum())


def _round_half_up(values: pl.Expr, decimals: int) -> pl.Expr:
    """Halves up, after binary noise."""
    return ((values * 10**decimals).round(7) + 0.5).floor() / 10**decimals


def _grades(scores: pl.Expr, given: Given) -> pl.Expr:
    return pl.coalesce(pl.when(scores >= least).then(pl.lit(name)) for least, name in reversed(given.grades))
