"""How single units stand: their score among their category, and every term that it is made of."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data.course.findings import machine_of, state_of_row
from data.queries.all_regions import categories_of_region, dimension_means
from data.queries.ask import COMPOSITE, PROVINCE, ask, of_one_moment
from data.queries.one_unit import answers_of_unit, asked_if_any, summaries_of_unit
from data.queries.terms import by_dimension, terms_of_values, with_terms
from data.queries.unit_rows import ask_units
from data.store import Store


def units(
    store: Store,
    *,
    cycle: int,
    region: str | None = None,
    category: str | None = None,
    codes: Sequence[str] | None = None,
    basis: str = COMPOSITE,
) -> pd.DataFrame:
    """One row per registered unit of a region and below (of `codes`, where given), by category and rank.

    Columns: code, name, region, region_name, region_path, category, category_name, tags (names), state and state_name
    (scored 已评分, not_comparable 不可比, no_duty 无适用指标, refused 退回, not_submitted 未提交), score, score_exact, grade,
    grade_name, grade_by_score and by_score_name, grade_reason (which decided: score, ceiling, manual, veto), is_at_cut (tied
    where the ceiling cuts), reason_name (both in words: 按得分, 超出比例上限, 末位并列, 省级另定, 一票否决), grade_note and grade_document (of the province, where it set the grade), rank and peers (within the category over the province; no rank in a group under the scheme's minimum),
    self_score and self_inflation (before deductions and bonuses), na_share (of its points), verified_share, is_late,
    has_veto, submitted_at.
    """
    frame = ask_units(store, cycle=cycle, region=region, category=category, units=codes, basis=basis)
    return frame.drop(columns="basis")


def unit_marks(store: Store, *, cycle: int, region: str | None = None) -> pd.DataFrame:
    """What of the rows of `units` is enough to count them, at a tenth of their cost: code, region, state (not_submitted also of
    those that were refused), score, self_inflation, is_changed (as in `graded`), has_workbook, has_terms (indicators that count).
    By region and code."""
    return ask(store, "unit_marks", cycle=cycle, region=region or PROVINCE)


@of_one_moment
def units_page(
    store: Store,
    *,
    cycle: int,
    region: str | None = None,
    category: str | None = None,
    basis: str = COMPOSITE,
    text: str | None = None,
    order: str = "rank",
    most: int,
    page: int = 1,
) -> tuple[pd.DataFrame, int]:
    """The rows of `units` of one page of so many, and how many units there are on all pages.

    `text` is part of a name or a code; `order` is "rank" (by category and rank), "highest" or "lowest" (score, unscored
    units last).
    """
    listed = _listed(
        store,
        cycle=cycle,
        region=region,
        category=category,
        basis=basis,
        text=text,
        order=order,
        most=most,
        page=page,
    )
    codes = list(listed["code"])
    rows = ask_units(store, cycle=cycle, units=codes, basis=basis)
    return _in_order(rows.drop(columns="basis"), codes), _found(listed)


@of_one_moment
def unit_names(
    store: Store,
    *,
    cycle: int,
    region: str | None = None,
    category: str | None = None,
    text: str | None = None,
    codes: Sequence[str] | None = None,
    most: int,
) -> tuple[pd.DataFrame, int]:
    """code and name of the first so many units, by category and rank, and how many there are; `text` as in `units_page`.

    With `codes`, of those that are on the register.
    """
    if codes is not None:
        rows = ask(store, "unit_names", cycle=cycle, units=list(codes))
        return rows, len(rows)
    listed = _listed(
        store,
        cycle=cycle,
        region=region,
        category=category,
        basis=COMPOSITE,
        text=text,
        order="rank",
        most=most,
    )
    names = ask(store, "unit_names", cycle=cycle, units=list(listed["code"]))
    return _in_order(names, list(listed["code"])), _found(listed)


def _listed(store: Store, *, cycle: int, most: int, page: int = 1, **asked) -> pd.DataFrame:
    categories = [category.id for category in store.scheme(cycle).categories]
    skipped = (page - 1) * most
    return ask(store, "unit_list", cycle=cycle, categories=categories, most=most, skipped=skipped, **asked)


def _in_order(rows: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    return rows.set_index("code").loc[codes].reset_index()


def _found(listed: pd.DataFrame) -> int:
    return int(listed["found"].iloc[0]) if len(listed) else 0


def unit_categories(
    store: Store, *, cycle: int, region: str | None = None, basis: str = COMPOSITE
) -> pd.DataFrame:
    """One row per category with units in a region: category, category_name, units, submitted, scored, low and high
    (scores)."""
    return categories_of_region(store, cycle=cycle, region=region or PROVINCE, basis=basis)


def submission_days(store: Store, *, cycle: int, region: str | None = None) -> pd.DataFrame:
    """One row per day on which counting workbooks of a region's units came in: day, units, on_time (by the deadline)."""
    return ask(
        store,
        "submission_days",
        cycle=cycle,
        region=region or PROVINCE,
        deadline=store.cycle(cycle).deadline,
    )


def unit_summary(store: Store, *, cycle: int, unit: str, basis: str = COMPOSITE) -> dict:
    """The row of `units` of one unit as a dict, missing values None; empty where it is not on the register.

    Besides: base, deductions, veto, bonus, clipped (100 − score_exact = (100 − base) + deductions + veto − bonus −
    clipped), systems (list of id, name, weight, score), submission, filename, sha256, scheme_id, version.
    """
    row = summaries_of_unit(store, cycle=cycle, unit=unit).get(basis)
    return row | {"systems": [dict(system) for system in row["systems"]]} if row else {}


def unit_terms(store: Store, *, cycle: int, unit: str, basis: str = COMPOSITE) -> pd.DataFrame:
    """One row per indicator of the unit's set, in the scheme's order; empty where nothing was handed in.

    Columns: indicator, title, question, article, place, dimension, dimension_name, type, points, state and state_name
    (已填报, 未填, 不适用, 不适用待核), answer (as typed), attainment (the value that counts), self_attainment, stage,
    stage_name, effective_weight ω, gap (points lost), evidence, na_reason, review_reason, filename, sha256, sheet, cell.
    base = 100 · Σ effective_weight · attainment.
    """
    answers = answers_of_unit(store, cycle=cycle, unit=unit)
    return with_terms(answers, scheme=store.scheme(cycle), basis=basis).drop(columns="code")


def unit_dimension_gaps(store: Store, *, cycle: int, unit: str, basis: str = COMPOSITE) -> pd.DataFrame:
    """One row per dimension of the unit: label, gap (points lost), the costliest first."""
    terms = unit_terms(store, cycle=cycle, unit=unit, basis=basis)
    sums = terms.groupby("dimension_name", sort=False, as_index=False)["gap"].sum()
    return sums.rename(columns={"dimension_name": "label"}).sort_values("gap", ascending=False)


def unit_findings(store: Store, *, cycle: int, unit: str) -> pd.DataFrame:
    """One row per confirmed finding of the unit: key, finding, kind, kind_name, name, place, points (the scheme's), applied
    (with overdue and aggravation factors), document, on_date, is_overdue, is_aggravated, note, state and state_name (how far
    it is), deadline, indicator, ordered, addressee, step_on and step_document (of the last step)."""
    frame = asked_if_any(
        store,
        "unit_findings",
        tables=["finding_event"],
        cycle=cycle,
        unit=unit,
        asked=lambda code: {"unit": code},
    )
    scheme = store.scheme(cycle)
    machines = [machine_of(scheme, finding) for finding in frame["finding"]]
    states = [
        state_of_row(row.state, machine, is_confirmed=True, is_overdue=row.is_overdue)
        for row, machine in zip(frame.itertuples(index=False), machines, strict=True)
    ]
    names = [machine.state_names[state] for machine, state in zip(machines, states, strict=True)]
    return frame.assign(
        state=pd.Series(states, index=frame.index, dtype=object),
        state_name=pd.Series(names, index=frame.index, dtype=object),
    )


@of_one_moment
def unit_dimensions(store: Store, *, cycle: int, unit: str, basis: str = COMPOSITE) -> pd.DataFrame:
    """One row per dimension of the unit: dimension, dimension_name, attainment, category_mean (over the province)."""
    summary, scheme = unit_summary(store, cycle=cycle, unit=unit, basis=basis), store.scheme(cycle)
    return by_dimension(
        terms_of_values(answers_of_unit(store, cycle=cycle, unit=unit), scheme=scheme, basis=basis),
        scheme=scheme,
        categories={unit: summary["category"]} if summary else {},
        means=dimension_means(store, cycle=cycle, basis=basis),
    ).drop(columns="code")
