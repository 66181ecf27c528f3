"""The results of a cycle as tables that the database reads: arrays of `scoring`, with the names of what they are of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from data.regions import regions_by_code
from data.score_inputs import Standing
from scoring.adding_up import Each
from scoring.asked import Asked
from scoring.handed_in import SheetSums
from scoring.joined import joined
from scoring.leaf_losses import LeafLosses
from scoring.places import REASONS, Grades
from scoring.region_scores import RegionScores, score_regions
from scoring.unit_scores import STATES, UnitScores, na_shares, score_units

ROW_GROUP = 122_880  # rows
LONG = 500_000  # rows: less is put in sooner at once than in parts


@dataclass(frozen=True, eq=False)
class Scored:
    """What the workbooks of a cycle earned: `sums` of each; `leaves`: region · categories + category (positions), of `losses`;
    `blanks`: row of the workbook and position of the indicator of what was left blank."""

    standing: Standing
    sums: SheetSums
    leaves: np.ndarray
    losses: LeafLosses
    blanks: tuple[np.ndarray, np.ndarray]


def result_tables(scored: Scored, *, cycle: int, each: Each) -> Iterator[tuple[str, pa.Table]]:
    """Every result by its name, and, in place of those that are read (`scoring.views.READ_FROM`), what they are read from; one after the
    other, what is long in parts under the same name, others perhaps between them, so that each can be put away while the next is made.
    `each` may hand what is made to threads."""
    for name, table in _tables(scored, each=each):
        of_cycle = table.append_column("cycle", pa.repeat(pa.scalar(cycle, pa.int32()), len(table)))
        yield name, _in_row_groups(of_cycle)


def _tables(scored: Scored, *, each: Each) -> Iterator[tuple[str, pa.Table]]:
    standing = scored.standing
    asked, registered = standing.asked, standing.registered
    bases = range(len(asked.scheme.bases))
    yield "leaf_loss", _leaf_loss(scored)
    na_share = na_shares(asked, registered, scored.sums.gone, standing.is_asked)

    def units_of(basis: int) -> UnitScores:
        return score_units(asked, registered, scored.sums, basis=basis, na_share=na_share)

    put_together = partial(_unit_score, standing, na_share=na_share)
    tasks = [partial(_unit_system, scored), *(partial(units_of, basis) for basis in bases)]
    made = iter(each(lambda task: task(), tasks))
    yield "unit_system", next(made)
    yield "basis_indicators", _basis_indicators(asked)
    indicator = _named(scored.blanks[1], asked.indicators)
    yield "blank", _table(submission=standing.submissions[scored.blanks[0]], indicator=indicator)

    units: list[UnitScores] = []
    waiting: dict[str, UnitScores] = {}
    for name, scores in zip(asked.scheme.bases, made, strict=True):
        if len(waiting) * len(scores.state) >= LONG:
            yield "unit_score", put_together(waiting)
            waiting = {}
        units.append(scores)
        waiting[name] = scores
    last = iter(each(put_together, [waiting]))  # while regions are scored

    region_of_leaf = scored.leaves // max(len(standing.categories), 1)
    regions_alone = scored.losses.over(region_of_leaf, len(standing.regions.codes))
    losses = regions_alone.within(standing.regions.member)
    regions = [
        score_regions(asked, registered, standing.regions, scores, basis=basis)
        for basis, scores in zip(bases, units, strict=True)
    ]
    gaps = [
        _region_gap(standing, losses, scores.total_weight, basis=basis)
        for basis, scores in zip(bases, regions, strict=True)
    ]
    yield "region_gap", pa.concat_tables(gaps)
    region_tables = [
        _region_score(standing, scores, basis=asked.scheme.bases[basis])
        for basis, scores in zip(bases, regions, strict=True)
    ]
    yield "region_score", pa.concat_tables(region_tables)
    yield "unit_score", next(last)


def _in_row_groups(table: pa.Table) -> pa.Table:
    """In pieces as long as the database's own, which threads put in as they are; others it puts together first."""
    pieces = table.combine_chunks().to_batches(max_chunksize=ROW_GROUP)
    return pa.Table.from_batches(pieces, table.schema)


def _table(**columns: Any) -> pa.Table:
    """Columns by name, arrays among them; nan is none."""
    return pa.table(
        {
            name: pa.array(values, from_pandas=True) if isinstance(values, np.ndarray) else values
            for name, values in columns.items()
        }
    )


def _named(codes: np.ndarray, names: Sequence[str]) -> pa.DictionaryArray:
    """Positions as names; none for those below 0."""
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(names), pa.string()))


def _counts(values: np.ndarray) -> pa.Array:
    """Whole numbers; none for nan."""
    is_none = np.isnan(values)
    return pa.array(np.where(is_none, 0, values).astype(np.int64), mask=is_none if is_none.any() else None)


def _same(value: str | None, rows: int) -> pa.DictionaryArray:
    return _named(np.zeros(rows, dtype=np.int32), [value])


def _grades(standing: Standing, grades: Grades) -> Mapping[str, Any]:
    names = [grade.id for grade in standing.asked.scheme.grades]
    return {
        "grade": _named(grades.grade, names),
        "grade_by_score": _named(grades.by_score, names),
        "grade_reason": _named(np.where(grades.by_score < 0, -1, grades.reason), REASONS),
        "is_at_cut": grades.is_at_cut,
    }


def _unit_score(standing: Standing, scores_of: Mapping[str, UnitScores], na_share: np.ndarray) -> pa.Table:
    """A row per basis and unit, each column in one piece; `scores_of` these bases."""
    registered, bases, scores = standing.registered, list(scores_of), joined(list(scores_of.values()))

    def again(values: np.ndarray) -> np.ndarray:
        return np.tile(values, len(bases))

    has_none = again(~registered.has_handed_in)
    submission = standing.submissions[registered.sheet] if len(standing.submissions) else registered.sheet
    return _table(
        unit=pa.concat_arrays([standing.units] * len(bases)),
        region=_named(again(registered.region), standing.regions.codes),
        category=_named(again(registered.category), standing.categories),
        basis=_named(np.repeat(np.arange(len(bases)), len(registered.sheet)), bases),
        category_weight=again(registered.category_weight),
        state=_named(scores.state, STATES),
        submission=pa.array(again(submission), mask=has_none),
        is_late=pa.array(again(registered.is_late), mask=has_none),
        na_share=again(na_share),
        base=scores.bases.base,
        self_base=scores.bases.self_base,
        verified_share=scores.bases.verified_share,
        deductions=again(registered.deductions),
        bonus=scores.bonus,
        clipped=scores.clipped,
        veto=scores.veto,
        has_veto=again(registered.has_veto),
        score_exact=scores.exact,
        score=scores.published,
        low=scores.low,
        high=scores.high,
        **_grades(standing, scores.grades),
        rank=_counts(scores.rank),
        peers=_counts(scores.peers),
    )


def _region_score(standing: Standing, scores: RegionScores, *, basis: str) -> pa.Table:
    at = np.flatnonzero(scores.counts["registered"] > 0)
    known = regions_by_code()
    regions = [known[standing.regions.codes[each]] for each in at]
    counts = {name: _counts(values) for name, values in scores.counts.items()}
    parts = {**counts, **scores.means, **_grades(standing, scores.grades)}
    return _table(
        region=[region.code for region in regions],
        level=[region.level for region in regions],
        parent=[region.parent or None for region in regions],
        basis=_same(basis, len(at)),
        **{
            name: values[at] if isinstance(values, np.ndarray) else values.take(at)
            for name, values in parts.items()
        },
        total_weight=scores.total_weight[at],
        score=scores.published[at],
        rank=_counts(scores.rank[at]),
    )


def _leaf_loss(scored: Scored) -> pa.Table:
    """A row per basis and leaf; nothing for the indicators that none of its units has."""
    standing, losses = scored.standing, scored.losses
    asked = standing.asked
    region, category = np.divmod(scored.leaves, max(len(standing.categories), 1))

    def of_basis(at: int) -> pa.Table:
        is_in = asked.in_basis[at]
        return _table(
            region=_named(region, standing.regions.codes),
            category=_named(category, standing.categories),
            basis=_same(asked.scheme.bases[at], len(region)),
            weight=_lists(losses.weight(at)[:, is_in]),
            lost=_lists(losses.lost(at)[:, is_in]),
            units=_lists(losses.units[:, is_in].astype(np.int32)),
            units_short=_lists(losses.units_short[:, is_in].astype(np.int32)),
        )

    return pa.concat_tables(map(of_basis, range(len(asked.scheme.bases))))


def _basis_indicators(asked: Asked) -> pa.Table:
    named = np.array(asked.indicators)
    return pa.table(
        {
            "basis": pa.array(asked.scheme.bases, pa.string()),
            "indicators": pa.array(
                [named[is_in].tolist() for is_in in asked.in_basis], pa.list_(pa.string())
            ),
        }
    )


def _lists(values: np.ndarray) -> pa.ListArray:
    """A row's values as a list."""
    rows, length = values.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * length
    return pa.ListArray.from_arrays(offsets, np.ascontiguousarray(values).ravel())


def _region_gap(standing: Standing, losses: LeafLosses, total_weight: np.ndarray, *, basis: int) -> pa.Table:
    """`losses`: of each region with all below it."""
    asked = standing.asked
    region, indicator = np.nonzero((losses.units > 0) & asked.in_basis[basis])
    weight, lost = (part(basis)[region, indicator] for part in (losses.weight, losses.lost))
    return _table(
        region=_named(region, standing.regions.codes),
        basis=_same(asked.scheme.bases[basis], len(region)),
        indicator=_named(indicator, asked.indicators),
        gap=lost / total_weight[region],
        weight=weight,
        lost=lost,
        units=_counts(losses.units[region, indicator]),
        units_short=_counts(losses.units_short[region, indicator]),
    )


def _unit_system(scored: Scored) -> pa.Table:
    """A row per workbook and system with an indicator in what its unit is asked."""
    standing, sums = scored.standing, scored.sums
    asked, registered = standing.asked, standing.registered
    has_system = (standing.is_asked.astype(float) @ asked.shared > 0)[registered.profile]
    unit, system = np.nonzero(has_system & registered.has_handed_in[:, None])
    at = (registered.sheet[unit], system)
    return _table(
        unit=standing.units.take(unit),
        system=_named(system, asked.systems),
        points=sums.points[at],
        earned=sums.earned[at],
        self_points=sums.self_points[at],
        self_earned=sums.self_earned[at],
        verified_points=sums.verified_points[at],
        verified_earned=sums.verified_earned[at],
    )
