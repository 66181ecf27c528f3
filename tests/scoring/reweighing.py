"""Registers under other weights, for the tests of what-ifs and redraws: drawn weights, and schemes that have them."""

from __future__ import annotations

import copy
from dataclasses import replace

from hypothesis import strategies as st

from data.regions import regions_by_code
from scoring.rounding import round_half_up
from scoring.scheme import Scheme
from scoring.trial import Weights
from tests.scoring import naive
from tests.scoring.naive import Register
from tests.scoring.test_against_naive import ANCESTORS

LEVEL_OF = {code: "county" if r.level == "zone" else r.level for code, r in regions_by_code().items()}


@st.composite
def moved_weights(draw, scheme: Scheme) -> Weights:
    """Weights of a scheme, some of them moved by hand; the systems' add up to 1, as a scheme's must."""
    first = draw(st.sampled_from([0.25, 0.5, 0.6, 0.9]))
    points = {i.id: draw(st.sampled_from([i.points, 0.5, 3.0, 20.0])) for i in scheme.indicators}
    categories = {c.id: draw(st.sampled_from([c.weight, 0.5, 3.0])) for c in scheme.categories}
    others = scheme.systems[1:]
    systems = {scheme.systems[0].id: first} | {s.id: (1 - first) / len(others) for s in others}
    return Weights.of(scheme).with_(systems=systems, points=points, categories=categories)


def fields_with(fields: dict, weights: Weights) -> dict:
    """The plain values of a scheme file with these weights, as a version of its own."""
    changed = copy.deepcopy(fields)
    changed["version"] += "-moved"
    for key, given in (
        ("systems", weights.systems),
        ("categories", weights.categories),
    ):
        for entry in changed[key]:
            entry["weight"] = given[entry["id"]]
    for entry in changed["indicators"]:
        entry["points"] = weights.points[entry["id"]]
    return changed


def register_with(register: Register, weights: Weights) -> Register:
    """The same register under a scheme with these weights, which need not add up to anything."""
    scheme = register.scheme.model_copy(
        update={
            "systems": tuple(
                s.model_copy(update={"weight": weights.systems[s.id]}) for s in register.scheme.systems
            ),
            "indicators": tuple(
                i.model_copy(update={"points": weights.points[i.id]}) for i in register.scheme.indicators
            ),
            "categories": tuple(
                c.model_copy(update={"weight": weights.categories[c.id]}) for c in register.scheme.categories
            ),
        }
    )
    scheme.__dict__.pop("by_id", None)
    return replace(register, scheme=scheme)


def published(register: Register, weights: Weights, *, level: str, basis: str) -> dict[str, float]:
    """region of the level → published score under the weights, by loops; those without a score are left out."""
    results = naive.region_results(register_with(register, weights), basis, ANCESTORS)
    decimals = register.scheme.rules.decimals
    return {
        code: round_half_up(result["score"], decimals)
        for code, result in results.items()
        if LEVEL_OF[code] == level
    }
