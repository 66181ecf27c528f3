"""What is asked of all regions at once, and of all bases where one of them takes as long: kept until something changes, and
looked up after that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

import pandas as pd

from data.moment import Moment, worked_out
from data.newest import size_of
from data.queries.ask import ask, query_text
from data.queries.beyond_scope import seen_as_a_whole
from data.store import Store

Made = TypeVar("Made")


class Parts:
    """A frame in parts: the rows of a basis, or of another key, stand together."""

    def __init__(self, frame: pd.DataFrame, key: str | list[str] = "basis"):
        ends = frame.groupby(key, sort=False).size().cumsum()
        self._frame = frame.drop(columns=key)
        self._places = dict(zip(ends.index, zip([0, *ends], ends, strict=False), strict=True))

    def __sizeof__(self) -> int:
        return object.__sizeof__(self) + size_of(self._frame) + size_of(self._places)

    def of(self, key: str | tuple[str, ...]) -> pd.DataFrame:
        """The rows of a basis, numbered from 0; none where there is no such basis."""
        start, end = self._places.get(key, (0, 0))
        return self._frame.iloc[start:end].reset_index(drop=True)


def scores_of_all(store: Store, *, cycle: int, basis: str) -> pd.DataFrame:
    """The rows of sql/queries/region_scores of a basis, in their order."""
    return _totals(store, cycle=cycle, name="region_scores", make=Parts).of(basis)


def trial_regions_of_all(store: Store, *, cycle: int) -> pd.DataFrame:
    """The rows of sql/queries/trial_regions, in their order; nobody may change them."""
    return _totals(store, cycle=cycle, name="trial_regions", make=_as_they_are)


def summaries_of_all(store: Store, *, cycle: int) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """The rows of sql/queries/region_scores by basis and region, without row_level, missing values as None."""
    return _totals(store, cycle=cycle, name="region_scores", make=_summaries)


def shares_of_all(store: Store, *, cycle: int, basis: str) -> pd.DataFrame:
    """The rows of sql/queries/grade_shares, in their order; nobody may change them."""
    return _totals(store, cycle=cycle, name="grade_shares", make=_as_they_are, basis=basis)


def gaps_of_all(store: Store, *, cycle: int, by: str, basis: str) -> pd.DataFrame:
    """The rows of sql/queries/region_gaps, in their order; nobody may change them."""
    return _totals(
        store, cycle=cycle, name="region_gaps", make=_as_they_are, region="region", by=by, basis=basis
    )


def terms_of_all(store: Store, *, cycle: int, basis: str) -> pd.DataFrame:
    """The rows of sql/queries/region_terms, in their order; nobody may change them."""
    return _totals(store, cycle=cycle, name="region_terms", make=_as_they_are, basis=basis)


def trend_of_all(store: Store, *, cycle: int, others: Iterable[int], basis: str) -> pd.DataFrame:
    """The rows of sql/queries/region_trend of a basis, in their order; of the years whose results are brought up to date."""
    return _totals(store, cycle=cycle, name="region_trend", make=Parts, others=tuple(others)).of(basis)


def categories_of_region(store: Store, *, cycle: int, region: str, basis: str) -> pd.DataFrame:
    """The rows of sql/queries/unit_categories of a region and basis, in their order."""
    return _kept(store, cycle=cycle, name="unit_categories", make=_by_basis_and_region).of((basis, region))


def dimensions_of_region(store: Store, *, cycle: int, region: str, basis: str) -> pd.DataFrame:
    """The rows of sql/queries/region_dimensions of a region and basis, in their order."""
    parts = _totals(store, cycle=cycle, name="region_dimensions", make=_by_basis_and_region, region="region")
    return parts.of((basis, region))


def dimension_means(store: Store, *, cycle: int, basis: str) -> Mapping[tuple[str, str], float]:
    """The attainment of a category over the province, by category and dimension; nobody may change it."""
    return _kept(store, cycle=cycle, name="category_dimensions", make=_means).get(basis, {})


def task_rates_of_all(store: Store, *, cycle: int, today: date) -> pd.DataFrame:
    """The rows of sql/queries/task_rates, in their order; nobody may change them."""
    return _kept(store, cycle=cycle, name="task_rates", make=_as_they_are, today=today)


def task_ageing_of_region(store: Store, *, cycle: int, region: str, today: date) -> pd.DataFrame:
    """The rows of sql/queries/task_ageing of a region, in their order."""
    return _kept(store, cycle=cycle, name="task_ageing", make=_by_region, today=today).of(region)


def _as_they_are(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


def _by_region(frame: pd.DataFrame) -> Parts:
    return Parts(frame, "region")


def _by_basis_and_region(frame: pd.DataFrame) -> Parts:
    return Parts(frame, ["basis", "region"])


def _kept(store: Store, *, cycle: int, name: str, make: Callable[[pd.DataFrame], Made], **values) -> Made:
    """`make` of the answer to a query file, once for everybody who sees the same regions."""
    question = (name, make.__name__, *values.values())
    return worked_out(
        store, question, lambda moment: make(ask(moment, name, cycle=cycle, **values)), cycle=cycle
    )


def _totals(
    store: Store,
    *,
    cycle: int,
    name: str,
    make: Callable[[pd.DataFrame], Made],
    others: Iterable[int] = (),
    region: str = "code",
    **values,
) -> Made:
    """The same of a query whose every row is of one region (its column `region`), by what is of it as a whole: asked once for the
    province, of which each reader has the rows of the regions that he may see so."""
    question = (name, *values.values())

    def asked(moment: Moment) -> pd.DataFrame:
        return ask(moment, name, cycle=cycle if "$cycle" in query_text(name) else None, **values)

    def own(moment: Moment) -> Made:
        whole = moment.of_whole()
        if whole is moment or moment.is_of_one_unit:  # who is told of no region at all
            return make(asked(moment))
        rows = worked_out(whole, question, asked, cycle=cycle, others=others)
        seen = seen_as_a_whole(moment, cycle=cycle)
        return make(rows[rows[region].isin(seen)].reset_index(drop=True))

    return worked_out(store, (*question, make.__name__), own, cycle=cycle, others=others)


def _means(frame: pd.DataFrame) -> Mapping[str, Mapping[tuple[str, str], float]]:
    means: dict[str, dict[tuple[str, str], float]] = {}
    for row in frame.itertuples(index=False):
        means.setdefault(row.basis, {})[row.category, row.dimension] = row.category_mean
    return means


def _summaries(frame: pd.DataFrame) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    keys = list(zip(frame["basis"], frame["code"], strict=True))
    frame = frame.drop(columns=["basis", "row_level"]).astype({"rank": "Int64"}).astype(object)
    return dict(zip(keys, frame.where(frame.notna(), None).to_dict("records"), strict=True))
