"""Every number of a score, unrounded: the terms of a unit's, and the lost points of a region's, which add up."""

from __future__ import annotations

import pandas as pd

from data.queries import (
    finding_steps,
    region_gaps,
    region_scores,
    unit_findings,
    unit_summary,
    unit_terms,
    units,
)
from data.queries.regions import region_summary
from data.store import Store, StoreError
from scoring.scheme import COMPOSITE


def explain_unit(store: Store, *, cycle: int, unit: str, basis: str = COMPOSITE) -> dict:
    """How a unit's score F is made: base B = 100 · Σ ω·x over `terms`, then deductions, bonuses and vetoes.

    Keys: unit, cycle, scheme, score (F, unrounded; None where nothing was handed in), grade, grade_by_score,
    grade_reason (score, ceiling, manual or veto: what decided the grade), base, systems (id, weight,
    score), terms (indicator, article, points, shares, value, stage, attainment, effective_weight, gap, state),
    deductions, bonuses, vetoes (finding, place, points, applied, document, on_date, state, deadline, steps, …), bonus (after the cap), clipped,
    veto (points taken by the cap). Raises StoreError for a unit that is not on the register.
    """
    summary = unit_summary(store, cycle=cycle, unit=unit, basis=basis)
    if not summary:
        raise StoreError(f"{cycle} 年度名册中没有单位 {unit}：请核对单位代码，或先导入单位名册")
    scheme = store.scheme(cycle)
    terms = [
        {
            "indicator": row["indicator"],
            "article": row["place"],
            "points": row["points"],
            "shares": scheme.by_id[row["indicator"]].shares,
            "value": row["answer"],
            "state": row["state"],
            "stage": row["stage"],
            "attainment": _none_if_missing(row["attainment"]),
            "effective_weight": row["effective_weight"],
            "gap": row["gap"],
            "file": row["sha256"],
            "sheet": _none_if_missing(row["sheet"]),
            "cell": _none_if_missing(row["cell"]),
        }
        for row in unit_terms(store, cycle=cycle, unit=unit, basis=basis).to_dict("records")
    ]
    steps = finding_steps(store, cycle=cycle, unit=unit)
    findings = [
        {
            "finding": row["finding"],
            "name": row["name"],
            "article": row["place"],
            "points": row["points"],
            "applied": row["applied"],
            "document": row["document"],
            "on_date": f"{row['on_date']:%Y-%m-%d}",
            "is_overdue": bool(row["is_overdue"]),
            "is_aggravated": bool(row["is_aggravated"]),
            "kind": row["kind"],
            "key": row["key"],
            "state": row["state"],
            "deadline": None if pd.isna(row["deadline"]) else f"{row['deadline']:%Y-%m-%d}",
            "steps": [
                {"move": step.move, "on_date": f"{step.step_on:%Y-%m-%d}", "document": step.step_document}
                for step in steps[steps["key"] == row["key"]].itertuples(index=False)
            ],
        }
        for row in unit_findings(store, cycle=cycle, unit=unit).to_dict("records")
    ]
    return {
        "unit": unit,
        "name": summary["name"],
        "cycle": cycle,
        "scheme": f"{scheme.id} {scheme.version}",
        "weights_note": scheme.weights_note,
        "state": summary["state"],
        "score": summary["score_exact"],
        "grade": summary["grade_name"],
        "grade_by_score": summary["by_score_name"],
        "grade_reason": summary["grade_reason"],
        "base": summary["base"],
        "systems": [{key: system[key] for key in ("id", "weight", "score")} for system in summary["systems"]],
        "terms": terms,
        "deductions": [f for f in findings if f["kind"] == "deduction"],
        "bonuses": [f for f in findings if f["kind"] == "bonus"],
        "vetoes": [f for f in findings if f["kind"] == "veto"],
        "bonus": summary["bonus"],
        "clipped": summary["clipped"],
        "veto": summary["veto"],
    }


def explain_region(store: Store, *, cycle: int, region: str, basis: str = COMPOSITE) -> dict:
    """What separates a region from 100: 100 − score = Σ gap + missing + deductions + veto − bonus − clipped.

    Keys: region, name, cycle, scheme, score (unrounded; None where nothing came in), rank, grade, grade_by_score,
    grade_reason, gaps (indicator, article,
    gap), missing, deductions, veto, bonus, clipped. Raises StoreError for a region code that does not exist.
    """
    summary = region_summary(store, cycle=cycle, region=region, basis=basis)
    if not summary:
        raise StoreError(f"没有代码为 {region} 的地区：请使用 GB/T 2260 六位代码，如 230100")
    scheme = store.scheme(cycle)
    gaps = region_gaps(store, cycle=cycle, region=region, basis=basis)
    return {
        "region": region,
        "name": summary["name"],
        "cycle": cycle,
        "scheme": f"{scheme.id} {scheme.version}",
        "weights_note": scheme.weights_note,
        "score": summary["score_exact"],
        "rank": summary["rank"],
        "grade": summary["grade_name"],
        "grade_by_score": summary["by_score_name"],
        "grade_reason": summary["grade_reason"],
        "gaps": [
            {"indicator": row["key"], "article": row["place"], "gap": row["gap"]}
            for row in gaps.to_dict("records")
        ],
        **{part: summary[part] or 0.0 for part in ("missing", "deductions", "veto", "bonus", "clipped")},
    }


def published_scores(store: Store, *, cycle: int, level: str) -> list[dict]:
    """Published scores in rank order: code, name, score, rank, grade, submitted, registered; unit rows also category.

    `level`: prefecture, county or unit. A unit's rank counts within its category, `submitted` is 0 or 1.
    """
    if level == "unit":
        frame = units(store, cycle=cycle)
        frame = frame.assign(submitted=frame["submitted_at"].notna().astype(int), registered=1)
        columns = ["code", "name", "score", "rank", "grade_name", "submitted", "registered", "category"]
    else:
        frame = region_scores(store, cycle=cycle, level=level)
        columns = ["code", "name", "score", "rank", "grade_name", "submitted", "registered"]
    rows = frame[columns].rename(columns={"grade_name": "grade"}).to_dict("records")
    return [{key: _none_if_missing(value) for key, value in row.items()} for row in rows]


def _none_if_missing(value):
    """JSON has null, not NaN."""
    return None if pd.isna(value) else value
