"""What the peers of scoring are given, besides the answers: the scheme's numbers and the regions, as plain tables.

The peers (benchmarks/in_pandas.py, benchmarks/in_polars.py) read the answers from a Parquet file, since new ones have come in, where
region and category already stand beside each; and give what the program keeps of a year, in every basis:

- unit_score: unit, basis, score_exact, score, low and high (its bounds), rank and peers (within its category), grade
- region_score: region, basis, registered, score_exact, score, low, high, rank (within its level), grade
- leaf_gap: region, category, basis, indicator, weight, lost, units, units_short; only regions that units are registered in
- region_gap: region, basis, indicator, gap, weight, lost, units, units_short; every region, those above too

Where gap views are asked for, these too, of the composite basis:

- indicator, article, dimension: region, level, key, label, position (in the scheme), gap, attainment; of every region, the costliest
  first
- province by indicator, article, dimension: the same of the province
- prefecture or county by article, dimension: the same of the regions of a level, by region and in the order of the scheme
- prefecture, county costliest: of every region of a level its COSTLIEST indicators

Left out is what the benchmark's answers do not have: units that have not handed in, blank answers and 不适用, values of
evaluators (so that all bounds are those of nothing verified: 0 and full marks), findings, grades that the province set, and
ceilings (nobody's score reaches the best grade).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from data.regions import load_regions, regions_by_code
from scoring.scheme import COMPOSITE, Scheme, parse_scheme

YEAR = 2026
COSTLIEST = 3
LEVELS = ("prefecture", "county")
ANSWERS_FILE = "answers.parquet"
TEXTS = (
    "unit",
    "region",
    "category",
    "indicator",
    "choice",
)  # columns of the answers with few different texts
VALUES = ("number", "numerator", "denominator", "on_date")


@dataclass(frozen=True)
class Given:
    """Tables that the peers merge with the answers, and the rules that they follow."""

    worth: (
        pd.DataFrame
    )  # indicator, choice (None: not a named answer), value, target, first_day, last_day; p·λ by system
    categories: pd.DataFrame  # category, c
    members: pd.DataFrame  # region, ancestor (itself included)
    levels: pd.DataFrame  # region, level: whom it is ranked with
    keys: pd.DataFrame  # by, indicator, key, label, position: what gap views put together
    bases: Mapping[str, Mapping[str, float]]  # basis → system → weight, which add up to 1
    systems: Sequence[str]
    decimals: int
    min_group: int
    grades: Sequence[tuple[float, str]]  # least score, id; lowest first


def given_by(scheme_text: str, *, only_composite: bool = False) -> Given:
    """The tables of a scheme; with `only_composite` for one basis instead of all."""
    scheme = parse_scheme(scheme_text, name="scheme")
    total = sum(system.weight for system in scheme.systems)
    bases = {COMPOSITE: {system.id: system.weight / total for system in scheme.systems}}
    if not only_composite:
        bases |= {system.id: {system.id: 1.0} for system in scheme.systems}
    return Given(
        worth=_worth(scheme),
        categories=pd.DataFrame([(c.id, c.weight) for c in scheme.categories], columns=["category", "c"]),
        members=_members(),
        levels=pd.DataFrame(
            [
                (region.code, "county" if region.level == "zone" else region.level)
                for region in load_regions()
            ],
            columns=["region", "level"],
        ),
        keys=_keys(scheme),
        bases=bases,
        systems=[system.id for system in scheme.systems],
        decimals=scheme.rules.decimals,
        min_group=scheme.rules.min_group,
        grades=sorted((grade.min_score, grade.id) for grade in scheme.grades),
    )


def _worth(scheme: Scheme) -> pd.DataFrame:
    rows = []
    for asked in scheme.indicators:
        first_day, last_day = asked.window.dates(YEAR) if asked.window else (None, None)
        same = {
            "indicator": asked.id,
            "target": asked.target,
            "first_day": pd.Timestamp(first_day),
            "last_day": pd.Timestamp(last_day),
            **{system.id: asked.points * asked.shares.get(system.id, 0) for system in scheme.systems},
        }
        named = {None: None} | dict(asked.choices)
        rows += [same | {"choice": choice, "value": value} for choice, value in named.items()]
    return pd.DataFrame(rows).astype({"target": float, "value": float})


def _keys(scheme: Scheme) -> pd.DataFrame:
    dimensions = {dimension.id: (at, dimension.name) for at, dimension in enumerate(scheme.dimensions)}
    rows = []
    for asked in scheme.indicators:
        article = asked.place.article
        at, name = dimensions[asked.dimension]
        rows += [
            ("indicator", asked.id, asked.id, asked.title, article),
            ("article", asked.id, str(article), f"第{article}条", article),
            ("dimension", asked.id, asked.dimension, name, at),
        ]
    return pd.DataFrame(rows, columns=["by", "indicator", "key", "label", "position"])


def _members() -> pd.DataFrame:
    regions = regions_by_code()
    pairs = []
    for code in regions:
        ancestor = code
        while ancestor:
            pairs.append((code, ancestor))
            ancestor = regions[ancestor].parent
    return pd.DataFrame(pairs, columns=["region", "ancestor"])
