"""The terms of units in one basis: from the values that count, beside the answers that they follow from, and summed up by dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from data.store import Store
from scoring.limits import attainment_of
from scoring.scheme import Scheme
from scoring.unit_terms import effective_terms

KEYS = ["code", "indicator"]


def terms_of_values(values: pd.DataFrame, *, scheme: Scheme, basis: str) -> pd.DataFrame:
    """One row per unit and indicator of its set that the basis has: code, indicator, omega (effective weight), attainment, gap (points
    that it costs).

    `values`: code, indicator and attainment of whole sets, as sql/queries/units_answers and units_values have them (missing where the
    indicator left the set). In their order; none where the scheme has no such basis.
    """
    attainment = values["attainment"].to_numpy(float)
    counts = np.flatnonzero(~np.isnan(attainment)) if basis in scheme.bases else np.empty(0, dtype=np.intp)
    indicator = values["indicator"].array[counts]
    in_basis, omega, gap = effective_terms(
        scheme,
        unit=pd.factorize(values["code"].array[counts])[0],
        indicator=indicator.tolist(),
        x=attainment[counts],
        basis=basis,
    )
    own = {"omega": omega, "attainment": attainment[counts], "gap": gap}
    return pd.DataFrame(
        {
            "code": values["code"].array[counts[in_basis]],
            "indicator": indicator[in_basis],
            **{name: numbers[in_basis] for name, numbers in own.items()},
        }
    )


def terms_by_year(
    store: Store, values: pd.DataFrame, *, years: Sequence[int], basis: str
) -> list[pd.DataFrame]:
    """`terms_of_values` of rows of sql/queries/units_values, for each of the years under its own scheme."""
    return [
        terms_of_values(values[values["cycle"] == year], scheme=store.scheme(year), basis=basis)
        for year in years
    ]


def with_terms(answers: pd.DataFrame, *, scheme: Scheme, basis: str) -> pd.DataFrame:
    """Rows of sql/queries/units_answers with effective_weight (0 where the indicator left the set) and gap (points that it
    costs) in a basis; none where the scheme has no such basis."""
    answers = answers if basis in scheme.bases else answers.head(0)
    terms = terms_of_values(answers, scheme=scheme, basis=basis)
    own = answers[KEYS].merge(terms, on=KEYS, how="left")
    full, place = answers.copy(), answers.columns.get_loc("evidence")
    full.insert(place, "effective_weight", own["omega"].fillna(0.0))
    full.insert(place + 1, "gap", own["gap"].fillna(0.0))
    return full


def by_dimension(
    terms: pd.DataFrame,
    *,
    scheme: Scheme,
    categories: Mapping[str, str],
    means: Mapping[tuple[str, str], float],
) -> pd.DataFrame:
    """One row per unit and dimension, in the scheme's order: code, dimension, dimension_name, attainment, category_mean.

    `terms` are those of `terms_of_values`, `categories` are those of units, `means` the attainment of a
    category in a dimension over the province; a unit without a category has no row.
    """
    names = {dimension.id: dimension.name for dimension in scheme.dimensions}
    dimensions = [scheme.by_id[indicator].dimension for indicator in terms["indicator"].tolist()]
    sums = (
        terms.assign(dimension=pd.Categorical(dimensions, list(names)))[terms["code"].isin(list(categories))]
        .groupby(["code", "dimension"], observed=True)[["omega", "gap"]]
        .sum()
        .reset_index()
    )
    ids = sums["dimension"].astype("str")
    return pd.DataFrame(
        {
            "code": sums["code"],
            "dimension": ids,
            "dimension_name": ids.map(names).astype("str"),
            "attainment": attainment_of(sums["gap"], sums["omega"].where(sums["omega"] > 0)),
            "category_mean": pd.Series(
                [means.get((categories[code], each)) for code, each in zip(sums["code"], ids, strict=True)],
                index=sums.index,
                dtype="float64",
            ),
        }
    )
