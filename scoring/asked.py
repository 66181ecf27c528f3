"""What a cycle asks of units and what each answer to it is worth and weighs, as arrays in the scheme's order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from scoring.scheme import Scheme
from scoring.weights import Weights

NO_ANSWER = 0  # the code of an answer that is none of the named ones: a number, a share or a date
NOT_APPLICABLE_CODE = -1  # of 不适用
EPOCH = date(1970, 1, 1)  # dates are days from here


@dataclass(frozen=True, eq=False)
class Asked:
    """I indicators, S systems and B bases (the systems together, then each alone), A named answers.

    `shared` (I × S): points p·λ; `basis_weights` (B × S): W; `worth` (I × 1 + A): attainment of a named answer by its code, 0
    where it is none of the indicator's, nan in the first column; `full` (I): the amount that has full marks, nan where no amount
    has any; `first_day`, `last_day` (I): days that count, nan where no date is asked.
    """

    scheme: Scheme
    answers: Mapping[str, int]
    worth: np.ndarray
    full: np.ndarray
    first_day: np.ndarray
    last_day: np.ndarray
    points: np.ndarray
    shared: np.ndarray
    basis_weights: np.ndarray
    is_free: np.ndarray
    may_be_na: np.ndarray

    @classmethod
    def of(cls, scheme: Scheme, windows: Mapping[str, tuple[date, date]]) -> Asked:
        """`windows`: the first and last day that count by indicator, as the cycle was opened."""
        indicators, weights = scheme.indicators, Weights.of(scheme)
        named = sorted({name for indicator in indicators for name in indicator.choices})
        answers = {name: code for code, name in enumerate(named, start=1)}
        worth = np.zeros((len(indicators), 1 + len(named)))
        worth[:, NO_ANSWER] = np.nan
        for at, indicator in enumerate(indicators):
            for name, value in indicator.choices.items():
                worth[at, answers[name]] = value
        full = {"count": lambda indicator: indicator.target, "ratio": lambda _: 1.0}
        days = np.array(
            [
                [(day - EPOCH).days for day in windows[i.id]] if i.id in windows else [np.nan] * 2
                for i in indicators
            ]
        )
        systems = [system.id for system in scheme.systems]
        return cls(
            scheme=scheme,
            answers=answers,
            worth=worth,
            full=np.array([full[i.type](i) if i.type in full else np.nan for i in indicators], dtype=float),
            first_day=days[:, 0],
            last_day=days[:, 1],
            points=np.array([i.points for i in indicators], dtype=float),
            shared=weights.shared_points([i.id for i in indicators], systems),
            basis_weights=np.array([weights.basis(basis, systems) for basis in scheme.bases]),
            is_free=np.array([i.na == "free" for i in indicators]),
            may_be_na=np.array([i.na in ("free", "review") for i in indicators]),
        )

    @property
    def indicators(self) -> tuple[str, ...]:
        """Their ids; an indicator's position in it is its number everywhere."""
        return tuple(indicator.id for indicator in self.scheme.indicators)

    @property
    def systems(self) -> tuple[str, ...]:
        """Their ids."""
        return tuple(system.id for system in self.scheme.systems)

    @property
    def weighed(self) -> tuple[np.ndarray, np.ndarray]:
        """Which systems (positions) have a weight in which bases: bases, and the system of each."""
        return np.nonzero(self.basis_weights)

    @property
    def in_basis(self) -> np.ndarray:
        """Whether an indicator (columns) counts in a basis (rows)."""
        return (self.basis_weights > 0).astype(float) @ (self.shared > 0).T > 0


def attained(asked: Asked, indicator: np.ndarray, answer: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """Attainment x in [0, 1] of answers, nan for 不适用, one entry each (SCORING.md, from a cell to a unit's score).

    `indicator`: its position; `answer`: the code of the named answer, else one of those above; `amount`: the number, the share,
    or the day of an answer that is none of the named, nan where it says nothing. The same as `sql/attained`.
    """
    x = asked.worth[indicator, answer]
    at = np.flatnonzero(answer == NO_ANSWER)
    which, said = indicator[at], amount[at]
    with np.errstate(invalid="ignore"):
        is_inside = (asked.first_day[which] <= said) & (said <= asked.last_day[which])
        share = np.clip(said / asked.full[which], 0.0, 1.0)
    x[at] = np.where(np.isnan(share), is_inside, share)
    x[answer == NOT_APPLICABLE_CODE] = np.nan
    return x
