"""What makes a self-assessment deserve a look, against a second implementation that goes unit by unit in plain loops."""

from __future__ import annotations

import math
import random
import unicodedata
from collections import Counter, defaultdict
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from statistics import mean, median

import pytest
from hypothesis import HealthCheck, given, settings

from data import queries
from data.queries.credible import ALL_CATEGORIES, LEAST_GRADED, SIGNS, unlikely_counts
from scoring.scheme import parse_scheme
from tests.scoring import naive
from tests.scoring.registers import load, registers, scheme_text
from tests.scoring.test_against_naive import ANCESTORS, EXACT, LEVEL_OF

FEW = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
    ],
)
PROVINCE = "230000"
TEXTS = ("示例〔2026〕12号文件", "示例(2026)12号 文件", "会议纪要", "签到表和照片三张", "")
SAMPLING = {
    "random_share": 0.1,
    "top_share": 0.1,
    "jump": 5,
    "inflation": 5,
    "rare": 0.6,
    "unusual": 1,
    "copied": 1,
    "evidence_length": 6,
}
SAYINGS = {
    "yes_no": ("yes", "no"),
    "level": ("zero", "some", "full", "at_least", "at_most"),
    "ratio": ("zero", "some", "full", "at_least", "at_most"),
    "count": ("zero", "some", "at_least", "at_most"),
    "date": ("dated", "not_held"),
}


def condition(indicator, chance) -> dict:
    choices = SAYINGS[indicator.type] + (("na",) if indicator.na != "never" else ())
    says = chance.choice(choices)
    made = {"indicator": indicator.id, "says": says}
    if says in ("at_least", "at_most"):
        if indicator.type == "level":
            made["level"] = chance.choice([level.name for level in indicator.levels])
        else:
            made["value"] = (
                chance.choice([0.25, 0.5, 1.0]) if indicator.type == "ratio" else chance.choice([1, 2])
            )
    return made


def with_signs(fields, register):
    """The drawn register with rules on every pair of indicators that some unit may be asked, thresholds, and evidence."""
    chance = random.Random(register.cycle)
    pairs = [(a, b) for a in register.scheme.indicators for b in register.scheme.indicators if a.id < b.id]
    rules = [
        {
            "id": f"U{n:02d}",
            "name": f"规则{n}",
            "first": condition(a, chance),
            "second": condition(b, chance),
            "why": "看",
        }
        for n, (a, b) in enumerate(pairs * 3)
    ]
    fields = fields | {"sampling": SAMPLING, "unlikely": rules}
    scheme = parse_scheme(scheme_text(fields), name="random")
    answers = {
        unit: {
            i: replace(a, evidence=chance.choice(TEXTS), text=str(a.choice or a.number))
            for i, a in own.items()
        }
        for unit, own in register.answers.items()
    }
    return fields, replace(register, scheme=scheme, answers=answers)


def meets(said: dict, indicator, answer) -> bool:
    """Whether an answer is what a rule's condition says, told in the words of the scheme's header."""
    if answer is None:
        return False
    if answer.state == "na" or said["says"] == "na":
        return answer.state == said["says"]
    if said["says"] in ("yes", "no"):
        return answer.choice == {"yes": "是", "no": "否"}[said["says"]]
    if said["says"] in ("dated", "not_held"):
        return (answer.on_date is None) == (said["says"] == "not_held")
    if indicator.type == "level":
        value, bound = indicator.choices[answer.choice], indicator.choices.get(said.get("level"))
    else:
        share = (
            answer.number
            if answer.number is not None
            else Fraction(int(answer.numerator), int(answer.denominator))
        )
        value, bound = share, said.get("value")
    return {
        "zero": lambda: value == 0,
        "some": lambda: value > 0,
        "full": lambda: value >= 1,
        "at_least": lambda: value >= bound,
        "at_most": lambda: value <= bound,
    }[said["says"]]()


def bare(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if unicodedata.category(c)[0] not in "PZ" and not c.isspace())


@FEW
@given(registers())
def test_answers_unlikely_together_are_found_unit_by_unit(store, folder, drawn):
    fields, register = with_signs(*drawn)
    cycle = load(store, folder, fields, register)
    by_id = register.scheme.by_id
    expected = {
        (code, rule["id"])
        for code, own in register.answers.items()
        for rule in fields["unlikely"]
        if all(
            meets(rule[side], by_id[rule[side]["indicator"]], own.get(rule[side]["indicator"]))
            for side in ("first", "second")
        )
    }
    found = queries.unlikely_answers(store, cycle=cycle)
    assert set(zip(found["code"], found["rule"], strict=True)) == expected
    assert len(found) == len(expected)
    for row in found.itertuples():
        answer = register.answers[row.code][row.second_indicator]
        assert (row.second_answer, row.second_cell) == (answer.text, answer.cell)
    counts = unlikely_counts(queries.unlikely_answers(store, cycle=cycle), store.scheme(cycle)).set_index(
        "rule"
    )["units"]
    assert counts.to_dict() == {
        rule["id"]: sum(rule["id"] == hit for _, hit in expected) for rule in fields["unlikely"]
    }


@FEW
@given(registers())
def test_self_inflation_is_the_mean_over_verified_units(store, folder, drawn):
    fields, register = drawn
    cycle = load(store, folder, fields, register)
    least = register.scheme.rules.min_group
    scores = naive.unit_scores(register, "composite")
    groups, submitted = defaultdict(list), Counter()
    for code, score in scores.items():
        unit = register.units[code]
        values = naive.counted_values(register, unit)
        share = sum(w for i, w in score["omega"].items() if values[i][2])
        for region in ANCESTORS[unit.region]:
            for category in (unit.category, ALL_CATEGORIES):
                submitted[region, category] += 1
                if share > 0 and score["self_base"] is not None:
                    groups[region, category].append((score["self_base"] - score["base"], share))
    for level in ("prefecture", "county"):
        found = queries.inflation_by_region(store, cycle=cycle, level=level)
        keys = list(zip(found["code"], found["category"], strict=True))
        assert set(keys) == {key for key in submitted if LEVEL_OF[key[0]] == level}
        for key, row in zip(keys, found.itertuples(), strict=True):
            own = groups[key]
            assert (row.submitted, row.verified) == (submitted[key], len(own))
            if len(own) < least or not own:
                assert row.inflation != row.inflation
                assert row.verified_share != row.verified_share
            else:
                assert row.inflation == pytest.approx(mean(points for points, _ in own), abs=EXACT)
                assert row.median == pytest.approx(median(points for points, _ in own), abs=EXACT)
                assert row.verified_share == pytest.approx(mean(share for _, share in own), abs=EXACT)


@FEW
@given(registers())
def test_lowered_indicators_are_counted_by_ruling(store, folder, drawn):
    fields, register = drawn
    cycle = load(store, folder, fields, register)
    rulings = defaultdict(list)
    for code, score in naive.unit_scores(register, "composite").items():
        for i, (x, own, stage) in naive.counted_values(register, register.units[code]).items():
            if stage and x is not None and own is not None and i in score["omega"]:
                rulings[i].append((own - x, 100 * score["omega"][i] * (own - x)))
    found = queries.overstated(store, cycle=cycle).set_index("indicator")
    assert set(found.index) == set(rulings)
    for i, row in found.iterrows():
        lowered = [pair for pair in rulings[i] if pair[0] > 0]
        assert row["rulings"] == len(rulings[i])
        assert row["lowered"] == len(lowered)
        assert row["raised"] == sum(change < 0 for change, _ in rulings[i])
        if len(rulings[i]) < register.scheme.rules.min_group:
            assert row["lowered_share"] != row["lowered_share"]
        elif lowered:
            assert row["lowering"] == pytest.approx(mean(change for change, _ in lowered), abs=EXACT)
            assert row["points"] == pytest.approx(mean(points for _, points in lowered), abs=EXACT)


@FEW
@given(registers())
def test_shared_evidence_is_counted_over_units_and_regions(store, folder, drawn):
    fields, register = with_signs(*drawn)
    cycle = load(store, folder, fields, register)
    having = defaultdict(set)
    for code, own in register.answers.items():
        for i, answer in own.items():
            if len(bare(answer.evidence)) >= SAMPLING["evidence_length"]:
                having[i, bare(answer.evidence)].add(code)
    expected = {
        key: (len(codes), len({register.units[code].region for code in codes}))
        for key, codes in having.items()
        if len(codes) > 1
    }
    found = queries.copied_groups(store, cycle=cycle)
    assert {(row.indicator, row.text): (row.units, row.regions) for row in found.itertuples()} == expected
    assert (found["own"] == found["units"]).all()
    for row in found.head(1).itertuples():
        members = queries.copied_members(store, cycle=cycle, indicator=row.indicator, text=row.text)
        assert set(members["code"]) == having[row.indicator, row.text]


def written(answer):
    if answer is None:
        return ""
    if answer.state == "na":
        return "na"
    return answer.choice or answer.on_date or (answer.number, answer.numerator, answer.denominator)


@FEW
@given(registers())
def test_runs_and_same_sheets_are_found_unit_by_unit(store, folder, drawn):
    fields, register = with_signs(*drawn)
    cycle = load(store, folder, fields, register)
    units, scheme = register.units, register.scheme
    sheets, graded = {}, {}
    for code, own in register.answers.items():
        asked = scheme.indicators_for(category=units[code].category, tags=units[code].tags)
        sheets[code] = tuple((i.id, written(own.get(i.id))) for i in asked)
        graded[code] = [
            i.choices[own[i.id].choice]
            for i in asked
            if i.type in ("yes_no", "level") and own[i.id].state == "answered"
        ]
    found = queries.answer_patterns(store, cycle=cycle).set_index("code")
    assert set(found.index) == set(register.answers)
    for code, row in found.iterrows():
        peers = [other for other in sheets if units[other].category == units[code].category]
        alike = [o for o in peers if o != code and [i for i, _ in sheets[o]] == [i for i, _ in sheets[code]]]
        uniform = sum(len(set(graded[o])) == 1 for o in peers)
        assert row["graded"] == len(graded[code])
        assert row["best"] == sum(x == 1 for x in graded[code])
        assert row["longest_run"] == max((len(list(run)) for _, run in groupby(graded[code])), default=0)
        assert row["is_uniform"] == (len(set(graded[code])) == 1)
        assert (row["peers"], row["uniform"]) == (len(peers), uniform)
        assert row["twins"] == sum(sheets[o] == sheets[code] for o in peers) - 1
        assert row["alike"] == len(alike)
        chance = math.prod(
            sum((i, said) in sheets[o] for o in peers) / sum(i in dict(sheets[o]) for o in peers)
            for i, said in sheets[code]
        )
        assert row["expected"] == pytest.approx(len(alike) * chance, abs=EXACT)
        is_rare = uniform / len(peers) < SAMPLING["rare"] and len(peers) >= scheme.rules.min_group
        assert row["is_uniform_rare"] == (row["is_uniform"] and is_rare and len(graded[code]) >= LEAST_GRADED)
        assert row["is_identical"] == (row["twins"] > 0 and row["expected"] < SAMPLING["rare"])


@FEW
@given(registers())
def test_the_list_has_every_unit_of_which_a_sign_speaks(store, folder, drawn):
    fields, register = with_signs(*drawn)
    cycle = load(store, folder, fields, register)
    signs = queries.credibility_signs(store, cycle=cycle).set_index("code")
    assert (signs["signs"] == (signs[list(SIGNS)] != "").sum(axis=1)).all()
    assert (signs["signs"] > 0).all()
    assert signs["signs"].is_monotonic_decreasing

    def speaking(sign):
        return set(signs.index[signs[sign] != ""])

    assert speaking("unlikely") == set(queries.unlikely_answers(store, cycle=cycle)["code"])
    patterns = queries.answer_patterns(store, cycle=cycle)
    assert speaking("uniform") == set(patterns.loc[patterns["is_uniform_rare"], "code"])
    assert speaking("identical") == set(patterns.loc[patterns["is_identical"], "code"])
    having = Counter((i, bare(a.evidence)) for own in register.answers.values() for i, a in own.items())
    assert speaking("copied") == {
        code
        for code, own in register.answers.items()
        if any(
            len(bare(a.evidence)) >= SAMPLING["evidence_length"] and having[i, bare(a.evidence)] > 1
            for i, a in own.items()
        )
    }
    scores, inflated = naive.unit_scores(register, "composite"), set()
    for code, score in scores.items():
        values = naive.counted_values(register, register.units[code])
        is_verified = any(values[i][2] for i, w in score["omega"].items() if w > 0)
        if is_verified and score["self_base"] is not None:
            points = naive.round_half_up(score["self_base"] - score["base"], register.scheme.rules.decimals)
            if points >= SAMPLING["inflation"]:
                inflated.add(code)
    assert speaking("inflation") == inflated


@settings(FEW, max_examples=1)
@given(registers())
def test_a_scheme_without_thresholds_or_rules_shows_no_sign(store, folder, drawn):
    fields, register = drawn
    cycle = load(store, folder, fields, register)
    assert queries.credibility_signs(store, cycle=cycle).empty
    assert unlikely_counts(queries.unlikely_answers(store, cycle=cycle), store.scheme(cycle)).empty
    assert queries.copied_groups(store, cycle=cycle).empty
