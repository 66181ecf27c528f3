"""A scheme as rows of the database's scheme tables, so that weights are data to the SQL as well."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from scoring.scheme import COMPOSITE, Scheme


def scheme_rows(scheme: Scheme, digest: str, source: str) -> dict[str, list[dict]]:
    """A scheme as rows of the scheme tables, without their key."""

    def numbered(entries, key: str, *fields: str) -> list[dict]:
        return [
            {key: entry.id, "position": position, **{field: getattr(entry, field) for field in fields}}
            for position, entry in enumerate(entries)
        ]

    rules = scheme.rules
    bases = [{"basis": COMPOSITE, "system": s.id, "weight": s.weight} for s in scheme.systems]
    bases += [{"basis": s.id, "system": s.id, "weight": 1.0} for s in scheme.systems]
    return {
        "scheme": [{"digest": digest, "title": scheme.title, "source": source, "loaded_at": datetime.now()}],
        "scheme_rule": [{**rules.model_dump(), "aggravation_factor": scheme.aggravation.factor}],
        "scheme_system": numbered(scheme.systems, "system", "name", "weight"),
        "scheme_basis": bases,
        "scheme_dimension": numbered(scheme.dimensions, "dimension", "name"),
        "scheme_category": numbered(scheme.categories, "category", "name", "weight"),
        "scheme_tag": numbered(scheme.tags, "tag", "name"),
        "scheme_grade": [
            {
                **row,
                **{
                    f"ceiling_{level}": grade.ceilings.get(level)
                    for level in ("unit", "county", "prefecture")
                },
            }
            for grade, row in zip(
                scheme.grades, numbered(scheme.grades, "grade", "name", "min_score"), strict=True
            )
        ],
        "scheme_indicator": [
            {
                "indicator": i.id,
                "position": position,
                "title": i.title,
                "question": i.question,
                "article": i.place.article,
                "place": i.place.label,
                "dimension": i.dimension,
                "type": i.type,
                "target": i.target,
                "points": i.points,
                "na": i.na,
            }
            for position, i in enumerate(scheme.indicators)
        ],
        "scheme_choice": [
            {"indicator": i.id, "choice": choice, "value": value}
            for i in scheme.indicators
            for choice, value in i.choices.items()
        ],
        "scheme_share": [
            {"indicator": i.id, "system": system, "share": share}
            for i in scheme.indicators
            for system, share in i.shares.items()
            if share > 0
        ],
        "scheme_applies": [
            {"indicator": i.id, "kind": kind, "value": value}
            for i in scheme.indicators
            for kind, values in (("category", i.applies.categories), ("tag", i.applies.tags))
            for value in values
        ],
        "scheme_finding": [
            {
                "finding": f.id,
                "kind": f.kind,
                "name": f.name,
                "place": f.place.label,
                "points": f.points,
                "course": f.machine,
            }
            for f in scheme.findings
        ],
        "scheme_unlikely": [
            {
                "rule": rule.id,
                "position": position,
                "side": side,
                "indicator": condition.indicator,
                **asdict(condition.range(scheme.by_id[condition.indicator])),
            }
            for position, rule in enumerate(scheme.unlikely)
            for side, condition in zip(("first", "second"), rule.conditions, strict=True)
        ],
    }
