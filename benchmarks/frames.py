"""The peers of scoring: the same answers merged and grouped as a person would with pandas or polars.

They do less than the program does: one basis instead of three, no values of evaluators, findings, ceilings, grades or
ranks, no bounds for unverified values, and means and gaps of the regions that units are registered in, not of those above.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import polars as pl

from scoring.scheme import Scheme, parse_scheme

YEAR = 2026


def scores_in_pandas(folder: Path, *, scheme_text: str) -> Callable[[], object]:
    """Unit scores, region means, and each region's lost points by indicator, with pandas."""
    answers = pd.read_parquet(folder / "answers.parquet")
    scheme = parse_scheme(scheme_text, name="scheme")
    return partial(_score_with_pandas, answers, scheme, _indicators(scheme), _choices(scheme))


def scores_in_polars(folder: Path, *, scheme_text: str) -> Callable[[], object]:
    """The same with polars, lazily."""
    answers = pl.read_parquet(folder / "answers.parquet")
    scheme = parse_scheme(scheme_text, name="scheme")
    return partial(
        _score_with_polars,
        answers,
        scheme,
        pl.from_pandas(_indicators(scheme)),
        pl.from_pandas(_choices(scheme)),
    )


def _indicators(scheme: Scheme) -> pd.DataFrame:
    """One row per indicator: type, target, the days that count, and its points p·λ in each system."""
    rows = [
        {
            "indicator": i.id,
            "type": i.type,
            "target": i.target,
            "first_day": pd.Timestamp(i.window.dates(YEAR)[0]) if i.window else pd.NaT,
            "last_day": pd.Timestamp(i.window.dates(YEAR)[1]) if i.window else pd.NaT,
            **{s.id: i.points * i.shares.get(s.id, 0) for s in scheme.systems},
        }
        for i in scheme.indicators
    ]
    return pd.DataFrame(rows)


def _choices(scheme: Scheme) -> pd.DataFrame:
    return pd.DataFrame(
        [(i.id, choice, value) for i in scheme.indicators for choice, value in i.choices.items()],
        columns=["indicator", "choice", "value"],
    )


def _score_with_pandas(
    answers: pd.DataFrame, scheme: Scheme, indicators: pd.DataFrame, choices: pd.DataFrame
) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    frame = answers.merge(indicators, on="indicator").merge(choices, on=["indicator", "choice"], how="left")
    x = frame["value"].fillna((frame["number"] / frame["target"]).clip(0, 1))
    x = x.fillna((frame["numerator"] / frame["denominator"]).clip(0, 1))
    inside = frame["on_date"].between(frame["first_day"], frame["last_day"])
    frame["x"] = x.mask(frame["type"] == "date", inside.astype(float)).fillna(0)
    total_weight = sum(s.weight for s in scheme.systems)
    scores, lost = 0, 0
    for system in scheme.systems:
        points = frame[system.id]
        full = points.groupby(frame["unit"]).transform("sum")
        part = 100 * system.weight / total_weight * (points / full).fillna(0)
        scores = scores + (part * frame["x"]).groupby(frame["unit"]).sum()
        lost = lost + part * (1 - frame["x"])
    regions = frame.drop_duplicates("unit").set_index("unit")["region"]
    gaps = lost.groupby([frame["region"], frame["indicator"]]).sum()
    return scores.to_frame("score"), scores.groupby(regions).mean(), gaps


def _score_with_polars(
    answers: pl.DataFrame, scheme: Scheme, indicators: pl.DataFrame, choices: pl.DataFrame
) -> list[pl.DataFrame]:
    systems, total_weight = [s.id for s in scheme.systems], sum(s.weight for s in scheme.systems)
    x = (
        pl.when(pl.col("type") == "date")
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
    valued = (
        answers.lazy()
        .join(indicators.lazy(), on="indicator")
        .join(choices.lazy(), on=["indicator", "choice"], how="left")
        .with_columns(x=x)
    )
    full = valued.group_by("unit").agg(pl.col(s).sum().alias(f"{s}_full") for s in systems)
    part = sum(
        100 * s.weight / total_weight * (pl.col(s.id) / pl.col(f"{s.id}_full")).fill_nan(0)
        for s in scheme.systems
    )
    parts = valued.join(full, on="unit").select(
        "unit", "region", "indicator", score=part * pl.col("x"), lost=part * (1 - pl.col("x"))
    )
    scores = parts.group_by("unit").agg(pl.col("region").first(), pl.col("score").sum())
    gaps = parts.group_by("region", "indicator").agg(pl.col("lost").sum())
    means = scores.group_by("region").agg(pl.col("score").mean())
    return pl.collect_all([scores, means, gaps])
