"""Units' scores of one basis, from what their workbooks earned to rank and grade (SCORING.md, F(u))."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from scoring.asked import Asked
from scoring.handed_in import SheetSums
from scoring.limits import FULL_MARKS, limited
from scoring.places import NOT_GRADED, Grades, graded, peers_within, places_under, ranks_within
from scoring.rounding import round_all_half_up
from scoring.scheme import COMPOSITE

# A position in it is the code of a state.
STATES = ("scored", "not_comparable", "no_duty", "not_submitted")
SCORED, NOT_COMPARABLE, NO_DUTY, NOT_SUBMITTED = range(len(STATES))


@dataclass(frozen=True, eq=False)
class Registered:
    """One entry per registered unit. `region`, `category`, `profile`: positions (a profile is one set of what is asked); `sheet`:
    the row of its workbook that counts, −1 where it has not handed in; `bonus`: before the cap; `manual`: the position of the
    grade that the province gave, or NOT_GRADED; `category_weight`: c."""

    region: np.ndarray
    category: np.ndarray
    category_weight: np.ndarray
    profile: np.ndarray
    sheet: np.ndarray
    is_late: np.ndarray
    deductions: np.ndarray
    bonus: np.ndarray
    has_veto: np.ndarray
    manual: np.ndarray

    @property
    def has_handed_in(self) -> np.ndarray:
        """Whether a workbook of it counts."""
        return self.sheet >= 0

    def of_sheets(self, values: np.ndarray, *, missing: float) -> np.ndarray:
        """One row per workbook → one per unit."""
        spread = np.full((len(self.sheet), *values.shape[1:]), missing)
        spread[self.has_handed_in] = values[self.sheet[self.has_handed_in]]
        return spread


@dataclass(frozen=True, eq=False)
class Bases:
    """B of each workbook or unit, nan where it has none: of the values that count, of its own, with unverified values at 0 and at
    full marks; and the share of its points that is verified (0–1)."""

    base: np.ndarray
    self_base: np.ndarray
    low: np.ndarray
    high: np.ndarray
    verified_share: np.ndarray

    @classmethod
    def of(cls, sums: SheetSums, basis: np.ndarray) -> Bases:
        """B = Σ W·S / Σ W over the systems that have an indicator in the unit's set; `basis`: W by system."""
        points, unverified = sums.points, sums.points - sums.verified_points
        return cls(
            base=FULL_MARKS * _mean(sums.earned, points, basis),
            self_base=FULL_MARKS * _mean(sums.self_earned, sums.self_points, basis),
            low=FULL_MARKS * _mean(sums.verified_earned, points, basis),
            high=FULL_MARKS * _mean(sums.verified_earned + unverified, points, basis),
            verified_share=_mean(sums.verified_points, points, basis),
        )

    def of_units(self, registered: Registered) -> Bases:
        """One entry per unit."""
        parts = (getattr(self, each.name) for each in fields(self))
        return Bases(*(registered.of_sheets(part, missing=np.nan) for part in parts))


def _mean(part: np.ndarray, whole: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weighted mean over systems (columns) of part / whole, over those with a whole; nan without any."""
    summed, total = np.zeros(len(whole)), np.zeros(len(whole))
    with np.errstate(divide="ignore", invalid="ignore"):
        for at in np.flatnonzero(weights):  # a sum over short rows takes three times as long
            has = whole[:, at] > 0
            summed += np.where(has, weights[at] * (part[:, at] / whole[:, at]), 0.0)
            total += np.where(has, weights[at], 0.0)
        return summed / total


@dataclass(frozen=True, eq=False)
class UnitScores:
    """One entry per registered unit, nan where it has none; 100 − exact = (100 − base) + deductions + veto − bonus − clipped.

    `exact` and `published`: F unrounded and rounded; `low`, `high`: with unverified values at 0 and at full marks; `peers`: how many are
    ranked in its category.
    """

    state: np.ndarray
    bases: Bases
    bonus: np.ndarray
    clipped: np.ndarray
    veto: np.ndarray
    exact: np.ndarray
    published: np.ndarray
    low: np.ndarray
    high: np.ndarray
    grades: Grades
    rank: np.ndarray
    peers: np.ndarray


def na_shares(asked: Asked, registered: Registered, gone: np.ndarray, is_asked: np.ndarray) -> np.ndarray:
    """The share (0–1) of a unit's points that is 不适用; nan where it has not handed in or is asked nothing. `is_asked`: by profile
    and indicator; `gone`: Σ p of 不适用 by workbook."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return registered.of_sheets(gone, missing=np.nan) / (is_asked @ asked.points)[registered.profile]


def score_units(
    asked: Asked, registered: Registered, sums: SheetSums, *, basis: int, na_share: np.ndarray
) -> UnitScores:
    """Every unit's score in a basis (its position); `sums`: of the workbooks."""
    scheme, rules = asked.scheme, asked.scheme.rules
    bases = Bases.of(sums, asked.basis_weights[basis]).of_units(registered)
    bonus = np.minimum(registered.bonus, rules.bonus_cap)
    adjustment, cap = bonus - registered.deductions, np.where(registered.has_veto, rules.veto_cap, FULL_MARKS)
    raw = bases.base + adjustment
    exact = limited(raw, cap)
    clip = limited(raw, FULL_MARKS)
    published = round_all_half_up(exact, rules.decimals)

    state = np.full(len(published), SCORED)
    state[1 - na_share < rules.na_floor] = NOT_COMPARABLE
    state[np.isnan(exact)] = NO_DUTY
    state[~registered.has_handed_in] = NOT_SUBMITTED

    is_scored = state == SCORED
    peers = peers_within(is_scored, registered.category)
    is_ranked = is_scored & (peers >= rules.min_group)
    places = places_under(scheme.grades[0].ceilings.get("unit"), peers)
    is_composite = scheme.bases[basis] == COMPOSITE
    return UnitScores(
        state=state,
        bases=bases,
        bonus=bonus,
        clipped=clip - raw,
        veto=clip - exact,
        exact=exact,
        published=published,
        low=limited(bases.low + adjustment, cap),
        high=limited(bases.high + adjustment, cap),
        grades=graded(
            scheme.grades,
            published,
            groups=registered.category,
            places=np.where(peers >= rules.min_group, places, np.nan),
            contends=is_scored & ~registered.has_veto,
            manual=registered.manual if is_composite else np.full_like(registered.manual, NOT_GRADED),
            has_veto=registered.has_veto,
        ),
        rank=ranks_within(np.where(is_ranked, published, np.nan), registered.category),
        peers=np.where(is_scored, peers, np.nan),
    )
