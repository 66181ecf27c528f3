"""Two composite indices from the literature, built as schemes and scored by the product itself.

- ASEM Sustainable Connectivity Index (European Commission, Joint Research Centre): eight pillars in two sub-indices, all
  equally weighted. Scores as the R package COINr prints them (github.com/bluefoxr/COINr, articles/results, the tables of
  `get_results` and of `get_unit_summary("IND")`): tests/reference/asem-connectivity.csv.
- Human development index 2007 (UNDP, Human Development Report 2009, Table H and Technical note 1): life expectancy, education
  (2/3 literacy, 1/3 enrolment) and the logarithm of GDP per head, a third each: tests/reference/human-development-2009.csv,
  the rows among the first 26 whose inputs are all printed, or stated by a note (literacy 99.0 where none is reported).
"""

from __future__ import annotations

import csv
import math
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from data import queries
from data.model import Answer, Unit
from data.queries.counted import sheets_of
from data.regions import load_regions
from scoring.robustness import draw_factors, redraw
from scoring.scheme import COMPOSITE
from scoring.trial import Weights, score_regions
from tests.scoring.registers import DEADLINE, hand_in, scheme_text

REFERENCE = Path(__file__).parents[1] / "reference"
COUNTIES = [region.code for region in load_regions() if region.level == "county"]
PILLARS = {
    "conn": ("Physical", "ConEcFin", "Political", "Instit", "P2P"),
    "sust": ("Environ", "Social", "SusEcFin"),
}


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scheme(key: str, systems: dict[str, dict[str, float]], *, decimals: int) -> dict:
    """A scheme whose systems count alike and hold the named indicators with their points."""
    names = [(system, name, points) for system, inside in systems.items() for name, points in inside.items()]
    return {
        "id": key,
        "version": "1",
        "title": key,
        "regulation": "heilongjiang",
        "weights_note": "示例权重，须由考核主管部门核定",
        "rules": {
            "decimals": decimals,
            "missing": "exclude",
            "veto_cap": 59.0,
            "bonus_cap": 0.0,
            "overdue_factor": 1.0,
            "na_floor": 0.0,
            "min_group": 1,
        },
        "aggravation": {"place": {"article": 41}, "name": "从重", "factor": 1.0},
        "systems": [{"id": system, "name": system, "weight": 1 / len(systems)} for system in systems],
        "dimensions": [{"id": system, "name": system} for system in systems],
        "categories": [{"id": "country", "name": "国家", "weight": 1.0, "articles": [19]}],
        "tags": [],
        "grades": [{"id": "any", "name": "不分等", "min_score": 0.0}],
        "indicators": [
            {
                "id": f"T19-{number:02d}",
                "title": name,
                "question": name,
                "criterion": name,
                "place": {"article": 19},
                "dimension": system,
                "type": "ratio",
                "input": "percent",
                "points": points,
                "shares": {system: 1.0},
                "applies": {"categories": ["all"]},
                "na": "never",
                "evidence": "据",
                "check": "查",
            }
            for number, (system, name, points) in enumerate(names, start=1)
        ],
    }


def keep(store, folder, cycle: int, fields: dict, values: dict[str, dict[str, float]]) -> dict[str, str]:
    """One country a county, with its normalised values as answers; country → region."""
    path = folder / f"{fields['id']}.toml"
    path.write_text(scheme_text(fields), "utf-8")
    store.open_cycle(cycle=cycle, scheme_path=path, opens_on=date(2026, 1, 1), deadline=DEADLINE)
    places = dict(zip(values, COUNTIES, strict=False))
    store.register_units(
        cycle=cycle, units=[Unit(code, code, region, "country") for code, region in places.items()]
    )
    for code, answers in values.items():
        hand_in(
            store,
            cycle,
            code,
            [
                Answer(i["id"], "answered", "", "自评表", "E7", number=answers[i["title"]])
                for i in fields["indicators"]
            ],
        )
    return places


def kept_scores(store, cycle: int, places: dict[str, str], basis: str = COMPOSITE) -> dict[str, float]:
    found = queries.region_scores(store, cycle=cycle, level="county", basis=basis).set_index("code")["score"]
    return {code: found[region] for code, region in places.items()}


@pytest.fixture(scope="module")
def asem(store, folder):
    """The register of the index, its printed rows, and where each country stands."""
    printed = {row["code"]: row for row in rows("asem-connectivity.csv")}
    fields = scheme(
        "asem", {system: dict.fromkeys(pillars, 1.0) for system, pillars in PILLARS.items()}, decimals=2
    )
    values = {
        code: {pillar: float(row[pillar]) / 100 for pillars in PILLARS.values() for pillar in pillars}
        for code, row in printed.items()
    }
    return printed, keep(store, folder, 3001, fields, values), values


def test_the_connectivity_index_is_reproduced_to_the_printed_digits(store, asem):
    printed, places, _ = asem
    assert kept_scores(store, 3001, places) == {code: float(row["Index"]) for code, row in printed.items()}
    found = queries.region_scores(store, cycle=3001, level="county").set_index("code")["rank"]
    # India is 45th of 51, and the last of the seven that are printed
    order = sorted(printed, key=lambda code: int(printed[code]["Rank"]))
    assert [found[places[code]] for code in order] == [1, 2, 3, 4, 5, 6, 7]


def test_its_sub_indices_are_reproduced_as_far_as_their_printed_pillars_say(store, asem):
    """A mean of pillars rounded to 0.01 lies within 0.005 of the true mean, which is printed rounded itself."""
    printed, places, _ = asem
    for system, column in (("conn", "Conn"), ("sust", "Sust")):
        for code, score in kept_scores(store, 3001, places, system).items():
            assert score == pytest.approx(float(printed[code][column]), abs=0.01 + 1e-9)


def index_of(values: dict[str, float], systems: dict[str, float], points: dict[str, float]) -> float:
    parts = {
        system: sum(100 * values[p] * points[p] for p in pillars) / sum(points[p] for p in pillars)
        for system, pillars in PILLARS.items()
    }
    return sum(systems[s] * parts[s] for s in parts) / sum(systems.values())


def test_its_trial_scores_and_redraw_are_those_of_the_plain_formula(store, asem):
    _, places, values = asem
    sheets, weights = sheets_of(store, cycle=3001), Weights.of(store.scheme(3001))
    titles = {i.id: i.title for i in store.scheme(3001).indicators}
    moved = weights.with_(systems={"conn": 0.8, "sust": 0.2}, points={"T19-03": 4.0})
    scores = dict(zip(sheets.regions, score_regions(sheets, moved).exact, strict=True))
    points = {titles[key]: value for key, value in moved.points.items()}
    for code, region in places.items():
        assert scores[region] == pytest.approx(index_of(values[code], moved.systems, points), abs=1e-9)
    by_system, by_indicator = draw_factors(sheets, draws=40, delta=0.2, seed=3)
    found = redraw(sheets, weights, level="county", draws=40, delta=0.2, seed=3)
    regions = [sheets.regions[at] for at in found.regions]
    for n in range(40):
        systems = dict(zip(sheets.systems, 0.5 * by_system[:, n], strict=True))
        points = {
            titles[key]: factor for key, factor in zip(sheets.indicators, by_indicator[:, n], strict=True)
        }
        for code, region in places.items():
            expected = index_of(values[code], systems, points)
            assert found.draws[regions.index(region), n] == pytest.approx(expected, abs=0.005 + 1e-9)


def test_the_weight_at_which_two_countries_change_places_is_the_root_of_their_difference(store, asem):
    _, places, values = asem
    found = queries.first_changes(store, cycle=3001, level="county")
    row = found[found["kind"] == "system"].iloc[0]
    points = dict.fromkeys(values["CHE"], 1.0)
    of = {region: code for code, region in places.items()}
    above, below = of[row["above"]], of[row["below"]]
    difference = {
        system: index_of(values[above], {"conn": 0.0, "sust": 0.0, system: 1.0}, points)
        - index_of(values[below], {"conn": 0.0, "sust": 0.0, system: 1.0}, points)
        for system in PILLARS
    }
    other = "sust" if row["id"] == "conn" else "conn"
    root = difference[other] / (difference[other] - difference[row["id"]])
    # published scores differ only when the scores have moved apart by up to 0.01
    slack = 0.01 / abs(difference[row["id"]] - difference[other])
    assert abs(row["value"] - root) <= slack + 1e-6
    assert (above, below) in list(pairwise(["CHE", "NLD", "DNK", "NOR", "BEL", "SWE", "IND"]))


def human_development() -> tuple[dict, dict[str, dict[str, str]], dict[str, dict[str, float]]]:
    """The scheme, the printed rows and the normalised values, as Technical note 1 has them."""
    printed = {row["country"]: row for row in rows("human-development-2009.csv")}
    fields = scheme(
        "hdi",
        {
            "life": {"expectancy": 1.0},
            "education": {"literacy": 2.0, "enrolment": 1.0},
            "gdp": {"income": 1.0},
        },
        decimals=1,
    )
    values = {
        country: {
            "expectancy": (float(row["life_expectancy"]) - 25) / (85 - 25),
            "literacy": float(row["literacy"] or 99.0) / 100,
            "enrolment": min(float(row["enrolment"]), 100.0) / 100,
            "income": min(math.log(float(row["gdp"]) / 100) / math.log(40_000 / 100), 1.0),
        }
        for country, row in printed.items()
    }
    return fields, printed, values


def test_the_human_development_index_is_reproduced_as_far_as_its_printed_inputs_say(store, folder):
    """In 1/1000 of the index: inputs rounded to 0.1 leave up to 0.45 open, and what is printed is rounded itself."""
    fields, printed, values = human_development()
    places = keep(store, folder, 3002, fields, values)
    store.refresh(3002)
    open_to_rounding = {"composite": 0.45, "life": 0.84, "education": 0.5, "gdp": 0.01}
    columns = {"composite": "hdi", "life": "life_index", "education": "education_index", "gdp": "gdp_index"}
    for basis, column in columns.items():
        kept = store.rows(
            "select region, score_exact from result_region_score where cycle = 3002 and basis = $basis",
            basis=basis,
        )
        exact = dict(kept)
        for country, region in places.items():
            difference = 10 * exact[region] - 1000 * float(printed[country][column])
            assert abs(difference) <= 0.5 + open_to_rounding[basis] + 1e-9, (country, basis)
    found = kept_scores(store, 3002, places)
    as_printed = [
        country for country, row in printed.items() if found[country] == round(100 * float(row["hdi"]), 1)
    ]
    assert len(printed) == 23
    assert len(as_printed) >= 18


def test_equal_weights_of_three_systems_are_effective_weights_of_a_third(store, folder):
    fields, _, values = human_development()
    fields = {**fields, "id": "hdi-weights"}
    keep(store, folder, 3003, fields, dict(list(values.items())[:3]))
    omega = {
        row["indicator"]: row["effective_weight"]
        for row in queries.unit_terms(store, cycle=3003, unit="Norway").to_dict("records")
    }
    assert [omega[f"T19-0{n}"] for n in (1, 2, 3, 4)] == pytest.approx([1 / 3, 2 / 9, 1 / 9, 1 / 3])
    assert np.isclose(sum(omega.values()), 1)
