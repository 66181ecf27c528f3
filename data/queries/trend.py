"""Regions and units over the years: scores, ranks, attainments, and what of two years may be compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar

import numpy as np
import pandas as pd

from data.moment import one_moment
from data.queries.all_regions import terms_of_all, trend_of_all
from data.queries.ask import COMPOSITE, PROVINCE
from data.queries.gaps import region_gaps
from data.queries.one_unit import terms_of_unit, trend_of_unit
from data.queries.regions import as_asked, of_level
from data.store import Store
from scoring.comparison import SchemeComparison, compare_schemes
from scoring.limits import attainment_of
from scoring.scheme import Scheme

Query = TypeVar("Query", bound=Callable)
BY = ("article", "dimension")
TERM_COLUMNS = ["code", "indicator", "omega", "attainment", "gap"]


def cycles_of(store: Store) -> list[int]:
    """Every cycle that was opened, oldest first."""
    return store.cycles()[::-1]


def of_several_years(query: Query) -> Query:
    """A query over the cycle and the one `before`, or over all, asked as of one moment, their results up to date."""

    @wraps(query)
    def asked(store: Store, *, cycle: int, **values):
        others = [values["before"]] if "before" in values else cycles_of(store)
        with one_moment(store, cycle=cycle, others=others) as moment:
            return query(moment, cycle=cycle, **values)

    return asked


def region_trend(
    store: Store,
    *,
    cycle: int,
    level: str | None = None,
    parent: str | None = None,
    region: str | None = None,
    basis: str = COMPOSITE,
) -> pd.DataFrame:
    """One row per cycle and region of a level, or of the one `region`, that had registered units; oldest first.

    Columns: cycle, code, name, level, parent, parent_name, registered, submitted, submission_rate, score, score_exact,
    rank (within the level over the province), grade, grade_name, scheme, is_comparable (under the very scheme of
    `cycle`), missing, deductions, veto, bonus, clipped.
    """
    rows = trend_of_all(store, cycle=cycle, others=cycles_of(store), basis=basis)
    chosen = rows["code"] == region if level is None else of_level(rows, level=level, parent=parent)
    return _compared_with(store, as_asked(rows[chosen]), cycle=cycle)


@of_several_years
def unit_trend(store: Store, *, cycle: int, unit: str, basis: str = COMPOSITE) -> pd.DataFrame:
    """One row per cycle in whose register the unit stands, oldest first.

    Columns: cycle, code, name, region, category, category_name, state, score, score_exact, rank and peers (within the
    category over the province), grade, grade_name, scheme, is_comparable (as in `region_trend`), base, deductions, veto,
    bonus, clipped.
    """
    frame = trend_of_unit(store, cycle=cycle, others=cycles_of(store), unit=unit, basis=basis)
    return _compared_with(store, frame, cycle=cycle)


@of_several_years
def attainment_trend(
    store: Store,
    *,
    cycle: int,
    region: str | None = None,
    unit: str | None = None,
    by: str = "article",
    basis: str = COMPOSITE,
) -> pd.DataFrame:
    """One row per cycle and article or dimension of a region (default: the province) or a unit, oldest first.

    Columns: cycle, key (article as text, or dimension), label, attainment, gap (points of the score).
    """
    frames = []
    for year in cycles_of(store):
        if unit:
            frame = _unit_attainments(store, cycle=year, unit=unit, by=by, basis=basis)
        else:
            frame = region_gaps(store, cycle=year, region=region, by=by, basis=basis)
        frames.append(frame[["key", "label", "attainment", "gap"]].assign(cycle=year))
    columns = ["cycle", "key", "label", "attainment", "gap"]
    frames = [frame for frame in frames if len(frame)]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def comparability(store: Store, *, cycle: int, before: int) -> SchemeComparison:
    """What the schemes of two cycles ask alike, what only one of them asks, and what counts differently."""
    return compare_schemes(store.scheme(before), store.scheme(cycle))


def differences(store: Store, *, cycle: int, before: int) -> pd.DataFrame:
    """One row per indicator or rule in which the schemes of two cycles differ, in the order of the regulation.

    Columns: what (仅 2025 年方案, 提问或计分不同, 只有分值不同, 计分规则), key, title, article (None for a rule), note, is_comparable
    (whether its attainments of the two years may be compared; True for a rule, which touches scores only).
    """
    comparison = comparability(store, cycle=cycle, before=before)
    rows = []
    for entry in comparison.indicators:
        if entry.presence != "both":
            what, note = (
                only_in(before if entry.presence == "before" else cycle),
                "另一年没有此项，得分率不可比",
            )
        elif entry.asked:
            what, note = "提问或计分不同", "；".join([*entry.asked, *entry.weighed])
        elif entry.weighed:
            what, note = "只有分值不同", "；".join(entry.weighed)
        else:
            continue
        rows.append((what, entry.id, entry.title, entry.article, note, entry.is_comparable))
    rows += [("计分规则", "", "", None, rule, True) for rule in comparison.rules]
    columns = ["what", "key", "title", "article", "note", "is_comparable"]
    return pd.DataFrame(rows, columns=columns).astype({"article": "Int64"})


@of_several_years
def comparable_attainments(
    store: Store,
    *,
    cycle: int,
    before: int,
    region: str | None = None,
    unit: str | None = None,
    basis: str = COMPOSITE,
) -> pd.DataFrame:
    """One row per article that is asked here in either year: attainment of both years over the indicators that both ask alike.

    Columns: article, label, before and now (attainments; None where nothing of it compares), change, alike (indicators
    that compare), all_before and all_now (over all indicators of the year), note (what does not compare, in words).
    """
    comparison = comparability(store, cycle=cycle, before=before)
    years = (before, cycle)
    of_years = terms_of(store, years=years, region=region, unit=unit, basis=basis)
    terms = dict(zip(years, map(_Terms.of, of_years), strict=True))
    alike = {entry.id for entry in comparison.indicators if entry.is_comparable}
    rows = []
    asked_before, asked_now = set(terms[before].indicators), set(terms[cycle].indicators)
    asked = asked_before | asked_now
    for article in comparison.articles:
        entries = [entry for entry in comparison.indicators if entry.article == article and entry.id in asked]
        if not entries:  # nobody here is asked about it in either year
            continue
        every = {entry.id for entry in entries}
        # an indicator that one of the two years has no value of (nobody it concerns) would tilt the mean of the other
        shared = alike & every & asked_before & asked_now
        now = terms[cycle].attainment(shared)
        then = terms[before].attainment(shared)
        rows.append(
            {
                "article": article,
                "label": f"第{article}条",
                "before": then,
                "now": now,
                "change": None if then is None or now is None else now - then,
                "alike": len(shared),
                "all_before": terms[before].attainment(every),
                "all_now": terms[cycle].attainment(every),
                "note": _article_note(entries, before=before, cycle=cycle),
            }
        )
    frame = pd.DataFrame(rows)
    numbers = ["before", "now", "change", "all_before", "all_now"]
    return frame.astype(dict.fromkeys(numbers, "float64")) if len(frame) else frame


def terms_of(
    store: Store,
    *,
    years: Sequence[int],
    region: str | None = None,
    unit: str | None = None,
    basis: str = COMPOSITE,
) -> list[pd.DataFrame]:
    """For each of one or two years, one row per indicator of one region or unit: code, indicator, omega (share of full marks),
    attainment, gap; nobody may change them."""
    if unit:
        return terms_of_unit(store, years=years, unit=unit, basis=basis)
    of_years = [terms_of_all(store, cycle=year, basis=basis) for year in years]
    return [
        rows.loc[rows["code"] == (region or PROVINCE), TERM_COLUMNS].reset_index(drop=True)
        for rows in of_years
    ]


def only_in(year: int) -> str:
    """Says that an indicator or article is in one year's scheme only."""
    return f"仅 {year} 年方案"


def _compared_with(store: Store, frame: pd.DataFrame, *, cycle: int) -> pd.DataFrame:
    opened = store.cycle(cycle)
    return frame.assign(is_comparable=frame["scheme"] == f"{opened.scheme_id} {opened.version}")


def _unit_attainments(store: Store, *, cycle: int, unit: str, by: str, basis: str) -> pd.DataFrame:
    scheme = store.scheme(cycle)
    [terms] = terms_of(store, years=[cycle], unit=unit, basis=basis)
    keys = [_group_of(scheme, indicator, by=by) for indicator in terms["indicator"]]
    names = {dimension.id: dimension.name for dimension in scheme.dimensions}
    sums = (
        terms.assign(key=keys).groupby("key", as_index=False).agg(omega=("omega", "sum"), gap=("gap", "sum"))
    )
    sums["label"] = [f"第{key}条" if by == "article" else names[key] for key in sums["key"]]
    sums["attainment"] = attainment_of(sums["gap"], sums["omega"])
    return sums


def _group_of(scheme: Scheme, indicator: str, *, by: str) -> str:
    entry = scheme.by_id[indicator]
    return str(entry.place.article) if by == "article" else entry.dimension


@dataclass(frozen=True)
class _Terms:
    """`terms_of` as arrays, to be summed over one set of indicators after the other."""

    indicators: list[str]
    omega: np.ndarray
    gap: np.ndarray

    @classmethod
    def of(cls, terms: pd.DataFrame) -> _Terms:
        return cls(list(terms["indicator"]), terms["omega"].to_numpy(), terms["gap"].to_numpy())

    def attainment(self, indicators: set[str]) -> float | None:
        chosen = [at for at, indicator in enumerate(self.indicators) if indicator in indicators]
        whole = self.omega[chosen].sum()
        return attainment_of(np.nansum(self.gap[chosen]), whole) if whole > 0 else None


def _article_note(entries: Sequence, *, before: int, cycle: int) -> str:
    notes = []
    for presence, year in (("before", before), ("now", cycle)):
        titles = [entry.title for entry in entries if entry.presence == presence]
        if len(titles) == len(entries):
            return only_in(year)
        if titles:
            notes.append(f"{only_in(year)}：{'、'.join(titles)}")
    notes += [f"{entry.title}：{'，'.join(entry.asked)}" for entry in entries if entry.asked]
    return "；".join(notes)
