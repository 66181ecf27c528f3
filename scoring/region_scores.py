"""Regions' scores of one basis, from the units registered in them or below (SCORING.md, R(r))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scoring.asked import Asked
from scoring.limits import FULL_MARKS
from scoring.places import NOT_GRADED, Grades, graded, places_under, ranks_within
from scoring.rounding import round_all_half_up
from scoring.scheme import COMPOSITE
from scoring.unit_scores import NOT_SUBMITTED, Registered, UnitScores

LEVELS = ("province", "prefecture", "county")


@dataclass(frozen=True, eq=False)
class Regions:
    """One entry per region. `level`: a position in LEVELS, a zone being a county; `member`: a row per region, 1 for itself and all
    below it (columns); `manual`: as `Registered`."""

    codes: tuple[str, ...]
    level: np.ndarray
    member: np.ndarray
    manual: np.ndarray


@dataclass(frozen=True, eq=False)
class RegionScores:
    """One entry per region, nan where it has none.

    `counts`: units registered, submitted, on_time, scored; `means`: by what part of a score it is (score_exact, missing, deductions, bonus,
    clipped, veto: 100 − score = gaps + missing + deductions + veto − bonus − clipped; bounds: low, high, low_missing, high_missing;
    verified_share, self_base, base); `total_weight`: Σ c of those that count.
    """

    counts: Mapping[str, np.ndarray]
    means: Mapping[str, np.ndarray]
    total_weight: np.ndarray
    published: np.ndarray
    rank: np.ndarray
    grades: Grades


def score_regions(
    asked: Asked, registered: Registered, regions: Regions, units: UnitScores, *, basis: int
) -> RegionScores:
    """R = Σ c·F / Σ c; units that have not handed in count 0 or not at all, as the scheme says.

    Bounds: those not handed in at 0 and at full marks (low_missing, high_missing), unverified values too (low, high). A region from
    which nothing came in has no score of its own, though it counts in the region above.
    """
    scheme, c = asked.scheme, registered.category_weight
    is_missing = units.state == NOT_SUBMITTED
    has_score = ~np.isnan(units.exact)
    has_self = has_score & ~np.isnan(units.bases.self_base)

    def summed(values: np.ndarray, which: np.ndarray) -> np.ndarray:
        of_leaves = np.bincount(registered.region, np.where(which, values, 0.0), len(regions.codes))
        return regions.member @ of_leaves

    counts = {
        "registered": summed(np.ones(len(c)), np.full(len(c), True)),
        "submitted": summed(np.ones(len(c)), ~is_missing),
        "on_time": summed(np.ones(len(c)), ~is_missing & ~registered.is_late),
        "scored": summed(np.ones(len(c)), has_score),
    }
    scored_weight, self_weight = _weight(summed(c, has_score)), _weight(summed(c, has_self))
    bound_weight = _weight(summed(c, has_score | is_missing))
    missing_full = FULL_MARKS * summed(c, is_missing)
    earned = summed(c * units.exact, has_score)
    counts_missing = scheme.rules.missing == "zero"
    total_weight = bound_weight if counts_missing else scored_weight
    exact = np.where(counts["scored"] > 0, earned / total_weight, np.nan)
    published = round_all_half_up(exact, scheme.rules.decimals)

    has_published = ~np.isnan(published)
    peers = np.bincount(regions.level[has_published], minlength=len(LEVELS))
    ceilings = scheme.grades[0].ceilings
    places = np.concatenate(
        [places_under(ceilings.get(level), peers[[at]]) for at, level in enumerate(LEVELS)]
    )
    is_composite = scheme.bases[basis] == COMPOSITE
    return RegionScores(
        counts=counts,
        means={
            "score_exact": exact,
            "low": summed(c * units.low, has_score) / bound_weight,
            "high": (summed(c * units.high, has_score) + missing_full) / bound_weight,
            "low_missing": earned / bound_weight,
            "high_missing": (earned + missing_full) / bound_weight,
            "verified_share": summed(c * units.bases.verified_share, has_score) / scored_weight,
            "self_base": summed(c * units.bases.self_base, has_self) / self_weight,
            "base": summed(c * units.bases.base, has_self) / self_weight,
            "missing": (missing_full if counts_missing else 0.0) / total_weight,
            "deductions": summed(c * registered.deductions, has_score) / total_weight,
            "bonus": summed(c * units.bonus, has_score) / total_weight,
            "clipped": summed(c * units.clipped, has_score) / total_weight,
            "veto": summed(c * units.veto, has_score) / total_weight,
        },
        total_weight=total_weight,
        published=published,
        rank=ranks_within(published, regions.level),
        grades=graded(
            scheme.grades,
            published,
            groups=regions.level,
            places=places[regions.level],
            contends=has_published,
            manual=regions.manual if is_composite else np.full_like(regions.manual, NOT_GRADED),
            has_veto=np.zeros(len(published), dtype=bool),
        ),
    )


def _weight(sums: np.ndarray) -> np.ndarray:
    """nan where nobody counts, so that a mean is nan too."""
    return np.where(sums > 0, sums, np.nan)
