"""A cycle scored as arrays: what its scores follow from is read, added up by workbook and by leaf, and made into results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import duckdb
import numpy as np
import pyarrow as pa

from data.result_tables import Scored, result_tables
from data.said_before import SaidBefore
from data.score_inputs import Standing, read_rulings, read_said, read_standing
from data.threads import shared, threads_of
from scoring.adding_up import Workbooks, add_up


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a cycle's scores follow from. `workbooks` stand in `order` (rows of `Standing.submissions`), so that those of one of the
    `leaves` (`Scored.leaves`) are added up together, by so many `threads`."""

    standing: Standing
    workbooks: Workbooks
    order: np.ndarray
    leaves: np.ndarray
    threads: int


def read_inputs(cursor: duckdb.DuckDBPyConnection, *, cycle: int, before: SaidBefore | None = None) -> Inputs:
    """From the steps that were run on the cursor; `before`: what workbooks said, as earlier scorings of the same database read it."""
    standing = read_standing(cursor, cycle=cycle)
    registered = standing.registered
    leaves, leaf_of_unit = np.unique(
        registered.region * len(standing.categories) + registered.category, return_inverse=True
    )
    has_sheet = registered.has_handed_in
    unit_of = np.empty(len(standing.submissions), dtype=np.int64)
    unit_of[registered.sheet[has_sheet]] = np.flatnonzero(has_sheet)
    order = np.argsort(leaf_of_unit[unit_of], kind="stable")
    units = unit_of[order]
    said = (before or SaidBefore()).of(
        standing.submissions,
        partial(read_said, cursor, standing.asked),
        cycle=cycle,
        judged_by=standing.judged_by,
    )
    workbooks = Workbooks(
        leaf=leaf_of_unit[units],
        leaves=len(leaves),
        profile=registered.profile[units],
        is_asked=standing.is_asked,
        category_weight=registered.category_weight[units],
        said=said.x,
        row=said.rows(standing.submissions)[order],
        rulings=read_rulings(cursor, standing, place=_places(order)),
    )
    return Inputs(standing, workbooks, order, leaves, threads_of(cursor))


def score(inputs: Inputs, *, cycle: int) -> Iterator[tuple[str, pa.Table]]:
    """The results of a cycle, one after the other and some in parts (`result_tables`)."""
    order = inputs.order
    with shared(inputs.threads) as each:
        added_up = add_up(inputs.standing.asked, inputs.workbooks, each=each, parts=inputs.threads)
        row, indicator = added_up.blanks
        scored = Scored(
            inputs.standing,
            sums=added_up.sums.at(_places(order)),
            leaves=inputs.leaves,
            losses=added_up.losses,
            blanks=(order[row], indicator),
        )
        yield from result_tables(scored, cycle=cycle, each=each)


def _places(order: np.ndarray) -> np.ndarray:
    """The place of each in an order."""
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return place
