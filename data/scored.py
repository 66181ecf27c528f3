"""A cycle scored as arrays: what its scores follow from is read, added up by workbook and by leaf, and made into results."""

from __future__ import annotations

from functools import partial

import duckdb
import numpy as np
import pyarrow as pa

from data.result_tables import Scored, result_tables
from data.said_before import SaidBefore
from data.score_inputs import read_rulings, read_said, read_standing
from data.threads import shared
from scoring.adding_up import Workbooks, add_up


def score(
    cursor: duckdb.DuckDBPyConnection, *, cycle: int, before: SaidBefore | None = None
) -> dict[str, pa.Table]:
    """The results of a cycle by their names (`result_tables`), from the steps that were run on the cursor; `before`: what workbooks
    said, as earlier scorings of the same database read it."""
    standing = read_standing(cursor, cycle=cycle)
    asked, registered = standing.asked, standing.registered
    leaves, leaf_of_unit = np.unique(
        registered.region * len(standing.categories) + registered.category, return_inverse=True
    )
    has_sheet = registered.has_handed_in
    unit_of = np.empty(len(standing.submissions), dtype=np.int64)
    unit_of[registered.sheet[has_sheet]] = np.flatnonzero(has_sheet)
    # workbooks stand in the order of their leaves, so that those of one are added up together
    order = np.argsort(leaf_of_unit[unit_of], kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    units = unit_of[order]
    said = (before or SaidBefore()).of(
        standing.submissions, partial(read_said, cursor, asked), cycle=cycle, judged_by=standing.judged_by
    )
    workbooks = Workbooks(
        leaf=leaf_of_unit[units],
        leaves=len(leaves),
        profile=registered.profile[units],
        is_asked=standing.is_asked,
        category_weight=registered.category_weight[units],
        said=said.x,
        row=said.rows(standing.submissions)[order],
        rulings=read_rulings(cursor, standing, place=place),
    )
    with shared(cursor) as (each, threads):
        added_up = add_up(asked, workbooks, each=each, parts=threads)
        row, indicator = added_up.blanks
        scored = Scored(
            standing,
            sums=added_up.sums.at(place),
            leaves=leaves,
            losses=added_up.losses,
            blanks=(order[row], indicator),
        )
        return result_tables(scored, cycle=cycle, each=each)
