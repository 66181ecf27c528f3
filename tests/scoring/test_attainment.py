"""What terms earn together lies between nothing and full marks, in SQL as in Python, whatever the last binary digits are."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from data import queries
from data.queries.terms import by_dimension
from data.regions import regions_by_code
from scoring.limits import attainment_of
from scoring.scheme import load_scheme, shipped_schemes

WEIGHTS = (0.3, 0.3, 0.3)  # 1 − (30 + 30 + 30) / (100 · 0.8999999999999999) = −2e-16
LOST, WHOLE = sum(100 * weight for weight in WEIGHTS), sum(WEIGHTS)
OTHERS = (0.1, 0.2, 0.3)  # 1 − (10 + 20 + 30) / (100 · 0.6000000000000001) = 1e-16


def is_a_share(value: float) -> bool:
    return 0 <= value <= 1 and math.copysign(1, value) > 0


def test_terms_that_earned_nothing_have_earned_nothing():
    assert 1 - LOST / (100 * WHOLE) < 0
    assert attainment_of(LOST, WHOLE) == 0 and is_a_share(attainment_of(LOST, WHOLE))
    assert attainment_of(0.0, WHOLE) == 1
    lost, whole = sum(100 * weight for weight in OTHERS), sum(OTHERS)
    assert 1 - lost / (100 * whole) > 0
    assert attainment_of(lost, whole) == attainment_of(LOST, WHOLE)  # else one would have risen
    assert list(attainment_of(np.array([LOST, LOST / 2]), WHOLE)) == [0, pytest.approx(0.5)]


def test_the_macro_says_the_same(demo_store):
    for lost, weight in ((LOST, WHOLE), (LOST / 2, WHOLE), (0.0, WHOLE)):
        [(share,)] = demo_store.rows("select attainment_of($lost, $weight)", lost=lost, weight=weight)
        assert share == attainment_of(lost, weight) and is_a_share(share)
    for lost, weight in ((0.0, 0.0), (None, None)):
        assert demo_store.rows(
            "select attainment_of($lost::double, $weight::double)", lost=lost, weight=weight
        ) == [(None,)]


def test_a_dimension_without_a_point_stands_at_nothing():
    scheme = load_scheme(shipped_schemes()["heilongjiang-2026"])
    dimension = next(
        d.id for d in scheme.dimensions if sum(i.dimension == d.id for i in scheme.indicators) > 2
    )
    asked = [i.id for i in scheme.indicators if i.dimension == dimension][:3]
    terms = pd.DataFrame(
        {"code": "1", "indicator": asked, "omega": WEIGHTS, "gap": [100 * weight for weight in WEIGHTS]}
    )
    found = by_dimension(terms, scheme=scheme, categories={"1": "organ"}, means={})
    assert is_a_share(found["attainment"].iloc[0]) and found["attainment"].iloc[0] == 0


@pytest.mark.parametrize("cycle", [2025, 2026])
def test_every_attainment_that_a_screen_asks_for_is_a_share(demo_store, cycle):
    codes = list(queries.units(demo_store, cycle=cycle)["code"])
    shares = list(queries.units_dimensions(demo_store, cycle=cycle, units=codes)["attainment"])
    for by in ("indicator", "article", "dimension"):
        for region in regions_by_code():
            shares += list(queries.region_gaps(demo_store, cycle=cycle, region=region, by=by)["attainment"])
    known = [share for share in shares if not math.isnan(share)]
    assert len(known) > 1000
    assert all(map(is_a_share, known))
