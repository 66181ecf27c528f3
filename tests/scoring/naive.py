"""A second implementation of SCORING.md's formulas, loop by loop, without SQL; only the tests know it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from scoring.rounding import round_half_up
from scoring.scheme import COMPOSITE

STAGES = ("province", "prefecture", "county")


@dataclass
class Register:
    """Everything that a cycle's results follow from."""

    scheme: object
    cycle: int
    units: dict
    answers: dict = field(default_factory=dict)  # unit → indicator → Answer, of the units that handed in
    reviews: list = field(default_factory=list)
    findings: list = field(default_factory=list)
    grades: list = field(
        default_factory=list
    )  # (subject, code, grade or None), as the province set them one by one


def attainment(indicator, value, year):
    """x of an answer or review, None for 不适用."""
    if value.state == "na":
        return None
    if value.choice is not None:
        return indicator.choices[value.choice]
    if indicator.type == "count":
        return min(value.number / indicator.target, 1)
    if indicator.type == "ratio":
        share = value.number if value.number is not None else value.numerator / value.denominator
        return min(share, 1)
    first, last = indicator.window.dates(year)
    return 1.0 if first <= value.on_date <= last else 0.0


def counted_values(register, unit):
    """indicator id → (x that counts, unit's own x, stage or None); None leaves the set."""
    values = {}
    for indicator in register.scheme.indicators_for(category=unit.category, tags=unit.tags):
        claim = register.answers[unit.code].get(indicator.id)
        own = 0.0 if claim is None else attainment(indicator, claim, register.cycle)
        counts = own
        if claim is not None and claim.state == "na" and indicator.na != "free":
            counts = 0.0
        if claim is not None and claim.state == "na" and indicator.na == "never":
            own = 0.0
        stage = None
        for candidate in STAGES:
            rulings = [
                r
                for r in register.reviews
                if (r.unit, r.indicator, r.stage) == (unit.code, indicator.id, candidate)
            ]
            if rulings:
                stage = candidate
                counts = attainment(indicator, rulings[-1], register.cycle)
                break
        values[indicator.id] = (counts, own, stage)
    return values


def basis_weights(scheme, basis):
    return {
        s.id: s.weight if basis == COMPOSITE else 1.0 for s in scheme.systems if basis in (COMPOSITE, s.id)
    }


def base_score(scheme, values, basis):
    """B and the effective weights ω over x values (None left out), or (None, {})."""
    systems = {}
    for system, weight in basis_weights(scheme, basis).items():
        points = {
            i: scheme.by_id[i].points * scheme.by_id[i].shares.get(system, 0.0)
            for i, x in values.items()
            if x is not None
        }
        if sum(points.values()) > 0:
            systems[system] = (weight, points)
    total = sum(weight for weight, _ in systems.values())
    omega = defaultdict(float)
    score = 0.0
    for weight, points in systems.values():
        whole = sum(points.values())
        for i, p in points.items():
            if p > 0:
                omega[i] += weight / total * p / whole
        score += weight / total * 100 * sum(p * values[i] for i, p in points.items()) / whole
    return (score, dict(omega)) if systems else (None, {})


def adjustments(register, unit):
    """Deductions, bonuses under the cap, and whether a veto stands."""
    rules = register.scheme.rules
    kinds = {f.id: f for f in register.scheme.findings}
    newest = {event.key: event for event in register.findings}
    deductions = bonus = 0.0
    veto = False
    for event in newest.values():
        if event.unit != unit.code or not event.is_confirmed:
            continue
        kind = kinds[event.finding]
        if kind.kind == "deduction":
            points = kind.points
            if event.is_overdue:
                points *= rules.overdue_factor
            if event.is_aggravated:
                points *= register.scheme.aggravation.factor
            deductions += points
        elif kind.kind == "bonus":
            bonus += kind.points
        else:
            veto = True
    return deductions, min(bonus, rules.bonus_cap), veto


def unit_scores(register, basis):
    """unit code → dict of the unit's parts, for the units that handed in and have a duty left."""
    scheme, rules = register.scheme, register.scheme.rules
    result = {}
    for code in register.answers:
        unit = register.units[code]
        values = counted_values(register, unit)
        base, omega = base_score(scheme, {i: v[0] for i, v in values.items()}, basis)
        if base is None:
            continue
        deductions, bonus, veto = adjustments(register, unit)
        raw = base - deductions + bonus
        clip = min(max(raw, 0), 100)
        final = min(clip, rules.veto_cap) if veto else clip
        applicable = sum(scheme.by_id[i].points for i in values)
        gone = sum(scheme.by_id[i].points for i, v in values.items() if v[0] is None)
        result[code] = {
            "base": base,
            "self_base": base_score(scheme, {i: v[1] for i, v in values.items()}, basis)[0],
            "omega": omega,
            "gaps": {i: 100 * w * (1 - values[i][0]) for i, w in omega.items()},
            "deductions": deductions,
            "bonus": bonus,
            "clipped": clip - raw,
            "veto": clip - final,
            "has_veto": veto,
            "score": final,
            "published": round_half_up(final, rules.decimals),
            "na_share": gone / applicable,
            "is_comparable": 1 - gone / applicable >= rules.na_floor,
        }
    return result


def competition_ranks(scores):
    """key → rank: 1, 2, 2, 4."""
    return {key: 1 + sum(other > score for other in scores.values()) for key, score in scores.items()}


def region_results(register, basis, ancestors):
    """region code → score, gaps and other causes; `ancestors` maps a unit's region to itself and those above."""
    scheme = register.scheme
    scores = unit_scores(register, basis)
    members = defaultdict(list)
    for unit in register.units.values():
        for region in ancestors[unit.region]:
            members[region].append(unit)
    weight = {c.id: c.weight for c in scheme.categories}
    result = {}
    for region, units in members.items():
        counted = [u for u in units if u.code in scores]
        missing = [u for u in units if u.code not in register.answers]
        if scheme.rules.missing == "exclude":
            missing = []
        total = sum(weight[u.category] for u in counted + missing)
        if not counted:
            continue

        def mean(part, counted=counted, total=total):
            return sum(weight[u.category] * scores[u.code][part] for u in counted) / total

        gaps = defaultdict(float)
        for u in counted:
            for i, gap in scores[u.code]["gaps"].items():
                gaps[i] += weight[u.category] * gap / total
        result[region] = {
            "score": mean("score"),
            "published": round_half_up(mean("score"), scheme.rules.decimals),
            "gaps": dict(gaps),
            "missing": 100 * sum(weight[u.category] for u in missing) / total,
            **{part: mean(part) for part in ("deductions", "bonus", "clipped", "veto")},
        }
    return result


def grade_by_score(scheme, published):
    """The first grade, from the best down, whose threshold the published score reaches."""
    for grade in scheme.grades:
        if published >= grade.min_score:
            return grade.id
    raise AssertionError("the lowest grade begins at 0")


def manual_grade(register, subject, code):
    """What the province last set for a unit or a region, or None."""
    found = None
    for kind, who, grade in register.grades:
        if (kind, who) == (subject, code):
            found = grade
    return found


def cut_of(scores, ceiling, peers):
    """Who keeps the best grade and who of them stands at the cut: keys go in one by one from the top, ties together."""
    places = int(Fraction(str(ceiling)) * peers)
    kept, at_cut = set(), set()
    for score in sorted(set(scores.values()), reverse=True):
        equal = {key for key in scores if scores[key] == score}
        if len(kept) >= places:
            break
        kept |= equal
        if len(kept) > places:
            at_cut = equal
    return kept, at_cut


def unit_grades(register, basis):
    """unit code → (grade, grade by the score, what decided, whether it is tied at the cut)."""
    scheme = register.scheme
    scores = unit_scores(register, basis)
    by_score = {code: grade_by_score(scheme, part["published"]) for code, part in scores.items()}
    best, ceiling = scheme.grades[0].id, scheme.grades[0].ceilings.get("unit")
    beyond, tied = set(), set()
    for category in scheme.categories:
        peers = [
            code
            for code, part in scores.items()
            if register.units[code].category == category.id and part["is_comparable"]
        ]
        if ceiling is None or len(peers) < scheme.rules.min_group:
            continue
        claims = {
            code: scores[code]["published"]
            for code in peers
            if by_score[code] == best and not scores[code]["has_veto"]
        }
        kept, at_cut = cut_of(claims, ceiling, len(peers))
        beyond |= set(claims) - kept
        tied |= at_cut
    result = {}
    for code, part in scores.items():
        manual = manual_grade(register, "unit", code) if basis == COMPOSITE else None
        if part["has_veto"]:
            final = (scheme.grades[-1].id, "veto")
        elif manual:
            final = (manual, "manual")
        elif code in beyond:
            final = (scheme.grades[1].id, "ceiling")
        else:
            final = (by_score[code], "score")
        result[code] = (final[0], by_score[code], final[1], code in tied)
    return result


def region_grades(register, basis, ancestors, level_of):
    """region code → the same four as `unit_grades`; `level_of` maps it to province, prefecture, or county (its zones too)."""
    scheme = register.scheme
    scores = {code: part["published"] for code, part in region_results(register, basis, ancestors).items()}
    by_score = {code: grade_by_score(scheme, score) for code, score in scores.items()}
    best = scheme.grades[0]
    beyond, tied = set(), set()
    for level, ceiling in best.ceilings.items():
        if level == "unit":
            continue
        peers = [code for code in scores if level_of[code] == level]
        claims = {code: scores[code] for code in peers if by_score[code] == best.id}
        kept, at_cut = cut_of(claims, ceiling, len(peers))
        beyond |= set(claims) - kept
        tied |= at_cut
    result = {}
    for code in scores:
        manual = manual_grade(register, "region", code) if basis == COMPOSITE else None
        if manual:
            final = (manual, "manual")
        elif code in beyond:
            final = (scheme.grades[1].id, "ceiling")
        else:
            final = (by_score[code], "score")
        result[code] = (final[0], by_score[code], final[1], code in tied)
    return result
