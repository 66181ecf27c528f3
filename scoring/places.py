"""Ranks, and the grades that follow from scores, the ceiling of the best grade, vetoes and the province's own decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.scheme import Grade

NOT_GRADED = -1
# What decided a grade; a position in it is the code of one.
REASONS = ("score", "ceiling", "manual", "veto")
SCORE, CEILING, MANUAL, VETO = range(len(REASONS))
NOISE = 1e-9  # 0.3 of 10 is 3 places


def competition_ranks(published: np.ndarray) -> np.ndarray:
    """1, 2, 2, 4: the highest first; every one has a score."""
    _, kind, count = np.unique(-published, return_inverse=True, return_counts=True)
    return (1 + np.cumsum(count) - count)[kind]


def ranks_within(published: np.ndarray, groups: Iterable) -> np.ndarray:
    """Competition ranks (1, 2, 2, 4) within each group, the highest first; nan for nan."""
    rank = np.full(len(published), np.nan)
    for at in _of_each_group(groups, ~np.isnan(published)):
        rank[at] = competition_ranks(published[at])
    return rank


def peers_within(is_ranked: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """How many of an entry's group (a number) are ranked."""
    return np.bincount(groups[is_ranked], minlength=groups.max(initial=0) + 1)[groups]


def _of_each_group(groups: Iterable, which: np.ndarray) -> Iterable[np.ndarray]:
    groups = np.asarray(groups)
    for group in np.unique(groups):
        yield np.flatnonzero((groups == group) & which)


@dataclass(frozen=True, eq=False)
class Grades:
    """One entry per unit or region: its grade and the one by its score alone (positions in the scheme's grades, NOT_GRADED
    without a score), what decided (REASONS), and whether its equals share the last places under the ceiling."""

    grade: np.ndarray
    by_score: np.ndarray
    reason: np.ndarray
    is_at_cut: np.ndarray


def grades_by_score(grades: Sequence[Grade], published: np.ndarray) -> np.ndarray:
    """The first grade, from the best down, whose threshold the published score reaches; NOT_GRADED for nan."""
    found = np.full(len(published), NOT_GRADED)
    for at, grade in reversed(list(enumerate(grades))):
        found[published >= grade.min_score] = at
    return found


def graded(
    grades: Sequence[Grade],
    published: np.ndarray,
    *,
    groups: np.ndarray,
    places: np.ndarray,
    contends: np.ndarray,
    manual: np.ndarray,
    has_veto: np.ndarray,
) -> Grades:
    """The grades of published scores (nan: none).

    `groups`: a number for those who share a ceiling; `places`: how many of its group may have the best grade, nan for any number;
    `contends`: who may have it and takes one of the places; `manual`: the province's own grade (a position, or NOT_GRADED).
    """
    by_score = grades_by_score(grades, published)
    is_best = (by_score == 0) & contends  # nobody else who contends is before them
    rank, last = np.full(len(published), np.nan), np.full(len(published), np.nan)
    for at in _of_each_group(groups, is_best & ~np.isnan(places)):
        rank[at] = competition_ranks(published[at])
        last[at] = len(at) + 1 - competition_ranks(-published[at])
    is_beyond = is_best & (rank > places)
    is_at_cut = is_best & (rank <= places) & (last > places)

    has_score = by_score != NOT_GRADED
    reason = np.full(len(published), SCORE)
    grade = by_score.copy()
    for code, which, given in (
        (CEILING, is_beyond, min(1, len(grades) - 1)),
        (MANUAL, (manual != NOT_GRADED) & has_score, manual),
        (VETO, has_veto & has_score, len(grades) - 1),
    ):
        grade = np.where(which, given, grade)
        reason = np.where(which, code, reason)
    return Grades(grade, by_score, reason, is_at_cut)


def places_under(ceiling: float | None, peers: np.ndarray) -> np.ndarray:
    """How many of so many peers may have the best grade; nan where there is no ceiling."""
    return np.full(len(peers), np.nan) if ceiling is None else np.floor(ceiling * peers + NOISE)
