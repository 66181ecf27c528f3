"""The worked example of the scoring rules, reproduced to the last digit that it gives."""

from datetime import date, datetime
from pathlib import Path

import pytest

from data.course.recording import record_findings, record_reviews
from data.explanations import explain_region, explain_unit
from data.model import Answer, FindingEvent, Review, Unit
from data.queries import units
from tests.scoring.registers import hand_in

SCHEME = Path(__file__).parent.parent / "schemes" / "worked-example.toml"
CYCLE = 2026


@pytest.fixture(scope="module")
def explained(store):
    store.open_cycle(
        cycle=CYCLE, scheme_path=SCHEME, opens_on=date(2026, 1, 1), deadline=datetime(2026, 10, 31, 23, 59)
    )
    store.register_units(cycle=CYCLE, units=[Unit("u", "示例单位", "230102", "organ")])
    hand_in(
        store,
        CYCLE,
        "u",
        [
            Answer("T19-01", "answered", "是", "自评表", "E7", choice="是"),
            Answer("T19-02", "answered", "5/10", "自评表", "F8", numerator=5, denominator=10),
            Answer("T19-03", "answered", "否", "自评表", "E9", choice="否"),
        ],
    )
    found = [
        FindingEvent(f"k{i}", "u", kind, date(2026, 5, 1), "示例文号")
        for i, kind in enumerate(["F40-1", "B38-1"])
    ]
    record_findings(store, cycle=CYCLE, findings=found)
    return explain_unit(store, cycle=CYCLE, unit="u")


def test_system_scores(explained):
    scores = {system["id"]: system["score"] for system in explained["systems"]}
    assert scores["national_security"] == pytest.approx(100 * (7 * 1 + 10 * 0.5) / (7 + 10), abs=1e-12)
    assert scores["peaceful_province"] == pytest.approx(
        100 * (3 * 1 + 10 * 0.5 + 10 * 0) / (3 + 10 + 10), abs=1e-12
    )


def test_base_and_final_score(explained):
    assert explained["base"] == pytest.approx(56.265984654731454, abs=1e-12)
    assert explained["score"] == pytest.approx(explained["base"] - 3 + 2, abs=1e-12)
    assert explained["bonus"] == 2


def test_effective_weights(explained):
    weights = {term["indicator"]: term["effective_weight"] for term in explained["terms"]}
    expected = {
        "T19-01": 0.6 * 7 / 17 + 0.4 * 3 / 23,
        "T19-02": 0.6 * 10 / 17 + 0.4 * 10 / 23,
        "T19-03": 0.4 * 10 / 23,
    }
    assert weights == pytest.approx(expected, abs=1e-12)
    assert weights == pytest.approx({"T19-01": 0.299233, "T19-02": 0.526854, "T19-03": 0.173913}, abs=5e-7)


def test_every_term_says_where_it_stands(explained):
    assert [(term["sheet"], term["cell"]) for term in explained["terms"]] == [
        ("自评表", "E7"),
        ("自评表", "F8"),
        ("自评表", "E9"),
    ]


@pytest.mark.parametrize("region", ["230102", "230100", "230000"])
def test_lost_points_of_its_regions_add_up(store, explained, region):
    told = explain_region(store, cycle=CYCLE, region=region)
    lost = sum(gap["gap"] for gap in told["gaps"]) + told["missing"] + told["deductions"] + told["veto"]
    assert 100 - told["score"] == pytest.approx(lost - told["bonus"] - told["clipped"], abs=1e-9)
    assert told["score"] == pytest.approx(explained["score"], abs=1e-12)


def test_a_ruling_counts_where_the_answer_is_none_of_the_schemes(store, explained):
    """As after a new version that names the answers otherwise: the unit's own value is 0, the ruled one counts."""
    cycle = CYCLE + 1
    store.open_cycle(
        cycle=cycle, scheme_path=SCHEME, opens_on=date(2027, 1, 1), deadline=datetime(2027, 10, 31, 23, 59)
    )
    store.register_units(cycle=cycle, units=[Unit("u", "示例单位", "230102", "organ")])
    former = Answer("T19-01", "answered", "已办", "自评表", "E7", choice="已办")
    hand_in(
        store,
        cycle,
        "u",
        [
            former,
            Answer("T19-02", "answered", "5/10", "自评表", "F8", numerator=5, denominator=10),
            Answer("T19-03", "answered", "否", "自评表", "E9", choice="否"),
        ],
    )
    record_reviews(
        store, cycle=cycle, reviews=[Review("u", "T19-01", "county", "answered", "查看台账", choice="是")]
    )
    told = explain_unit(store, cycle=cycle, unit="u")
    assert told["base"] == pytest.approx(explained["base"], abs=1e-12)
    (inflation,) = units(store, cycle=cycle)["self_inflation"]
    assert inflation == pytest.approx(-100 * (0.6 * 7 / 17 + 0.4 * 3 / 23), abs=1e-12)
    lost = {
        gap["indicator"]: gap["gap"] for gap in explain_region(store, cycle=cycle, region="230102")["gaps"]
    }
    assert lost.get("T19-01", 0) == 0
